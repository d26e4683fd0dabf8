"""Maps of a state: total ones, whose keys never change, and partial ones."""

from collections.abc import Iterator
from typing import Any

from speccheck.domains.parts import PART_SLOTS, OutsideDomain, Part, close, detach, own_form

_set = dict.__setitem__
_del = dict.__delitem__
_MISSING: Any = object()


def _undo_set(part: Any, old: Any) -> None:
    _set(part, *old)


def _undo_new(part: Any, key: Any) -> None:
    _del(part, key)


class StateMap(dict[Any, Any], Part):
    """What total and partial maps of a state have in common."""

    __slots__ = PART_SLOTS

    def update(self, *others: Any, **named: Any) -> None:
        for key, value in dict(*others, **named).items():
            self[key] = value
        self._part_journal.log((None, self, None))

    def __ior__(self, other: Any, /) -> "StateMap":  # type: ignore[misc]
        self.update(other)
        return self

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def _stored(self, key: Any, value: Any) -> Any:
        try:
            return self._part_domain.value_domain.store(value, self)
        except OutsideDomain as outside:
            raise outside._at(self, key) from None

    def _part_plain(self) -> dict[Any, Any]:
        return {k: v._part_plain() if isinstance(v, Part) else v for k, v in self.items()}

    def _part_children(self) -> Any:
        return dict.values(self)


class TotalMap(StateMap):
    """A map that always has all keys of its domain, in domain order: iteration is that of a dict."""

    __slots__ = ()

    def __setitem__(self, key: Any, value: Any, /) -> None:
        domain = self._part_domain
        if key not in self:
            raise OutsideDomain(key, domain.key_domain, f"the key {key!r} is outside {domain.key_domain.describe()}")._at(self)
        old = self[key]
        if value is old:
            self._part_journal.log((None, self, None))
            return
        try:
            value = domain.value_domain.store(value, self)
        except OutsideDomain as outside:
            raise outside._at(self, key) from None
        self._part_journal.log((_undo_set, self, (key, old)))
        _set(self, key, value)
        if domain.value_domain.mutable:
            close(old, self._part_journal)

    def __delitem__(self, key: Any, /) -> None:
        raise TypeError(f"del on a total map: {self._part_domain.describe()} has a value for every key; annotate it with Partial to let keys come and go")

    def pop(self, *_: Any) -> Any:
        raise TypeError(f"pop from a total map: {self._part_domain.describe()} has a value for every key; annotate it with Partial to let keys come and go")

    def popitem(self) -> Any:
        self.pop()

    def clear(self) -> None:
        self.pop()


class PartialMap(StateMap):
    """A map some of whose keys may be missing; iterates in the order of its keys' domain."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(dict.__iter__(self), key=self._part_domain.key_domain.key))

    def __reversed__(self) -> Iterator[Any]:
        return iter(list(self)[::-1])

    def keys(self) -> Any:
        return dict.fromkeys(self).keys()

    def values(self) -> Any:
        return {key: dict.__getitem__(self, key) for key in self}.values()

    def items(self) -> Any:
        return {key: dict.__getitem__(self, key) for key in self}.items()

    def __repr__(self) -> str:
        return repr(dict(self.items()))

    def __setitem__(self, key: Any, value: Any, /) -> None:
        old = dict.get(self, key, _MISSING)
        if value is old:
            self._part_journal.log((None, self, None))
            return
        if old is _MISSING:
            try:
                key = self._part_domain.key_domain.store(key, self)
            except OutsideDomain as outside:
                outside.reason = f"the key {outside}"
                raise outside._at(self) from None
        value = self._stored(key, value)
        if old is _MISSING:
            self._part_journal.log((_undo_new, self, key))
        else:
            self._part_journal.log((_undo_set, self, (key, old)))
        _set(self, key, value)
        close(old, self._part_journal)

    def __delitem__(self, key: Any, /) -> None:
        close(self._taken(key), self._part_journal)

    def pop(self, key: Any, default: Any = _MISSING, /) -> Any:
        if key not in self:
            if default is not _MISSING:
                self._part_journal.log((None, self, None))
                return default
            raise KeyError(key)
        return self._taken(key)

    def popitem(self) -> Any:
        """Remove and return the last item in domain order."""
        if not self:
            raise KeyError("popitem(): dictionary is empty")
        key = list(self)[-1]
        return key, self._taken(key)

    def clear(self) -> None:
        for key in list(self):
            del self[key]
        self._part_journal.log((None, self, None))

    def _taken(self, key: Any) -> Any:
        value = dict.__getitem__(self, key)
        key = own_form(key, self._part_domain.key_domain, dict.__iter__(self))
        self._part_journal.log((_undo_set, self, (key, value)))
        _del(self, key)
        detach(value, self._part_journal)
        return value


# Python's own messages name the class: "unsupported operand type(s) for |=: 'set' and 'list'".
TotalMap.__name__ = TotalMap.__qualname__ = "dict"
PartialMap.__name__ = PartialMap.__qualname__ = "dict"
