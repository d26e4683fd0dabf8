"""A trace in the shape of TLC's `-dumpTrace json`, for tools that read that.

In: a Trace. Out: one line of JSON, as TLC writes it::

    {"counterexample":{"action":[[[1,{"x":0}],{"name":"up","location":{...}},[2,{"x":1}]]],"state":[[1,{"x":0}],[2,{"x":1}]]},"vars":["x"]}

States are numbered from 1. A lasso has no second copy of the state where its loop begins, but a step back to it; from a state to itself, where it stutters.
TLC's JSON knows fewer values than a trace: sets, tuples and sequences are arrays, members of sorts are strings, None is the string "None", and the keys of a
map are text.
"""

import json
from collections.abc import Mapping
from typing import assert_never

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.source import Span
from speccheck.trace.styled import Line, line
from speccheck.trace.trace import Step, Trace
from speccheck.trace.values import Json

NONE = "None"


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the one line of a file of TLC."""
    return [line(json.dumps(tlc_json(trace), separators=(",", ":"), allow_nan=False))]


def tlc_json(trace: Trace) -> dict[str, Json]:
    """Return the trace as a JSON object."""
    looping = trace.loop_start is not None
    states = [[number, _state(state)] for number, state in enumerate(trace.states[:-1] if looping else trace.states, 1)]
    following = [*states[1:], *([states[trace.loop_start]] if trace.loop_start is not None else [])]
    steps = [[source, _action(step), target] for source, step, target in zip(states, trace.steps, following)]
    return {"counterexample": {"action": steps, "state": states}, "vars": list(trace.variables)}


def tlc_value(value: Value) -> Json:
    """Return the value as TLC's module Json writes it."""
    match value:
        case None:
            return NONE
        case bool() | int() | str():
            return value
        case Member():
            return value.name
        case Sequence(items) | Tuple(items) | Set(items):
            return [tlc_value(item) for item in items]
        case Bag(pairs) | Map(pairs):
            return _function(pairs)
        case Record(name, fields, tagged):
            record = {field: tlc_value(item) for field, item in fields}
            return {"tag": name, "value": record} if tagged else record
    assert_never(value)


def _state(state: Mapping[str, Value]) -> dict[str, Json]:
    return {name: tlc_value(value) for name, value in state.items()}


def _action(step: Step) -> dict[str, Json]:
    """The action of a step; context and parameters are there only where it has some, as with TLC."""
    action: dict[str, Json] = {"name": step.action or "Stuttering", "location": _location(step.span)}
    if step.parameters:
        action |= {"context": _state(dict(step.parameters)), "parameters": [name for name, _ in step.parameters]}
    return action


def _location(span: Span | None) -> dict[str, Json]:
    """The place of an action; columns that are not known are the first one, as for a trace that was read from a file."""
    if span is None:
        return {"beginLine": 0, "beginColumn": 0, "endLine": 0, "endColumn": 0, "module": "Unknown"}
    module = span.file.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    column = max(span.column, 1)
    return {
        "beginLine": span.line,
        "beginColumn": column,
        "endLine": span.end_line or span.line,
        "endColumn": max(span.end_column - 1, column),
        "module": module,
    }


def _function(pairs: tuple[tuple[Value, Value], ...]) -> Json:
    """A function as an object, or, where its domain is 1..n (which may be empty), as an array."""
    if [key for key, _ in pairs if not isinstance(key, bool)] == list(range(1, len(pairs) + 1)):
        return [tlc_value(item) for _, item in pairs]
    return {_key(key): tlc_value(item) for key, item in pairs}


def _key(key: Value) -> str:
    return key if isinstance(key, str) else _tla(key)


def _tla(value: Value) -> str:
    """A value as TLC prints it: the keys of functions are written so."""
    match value:
        case None:
            return NONE
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Member():
            return value.name
        case Sequence(items) | Tuple(items):
            return "<<" + ", ".join(map(_tla, items)) + ">>"
        case Set(items):
            return "{" + ", ".join(map(_tla, items)) + "}"
        case Bag(pairs) | Map(pairs):
            return "(" + " @@ ".join(f"{_tla(key)} :> {_tla(item)}" for key, item in pairs) + ")" if pairs else "<<>>"
        case Record(name, fields, tagged):
            record = "[" + ", ".join(f"{field} |-> {_tla(item)}" for field, item in fields) + "]"
            return f'[tag |-> "{name}", value |-> {record}]' if tagged else record
    assert_never(value)
