"""Types of the Program: a value of a domain, or a reference to a part of a state.

Domains that are made twice for the same annotation are the same type: `identity` says so, and `Types` makes one of them stand for all.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union

Which: TypeAlias = Literal["self", "after"]  # the state that a rule is about, or the one after the step


@dataclass(frozen=True)
class Ref:
    """A reference to a mutable part, with values of `domain`, of a state."""

    domain: Domain
    which: Which

    def __repr__(self) -> str:
        return f"&{self.domain.describe()}" + (" of after" if self.which == "after" else "")


Type: TypeAlias = Domain | Ref

BOOL = Enumerated((False, True), "bool")
INT = Integers(INT_MIN, INT_MAX)
NONE = Enumerated((None,), "None")


def identity(type_: Type) -> Hashable:
    """Return what two types have in common exactly if they are the same."""
    match type_:
        case Ref(domain, which):
            return ("ref", which, identity(domain))
        case Enumerated():
            return ("values", tuple((type(value), value) for value in type_.values))
        case Integers():
            return ("integers", type_.low, type_.high)
        case Product():
            return ("product", type_.cls, tuple(map(identity, type_.domains)))
        case Sequences():
            return ("sequence", identity(type_.element), type_.capacity)
        case FrozenSets():
            return ("frozenset", identity(type_.element), type_.capacity)
        case Lists():
            return ("list", identity(type_.element), type_.capacity)
        case Sets():
            return ("set", identity(type_.element), type_.capacity)
        case Maps():
            return ("map", identity(type_.key_domain), identity(type_.value_domain), type_.total)
        case Bags():
            return ("bag", identity(type_.element), type_.capacity)
        case Records():
            return ("record", type_.cls)
        case Union():
            return ("union", tuple(map(identity, type_.alternatives)))
    raise AssertionError(type_)


class Types:
    """The types of one Program, each once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Domain] = {}

    def same(self, domain: Domain) -> Domain:
        """Return the domain that stands for all that are the same."""
        return self._known.setdefault(identity(domain), domain)

    def values(self, values: Iterable[object]) -> Domain:
        """Return the type of a value that is one of these scalars, in this order."""
        found = tuple(dict.fromkeys((type(value), value) for value in values))
        return self.same(Enumerated(tuple(value for _, value in found), ", ".join(repr(value) for _, value in found)))

    def integers(self, low: int, high: int) -> Domain:
        """Return the type of the integers of an interval, cut off at 64 bits."""
        return self.same(Integers(max(low, INT_MIN), min(high, INT_MAX)))
