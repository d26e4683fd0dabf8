"""Domains of values without structure: bool, literals, enums, sorts, None, and integers."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from speccheck.domains.base import Domain, Frozen, Renaming
from speccheck.domains.neutral import Member, Value
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.sorts import Sort

INT_MIN, INT_MAX = -(2**63), 2**63 - 1


class Enumerated(Domain):
    """Values listed one by one, in this order. `name` is how an annotation calls them."""

    def __init__(self, values: tuple[Any, ...], name: str) -> None:
        self.values = values
        self.name = name
        self.size = len(values)
        table = {value: value for value in values}
        self._ranks = {value: index for index, value in enumerate(values)}
        self.key = self._ranks.__getitem__

        def store(value: Any, owner: Any = None) -> Any:
            try:
                found = table[value]
            except (KeyError, TypeError):
                raise OutsideDomain(value, self) from None
            if found is value or type(found) is type(value):
                return found
            raise OutsideDomain(value, self)

        self.store = store

    def describe(self) -> str:
        return self.name

    def neutral(self, frozen: Frozen) -> Value:
        if isinstance(frozen, Sort | Enum):
            cls = type(frozen)
            name = frozen.name if isinstance(frozen, Enum) else repr(frozen)
            index = list(cls).index(frozen)
            return Member(cls.__name__, index, name)
        return frozen  # type: ignore[no-any-return]

    def rank(self, frozen: Frozen) -> int:
        return self._ranks[frozen]

    def unrank(self, index: int) -> Frozen:
        return self.values[index]

    def all_frozen(self) -> Iterator[Frozen]:
        return iter(self.values)

    def renames(self, sorts: frozenset[type]) -> bool:
        return any(type(value) in sorts for value in self.values)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return renaming.get(frozen, frozen) if isinstance(frozen, Sort) else frozen


class Integers(Domain):
    """The integers from `low` to `high`, both included; without bounds, those of 64 bits."""

    def __init__(self, low: int = INT_MIN, high: int = INT_MAX) -> None:
        self.low, self.high = low, high
        self.size = high - low + 1

        def store(value: Any, owner: Any = None) -> Any:
            if type(value) is int and low <= value <= high:
                return value
            raise OutsideDomain(value, self)

        self.store = store

    def key(self, frozen: Frozen) -> Any:
        return frozen

    def describe(self) -> str:
        return "int (64 bits)" if (self.low, self.high) == (INT_MIN, INT_MAX) else f"Range({self.low}, {self.high})"

    def neutral(self, frozen: Frozen) -> Value:
        return int(frozen)

    def rank(self, frozen: Frozen) -> int:
        return int(frozen) - self.low

    def unrank(self, index: int) -> Frozen:
        return self.low + index

    def all_frozen(self) -> Iterator[Frozen]:
        return iter(range(self.low, self.high + 1))
