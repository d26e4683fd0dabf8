"""A trace as ITF: exactly what the format says, and read by a reader that is not ours."""

import json
from collections.abc import Iterator
from typing import Any

import itf_py
import pytest
from hypothesis import assume, given

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.source import Span
from speccheck.trace.formats.itf import itf_json, itf_value, lines
from speccheck.trace.origin import Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace
from tests.unit.trace.drawn import traces

RM0, RM1 = Member("RM", 0, "RM0"), Member("RM", 1, "RM1")
SEND = Step("send", (("rm", RM0),), (Choice("m", 7, Span("x.py", 9)), Choice(None, "a")), Span("x.py", 8, 5))
ORIGIN = Origin("x.py", "S", "S[N=3]", "low", "invariant", (("N", "3"),))
TRACE = Trace(
    ("x", "sent"),
    ({"x": 0, "sent": Set(())}, {"x": 2**60, "sent": Set((RM0, RM1))}, {"x": 0, "sent": Set(())}),
    (SEND, Step("clear", (), (), Span("x.py", 12))),
    None,
    0,
    ORIGIN,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {"tag": "None", "value": {"#tup": []}}),
        (True, True),
        (7, {"#bigint": "7"}),
        (-(2**70), {"#bigint": "-1180591620717411303424"}),
        ("idle", "idle"),
        (RM0, "RM0"),
        (Sequence((1,)), [{"#bigint": "1"}]),
        (Sequence((RM0,), immutable=True), ["RM0"]),
        (Tuple((1, "a")), {"#tup": [{"#bigint": "1"}, "a"]}),
        (Set((RM0, RM1)), {"#set": ["RM0", "RM1"]}),
        (Bag(((RM0, 2),)), {"#map": [["RM0", {"#bigint": "2"}]]}),
        (Map(((1, False),)), {"#map": [[{"#bigint": "1"}, False]]}),
        (Record("Node", (("term", 1),)), {"term": {"#bigint": "1"}}),
        (Record("Ping", (("from", RM0),), tagged=True), {"tag": "Ping", "value": {"from": "RM0"}}),
    ],
)
def test_a_value_has_the_shape_of_the_format(value: Value, expected: object) -> None:
    assert itf_value(value) == expected


def test_a_trace_has_its_variables_its_states_with_their_steps_and_its_loop() -> None:
    made = itf_json(TRACE)
    assert (list(made), made["vars"], made["loop"]) == (["#meta", "vars", "states", "loop"], ["x", "sent"], 0)
    assert made["states"] == [
        {"#meta": {"index": 0}, "x": {"#bigint": "0"}, "sent": {"#set": []}},
        {
            "#meta": {
                "index": 1,
                "action": "send",
                "parameters": {"rm": "RM0"},
                "choices": [{"name": "m", "value": {"#bigint": "7"}, "line": 9}, {"name": None, "value": "a", "line": None}],
                "file": "x.py",
                "line": 8,
            },
            "x": {"#bigint": str(2**60)},
            "sent": {"#set": ["RM0", "RM1"]},
        },
        {
            "#meta": {"index": 2, "action": "clear", "parameters": {}, "choices": [], "file": "x.py", "line": 12},
            "x": {"#bigint": "0"},
            "sent": {"#set": []},
        },
    ]


def test_the_header_says_the_format_the_types_and_what_the_trace_shows() -> None:
    meta = itf_json(TRACE)["#meta"]
    assert (meta["format"], meta["format-description"]) == ("ITF", "https://apalache-mc.org/docs/adr/015adr-trace.html")
    assert meta["description"].endswith(": low of S[N=3]: in state 2, low is False")
    assert meta["varTypes"] == {"x": "Int", "sent": "Set(Str)"}


def test_a_finite_trace_has_no_loop_and_a_variable_without_a_type_of_apalache_none() -> None:
    made = itf_json(Trace(("x", "y"), ({"x": None, "y": 1},), ()))
    assert "loop" not in made and made["#meta"]["varTypes"] == {"y": "Int"}


def test_with_mbt_each_state_says_the_action_and_every_pick_of_the_trace() -> None:
    made = itf_json(TRACE, mbt=True)
    none = {"tag": "None", "value": {"#tup": []}}
    assert made["vars"] == ["x", "sent", "mbt::actionTaken", "mbt::nondetPicks"]
    assert [state["mbt::actionTaken"] for state in made["states"]] == ["init", "send", "clear"]
    assert [state["mbt::nondetPicks"] for state in made["states"]] == [
        {"rm": none, "m": none, "choice2": none},
        {"rm": {"tag": "Some", "value": "RM0"}, "m": {"tag": "Some", "value": {"#bigint": "7"}}, "choice2": {"tag": "Some", "value": "a"}},
        {"rm": none, "m": none, "choice2": none},
    ]


def test_the_text_has_a_line_for_each_variable_of_a_state_that_is_too_wide_for_one() -> None:
    text = plain_text(lines(TRACE)).splitlines()
    assert '  {"#meta": {"index": 0}, "x": {"#bigint": "0"}, "sent": {"#set": []}},' in text
    assert '   "x": {"#bigint": "1152921504606846976"},' in text


# -------------------------------------------------- the reader itf-py


def as_itf_py(value: Value) -> Any:
    """A value as itf-py holds it."""
    match value:
        case Member():
            return value.name
        case Sequence(items):
            return [as_itf_py(item) for item in items]
        case Tuple(items):
            return tuple(as_itf_py(item) for item in items)
        case Set(items):
            return frozenset(as_itf_py(item) for item in items)
        case Bag(pairs) | Map(pairs):
            return {as_itf_py(key): as_itf_py(item) for key, item in pairs}
        case _:
            return value


READABLE: list[Value] = [
    True,
    -(2**70),
    "idle",
    RM0,
    Sequence((1, 2)),
    Tuple((1, RM0)),
    Set((RM0, RM1)),
    Set((Tuple((1, 2)),)),
    Bag(((RM0, 2),)),
    Map(((Tuple((1, RM0)), Set((1,))),)),
]


@pytest.mark.parametrize("value", READABLE, ids=repr)
def test_another_reader_reads_the_same_values(value: Value) -> None:
    read = itf_py.trace_from_json(json.loads(plain_text(lines(Trace(("x",), ({"x": value},), ())))))
    assert read.states[0].values == {"x": as_itf_py(value)} and read.states[0].meta == {"index": 0}


def test_another_reader_reads_records_and_variants() -> None:
    value = Tuple((Record("Node", (("term", 1), ("up", True))), Record("Ping", (("n", RM0),), tagged=True)))
    read = itf_py.trace_from_json(json.loads(plain_text(lines(Trace(("x",), ({"x": value},), ())))))
    node, ping = read.states[0].values["x"]
    assert (node.term, node.up) == (1, True)
    assert (type(ping).__name__, ping.n) == ("Ping", "RM0")


def test_another_reader_reads_the_loop_the_steps_and_the_remarks() -> None:
    read = itf_py.trace_from_json(json.loads(plain_text(lines(TRACE))))
    assert (read.vars, read.loop, read.params, len(read.states)) == (["x", "sent"], 0, [], 3)
    assert read.meta["varTypes"]["x"] == "Int" and read.states[1].meta["action"] == "send"


def tags(data: Any) -> Iterator[Any]:
    """The tags of everything that looks like a variant."""
    if isinstance(data, dict):
        if data.keys() == {"tag", "value"}:
            yield data["tag"]
        yield from (tag for inner in data.values() for tag in tags(inner))
    elif isinstance(data, list):
        yield from (tag for inner in data for tag in tags(inner))


@given(traces())
def test_another_reader_reads_every_trace(trace: Trace) -> None:
    """But for None, which is a keyword of Python, whereas itf-py makes a class of each tag; and for a record with the fields tag and value, which is a variant."""
    data = json.loads(plain_text(lines(trace)))
    assume(all(tag in ("Vote", "Node") for tag in tags(data["states"])))
    read = itf_py.trace_from_json(data)
    assert [list(state.values) for state in read.states] == [list(state) for state in trace.states]
