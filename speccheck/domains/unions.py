"""Unions: `A | B`, `T | None`. Values of the alternatives in written order; None comes last."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from speccheck.domains.base import Domain, Frozen, Live, Renaming
from speccheck.domains.containers import Container, Maps, Sets
from speccheck.domains.maps import PartialMap, TotalMap
from speccheck.domains.neutral import Value
from speccheck.domains.parts import Journal, OutsideDomain, Part, check_open
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences


class Union(Domain):
    """One of several domains, no two of which share a value.

    The frozen form is the alternative's, except where alternatives are mutable: then (number of the alternative, its frozen form), since a list and a set
    may freeze alike.
    """

    def __init__(self, alternatives: tuple[Domain, ...]) -> None:
        self.alternatives = alternatives
        self.size = sum(d.size for d in alternatives)
        self.mutable = any(d.mutable for d in alternatives)
        self._by_type: dict[type, list[int]] = {}
        for number, domain in enumerate(alternatives):
            for cls in types_of(domain):
                self._by_type.setdefault(cls, []).append(number)
        stores = tuple(d.store for d in alternatives)
        by_type = self._by_type

        def store(value: Any, owner: Any = None) -> Any:
            numbers = by_type.get(type(value), ())
            if len(numbers) == 1:  # the alternative's own message says more than the union's
                return stores[numbers[0]](value, owner)
            for number in numbers:
                try:
                    return stores[number](value, owner)
                except OutsideDomain:
                    continue
            if isinstance(value, Part):
                check_open(value)
            raise OutsideDomain(value, self)

        self.store = store

    def describe(self) -> str:
        return " | ".join(d.describe() for d in self.alternatives)

    def freeze(self, live: Live) -> Frozen:
        if not self.mutable:
            return live
        number = self._number(live)
        return (number, self.alternatives[number].freeze(live))

    def thaw(self, frozen: Frozen, owner: Any, journal: Journal) -> Live:
        return self.alternatives[frozen[0]].thaw(frozen[1], owner, journal) if self.mutable else frozen

    def plain(self, frozen: Frozen) -> Any:
        number, inner = self._split(frozen)
        return self.alternatives[number].plain(inner)

    def neutral(self, frozen: Frozen) -> Value:
        number, inner = self._split(frozen)
        return self.alternatives[number].neutral(inner)

    def key(self, frozen: Frozen) -> Any:
        number, inner = self._split(frozen)
        return (number, self.alternatives[number].key(inner))

    def rank(self, frozen: Frozen) -> int:
        number, inner = self._split(frozen)
        return sum(d.size for d in self.alternatives[:number]) + self.alternatives[number].rank(inner)

    def unrank(self, index: int) -> Frozen:
        for number, domain in enumerate(self.alternatives):
            if index < domain.size:
                return self._joined(number, domain.unrank(index))
            index -= domain.size
        raise IndexError(index)

    def all_frozen(self) -> Iterator[Frozen]:
        return chain.from_iterable((self._joined(n, f) for f in d.all_frozen()) for n, d in enumerate(self.alternatives))

    def renames(self, sorts: frozenset[type]) -> bool:
        return any(d.renames(sorts) for d in self.alternatives)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        number, inner = self._split(frozen)
        return self._joined(number, self.alternatives[number].rename(inner, renaming))

    def _joined(self, number: int, inner: Frozen) -> Frozen:
        return (number, inner) if self.mutable else inner

    def _split(self, frozen: Frozen) -> tuple[int, Frozen]:
        return frozen if self.mutable else (self._number(frozen), frozen)

    def _number(self, value: Any) -> int:
        numbers = self._by_type.get(type(value), ())
        if len(numbers) == 1:
            return numbers[0]
        return next(n for n in numbers if self.alternatives[n].contains(value))


def types_of(domain: Domain) -> tuple[type, ...]:
    """Return the exact types that values of the domain have, live ones included."""
    match domain:
        case Enumerated():
            return tuple({type(value): None for value in domain.values})
        case Integers():
            return (int,)
        case Product():
            return (domain.cls,)
        case Sequences():
            return (tuple,)
        case FrozenSets():
            values: tuple[Any, ...] = (frozenset(), domain.unrank(0))
            return (*{type(v): None for v in values},)
        case Maps():
            return (*domain.plain_types, TotalMap, PartialMap)
        case Container():
            return (*domain.plain_types, domain.live)
        case Records():
            return (domain.cls,)
        case Union():
            return tuple(chain.from_iterable(map(types_of, domain.alternatives)))
    raise AssertionError(domain)


def may_be_equal(a: Domain, b: Domain) -> bool:
    """Return whether some value of one domain equals one of the other under Python's == (semantics 1.5).

    Exact for scalars; structured values of one shape are compared field by field.
    """
    match a, b:
        case Union(), _:
            return any(may_be_equal(one, b) for one in a.alternatives)
        case _, Union():
            return may_be_equal(b, a)
        case Enumerated(), Enumerated():
            return any(x == y for x in a.values for y in b.values)
        case Enumerated(), Integers():
            return any(x == int(x) and b.low <= x <= b.high for x in a.values if isinstance(x, int))
        case Integers(), Enumerated():
            return may_be_equal(b, a)
        case Integers(), Integers():
            return max(a.low, b.low) <= min(a.high, b.high)
        case Product(), Product() if issubclass(a.cls, tuple) and issubclass(b.cls, tuple):
            return len(a.domains) == len(b.domains) and all(map(may_be_equal, a.domains, b.domains))
        case Product(), Product():
            return a.cls is b.cls
        case Sequences(), Product():
            return issubclass(b.cls, tuple) and len(b.domains) <= a.capacity and all(may_be_equal(a.element, d) for d in b.domains)
        case Product(), Sequences():
            return may_be_equal(b, a)
        case Records(), Records():
            return a.cls is b.cls
        case Container(), Container():
            return bool({*a.plain_types} & {*b.plain_types})
    sets = (FrozenSets, Sets)
    return type(a) is type(b) or (isinstance(a, sets) and isinstance(b, sets))
