"""Several files, many models: what `speccheck run` does, without the terminal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from speccheck.checker.result import Result
from speccheck.engines.machine import Budget, Progress
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model


@dataclass(frozen=True)
class RunOptions:
    """What the command line selects and limits. `defines` are the texts of `-D NAME=VALUE`; `symmetry` None leaves it to each model."""

    defines: Mapping[str, str] = field(default_factory=dict)
    spec: str | None = None
    model: str | None = None
    property: str | None = None
    engine: str = "auto"
    workers: int | None = None
    symmetry: bool | None = None
    deadlock: bool = True
    stop_first: bool = False
    budget: Budget = field(default_factory=Budget)
    allow_incomplete: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Observer:
    """Who is told what happens, as it happens."""

    started: Callable[[Model], None] = lambda model: None
    progressed: Callable[[Model, Progress], None] = lambda model, progress: None
    finished: Callable[[Result], None] = lambda result: None
    failed: Callable[[SpeccheckError], None] = lambda error: None


@dataclass(frozen=True)
class Report:
    """What came out of a run: one result per model, the errors, and the exit code that they add up to."""

    results: tuple[Result, ...]
    errors: tuple[SpeccheckError, ...]
    exit_code: int


def run(paths: tuple[str, ...], options: RunOptions, observer: Observer = Observer()) -> Report:
    """Check every selected model of every file below the paths."""
    raise NotImplementedError  # being written
