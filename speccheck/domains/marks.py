"""Marks: what `Annotated[...]` adds to a type. Bounds of integers, capacities of containers, and whether a map is total.

Annotated[int, Range(0, 3)]          ->  <Range(0, 3)>
Annotated[list[T], MaxLen(2)]        ->  capacity 2
Annotated[list[T], MinLen(1)]        ->  BadAnnotation: a checker that passed over a mark would check another domain than the one that was written
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import annotated_types
from annotated_types import BaseMetadata, GroupedMetadata, MaxLen

from speccheck.domains.base import Domain
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.errors import BadAnnotation, UnboundedDomain


@dataclass(frozen=True, repr=False)
class Range(GroupedMetadata):
    """The bounds of an integer, both included: `Annotated[int, Range(0, 3)]`. Other libraries read it as Ge(low) and Le(high)."""

    low: int
    high: int

    def __iter__(self) -> Iterator[BaseMetadata]:
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)

    def __repr__(self) -> str:
        return _shown(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and self._bounds() == other._bounds()

    def __hash__(self) -> int:
        return hash(self._bounds())

    def _bounds(self) -> tuple[object, ...]:
        """The bounds with their types: `typing` keeps annotations, and would give Range(0, True) for Range(0, 1)."""
        return (type(self.low), self.low, type(self.high), self.high)


class Total:
    """Marks a map that always has a value for every key: `Annotated[dict[K, V], Total]`."""


class Partial:
    """Marks a map whose keys may come and go: `Annotated[dict[K, V], Partial]`."""


_BOUNDS = (range, annotated_types.Ge, annotated_types.Gt, annotated_types.Le, annotated_types.Lt)


def integers(marks: list[Any]) -> Domain:
    """Return the domain of an `int` with these marks: all integers of 64 bits without any."""
    check_marks(marks, _BOUNDS, "an int", "Write Annotated[int, Range(lo, hi)].")
    low, high, stepped = INT_MIN, INT_MAX, []
    for mark in _single(marks):
        match mark:
            case range() if mark.step == 1:
                low, high = max(low, _bound(mark.start)), min(high, _bound(mark.stop) - 1)
            case range():
                stepped.append(mark)
            case annotated_types.Ge():
                low = max(low, _bound(mark.ge))
            case annotated_types.Gt():
                low = max(low, _bound(mark.gt) + 1)
            case annotated_types.Le():
                high = min(high, _bound(mark.le))
            case annotated_types.Lt():
                high = min(high, _bound(mark.lt) - 1)
    if stepped:
        values = tuple(v for v in sorted(stepped[0]) if low <= v <= high and all(v in one for one in stepped))
        if values:
            return Enumerated(values, str(stepped[0]))
    if stepped or low > high:
        raise BadAnnotation(f"{', '.join(map(_shown, marks))} contains no value")
    return Integers(low, high)


def _bound(value: Any) -> int:
    if type(value) is not int:
        raise BadAnnotation(f"the bound {value!r} of an int is no integer")
    if not INT_MIN <= value <= INT_MAX:
        raise BadAnnotation(f"the bound {value} of an int is wider than 64 bits")
    return value


def capacity(marks: list[Any], kind: str) -> int | None:
    """Return the capacity among the marks of a container, None where there is none."""
    check_marks(marks, (MaxLen,), f"a {kind}", "Write MaxLen(n) for a capacity; what a container must always hold besides is an invariant.")
    limits = [mark.max_length for mark in _single(marks) if isinstance(mark, MaxLen)]
    for limit in limits:
        if type(limit) is not int or limit < 0:
            raise BadAnnotation(f"MaxLen({limit!r}): a capacity is a natural number")
    return min(limits, default=None)


def needed_capacity(marks: list[Any], kind: str, form: str) -> int:
    """Return the capacity among the marks of a container that must have one."""
    limit = capacity(marks, kind)
    if limit is None:
        raise UnboundedDomain(f"a {kind} without a capacity", remedy=f"Write Annotated[{form}, MaxLen(n)].")
    return limit


def totality(marks: list[Any]) -> bool | None:
    """Return whether a map is marked as total or partial, None where nothing is said."""
    check_marks(marks, (), "a map", "Its keys bound it; write Total or Partial to say whether every key has a value.", total=True)
    total, partial = (any(mark is one or isinstance(mark, one) for mark in marks) for one in (Total, Partial))
    if total and partial:
        raise BadAnnotation("a map is either Total or Partial", remedy="Drop one of the two marks.")
    return True if total else False if partial else None


def check_marks(marks: list[Any], understood: tuple[type, ...], what: str, remedy: str = "Drop it.", *, total: bool = False) -> None:
    """Raise BadAnnotation for a mark that restricts something else than what it stands on. Marks that are no restrictions, such as texts, are free."""
    for mark in marks:
        of_a_map = mark is Total or mark is Partial or isinstance(mark, Total | Partial)
        restricts = any(isinstance(one, range | BaseMetadata) and not isinstance(one, understood) for one in _single([mark]))
        if (restricts and type(mark).__name__ != "Unit") or (of_a_map and not total):
            raise BadAnnotation(f"{_shown(mark)} says nothing about {what}", remedy=remedy)


def _shown(mark: Any) -> str:
    """Return a mark as it is written: `Len(1, 3)` for Len(min_length=1, max_length=3)."""
    if isinstance(mark, type) or not is_dataclass(mark):
        return mark.__name__ if isinstance(mark, type) else type(mark).__name__ if isinstance(mark, Total | Partial) else repr(mark)
    return f"{type(mark).__name__}({', '.join(repr(getattr(mark, field.name)) for field in fields(mark))})"


def _single(marks: list[Any]) -> Iterator[Any]:
    for mark in marks:
        if isinstance(mark, GroupedMetadata):
            yield from mark
        else:
            yield mark
