"""The whole tool on one screen: select a model, search it, judge it, and say what came out.

check("die_hard.py", BIG=6)  ->  <Result DieHard[BIG=6]: ok, 6 distinct states, 37 generated, depth 3; not_solved HOLDS, deadlock HOLDS>
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from speccheck.checker.acceptance import accepted
from speccheck.checker.findings import findings
from speccheck.checker.judge import judge, miscounts, mismatches
from speccheck.checker.result import Result, action_counts
from speccheck.checker.search import Searched, search
from speccheck.checker.target import model_of_target
from speccheck.checker.wording import counted
from speccheck.engines.machine import Budget, Progress
from speccheck.errors import NothingToCheck
from speccheck.model.model import Model
from speccheck.source import Span


def check(
    target: Any,
    /,
    *,
    spec: str | None = None,
    model: str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    symmetry: bool | None = None,
    budget: Budget = Budget(),
    progress: Callable[[Progress], None] | None = None,
    **constants: Any,
) -> Result:
    """Check one model and return what came out.

    `target` is a Spec class or the path of a module. Constants begin with a capital (`RM=7`) and make one model without expectations; `model` selects a
    `@model` line by a part of its name, with its options. A module with several specs needs `spec`. A verdict is never an exception; what the user must change
    is a SpeccheckError.
    """
    one = model_of_target(target, spec, model, constants)
    return check_model(one if symmetry is None else replace(one, symmetry=symmetry), engine=engine, workers=workers, budget=budget, progress=progress)


def check_model(
    model: Model,
    *,
    engine: str = "auto",
    workers: int | None = None,
    budget: Budget = Budget(),
    progress: Callable[[Progress], None] | None = None,
    stop_first: bool = False,
    compare_counts: bool = True,
    keep_states: bool = True,
) -> Result:
    """Search one model and judge it. Raises SpeccheckError when a rule is misused, with the way to the state where it happened."""
    raise_nothing_to_check(model)
    searched = search(model, engine, workers, budget, progress, frozenset(model.expectation.violates) if stop_first else None)
    found, properties = searched.found, judge(model, searched)
    wrong_counts = miscounts(model, found) if compare_counts else None
    return Result(
        model=model,
        engine=searched.engine,
        workers=searched.workers,
        symmetry=model.symmetry,
        properties=properties,
        complete=found.stopped is None,
        stopped=found.stopped or searched.liveness.stopped,
        covered=f"{found.space.expanded:,} of {len(found.space):,} known states expanded, {found.space.depth} levels seen",
        distinct=len(found.space),
        generated=found.generated,
        dropped=found.dropped,
        depth=found.space.depth,
        seconds=found.seconds + searched.liveness.seconds,
        memory_bytes=found.memory_bytes,
        actions=action_counts(model, found.coverage),
        findings=accepted(findings(model, searched), model.acceptances),
        mismatches=(*mismatches(model, properties), *(wrong_counts or ())),
        miscounts=wrong_counts,
        notes=tuple(_notes(model, searched, compare_counts)),
        interrupted=found.interrupted or searched.liveness.found.interrupted or searched.liveness.stopped == "interrupted",
        replay=searched.replay if keep_states else None,
    )


def raise_nothing_to_check(model: Model) -> None:
    """Raise NothingToCheck for a model that can neither pass nor fail."""
    if not model.properties and model.expectation.distinct is None and model.expectation.depth is None:
        raise NothingToCheck(f"{model.name} has no property, no deadlock check and no expected count", span=Span(model.file, model.line))


def _notes(model: Model, searched: Searched, compare_counts: bool) -> list[str]:
    notes = [] if searched.note is None else [searched.note]
    if model.constraints:
        names = ", ".join(c.name for c in model.constraints)
        notes.append(f"safety is checked within the constraint {names}, which dropped {counted(searched.found.dropped, 'state')}")
    if searched.liveness.found is not searched.found:
        full = searched.liveness.found
        notes.append(f"temporal properties are checked without reduction: {len(full.space):,} distinct states, {full.generated:,} generated")
    if not compare_counts and (model.expectation.distinct is not None or model.expectation.depth is not None):
        notes.append("expected counts are not compared: an option changes what is counted or checked")
    return notes
