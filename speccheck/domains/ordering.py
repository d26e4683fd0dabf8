"""The order in which `choose` offers what is no domain: alternatives of any iterable, merged when equal (semantics 1.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from speccheck.domains.bags import Bag
from speccheck.domains.parts import Part, shown
from speccheck.domains.sets import StateSet
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.errors import Misuse, Unhashable


def in_domain_order(values: Iterable[Any]) -> list[Any]:
    """Return the distinct values in order: by type (None, bool, int, str, sort, record, tuple, set), then within it.

    Containers of a state, sorts, enums and ranges already are in order. Raises Misuse for a value that is not hashable.
    """
    if isinstance(values, SortMeta | StateSet | Bag) or (isinstance(values, range) and values.step > 0):
        return list(values)
    if isinstance(values, type) and issubclass(values, Enum):
        return list(values)
    distinct: dict[Any, Any] = {}
    for value in values.keys() if isinstance(values, Mapping) else values:
        try:
            distinct.setdefault(value, value)
        except TypeError:
            what = "a mutable part of the state" if isinstance(value, Part) else shown(value)
            raise Misuse(Unhashable(f"choose was offered {what}, which is not hashable")) from None
    return sorted(distinct.values(), key=natural_key)


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
        case _ if is_dataclass(value):
            return (5, type(value).__name__, *(natural_key(getattr(value, f.name)) for f in fields(value)))
        case tuple() if hasattr(value, "_fields"):
            return (5, type(value).__name__, *map(natural_key, value))
        case tuple():
            return (6, len(value), *map(natural_key, value))
        case frozenset():
            return (7, len(value), *sorted(map(natural_key, frozenset.__iter__(value))))
    return (8, type(value).__name__, repr(value))
