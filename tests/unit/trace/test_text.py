"""A trace as an engineer reads it."""

from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent

from speccheck.domains.neutral import Map, Member, Record, Sequence, Value
from speccheck.source import Span
from speccheck.trace.formats.text import lines
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace

N0, N1 = Member("Node", 0, "Node0"), Member("Node", 1, "Node1")


def node(term: int, *log: Value) -> Record:
    return Record("Server", (("term", term), ("log", Sequence(log))))


def state(first: Record, second: Record, leader: Value = None) -> Mapping[str, Value]:
    return {"nodes": Map(((N0, first), (N1, second))), "leader": leader}


def at(line: int) -> Span:
    return Span("raft.py", line, 5, line, 30)


TRACE = Trace(
    ("nodes", "leader"),
    (state(node(0), node(0)), state(node(1), node(0)), state(node(1), node(0, "x"), N0)),
    (
        Step("timeout", (("n", N0),), (), at(21)),
        Step("receive", (("n", N1),), (Choice("m", Record("Vote", (("term", 1),)), at(31)), Choice(None, 7, at(32))), at(30)),
    ),
)


def told(trace: Trace, full: bool = False) -> str:
    return plain_text(lines(trace, full))


def shown(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_the_first_state_is_whole_and_each_step_shows_who_where_and_what_changed() -> None:
    assert told(TRACE) == shown("""
        initial state
               nodes = {Node0: Server(term=0, log=[]), Node1: Server(term=0, log=[])}
               leader = None
          1  timeout(n=Node0)                            raft.py:21
               nodes[Node0].term: 0 -> 1
          2  receive(n=Node1)  with m = Vote(term=1), 7  raft.py:30
               nodes[Node1].log: + "x"
               leader: None -> Node0
        """)


def test_full_shows_the_whole_state_after_each_step() -> None:
    assert told(replace(TRACE, states=TRACE.states[:2], steps=TRACE.steps[:1]), full=True) == shown("""
        initial state
               nodes = {Node0: Server(term=0, log=[]), Node1: Server(term=0, log=[])}
               leader = None
          1  timeout(n=Node0)  raft.py:21
               nodes[Node0].term: 0 -> 1
               state 1
                 nodes = {Node0: Server(term=1, log=[]), Node1: Server(term=0, log=[])}
                 leader = None
        """)


def test_a_step_that_fails_stands_last_and_has_no_changes() -> None:
    failing = replace(TRACE, states=TRACE.states[:1], steps=(), failed_step=Step("deploy", (("n", N1),), (), at(40)))
    assert told(failing).splitlines()[-1] == "  1  fails: deploy(n=Node1)  raft.py:40"


def test_a_failing_init_has_no_state_before_it() -> None:
    assert told(Trace(("x",), (), (), Step("start", (), (), at(9)))) == "  1  fails: start()  raft.py:9\n"


def lasso(loop_start: int) -> list[str]:
    up, down = Step("up", (), (), at(1)), Step("down", (), (), at(2))
    states: list[Mapping[str, Value]] = [{"x": 0}, {"x": 1}, {"x": 2}, {"x": loop_start}]
    return told(Trace(("x",), tuple(states), (up, up, down), None, loop_start)).splitlines()


def test_a_loop_is_marked_where_it_begins_and_says_where_it_goes_back_to() -> None:
    assert lasso(1) == [
        "initial state",
        "       x = 0",
        "  1  up()    raft.py:1",
        "       x: 0 -> 1",
        "  --- the loop begins here: steps 2 to 3 repeat for ever",
        "  2  up()    raft.py:1",
        "       x: 1 -> 2",
        "  3  down()  raft.py:2",
        "       x: 2 -> 1",
        "  --- back to state 1: steps 2 to 3 repeat for ever",
    ]


def test_a_loop_may_begin_in_the_initial_state() -> None:
    assert lasso(0)[2] == "  --- the loop begins here: steps 1 to 3 repeat for ever"
    assert lasso(0)[-1] == "  --- back to the initial state: steps 1 to 3 repeat for ever"


def test_a_loop_may_be_one_step_long() -> None:
    one = Trace(("x",), ({"x": 0}, {"x": 0}), (Step("idle", (), (), at(3)),), None, 0)
    assert told(one).splitlines()[-1] == "  --- back to the initial state: step 1 repeats for ever"


def test_a_behavior_that_stutters_for_ever_says_that_nothing_happens_any_more() -> None:
    stuttering = Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 1}), (Step("up", (), (), at(1)), Step(None)), None, 1)
    assert told(stuttering).splitlines()[2:] == [
        "  1  up()  raft.py:1",
        "       x: 0 -> 1",
        "  --- and then nothing happens any more, for ever (stuttering)",
    ]


def test_long_values_are_laid_out_on_several_lines() -> None:
    log = tuple(f"entry number {i}" for i in range(4))
    after: Mapping[str, Value] = state(node(0, *log), node(0, *log))
    first = told(Trace(("nodes", "leader"), (after,), ())).splitlines()
    assert first[1].startswith("       nodes = {Node0: Server(term=0, log=[")
    assert first[2].startswith("                Node1: Server(term=0, log=[")
    replaced = told(Trace(("x",), ({"x": None}, {"x": Sequence((*log, *log, *log))}), (Step("go"),))).splitlines()
    assert replaced[3:5] == ["       x: None", '         -> ["entry number 0",']


def test_control_characters_of_values_are_written_as_escapes() -> None:
    assert told(Trace(("x",), ({"x": 'a\n\x1b[31m"\\'},), ())).splitlines()[1] == r'       x = "a\n\x1b[31m\"\\"'
