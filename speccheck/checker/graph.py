"""The state graph of a result, as plain data for views and as a networkx graph for the user.

In: a Result that still knows its states. Out: a StateGraph with every state, every step between kept states, and the first violation's trace to be highlighted.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from speccheck.checker.result import Result, Verdict
from speccheck.domains.neutral import Value, text
from speccheck.engines.machine import Label
from speccheck.errors import BadUsage
from speccheck.model.model import Rule
from speccheck.space.space import Packed, StateSpace
from speccheck.space.views.graph import GraphState, GraphStep, StateGraph, multigraph
from speccheck.trace.trace import Step, Trace

if TYPE_CHECKING:
    import networkx

    from speccheck.checker.replay import Replay


def graph_of(result: Result) -> "networkx.MultiDiGraph[int]":
    """Return the state graph for networkx; BadUsage where the result does not know its states, or only representatives of them."""
    return multigraph(state_graph(result))


def state_graph(result: Result) -> StateGraph:
    """Return the state graph as plain data. Expands every state once more; states that the search did not expand have no steps."""
    replay: Replay | None = result.replay
    if replay is None:
        raise BadUsage(f"the result of {result.model.name} does not know its states", remedy="Use the result of check(...).")
    if result.symmetry:
        raise BadUsage("a search reduced by symmetry knows one state of each orbit, which is no state graph", remedy="Check without symmetry.")
    space = _space(replay)
    neutral = [replay.neutral_state(packed) for packed in space.states]
    states = [
        GraphState(number, space.level_of(number), space.parents[number] < 0, {name: text(value) for name, value in state.items()})
        for number, state in enumerate(neutral)
    ]
    highlighted, labels = _highlighted(result, neutral)
    return StateGraph(tuple(states), tuple(_steps(replay, space)), highlighted, labels, result.model.name)


def _space(replay: "Replay") -> StateSpace:
    """Return the space with all of its states."""

    def targets(state: Packed) -> list[Packed]:
        return [step.target for step in replay.machine.expand([state])[0] if step.target is not None]

    return replay.space.enumerated(targets)


def _steps(replay: "Replay", space: StateSpace) -> list[GraphStep]:
    """All completed steps out of expanded states; those that lead out of the kept states are left out, and so are repetitions that differ in choices only."""
    numbers: dict[Any, int] = {packed: number for number, packed in enumerate(space.states)}
    expanded = [space.states[number] for number in range(space.expanded)]
    found: dict[GraphStep, None] = {}
    for source, steps in enumerate(replay.machine.expand(expanded)):
        for step in steps:
            if step.target in numbers:
                rule = replay.model.actions[step.label.action]
                found[GraphStep(source, numbers[step.target], rule.name, _call(rule, step.label))] = None
    return list(found)


def _call(rule: Rule, label: Label) -> str:
    return Step(rule.name, tuple((p.name, p.domain.neutral(value)) for p, value in zip(rule.parameters, label.parameters, strict=True))).label


def _highlighted(result: Result, neutral: list[Mapping[str, Value]]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    trace = next((one.trace for one in result.properties if one.verdict is Verdict.VIOLATED and one.trace is not None), None)
    if trace is None:
        return (), ()
    numbers = {tuple(state.values()): number for number, state in enumerate(neutral)}
    return _path(trace, numbers), tuple(step.label for step in trace.steps)


def _path(trace: Trace, numbers: dict[tuple[Value, ...], int]) -> tuple[int, ...]:
    """The numbers of the trace's states, up to one that the space does not hold (a dropped one)."""
    path = []
    for state in trace.states:
        number = numbers.get(tuple(state.values()))
        if number is None:
            break
        path.append(number)
    return tuple(path)
