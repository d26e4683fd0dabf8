"""Searching one model: safety on the engine's exploration, liveness on its recorded steps.

Under symmetry temporal properties are checked on a second, full exploration (semantics 7.1).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from speccheck.checker.auto import automatic
from speccheck.checker.replay import Replay, with_trace
from speccheck.checker.symmetry import reduced
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget, Exploration, Failed, Misused, Progress, Refuted, Unfinished
from speccheck.errors import NoInitialState, SpeccheckError
from speccheck.model.model import Model


@dataclass(frozen=True)
class Liveness:
    """The violated temporal properties, and the exploration that they were found on; `stopped` says why the search for lassos ended early."""

    refuted: Mapping[str, Refuted]
    found: Exploration
    replay: Replay
    stopped: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Searched:
    """What a search of one model gave: what was found, and who tells its stories. `sampled` says in words what was done instead of a search: random runs."""

    engine: str
    workers: int
    found: Exploration
    replay: Replay
    liveness: Liveness
    sampled: str | None = None
    note: str | None = None  # why the rules were not compiled although they might have been


def search(
    model: Model, engine: str, workers: int | None, budget: Budget, progress: Callable[[Progress], None] | None, expected: frozenset[str] | None
) -> Searched:
    """Search a model. Raises SpeccheckError when a rule is misused, with the way to the state where it happened."""
    machine, found, note = _found(model, engine, workers, budget, progress, expected)
    name = machine.name
    if not found.generated and not found.violations and found.stopped is None:
        what = "of what its processes do before their first labels" if model.processes else "of its @init"
        raise NoInitialState(f"{model.name} has no initial state: no evaluation {what} completes", span=model.init.span if model.init else None)
    replay = Replay(machine, found.space)
    if not machine.has_liveness:
        return Searched(name, machine.workers, found, replay, Liveness({}, found, replay), note=note)
    full, found_full = machine, found
    if model.symmetry:
        full, found_full, later = _found(replace(model, symmetry=False), engine, workers, budget, progress, expected)
        note = note or later
    return Searched(name, machine.workers, found, replay, _liveness(full, found_full, budget.rule_seconds), note=note)


def _found(
    model: Model, engine: str, workers: int | None, budget: Budget, progress: Callable[[Progress], None] | None, expected: frozenset[str] | None
) -> tuple[Any, Exploration, str | None]:
    """Return the machine that searched a model, what it found, and why its rules were not compiled although they might have been."""
    if engine == "auto":
        return automatic(loaded(model, "python"), workers, budget, progress, expected)
    machine = loaded(model, engine, workers)
    return machine, explored(machine, budget, progress, expected), None


def loaded(model: Model, engine: str, workers: int | None = None) -> Any:
    """Return the model in an engine, reduced by symmetry where that was asked for. Raises SpeccheckError if that is unsound or a formula cannot be built."""
    return _machine(reduced(model) if model.symmetry else model, engine, workers)


def _machine(model: Model, engine: str, workers: int | None) -> Any:
    try:
        return machine_of(model, engine, workers)
    except Misused as misused:  # a formula that cannot be built
        raise misused.error from misused.__cause__


def explored(machine: Any, budget: Budget, progress: Callable[[Progress], None] | None, expected: frozenset[str] | None) -> Exploration:
    """Return what an engine finds. Raises SpeccheckError when a rule is misused, with the way to the state where it happened."""
    try:
        found: Exploration = machine.explore(budget, progress, expected)
    except Failed as failed:
        raise with_trace(failed.misused.error, Replay(machine, failed.space), failed.number, failed.misused.label) from failed.__cause__
    return found


def _liveness(machine: Any, found: Exploration, rule_seconds: float) -> Liveness:
    replay, started = Replay(machine, found.space), time.monotonic()
    try:
        return Liveness(machine.find_lassos(found, rule_seconds), found, replay, seconds=time.monotonic() - started)
    except KeyboardInterrupt:
        machine.stepper.reset()
        return Liveness({}, found, replay, "interrupted")
    except Unfinished as cut:
        return Liveness(cut.refuted, found, replay, cut.reason, seconds=time.monotonic() - started)
    except Misused as misused:
        error: SpeccheckError = misused.error
        machine.stepper.reset()
        number = found.space.states.index(misused.state) if misused.state is not None else -1
        raise with_trace(error, replay, number, None) from misused
