"""Domains of computed values: what a value known now belongs to, what two domains have in common, whether one lies in another.

join(<Range(0, 2)>, <Range(5, 5)>)        ->  <Range(0, 5)>
join(<set[RM]>, <set[Nothing]>)           ->  <set[RM]>
join(<Prepared>, <Literal["commit"]>)     ->  <Prepared | Literal["commit"]>
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from speccheck.compiler.refusals import NotCompiled
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Record, Records, record_domain
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union, may_be_equal
from speccheck.program.types import identity

NOTHING = Enumerated((), "nothing")  # what an empty display has for elements
MOST_KEYS = 1 << 12


def is_scalar(value: Any) -> bool:
    """Return whether an object is an immutable value without structure."""
    return value is None or isinstance(value, bool | int | str | Enum | Sort)


def domain_of_value(value: Any) -> Domain:
    """Return the least domain of a plain value that is known now."""
    match value:
        case bool() | str() | None | Enum() | Sort():
            return Enumerated((value,), repr(value))
        case int():
            if not INT_MIN <= value <= INT_MAX:
                raise NotCompiled("a number of more than 64 bits" if value.bit_length() > 512 else f"the number {value}, which has more than 64 bits")
            return Integers(value, value)
        case tuple() if type(value) is tuple:
            return Product(tuple, tuple(map(str, range(len(value)))), tuple(map(domain_of_value, value)), tuple, tuple)
        case tuple() if hasattr(value, "_fields"):
            cls: Any = type(value)
            return Product(cls, tuple(cls._fields), tuple(map(domain_of_value, value)), cls._make, tuple)
        case frozenset():
            return FrozenSets(join_all(map(domain_of_value, value)), len(value))
        case set():
            return Sets(join_all(map(domain_of_value, value)), len(value))
        case list():
            return Lists(join_all(map(domain_of_value, value)), len(value))
        case dict():
            return Maps(keys_of(join_all(map(domain_of_value, value))), join_all(map(domain_of_value, value.values())), False)
        case Bag():
            return Bags(join_all(map(domain_of_value, value)), len(value))
        case Record():
            return record_domain(type(value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            names = tuple(field.name for field in fields(value))
            return record_of(type(value), names, tuple(domain_of_value(getattr(value, name)) for name in names))
    raise NotCompiled(f"the value {value!r} of type {type(value).__name__}")


def record_of(cls: Any, names: tuple[str, ...], domains: tuple[Domain, ...]) -> Product:
    """Return the domain of the instances of a frozen dataclass, NamedTuple or tuple with such fields."""
    if cls is tuple:
        return Product(tuple, names, domains, tuple, tuple)
    if issubclass(cls, tuple):
        return Product(cls, names, domains, cls._make, tuple)
    return Product(cls, names, domains, lambda values: cls(**dict(zip(names, values))), lambda value: tuple(getattr(value, name) for name in names))


def keys_of(domain: Domain) -> Domain:
    """Return the domain if maps may have such keys; refuse it otherwise."""
    if domain.size > MOST_KEYS:
        raise NotCompiled(f"a dict with keys of {domain.describe()}, of which there are {domain.size:,}")
    return domain


def join_all(domains: Iterable[Domain]) -> Domain:
    """Return the domain of values of any of these domains; NOTHING if there are none."""
    found: Domain = NOTHING
    for domain in domains:
        found = join(found, domain)
    return found


def join(a: Domain, b: Domain) -> Domain:
    """Return the least domain that we have a form for and that contains both. Refuses values that compare equal although their types differ."""
    if a is b or identity(a) == identity(b) or b is NOTHING or _empty(b):
        return a
    if _empty(a):
        return b
    match a, b:
        case Union(), _:
            return _joined_unions(list(a.alternatives), b)
        case _, Union():
            return b if fits(a, b) else _joined_unions([a], b)
        case Integers(), Integers():
            return Integers(min(a.low, b.low), max(a.high, b.high))
        case Enumerated(), Enumerated():
            return _enumerated(a, b)
        case (Enumerated() as some, Integers() as all_) | (Integers() as all_, Enumerated() as some) if all(type(v) is int for v in some.values):
            return Integers(min(all_.low, *some.values), max(all_.high, *some.values))
        case Sequences(), Sequences():
            return Sequences(join(a.element, b.element), max(a.capacity, b.capacity))
        case Lists(), Lists():
            return Lists(join(a.element, b.element), max(a.capacity, b.capacity))
        case Bags(), Bags():
            return Bags(join(a.element, b.element), max(a.capacity, b.capacity))
        case Sets(), Sets():
            return Sets(element := join(a.element, b.element), _capacity(a, b, element))
        case FrozenSets(), FrozenSets():
            return FrozenSets(element := join(a.element, b.element), _capacity(a, b, element))
        case Maps(), Maps():
            keys = join(a.key_domain, b.key_domain)
            same_keys = identity(keys) == identity(a.key_domain) == identity(b.key_domain)
            return Maps(keys_of(keys), join(a.value_domain, b.value_domain), a.total and b.total and same_keys)
        case Product(), Product() if a.cls is b.cls and len(a.domains) == len(b.domains):
            return record_of(a.cls, a.names, tuple(map(join, a.domains, b.domains)))
        case Product(), Sequences() if a.cls is tuple:
            return Sequences(join(b.element, join_all(a.domains)), max(b.capacity, len(a.domains)))
        case Sequences(), Product():
            return join(b, a)
        case Product(), Product() if a.cls is tuple is b.cls:
            return Sequences(join_all((*a.domains, *b.domains)), max(len(a.domains), len(b.domains)))
    return _joined_unions([a], b)


def _empty(domain: Domain) -> bool:
    return isinstance(domain, Enumerated) and not domain.values


def _capacity(a: Sets | FrozenSets, b: Sets | FrozenSets, element: Domain) -> int:
    full = a.capacity >= a.element.size and b.capacity >= b.element.size
    return element.size if full else max(a.capacity, b.capacity)


def _enumerated(a: Enumerated, b: Enumerated) -> Domain:
    """Join scalars; one that contains the other stays as it is, so that its order does."""
    mine, theirs = ({(type(v), v) for v in one.values} for one in (a, b))
    if theirs <= mine:
        return a
    if mine <= theirs:
        return b
    kinds = {type(v) for v in (*a.values, *b.values)}
    if len(kinds) > 1 and any(x == y and type(x) is not type(y) for x in a.values for y in b.values):
        raise NotCompiled(f"a value that may be one of {a.describe()} or of {b.describe()}, which compare equal")
    values = dict.fromkeys((type(v), v) for v in (*a.values, *b.values))
    # Domain order: members as declared, None last.
    ordered = sorted((v for _, v in values), key=lambda v: (v is None, _declared(v)))
    return Enumerated(tuple(ordered), ", ".join(map(repr, ordered)))


def _declared(value: Any) -> tuple[str, int]:
    if isinstance(value, Enum | Sort):
        cls: Any = type(value)
        return (f"{cls.__module__}.{cls.__qualname__}", list(cls).index(value))
    return ("", int(value)) if isinstance(value, bool) else ("", 0)


def _joined_unions(found: list[Domain], other: Domain) -> Domain:
    """Join alternatives: those that look alike are joined with each other, the others stand side by side."""
    found = list(found)
    for one in other.alternatives if isinstance(other, Union) else (other,):
        if any(fits(one, here) for here in found):  # None, say, which P | None has by itself already
            continue
        place = next((i for i, here in enumerate(found) if alike(here, one)), None)
        if place is None:
            _distinguishable(found, one)
            found.append(one)
        else:
            found[place] = join(found[place], one)
            found = [here for i, here in enumerate(found) if i == place or not fits(here, found[place])]
    # None comes last, by itself or as the last value of scalars.
    found.sort(key=lambda d: isinstance(d, Enumerated) and d.values == (None,))
    return found[0] if len(found) == 1 else Union(tuple(found))


def alike(a: Domain, b: Domain) -> bool:
    """Return whether two domains are joined into one rather than put side by side."""
    match a, b:
        case (Product() | Sequences(), Product() | Sequences()) if all(isinstance(one, Sequences) or one.cls is tuple for one in (a, b)):
            return True
        case Product(), Product():
            return a.cls is b.cls and len(a.domains) == len(b.domains)
        case Records(), Records():
            return a.cls is b.cls
        case (Enumerated() as some, Integers()) | (Integers(), Enumerated() as some):
            return bool(some.values) and all(type(value) is int for value in some.values)
    return type(a) is type(b) and not isinstance(a, Union)


def _distinguishable(found: list[Domain], one: Domain) -> None:
    """Refuse alternatives that share values under Python's equality: True and 1, tuples and named tuples, sets and frozensets."""
    for here in found:
        pair = {type(here), type(one)}
        integers_and_bools = pair == {Integers, Enumerated} and any(
            isinstance(v, bool | int) for d in (here, one) if isinstance(d, Enumerated) for v in d.values
        )
        both_tuples = all(isinstance(d, Sequences) or (isinstance(d, Product) and issubclass(d.cls, tuple)) for d in (here, one))
        if integers_and_bools or both_tuples or pair == {Sets, FrozenSets}:
            raise NotCompiled(f"a value that may be {here.describe()} or {one.describe()}")


def fits(a: Domain, b: Domain) -> bool:
    """Return whether every value of the first domain certainly belongs to the second."""
    if a is b or _empty(a) or identity(a) == identity(b):
        return True
    match a, b:
        case Union(), _:
            return all(fits(one, b) for one in a.alternatives)
        case _, Union():
            return any(fits(a, one) for one in b.alternatives) or (isinstance(a, Enumerated) and _each_fits(a, b))
        case Integers(), Integers():
            return b.low <= a.low and a.high <= b.high
        case Enumerated(), Enumerated():
            return {(type(v), v) for v in a.values} <= {(type(v), v) for v in b.values}
        case Enumerated(), Integers():
            return all(type(v) is int and b.low <= v <= b.high for v in a.values)
        case (Sequences(), Sequences()) | (Lists(), Lists()) | (Bags(), Bags()):
            return a.capacity <= b.capacity and fits(a.element, b.element)  # type: ignore[attr-defined]
        case (Sets(), Sets()) | (FrozenSets(), FrozenSets()):
            return (a.capacity <= b.capacity or b.capacity >= b.element.size) and fits(a.element, b.element)  # type: ignore[attr-defined]
        case Maps(), Maps():
            if not (fits(a.key_domain, b.key_domain) and fits(a.value_domain, b.value_domain)):
                return False
            return not b.total or (a.total and fits(b.key_domain, a.key_domain))
        case Product(), Product():
            return a.cls is b.cls and len(a.domains) == len(b.domains) and all(map(fits, a.domains, b.domains))
        case Product(), Sequences():
            return a.cls is tuple and len(a.domains) <= b.capacity and all(fits(one, b.element) for one in a.domains)
        case Records(), Records():
            return a.cls is b.cls
    return False


def _each_fits(a: Enumerated, b: Union) -> bool:
    return all(any(fits(Enumerated((value,), repr(value)), one) for one in b.alternatives) for value in a.values)


def may_share(a: Domain, b: Domain) -> bool:
    """Return whether some value of one may equal one of the other."""
    return not _empty(a) and not _empty(b) and may_be_equal(a, b)
