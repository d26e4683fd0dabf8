"""A state graph in Graphviz' language.

In: a StateGraph. Out: the text of a .dot file: a box for each state with its variables, one arrow for the steps between two states, the trace in red.
Steps that change nothing are left out, unless the trace takes them: they are always possible and only hide the others.
"""

import graphviz

from speccheck.space.views.graph import GraphState, StateGraph

RED = "#c62828"
GREY = "#757575"


def view(graph: StateGraph) -> bytes:
    """Return the .dot file."""
    source: str = digraph(graph).source
    return source.encode()


def digraph(graph: StateGraph) -> graphviz.Digraph:
    """Return the graph as the graphviz package knows it."""
    made = graphviz.Digraph("states", comment=graph.title.replace("\n", " "))
    made.attr("graph", label=_escaped(graph.title), labelloc="t", fontname="Helvetica", rankdir="TB")
    made.attr("node", shape="box", style="rounded,filled", fillcolor="white", fontname="Courier", fontsize="10")
    made.attr("edge", fontname="Helvetica", fontsize="9", color=GREY)
    path = set(graph.highlighted)
    for one in graph.states:
        made.node(str(one.number), **_box(one, one.number in path))
    levels = {one.number: one.level for one in graph.states}
    for (source, target, highlighted), labels in _arrows(graph).items():
        deeper = levels[target] > levels[source]
        made.edge(str(source), str(target), **_arrow(labels, highlighted, deeper))
    return made


def _box(one: GraphState, highlighted: bool) -> dict[str, str]:
    # "\l" ends a line that is flush left.
    lines = [f"state {one.number}", *(f"{name} = {value}" for name, value in one.state.items())]
    attributes = {"label": "".join(_escaped(text) + r"\l" for text in lines), "tooltip": f"state {one.number}"}
    if one.initial:
        attributes["fillcolor"] = "#e3f2fd"
        attributes["penwidth"] = "2"
    if highlighted:
        attributes["color"] = RED
        attributes["penwidth"] = "2"
    return attributes


def _arrows(graph: StateGraph) -> dict[tuple[int, int, bool], list[str]]:
    """The steps between two states together, those of the trace apart."""
    found: dict[tuple[int, int, bool], list[str]] = {}
    taken = graph.taken()
    for step in graph.steps:
        highlighted = step in taken
        if highlighted or step.source != step.target:
            found.setdefault((step.source, step.target, highlighted), []).append(step.label)
    return found


def _arrow(labels: list[str], highlighted: bool, deeper: bool) -> dict[str, str]:
    attributes = {"label": r"\n".join(map(_escaped, labels))}
    if not deeper:
        attributes["constraint"] = "false"  # so that the rows of the picture are the levels of the search
    if highlighted:
        attributes.update(color=RED, fontcolor=RED, penwidth="2")
    return attributes


def _escaped(text: str) -> str:
    """Return the text as a label that shows it literally."""
    escaped: str = graphviz.escape(text)
    return escaped
