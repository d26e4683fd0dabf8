"""Elements: the kinds of what lies inside a value.

element_of(Built("list", INT))                                       ->  INT          what an iteration yields
item_of(Of(<dict[RM, set[RM]]>, Place("self", ("d",))), rm)          ->  Of(<set[RM]>, Place("self", ("d", Index(rm))))
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.model.syntax.kinds import (
    CLAIMED,
    FRESH,
    LARGEST_CONSTANT,
    NOTHING,
    UNKNOWN,
    VALUE,
    Built,
    Index,
    Kind,
    Object,
    Of,
    OneOf,
    Origin,
    Place,
    Symbol,
    Tuple,
    Unknown,
    alternatives,
    integers,
    is_scalar,
    join,
    of_values,
)


def element_of(kind: Kind) -> Kind:
    """Return the kind of what an iteration over the value yields; alternatives that are not iterable are left out, as no program gets that far with them."""
    return _joined_or_unknown(_elements(one) for one in alternatives(kind))


def _elements(kind: Kind) -> Kind:
    match kind:
        case Of(Maps() as domain, origin):
            return Of(domain.key_domain, inside(origin))
        case Of(Sets() | FrozenSets() | Sequences() | Bags() as domain, origin):
            return Of(domain.element, inside(origin))
        case Of(Lists() as domain, origin):
            return checked(domain.element, _within(origin, Index()))
        case Of(Product() as domain, origin) if issubclass(domain.cls, tuple):
            return UNKNOWN if origin is FRESH else join(Of(one, inside(origin)) for one in domain.domains)
        case Built():
            return opened(kind.element)
        case Tuple(elements):
            return join(map(opened, elements))
        case Object(value):
            return _elements_of_object(value)
        case Unknown():
            return UNKNOWN
    return NOTHING


def _elements_of_object(value: Any) -> Kind:
    if isinstance(value, SortMeta) or (isinstance(value, type) and issubclass(value, Enum)):
        return of_values(value)
    if isinstance(value, range):
        return Of(integers(min(value[0], value[-1]), max(value[0], value[-1])), VALUE) if value else NOTHING
    if isinstance(value, list | tuple | set | frozenset | dict) and len(value) <= LARGEST_CONSTANT:
        return of_values(value)
    return UNKNOWN


def item_of(kind: Kind, index: Kind) -> Kind:
    """Return the kind of `value[index]` for a single index."""
    return _joined_or_unknown(_item(one, index) for one in alternatives(kind))


def _item(kind: Kind, index: Kind) -> Kind:
    match kind, index:
        case Of(Maps() as domain, origin), _:
            return checked(domain.value_domain, _within(origin, Index(index_of(index))))
        case Of(Lists() as domain, origin), _:
            return checked(domain.element, _within(origin, Index(index_of(index))))
        case Of(Sequences() as domain, origin), _:
            return Of(domain.element, inside(origin))
        case Of(Product() as domain, origin), Object(int() as n) if issubclass(domain.cls, tuple) and origin is not FRESH:
            return Of(domain.domains[n], inside(origin)) if -len(domain.domains) <= n < len(domain.domains) else NOTHING
        case Tuple(elements), Object(int() as n):
            return opened(elements[n]) if -len(elements) <= n < len(elements) else NOTHING
        case Built("dict"), _:
            return opened(kind.value)
        case Object(dict() as table), _:
            return of_values(table.values()) if len(table) <= LARGEST_CONSTANT else UNKNOWN
        case Object(SortMeta() as sort), _:
            return of_values(sort)
        case (Built("list" | "tuple") | Tuple() | Of(Product(), _) | Object(list() | tuple() | range()), _):
            return _elements(kind)
        case Unknown(), _:
            return UNKNOWN
    return NOTHING


def index_of(index: Kind) -> Symbol | tuple[Any] | None:
    """Return what an index is, as far as two indices can be told apart or known to be the same."""
    match index:
        case Of(_, Symbol() as symbol):
            return symbol
        case Object(value) if is_scalar(value):
            return (value,)
    return None


def checked(domain: Domain, origin: Origin) -> Kind:
    """Return the kind of a value of a domain; only mutable ones have a place."""
    if domain.mutable:
        return Of(domain, origin)
    return Of(domain, VALUE if isinstance(origin, Place) or origin is FRESH else origin)


def inside(origin: Origin) -> Origin:
    """Return the origin of an immutable value inside one of this origin."""
    return CLAIMED if origin is CLAIMED else VALUE


def _within(origin: Origin, step: str | Index) -> Origin:
    return origin.then(step) if isinstance(origin, Place) else origin


def field_of(domain: Records, origin: Origin, name: str) -> Kind:
    """Return the kind of a record's field."""
    return checked(domain.fields[name], _within(origin, name))


def opened_within(kind: Kind) -> Kind:
    """Return the kind with what lies inside opened: a container that only one variable denotes, whose elements may be changed through it."""
    match kind:
        case Built():
            return Built(kind.shape, opened(kind.element), kind.ordered, opened(kind.value))
        case Tuple(elements):
            return Tuple(tuple(map(opened, elements)))
        case OneOf(kinds):
            return join(map(opened_within, kinds))
    return kind


def opened(kind: Kind) -> Kind:
    """Return the kind without claims about the elements of mutable containers that the rule built: they may be changed through another name."""
    match kind:
        case Built("list" | "set" | "dict" | "bag"):
            return Built(kind.shape, UNKNOWN, kind.ordered)
        case Tuple(elements):
            return Tuple(tuple(map(opened, elements)))
        case Built():
            return Built(kind.shape, opened(kind.element), kind.ordered, opened(kind.value))
        case OneOf(kinds):
            return join(map(opened, kinds))
    return kind


def _joined_or_unknown(kinds: Iterable[Kind]) -> Kind:
    found = join(kinds)
    return UNKNOWN if found == NOTHING else found
