"""StateGraph: the states and steps of a space as plain data, for pictures and for other tools.

In: numbers, texts and names. Out: what every view reads, cut to a size that can be drawn, or as a networkx graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True)
class GraphState:
    """A state: its number, its level (initial ones are on level 1), and its variables as text."""

    number: int
    level: int
    initial: bool
    state: Mapping[str, str]


@dataclass(frozen=True)
class GraphStep:
    """A step between two states: the action and the whole call, `write_x(i=Instance0)`."""

    source: int
    target: int
    action: str
    label: str


@dataclass(frozen=True)
class StateGraph:
    """States by number, the steps between them in order, and the trace to be highlighted: the numbers of its states and the labels of its steps."""

    states: tuple[GraphState, ...]
    steps: tuple[GraphStep, ...]
    highlighted: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    title: str = ""

    def taken(self) -> set[GraphStep]:
        """Return the steps that the highlighted trace takes."""
        calls = set(zip(self.highlighted, self.highlighted[1:], self.labels, strict=False))
        return {step for step in self.steps if (step.source, step.target, step.label) in calls}


def cut(graph: StateGraph, most: int) -> StateGraph:
    """Return the graph with at most so many states: the first ones in breadth-first order, but all of the highlighted trace."""
    if len(graph.states) <= most:
        return graph
    path = dict.fromkeys(graph.highlighted)
    others = [one.number for one in graph.states if one.number not in path]
    kept = set(path) | set(others[: max(0, most - len(path))])
    return replace(
        graph,
        states=tuple(one for one in graph.states if one.number in kept),
        steps=tuple(step for step in graph.steps if step.source in kept and step.target in kept),
    )


def multigraph(graph: StateGraph) -> "networkx.MultiDiGraph[int]":
    """Return the graph for networkx: nodes are state numbers with `state`, `level` and `initial`, edges have `action` and `label`."""
    import networkx

    made: networkx.MultiDiGraph[int] = networkx.MultiDiGraph()
    for one in graph.states:
        made.add_node(one.number, state=dict(one.state), level=one.level, initial=one.initial)
    for step in graph.steps:
        made.add_edge(step.source, step.target, action=step.action, label=step.label)
    return made
