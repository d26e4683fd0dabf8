"""Annotations: from a type to its Domain.

    Annotated[list[Annotated[int, Range(0, 3)]], MaxLen(2)]  ->  <list[Range(0, 3)] of at most 2>

Whether a map is total depends on the default that stands at its position (language 2), so defaults come along as `hints`: all the defaults that can reach this position, none where there is no
default position.
"""

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

import annotated_types
from annotated_types import GroupedMetadata, MaxLen

from speccheck.domains.bags import Bag
from speccheck.domains.base import ENUMERABLE, Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.defaults import ABSENT, Absent, Anything, Each, EachBy
from speccheck.domains.records import Fields, Record, Records, declared_fields, default_of, record_domain
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union, may_be_equal
from speccheck.errors import (
    AmbiguousDomain,
    BadAnnotation,
    KeyNotFinite,
    MutableInside,
    NoDomain,
    SpecErrors,
    SpeccheckError,
    UnboundedDomain,
)

FREE_SETS = 1024  # sets over more values than this need a capacity
Hints = tuple[Any, ...]


@dataclass(frozen=True)
class Range(GroupedMetadata):
    """The bounds of an integer, both included: `Annotated[int, Range(0, 3)]`. Other libraries read it as Ge(low) and Le(high)."""

    low: int
    high: int

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)


class Total:
    """Marks a map that always has a value for every key: `Annotated[dict[K, V], Total]`."""


class Partial:
    """Marks a map whose keys may come and go: `Annotated[dict[K, V], Partial]`."""


def domain_of(annotation: Any, hints: Hints = ()) -> Domain:
    """Return the domain that an annotation denotes.

    Raises NoDomain, UnboundedDomain, KeyNotFinite, AmbiguousDomain, MutableInside or BadAnnotation, without a place.
    """
    annotation, marks = _unwrapped(annotation)
    origin = get_origin(annotation) or annotation
    arguments = get_args(annotation)
    if origin is int:
        return _integers(marks)
    bounds = _Bounds(marks)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _literal(arguments)
    if origin in (list, set, frozenset, dict, Bag, tuple) and not arguments:
        if origin is tuple and annotation is not tuple:
            return Product(tuple, (), (), tuple, tuple)  # tuple[()]
        raise NoDomain(f"'{origin.__name__}' does not say what is in it", remedy=f"Write {origin.__name__}[...].")
    if origin is tuple:
        return _tuple(arguments, bounds)
    if origin is list:
        return Lists(_inner(arguments[0]), bounds.capacity("list"))
    if origin is set:
        return Sets(*_set_of(arguments[0], bounds))
    if origin is frozenset:
        return FrozenSets(*_set_of(arguments[0], bounds))
    if origin is Bag:
        element = _immutable(arguments[0], "the elements of a bag")
        return Bags(element, bounds.capacity("Bag"))
    if origin is dict:
        return _map(arguments, marks, hints)
    if isinstance(origin, type):
        return _class(origin)
    raise NoDomain(f"{_shown(annotation)} denotes no set of values that can be enumerated")


def field_domains(cls: type) -> dict[str, Domain]:
    """Return the domains of all fields of a Record or Spec class; every error of the class at once."""
    domains: dict[str, Domain] = {}
    errors: list[SpeccheckError] = []
    for name in declared_fields(cls):
        try:
            domains[name] = domain_of(annotation_of(cls, name), (default_of(cls, name),))
        except SpeccheckError as error:
            for one in error.errors:
                one.notes = (*one.notes, f"in '{name}' of {cls.__name__}")
                one.field = (cls, name)  # type: ignore[attr-defined]
                errors.append(one)
    if errors:
        raise SpecErrors(errors)
    return domains


def annotation_of(cls: type, name: str) -> Any:
    """Return the evaluated annotation of a field; BadAnnotation if it cannot be evaluated."""
    import sys

    for base in cls.__mro__:
        if name in vars(base).get("_part_own", ()):
            annotation = vars(base)["__annotations__"][name]
            module = sys.modules.get(base.__module__)
            return evaluated(annotation, getattr(module, "__dict__", {}), {**vars(base).get("_part_locals", {}), base.__name__: base})
    raise AssertionError(name)


def evaluated(annotation: Any, module: dict[str, Any], local: dict[str, Any]) -> Any:
    """Return an annotation with texts evaluated."""
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, module, local, include_extras=True)["it"]
    except Exception as error:
        raise BadAnnotation(f"the annotation {_shown(annotation)} cannot be evaluated: {error}") from None


class _Bounds:
    """The capacity among an annotation's marks."""

    def __init__(self, marks: list[Any]) -> None:
        self.limit: int | None = None
        for mark in marks:
            if isinstance(mark, MaxLen):
                self.limit = mark.max_length
            elif isinstance(mark, annotated_types.Len) and mark.max_length is not None:
                self.limit = mark.max_length
            elif isinstance(mark, Range | range):
                raise BadAnnotation(f"{mark!r} bounds an integer, not a container", remedy="Write MaxLen(n) for a capacity.")
        if self.limit is not None and (type(self.limit) is not int or self.limit < 0):
            raise BadAnnotation(f"MaxLen({self.limit!r}): a capacity is a natural number")

    def capacity(self, kind: str) -> int:
        if self.limit is None:
            raise UnboundedDomain(f"a {kind} without a capacity", remedy=f"Write Annotated[{kind}[...], MaxLen(n)].")
        return self.limit


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    """Take `Annotated`, `type X = ...`, Final and NewType off; return what is inside and the marks."""
    marks: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            marks.extend(more)
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        elif type(annotation).__name__ == "NewType":
            annotation = annotation.__supertype__
        elif get_origin(annotation) is typing.Final:
            (annotation,) = get_args(annotation)
        else:
            return (type(None) if annotation is None else annotation), marks


def _integers(marks: list[Any]) -> Domain:
    low, high = None, None
    for mark in _flat(marks):
        match mark:
            case range():
                if mark.step != 1:
                    return _stepped(mark)
                low, high = _tighter(low, high, mark.start, mark.stop - 1)
            case annotated_types.Ge():
                low, high = _tighter(low, high, mark.ge, None)
            case annotated_types.Gt():
                low, high = _tighter(low, high, int(mark.gt) + 1, None)  # type: ignore[call-overload]
            case annotated_types.Le():
                low, high = _tighter(low, high, None, mark.le)
            case annotated_types.Lt():
                low, high = _tighter(low, high, None, int(mark.lt) - 1)  # type: ignore[call-overload]
            case MaxLen():
                raise BadAnnotation("MaxLen is for containers, not for an int", remedy="Write Range(lo, hi).")
    if low is None and high is None:
        return Integers()
    whole = Integers()
    low = whole.low if low is None else low
    high = whole.high if high is None else high
    if type(low) is not int or type(high) is not int:
        raise BadAnnotation(f"the bounds {low!r} and {high!r} are not integers")
    if low > high:
        raise BadAnnotation(f"Range({low}, {high}) contains no value")
    if low < whole.low or high > whole.high:
        raise BadAnnotation(f"Range({low}, {high}) is wider than 64 bits")
    return Integers(low, high)


def _flat(marks: list[Any]) -> Iterator[Any]:
    for mark in marks:
        if isinstance(mark, GroupedMetadata) and not isinstance(mark, annotated_types.Len):
            yield from mark
        else:
            yield mark


def _stepped(values: range) -> Domain:
    ordered = tuple(sorted(values))
    if not ordered:
        raise BadAnnotation(f"{values} contains no value")
    return Enumerated(ordered, str(values))


def _tighter(low: Any, high: Any, at_least: Any, at_most: Any) -> tuple[Any, Any]:
    if at_least is not None and (low is None or at_least > low):
        low = at_least
    if at_most is not None and (high is None or at_most < high):
        high = at_most
    return low, high


def _literal(values: tuple[Any, ...]) -> Domain:
    for i, value in enumerate(values):
        for other in values[:i]:
            if value == other:
                raise AmbiguousDomain(f"Literal[{other!r}, {value!r}]: the two values are equal")
    return Enumerated(values, f"Literal[{', '.join(map(repr, values))}]")


def _union(alternatives: tuple[Any, ...]) -> Domain:
    domains: list[Domain] = []
    for alternative in alternatives:
        inner = domain_of(alternative)
        domains.extend(inner.alternatives if isinstance(inner, Union) else [inner])
    none = [d for d in domains if isinstance(d, Enumerated) and d.values == (None,)]
    domains = [d for d in domains if d not in none] + none[:1]
    for i, one in enumerate(domains):
        for other in domains[:i]:
            if may_be_equal(other, one):
                raise AmbiguousDomain(f"{other.describe()} | {one.describe()} contains values that are equal to each other")
    return domains[0] if len(domains) == 1 else Union(tuple(map(_tagged, domains)))


def _tagged(domain: Domain) -> Domain:
    """Return a record's domain as an alternative of a union: in a trace the record then shows its class."""
    if isinstance(domain, Product) and domain.cls is not tuple:
        domain = Product(domain.cls, domain.names, domain.domains, domain.make, domain.fields_of)
        domain.tagged = True
    elif isinstance(domain, Records):
        original, domain = domain, Records(domain.cls)
        domain.fields, domain.defaults, domain.size = original.fields, original.defaults, original.size
        domain.tagged = True
    return domain


def _tuple(arguments: tuple[Any, ...], bounds: _Bounds) -> Domain:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return Sequences(_immutable(arguments[0], "the elements of a tuple"), bounds.capacity("tuple"))
    domains = tuple(_immutable(a, "the elements of a tuple") for a in arguments)
    return Product(tuple, tuple(map(str, range(len(domains)))), domains, tuple, tuple)


def _set_of(argument: Any, bounds: _Bounds) -> tuple[Domain, int]:
    element = _immutable(argument, "the elements of a set")
    if bounds.limit is None and element.size > FREE_SETS:
        raise UnboundedDomain(
            f"a set over {element.size} values without a capacity", remedy=f"Sets over more than {FREE_SETS:,} values need one: Annotated[set[...], MaxLen(n)]."
        )
    return element, element.size if bounds.limit is None else bounds.limit


def _map(arguments: tuple[Any, ...], marks: list[Any], hints: Hints) -> Domain:
    keys = finite(domain_of(arguments[0]), "the keys of a map")
    if Total in marks and Partial in marks:
        raise BadAnnotation("a map is either Total or Partial")
    if Total in marks or Partial in marks:
        total = Total in marks
    else:
        total = bool(hints) and all(_gives_all(hint, keys) for hint in hints)
    inner = tuple(one for hint in hints for one in _inner_hints(hint, keys)) if total else ()
    return Maps(keys, domain_of(arguments[1], inner), total)


def _gives_all(hint: Any, keys: Domain) -> bool:
    if isinstance(hint, Absent | Anything | Each | EachBy):
        return True
    return isinstance(hint, dict) and all(key in hint for key in keys.all_frozen())


def _inner_hints(hint: Any, keys: Domain) -> list[Any]:
    match hint:
        case Each():
            return [hint.value]
        case EachBy():
            return [hint.at(key) for key in keys.all_frozen()]
        case dict():
            return list(hint.values())
    return [ABSENT]


def _class(cls: type) -> Domain:
    if cls is bool:
        return Enumerated((False, True), "bool")
    if cls is type(None):
        return Enumerated((None,), "None")
    if issubclass(cls, Sort):
        if cls is Sort:
            raise NoDomain("'Sort' itself has no members", remedy="Declare class Name(Sort, size=n).")
        return Enumerated(tuple(cls), cls.__name__)
    if issubclass(cls, Enum):
        members = tuple(cls)
        if not members:
            raise NoDomain(f"the enum {cls.__name__} has no members")
        return Enumerated(members, cls.__name__)
    if issubclass(cls, Record):
        if cls is Record:
            raise NoDomain("'Record' itself has no fields", remedy="Derive a class from Record.")
        return record_domain(cls)
    if issubclass(cls, Fields):
        raise NoDomain(f"{cls.__name__} is a Spec, not a value", remedy="Derive nested state from Record.")
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple(cls)
    if is_dataclass(cls):
        return _dataclass(cls)
    remedies = {
        str: "Texts are unbounded; list them: Literal['a', 'b'], or use an Enum or a Sort.",
        float: "Floating-point numbers are no good model; use bounded integers.",
    }
    raise NoDomain(f"'{cls.__name__}' denotes no finite set of values", remedy=remedies.get(cls))


_BUILDING: set[type] = set()


def _product(cls: type, names: tuple[str, ...], make: Any, fields_of: Any) -> Domain:
    import sys

    _check_equality(cls)
    if cls in _BUILDING:
        raise UnboundedDomain(f"{cls.__name__} contains itself, so its values are unbounded", remedy="Refer to other records by a sort or a number instead.")
    _BUILDING.add(cls)
    try:
        module = getattr(sys.modules.get(cls.__module__), "__dict__", {})
        hints = {n: evaluated(_own_annotation(cls, n), module, {}) for n in names}
        domains = tuple(_immutable(hints[n], f"'{n}' of {cls.__name__}") for n in names)
    finally:
        _BUILDING.discard(cls)
    return Product(cls, names, domains, make, fields_of)


def _own_annotation(cls: type, name: str) -> Any:
    return next(vars(base)["__annotations__"][name] for base in cls.__mro__ if name in vars(base).get("__annotations__", {}))


def _named_tuple(cls: Any) -> Domain:
    return _product(cls, tuple(cls._fields), cls._make, tuple)


def _dataclass(cls: Any) -> Domain:
    parameters = cls.__dataclass_params__
    if not parameters.frozen:
        raise MutableInside(f"the dataclass {cls.__name__} is not frozen", remedy=f"Write @dataclass(frozen=True) for a message or value, or class {cls.__name__}(Record) for mutable state.")
    if not parameters.eq:
        raise MutableInside(f"the dataclass {cls.__name__} has eq=False, so equal values would differ", remedy="Drop eq=False.")
    if any(not f.init for f in fields(cls)):
        raise MutableInside(f"the dataclass {cls.__name__} computes a field (init=False)", remedy="Compute it in a property.")
    names = tuple(f.name for f in fields(cls))

    def fields_of(value: Any) -> tuple[Any, ...]:
        return tuple([getattr(value, name) for name in names])

    def make(values: tuple[Any, ...]) -> Any:
        return cls(**dict(zip(names, values)))

    return _product(cls, names, make, fields_of)


def _check_equality(cls: type) -> None:
    generated = is_dataclass(cls)
    for base in cls.__mro__:
        if base in (object, tuple):
            break
        for special in ("__eq__", "__hash__"):
            function = vars(base).get(special)
            if function is None:
                continue
            made_by_dataclass = generated and getattr(getattr(function, "__code__", None), "co_filename", "") == "<string>"
            if not made_by_dataclass:
                raise MutableInside(f"{base.__name__} defines {special}", remedy=f"Drop {special}: equality of values is that of their fields.")


def _immutable(annotation: Any, what: str) -> Domain:
    domain = domain_of(annotation)
    if domain.mutable:
        raise MutableInside(f"{what}: {domain.describe()} is mutable", remedy="Use a tuple, a frozenset or a frozen dataclass.")
    return domain


def _inner(annotation: Any) -> Domain:
    return domain_of(annotation)


def finite(domain: Domain, what: str) -> Domain:
    """Return the domain if it is a small set of immutable values; KeyNotFinite otherwise."""
    if domain.mutable:
        raise KeyNotFinite(f"{what}: {domain.describe()} is mutable")
    if domain.size > ENUMERABLE:
        raise KeyNotFinite(f"{what}: {domain.describe()} has {domain.size:,} values")
    return domain


def _shown(annotation: Any) -> str:
    return f"'{annotation}'" if isinstance(annotation, str) else f"'{getattr(annotation, '__name__', None) or annotation}'"
