"""A trace as lanes: one column for each process, one row for each step; time goes down, and where control changes hands is seen at a glance.

In: a Trace. Out: lines::

          writer(i=Instance0)  writer(i=Instance1)  actions
       1  write_x
       2                       write_x
       3                                            crash(i=Instance0)
"""

from speccheck.trace.actors import NOBODY
from speccheck.trace.formats.text import FAILS, call
from speccheck.trace.styled import Line, line, padded, width
from speccheck.trace.trace import Step, Trace

GAP = 2


def lines(trace: Trace) -> list[Line]:
    """Return the steps of a trace in lanes."""
    steps = [step for step in (*trace.steps, *([trace.failed_step] if trace.failed_step else [])) if step.action is not None]
    names = sorted({step.process for step in steps if step.process}) + [NOBODY] * any(step.process is None for step in steps)
    cells = [_cell(step, step is trace.failed_step) for step in steps]
    widths = {name: max([len(name), *(width(cell) for cell, step in zip(cells, steps) if (step.process or NOBODY) == name)]) for name in names}
    digits = len(str(len(steps)))
    head = line(" " * (digits + 4), *((name.ljust(widths[name] + GAP), "heading") for name in names))
    shown = [head] if steps else []
    for number, (step, cell) in enumerate(zip(steps, cells), 1):
        shown += _loop(trace, number - 1)
        row: Line = line((f"  {number:>{digits}}  ", "faint"))
        for name in names:
            row = (*row, *padded(cell if (step.process or NOBODY) == name else (), widths[name] + GAP))
        shown.append(row)
    return [*shown, *_end(trace)] or [line(("  no step", "faint"))]


def _cell(step: Step, fails: bool) -> Line:
    return (*line((FAILS if fails else "", "bad")), *call(step, step.point))


def _loop(trace: Trace, number: int) -> list[Line]:
    if trace.loop_start != number or trace.stutters:
        return []
    return [line(("  --- the loop begins here", "heading"))]


def _end(trace: Trace) -> list[Line]:
    if trace.loop_start is None:
        return []
    words = "nothing happens any more, for ever (stuttering)" if trace.stutters else "and again from the beginning of the loop, for ever"
    return [line((f"  --- {words}", "heading"))]
