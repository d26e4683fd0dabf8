"""How a trace is shown: each format turns a Trace into lines of styled text, and whoever owns the terminal or the file writes them."""

from collections.abc import Callable
from typing import TypeAlias

from speccheck.trace.formats import json, text
from speccheck.trace.styled import Line
from speccheck.trace.trace import Trace

Format: TypeAlias = Callable[[Trace], list[Line]]

FORMATS: dict[str, Format] = {
    "json": json.lines,
    "text": text.lines,
}
