"""The one JSON encoding of values: what every JSON that we write uses.

In: a neutral value. Out: plain JSON. Numbers, booleans, null and arrays stand for themselves, the rest has the shapes of ITF::

    Set((Member("RM", 0, "RM0"), None))  ->  {"#set": ["RM0", null]}
    Map(((Member("RM", 0, "RM0"), 3),))  ->  {"#map": [["RM0", 3]]}
    Record("Prepared", (("rm", RM0),), tagged=True)  ->  {"tag": "Prepared", "value": {"rm": "RM0"}}
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, assert_never

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value

Json: TypeAlias = Any  # null, booleans, numbers, strings, arrays and objects of these

EXACT = 2**53  # the integers up to here survive a reader that knows floating point numbers only


def json_of(value: Value) -> Json:
    """Return the value as JSON."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -EXACT <= value <= EXACT else str(value)
        case Member():
            return value.name
        case Sequence(items):
            return [json_of(item) for item in items]
        case Tuple(items):
            return {"#tup": [json_of(item) for item in items]}
        case Set(items):
            return {"#set": [json_of(item) for item in items]}
        case Bag(counted):
            return {"#map": [[json_of(item), count] for item, count in counted]}
        case Map(pairs):
            return {"#map": [[json_of(key), json_of(item)] for key, item in pairs]}
        case Record(name, fields, tagged):
            record = {field: json_of(item) for field, item in fields}
            return {"tag": name, "value": record} if tagged else record
    assert_never(value)


def state_json(state: Mapping[str, Value]) -> dict[str, Json]:
    """Return a state as an object: variable to value."""
    return {name: json_of(value) for name, value in state.items()}


def constant_json(value: Any) -> Json:
    """Return the value of a constant as JSON; constants are any Python objects, and what has no shape of its own is shown as text."""
    match value:
        case None | bool() | str():
            return value if type(value) in (type(None), bool, str) else str(value)
        case int():
            return int(value) if -EXACT <= value <= EXACT else str(int(value))
        case tuple():
            return {"#tup": [constant_json(item) for item in value]}
        case list():
            return [constant_json(item) for item in value]
        case set() | frozenset():
            return {"#set": sorted((constant_json(item) for item in value), key=repr)}
        case dict():
            return {"#map": [[constant_json(key), constant_json(item)] for key, item in value.items()]}
        case _:
            return {"#unserializable": repr(value)}
