"""Sets of a state: `set[T]` iterates in domain order; a `frozenset[T]` in a state is a `StateFrozenSet`, which does so too."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from speccheck.domains.parts import PART_SLOTS, OutsideDomain, Part, check_open, own_form

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
        try:
            value = self._part_domain.element.store(value)
        except OutsideDomain as outside:
            raise outside._at(self) from None
        self._add_stored(value)

    def _add_stored(self, value: Any) -> None:
        if value in self:
            self._part_journal.log((None, self, None))
            return
        domain = self._part_domain
        if len(self) >= domain.capacity:
            raise OutsideDomain(set(self), domain, f"the set would hold {len(self) + 1} elements, {domain.describe()}")._at(self)
        self._part_journal.log((_undo_add, self, value))
        _add(self, value)

    def discard(self, value: Any, /) -> None:
        if value in self:
            self._drop(value)
        else:
            self._part_journal.log((None, self, None))

    def remove(self, value: Any, /) -> None:
        if value not in self:
            raise KeyError(value)
        self._drop(value)

    def _drop(self, value: Any) -> None:
        own = own_form(value, self._part_domain.element, set.__iter__(self))
        self._part_journal.log((_undo_discard, self, own))
        _discard(self, own)

    def pop(self) -> Any:
        """Remove and return the least element in domain order."""
        for value in self:
            self._drop(value)
            return value
        raise KeyError("pop from an empty set")

    def clear(self) -> None:
        self._keep(set())

    def update(self, *others: Iterable[Any]) -> None:
        for other in others:
            for value in self._stored(_any_order(other)):
                self._add_stored(value)
        self._part_journal.log((None, self, None))

    def intersection_update(self, *others: Iterable[Any]) -> None:
        self._keep(set(self).intersection(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        self._keep(set(self).difference(*others))

    def symmetric_difference_update(self, other: Iterable[Any], /) -> None:
        other = set(_any_order(other))
        added = [value for value in other if value not in self]
        self._keep(set(self) - other)
        self.update(added)

    def __ior__(self, other: Any, /) -> "StateSet":  # type: ignore[misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self.update(other)
        return self

    def __iand__(self, other: Any, /) -> "StateSet":  # type: ignore[misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self._keep(set(self) & other)
        return self

    def __isub__(self, other: Any, /) -> "StateSet":  # type: ignore[misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self._keep(set(self) - other)
        return self

    def __ixor__(self, other: Any, /) -> "StateSet":  # type: ignore[misc]
        if not isinstance(other, set | frozenset):
            return NotImplemented
        self.symmetric_difference_update(other)
        return self

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self)) + "}" if self else "set()"

    def _stored(self, values: Iterable[Any]) -> list[Any]:
        try:
            return stored_each(self._part_domain.element.store, values)
        except OutsideDomain as outside:
            raise outside._at(self) from None

    def _keep(self, left: set[Any]) -> None:
        """Drop the elements that are not in `left`."""
        old = set(self)
        self._part_journal.log((_undo_all, self, old))
        set.clear(self)
        set.update(self, [value for value in old if value in left])

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


def stored_each(store: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Return the stored forms of the elements of a set; of several that are outside the domain the same one is reported in every run."""
    values = list(values)
    try:
        return [store(value) for value in values]
    except OutsideDomain:
        raise min(filter(None, (_refused(store, value) for value in values)), key=str) from None


def _refused(store: Callable[[Any], Any], value: Any) -> OutsideDomain | None:
    try:
        store(value)
    except OutsideDomain as outside:
        return outside
    return None


def frozen_set(values: Iterable[Any], key: Any) -> StateFrozenSet:
    """Return the values as a StateFrozenSet ordered by a key."""
    made = StateFrozenSet(values)
    made._order = tuple(sorted(frozenset.__iter__(made), key=key))
    return made


def _any_order(values: Iterable[Any]) -> Iterable[Any]:
    """Return the values for an order-independent use, without sorting a set first."""
    if isinstance(values, StateSet):
        check_open(values)  # set(...) would not ask
        return set(values)
    return tuple(values) if not isinstance(values, set | frozenset) else values


# Python's own messages name the class: "unsupported operand type(s) for |=: 'set' and 'list'".
StateSet.__name__ = StateSet.__qualname__ = "set"
StateFrozenSet.__name__ = StateFrozenSet.__qualname__ = "frozenset"
