"""Why a lasso is a behavior of the spec: how its loop satisfies each fairness assumption, and what could end the stuttering."""

from collections.abc import Iterator
from typing import Any

from speccheck.checker.replay import Replay, Story
from speccheck.checker.result import Explained
from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import text
from speccheck.domains.ordering import natural_neutral
from speccheck.engines.machine import Lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.temporal import TemporalSearch
from speccheck.model.model import Model, Rule
from speccheck.temporal.assumptions import FairSet

MOST_LINES = 12


def explained(replay: Replay, temporal: TemporalSearch, graph: StepGraph, lasso: Lasso, story: Story) -> tuple[Explained, ...]:
    """Return a line for each fairness assumption, and for a lasso that stutters one for each action that could go on but need not."""
    lines = [
        Explained(0, _named(one), _reason(lasso, graph, one, signal), one.span)
        for one, signal in zip(temporal.vocabulary.assumptions, temporal.vocabulary.assumption_signals)
    ]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], Explained(0, "...", f"and {len(lines) - MOST_LINES} assumptions more", None)]
    if not lasso.loop:
        lines += _could_go_on(replay, temporal, story)
    return tuple(lines)


def _named(one: FairSet) -> str:
    binding = ", ".join(f"{name}={text(natural_neutral(value))}" for name, value in one.binding)
    return f"{one.strength} fairness of {one.name}({binding})" if binding else f"{one.strength} fairness of {one.name}"


def _reason(lasso: Lasso, graph: StepGraph, one: FairSet, signal: int) -> str:
    if not lasso.loop:
        return "not enabled where it stutters"
    first = len(lasso.prefix)  # the number of the first step of the loop
    around = (lasso.prefix[-1], *lasso.loop)
    for k, (source, target) in enumerate(zip(around, around[1:])):
        if dict(graph.steps(source))[target] >> signal & 1:
            return f"taken in step {first + k}"
    off = [k for k, state in enumerate(around[:-1]) if not graph.enabled[state] >> signal & 1]
    if len(off) == len(around) - 1:
        return "nowhere enabled in the loop"
    return f"not enabled in state {first - 1 + off[0]}"


def _could_go_on(replay: Replay, temporal: TemporalSearch, story: Story) -> Iterator[Explained]:
    """Yield the actions that are possible in the last state; none of them is fair, or the behavior could not stutter there."""
    state = story.states[-1]
    with entered(replay.stepper.evaluation):
        possible: dict[int, list[Any]] = {}
        for step in replay.stepper.steps(state):
            if step.target != state:
                possible.setdefault(step.action, []).append(step.binding)
    if not possible:
        yield Explained(0, "nothing else", "no action is possible in the last state", None)
    for number in possible:
        rule = replay.model.actions[number]
        yield Explained(0, rule.name, f"is possible, but nothing says that it must happen; if it must: {_fair(replay.model, rule)}", rule.span)


def _fair(model: Model, rule: Rule) -> str:
    """Return what one writes to make an action fair."""
    process = next((one for one in model.processes if rule.name in one.steps), None)
    if process is None:
        per = f', per="{rule.parameters[0].name}"' if rule.parameters else ""
        return f'@action(fairness="weak"{per})'
    fair = any(one.name == process.name for one in model.assumptions)
    label = rule.name.removeprefix(f"{process.name}.")
    return f'yield "{label}" without unfair(...)' if fair else '@process(fairness="weak")'
