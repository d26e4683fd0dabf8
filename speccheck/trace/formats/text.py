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
WIDEST_CALL = 64  # places stand in a column, unless a call is wider than this


def lines(trace: Trace, full: bool = False) -> list[Line]:
    """Return the trace as text; with `full`, the whole state after each step."""
    column = _place_column(trace)
    digits = len(str(len(trace.steps) + 1))
    margin = digits + 4
    shown: list[Line] = [line(("initial state", "heading")), *indented(state_lines(trace.states[0]), margin)]
    if trace.loop_start == 0:
        shown.append(_loop_line(trace, "begins"))
    for number, step in enumerate(trace.steps, 1):
        if step.action is None:
            break
        before, after = trace.states[number - 1], trace.states[number]
        shown.extend(_numbered(number, digits, step, column))
        shown.extend(indented(change_lines(state_changes(before, after)), margin))
        if full:
            shown.extend(indented([line((f"state {number}", "faint")), *indented(state_lines(after), 2)], margin))
        if trace.loop_start == number:
            shown.append(_loop_line(trace, "begins"))
    shown.extend(_ending(trace, digits, column))
    return shown


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


def call(step: Step) -> Line:
    """Return a step as a call with what it chose: `receive(n=Node1)  with m = Vote(term=1)`."""
    pieces = line((step.label, "name"))
    if step.choices:
        chosen = (f"{choice.name} = {text(choice.value)}" if choice.name else text(choice.value) for choice in step.choices)
        pieces = (*pieces, ("  with ", "faint"), (", ".join(chosen), "value"))
    return pieces


def placed(pieces: Line, span: Span | None, column: int) -> Line:
    """Return the line with a place behind it, in its column."""
    return pieces if span is None else (*padded(pieces, column), ("  ", "plain"), (str(_line_only(span)), "place"))


def _line_only(span: Span) -> Span:
    return Span(span.file, span.line)


def _place_column(trace: Trace) -> int:
    steps = (*trace.steps, *((trace.failed_step,) if trace.failed_step else ()))
    return min(WIDEST_CALL, max((width(call(step)) for step in steps if step.action), default=0))


def _numbered(number: int, digits: int, step: Step, column: int, before: str = "") -> list[Line]:
    head = line((f"  {number:>{digits}}  ", "faint"), (before, "bad"))
    return [(*head, *placed(call(step), step.span, column))]


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


def _ending(trace: Trace, digits: int, column: int) -> list[Line]:
    """How the story ends: with a step that fails, with a loop, with nothing happening any more, or just so."""
    if trace.failed_step is not None:
        return _numbered(len(trace.steps) + 1, digits, trace.failed_step, column, "fails: ")
    if trace.loop_start is None:
        return []
    if trace.steps and trace.steps[-1].action is None:
        return [line(("and then nothing happens any more, for ever (stuttering)", "bad"))]
    return [_loop_line(trace, "ends")]


def _loop_line(trace: Trace, word: str) -> Line:
    """Mark the beginning or the end of the loop; a behavior that only stutters has no loop to mark."""
    start, end = trace.loop_start or 0, len(trace.steps)
    if trace.steps and trace.steps[-1].action is None:
        return ()
    steps = f"step {end} repeats" if start + 1 == end else f"steps {start + 1} to {end} repeat"
    if word == "begins":
        return line((f"the loop begins here: {steps} for ever", "heading"))
    return line(("back to " + ("the initial state" if start == 0 else f"state {start}") + f": {steps} for ever", "bad"))
