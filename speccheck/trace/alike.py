"""Whether two values are the same where one of them was read from a file that does not say its types.

In: values. Out: something to compare and to hash, equal exactly where the JSON of the values is, whatever the order in which sets and maps are written::

    likeness(Member("RM", 0, "RM0")) == likeness("RM0"),  likeness(Bag(((1, 2),))) == likeness(Map(((1, 2),)))
"""

from collections.abc import Hashable, Mapping
from typing import assert_never

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value


def likeness(value: Value) -> Hashable:
    """Return what is equal for two values exactly if they look the same in JSON."""
    match value:
        case None | bool() | int() | str():
            return (type(value).__name__, value)  # True == 1
        case Member():
            return ("str", value.name)
        case Sequence(items):
            return ("list", tuple(map(likeness, items)))
        case Tuple(items):
            return ("tuple", tuple(map(likeness, items)))
        case Set(items):
            return ("set", frozenset(map(likeness, items)))
        case Bag(pairs) | Map(pairs):
            return ("map", frozenset((likeness(key), likeness(item)) for key, item in pairs))
        case Record(name, fields, tagged):
            return ("record", name if tagged else "", frozenset((field, likeness(item)) for field, item in fields))
    assert_never(value)


def likenesses(values: Mapping[str, Value]) -> dict[str, Hashable]:
    """Return the likeness of each value by name: of the variables of a state, of the parameters of a step."""
    return {name: likeness(value) for name, value in values.items()}
