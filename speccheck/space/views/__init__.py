"""Pictures and files of a state graph: names and values only, nothing of the engine.

`VIEWS` is the table from the ending of a file to the module that makes it; the modules import networkx or graphviz, so they are loaded when they are used.
"""

from collections.abc import Callable
from importlib import import_module

from speccheck.space.views.graph import StateGraph

VIEWS: dict[str, str] = {
    "dot": "speccheck.space.views.dot",
    "graphml": "speccheck.space.views.graphml",
    "png": "speccheck.space.views.png",
    "svg": "speccheck.space.views.svg",
}


def view(ending: str) -> Callable[[StateGraph], bytes]:
    """Return the function that turns a state graph into the bytes of a file of this kind."""
    found: Callable[[StateGraph], bytes] = import_module(VIEWS[ending]).view
    return found
