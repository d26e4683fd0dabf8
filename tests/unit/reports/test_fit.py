"""What became of a trace, as text."""

from dataclasses import replace
from typing import Any

from speccheck.checker.fit import Fit, Misfit
from speccheck.checker.refusal import Refusal
from speccheck.domains.neutral import Value
from speccheck.model.model import Property
from speccheck.reports.fit import MOST_POSSIBLE, fit_lines
from speccheck.source import Span
from speccheck.trace.origin import Kind, Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step
from tests.unit.reports.made import climbing, model

LOW = Property("low", "invariant", Span("climb.py", 9))
ORIGIN = Origin("climb.py", "Climb", "Climb", "low", "invariant")


def told(heights: int, misfit: Misfit | None = None, outcome: bool | None = None, kind: Kind = "invariant", **changes: Any) -> list[str]:
    trace = replace(climbing(heights), **{"origin": replace(ORIGIN, kind=kind), **changes})
    return plain_text(fit_lines(Fit(trace, model(properties=(replace(LOW, kind=kind),)), misfit, outcome))).splitlines()


def test_a_trace_that_fits_says_how_many_steps_are_possible_and_what_it_still_shows() -> None:
    assert told(2, outcome=True) == ["FITS  Climb: all 2 steps are possible", "  still: in state 2, low is False"]
    assert told(1, outcome=False) == ["FITS  Climb: its step is possible", "  but not any more: in state 1, low is False"]
    assert told(0, outcome=True) == ["FITS  Climb: its initial state is possible", "  still: in the initial state, low is False"]


def test_what_the_states_alone_do_not_say_is_left_to_a_check() -> None:
    assert told(1, kind="temporal")[1] == "  whether this still violates low, a check says: speccheck run ... --property low"
    assert told(1, origin=replace(ORIGIN, property="lower"))[1] == "  but Climb has no property 'lower' any more"
    assert told(1, origin=None) == ["FITS  Climb: its step is possible"]


def test_a_step_that_failed_counts_as_one() -> None:
    assert told(1, failed_step=Step("up"), outcome=True, kind="error")[0] == "FITS  Climb: all 2 steps are possible"


def test_a_misfit_shows_the_state_the_step_and_what_is_possible() -> None:
    refusal = Refusal("'up' leads elsewhere: height is 3, in the trace it is 2", Span("climb.py", 5, 9))
    misfit = Misfit(2, refusal, tuple(Step(f"up{number}") for number in range(MOST_POSSIBLE + 2)))
    lines = told(2, misfit)
    assert lines[:5] == [
        "DOES NOT FIT  Climb: step 2 of 2 is not possible",
        "  state 1",
        "         height = 1",
        "  2  up()",
        "     'up' leads elsewhere: height is 3, in the trace it is 2  climb.py:5",
    ]
    assert (lines[5], lines[6], lines[-1]) == ("  possible there:", "    up0()", "    and 2 other steps")


def test_the_step_that_should_fail_may_be_the_one_that_is_refused() -> None:
    state: dict[str, Value] = {"height": 0}
    lines = told(0, Misfit(1, Refusal("'down' does not fail any more")), failed_step=Step("down"), states=(state,), kind="error")
    assert lines == [
        "DOES NOT FIT  Climb: step 1 of 1 is not possible",
        "  initial state",
        "         height = 0",
        "  1  down()",
        "     'down' does not fail any more",
        "  nothing is possible there",
    ]
