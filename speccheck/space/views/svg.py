"""A state graph as SVG, drawn by Graphviz' program `dot`.

In: a StateGraph. Out: the bytes of the picture.
"""

from speccheck.space.views.drawing import drawn
from speccheck.space.views.graph import StateGraph


def view(graph: StateGraph) -> bytes:
    """Return the picture; MissingProgram where `dot` is not installed."""
    return drawn(graph, "svg")
