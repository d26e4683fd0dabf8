"""A trace as JSON."""

import json

from speccheck.domains.neutral import Member, Set
from speccheck.source import Span
from speccheck.trace.formats.json import lines, step_json, trace_json
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace

RM0 = Member("RM", 0, "RM0")
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
    assert trace_json(trace) == {"states": [{"x": 0}, {"x": 0}], "steps": [{"action": None}], "failed_step": None, "loop_start": 0}
    failing = Trace(("x",), ({"x": 0},), (), STEP)
    assert trace_json(failing)["failed_step"] == step_json(STEP)


def test_the_lines_are_the_json_text_in_ascii() -> None:
    trace = Trace(("x",), ({"x": "\N{SNOWMAN}"},), ())
    text = plain_text(lines(trace))
    assert text.isascii() and json.loads(text) == trace_json(trace)
