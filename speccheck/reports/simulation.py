"""What random runs did, in words, for the end of a text report.

In: a Result of a simulation. Out: lines::

    note: 1 of 3 actions was never taken: crash
    UNKNOWN: 1,000 random runs, 92,100 steps, 1,231 distinct states, longest run 100 steps, seed 42, 1.20 s
"""

from speccheck.checker.result import Result, Simulated
from speccheck.trace.styled import Line, counted, line


def never_taken(result: Result) -> list[Line]:
    """Return a line that names the actions of which no run took a step that changed the state."""
    missed = [name for name, one in result.actions.items() if not one.taken]
    if not missed:
        return []
    were = "was" if len(missed) == 1 else "were"
    return [line(("note", "faint"), f": {len(missed)} of {counted(len(result.actions), 'action')} {were} never taken: {', '.join(missed)}")]


def counts(result: Result, simulated: Simulated) -> list[str]:
    """Return what was counted, in words."""
    runs = counted(simulated.runs, "random run")
    if simulated.runs < simulated.planned:
        runs += f" of {simulated.planned:,}"
    states = counted(result.distinct, "distinct state")
    return [
        f"{runs}, {counted(simulated.steps, 'step')}",
        states if simulated.exact else f"at least {states}",
        f"longest run {counted(simulated.longest, 'step')}",
        f"seed {simulated.seed}",
    ]
