"""What pytest's options say about specs. `run_options` is the one place that knows where a setting comes from."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from speccheck.checker.run import RunOptions

PREFIX = "--speccheck"


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the plugin; they mean what those of `speccheck run` mean."""
    group = parser.getgroup("speccheck", "specs that speccheck checks")
    group.addoption(f"{PREFIX}-max-states", type=_quantity("count"), metavar="N", help="end the search of each model after N distinct states")
    group.addoption(f"{PREFIX}-timeout", type=_quantity("seconds"), metavar="SECONDS", help="end the search of each model after this time")
    group.addoption(f"{PREFIX}-max-memory", type=_quantity("size"), metavar="SIZE", help="end a search at this size: 500MB, 2GiB")
    group.addoption(f"{PREFIX}-strict", action="store_true", default=None, help="a finding fails the model's item no-findings")
    group.addoption(f"{PREFIX}-allow-incomplete", action="store_true", default=None, help="skip what a limit left UNKNOWN instead of failing it")
    group.addoption(
        f"{PREFIX}-symmetry", dest="speccheck_symmetry", action="store_true", default=None, help="treat members of symmetric sorts as interchangeable"
    )
    group.addoption(f"{PREFIX}-no-symmetry", dest="speccheck_symmetry", action="store_false", default=None, help="do not, whatever a model says")
    group.addoption(f"{PREFIX}-engine", metavar="NAME", help="who runs the rules: auto (the default), python ...")
    group.addoption(
        f"{PREFIX}-tags", type=_quantity("names"), metavar="TAG,...", help="check the models with these tags: slow, all; without it all that are not slow"
    )
    group.addoption(
        f"{PREFIX}-define",
        type=_quantity("define"),
        action="append",
        metavar="NAME=VALUE",
        help="give a constant or a sort size another value; each spec that has it is then one model without expectations",
    )


def are_given(config: pytest.Config) -> bool:
    """Return whether any option of the plugin is given; without importing anything."""
    return any(value is not None for name, value in vars(config.option).items() if name.startswith("speccheck_"))


def run_options(config: pytest.Config) -> "RunOptions":
    """Return what is asked for. Raises pytest.UsageError for what makes no sense."""
    from speccheck.checker.quantities import defines_of
    from speccheck.checker.run import RunOptions
    from speccheck.engines import ENGINES
    from speccheck.engines.machine import Budget

    engine = config.getoption("speccheck_engine") or "auto"
    if engine not in ("auto", *ENGINES):
        raise pytest.UsageError(f"{PREFIX}-engine: there is no engine '{engine}'; there are auto, {', '.join(ENGINES)}")
    try:
        defines = defines_of(tuple(config.getoption("speccheck_define") or ()))
    except ValueError as error:
        raise pytest.UsageError(f"{PREFIX}-define: {error}") from None
    return RunOptions(
        defines=defines,
        engine=engine,
        symmetry=config.getoption("speccheck_symmetry"),
        budget=Budget(
            states=config.getoption("speccheck_max_states"), seconds=config.getoption("speccheck_timeout"), memory=config.getoption("speccheck_max_memory")
        ),
        allow_incomplete=bool(config.getoption("speccheck_allow_incomplete")),
        strict=bool(config.getoption("speccheck_strict")),
        tags=config.getoption("speccheck_tags") or (),
    )


def _quantity(name: str) -> Callable[[str], Any]:
    """Return what reads the text of an option; the checker is imported only if there is one to be read."""

    def read(text: str) -> Any:
        from speccheck.checker import quantities

        try:
            return getattr(quantities, name)(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return read
