"""The order in which `choose` offers what is no domain: alternatives of any iterable, merged when equal (semantics 1.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from speccheck.domains import neutral
from speccheck.domains.bags import StateBag
from speccheck.domains.evaluation import misused
from speccheck.domains.lists import StateList
from speccheck.domains.maps import StateMap
from speccheck.domains.parts import Part, shown
from speccheck.domains.sets import StateFrozenSet, StateSet
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.errors import Unhashable


def in_domain_order(values: Iterable[Any]) -> list[Any]:
    """Return the distinct values in order: by type (None, bool, int, str, sort, record, tuple, set), then within it.

    Containers of a state have an order of their own, that of their domains; sorts, enums and ranges already are in order. Raises Unhashable for a value
    that is not hashable.
    """
    if isinstance(values, SortMeta | StateSet | StateFrozenSet | StateBag | StateMap) or (isinstance(values, range) and values.step > 0):
        return list(values)
    if isinstance(values, type) and issubclass(values, Enum):
        return list(values)
    distinct: dict[Any, Any] = {}
    for value in values.keys() if isinstance(values, Mapping) else values:
        try:
            distinct.setdefault(value, value)
        except TypeError:
            what = "a mutable part of the state" if isinstance(value, Part) else shown(value)
            raise misused(Unhashable(f"choose was offered {what}, which is not hashable")) from None
    return sorted(distinct.values(), key=values._part_domain.element.key if isinstance(values, StateList) else natural_key)


def natural_key(value: Any) -> Any:
    """Return a key that orders values without a domain."""
    match value:
        case None:
            return (0,)
        case bool():
            return (1, value)
        case Enum():
            cls = type(value)
            return (4, cls.__name__, list(cls).index(value))
        case int():
            return (2, value)
        case str():
            return (3, value)
        case Sort():
            return (4, type(value).__name__, value._index)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return (5, type(value).__name__, *(natural_key(getattr(value, f.name)) for f in fields(value)))
        case tuple() if hasattr(value, "_fields"):
            return (5, type(value).__name__, *map(natural_key, value))
        case tuple():
            return (6, len(value), *map(natural_key, value))
        case frozenset():
            return (7, len(value), *sorted(map(natural_key, frozenset.__iter__(value))))
    return (8, type(value).__name__, shown(value))


def natural_neutral(value: Any) -> neutral.Value:
    """Return a value without a domain as a trace holds it."""
    match value:
        case None | bool():
            return value
        case Enum():
            return neutral.Member(type(value).__name__, list(type(value)).index(value), value.name)
        case int() | str():
            return value
        case Sort():
            return neutral.Member(type(value).__name__, value._index, repr(value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            return neutral.Record(type(value).__name__, tuple((f.name, natural_neutral(getattr(value, f.name))) for f in fields(value)))
        case tuple() if hasattr(value, "_fields"):
            return neutral.Record(type(value).__name__, tuple((n, natural_neutral(v)) for n, v in zip(value._fields, value)))
        case tuple():
            return neutral.Tuple(tuple(map(natural_neutral, value)))
        case frozenset():
            return neutral.Set(tuple(map(natural_neutral, sorted(frozenset.__iter__(value), key=natural_key))))
    return repr(value)
