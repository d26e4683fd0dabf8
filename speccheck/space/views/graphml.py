"""A state graph as GraphML, which yEd, Gephi and Cytoscape read.

In: a StateGraph. Out: the bytes of an XML file; each variable is an attribute of its own, `var_x`, since GraphML knows scalars only.
"""

import re

import networkx

from speccheck.space.views.graph import StateGraph

FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that XML 1.0 cannot hold


def view(graph: StateGraph) -> bytes:
    """Return the .graphml file."""
    made: networkx.MultiDiGraph[int] = networkx.MultiDiGraph()
    path, taken = set(graph.highlighted), graph.taken()
    for one in graph.states:
        variables = {f"var_{name}": _clean(value) for name, value in one.state.items()}
        made.add_node(one.number, level=one.level, initial=one.initial, highlighted=one.number in path, **variables)
    for step in graph.steps:
        made.add_edge(step.source, step.target, action=step.action, label=_clean(step.label), highlighted=step in taken)
    return ("\n".join(networkx.generate_graphml(made)) + "\n").encode()


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
