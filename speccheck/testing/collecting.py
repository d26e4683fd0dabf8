"""Collecting: a file that defines specs, its models, and their items; which of them are left out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from speccheck.checker.check import raise_nothing_to_check
from speccheck.checker.run import ALL, SLOW, RunOptions, is_tagged
from speccheck.domains.overrides import Text
from speccheck.errors import NoSpec, SpeccheckError, UnknownOverride, did_you_mean, raise_all
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from speccheck.reports.errors import error_lines
from speccheck.testing.items import ModelItem, items_of
from speccheck.testing.model_check import ModelCheck
from speccheck.testing.settings import PREFIX, run_options
from speccheck.testing.stories import Crash, Story

# Marks that do something to an item: a tag of such a name stays a tag.
EFFECTIVE = {"filterwarnings", "parametrize", "skip", "skipif", "tryfirst", "trylast", "usefixtures", "xdist_group", "xfail"}


class Session:
    """What the collection of a session adds up to: which constants were given a value, and which there are."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self.consumed: set[str] = set()
        self.known: set[str] = set()
        self.broken = False  # whether some spec could not be loaded, so that nobody knows what it has


SESSION = pytest.StashKey[Session]()


def session_of(config: pytest.Config) -> Session:
    """Return what belongs to this run of pytest; the options are read once."""
    if SESSION not in config.stash:
        config.stash[SESSION] = Session(run_options(config))
    return config.stash[SESSION]


class SpecFile(pytest.File):
    """A module that defines specs."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield the items of its models. A model has a collector of its own where pytest can find its items by their names: what follows a bracket is one name
        for it.
        """
        for model in self._models():
            check = ModelCheck(model, session_of(self.config).options)
            if "[" not in model.name or any(argument.endswith(f"::{model.name}") for argument in self.config.args):
                yield ModelCollector.from_parent(self, name=model.name, check=check)
            else:
                yield from marked(check, self, f"{model.name}::")

    def _models(self) -> list[Model]:
        session = session_of(self.config)
        overrides = {name: Text(text) for name, text in session.options.defines.items()}
        try:
            models, consumed = models_of_file(str(self.path), overrides)
        except NoSpec:  # abstract ones
            return []
        except SpeccheckError:
            session.broken = True
            raise
        session.consumed |= consumed
        session.known |= {name for model in models for name in model.constants}
        raise_all(_errors(models))
        symmetry = session.options.symmetry
        return models if symmetry is None else [replace(model, symmetry=symmetry) for model in models]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message of the catalogue for what is wrong with the spec; everything else is shown by pytest."""
        error = excinfo.value
        if not isinstance(error, SpeccheckError):
            return super().repr_failure(excinfo)
        first = error.errors[0]
        place = first.span.line if first.span is not None else 0
        return Story(error_lines(error), Crash(str(self.path), place, f"{first.code} {first.message.splitlines()[0]}"))


class ModelCollector(pytest.Collector):
    """A model of a spec."""

    def __init__(self, *, check: ModelCheck, **others: Any) -> None:
        super().__init__(**others)
        self.check = check

    def collect(self) -> Iterator[ModelItem]:
        """Yield the items of the model."""
        yield from marked(self.check, self, "")


def marked(check: ModelCheck, parent: pytest.Collector, prefix: str) -> Iterator[ModelItem]:
    """Yield the items of a model with its tags as marks; one more keeps them together on one worker of xdist."""
    tags = [tag for tag in check.model.tags if tag not in EFFECTIVE and not tag.startswith("_")]
    for tag in tags:
        parent.config.addinivalue_line("markers", f"{tag}: models with the tag '{tag}' (speccheck)")
    group = f"{check.model.spec.__name__}-{sha256(f'{parent.nodeid}::{check.model.name}'.encode()).hexdigest()[:8]}"
    for item in items_of(check, parent, prefix):
        for tag in tags:
            item.add_marker(tag)
        if parent.config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(name=group))
        yield item


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the items of models whose tags are not asked for: by option, by `-m`, or by name."""
    tags = session_of(config).options.tags
    if not tags and re.search(rf"\b{SLOW}\b", config.getoption("markexpr", "") or ""):
        tags = (ALL,)  # the expression says which
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        wanted = not isinstance(item, ModelItem) or is_tagged(item.check.model, tags) or _is_named(config, item)
        (kept if wanted else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def refuse_unconsumed(config: pytest.Config) -> None:
    """Raise pytest.UsageError for a constant that no collected spec has."""
    session = session_of(config)
    for name in session.options.defines:
        if name not in session.consumed and not session.broken:
            error = UnknownOverride(f"{PREFIX}-define {name}: no collected spec has a constant or sort of this name.{did_you_mean(name, session.known)}")
            raise pytest.UsageError(f"{error.code} {error.message}")


def _errors(models: list[Model]) -> Iterator[SpeccheckError]:
    for model in models:
        try:
            raise_nothing_to_check(model)
        except SpeccheckError as error:
            yield error


def _is_named(config: pytest.Config, item: ModelItem) -> bool:
    """Whether an argument names the item's model, or the item."""
    model = item.check.model
    names = [argument.partition("::")[2] for argument in config.args]
    return any(name in (model.name, model.spec.__name__) or name.startswith(f"{model.name}::") for name in names)
