"""The pytest plugin: `pytest specs/` checks the models of the specs that it finds, one item for each model and property.

In: files that pytest comes across. Out: items::

    specs/dual_write.py::DualWrite[Instance=2]::converges

pytest loads this module at every start, whether there are specs or not, so it imports nothing of speccheck before the first spec is found.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from speccheck.testing.settings import add_options, are_given, run_options

if TYPE_CHECKING:
    from collections.abc import Generator

FOUND = pytest.StashKey[bool]()  # whether a spec was found
STORY = "speccheck_story"  # the attribute of a report that carries a story from an xdist worker


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that make no sense before anything is collected."""
    if are_given(config):
        run_options(config)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "Generator[None, Any, Any]":
    """Collect a file that defines specs as such, and not as the module of tests for which it may have been taken."""
    found = yield
    if file_path.suffix != ".py" or not _defines_specs(file_path):
        return found
    from speccheck.testing.collecting import SpecFile

    parent.config.stash[FOUND] = True
    others = [one for one in found if not isinstance(one, pytest.Module)]
    return [*others, SpecFile.from_parent(parent, path=file_path)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the models that are not to be checked, because of their tags."""
    if FOUND in config.stash:
        from speccheck.testing.collecting import leave_out, refuse_unconsumed

        refuse_unconsumed(config)
        leave_out(config, items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> "Generator[None, pytest.TestReport, pytest.TestReport]":
    """Put the story of a failure beside the report, as plain data: an xdist worker sends nothing else."""
    report = yield
    if _is_ours(item):
        if call.excinfo is not None and call.when == "setup" and report.failed:  # pytest asks an item only about what it runs itself
            report.longrepr = item.repr_failure(call.excinfo)
        elif report.skipped and isinstance(report.longrepr, tuple):  # the place is that of the claim, not that of the line that skips it
            path, line, _ = item.reportinfo()
            report.longrepr = (str(path), (line or 0) + 1, report.longrepr[2])
        as_data = getattr(report.longrepr, "as_data", None)
        if as_data is not None:
            setattr(report, STORY, as_data())
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Make a story again of what a worker has sent."""
    data = getattr(report, STORY, None)
    if data is not None and isinstance(report.longrepr, str):
        from speccheck.testing.stories import Story

        report.longrepr = Story.of_data(data)  # type: ignore[assignment]


def _is_ours(item: pytest.Item) -> bool:
    """Whether it is an item of a model; without importing what makes them."""
    return type(item).__module__ == "speccheck.testing.items"


def _defines_specs(path: Path) -> bool:
    """Whether a file defines specs and is no module of tests."""
    if path.name == "conftest.py":
        return False
    from speccheck.model.outline import mentions_speccheck, outline

    if not mentions_speccheck(str(path)):
        return False
    found = outline(str(path))
    return found is None or bool(found.specs and not found.tests)
