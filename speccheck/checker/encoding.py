"""Results and errors as JSON and back, exactly: how they travel from one process to another, and into the cache.

This is no format for others (that is `reports/json.py`); it holds everything, Python's own types included::

    Finding("SC501", "never enabled", Span("x.py", 3))  ->  {"Finding": ["SC501", "never enabled", {"Span": ["x.py", 3, 0, 0, 0]}, true, null]}
    (1, None)                                           ->  [1, null]
    {"x": 1}                                            ->  {"dict": [["x", 1]]}
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from speccheck.checker.result import ActionCount, Explained, Finding, PropertyResult, Result, Simulated, Verdict
from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple
from speccheck.errors import CATALOGUE, SpeccheckError, SpecErrors
from speccheck.model.model import Model
from speccheck.source import Span
from speccheck.trace.origin import Origin
from speccheck.trace.trace import Choice, Step, Trace

Json = Any  # what `json.dumps` takes

CLASSES: dict[str, type] = {
    one.__name__: one
    for one in (ActionCount, Explained, Finding, Origin, PropertyResult, Simulated, Span, Choice, Step, Trace, Bag, Map, Member, Record, Sequence, Set, Tuple)
}
APART = ("model", "replay", "cached")  # what the reader of a result has already, or never needs


def encoded(value: Any) -> Json:
    """Return a value as JSON. Raises TypeError for one that has no shape here."""
    match value:
        case None | bool() | str() | int() | float() if type(value) in (type(None), bool, str, int, float):
            return value
        case tuple():
            return [encoded(one) for one in value]
        case Verdict():
            return {"Verdict": value.value}
        case Mapping():
            return {"dict": [[encoded(key), encoded(one)] for key, one in value.items()]}
    if is_dataclass(value) and CLASSES.get(type(value).__name__) is type(value):
        return {type(value).__name__: [encoded(getattr(value, one.name)) for one in fields(value)]}
    raise TypeError(f"{type(value).__qualname__} has no shape in JSON")


def decoded(json: Json) -> Any:
    """Return the value that was encoded. Raises ValueError for what never was."""
    match json:
        case None | bool() | str() | int() | float():
            return json
        case list():
            return tuple(map(decoded, json))
        case {"Verdict": str(word), **rest} if not rest:
            return Verdict(word)
        case {"dict": list(pairs), **rest} if not rest:
            return {decoded(key): decoded(one) for key, one in pairs}
        case dict() if len(json) == 1:
            ((name, values),) = json.items()
            if name in CLASSES and isinstance(values, list) and len(values) == len(fields(CLASSES[name])):
                return CLASSES[name](*map(decoded, values))
    raise ValueError(f"no value is encoded as {json!r:.80}")


def encoded_result(result: Result) -> Json:
    """Return a result as JSON, without its model."""
    return {one.name: encoded(getattr(result, one.name)) for one in fields(result) if one.name not in APART}


def decoded_result(json: Json, model: Model) -> Result:
    """Return the result of a model. Raises ValueError for what is none."""
    names = [one.name for one in fields(Result) if one.name not in APART]
    if not isinstance(json, dict) or sorted(json) != sorted(names):
        raise ValueError("no result is encoded so")
    return Result(model, **{name: decoded(json[name]) for name in names})


def encoded_error(error: SpeccheckError) -> Json:
    """Return an error, or each error of a group, as JSON."""
    return [[one.code, one.message, encoded(one.span), one.remedy, list(one.notes), encoded(one.trace)] for one in error.errors]


def decoded_error(json: Json) -> SpeccheckError:
    """Return the error, or the group."""
    errors = []
    for code, message, span, remedy, notes, trace in json:
        error = CATALOGUE[code](message, span=decoded(span), remedy=remedy, notes=notes)
        error.trace = decoded(trace)
        errors.append(error)
    return errors[0] if len(errors) == 1 else SpecErrors(errors)


def survives(result: Result) -> bool:
    """Return whether a result comes back as it is."""
    try:
        return decoded_result(encoded_result(result), result.model) == replace(result, replay=None, cached=False)
    except (TypeError, ValueError):
        return False
