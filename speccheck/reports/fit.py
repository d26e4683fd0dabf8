"""What became of a trace on a spec, as text.

In: a Fit. Out: lines::

    DOES NOT FIT  Counter: step 2 of 4 is not possible
      state 1
             value = 0
             seen = {Clerk0: 0, Clerk1: None}
      2  look(c=Clerk1)
         'look' is disabled at `require(self.free)`  counter.py:19
           self.free  False
      possible there:
        add(c=Clerk0)  counter.py:23
"""

from speccheck.checker.fit import Fit, Misfit
from speccheck.checker.refusal import Refusal
from speccheck.source import Span
from speccheck.trace.formats import text as trace_text
from speccheck.trace.origin import ending, title_of
from speccheck.trace.styled import Line, Piece, counted, indented, line
from speccheck.trace.trace import Step, Trace

MOST_POSSIBLE = 20
OWN_KINDS = ("invariant", "step_invariant", "reachable", "temporal", "refinement")  # of the properties that a spec declares itself


def fit_lines(fit: Fit) -> list[Line]:
    """Return whether a trace fits, and where it ends to."""
    name = fit.model.name
    if fit.misfit is not None:
        where = "the initial state is another one" if fit.misfit.number == 0 else f"step {fit.misfit.number} of {_steps(fit.trace)} is not possible"
        return [line(("DOES NOT FIT", "bad"), f"  {name}: {where}"), *indented(_misfit_lines(fit.trace, fit.misfit), 2)]
    every = f"all {_steps(fit.trace)} steps are" if _steps(fit.trace) > 1 else "its step is" if _steps(fit.trace) else "its initial state is"
    return [line(("FITS", "good"), f"  {name}: {every} possible"), *indented(_outcome_lines(fit), 2)]


def _steps(trace: Trace) -> int:
    return len(trace.taken) + (trace.failed_step is not None)


def _misfit_lines(trace: Trace, misfit: Misfit) -> list[Line]:
    if misfit.number == 0:
        return [line(misfit.refusal.reason)]
    step = (*trace.taken, *((trace.failed_step,) if trace.failed_step else ()))[misfit.number - 1]
    number = f"{misfit.number}  "
    shown = [line((f"state {misfit.number - 1}" if misfit.number > 1 else "initial state", "heading"))]
    shown += indented(trace_text.state_lines(trace.states[misfit.number - 1]), 7)
    shown += [line((number, "faint"), *trace_text.call(step)), *indented(_reason_lines(misfit.refusal), len(number))]
    if misfit.possible:
        shown.append(line(("possible there:", "heading")))
        shown += [_possible(one) for one in misfit.possible[:MOST_POSSIBLE]]
        if len(misfit.possible) > MOST_POSSIBLE:
            shown.append(line("  ", (f"and {counted(len(misfit.possible) - MOST_POSSIBLE, 'other step')}", "faint")))
    else:
        shown.append(line(("nothing is possible there", "heading")))
    return shown


def _reason_lines(refusal: Refusal) -> list[Line]:
    place: tuple[str | Piece, ...] = () if refusal.span is None else ("  ", (str(Span(refusal.span.file, refusal.span.line)), "place"))
    lefts = ["  " * one.depth + one.expression for one in refusal.explanation]
    column = max(map(len, lefts), default=0)
    values = [line("  ", (left.ljust(column + 2), "source"), (one.value, "value")) for left, one in zip(lefts, refusal.explanation)]
    return [line((refusal.reason, "bad"), *place), *values]


def _possible(step: Step) -> Line:
    return trace_text.placed((("  ", "plain"), *trace_text.call(step)), step.span, 2 + trace_text.WIDEST_CALL // 2)


def _outcome_lines(fit: Fit) -> list[Line]:
    """Say whether the end still is what the trace was kept for."""
    origin, steps = fit.trace.origin, len(fit.trace.taken)
    if origin is None:
        return []
    if fit.outcome is None and origin.kind in OWN_KINDS and origin.property not in {one.name for one in fit.model.properties}:
        return [line(f"but {fit.model.spec.__name__} has no property '{origin.property}' any more")]
    if fit.outcome is None:
        return [line(f"whether this still violates {title_of(origin)}, a check says: speccheck run ... --property {origin.property}")]
    words = ending(origin.kind, origin.property, origin.reason, steps)
    if fit.outcome:
        return [line(f"still: {words}")] if words else []
    return [line(("but not any more: ", "bad"), words)]
