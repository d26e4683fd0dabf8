"""How an explanation writes values and comparisons: as in Python, but in domain order, and stated as the facts that they are.

In: live values. Out: text::

    {RM1, RM0}, a set           ->  "{RM0, RM1}"
    `self.big != GOAL`, false   ->  "4 == 4"
    `a == b`, long sets, false  ->  "left only: RM2"
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import fields, is_dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from speccheck.domains import neutral
from speccheck.domains.bags import Bag
from speccheck.domains.maps import StateMap
from speccheck.domains.ordering import natural_key
from speccheck.domains.parts import Part
from speccheck.domains.records import Fields, declared_fields
from speccheck.domains.sets import StateFrozenSet, StateSet
from speccheck.domains.sorts import Sort
from speccheck.dsl.spec import Spec

LONGEST = 100  # characters of a value
SIDE = 44  # of one side of a comparison

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_VALUES: type[Any] = type({}.values())
_KEYS: type[Any] = type({}.keys())
_ITEMS: type[Any] = type({}.items())


def value_text(value: Any, limit: int = LONGEST) -> str:
    """Return a live value as a reader wants it; a long one without its middle."""
    return shortened(_text(value), limit)


def shortened(text: str, limit: int = LONGEST) -> str:
    """Return the text, without its middle where it is longer than the limit."""
    if len(text) <= limit:
        return text
    rest = limit - 5
    return f"{text[: rest - rest // 3]} ... {text[len(text) - rest // 3 :]}"


def _text(value: Any) -> str:
    match value:
        case None | bool() | Sort():
            return repr(value)
        case Enum():
            return value.name
        case int() | float():
            return repr(value)
        case str():
            return neutral.text(str(value))
        case type():
            return value.__name__
        case Part() if value._part_closed:
            return repr(value)
        case Spec() | Fields():
            return _record(type(value), {n: vars(value)[n] for n in declared_fields(type(value)) if n in vars(value)})
        case Bag():
            return "Bag{" + ", ".join(_text(item) + (f" (x{count})" if count > 1 else "") for item, count in _counted(value)) + "}"
        case _ if is_dataclass(value):
            return _record(type(value), {f.name: getattr(value, f.name) for f in fields(value)})
        case tuple() if hasattr(value, "_fields"):
            return _record(type(value), dict(zip(value._fields, value)))
    return _collection(value)


def _collection(value: Any) -> str:
    match value:
        case tuple():
            return "(" + ", ".join(map(_text, value)) + ("," if len(value) == 1 else "") + ")"
        case list() | _VALUES():
            return "[" + ", ".join(map(_text, value)) + "]"
        case set() | frozenset() | _KEYS():
            return "{" + ", ".join(map(_text, sorted_items(value))) + "}" if value else "set()"
        case _ITEMS():
            return _collection(dict(value))
        case dict() | MappingProxyType():
            return "{" + ", ".join(f"{_text(key)}: {_text(value[key])}" for key in _keys(value)) + "}"
    return _ADDRESS.sub("", repr(value))


def _record(cls: type, values: Mapping[str, Any]) -> str:
    return f"{cls.__name__}(" + ", ".join(f"{name}={_text(one)}" for name, one in values.items()) + ")"


def _counted(bag: Bag[Any]) -> list[tuple[Any, int]]:
    return list(bag.items()) if isinstance(bag, Part) else sorted(bag.items(), key=lambda pair: natural_key(pair[0]))


def _keys(mapping: Mapping[Any, Any]) -> list[Any]:
    return list(mapping) if isinstance(mapping, StateMap) else sorted_items(mapping)


def sorted_items(values: Any) -> list[Any]:
    """Return the elements of a set or the keys of a map in domain order."""
    if isinstance(values, StateSet | StateFrozenSet | StateMap):
        return list(values)
    return sorted(values, key=natural_key)


# -------------------------------------------------- facts

WORDS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_OPPOSITE = {
    "==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "is": "is not", "is not": "is", "in": "not in", "not in": "in",
}  # fmt: skip
_HOLDS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "is": operator.is_, "is not": operator.is_not, "in": lambda left, right: left in right, "not in": lambda left, right: left not in right,
    "issubset": lambda left, right: left.issubset(right), "issuperset": lambda left, right: left.issuperset(right),
    "isdisjoint": lambda left, right: left.isdisjoint(right),
}  # fmt: skip
_COLLECTIONS = (set, frozenset, _KEYS, dict, list, tuple, Fields)
FEW = 3  # elements in which one sees a difference


def compared(word: str, left: Any, right: Any) -> bool:
    """Return whether a comparison, or a method that compares sets, is true."""
    return bool(_HOLDS[word](left, right))


def fact(word: str, left: Any, right: Any) -> tuple[str, bool]:
    """Return what is true of two values, given the comparison that was asked, and whether that shows them completely."""
    texts = value_text(left, 10 * LONGEST), value_text(right, 10 * LONGEST)
    fits = sum(map(len, texts)) <= LONGEST
    if isinstance(left, _COLLECTIONS) and isinstance(right, _COLLECTIONS) and left == right:
        return f"both are {shortened(texts[0])}", len(texts[0]) <= LONGEST
    why = "" if compared(word, left, right) else difference(word, left, right)
    stated = f"{shortened(texts[0], LONGEST if fits else SIDE)} {true_word(word, left, right)} {shortened(texts[1], LONGEST if fits else SIDE)}"
    if why and not fits:
        return why, False
    return (f"{stated}; {why}" if why and isinstance(left, Sized) and len(left) > FEW else stated), fits


def true_word(word: str, left: Any, right: Any) -> str:
    """Return the comparison that is true of two values, given one that was asked: `>=` where `<` is false."""
    if compared(word, left, right):
        return word
    opposite = _OPPOSITE.get(word)
    return opposite if opposite is not None and compared(opposite, left, right) else f"not {word}"


def difference(word: str, left: Any, right: Any) -> str:
    """Return what makes a comparison of two collections false; an empty text where that does not help."""
    match left, right:
        case ((set() | frozenset() | _KEYS()), (set() | frozenset() | _KEYS())):
            return _set_difference(word, set(left), set(right))
        case ((dict() | list() | tuple() | Fields()), _) if word == "==" and left != right:
            return _first(list(_places(left, right, "")))
    return ""


def _set_difference(word: str, left: set[Any], right: set[Any]) -> str:
    if word == "isdisjoint":
        return f"in both: {_listed(left & right)}"
    parts = []
    if word in ("==", "<", "<=", "issubset") and left - right:
        parts.append(f"left only: {_listed(left - right)}")
    if word in ("==", ">", ">=", "issuperset") and right - left:
        parts.append(f"right only: {_listed(right - left)}")
    return "; ".join(parts)


def _listed(values: set[Any]) -> str:
    items = [value_text(value, SIDE) for value in sorted(values, key=natural_key)]
    return ", ".join(items[:FEW]) + (f" and {len(items) - FEW} more" if len(items) > FEW else "")


def _places(left: Any, right: Any, place: str) -> Iterator[str]:
    """Yield where two values differ, as deep inside as they are of one kind and shape: `[RM1].log[0]: 1 != 2`."""
    match left, right:
        case dict(), dict():
            for side, missing in (("left", set(left) - set(right)), ("right", set(right) - set(left))):
                if missing:
                    yield f"{place + ' ' if place else ''}{side} only: {_listed(missing)}"
            pairs = [(f"[{_text(key)}]", left[key], right[key]) for key in _keys(left) if key in right]
        case (list(), list()) | (tuple(), tuple()) if len(left) == len(right):
            pairs = [(f"[{index}]", *both) for index, both in enumerate(zip(left, right))]
        case Fields(), Fields() if type(left) is type(right):
            pairs = [(f".{name}", vars(left).get(name), vars(right).get(name)) for name in declared_fields(type(left))]
        case (list(), list()) | (tuple(), tuple()):
            yield f"{place + ': ' if place else ''}{len(left)} elements, not {len(right)}"
            return
        case _:
            yield f"{place}: {value_text(left, SIDE)} != {value_text(right, SIDE)}"
            return
    for step, one, other in pairs:
        if one != other:
            yield from _places(one, other, place + step)


def _first(parts: list[str]) -> str:
    """Return as many parts as fit, at least one."""
    count = 1
    while count < min(FEW, len(parts)) and len("; ".join(parts[: count + 1])) <= LONGEST:
        count += 1
    return "; ".join(parts[:count]) + (f"; and {len(parts) - count} more" if len(parts) > count else "")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 state`, `1,204 states`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
