"""Bags (multisets): `Bag[T]`, and the bag of a state, `Annotated[Bag[T], MaxLen(n)]`."""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from speccheck.domains.parts import PART_SLOTS, OutsideDomain, Part, own_form

T = TypeVar("T")


class Bag(Generic[T]):
    """A multiset: how often each value is in it. Iteration is over the distinct elements, `len` is the total.

    `Bag([a, b, a])` holds `a` twice, and so does a copy, `Bag(bag)`. Outside a state the order of iteration is that of the first insertion; in a state it
    is domain order.
    """

    __slots__ = ("_counts", *PART_SLOTS)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Iterable[T] = (), /) -> None:
        self._counts: dict[T, int] = dict(values.items()) if isinstance(values, Bag) else {}
        for value in () if isinstance(values, Bag) else values:
            self._counts[value] = self._counts.get(value, 0) + 1

    def add(self, value: T, /) -> None:
        """Put the value in once more."""
        self._counts[value] = self._counts.get(value, 0) + 1

    def remove(self, value: T, /) -> None:
        """Take the value out once; KeyError if it is not there."""
        left = self._counts[value] - 1
        if left:
            self._counts[value] = left
        else:
            del self._counts[value]

    def count(self, value: T, /) -> int:
        """Return how often the value is in the bag."""
        return self._counts.get(value, 0)

    def items(self) -> Iterator[tuple[T, int]]:
        """Return the distinct elements, each with its count."""
        return ((value, self._counts[value]) for value in self)

    def __contains__(self, value: object) -> bool:
        return value in self._counts

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._counts))

    def __eq__(self, other: object) -> bool:
        return self._counts == other._counts if isinstance(other, Bag) else NotImplemented

    def __repr__(self) -> str:
        return f"Bag([{', '.join(repr(v) for v, n in self.items() for _ in range(n))}])"

    def __copy__(self) -> "Bag[T]":
        made: Bag[T] = Bag()
        made._counts = dict(self._counts)
        return made


def _undo_count(part: Any, old: tuple[Any, int]) -> None:
    value, count = old
    if count:
        part._counts[value] = count
    else:
        del part._counts[value]


class StateBag(Bag[Any], Part):
    """A bag that belongs to a state."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(self._counts, key=self._part_domain.element.key))

    def add(self, value: Any, /) -> None:
        domain = self._part_domain
        if len(self) >= domain.capacity:
            raise OutsideDomain(self._part_plain(), domain, f"the bag would hold {len(self) + 1} elements, {domain.describe()}")._at(self)
        try:
            value = domain.element.store(value, self)
        except OutsideDomain as outside:
            raise outside._at(self) from None
        count = self._counts.get(value, 0)
        self._part_journal.log((_undo_count, self, (value, count)))
        self._counts[value] = count + 1

    def remove(self, value: Any, /) -> None:
        count = self._counts[value]
        if count == 1:
            value = own_form(value, self._part_domain.element, self._counts)
        self._part_journal.log((_undo_count, self, (value, count)))
        super().remove(value)

    def __copy__(self) -> Bag[Any]:
        return self._part_plain()

    def _part_plain(self) -> Bag[Any]:
        made: Bag[Any] = Bag()
        made._counts = {value: self._counts[value] for value in self}
        return made

    def _part_children(self) -> Any:
        return ()


# Python's own messages name the class: "unsupported operand type(s) for |=: 'set' and 'list'".
StateBag.__name__ = StateBag.__qualname__ = "Bag"
