"""Neutral values: what a trace holds instead of the user's objects.

A neutral value is plain data that survives without the model, the engine and the process: None, bool, int and str stand for themselves, everything else
for what these classes say. A set is already sorted in domain order, a map by its keys.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a sort or an enum: `RM0`, `Color.RED`."""

    sort: str
    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, or (`immutable`) a tuple of any length."""

    items: "tuple[Value, ...]"
    immutable: bool = False


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple of fixed length."""

    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Set:
    """A set; the items are distinct and in domain order."""

    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Bag:
    """A multiset: distinct elements in domain order, each with its count."""

    items: "tuple[tuple[Value, int], ...]"


@dataclass(frozen=True, slots=True)
class Map:
    """A map; the items are in the order of the keys' domain."""

    items: "tuple[tuple[Value, Value], ...]"


@dataclass(frozen=True, slots=True)
class Record:
    """A record with named fields; `tagged` where it stands in a union and its class tells it apart."""

    name: str
    fields: "tuple[tuple[str, Value], ...]"
    tagged: bool = False


Value: TypeAlias = bool | int | str | Member | Sequence | Tuple | Set | Bag | Map | Record | None
State: TypeAlias = "dict[str, Value]"

# Control characters would break lines and paint terminals.
_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {10: "\\n", 13: "\\r", 9: "\\t", ord('"'): '\\"', ord("\\"): "\\\\"}


def text(value: Value) -> str:
    """Return the value as a reader wants it: as in Python, with sets and maps in domain order."""
    match value:
        case None | bool() | int():
            return repr(value)
        case str():
            return '"' + value.translate(_ESCAPED) + '"'
        case Member():
            return value.name
        case Sequence(items, immutable=False):
            return "[" + ", ".join(map(text, items)) + "]"
        case Sequence(items) | Tuple(items):
            return "(" + ", ".join(map(text, items)) + ("," if len(items) == 1 else "") + ")"
        case Set(items):
            return "{" + ", ".join(map(text, items)) + "}" if items else "set()"
        case Bag(items):
            shown = (text(item) + (f" (x{count})" if count > 1 else "") for item, count in items)
            return "Bag{" + ", ".join(shown) + "}"
        case Map(items):
            return "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in items) + "}"
        case Record(name, fields):
            return f"{name}(" + ", ".join(f"{n}={text(v)}" for n, v in fields) + ")"
