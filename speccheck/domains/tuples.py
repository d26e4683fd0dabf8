"""Domains of immutable values with structure: tuples, NamedTuples, frozen dataclasses, sequences and frozensets."""

from collections.abc import Callable
from itertools import chain
from math import comb
from typing import Any

from speccheck.domains.base import Domain, Frozen, Renaming, describe_each
from speccheck.domains.neutral import Record, Sequence, Set, Tuple, Value
from speccheck.domains.parts import OutsideDomain, shown
from speccheck.domains.sets import StateFrozenSet, frozen_set, stored_each


class Product(Domain):
    """Tuples of fixed length, or immutable records: the fields' values side by side, the first field counting most.

    `make` builds a value from its fields and `fields_of` takes it apart.
    """

    def __init__(
        self,
        cls: type,
        names: tuple[str, ...],
        domains: tuple[Domain, ...],
        make: Callable[[tuple[Any, ...]], Any],
        fields_of: Callable[[Any], tuple[Any, ...]],
    ) -> None:
        self.cls, self.names, self.domains = cls, names, domains
        self.make, self.fields_of = make, fields_of
        self.tagged = False
        self.size = 1
        for domain in domains:
            self.size *= domain.size
        canonical: dict[Any, Any] = {}
        stores = tuple(domain.store for domain in domains)
        arity = len(domains)

        def store(value: Any, owner: Any = None) -> Any:
            if type(value) is not cls:
                raise OutsideDomain(value, self)
            fields = fields_of(value)
            if len(fields) != arity:
                raise OutsideDomain(value, self, f"{shown(value)} has {len(fields)} elements, {self.describe()} has {arity}")
            try:
                stored = tuple([one(field) for one, field in zip(stores, fields)])
            except OutsideDomain:
                raise self._outside(value, fields) from None
            # One object for each value: comparing values in sets then takes the identity short cut.
            known = canonical.get(stored)
            if known is None:
                known = canonical[stored] = make(stored)
            return known

        self.store = store

    def _outside(self, value: Any, fields: tuple[Any, ...]) -> OutsideDomain:
        """Return the exception for a value one of whose fields is outside its domain: it names the field."""
        for name, domain, field in zip(self.names, self.domains, fields):
            try:
                domain.store(field)
            except OutsideDomain as outside:
                outside.reason = f"{f'element {name}' if self.cls is tuple else repr(name)} of {shown(value)}: {outside}"
                return outside
        raise AssertionError(value)

    def describe(self) -> str:
        return f"tuple[{describe_each(self.domains)}]" if self.cls is tuple else self.cls.__name__

    def key(self, frozen: Frozen) -> Any:
        return tuple([d.key(f) for d, f in zip(self.domains, self.fields_of(frozen))])

    def neutral(self, frozen: Frozen) -> Value:
        fields = tuple(d.neutral(f) for d, f in zip(self.domains, self.fields_of(frozen)))
        if self.cls is tuple:
            return Tuple(fields)
        return Record(self.cls.__name__, tuple(zip(self.names, fields)), self.tagged)

    def rank(self, frozen: Frozen) -> int:
        rank = 0
        for domain, field in zip(self.domains, self.fields_of(frozen)):
            rank = rank * domain.size + domain.rank(field)
        return rank

    def unrank(self, index: int) -> Frozen:
        fields = []
        for domain in reversed(self.domains):
            index, one = divmod(index, domain.size)
            fields.append(domain.unrank(one))
        return self.make(tuple(reversed(fields)))

    def renames(self, sorts: frozenset[type]) -> bool:
        return any(domain.renames(sorts) for domain in self.domains)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        renamed = tuple(d.rename(f, renaming) for d, f in zip(self.domains, self.fields_of(frozen)))
        return self.store(self.make(renamed))


class Sequences(Domain):
    """Tuples of any length up to `capacity`: by length, then element by element."""

    def __init__(self, element: Domain, capacity: int) -> None:
        self.element, self.capacity = element, capacity
        self.size = geometric(element.size, capacity)

        def store(value: Any, owner: Any = None) -> Any:
            if type(value) is not tuple:
                raise OutsideDomain(value, self)
            if len(value) > capacity:
                raise OutsideDomain(value, self, f"{shown(value)} has {len(value)} elements, {self.describe()}")
            stored = tuple([element.store(item) for item in value])
            return value if all(a is b for a, b in zip(stored, value)) else stored

        self.store = store

    def describe(self) -> str:
        return f"tuple[{self.element.describe()}, ...] of at most {self.capacity}"

    def key(self, frozen: Frozen) -> Any:
        return (len(frozen), *map(self.element.key, frozen))

    def neutral(self, frozen: Frozen) -> Value:
        return Sequence(tuple(map(self.element.neutral, frozen)), immutable=True)

    def rank(self, frozen: Frozen) -> int:
        return rank_sequence(self.element, frozen)

    def unrank(self, index: int) -> Frozen:
        return unrank_sequence(self.element, index)

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.element.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return tuple(self.element.rename(item, renaming) for item in frozen)


class FrozenSets(Domain):
    """Subsets of a domain with at most `capacity` elements: by size, then as their sorted elements."""

    def __init__(self, element: Domain, capacity: int) -> None:
        self.element, self.capacity = element, min(capacity, element.size)
        self.size = subsets(element.size, self.capacity)

        def store(value: Any, owner: Any = None) -> Any:
            if type(value) not in (frozenset, StateFrozenSet):
                raise OutsideDomain(value, self)
            if len(value) > self.capacity:
                raise OutsideDomain(value, self, f"the set has {len(value)} elements, {self.describe()}")
            return frozen_set(stored_each(element.store, frozenset.__iter__(value)), element.key)

        self.store = store

    def describe(self) -> str:
        return f"frozenset[{self.element.describe()}]" + (f" of at most {self.capacity}" if self.capacity < self.element.size else "")

    def key(self, frozen: Frozen) -> Any:
        return (len(frozen), *sorted(map(self.element.key, frozenset.__iter__(frozen))))

    def neutral(self, frozen: Frozen) -> Value:
        return Set(tuple(map(self.element.neutral, sorted(frozenset.__iter__(frozen), key=self.element.key))))

    def rank(self, frozen: Frozen) -> int:
        return rank_subset(self.element, frozen)

    def unrank(self, index: int) -> Frozen:
        return frozen_set(map(self.element.unrank, unrank_subset(self.element.size, index)), self.element.key)

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.element.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return frozen_set((self.element.rename(item, renaming) for item in frozenset.__iter__(frozen)), self.element.key)


def geometric(base: int, capacity: int) -> int:
    """Return 1 + base + ... + base ** capacity: the number of sequences of at most `capacity` elements."""
    return capacity + 1 if base == 1 else (base ** (capacity + 1) - 1) // (base - 1)


def subsets(n: int, capacity: int) -> int:
    """Return the number of subsets of n things with at most `capacity` elements."""
    return 1 << n if capacity >= n else sum(comb(n, k) for k in range(capacity + 1))


def rank_sequence(element: Domain, items: Any) -> int:
    """Return the number of a sequence of frozen elements among all sequences: by length, then lexicographic."""
    before = geometric(element.size, len(items) - 1)
    rank = 0
    for item in items:
        rank = rank * element.size + element.rank(item)
    return before + rank


def unrank_sequence(element: Domain, index: int) -> tuple[Frozen, ...]:
    """Return the sequence with this number; the inverse of `rank_sequence`."""
    length = 0
    while index >= element.size**length:
        index -= element.size**length
        length += 1
    items = []
    for _ in range(length):
        index, one = divmod(index, element.size)
        items.append(element.unrank(one))
    return tuple(reversed(items))


def rank_subset(element: Domain, items: Any) -> int:
    """Return the number of a set of frozen elements among all subsets: by size, then lexicographic by sorted elements."""
    n = element.size
    ranks = sorted(map(element.rank, frozenset.__iter__(items)))
    k = len(ranks)
    rank = sum(comb(n, j) for j in range(k))
    for i, (low, high) in enumerate(zip(chain((-1,), ranks), ranks)):
        # Sets whose i-th element lies between: the sum over v of comb(n - v - 1, k - i - 1), by the hockey-stick identity.
        rank += comb(n - low - 1, k - i) - comb(n - high, k - i)
    return rank


def unrank_subset(n: int, index: int) -> list[int]:
    """Return the ranks of the elements of the subset with this number; the inverse of `rank_subset`."""
    k = 0
    while index >= comb(n, k):
        index -= comb(n, k)
        k += 1
    ranks: list[int] = []
    start = 0
    for i in range(k):
        left = k - i
        # The largest first element whose predecessors account for no more than index sets, by bisection.
        low, high = start, n - left
        while low < high:
            middle = (low + high + 1) // 2
            if comb(n - start, left) - comb(n - middle, left) <= index:
                low = middle
            else:
                high = middle - 1
        index -= comb(n - start, left) - comb(n - low, left)
        ranks.append(low)
        start = low + 1
    return ranks
