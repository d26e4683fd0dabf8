"""Mentions: where the members of interchangeable sorts stand in the values of a state, and which sorts that makes easy to put in order.

    state: dict[RM, str], ready: set[RM], leader: RM | None     every item says something of one member: RM is separate
    links: dict[RM, set[RM]], or votes: set[(src, dst)]         an item tells how members are related: RM is linked

In: the domains of the variables of a state, and the sorts. Out: a Division, which both engines read (decision 48).

The items of a set, a bag, or a map with members in its keys are what has no place of its own: its elements, or its keys with their values. Elsewhere a value
stands at a place, and is looked at place after place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import factorial, prod
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union

FEW = 24  # permutations of the members of linked sorts that are tried in full; four members have as many

Sorts = frozenset[Any]
Exchange = tuple[int, int]


@dataclass(frozen=True)
class Division:
    """The sorts whose members can be exchanged at all, in declared order: linked ones and separate ones. Members are numbered through, those of linked sorts
    first.
    """

    linked: tuple[Any, ...]
    separate: tuple[Any, ...]

    @cached_property
    def members(self) -> tuple[Any, ...]:
        """All members by number."""
        return tuple(member for sort in (*self.linked, *self.separate) for member in sort)

    @cached_property
    def spans(self) -> dict[Any, range]:
        """The numbers of the members of each sort."""
        sizes = [len(sort) for sort in (*self.linked, *self.separate)]
        return {sort: range(end - size, end) for sort, size, end in zip((*self.linked, *self.separate), sizes, accumulate(sizes))}

    @property
    def few(self) -> bool:
        """Whether all permutations of the members of linked sorts are tried."""
        return prod(factorial(len(sort)) for sort in self.linked) <= FEW

    @cached_property
    def walk(self) -> tuple[Exchange, ...]:
        """Exchanges of members that lead, one after the other, through all permutations of the members of linked sorts."""
        walk: list[Exchange] = []
        for sort in self.linked:
            first, around = self.spans[sort].start, list(walk)
            for i, j in _exchanges(len(sort)):
                walk.append((first + i, first + j))
                around.reverse()  # the way back through the permutations of the sorts before
                walk += around
        return tuple(walk)


def divided(domains: Iterable[Domain], sorts: Iterable[Any]) -> Division:
    """Return which of the sorts are linked in a state with these variables, and which are separate."""
    several = tuple(sort for sort in sorts if len(sort) > 1)
    linked = frozenset().union(*(_linked_in(domain, frozenset(several)) for domain in domains))
    return Division(tuple(sort for sort in several if sort in linked), tuple(sort for sort in several if sort not in linked))


def _linked_in(domain: Domain, sorts: Sorts) -> Sorts:
    """Return the sorts that are linked in the values of a domain."""
    match domain:
        case Enumerated() | Integers():
            return frozenset()
        case Product() | Records() | Union() | Lists() | Sequences():
            return frozenset().union(*(_linked_in(one, sorts) for one in inside(domain)))
        case Sets() | FrozenSets() | Bags():
            return _together(inside(domain), sorts)
        case Maps():
            return _together(inside(domain), sorts) if domain.key_domain.renames(sorts) else _linked_in(domain.value_domain, sorts)
    raise AssertionError(domain)


def _together(parts: tuple[Domain, ...], sorts: Sorts) -> Sorts:
    """Return the sorts that items with these parts link: all of them, if an item may mention two members."""
    if sum(mentions(part, sorts) for part in parts) < 2:
        return frozenset()
    return frozenset(sort for sort in sorts if any(part.renames(frozenset((sort,))) for part in parts))


def mentions(domain: Domain, sorts: Sorts) -> int:
    """Return how many mentions of members a value may hold: 0, 1, or 2 for any more."""
    each = [mentions(part, sorts) for part in inside(domain)]
    match domain:
        case Enumerated() | Integers():
            return int(domain.renames(sorts))
        case Product() | Records():
            found = sum(each)
        case Union():
            found = max(each)
        case Lists() | Sequences() | Sets() | FrozenSets() | Bags():
            found = domain.capacity * sum(each)
        case Maps():
            found = domain.key_domain.size * sum(each)
        case _:
            raise AssertionError(domain)
    return min(2, found)


def members_in(domain: Domain, value: Frozen) -> set[Any]:
    """Return the members of any sort that a value mentions."""
    noted = _Noting()
    domain.rename(value, noted)
    return noted.members


class _Noting(dict[Any, Any]):
    """A renaming that renames nothing, and notes what it is asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.members: set[Any] = set()

    def get(self, member: Any, default: Any = None) -> Any:
        self.members.add(member)
        return default


def inside(domain: Domain) -> tuple[Domain, ...]:
    """Return the domains that the values of a domain are made of."""
    match domain:
        case Enumerated() | Integers():
            return ()
        case Product():
            return domain.domains
        case Records():
            return tuple(domain.fields.values())
        case Union():
            return domain.alternatives
        case Lists() | Sequences() | Sets() | FrozenSets() | Bags():
            return (domain.element,)
        case Maps():
            return (domain.key_domain, domain.value_domain)
    raise AssertionError(domain)


def _exchanges(size: int) -> list[Exchange]:
    """Return exchanges of neighbours that lead through all permutations (Johnson and Trotter): the last one moves through those of the others, to and fro."""
    if size < 2:
        return []
    down = [(i - 1, i) for i in range(size - 1, 0, -1)]
    walk = list(down)
    at_top = False  # whether the last one stands before all others
    for i, j in _exchanges(size - 1):
        at_top = not at_top
        walk.append((i + at_top, j + at_top))
        walk += reversed(down) if at_top else down
    return walk
