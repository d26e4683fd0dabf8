"""A trace as a sequence diagram: its arrows, its loop, and labels that Mermaid takes for labels."""

from dataclasses import replace

from speccheck.domains.neutral import Member
from speccheck.reports.sequence import MOST_STEPS, sequence
from speccheck.trace.trace import Choice, Step, Trace
from tests.unit.reports.made import C1, climbing

C0 = Member("Client", 0, "Client0")
TWO = Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 1}), (Step("up", (("n", 2), ("c", C1))), Step("look", (("c", C0),), (Choice("m", 3),))))


def test_who_acts_is_a_participant_and_a_step_an_arrow() -> None:
    assert sequence(TWO) == [
        "sequenceDiagram",
        "  participant p0 as Client1",
        "  participant p1 as Client0",
        "  participant spec",
        "  p0->>spec: up(n=2, c=Client1)",
        "  Note over spec: x: 0 -> 1",
        "  p1->>spec: look(c=Client0) with m = 3",
        "  Note over spec: nothing changes",
    ]


def test_a_step_of_a_process_is_acted_by_the_process() -> None:
    trace = Trace(("x",), ({"x": 0}, {"x": 1}), (Step("writer.write", (("c", C1),)),))
    assert "  participant p0 as writer(c=Client1)" in sequence(trace)


def test_a_loop_is_a_box_and_stuttering_a_note() -> None:
    assert sequence(replace(TWO, loop_start=1))[-4:] == [
        "  loop for ever",
        "  p1->>spec: look(c=Client0) with m = 3",
        "  Note over spec: nothing changes",
        "  end",
    ]
    still = Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 1}), (Step("up"), Step(None)), None, 1)
    assert sequence(still)[-1] == "  Note over spec: nothing happens any more, for ever" and "  end" not in sequence(still)


def test_a_step_that_fails_is_an_arrow_with_a_cross() -> None:
    assert sequence(replace(climbing(1), failed_step=Step("down")))[-1] == "  p0-xspec: fails: down()"


def test_a_trace_without_a_step_and_one_that_is_too_long_are_not_drawn() -> None:
    still = Trace(("x",), ({"x": 0}, {"x": 0}), (Step(None),), None, 0)
    assert sequence(climbing(0)) == sequence(still) == sequence(climbing(MOST_STEPS + 1)) == []
    assert len(sequence(climbing(MOST_STEPS))) == 3 + 2 * MOST_STEPS


def test_what_mermaid_would_take_for_something_else_is_escaped() -> None:
    """All of these were read by Mermaid's own parser; what it took for something else is escaped."""
    odd = "a;b #35; %% <b>&\nend"
    trace = Trace(("x",), ({"x": 0}, {"x": odd}), (Step("go", (("c", Member("C", 0, odd)),)),))
    label = "a#59;b #35;35#59; #37;#37; #60;b>#38; end"
    assert sequence(trace)[1] == f"  participant p0 as {label}"
    assert all("\n" not in line and "%%" not in line and "<b" not in line for line in sequence(trace))
