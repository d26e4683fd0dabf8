"""Many results, shown: each report turns what came out of a run into lines of styled text, and whoever owns the terminal or the file writes them.

`REPORTS` is the table of reports; each module is loaded when its report is asked for, so that a run that shows text alone begins quickly.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from speccheck.checker.run import Report
from speccheck.trace.styled import Line

Reporter: TypeAlias = Callable[[Report], list[Line]]

REPORTS: dict[str, str] = {
    "errors": "speccheck.reports.errors",
    "github": "speccheck.reports.github",
    "json": "speccheck.reports.json",
    "junit": "speccheck.reports.junit",
    "sarif": "speccheck.reports.sarif",
    "summary": "speccheck.reports.summary",
    "text": "speccheck.reports.text",
}


def reporter(name: str) -> Reporter:
    """Return the function that makes the report of this name."""
    lines: Reporter = import_module(REPORTS[name]).lines
    return lines
