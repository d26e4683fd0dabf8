"""Values read back: from the JSON of `values.py`, or of an ITF file, to neutral values.

In: JSON, and the type of the value where the file says it. Out: a neutral value::

    value_of({"#map": [["RM0", 3]]}, BagType(RM))  ->  Bag(((RM0, 3),))
    value_of({"#map": [["RM0", 3]]})               ->  Map((("RM0", 3),))

Without a type strings are strings, maps are maps, and records have no name: that is all that JSON says. ValueError where JSON and type do not fit.
"""

import re
from json import dumps
from typing import Any, assert_never

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.type_text import type_text
from speccheck.trace.types import STR, BagType, ListType, MapType, RecordType, Scalar, SetType, SortType, TupleType, Type, UnionType
from speccheck.trace.values import EXACT, Json

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
NOTHING: tuple[Json, ...] = ({"#tup": []}, {}, "U_OF_UNIT")  # what ITF writers put into the variant None: Quint, an older Quint, Apalache


def value_of(json: Json, type_: Type | None = None) -> Value:
    """Return the value that a JSON stands for; ValueError if it is none of the type."""
    if type_ is None:
        return _by_shape(json)
    match type_:
        case Scalar(name):
            return _scalar(json, name)
        case SortType(name, members):
            found = [Member(name, index, known) for index, known in members if known == json]
            if not found:
                raise _unfit(json, type_)
            return found[0]
        case ListType(element, immutable):
            return Sequence(_all(json, element), immutable)
        case TupleType(items):
            inner = _inside(json, "#tup")
            if len(inner) != len(items):
                raise _unfit(json, type_)
            return Tuple(tuple(map(value_of, inner, items)))
        case SetType(element):
            return Set(_all(_inside(json, "#set"), element))
        case BagType(element):
            return Bag(tuple((value_of(item, element), _count(count)) for item, count in _pairs(json)))
        case MapType(key, item):
            return Map(tuple((value_of(one, key), value_of(other, item)) for one, other in _pairs(json)))
        case RecordType():
            return _record(json, type_)
        case UnionType():
            return _alternative(json, type_)
    assert_never(type_)


def _scalar(json: Json, name: str) -> Value:
    match name:
        case "None" if json is None or _is_none(json):
            return None
        case "bool" if isinstance(json, bool):
            return json
        case "int" if (number := _integer(json)) is not None:
            return number
        case "str" if isinstance(json, str):
            return json
    raise ValueError(f"{_short(json)} is no {name}")


def _integer(json: Json) -> int | None:
    """The integer that a JSON is: a number, ITF's `#bigint`, or the string of one that a number cannot hold exactly."""
    match json:
        case bool():
            return None
        case int():
            return json
        case {"#bigint": str(digits)} if len(json) == 1 and INTEGER.fullmatch(digits):
            return int(digits)
        case str() if INTEGER.fullmatch(json) and abs(int(json)) > EXACT:
            return int(json)
    return None


def _record(json: Json, type_: RecordType) -> Value:
    value = json
    if type_.tagged and isinstance(json, dict) and json.keys() == {"tag", "value"} and json["tag"] == type_.name:
        value = json["value"]
    elif type_.tagged:
        raise _unfit(json, type_)
    if not isinstance(value, dict) or value.keys() != {name for name, _ in type_.fields}:
        raise _unfit(json, type_)
    return Record(type_.name, tuple((name, value_of(value[name], item)) for name, item in type_.fields), type_.tagged)


def _alternative(json: Json, union: UnionType) -> Value:
    """The value as one of several types. Strings come last: a member of a sort and a large integer are strings, too."""
    for alternative in sorted(union.alternatives, key=lambda one: one == STR):
        try:
            return value_of(json, alternative)
        except ValueError:
            continue
    raise _unfit(json, union)


def _by_shape(json: Json) -> Value:
    match json:
        case None | bool() | int() | str():
            return json
        case list():
            return Sequence(tuple(map(_by_shape, json)))
        case {"#bigint": _} if (number := _integer(json)) is not None:
            return number
        case {"#tup": list(items)}:
            return Tuple(tuple(map(_by_shape, items)))
        case {"#set": list(items)}:
            return Set(tuple(map(_by_shape, items)))
        case {"#map": list()}:
            return Map(tuple((_by_shape(key), _by_shape(item)) for key, item in _pairs(json)))
        case {"#unserializable": str(text)}:
            return text
        case dict() if _is_none(json):
            return None
        case {"tag": str(tag), "value": value} if len(json) == 2:
            return Record(tag, _fields(value), tagged=True)
        case dict() if not any(name.startswith("#") for name in json):
            return Record("", _fields(json))
    raise ValueError(f"{_short(json)} is no value")


def _fields(json: Json) -> tuple[tuple[str, Value], ...]:
    """The fields of a record; those of a variant that holds something else are one, `value`."""
    if isinstance(json, dict) and not any(name.startswith("#") for name in json) and json.keys() != {"tag", "value"}:
        return tuple((name, _by_shape(item)) for name, item in json.items())
    return (("value", _by_shape(json)),)


def _is_none(json: Json) -> bool:
    return isinstance(json, dict) and json.keys() == {"tag", "value"} and json["tag"] == "None" and json["value"] in NOTHING


def _all(json: Json, element: Type) -> tuple[Value, ...]:
    if not isinstance(json, list):
        raise ValueError(f"{_short(json)} is no list")
    return tuple(value_of(item, element) for item in json)


def _inside(json: Json, key: str) -> list[Any]:
    if isinstance(json, dict) and json.keys() == {key} and isinstance(json[key], list):
        found: list[Any] = json[key]
        return found
    raise ValueError(f"{_short(json)} has no '{key}'")


def _pairs(json: Json) -> list[tuple[Json, Json]]:
    pairs = _inside(json, "#map")
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ValueError(f"{_short(json)} is no list of pairs")
    return [(key, item) for key, item in pairs]


def _count(json: Json) -> int:
    number = _integer(json)
    if number is None or number < 1:
        raise ValueError(f"{_short(json)} is no count of an element")
    return number


def _unfit(json: Json, type_: Type) -> ValueError:
    return ValueError(f"{_short(json)} is no {type_text(type_)}")


def _short(json: Json) -> str:
    text = dumps(json)
    return text if len(text) <= 60 else text[:56] + " ..."
