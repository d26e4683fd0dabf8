"""What a Domain is: a finite set of Python values in a fixed order.

A value has three forms:

- the *live* form is what rules see: immutable values as they are, mutable ones as parts (`StateList`, `TotalMap`, a `Record` ...);
- the *frozen* form is immutable, hashable and canonical: two values are equal exactly if their frozen forms are. An immutable value is its own frozen form;
  a list freezes to a tuple, a total map to the tuple of its values, a set to a frozenset, a record to the tuple of its fields;
- the *index* is the value's number in domain order, from 0.

    d = MapDomain(rm, literal, total=True)
    d.freeze({RM0: "a", RM1: "b"}) == ("a", "b");  d.index({RM0: "a", RM1: "b"}) == 1;  d.value(1) == {RM0: "a", RM1: "b"}

`key` maps a frozen value to something that Python compares in domain order; it agrees with `rank`, and is cheaper.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from speccheck.domains.neutral import Value
from speccheck.domains.parts import FREE, Journal, OutsideDomain

Frozen = Any
Live = Any
Renaming = Mapping[Any, Any]  # member of a sort -> member of the same sort

ENUMERABLE = 1 << 20  # a domain with more values is not enumerated (keys, parameters, choose)


class Domain:
    """A finite set of Python values. `size` is their number; `mutable` says whether the live form is a part."""

    size: int
    mutable: bool = False
    # store(value, owner): the live form of a value that is written into `owner`, or OutsideDomain. An attribute, because the immutable domains make a
    # closure of it.
    store: Callable[..., Live]
    key: Callable[[Frozen], Any]

    @property
    def bits(self) -> int:
        """How many bits number all values."""
        return (self.size - 1).bit_length()

    def describe(self) -> str:
        """Return the domain as one would write it in an annotation, shortened."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.describe()}>"

    # -------------------------------------------------- Python values

    def contains(self, value: Any) -> bool:
        """Return whether the value, a plain or a live one, belongs to the domain (by exact type, semantics 1.5)."""
        try:
            self.freeze_any(value)
        except OutsideDomain:
            return False
        return True

    def index(self, value: Any) -> int:
        """Return the value's number in domain order; OutsideDomain if it has none."""
        return self.rank(self.freeze_any(value))

    def value(self, index: int) -> Any:
        """Return the value with this number, as a plain value that nobody owns; IndexError if there is none."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self.plain(self.unrank(index))

    def __iter__(self) -> Iterator[Any]:
        return (self.plain(frozen) for frozen in self.all_frozen())

    # -------------------------------------------------- forms

    def freeze_any(self, value: Any) -> Frozen:
        """Return the frozen form of a plain or live value, checking that it belongs to the domain."""
        return self.freeze(self.store(value, None))

    def freeze(self, live: Live) -> Frozen:
        """Return the frozen form of a value that is known to belong to the domain."""
        return live

    def thaw(self, frozen: Frozen, owner: Any, journal: Journal) -> Live:
        """Return a live value that belongs to `owner`."""
        return frozen

    def plain(self, frozen: Frozen) -> Any:
        """Return the value as ordinary Python data that nobody owns."""
        return frozen

    def neutral(self, frozen: Frozen) -> Value:
        """Return the value as a trace holds it."""
        raise NotImplementedError

    # -------------------------------------------------- order

    def rank(self, frozen: Frozen) -> int:
        """Return the index of a frozen value."""
        raise NotImplementedError

    def unrank(self, index: int) -> Frozen:
        """Return the frozen value with this index."""
        raise NotImplementedError

    def all_frozen(self) -> Iterator[Frozen]:
        """Return all frozen values in domain order."""
        return (self.unrank(index) for index in range(self.size))

    # -------------------------------------------------- symmetry

    def renames(self, sorts: frozenset[type]) -> bool:
        """Return whether a value may mention a member of one of the sorts."""
        return False

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        """Return the frozen value with members of sorts replaced."""
        return frozen


def journal_of(owner: Any) -> Journal:
    """Return the journal of the part that is written; FREE where a value is only looked at."""
    return FREE if owner is None else owner._part_journal


def describe_each(domains: Any) -> str:
    """Return the descriptions of several domains, separated by commas."""
    return ", ".join(d.describe() for d in domains)
