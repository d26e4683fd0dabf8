"""Colours: numbers that tell members of linked sorts apart by what a state says of them, and never by which members they are.

In: frozen values, and the colours that members have so far. Out: for each member the sum, modulo 2**64, of what every mention of it adds: how the item looks
that it is mentioned in, members being seen by their colours. Permuting the members of a state permutes the sums. Two members may get the same sum by accident;
then they are not told apart, and nothing else happens.

Both engines compute the same numbers (`runtime/canonical.h`, `emit/colours.py`).
"""

from collections.abc import Sequence
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.layout import NoLayout, code_of
from speccheck.domains.mentions import Division
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union

WORD = (1 << 64) - 1
MEMBER, KEY, VALUE = 1, 2, 3  # what a mention is: the member itself, or in a key, or in a value


def mixed(a: int, b: int) -> int:
    """Return a number of 64 bits that depends on both."""
    x = ((a ^ (b * 0x9E3779B97F4A7C15 & WORD)) * 0xD6E8FEB86659FD93 + 0x2545F4914F6CDD1D) & WORD
    return x ^ x >> 32


class Colours:
    """The sums of one state after the other; `colours` and `sums` are by number of the member (Division)."""

    def __init__(self, domains: Sequence[Domain], division: Division) -> None:
        self._sorts = frozenset(division.linked)
        self._numbers = {member: number for sort in division.linked for member, number in zip(sort, division.spans[sort])}
        self._domains = domains
        self._variables = [i for i, domain in enumerate(domains) if domain.renames(self._sorts)]
        self._colours: Sequence[int] = ()
        self._sums: list[int] = []

    def sums(self, state: Sequence[Frozen], colours: Sequence[int]) -> list[int]:
        """Return the sum for each member of a linked sort."""
        self._colours, self._sums = colours, [0] * len(self._numbers)
        for variable in self._variables:
            self._mark(self._domains[variable], state[variable], variable)
        return self._sums

    def _mark(self, domain: Domain, value: Frozen, look: int) -> None:
        """Add to the sums of the members that a value mentions; `look` is what is known of the place where it stands."""
        if not domain.renames(self._sorts):
            return
        match domain:
            case Enumerated():
                number = self._numbers[value]
                self._sums[number] = self._sums[number] + mixed(look, MEMBER) & WORD
            case Product() | Records():
                for i, (one, field) in enumerate(_fields(domain, value)):
                    self._mark(one, field, mixed(look, i))
            case Union():
                which, inner = domain._split(value)
                self._mark(domain.alternatives[which], inner, mixed(look, which))
            case Lists() | Sequences():
                for i, element in enumerate(value):
                    self._mark(domain.element, element, mixed(look, i))
            case Sets() | FrozenSets() | Bags():
                for element in _elements(domain, value):
                    self._mark(domain.element, element, mixed(look, self._view(domain.element, element)))
            case Maps():
                for key, one in domain._items(value, ordered=False):
                    item = mixed(look, self._item(domain, key, one))
                    self._mark(domain.key_domain, key, mixed(item, KEY))
                    self._mark(domain.value_domain, one, mixed(item, VALUE))

    def _view(self, domain: Domain, value: Frozen) -> int:
        """Return how a value looks."""
        if not domain.renames(self._sorts):
            return _number(domain, value)
        match domain:
            case Enumerated():
                return mixed(MEMBER, self._colours[self._numbers[value]])
            case Product() | Records():
                look = 0
                for one, field in _fields(domain, value):
                    look = mixed(look, self._view(one, field))
                return look
            case Union():
                which, inner = domain._split(value)
                return mixed(which, self._view(domain.alternatives[which], inner))
            case Lists() | Sequences():
                look = len(value)
                for element in value:
                    look = mixed(look, self._view(domain.element, element))
                return look
            case Sets() | FrozenSets() | Bags():
                return sum(mixed(MEMBER, self._view(domain.element, element)) for element in _elements(domain, value)) & WORD
            case Maps():
                return sum(self._item(domain, key, one) for key, one in domain._items(value, ordered=False)) & WORD
        raise AssertionError(domain)

    def _item(self, domain: Maps, key: Frozen, value: Frozen) -> int:
        return mixed(self._view(domain.key_domain, key), self._view(domain.value_domain, value))


def _fields(domain: Product | Records, value: Frozen) -> Any:
    if isinstance(domain, Records):
        return zip(domain.fields.values(), value)
    return zip(domain.domains, domain.fields_of(value))


def _elements(domain: Sets | FrozenSets | Bags, value: Frozen) -> Any:
    """Return the elements, each as often as it is there."""
    if isinstance(domain, Bags):
        return (element for element, count in value for _ in range(count))
    return frozenset.__iter__(value)


def _number(domain: Domain, value: Frozen) -> int:
    """Return the number that a value has in the layout of a state, folded where it is long; without a layout its index."""
    try:
        number = code_of(domain).encode(value)
        words = max(1, -(-code_of(domain).bits // 64))
    except NoLayout:
        return domain.rank(value) & WORD
    if words == 1:
        return number
    look = 0
    for i in range(words):
        look = mixed(look, number >> 64 * i & WORD)
    return look
