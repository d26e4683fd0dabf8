"""A trace as JSON, as every JSON that we write contains it.

In: a Trace. Out: an object with the states, the steps between them, the step that failed, where a loop begins, where the trace comes from, and the types of its
values, without which it could not be read back::

    {"states": [{"x": 0}, {"x": 1}], "steps": [{"action": "up", "parameters": {}, ...}], "failed_step": null, "loop_start": null,
     "origin": {"spec": "Climb", "property": "low", ...}, "types": {"variables": {"x": "int"}, ...}, "sorts": {}}
"""

import json
from collections.abc import Callable
from typing import TypeAlias

from speccheck.domains.neutral import Value
from speccheck.source import Span, display_path
from speccheck.trace.declarations import declarations_json, declarations_of
from speccheck.trace.origin import Origin
from speccheck.trace.styled import Line, line
from speccheck.trace.trace import Step, Trace
from speccheck.trace.values import Json, json_of, state_json

Encoding: TypeAlias = Callable[[Value], Json]  # the JSON of a value: here that of `values.py`, in an ITF file another one


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
        "origin": None if trace.origin is None else origin_json(trace.origin),
        **declarations_json(declarations_of(trace)),
    }


def step_json(step: Step, encoded: Encoding = json_of) -> dict[str, Json]:
    """Return a step as a JSON object; stuttering is `{"action": null}` and nothing else."""
    if step.action is None:
        return {"action": None}
    return {
        "action": step.action,
        "parameters": {name: encoded(value) for name, value in step.parameters},
        "choices": [{"name": one.name, "value": encoded(one.value), "line": None if one.span is None else one.span.line} for one in step.choices],
        **_place(step.span),
    }


def origin_json(origin: Origin, encoded: Encoding = json_of) -> dict[str, Json]:
    """Return where a trace comes from as a JSON object."""
    return {
        "file": display_path(origin.file),
        "spec": origin.spec,
        "model": origin.model,
        "constants": dict(origin.constants),
        "property": origin.property,
        "kind": origin.kind,
        "reason": origin.reason,
        "binding": {name: encoded(value) for name, value in origin.binding},
        "explanation": [{"depth": one.depth, "expression": one.expression, "value": one.value, **_place(one.span)} for one in origin.explanation],
    }


def _place(span: Span | None) -> dict[str, Json]:
    return {"file": None if span is None else display_path(span.file), "line": None if span is None else span.line or None}
