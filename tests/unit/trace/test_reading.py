"""Traces read back: what was written is what is read, and what is no trace is refused with its place."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from speccheck.domains.neutral import Map, Member, Record, Sequence, Set, Tuple
from speccheck.errors import TraceUnreadable
from speccheck.reports.json import lines as results_lines
from speccheck.source import Span
from speccheck.trace.formats import formatted
from speccheck.trace.formats.json import trace_json
from speccheck.trace.reading import traces_in
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import UNNAMED, Step, Trace
from tests.unit.reports.made import climbing
from tests.unit.reports.test_json import everything
from tests.unit.trace.drawn import traces


def read(trace: Trace, name: str) -> Trace:
    (back,) = traces_in(plain_text(formatted(trace, name)))
    return back


def read_json(data: Any) -> Trace:
    (trace,) = traces_in(json.dumps(data))
    return trace


@pytest.mark.parametrize("name", ["json", "itf", "itf-mbt"])
@given(trace=traces())
def test_a_trace_that_was_written_is_read_as_it_was(name: str, trace: Trace) -> None:
    assert read(trace, name) == trace


@pytest.mark.parametrize("name", ["json", "itf"])
@given(trace=traces())
def test_without_types_a_trace_is_written_again_as_it_was(name: str, trace: Trace) -> None:
    """What is lost is the names of sorts and records, not what stands in the file."""
    data = json.loads(plain_text(formatted(trace, name)))
    data.pop("types", None)
    data.get("#meta", {}).get("speccheck", {}).pop("types", None)
    assert json.loads(plain_text(formatted(read_json(data), name)))["states"] == data["states"]


@pytest.mark.parametrize("name", ["json", "itf"])
@pytest.mark.parametrize(
    "trace",
    [Trace(("x",), (), (), Step("start", (), (), Span("x.py", 3))), Trace(("x",), ({"x": 0}, {"x": 0}), (Step(None),), None, 0)],
    ids=["failing init", "stuttering"],
)
def test_the_shortest_traces_are_read_back_too(name: str, trace: Trace) -> None:
    assert read(trace, name) == trace


def test_all_traces_of_a_run_are_read_from_its_results() -> None:
    report = everything()
    written = [one.trace for result in report.results for one in result.properties if one.trace is not None]
    found = traces_in(plain_text(results_lines(report)))
    assert [trace_json(trace) for trace in found] == [trace_json(trace) for trace in written] and len(found) == 4


def test_results_without_a_trace_hold_none() -> None:
    assert traces_in('{"results": [{"properties": [{"trace": null}]}]}') == ()


# -------------------------------------------------- files of others


QUINT = {
    "#meta": {"format": "ITF", "source": "bank.qnt"},
    "vars": ["balances", "mbt::actionTaken", "mbt::nondetPicks", "mbt::actionTaken"],
    "states": [
        {
            "#meta": {"index": 0},
            "balances": {"#map": [["alice", {"#bigint": "0"}]]},
            "mbt::actionTaken": "init",
            "mbt::nondetPicks": {"who": {"tag": "None", "value": {"#tup": []}}},
        },
        {
            "#meta": {"index": 1},
            "balances": {"#map": [["alice", {"#bigint": "39"}]]},
            "mbt::actionTaken": "deposit",
            "mbt::nondetPicks": {"who": {"tag": "Some", "value": "alice"}, "account": {"tag": "Some", "value": {"id": 1}}},
        },
    ],
}


def test_a_trace_of_quint_has_the_steps_that_its_variables_say() -> None:
    assert read_json(QUINT) == Trace(
        ("balances",),
        ({"balances": Map((("alice", 0),))}, {"balances": Map((("alice", 39),))}),
        (Step("deposit", (("who", "alice"), ("account", Record("", (("id", 1),))))),),
    )


def test_a_trace_of_apalache_has_steps_without_a_name_and_values_of_every_shape() -> None:
    shapes = {
        "s": {"#set": [1, {"#bigint": "-2"}]},
        "t": {"#tup": [True, "a"]},
        "q": [1],
        "r": {"a": 1},
        "v": {"tag": "Some", "value": {"#bigint": "40"}},
        "w": {"tag": "Ping", "value": {"from": "n1"}},
        "n": {"tag": "None", "value": "U_OF_UNIT"},
        "o": {"#unserializable": "Int"},
    }
    trace = read_json({"params": ["N"], "vars": [*shapes], "states": [{"N": 3, **shapes}, shapes]})
    assert trace.steps == (Step(UNNAMED),) and trace.steps[0].label == "(some step)"
    assert dict(trace.states[1]) == {
        "s": Set((1, -2)),
        "t": Tuple((True, "a")),
        "q": Sequence((1,)),
        "r": Record("", (("a", 1),)),
        "v": Record("Some", (("value", 40),), tagged=True),
        "w": Record("Ping", (("from", "n1"),), tagged=True),
        "n": None,
        "o": "Int",
    }
    assert trace.states[0] == trace.states[1]


def test_a_loop_that_ends_before_its_beginning_is_closed() -> None:
    trace = read_json({"vars": ["x"], "states": [{"x": 0}, {"x": 1}, {"x": 2}], "loop": 1})
    assert [state["x"] for state in trace.states] == [0, 1, 2, 1]
    assert (len(trace.steps), trace.loop_start) == (3, 1)


# -------------------------------------------------- no traces


def changed(path: list[Any], value: object) -> Any:
    """The JSON of a trace, with something else at one place."""
    data = trace_json(replace(climbing(1), origin=everything().results[0].properties[0].trace.origin))  # type: ignore[union-attr]
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["steps"], ..., "the file has no 'steps'"),
        (["states"], 3, "states is no array"),
        (["states", 1], [], "states[1] is no object"),
        (["states", 1], {}, "states[1] has no 'height'"),
        (["states", 1, "depth"], 1, "states[1] has 'depth', which is no variable of the first state"),
        (["states", 1, "height"], "high", 'states[1].height: "high" is no int'),
        (["states", 1, "height"], True, "states[1].height: true is no int"),
        (["states", 1, "height"], 1.5, "states[1].height: 1.5 is no int"),
        (["steps"], [], "the file has 2 states, but 0 steps between them"),
        (["steps", 0, "action"], 7, "steps[0].action is no string"),
        (["steps", 0, "line"], 0, "steps[0].line is no number from 1"),
        (["loop_start"], 2, "loop_start is no number from 0 to 1"),
        (["loop_start"], 0, "the file has a loop that begins in state 0, but does not end in it"),
        (["types", "variables", "height"], "int |", "types.variables.height is no type: 'int |' is no type"),
        (["types", "variables", "height"], "list[int, str]", "types.variables.height is no type: 'list[...]' is no type"),
        (["types", "variables", "height"], "Client", "types.variables.height is no type: 'Client' is no type"),
    ],
)
def test_what_is_wrong_with_a_trace_is_said_with_its_place(path: list[Any], value: object, message: str) -> None:
    with pytest.raises(TraceUnreadable) as caught:
        read_json(changed(path, value))
    assert caught.value.message.startswith(message)


def test_stuttering_is_only_at_the_end() -> None:
    data = trace_json(climbing(2))
    data["steps"][0] = {"action": None}
    with pytest.raises(TraceUnreadable, match="has a step without an action before its end"):
        read_json(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "the file is no JSON: "),
        ("[]", "the file is no object"),
        ("{}", "the file is a JSON object without 'results', 'states' or 'vars', so it holds no trace"),
        ('{"results": 1}', "results is no array"),
        ('{"vars": ["x"]}', "the file has no 'states'"),
        ('{"vars": ["x"], "states": []}', "the file has no states"),
        ('{"vars": ["x"], "states": [{"x": {"#set": 1}}]}', 'states[0].x: {"#set": 1} is no value'),
        ('{"vars": ["x"], "states": [{"x": {"#map": [[1]]}}]}', 'states[0].x: {"#map": [[1]]} is no list of pairs'),
        ('{"counterexample": {}}', "the file is a trace of TLC, which does not say whether an array is a set or a sequence, and cannot be read"),
    ],
)
def test_what_is_no_trace_is_refused(text: str, message: str) -> None:
    with pytest.raises(TraceUnreadable) as caught:
        traces_in(text)
    assert caught.value.message.startswith(message) and caught.value.exit_code == 2


def test_a_member_that_the_file_does_not_know_is_refused() -> None:
    trace = Trace(("x",), ({"x": Member("RM", 0, "RM0")},), ())
    data = trace_json(trace)
    data["states"][0]["x"] = "RM1"
    with pytest.raises(TraceUnreadable, match=r'states\[0\]\.x: "RM1" is no RM'):
        read_json(data)
