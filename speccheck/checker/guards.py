"""Why nothing is possible in a state: for each action the first guard that is false, grouped by line."""

from typing import Any

from speccheck.checker.replay import Replay
from speccheck.checker.result import Explained
from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.neutral import text
from speccheck.domains.parts import OutsideDomain
from speccheck.model.model import Rule
from speccheck.model.places import place_of
from speccheck.source import Span, source_line
from speccheck.space.space import Packed

MOST_LINES = 12


def failed_guards(replay: Replay, state: Packed) -> tuple[Explained, ...]:
    """Return a line for each guard that disables an action in the state, with the parameters for which it does."""
    rows: dict[tuple[str, Span | None], list[str]] = {}
    stepper = replay.stepper
    with entered(stepper.evaluation):
        for rule in replay.model.actions:
            for binding in rule.bindings():
                place = _false_guard(stepper, rule, binding, state)
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


def _false_guard(stepper: Any, rule: Rule, binding: tuple[Any, ...], state: Packed) -> Span | None:
    live, evaluation = stepper.source, stepper.evaluation
    live.load(state)
    live.journal.record()
    evaluation.mode = "action"
    evaluation.start()
    try:
        rule.function(live.state, *binding)
    except Disabled as disabled:
        return place_of(disabled)
    except (Exception, OutsideDomain, SystemExit):
        return None
    finally:
        live.undo()
        live.journal.refuse()
        evaluation.stack.clear()
    return None
