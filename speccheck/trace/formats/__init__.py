"""How a trace is shown: each format turns a Trace into lines of styled text, and whoever owns the terminal or the file writes them.

`FORMATS` is the table from the name of a format to its module and the function there; the modules are loaded when they are used. `ENDINGS` says which format
the ending of a file means.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from speccheck.trace.styled import Line
from speccheck.trace.trace import Trace

Format: TypeAlias = Callable[[Trace], list[Line]]

FORMATS: dict[str, tuple[str, str]] = {
    "html": ("speccheck.trace.formats.html", "lines"),
    "itf": ("speccheck.trace.formats.itf", "lines"),
    "itf-mbt": ("speccheck.trace.formats.itf", "mbt_lines"),
    "json": ("speccheck.trace.formats.json", "lines"),
    "lanes": ("speccheck.trace.formats.lanes", "lines"),
    "markdown": ("speccheck.trace.formats.markdown", "lines"),
    "mermaid": ("speccheck.trace.formats.mermaid", "lines"),
    "mermaid-states": ("speccheck.trace.formats.mermaid", "state_lines"),
    "pytest": ("speccheck.trace.formats.pytest", "lines"),
    "text": ("speccheck.trace.formats.text", "lines"),
    "tlc": ("speccheck.trace.formats.tlc", "lines"),
}
ENDINGS: dict[str, str] = {
    ".html": "html",
    ".itf.json": "itf",
    ".json": "json",
    ".lanes.txt": "lanes",
    ".md": "markdown",
    ".mmd": "mermaid",
    ".py": "pytest",
    ".states.mmd": "mermaid-states",
    ".tlc.json": "tlc",
    ".txt": "text",
}


def formatted(trace: Trace, name: str) -> list[Line]:
    """Return the trace in a format of the table."""
    module, function = FORMATS[name]
    lines: Format = getattr(import_module(module), function)
    return lines(trace)


def format_of(path: str) -> str | None:
    """Return the name of the format that the ending of a path means, the longest ending that fits; None where none does."""
    found = [ending for ending in ENDINGS if path.lower().endswith(ending)]
    return ENDINGS[max(found, key=len)] if found else None


def ending_of(name: str) -> str:
    """Return how the name of a file in this format ends, without the dot; a format that shares its ending with another one has its own name in front."""
    endings = [ending for ending, one in ENDINGS.items() if one == name]
    return min(endings, key=len)[1:] if endings else f"{name}.json"
