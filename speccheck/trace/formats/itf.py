"""A trace in Apalache's Informal Trace Format (ADR-015), which Quint and the ITF viewers read, too.

In: a Trace. Out: one JSON object::

    {"#meta": {"format": "ITF", "varTypes": {"x": "Int"}, ...}, "vars": ["x"],
     "states": [{"#meta": {"index": 0}, "x": {"#bigint": "0"}}, {"#meta": {"index": 1, "action": "up", "parameters": {}, ...}, "x": {"#bigint": "1"}}],
     "loop": 0}

What ITF has no place for (types that Apalache does not have, the property, the step that failed) stands in `#meta`, from where it is read back. With `mbt`,
each state has besides the two variables in which Quint's model-based testing says what was done: `mbt::actionTaken` and `mbt::nondetPicks`.
"""

from collections.abc import Mapping
from typing import assert_never

from speccheck import __version__
from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.declarations import declarations_json, declarations_of
from speccheck.trace.formats.json import origin_json, step_json
from speccheck.trace.json_text import json_lines
from speccheck.trace.origin import ending, title_of
from speccheck.trace.styled import Line, line
from speccheck.trace.trace import Step, Trace
from speccheck.trace.type1 import type1
from speccheck.trace.values import Json

DESCRIPTION = "https://apalache-mc.org/docs/adr/015adr-trace.html"
ACTION, PICKS = "mbt::actionTaken", "mbt::nondetPicks"
OPENED = 3  # levels of the JSON: a variable of a state has a line where the state is too wide for one


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of an ITF file."""
    return [line(one) for one in json_lines(itf_json(trace), OPENED)]


def mbt_lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of an ITF file with the variables of Quint's model-based testing."""
    return [line(one) for one in json_lines(itf_json(trace, mbt=True), OPENED)]


def itf_json(trace: Trace, mbt: bool = False) -> dict[str, Json]:
    """Return the trace as a JSON object."""
    extra = _taken(trace) if mbt else [{}] * len(trace.states)
    states = [_state_json(trace, number) | extra[number] for number in range(len(trace.states))]
    loop = {} if trace.loop_start is None else {"loop": trace.loop_start}
    return {"#meta": _meta(trace, mbt), "vars": [*trace.variables, *([ACTION, PICKS] if mbt else [])], "states": states, **loop}


def itf_value(value: Value) -> Json:
    """Return the value as ITF has it: every integer exactly, None as the variant that Quint makes of it."""
    match value:
        case None:
            return {"tag": "None", "value": {"#tup": []}}
        case bool() | str():
            return value
        case int():
            return {"#bigint": str(value)}
        case Member():
            return value.name
        case Sequence(items):
            return [itf_value(item) for item in items]
        case Tuple(items):
            return {"#tup": [itf_value(item) for item in items]}
        case Set(items):
            return {"#set": [itf_value(item) for item in items]}
        case Bag(counted):
            return {"#map": [[itf_value(item), itf_value(count)] for item, count in counted]}
        case Map(pairs):
            return {"#map": [[itf_value(key), itf_value(item)] for key, item in pairs]}
        case Record(name, fields, tagged):
            record = {field: itf_value(item) for field, item in fields}
            return {"tag": name, "value": record} if tagged else record
    assert_never(value)


def _meta(trace: Trace, mbt: bool) -> dict[str, Json]:
    declared = declarations_of(trace)
    said = {name: type1(type_) for name, type_ in declared.variables.items()} | ({ACTION: "Str"} if mbt else {})
    return {
        "format": "ITF",
        "format-description": DESCRIPTION,
        "description": _description(trace),
        "varTypes": {name: text for name, text in said.items() if text is not None},
        "speccheck": {
            "version": __version__,
            "failed_step": None if trace.failed_step is None else step_json(trace.failed_step, itf_value),
            "origin": None if trace.origin is None else origin_json(trace.origin, itf_value),
            **declarations_json(declared),
        },
    }


def _description(trace: Trace) -> str:
    origin = trace.origin
    if origin is None:
        return f"Written by speccheck {__version__}"
    words = ending(origin.kind, origin.property, origin.reason, len(trace.taken))
    return f"Written by speccheck {__version__}: {title_of(origin)} of {origin.model}" + (f": {words}" if words else "")


def _state_json(trace: Trace, number: int) -> dict[str, Json]:
    """A state, and in its `#meta` the step that led to it."""
    step = step_json(trace.steps[number - 1], itf_value) if number else {}
    return {"#meta": {"index": number, **step}, **{name: itf_value(value) for name, value in trace.states[number].items()}}


def _taken(trace: Trace) -> list[dict[str, Json]]:
    """For each state what was done to come there: the action, and what was picked, where every pick of the trace has an entry."""
    picks = [_picks(step) for step in trace.steps]
    names = list(dict.fromkeys(name for picked in picks for name in picked))
    done = [("init", {}), *((step.action or "stutter", picked) for step, picked in zip(trace.steps, picks))]
    return [{ACTION: action, PICKS: {name: _option(picked, name) for name in names}} for action, picked in done]


def _picks(step: Step) -> Mapping[str, Value]:
    """The parameters and the choices of a step by name; a choice that was given none has its number."""
    return dict(step.parameters) | {choice.name or f"choice{number}": choice.value for number, choice in enumerate(step.choices, 1)}


def _option(picked: Mapping[str, Value], name: str) -> Json:
    return {"tag": "Some", "value": itf_value(picked[name])} if name in picked else itf_value(None)
