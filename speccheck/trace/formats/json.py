"""A trace as JSON, as every JSON that we write contains it.

In: a Trace. Out: an object with the states, the steps between them, the step that failed, and where a loop begins::

    {"states": [{"x": 0}, {"x": 1}], "steps": [{"action": "up", "parameters": {}, ...}], "failed_step": null, "loop_start": null}
"""

import json

from speccheck.source import display_path
from speccheck.trace.styled import Line, line
from speccheck.trace.trace import Choice, Step, Trace
from speccheck.trace.values import Json, json_of, state_json


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a JSON text."""
    return [line(one) for one in json.dumps(trace_json(trace), indent=1).split("\n")]


def trace_json(trace: Trace) -> dict[str, Json]:
    """Return the trace as a JSON object."""
    return {
        "states": [state_json(state) for state in trace.states],
        "steps": [step_json(step) for step in trace.steps],
        "failed_step": None if trace.failed_step is None else step_json(trace.failed_step),
        "loop_start": trace.loop_start,
    }


def step_json(step: Step) -> dict[str, Json]:
    """Return a step as a JSON object; stuttering is `{"action": null}` and nothing else."""
    if step.action is None:
        return {"action": None}
    return {
        "action": step.action,
        "parameters": {name: json_of(value) for name, value in step.parameters},
        "choices": [_choice_json(choice) for choice in step.choices],
        "file": None if step.span is None else display_path(step.span.file),
        "line": None if step.span is None else step.span.line,
    }


def _choice_json(choice: Choice) -> dict[str, Json]:
    return {"name": choice.name, "value": json_of(choice.value), "line": None if choice.span is None else choice.span.line}
