"""Many results, shown: each report turns what came out of a run into lines of styled text, and whoever owns the terminal or the file writes them."""

from collections.abc import Callable
from typing import TypeAlias

from speccheck.checker.run import Report
from speccheck.reports import errors, json, text
from speccheck.trace.styled import Line

Reporter: TypeAlias = Callable[[Report], list[Line]]

REPORTS: dict[str, Reporter] = {
    "errors": errors.lines,
    "json": json.lines,
    "text": text.lines,
}
