"""Domains of mutable values: lists, sets, maps and bags. Their live forms are the parts of `lists`, `sets`, `maps` and `bags`."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from math import comb
from typing import Any

from speccheck.domains import neutral
from speccheck.domains.bags import Bag, StateBag
from speccheck.domains.base import Domain, Frozen, Live, Renaming, journal_of
from speccheck.domains.defaults import Each, EachBy
from speccheck.domains.evaluation import misused
from speccheck.domains.lists import StateList
from speccheck.domains.maps import PartialMap, StateMap, TotalMap
from speccheck.domains.neutral import Value
from speccheck.domains.parts import FREE, Journal, OutsideDomain, Part, check_open, disown, may_be_shared, watching
from speccheck.domains.sets import StateSet, stored_each
from speccheck.domains.tuples import geometric, rank_sequence, rank_subset, subsets, unrank_sequence, unrank_subset
from speccheck.errors import Ownership


class Container(Domain):
    """What the domains of mutable containers have in common: how a value gets its owner."""

    mutable = True
    live: type[Any]
    live_types: type[Any]  # parts that may be copied into this domain, checked like plain values
    plain_types: tuple[type, ...]

    def store(self, value: Any, owner: Any = None) -> Any:
        """Return a part with the value's contents that belongs to `owner`.

        A part that already has an owner is refused (language 2); one that `pop` gave away moves here as it is; a plain container is copied, and watched so
        that it is not used again.
        """
        if isinstance(value, Part):
            return self._store_part(value, owner)
        if type(value) not in self.plain_types:
            raise OutsideDomain(value, self)
        journal = journal_of(owner)
        part = self._made(value, owner, journal)
        if owner is not None and (step := watching(journal)) is not None and (contents := self._contents(value)) is not None:
            step.moves(value, contents)
        return part

    def _store_part(self, part: Part, owner: Any) -> Any:
        check_open(part)
        if not isinstance(part, self.live_types):
            raise OutsideDomain(part, self)
        journal = journal_of(owner)
        if owner is None:
            return self._made(part._part_plain(), None, journal)
        if part._part_owner is not None:
            if not may_be_shared(part, journal):
                raise misused(Ownership("a mutable part of the state is stored in a second place"))
            return self._made(part._part_plain(), owner, journal)
        if part._part_domain is self and part._part_journal is journal:
            journal.check_fresh(part)
            journal.log((disown, part, None))
            part._part_owner = owner
            return part
        plain = part._part_plain()
        if (step := watching(journal)) is not None:
            step.moves(part, plain)
        return self._made(plain, owner, journal)

    def _made(self, value: Any, owner: Any, journal: Journal) -> Any:
        part = self.live()
        part._part_domain, part._part_owner, part._part_journal, part._part_frozen = self, owner, journal, None
        self._fill(part, value)
        return part

    def thaw(self, frozen: Frozen, owner: Any, journal: Journal) -> Live:
        part = self.live()
        part._part_domain, part._part_owner, part._part_journal, part._part_frozen = self, owner, journal, frozen
        self._thaw_into(part, frozen, journal)
        return part

    def freeze(self, live: Live) -> Frozen:
        if live._part_frozen is None:
            live._part_frozen = self._frozen(live)
        return live._part_frozen

    def plain(self, frozen: Frozen) -> Any:
        return self.thaw(frozen, None, FREE)._part_plain()

    def _contents(self, value: Any) -> Any:
        """Return what is compared to see whether a plain container was changed later."""
        return type(value)(value)

    def _fill(self, part: Any, value: Any) -> None:
        """Put the contents of a plain value, checked, into an empty part."""
        raise NotImplementedError

    def _thaw_into(self, part: Any, frozen: Frozen, journal: Journal) -> None:
        """Put frozen contents into an empty part."""
        raise NotImplementedError

    def _frozen(self, live: Any) -> Frozen:
        """Return the frozen form of a part whose cached one is gone."""
        raise NotImplementedError


class Lists(Container):
    """Lists with at most `capacity` elements; frozen form: the tuple of the elements' frozen forms."""

    live = live_types = StateList
    plain_types = (list,)

    def __init__(self, element: Domain, capacity: int) -> None:
        self.element, self.capacity = element, capacity
        self.size = geometric(element.size, capacity)

    def describe(self) -> str:
        return f"list[{self.element.describe()}] of at most {self.capacity}"

    def key(self, frozen: Frozen) -> Any:
        return (len(frozen), *map(self.element.key, frozen))

    def neutral(self, frozen: Frozen) -> Value:
        return neutral.Sequence(tuple(map(self.element.neutral, frozen)))

    def rank(self, frozen: Frozen) -> int:
        return rank_sequence(self.element, frozen)

    def unrank(self, index: int) -> Frozen:
        return unrank_sequence(self.element, index)

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.element.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return tuple(self.element.rename(item, renaming) for item in frozen)

    def _fill(self, part: Any, value: Any) -> None:
        if len(value) > self.capacity:
            raise OutsideDomain(value, self, f"the list has {len(value)} elements, {self.describe()}")
        store = self.element.store
        for item in value:
            try:
                list.append(part, store(item, part))
            except OutsideDomain as outside:
                raise outside._at(part, len(part)) from None

    def _thaw_into(self, part: Any, frozen: Frozen, journal: Journal) -> None:
        list.extend(part, [self.element.thaw(item, part, journal) for item in frozen] if self.element.mutable else frozen)

    def _frozen(self, live: Any) -> Frozen:
        return tuple([self.element.freeze(item) for item in live]) if self.element.mutable else tuple(live)


class Sets(Container):
    """Subsets of a domain of immutable values; frozen form: a frozenset."""

    live = live_types = StateSet
    plain_types = (set,)

    def __init__(self, element: Domain, capacity: int) -> None:
        self.element, self.capacity = element, min(capacity, element.size)
        self.size = subsets(element.size, self.capacity)

    def describe(self) -> str:
        return f"set[{self.element.describe()}]" + (f" of at most {self.capacity}" if self.capacity < self.element.size else "")

    def key(self, frozen: Frozen) -> Any:
        return (len(frozen), *sorted(map(self.element.key, frozen)))

    def neutral(self, frozen: Frozen) -> Value:
        return neutral.Set(tuple(map(self.element.neutral, sorted(frozen, key=self.element.key))))

    def rank(self, frozen: Frozen) -> int:
        return rank_subset(self.element, frozen)

    def unrank(self, index: int) -> Frozen:
        return frozenset(map(self.element.unrank, unrank_subset(self.element.size, index)))

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.element.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return frozenset(self.element.rename(item, renaming) for item in frozen)

    def _fill(self, part: Any, value: Any) -> None:
        if len(value) > self.capacity:
            raise OutsideDomain(value, self, f"the set has {len(value)} elements, {self.describe()}")
        set.update(part, stored_each(self.element.store, value))

    def _thaw_into(self, part: Any, frozen: Frozen, journal: Journal) -> None:
        set.update(part, frozen)

    def _frozen(self, live: Any) -> Frozen:
        return frozenset(live)


class Maps(Container):
    """Maps over a finite domain of keys. Frozen form of a total one: its values in the order of the keys; of a partial one: a frozenset of items."""

    live_types = StateMap
    plain_types = (dict, Each, EachBy)

    def __init__(self, key_domain: Domain, value_domain: Domain, total: bool) -> None:
        self.key_domain, self.value_domain, self.total = key_domain, value_domain, total
        self.live = TotalMap if total else PartialMap
        self.keys = tuple(key_domain.all_frozen()) if total else ()
        n, m = key_domain.size, value_domain.size
        self.size = m**n if total else (m + 1) ** n

    def describe(self) -> str:
        return f"dict[{self.key_domain.describe()}, {self.value_domain.describe()}]" + ("" if self.total else " (partial)")

    def key(self, frozen: Frozen) -> Any:
        value_key = self.value_domain.key
        if self.total:
            return tuple(map(value_key, frozen))
        key_key = self.key_domain.key
        return (len(frozen), *sorted((key_key(k), value_key(v)) for k, v in frozen))

    def neutral(self, frozen: Frozen) -> Value:
        return neutral.Map(tuple((self.key_domain.neutral(k), self.value_domain.neutral(v)) for k, v in self._items(frozen)))

    def rank(self, frozen: Frozen) -> int:
        n, m = self.key_domain.size, self.value_domain.size
        items = [(self.key_domain.rank(k), self.value_domain.rank(v)) for k, v in self._items(frozen)]
        if self.total:
            rank = 0
            for _, value in items:
                rank = rank * m + value
            return rank
        k = len(items)
        rank = sum(comb(n, j) * m**j for j in range(k))
        low = -1
        for i, (high, value) in enumerate(items):
            left = k - i
            rank += (comb(n - low - 1, left) - comb(n - high, left)) * m**left  # smaller keys here, hockey-stick identity
            rank += value * comb(n - high - 1, left - 1) * m ** (left - 1)
            low = high
        return rank

    def unrank(self, index: int) -> Frozen:
        n, m = self.key_domain.size, self.value_domain.size
        if self.total:
            values = []
            for _ in range(n):
                index, one = divmod(index, m)
                values.append(self.value_domain.unrank(one))
            return tuple(reversed(values))
        k = 0
        while index >= comb(n, k) * m**k:
            index -= comb(n, k) * m**k
            k += 1
        items, key = [], -1
        for i in range(k):
            left = k - i
            key += 1
            while index >= (block := comb(n - key - 1, left - 1) * m**left):
                index -= block
                key += 1
            value, index = divmod(index, comb(n - key - 1, left - 1) * m ** (left - 1))
            items.append((self.key_domain.unrank(key), self.value_domain.unrank(value)))
        return frozenset(items)

    def all_frozen(self) -> Iterator[Frozen]:
        if self.total:
            return product(*[list(self.value_domain.all_frozen())] * len(self.keys))
        return super().all_frozen()

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.key_domain.renames(sorts) or self.value_domain.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        items = {self.key_domain.rename(k, renaming): self.value_domain.rename(v, renaming) for k, v in self._items(frozen, ordered=False)}
        return tuple([items[k] for k in self.keys]) if self.total else frozenset(items.items())

    def _items(self, frozen: Frozen, ordered: bool = True) -> Any:
        if self.total:
            return zip(self.keys, frozen)
        return sorted(frozen, key=lambda item: self.key_domain.key(item[0])) if ordered else frozen

    def _contents(self, value: Any) -> Any:
        return dict(value) if isinstance(value, dict) else None  # each(...) cannot be changed

    def _fill(self, part: Any, value: Any) -> None:
        store = self.value_domain.store
        if isinstance(value, Each | EachBy):
            copied = isinstance(value, Each) and self.value_domain.mutable  # every key gets a copy of its own
            keys = self.keys or tuple(self.key_domain.all_frozen())
            value = {k: deepcopy(value.at(k)) if copied else value.at(k) for k in keys}
        elif self.total and (missing := [k for k in self.keys if k not in value]):
            raise OutsideDomain(value, self, f"the map has no value for the key {missing[0]!r}; {self.describe()} is total")
        found = {self._stored_key(k): v for k, v in value.items()}
        for k in self.keys or found:
            try:
                dict.__setitem__(part, k, store(found[k], part))
            except OutsideDomain as outside:
                raise outside._at(part, k) from None

    def _stored_key(self, key: Any) -> Any:
        try:
            return self.key_domain.store(key)
        except OutsideDomain as outside:
            outside.reason = f"the key {outside}"
            raise

    def _thaw_into(self, part: Any, frozen: Frozen, journal: Journal) -> None:
        items = zip(self.keys, frozen) if self.total else frozen
        if self.value_domain.mutable:
            thaw = self.value_domain.thaw
            dict.update(part, [(k, thaw(v, part, journal)) for k, v in items])
        else:
            dict.update(part, items)

    def _frozen(self, live: Any) -> Frozen:
        freeze = self.value_domain.freeze
        if self.total:
            return tuple(map(freeze, dict.values(live))) if self.value_domain.mutable else tuple(dict.values(live))
        items = dict.items(live)
        return frozenset([(k, freeze(v)) for k, v in items]) if self.value_domain.mutable else frozenset(items)


class Bags(Container):
    """Multisets with at most `capacity` elements in all; frozen form: a frozenset of (element, count)."""

    live = live_types = StateBag
    plain_types = (Bag,)

    def __init__(self, element: Domain, capacity: int) -> None:
        self.element, self.capacity = element, capacity
        self.size = 1 + sum(comb(element.size + k - 1, k) for k in range(1, capacity + 1))  # the empty one, also where there are no elements

    def describe(self) -> str:
        return f"Bag[{self.element.describe()}] of at most {self.capacity}"

    def key(self, frozen: Frozen) -> Any:
        keys = sorted(self.element.key(value) for value, count in frozen for _ in range(count))
        return (len(keys), *keys)

    def neutral(self, frozen: Frozen) -> Value:
        items = sorted(frozen, key=lambda item: self.element.key(item[0]))
        return neutral.Bag(tuple((self.element.neutral(value), count) for value, count in items))

    def rank(self, frozen: Frozen) -> int:
        # Multisets of k out of n are the subsets of k out of n + k - 1: shift the i-th sorted element by i.
        ranks = sorted(self.element.rank(value) for value, count in frozen for _ in range(count))
        n, k = self.element.size, len(ranks)
        rank = sum(comb(n + j - 1, j) for j in range(k))
        low = -1
        for i, one in enumerate(ranks):
            high = one + i
            rank += comb(n + k - 2 - low, k - i) - comb(n + k - 1 - high, k - i)
            low = high
        return rank

    def unrank(self, index: int) -> Frozen:
        n, k = self.element.size, 0
        while index >= comb(n + k - 1, k):
            index -= comb(n + k - 1, k)
            k += 1
        before = sum(comb(n + k - 1, j) for j in range(k))  # unrank_subset counts the smaller subsets of n + k - 1, too
        shifted = unrank_subset(n + k - 1, index + before) if k else []
        counts: dict[Any, int] = {}
        for i, high in enumerate(shifted):
            value = self.element.unrank(high - i)
            counts[value] = counts.get(value, 0) + 1
        return frozenset(counts.items())

    def renames(self, sorts: frozenset[type]) -> bool:
        return self.element.renames(sorts)

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return frozenset((self.element.rename(value, renaming), count) for value, count in frozen)

    def _contents(self, value: Any) -> Any:
        return value.__copy__()

    def _fill(self, part: Any, value: Any) -> None:
        if len(value) > self.capacity:
            raise OutsideDomain(value, self, f"the bag has {len(value)} elements, {self.describe()}")
        part._counts = {self.element.store(item): value.count(item) for item in value}

    def _thaw_into(self, part: Any, frozen: Frozen, journal: Journal) -> None:
        part._counts = dict(frozen)

    def _frozen(self, live: Any) -> Frozen:
        return frozenset(live._counts.items())
