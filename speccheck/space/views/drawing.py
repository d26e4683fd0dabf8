"""Drawing with Graphviz' program `dot`, which is no Python package and may be missing."""

import graphviz

from speccheck.errors import MissingProgram
from speccheck.space.views.dot import digraph
from speccheck.space.views.graph import StateGraph


def drawn(graph: StateGraph, ending: str) -> bytes:
    """Return the picture in Graphviz' format of this name; MissingProgram where `dot` is not installed or fails."""
    try:
        picture: bytes = digraph(graph).pipe(format=ending)
    except graphviz.ExecutableNotFound:
        raise MissingProgram("the program 'dot' of Graphviz was not found") from None
    except graphviz.CalledProcessError as failed:
        words = (failed.stderr or b"").decode(errors="replace").strip().split("\n")
        raise MissingProgram(f"the program 'dot' failed with code {failed.returncode}", notes=[word for word in words if word]) from None
    return picture
