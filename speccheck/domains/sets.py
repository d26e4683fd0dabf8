"""Sets of a state: `set[T]` iterates in domain order; a `frozenset[T]` in a state is a `StateFrozenSet`, which does so too."""

from collections.abc import Iterable, Iterator
from typing import Any

from speccheck.domains.parts import PART_SLOTS, OutsideDomain, Part

_add = set.add
_discard = set.discard


def _undo_add(part: Any, value: Any) -> None:
    _discard(part, value)


def _undo_discard(part: Any, value: Any) -> None:
    _add(part, value)


def _undo_all(part: Any, contents: Any) -> None:
    set.clear(part)
    set.update(part, contents)


class StateSet(set[Any], Part):
    """A set that belongs to a state; behaves as a set, and iterates in domain order."""

    __slots__ = PART_SLOTS

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(set.__iter__(self), key=self._part_domain.element.key))

    def add(self, value: Any, /) -> None:
        value = self._stored(value)
        if value in self:
            self._part_journal.log((None, self, None))
            return
        domain = self._part_domain
        if len(self) >= domain.capacity:
            raise OutsideDomain(set(self), domain, None, None, f"the set would hold {len(self) + 1} elements, {domain.describe()}")._at(self)
        self._part_journal.log((_undo_add, self, value))
        _add(self, value)

    def discard(self, value: Any, /) -> None:
        if value in self:
            self._part_journal.log((_undo_discard, self, value))
            _discard(self, value)
        else:
            self._part_journal.log((None, self, None))

    def remove(self, value: Any, /) -> None:
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self) -> Any:
        """Remove and return the least element in domain order."""
        for value in self:
            self.discard(value)
            return value
        raise KeyError("pop from an empty set")

    def clear(self) -> None:
        self._replace(())

    def update(self, *others: Iterable[Any]) -> None:
        for other in others:
            for value in _any_order(other):
                self.add(value)
        self._part_journal.log((None, self, None))

    def intersection_update(self, *others: Iterable[Any]) -> None:
        self._replace(set(self).intersection(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        self._replace(set(self).difference(*others))

    def symmetric_difference_update(self, other: Iterable[Any], /) -> None:
        self._replace(set(self).symmetric_difference(other))

    def __ior__(self, other: Any, /) -> "StateSet":  # type: ignore[override,misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self.update(other)
        return self

    def __iand__(self, other: Any, /) -> "StateSet":
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self._replace(set(self) & other)
        return self

    def __isub__(self, other: Any, /) -> "StateSet":
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self._replace(set(self) - other)
        return self

    def __ixor__(self, other: Any, /) -> "StateSet":  # type: ignore[override,misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self._replace(set(self) ^ other)
        return self

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self)) + "}" if self else "set()"

    def _stored(self, value: Any) -> Any:
        try:
            return self._part_domain.element.store(value, self)
        except OutsideDomain as outside:
            raise outside._at(self) from None

    def _replace(self, contents: Iterable[Any]) -> None:
        self._part_journal.log((_undo_all, self, set(self)))
        set.clear(self)
        for value in contents:
            self.add(value)

    def _part_plain(self) -> set[Any]:
        return set(self)

    def _part_children(self) -> Any:
        return ()


class StateFrozenSet(frozenset[Any]):
    """A frozenset that lies in a state, alone or inside a record; iterates in domain order."""

    __slots__ = ("_order",)
    _order: tuple[Any, ...]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def __repr__(self) -> str:
        return "frozenset({" + ", ".join(map(repr, self)) + "})" if self else "frozenset()"

    def __reduce__(self) -> Any:
        return (frozenset, (self._order,))


def frozen_set(values: Iterable[Any], key: Any) -> StateFrozenSet:
    """Return the values as a StateFrozenSet ordered by a key."""
    made = StateFrozenSet(values)
    made._order = tuple(sorted(frozenset.__iter__(made), key=key))
    return made


def _any_order(values: Iterable[Any]) -> Iterable[Any]:
    """Return the values for an order-independent use, without sorting a set first."""
    if isinstance(values, StateSet):
        return set(values)
    return tuple(values) if not isinstance(values, set | frozenset) else values
