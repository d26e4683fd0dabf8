"""A trace as a section of Markdown, to be read in a review, an issue or a job summary.

In: a Trace. Out: a heading, a table with a row for each step and what it changed, and why the end violates the property::

    ### `low` of `Climb`

    In state 2, low is False.

    | | step | what changes | where |
    |--:|---|---|---|
    | | initial state | `height = 0` | |
    | 1 | `up()` | `height: 0 -> 1` | climb.py:5 |
"""

import re
from collections.abc import Iterable

from speccheck.domains.neutral import text
from speccheck.source import Span, display_path
from speccheck.trace.diff import state_changes
from speccheck.trace.formats.text import call, change_lines
from speccheck.trace.origin import Origin, ending, title_of
from speccheck.trace.styled import EMPTY, Line, line, on_one_line
from speccheck.trace.trace import Step, Trace

HEAD = ["| | step | what changes | where |", "|--:|---|---|---|"]


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a Markdown section."""
    shown = [*_heading(trace), *map(line, HEAD), *map(line, _rows(trace))]
    if trace.origin is not None and trace.origin.explanation:
        shown += [EMPTY, line("Because:"), EMPTY, *map(line, _reasons(trace.origin))]
    return shown


def code(words: str) -> str:
    """Return text as code within a table: a bar does not end the cell, and backticks do not end the code."""
    fence = "`" * (1 + max((len(run) for run in "".join(c if c == "`" else " " for c in words).split()), default=0))
    inner = on_one_line(words).replace("|", "\\|")
    blank = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{blank}{inner}{blank}{fence}"


def _heading(trace: Trace) -> list[Line]:
    if trace.origin is None:
        return []
    origin = trace.origin
    words = ending(origin.kind, origin.property, origin.reason, len(trace.taken))
    shown = [line(f"### {code(title_of(origin))} of {code(origin.model)}"), EMPTY]
    return [*shown, *([line(_plain(words[:1].upper() + words[1:]) + "."), EMPTY] if words else [])]


def _rows(trace: Trace) -> Iterable[str]:
    if trace.states:
        yield _row("", "initial state", [f"{name} = {text(value)}" for name, value in trace.states[0].items()], None)
    yield from _loop_begins(trace, 0)
    for number, step in enumerate(trace.taken, 1):
        changes = change_lines(state_changes(trace.states[number - 1], trace.states[number]))
        yield _row(str(number), code(_call(step)), _texts(changes), step.span)
        yield from _loop_begins(trace, number)
    if trace.failed_step is not None:
        yield _row(str(len(trace.steps) + 1), f"**fails:** {code(_call(trace.failed_step))}", [], trace.failed_step.span)
    if trace.stutters:
        yield _remark("and then nothing happens any more, for ever (stuttering)")
    elif trace.loop_start is not None:
        yield _remark(f"back to {'the initial state' if trace.loop_start == 0 else f'state {trace.loop_start}'}, and so on for ever")


def _row(number: str, step: str, changes: list[str], span: Span | None) -> str:
    place = "" if span is None else _plain(f"{display_path(span.file)}:{span.line}")
    return "| " + "".join(f"{cell} | " if cell else "| " for cell in (number, step, "<br>".join(map(code, changes)), place)).rstrip()


def _remark(words: str) -> str:
    return f"| | *{words}* | | |"


def _loop_begins(trace: Trace, number: int) -> list[str]:
    return [_remark("the loop begins here")] if trace.loop_start == number and not trace.stutters else []


def _call(step: Step) -> str:
    return "".join(words for words, _ in call(step))


def _texts(lines: list[Line]) -> list[str]:
    return ["".join(words for words, _ in one) for one in lines]


def _reasons(origin: Origin) -> list[str]:
    shown = _plain if origin.kind in ("temporal", "refinement") else code  # words there, values elsewhere
    return [f"{'  ' * one.depth}- {code(one.expression)}: {shown(one.value)}" for one in origin.explanation]


def _plain(words: str) -> str:
    """Text that Markdown leaves as it is; an underscore within a word means nothing."""
    return re.sub(r"[\\`*<\[|~]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", on_one_line(words))
