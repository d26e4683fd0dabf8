"""A trace as TLC dumps it."""

import json
from dataclasses import replace

import pytest

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.source import Span
from speccheck.trace.formats.tlc import lines, tlc_json, tlc_value
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace

A, B = Member("P", 0, "a"), Member("P", 1, "b")
INC = Step("Inc", (("p", A),), (), Span("specs/Spec.py", 7, 1, 8, 21))
TRACE = Trace(("x",), ({"x": 0}, {"x": 1}), (INC,))


def test_a_trace_has_the_bytes_that_tlc_writes() -> None:
    assert plain_text(lines(TRACE)) == (
        '{"counterexample":{"action":[[[1,{"x":0}],{"name":"Inc","location":{"beginLine":7,"beginColumn":1,"endLine":8,"endColumn":20,"module":"Spec"},'
        '"context":{"p":"a"},"parameters":["p"]},[2,{"x":1}]]],"state":[[1,{"x":0}],[2,{"x":1}]]},"vars":["x"]}\n'
    )


def test_an_action_without_parameters_has_no_context() -> None:
    action = tlc_json(replace(TRACE, steps=(Step("Tick"),)))["counterexample"]["action"][0][1]
    assert action == {"name": "Tick", "location": {"beginLine": 0, "beginColumn": 0, "endLine": 0, "endColumn": 0, "module": "Unknown"}}


def test_a_lasso_goes_back_to_the_state_where_its_loop_begins() -> None:
    states: tuple[dict[str, Value], ...] = ({"x": 0}, {"x": 1}, {"x": 2}, {"x": 1})
    made = tlc_json(Trace(("x",), states, (INC, INC, INC), None, 1))["counterexample"]
    assert [[step[0][0], step[2][0]] for step in made["action"]] == [[1, 2], [2, 3], [3, 2]]
    assert made["state"] == [[1, {"x": 0}], [2, {"x": 1}], [3, {"x": 2}]]


def test_stuttering_is_a_step_from_a_state_to_itself() -> None:
    made = tlc_json(Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 1}), (INC, Step(None)), None, 1))["counterexample"]
    assert [[step[0][0], step[1]["name"], step[2][0]] for step in made["action"]] == [[1, "Inc", 2], [2, "Stuttering", 2]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"),
        (True, True),
        (3, 3),
        ("a", "a"),
        (A, "a"),
        (Sequence((1, 2)), [1, 2]),
        (Tuple((1, A)), [1, "a"]),
        (Set((A, B)), ["a", "b"]),
        (Record("Node", (("term", 1),)), {"term": 1}),
        (Record("Ping", (("n", 1),), tagged=True), {"tag": "Ping", "value": {"n": 1}}),
        (Map(((A, 1), (B, 2))), {"a": 1, "b": 2}),
        (Map((("s", 1),)), {"s": 1}),
        (Map(((1, "x"), (2, "y"))), ["x", "y"]),
        (Map(((0, "x"), (1, "y"))), {"0": "x", "1": "y"}),
        (Map(((True, 1),)), {"TRUE": 1}),
        (Map(()), []),
        (Bag(((A, 2),)), {"a": 2}),
        (Map(((Tuple((1, "a")), 1),)), {'<<1, "a">>': 1}),
        (Map(((Set((A, B)), 1),)), {"{a, b}": 1}),
        (Map(((Record("R", (("f", None),)), 1),)), {"[f |-> None]": 1}),
        (Map(((Tuple((Map(((A, 1), (B, 2))), Map(()), 'q"')), 1),)), {'<<(a :> 1 @@ b :> 2), <<>>, "q\\"">>': 1}),
        (Map(((Record("P", (), tagged=True), 1),)), {'[tag |-> "P", value |-> []]': 1}),
    ],
)
def test_a_value_is_what_tlc_makes_of_it(value: Value, expected: object) -> None:
    assert json.loads(json.dumps(tlc_value(value))) == expected
