"""Errors as text: what is wrong, where, and what to do about it.

In: a SpeccheckError. Out: lines::

    error[SC203]: 7 is not in the domain of 'x': Range(0, 5)
      --> two_phase.py:31:5
        31 |     x: Annotated[int, Range(0, 5)] = 7
           |                                      ^
      remedy: Change the default, or widen the annotation.
"""

from typing import TYPE_CHECKING

from speccheck.errors import SpeccheckError
from speccheck.source import Span, code_frame
from speccheck.trace.formats import text as trace_text
from speccheck.trace.styled import EMPTY, Line, indented, line
from speccheck.trace.trace import Trace

if TYPE_CHECKING:
    from speccheck.checker.run import Report


def lines(report: "Report") -> list[Line]:
    """Return all errors of a run."""
    return [one for error in report.errors for one in (*error_lines(error), EMPTY)]


def error_lines(error: SpeccheckError, full: bool = False) -> list[Line]:
    """Return an error, or each error of a group, with an empty line between them."""
    shown: list[Line] = []
    for one in error.errors:
        shown.extend([*([EMPTY] if shown else []), *_one_error(one, full)])
    return shown


def frame_lines(span: Span | None) -> list[Line]:
    """Return the source that a span points at, with carets under it; nothing where it cannot be shown."""
    if span is None:
        return []
    shown = []
    for text in code_frame(span):
        number, _, code = text.partition(" | ")
        shown.append(line((f"    {number} | ", "faint"), (code, "source" if number.strip() else "caret")))
    return shown


def _one_error(error: SpeccheckError, full: bool) -> list[Line]:
    first, *more = error.message.split("\n")
    shown = [line((f"error[{error.code}]", "bad"), ": ", (first, "heading")), *(line("  ", text) for text in more)]
    if error.span is not None:
        shown.append(line("  ", ("-->", "faint"), " ", (str(error.span), "place")))
        shown.extend(frame_lines(error.span))
    if error.remedy:
        shown.append(line("  ", ("remedy", "remedy"), f": {error.remedy}"))
    shown.extend(line("  ", ("note", "faint"), f": {note}") for note in error.notes)
    if isinstance(error.trace, Trace):
        shown.append(line("  ", ("the way to the state where it happened", "heading"), ":"))
        shown.extend(indented(trace_text.lines(error.trace, full), 4))
    return shown
