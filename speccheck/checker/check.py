"""The whole tool on one screen: load a spec, select a model, search it, judge it, and say what came out.

    check("die_hard.py", BIG=6)  ->  <Result DieHard[BIG=6]: ok, 6 distinct states, 37 generated, depth 3; not_solved HOLDS, deadlock HOLDS>
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

from speccheck.checker.findings import findings
from speccheck.checker.judge import NOT_YET, judge, mismatches, unexplored
from speccheck.checker.replay import Replay, with_trace
from speccheck.checker.result import ActionCount, Result
from speccheck.checker.symmetry import reduced
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget, Progress
from speccheck.engines.python.search import Failed
from speccheck.errors import BadUsage, NothingSelected, NothingToCheck, UnknownOverride, did_you_mean, raise_all
from speccheck.model.loading import load_class, load_module, raise_unconsumed
from speccheck.model.model import Model
from speccheck.model.select import model_of_class, models_of_file
from speccheck.source import Span


def load(path: str | os.PathLike[str], /, **constants: Any) -> ModuleType:
    """Return a spec's module, executed afresh with these constants. It lives apart from other loads and from `sys.modules`' public names."""
    loaded = load_module(os.fspath(path), constants)
    raise_unconsumed([loaded], constants)
    return loaded.module


def check(
    target: Any,
    /,
    *,
    spec: str | None = None,
    model: str | None = None,
    engine: str = "auto",
    symmetry: bool | None = None,
    budget: Budget = Budget(),
    progress: Callable[[Progress], None] | None = None,
    **constants: Any,
) -> Result:
    """Check one model and return what came out.

    `target` is a Spec class or the path of a module. Constants begin with a capital (`RM=7`) and make one model without expectations; `model` selects a `@model` line by a part of its name, with
    its options. A module with several specs needs `spec`. A verdict is never an exception; what the user must change is a SpeccheckError.
    """
    lower = [name for name in constants if not name[:1].isupper()]
    if lower:
        options = ("spec", "model", "engine", "symmetry", "budget", "progress")
        raise BadUsage(f"check() has no option '{lower[0]}'.{did_you_mean(lower[0], options)}")
    one = _selected(target, spec, model, constants)
    return check_model(one if symmetry is None else replace(one, symmetry=symmetry), engine=engine, budget=budget, progress=progress)


def check_model(
    model: Model,
    *,
    engine: str = "auto",
    budget: Budget = Budget(),
    progress: Callable[[Progress], None] | None = None,
    stop_first: bool = False,
    compare_counts: bool = True,
    keep_states: bool = True,
) -> Result:
    """Search one model and judge it. Raises SpeccheckError when a rule is misused, with the way to the state where it happened."""
    if not model.properties and model.expectation.distinct is None and model.expectation.depth is None:
        raise NothingToCheck(f"{model.name} has no property, no deadlock check and no expected count", span=Span(model.file, model.line))
    if model.processes:
        return _not_searched(model, NOT_YET["process"])
    machine = machine_of(reduced(model) if model.symmetry else model, "python" if engine == "auto" else engine)
    try:
        found = machine.explore(budget, progress, frozenset(model.expectation.violates) if stop_first else None)
    except Failed as failed:
        label = failed.misused.label
        raise with_trace(failed.misused.error, Replay(machine, failed.space), failed.number, label) from failed.__cause__
    replay = Replay(machine, found.space)
    properties = judge(model, found, replay)
    actions = {a.name: ActionCount(found.coverage.taken[n], found.coverage.new_states[n]) for n, a in enumerate(model.actions)}
    return Result(
        model, machine.name, 1, model.symmetry, properties, found.stopped is None, found.stopped, _covered(found), len(found.space), found.generated,
        found.dropped, found.space.depth, found.seconds, found.memory_bytes, actions, findings(model, found),
        tuple(mismatches(model, properties, found, replay, compare_counts)), _notes(model, found, compare_counts), found.interrupted,
        replay if keep_states else None,
    )  # fmt: skip


def _selected(target: Any, spec: str | None, model: str | None, constants: dict[str, Any]) -> Model:
    if not isinstance(target, str | os.PathLike):
        if model is not None:
            return _models(load_class(target, {}).file, constants, target.__name__, model)[0]
        if not constants and not sys.flags.optimize:  # python -O has removed the asserts of modules that it imported itself
            return model_of_class(target)
        loaded = load_class(target, constants)
        raise_unconsumed([loaded], constants)
        again = next(cls for cls in loaded.specs if cls.__qualname__ == target.__qualname__)
        return model_of_class(again, loaded)
    models = _models(os.fspath(target), constants, spec, model)
    specs = list(dict.fromkeys(m.spec.__name__ for m in models))
    if len(specs) > 1:
        raise NothingSelected(f"the module has several specs: {', '.join(specs)}", remedy=f"Say which: check(path, spec='{specs[0]}').")
    return models[0]


def _models(path: str, constants: dict[str, Any], spec: str | None, model: str | None) -> list[Model]:
    """Return the models that are selected; UnknownOverride for constants that none of them has."""
    models, consumed = models_of_file(path, constants, spec, model)
    unknown = [name for name in constants if name not in consumed]
    raise_all(UnknownOverride(f"no constant and no sort is named '{name}'.{did_you_mean(name, models[0].constants)}") for name in unknown)
    return models


def _not_searched(model: Model, reason: str) -> Result:
    return Result(model, "python", 1, False, unexplored(model, reason), False, reason, "nothing", 0, 0, 0, 0, 0.0, 0, {}, (), ())


def _covered(found: Any) -> str:
    expanded, seen = found.space.expanded, len(found.space)
    return f"{expanded:,} of {seen:,} known states expanded, {max(0, found.space.depth)} levels seen"


def _notes(model: Model, found: Any, compare_counts: bool) -> tuple[str, ...]:
    notes = []
    if model.constraints:
        names = ", ".join(c.name for c in model.constraints)
        notes.append(f"safety is checked within the constraint {names}, which dropped {found.dropped:,} states")
    if not compare_counts and (model.expectation.distinct is not None or model.expectation.depth is not None):
        notes.append("expected counts are not compared: an option changes what is counted or checked")
    return tuple(notes)
