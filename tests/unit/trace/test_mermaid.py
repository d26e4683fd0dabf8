"""A trace as diagrams in Mermaid's language; Mermaid itself drew what is written here, see docs/reference/traces.md."""

from textwrap import dedent

from hypothesis import given

from speccheck.domains.neutral import Member, Value
from speccheck.trace.formats.mermaid import LONGEST, MOST_LINES, escaped, lines, state_lines
from speccheck.trace.origin import Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace
from tests.unit.trace.drawn import traces

N0, N1 = Member("Node", 0, "Node0"), Member("Node", 1, "Node1")
SEND, TICK = Step("send", (("src", N0), ("dst", N1))), Step("tick")
STATES: tuple[dict[str, Value], ...] = ({"x": 0, "y": 0}, {"x": 1, "y": 2}, {"x": 0, "y": 0})
ORIGIN = Origin("x.py", "S", "S[N=3]", "low", "invariant")


def sequence(trace: Trace) -> str:
    return plain_text(lines(trace))


def states(trace: Trace) -> str:
    return plain_text(state_lines(trace))


def test_a_sequence_diagram_has_the_actors_who_did_what_to_whom_and_what_changed() -> None:
    assert sequence(Trace(("x", "y"), STATES, (SEND, TICK), None, None, ORIGIN)) == dedent("""\
        sequenceDiagram
          title low of S[N=3]
          participant p0 as Node0
          participant p1 as Node1
          participant p2 as actions
          Note over p0,p2: x = 0<br/>y = 0
          p0->>p1: send(src=Node0, dst=Node1)
          Note right of p0: x#58; 0 -> 1<br/>y#58; 0 -> 2
          p2->>p2: tick()
          Note right of p2: x#58; 1 -> 0<br/>y#58; 2 -> 0
        """)


def test_a_loop_is_a_frame_and_stuttering_and_failing_are_told() -> None:
    looping = sequence(Trace(("x", "y"), STATES, (SEND, TICK), None, 0)).splitlines()
    assert (looping[5], looping[-1]) == ("  loop for ever", "  end")
    stuttering = sequence(Trace(("x", "y"), (STATES[0], STATES[0]), (Step(None),), None, 0)).splitlines()
    assert stuttering[-1] == "  Note over p0: nothing happens any more, for ever"
    assert sequence(Trace(("x", "y"), STATES[:1], (), SEND)).splitlines()[-1] == "  p0-xp1: fails#58; send(src=Node0, dst=Node1)"
    assert sequence(Trace(("x",), (), (), Step("start"))).splitlines()[1:] == ["  participant p0 as actions", "  p0-xp0: fails#58; start()"]


def test_a_state_diagram_has_a_box_for_each_state_and_goes_back_where_a_loop_begins() -> None:
    assert states(Trace(("x", "y"), (*STATES, STATES[1]), (SEND, TICK, SEND), None, 1)) == dedent("""\
        stateDiagram-v2
          [*] --> s0
          s0 : x = 0<br/>y = 0
          s0 --> s1 : send(src=Node0, dst=Node1)
          s1 : x#58; 0 -> 1<br/>y#58; 0 -> 2
          s1 --> s2 : tick()
          s2 : x#58; 1 -> 0<br/>y#58; 2 -> 0
          s2 --> s1 : send(src=Node0, dst=Node1)
        """)


def test_a_state_diagram_tells_of_stuttering_and_failing() -> None:
    assert states(Trace(("x", "y"), (STATES[0], STATES[0]), (Step(None),), None, 0)).splitlines()[-1] == "  s0 --> s0 : nothing happens any more, for ever"
    assert states(Trace(("x", "y"), STATES[:1], (), TICK)).splitlines()[-2:] == ["  failed : the step fails", "  s0 --> failed : fails#58; tick()"]
    assert states(Trace(("x",), (), (), Step("start"))).splitlines()[-1] == "  [*] --> failed : fails#58; start()"


def test_what_has_a_meaning_in_the_language_is_written_as_an_entity() -> None:
    assert escaped('a;b#c:d<e>"f"%{g}') == "a#59;b#35;c#58;d#60;e>#34;f#34;#37;#123;g#125;"


def test_line_breaks_in_names_break_no_line() -> None:
    origin = Origin("x.py", "S", "S[\n\x85]", "p", "invariant")
    assert sequence(Trace(("x",), ({"x": 0},), (), None, None, origin)).splitlines()[1] == "  title p of S[  ]"


def test_long_texts_and_long_notes_are_cut() -> None:
    assert len(escaped("x" * 200)) == LONGEST
    many: dict[str, Value] = {f"x{number}": number for number in range(20)}
    note = sequence(Trace(tuple(many), (many,), ())).splitlines()[-1]
    assert note.count("<br/>") == MOST_LINES - 1 and note.endswith("and 9 more")


@given(traces())
def test_no_value_breaks_out_of_its_line(trace: Trace) -> None:
    for diagram in (sequence(trace), states(trace)):
        assert all(line.startswith("  ") for line in diagram.splitlines()[1:])
        assert not any(";" in line.replace("<br/>", "") and "#" not in line for line in diagram.splitlines())
