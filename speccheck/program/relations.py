"""How types relate: which are the same, which has all values of another one, what is in a container.

fits(Range(0, 3), Range(0, 9))                True: every value of the first is one of the second
overlaps(Range(0, 3), Range(9, 10))           False: nothing can be converted
element_of(list[RM] of at most 3)             RM
"""

from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.layout import Code, NoLayout, code_of
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.types import BOOL, Ref, Type, identity


def same(one: Type, other: Type) -> bool:
    """Return whether two types are the same."""
    return one is other or identity(one) == identity(other)


def is_bool(type_: Type) -> bool:
    """Return whether a type is that of truth."""
    return same(type_, BOOL)


def fields_of(type_: Type) -> tuple[tuple[str, Domain], ...]:
    """Return the names and domains of the fields of a record or tuple; of anything else, none."""
    match type_:
        case Product():
            return tuple(zip(type_.names, type_.domains, strict=True))
        case Records():
            return tuple(type_.fields.items())
    return ()


def element_of(type_: Type) -> Domain | None:
    """Return the domain of what `in` asks for: the elements of a container, the keys of a map; None where there is no such thing."""
    match type_:
        case Lists() | Sequences() | Sets() | FrozenSets() | Bags():
            return type_.element
        case Maps():
            return type_.key_domain
    return None


def capacity_of(type_: Type) -> int:
    """Return how many elements, or keys, a container has at most."""
    match type_:
        case Lists() | Sequences() | Sets() | FrozenSets() | Bags():
            return type_.capacity
        case Maps():
            return type_.key_domain.size
    raise AssertionError(type_)


def is_ordered(type_: Type) -> bool:
    """Return whether the values of a type have Python's order: integers, bools, ordered sorts, and tuples and lists of these."""
    match type_:
        case Integers():
            return True
        case Enumerated():
            return _is_ordered_scalar(type_)
        case Product():
            return issubclass(type_.cls, tuple) and all(map(is_ordered, type_.domains))
        case Lists() | Sequences():
            return is_ordered(type_.element)
    return False


def _is_ordered_scalar(type_: Enumerated) -> bool:
    kinds = {type(value) for value in type_.values}
    if kinds in ({bool}, {int}):
        return all(a < b for a, b in zip(type_.values, type_.values[1:]))
    return len(kinds) == 1 and kinds != {type(None)} and (type_.size == 1 or all(issubclass(kind, Sort) and kind.ordered for kind in kinds))


def number_code(type_: Domain) -> Code | None:
    """Return how the values of a type are numbered, None where they are not."""
    try:
        return code_of(type_)
    except NoLayout:
        return None


def converted(value: Frozen, source: Domain, target: Domain) -> tuple[Frozen] | None:
    """Return a frozen value of one type as one of another, in a tuple; None if that type does not have it."""
    try:
        return (target.freeze_any(source.plain(value)),)
    except OutsideDomain:
        return None


def holds(type_: Domain, value: Any) -> bool:
    """Return whether something is the frozen form of a value of a type."""
    try:
        found = converted(value, type_, type_)
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):  # not even of the right shape
        return False
    return found is not None and bool(found[0] == value)


# ---------------------------------------------------------------- values of two types


def _same_values(one: Domain, other: Domain) -> bool:
    return fits(one, other) and fits(other, one)


def fits(inner: Type, outer: Type) -> bool:
    """Return whether every value of one type is certainly one of the other."""
    if same(inner, outer) or (isinstance(inner, Enumerated) and not inner.values):
        return True
    match inner, outer:
        case (Ref(), _) | (_, Ref()):
            return False
        case Union(), _:
            return all(fits(one, outer) for one in inner.alternatives)
        case _, Union():
            each = isinstance(inner, Enumerated) and all(outer.contains(value) for value in inner.values)
            return each or any(fits(inner, one) for one in outer.alternatives)
        case Enumerated(), Enumerated():
            known = {(type(value), value) for value in outer.values}
            return all((type(value), value) in known for value in inner.values)
        case Enumerated(), Integers():
            return all(type(value) is int and outer.low <= value <= outer.high for value in inner.values)
        case Integers(), Enumerated():
            return inner.size <= outer.size and all(outer.contains(value) for value in range(inner.low, inner.high + 1))
        case Integers(), Integers():
            return outer.low <= inner.low and inner.high <= outer.high
    return _fits_inside(inner, outer)


def _fits_inside(inner: Type, outer: Type) -> bool:
    match inner, outer:
        case Product(), Product():
            return inner.cls is outer.cls and len(inner.domains) == len(outer.domains) and all(map(fits, inner.domains, outer.domains))
        case Product(), Sequences():
            return inner.cls is tuple and len(inner.domains) <= outer.capacity and all(fits(one, outer.element) for one in inner.domains)
        case Records(), Records():
            return inner.cls is outer.cls
        case ((Lists() | Sequences() | Sets() | FrozenSets() | Bags()), (Lists() | Sequences() | Sets() | FrozenSets() | Bags())):
            return type(inner) is type(outer) and fits(inner.element, outer.element) and inner.capacity <= outer.capacity
        case Maps(), Maps() if outer.total:
            return inner.total and _same_values(inner.key_domain, outer.key_domain) and fits(inner.value_domain, outer.value_domain)
        case Maps(), Maps():
            return fits(inner.key_domain, outer.key_domain) and fits(inner.value_domain, outer.value_domain)
    return False


def converts(source: Type, target: Type) -> bool:
    """Return whether a conversion certainly succeeds: as `fits`, and from a set to a frozenset of its elements or the other way round."""
    match source, target:
        case Sets(), FrozenSets():
            return fits(FrozenSets(source.element, source.capacity), target)
        case FrozenSets(), Sets():
            return fits(Sets(source.element, source.capacity), target)
    return fits(source, target)


def overlaps(one: Type, other: Type) -> bool:
    """Return whether some value of one type may be one of the other: False only where that is certain."""
    match one, other:
        case (Ref(), _) | (_, Ref()):
            return same(one, other)
        case Union(), _:
            return any(overlaps(alternative, other) for alternative in one.alternatives)
        case _, Union():
            return overlaps(other, one)
        case Enumerated(), (Enumerated() | Integers()):
            return any(other.contains(value) for value in one.values)
        case Integers(), Enumerated():
            return overlaps(other, one)
        case Integers(), Integers():
            return max(one.low, other.low) <= min(one.high, other.high)
        case Product(), Product():
            return one.cls is other.cls and len(one.domains) == len(other.domains) and all(map(overlaps, one.domains, other.domains))
        case Sequences(), Product():
            return other.cls is tuple and len(other.domains) <= one.capacity and all(overlaps(one.element, each) for each in other.domains)
        case Product(), Sequences():
            return overlaps(other, one)
        case Records(), Records():
            return one.cls is other.cls
        case ((Lists() | Sequences() | Sets() | FrozenSets() | Maps() | Bags()), _):
            return type(one) is type(other)
    return False
