"""Lists of a state: `Annotated[list[T], MaxLen(n)]`."""

import operator
from collections.abc import Iterable
from typing import Any, SupportsIndex

from speccheck.domains.parts import PART_SLOTS, OutsideDomain, Part, close, detach

_append = list.append
_get = list.__getitem__
_insert = list.insert
_pop = list.pop
_set = list.__setitem__


def _undo_append(part: Any, _: Any) -> None:
    _pop(part)


def _undo_pop(part: Any, removed: Any) -> None:
    _insert(part, *removed)


def _undo_set(part: Any, old: Any) -> None:
    _set(part, *old)


def _undo_all(part: Any, contents: Any) -> None:
    _set(part, slice(None), contents)


class StateList(list[Any], Part):
    """A list that belongs to a state; behaves as a list."""

    __slots__ = PART_SLOTS

    def append(self, value: Any, /) -> None:
        self._room(1)
        value = self._stored(value, len(self))
        self._part_journal.log((_undo_append, self, None))
        _append(self, value)

    def insert(self, index: SupportsIndex, value: Any, /) -> None:
        self._room(1)
        value = self._stored(value, index)
        position = operator.index(index)
        position = max(0, position + len(self)) if position < 0 else min(position, len(self))
        self._part_journal.log((_undo_insert, self, position))
        _insert(self, position, value)

    def pop(self, index: SupportsIndex = -1, /) -> Any:
        try:
            value = _get(self, index)
        except (IndexError, TypeError):
            _pop(self, index)  # the same, in the words of `pop`
            raise
        position = operator.index(index)
        position = position + len(self) if position < 0 else position
        self._part_journal.log((_undo_pop, self, (position, value)))
        _pop(self, position)
        detach(value, self._part_journal)
        return value

    def remove(self, value: Any, /) -> None:
        try:
            position = self.index(value)
        except ValueError:
            raise ValueError("list.remove(x): x not in list") from None
        close(self.pop(position), self._part_journal)

    def __setitem__(self, index: Any, value: Any, /) -> None:
        if isinstance(index, slice):
            contents = list(self)
            contents[index] = value
            self._replace(contents)
            return
        try:
            old = _get(self, index)
        except (IndexError, TypeError):
            _set(self, index, value)  # the same, in the words of an assignment
            raise
        if value is old:
            self._part_journal.log((None, self, None))
            return
        value = self._stored(value, index)
        self._part_journal.log((_undo_set, self, (index, old)))
        _set(self, index, value)
        close(old, self._part_journal)

    def __delitem__(self, index: Any, /) -> None:
        if isinstance(index, slice):
            contents = list(self)
            del contents[index]
            self._replace(contents)
            return
        try:
            _get(self, index)
        except (IndexError, TypeError):
            list.__delitem__(self, index)
            raise
        close(self.pop(index), self._part_journal)

    def extend(self, values: Iterable[Any], /) -> None:
        values = list(values)
        if not values:
            self._part_journal.log((None, self, None))
        for value in values:
            self.append(value)

    def __iadd__(self, values: Iterable[Any], /) -> "StateList":  # type: ignore[misc]
        self.extend(values)
        return self

    def __imul__(self, times: SupportsIndex, /) -> "StateList":
        self._replace(list(self) * operator.index(times))
        return self

    def clear(self) -> None:
        self._replace([])

    def sort(self, *, key: Any = None, reverse: bool = False) -> None:
        self._replace(sorted(self, key=key, reverse=reverse))

    def reverse(self) -> None:
        self._replace(list(self)[::-1])

    def _room(self, more: int) -> None:
        domain = self._part_domain
        if len(self) + more > domain.capacity:
            raise OutsideDomain(list(self), domain, f"the list would hold {len(self) + more} elements, {domain.describe()}")._at(self)

    def _stored(self, value: Any, index: Any) -> Any:
        try:
            return self._part_domain.element.store(value, self)
        except OutsideDomain as outside:
            raise outside._at(self, index) from None

    def _replace(self, contents: list[Any]) -> None:
        """Give the list other contents: values that are here already stay, others are stored, those that are gone are closed."""
        old = list(self)
        here = {id(value) for value in old if isinstance(value, Part)}
        self._part_journal.log((_undo_all, self, old))
        _set(self, slice(None), [])
        for value in contents:
            self._room(1)
            stays = id(value) in here
            here.discard(id(value))  # a part stays in one place; for a second one it is refused
            _append(self, value if stays else self._stored(value, len(self)))
        for value in old:
            if id(value) in here:
                close(value, self._part_journal)

    def _part_plain(self) -> list[Any]:
        return [value._part_plain() if isinstance(value, Part) else value for value in self]

    def _part_children(self) -> Any:
        return list.__iter__(self)


def _undo_insert(part: Any, position: int) -> None:
    _pop(part, position)


# Python's own messages name the class: "unsupported operand type(s) for |=: 'set' and 'list'".
StateList.__name__ = StateList.__qualname__ = "list"
