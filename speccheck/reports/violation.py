"""The story of one violation: which property, its promise, the way there, and why it fails in the end.

In: a PropertyResult with a trace. Out: lines::

    VIOLATED consistent  two_phase.py:71
        No two resource managers decide differently.
        71 |     def consistent(self) -> bool:
      initial state
      ...
      in state 7, consistent is False
        not {"committed", "aborted"} <= set(self.rm_state.values())    False
"""

from typing import assert_never

from speccheck.checker.result import Explained, Finding, PropertyResult, Verdict
from speccheck.domains.neutral import text
from speccheck.reports.errors import frame_lines
from speccheck.source import Span, display_path
from speccheck.trace.formats import lanes as lanes_of
from speccheck.trace.formats import text as trace_text
from speccheck.trace.origin import ending
from speccheck.trace.styled import Line, Piece, Style, counted, indented, line
from speccheck.trace.trace import Trace

LONGEST = 160  # characters of a value in an explanation; --full shows all of it


def title(one: PropertyResult) -> str:
    """Return the property's name with the binding for which it fails: `served(c=Client1)`."""
    if not one.binding:
        return one.name
    return f"{one.name}({', '.join(f'{name}={text(value)}' for name, value in one.binding)})"


def verdict_style(one: PropertyResult) -> Style:
    """Return the style of a property's verdict; a violation that the model expects is no alarm."""
    match one.verdict:
        case Verdict.HOLDS:
            return "good"
        case Verdict.VIOLATED:
            return "expected" if one.expected is Verdict.VIOLATED else "bad"
        case Verdict.UNKNOWN:
            return "unknown"
    assert_never(one.verdict)


def steps_text(trace: Trace) -> str:
    """Return the length of a trace in words."""
    return counted(len(trace.taken), "step")


def violation_lines(one: PropertyResult, full: bool = False, lanes: bool = False) -> list[Line]:
    """Return the story of a violation, or of a witness."""
    shown = [_headline(one)]
    if one.doc:
        shown.append(line("    ", one.doc.strip().split("\n")[0]))
    if one.span is not None:
        shown.extend(frame_lines(Span(one.span.file, one.span.line)))
    if one.trace is not None:
        shown.extend(indented(lanes_of.lines(one.trace) if lanes else trace_text.lines(one.trace, full), 2))
    shown.extend(indented(_reason_lines(one), 2))
    shown.extend(indented(_explanation_lines(one.explanation, full), 4))
    if one.possible:
        shown.append(line("  ", (_possible_words(one), "heading")))
        shown.extend(trace_text.placed((("    ", "plain"), *trace_text.call(step)), step.span, 4 + trace_text.WIDEST_CALL // 2) for step in one.possible)
    return shown


def trace_lines(trace: Trace, full: bool = False, lanes: bool = False) -> list[Line]:
    """Return the story of a trace that was kept, as `violation_lines` tells it; the trace alone where it does not say what it is of."""
    origin = trace.origin
    if origin is None:
        return lanes_of.lines(trace) if lanes else trace_text.lines(trace, full)
    verdict = Verdict.HOLDS if origin.kind == "reachable" else Verdict.VIOLATED
    one = PropertyResult(origin.property, origin.kind, verdict, None, None, "", origin.reason, origin.binding, trace, origin.explanation)
    return [line((origin.model, "heading"), "  ", (display_path(origin.file), "place")), *violation_lines(one, full, lanes)]


def finding_line(finding: Finding) -> Line:
    """Return a finding on one line, with its place."""
    place: tuple[str | Piece, ...] = () if finding.span is None else ("  ", (str(Span(finding.span.file, finding.span.line)), "place"))
    so_far = "" if finding.certain or "so far" in finding.message else " (so far)"
    accepted = "" if finding.accepted is None else f" (accepted: {finding.accepted})"
    return line(("finding " + finding.code, "faint" if accepted else "unknown"), f": {finding.message}{so_far}{accepted}", *place)


def _headline(one: PropertyResult) -> Line:
    place: tuple[str | Piece, ...] = () if one.span is None else ("  ", (str(Span(one.span.file, one.span.line)), "place"))
    expected = " (as expected)" if one.verdict is Verdict.VIOLATED and one.expected is one.verdict else ""
    return line((one.verdict.value, verdict_style(one)), " ", (title(one), "heading"), expected, *place)


def _reason_lines(one: PropertyResult) -> list[Line]:
    """Say in a sentence why the end of the trace violates the property, and show the line that raised."""
    if one.verdict is not Verdict.VIOLATED:
        return []
    words = last_word(one)
    shown = [line((words, "bad"))] if words else []
    if one.error_span is not None:
        shown.append(line("  ", ("-->", "faint"), " ", (str(one.error_span), "place")))
        shown.extend(frame_lines(one.error_span))
    return shown


def last_word(one: PropertyResult) -> str:
    """Return in a sentence why the end of the trace violates the property, or an empty string."""
    if one.trace is None:
        return one.reason or ("no reachable state satisfies it" if one.kind == "reachable" else "")
    return ending(one.kind, one.name, one.reason, len(one.trace.taken))


def _explanation_lines(explanation: tuple[Explained, ...], full: bool) -> list[Line]:
    """Each expression with what it came to, nested ones further to the right, values in one column."""
    lefts = ["  " * one.depth + one.expression for one in explanation]
    column = min(trace_text.WIDEST_CALL, max(map(len, lefts), default=0))
    shown = []
    for left, one in zip(lefts, explanation, strict=True):
        value = one.value if full or len(one.value) <= LONGEST else one.value[: LONGEST - 4] + " ..."
        shown.append(line((left, "source"), " " * max(2, column + 2 - len(left)), (value, "value")))
    return shown


def _possible_words(one: PropertyResult) -> str:
    if one.trace is not None and one.trace.stutters:
        return "possible there, but no fairness assumption says that it must happen:"
    return "possible there:"
