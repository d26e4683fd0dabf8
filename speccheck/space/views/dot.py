"""A state graph in Graphviz' language.

In: a StateGraph. Out: the text of a .dot file: a box for each state with its variables, an arrow for each step, the
highlighted trace in red.
"""

import graphviz

from speccheck.space.views.graph import GraphState, GraphStep, StateGraph

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
    for step in graph.steps:
        highlighted = graph.on_path(step)
        made.edge(str(step.source), str(step.target), **_arrow(step, highlighted))
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


def _arrow(step: GraphStep, highlighted: bool) -> dict[str, str]:
    attributes = {"label": _escaped(step.label)}
    if highlighted:
        attributes.update(color=RED, fontcolor=RED, penwidth="2")
    return attributes


def _escaped(text: str) -> str:
    """Return the text as a label that shows it literally."""
    escaped: str = graphviz.escape(text)
    return escaped
