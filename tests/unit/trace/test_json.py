"""A trace as JSON."""

import json

from speccheck.domains.neutral import Member, Set
from speccheck.source import Span
from speccheck.trace.formats.json import lines, origin_json, step_json, trace_json
from speccheck.trace.origin import Explained, Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace

RM0, RM1 = Member("RM", 0, "RM0"), Member("RM", 1, "RM1")
STEP = Step("send", (("rm", RM0),), (Choice("m", Set((1,)), Span("x.py", 22, 9)), Choice(None, 2)), Span("x.py", 21, 5))


def test_a_step_has_its_parameters_choices_and_place() -> None:
    assert step_json(STEP) == {
        "action": "send",
        "parameters": {"rm": "RM0"},
        "choices": [{"name": "m", "value": {"#set": [1]}, "line": 22}, {"name": None, "value": 2, "line": None}],
        "file": "x.py",
        "line": 21,
    }


def test_stuttering_is_a_step_without_an_action() -> None:
    assert step_json(Step(None)) == {"action": None}


def test_a_trace_has_its_states_steps_loop_and_failed_step() -> None:
    trace = Trace(("x",), ({"x": 0}, {"x": 0}), (Step(None),), None, 0)
    assert trace_json(trace) == {
        "states": [{"x": 0}, {"x": 0}],
        "steps": [{"action": None}],
        "failed_step": None,
        "loop_start": 0,
        "origin": None,
        "types": {"variables": {"x": "int"}, "parameters": {}, "choices": {}, "binding": {}},
        "sorts": {},
    }
    failing = Trace(("x",), ({"x": 0},), (), STEP)
    assert trace_json(failing)["failed_step"] == step_json(STEP)


def test_a_trace_says_the_types_of_all_its_values_and_the_members_of_sorts_once() -> None:
    origin = Origin("x.py", "S", "S", "p", "invariant", binding=(("rm", RM1),))
    trace = trace_json(Trace(("x",), ({"x": None}, {"x": RM0}), (STEP,), None, None, origin))
    assert trace["types"] == {
        "variables": {"x": "RM | None"},
        "parameters": {"send": {"rm": "RM"}},
        "choices": {"send": ["set[int]", "int"]},
        "binding": {"rm": "RM"},
    }
    assert trace["sorts"] == {"RM": {"RM0": 0, "RM1": 1}}


def test_a_trace_says_where_it_comes_from() -> None:
    explained = (Explained(0, "self.low()", "False", Span("x.py", 7, 3)), Explained(1, "self.x", "3"))
    origin = Origin("x.py", "S", "S[N=3]", "p", "invariant", (("N", "3"),), None, (("rm", RM1),), explained)
    assert origin_json(origin) == {
        "file": "x.py",
        "spec": "S",
        "model": "S[N=3]",
        "constants": {"N": "3"},
        "property": "p",
        "kind": "invariant",
        "reason": None,
        "binding": {"rm": "RM1"},
        "explanation": [
            {"depth": 0, "expression": "self.low()", "value": "False", "file": "x.py", "line": 7},
            {"depth": 1, "expression": "self.x", "value": "3", "file": None, "line": None},
        ],
    }


def test_the_lines_are_the_json_text_in_ascii() -> None:
    trace = Trace(("x",), ({"x": "\N{SNOWMAN}"},), ())
    text = plain_text(lines(trace))
    assert text.isascii() and json.loads(text) == trace_json(trace)
