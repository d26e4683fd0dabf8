"""A trace as an engineer reads it: the first state whole, then for each step who did what, where that stands, and what it changed.

In: a Trace. Out: lines::

    initial state
           small = 0
           big = 0
      1  fill_big()                    die_hard.py:34
           big: 0 -> 5
"""

from collections.abc import Iterable, Mapping

from speccheck.domains.neutral import Value, text
from speccheck.source import Span
from speccheck.trace.diff import Added, Change, Changed, Removed, state_changes
from speccheck.trace.layout import layout
from speccheck.trace.styled import Line, indented, line, padded, width
from speccheck.trace.trace import Step, Trace

COLUMNS = 110  # values that would go beyond are laid out on several lines
FAILS = "fails: "
WIDEST_CALL = 64  # places stand in a column, unless a call is wider than this


def lines(trace: Trace, full: bool = False) -> list[Line]:
    """Return the trace as text; with `full`, the whole state after each step."""
    column = _place_column(trace)
    digits = len(str(len(trace.steps) + 1))
    margin = digits + 6
    shown: list[Line] = []
    if trace.states:  # there is none where @init itself failed
        shown.extend([line(("initial state", "heading")), *indented(state_lines(trace.states[0]), margin)])
    shown.extend(_loop_begins(trace, 0))
    acting = None
    for number, step in enumerate(trace.steps, 1):
        if step.action is None:
            break
        shown.extend(_acting(step, acting))
        acting = step.process
        before, after = trace.states[number - 1], trace.states[number]
        shown.extend(_numbered(number, digits, step, column))
        shown.extend(indented(change_lines(state_changes(before, after)), margin))
        if full:
            shown.extend(indented([line((f"state {number}", "faint")), *indented(state_lines(after), 2)], margin))
        shown.extend(_loop_begins(trace, number))
    if trace.failed_step is not None:
        shown.extend(_acting(trace.failed_step, acting))
        shown.extend(_numbered(len(trace.steps) + 1, digits, trace.failed_step, column, FAILS))
    return shown + _loop_ends(trace)


def state_lines(state: Mapping[str, Value]) -> list[Line]:
    """Return a whole state, a line or more for each variable."""
    shown = []
    for name, value in state.items():
        first, *rest = layout(value, COLUMNS - len(name) - 3)
        shown.append(line((name, "variable"), " = ", (first, "value")))
        shown.extend(line(" " * (len(name) + 3), (more, "value")) for more in rest)
    return shown


def change_lines(changes: Iterable[Change]) -> list[Line]:
    """Return what a step changed, or that it changed nothing."""
    shown = [one for change in changes for one in _change_lines(change)]
    return shown or [line(("nothing changes", "faint"))]


def _acting(step: Step, before: str | None) -> list[Line]:
    """Steps of a process stand below its name, as long as nobody else acts."""
    return [line("  ", (step.process or "an action", "heading"))] if step.process != before else []


def call(step: Step, name: str | None = None) -> Line:
    """Return a step as a call with what it chose: `receive(n=Node1)  with m = Vote(term=1)`."""
    chosen = _chosen(step)
    return line((name or step.label, "name"), "  " if chosen else "", *chosen)


def placed(pieces: Line, span: Span | None, column: int) -> Line:
    """Return the line with a place behind it, in its column."""
    return pieces if span is None else (*padded(pieces, column), ("  ", "plain"), (str(_line_only(span)), "place"))


def _line_only(span: Span) -> Span:
    return Span(span.file, span.line)


def _place_column(trace: Trace) -> int:
    calls = [width(call(step, step.point)) for step in trace.steps if step.action]
    if trace.failed_step is not None:
        calls.append(len(FAILS) + width(call(trace.failed_step, trace.failed_step.point)))
    return max((one for one in calls if one <= WIDEST_CALL), default=0)


def _numbered(number: int, digits: int, step: Step, column: int, before: str = "") -> list[Line]:
    """The step behind its number; choices that are too long for the line have one of their own."""
    head = line((f"  {number:>{digits}}  ", "faint"))
    whole = (*line((before, "bad")), *call(step, step.point))
    if width(whole) <= WIDEST_CALL or not step.choices:
        return [(*head, *placed(whole, step.span, column))]
    alone = line((before, "bad"), (step.point, "name"))
    return [(*head, *placed(alone, step.span, column)), *indented([_chosen(step)], digits + 6)]


def _chosen(step: Step) -> Line:
    if not step.choices:
        return ()
    chosen = (f"{choice.name} = {text(choice.value)}" if choice.name else text(choice.value) for choice in step.choices)
    return line(("with ", "faint"), (", ".join(chosen), "value"))


def _change_lines(change: Change) -> list[Line]:
    match change:
        case Changed(path, before, after):
            old, new = text(before), text(after)
            if len(path) + len(old) + len(new) + 6 <= COLUMNS:
                return [line((path, "variable"), ": ", (old, "before"), " -> ", (new, "after"))]
            return [line((path, "variable"), ": ", (old, "before")), *_continued(after)]
        case Added(path, element):
            return [line((path, "variable"), ": ", (f"+ {element}", "added"))]
        case Removed(path, element):
            return [line((path, "variable"), ": ", (f"- {element}", "removed"))]


def _continued(after: Value) -> list[Line]:
    first, *rest = layout(after, COLUMNS - 5)
    return [line("  -> ", (first, "after")), *(line("     ", (more, "after")) for more in rest)]


def _loop_begins(trace: Trace, number: int) -> list[Line]:
    if trace.loop_start != number or trace.stutters:
        return []
    return [line((f"  --- the loop begins here: {_repeated(trace)} for ever", "heading"))]


def _loop_ends(trace: Trace) -> list[Line]:
    if trace.loop_start is None:
        return []
    if trace.stutters:
        return [line(("  --- and then nothing happens any more, for ever (stuttering)", "heading"))]
    start = "the initial state" if trace.loop_start == 0 else f"state {trace.loop_start}"
    return [line((f"  --- back to {start}: {_repeated(trace)} for ever", "heading"))]


def _repeated(trace: Trace) -> str:
    start, end = (trace.loop_start or 0) + 1, len(trace.steps)
    return f"step {end} repeats" if start == end else f"steps {start} to {end} repeat"
