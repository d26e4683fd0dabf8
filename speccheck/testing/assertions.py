"""`assert_holds`: a spec is checked within an ordinary test, and the story of what is violated is the message of the assertion.

It imports the checker when it is called: a test suite that never does pays nothing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from speccheck.checker.result import Result
    from speccheck.engines.machine import Budget
    from speccheck.model.model import Model


def assert_holds(
    target: Any,
    /,
    *,
    spec: str | None = None,
    model: str | None = None,
    property: str | None = None,
    violates: str | Iterable[str] | None = None,
    symmetry: bool | None = None,
    budget: "Budget | None" = None,
    **constants: Any,
) -> None:
    """Check a spec, and raise AssertionError with the whole story unless it is as it should be.

    `target` is a Spec class, which must hold as it is, or the path of a module, whose models (those that are not slow) must come out as their `@model` lines
    say; `spec` and `model` select some of them. Constants begin with a capital and make one model that must hold. `property` checks one property only,
    `violates` names those that must be VIOLATED, whatever a `@model` line says, while all others must hold. What is UNKNOWN because `budget` was used up does
    not hold. What the user must change is a SpeccheckError.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    from speccheck.checker.check import check_model
    from speccheck.engines.machine import Budget

    names = None if violates is None else (violates,) if isinstance(violates, str) else tuple(violates)
    models = [_asserted(one, property, names, symmetry) for one in _models(target, spec, model, constants)]
    changed = property is not None or symmetry is not None
    results = [check_model(one, budget=budget or Budget(), compare_counts=not changed, keep_states=False) for one in models]
    if any(result.interrupted for result in results):
        raise KeyboardInterrupt
    failed = [result for result in results if not result.as_expected]
    if failed:
        raise AssertionError(_story(failed))


def _models(target: Any, spec: str | None, model: str | None, constants: dict[str, Any]) -> "list[Model]":
    """The models that must come out as they should: all of a file, or the one that the arguments denote."""
    from speccheck.checker.run import is_tagged
    from speccheck.checker.target import models_of_target
    from speccheck.errors import NothingSelected

    found = models_of_target(target, spec, model, constants)
    kept = [one for one in found if model is not None or is_tagged(one, ())]
    if not kept:
        raise NothingSelected(f"all {len(found)} models are slow", remedy="Name one: assert_holds(path, model='...').")
    return kept


def _asserted(model: "Model", name: str | None, violates: tuple[str, ...] | None, symmetry: bool | None) -> "Model":
    """The model with what the assertion says about it."""
    from dataclasses import replace

    from speccheck.checker.run import RunOptions, with_options
    from speccheck.errors import NothingSelected, did_you_mean
    from speccheck.model.model import Expectation
    from speccheck.model.select import expectable

    known = expectable(model)
    for one in (*(violates or ()), *([] if name is None else [name])):
        if one not in known:
            raise NothingSelected(f"{model.name} has no property '{one}'.{did_you_mean(one, known)}", remedy=f"There are {', '.join(known)}.")
    if violates is not None:
        model = replace(model, expectation=Expectation(violates=violates))
    laid = with_options(model, RunOptions(property=name, symmetry=symmetry))
    if laid is None:
        raise NothingSelected(f"{model.name} does not check '{name}': its @model line leaves it out")
    return laid


def _story(results: "list[Result]") -> str:
    """What came out of the models that are not as they should be, as `speccheck run` shows it."""
    from speccheck.reports.text import result_lines
    from speccheck.trace.styled import EMPTY, plain_text

    first = "; ".join(why for result in results for why in _why(result))
    lines = [line for result in results for line in (EMPTY, *result_lines(result))]
    return f"{first}\n{plain_text(lines)}".rstrip("\n")


def _why(result: "Result") -> list[str]:
    """In a line each, what is not as it should be."""
    from speccheck.checker.result import Verdict

    unknown = [f"{one.name} is UNKNOWN: {one.reason}" for one in result.properties if one.verdict is Verdict.UNKNOWN and not one.as_expected]
    return [f"{result.model.name}: {why}" for why in (*result.mismatches, *unknown)]
