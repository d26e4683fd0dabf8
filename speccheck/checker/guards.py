"""Why nothing is possible in a state: for each action the first guard that is false, grouped by line."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from speccheck.checker.replay import Replay
from speccheck.checker.result import Explained
from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.neutral import text
from speccheck.domains.parts import OutsideDomain
from speccheck.model.model import Rule
from speccheck.model.places import place_of
from speccheck.source import Span, source_line
from speccheck.space.space import Packed

T = TypeVar("T")

MOST_LINES = 12


def failed_guards(replay: Replay, state: Packed) -> tuple[Explained, ...]:
    """Return a line for each guard that disables an action in the state, with the parameters for which it does."""
    rows: dict[tuple[str, Span | None], list[str]] = {}
    stepper = replay.stepper
    with entered(stepper.evaluation):
        for rule in replay.model.actions:
            for binding in rule.bindings():
                place = false_guard(stepper, rule, binding, state)
                shown = ", ".join(f"{p.name}={text(p.domain.neutral(v))}" for p, v in zip(rule.parameters, binding))
                rows.setdefault((rule.name, place), []).append(shown)
    lines = [
        Explained(0, action, _guard_text(place, bindings), place)
        for (action, place), bindings in rows.items()
    ]  # fmt: skip
    return tuple(lines[:MOST_LINES])


def _guard_text(place: Span | None, bindings: list[str]) -> str:
    guard = source_line(place.file, place.line).strip() if place else "disabled"
    for_which = "; ".join(b for b in bindings[:4] if b) + ("; ..." if len(bindings) > 4 else "")
    return f"disabled at `{guard}`" + (f" for {for_which}" if for_which else "")


def false_guard(stepper: Any, rule: Rule, binding: tuple[Any, ...], state: Packed) -> Span | None:
    """Return the first guard that disables an action in a state; None where there is none. Call inside an evaluation."""
    return disabled(stepper, rule, binding, state, place_of, lambda choices: True)


def disabled(
    stepper: Any, rule: Rule, binding: tuple[Any, ...], state: Packed, told: Callable[[Disabled], T], concerned: Callable[[tuple[Any, ...]], bool]
) -> T | None:
    """Return what is told about how an action is disabled in a state, in the first run whose choices, as far as they were made, are concerned; None where there
    is no such run. The state is still as the run left it when it is told. Call inside an evaluation.
    """
    live, evaluation = stepper.source, stepper.evaluation
    live.load(state)
    live.journal.record()
    evaluation.mode = "action"
    try:
        return next((told(how) for how in _disabled_runs(stepper, rule, binding) if concerned(evaluation.choices())), None)
    finally:
        live.undo()
        live.journal.refuse()
        evaluation.stack.clear()


def _disabled_runs(stepper: Any, rule: Rule, binding: tuple[Any, ...]) -> Iterator[Disabled]:
    """Yield what disabled each run of an action that ends so, one run for each sequence of choices."""
    live, evaluation = stepper.source, stepper.evaluation
    more = True
    while more:
        evaluation.start()
        try:
            rule.function(live.state, *binding)
        except Disabled as how:
            yield how
        except (Exception, OutsideDomain, SystemExit):
            pass
        finally:
            live.undo()
        more = evaluation.advance()
