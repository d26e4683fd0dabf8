"""Annotations: from a type to its Domain.

    Annotated[list[Annotated[int, Range(0, 3)]], MaxLen(2)]  ->  <list[Range(0, 3)] of at most 2>

Whether a map is total depends on the default that stands at its position (language 2), so defaults come along as `hints`: all the defaults that can reach
this position, none where there is no default position.
"""

import dataclasses
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

from speccheck.domains.bags import Bag
from speccheck.domains.base import ENUMERABLE, Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.defaults import ABSENT, Absent, Anything, Each, EachBy
from speccheck.domains.marks import Partial as Partial
from speccheck.domains.marks import Range as Range
from speccheck.domains.marks import Total as Total
from speccheck.domains.marks import capacity, check_marks, integers, needed_capacity, totality
from speccheck.domains.records import Fields, Record, Records, declared_fields, default_of, record_domain
from speccheck.domains.scalars import Enumerated
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union, may_be_equal
from speccheck.errors import (
    AmbiguousDomain,
    BadAnnotation,
    KeyNotFinite,
    MutableInside,
    NoDomain,
    SpeccheckError,
    SpecErrors,
    UnboundedDomain,
)

FREE_SETS = 1024  # sets over more values than this need a capacity
NO_NAMES: Mapping[str, Any] = types.MappingProxyType({})
Hints = tuple[Any, ...]

# Local names that annotations of dataclasses may mention: those around the class whose variable is being looked at.
_names: ContextVar[Mapping[str, Any]] = ContextVar("speccheck_names", default=NO_NAMES)
# Classes and type aliases whose domains are being made, outermost first.
_building: ContextVar[tuple[Any, ...]] = ContextVar("speccheck_building", default=())


def domain_of(annotation: Any, hints: Hints = (), names: Mapping[str, Any] | None = None) -> Domain:
    """Return the domain that an annotation denotes; `names` are local names that annotations of local dataclasses may mention.

    Raises NoDomain, UnboundedDomain, KeyNotFinite, AmbiguousDomain, MutableInside or BadAnnotation, without a place.
    """
    if names is not None:
        token = _names.set(names)
        try:
            return domain_of(annotation, hints)
        finally:
            _names.reset(token)
    annotation, marks, aliases = _unwrapped(annotation)
    with _within(*aliases):
        return _domain(annotation, marks, hints)


def _domain(annotation: Any, marks: list[Any], hints: Hints) -> Domain:
    origin = get_origin(annotation) or annotation
    arguments = get_args(annotation)
    if origin is int:
        return integers(marks)
    if origin in (list, set, frozenset, dict, Bag, tuple) and not arguments and (origin is not tuple or annotation in (tuple, typing.Tuple)):  # noqa: UP006
        raise NoDomain(f"'{origin.__name__}' does not say what is in it", remedy=f"Write {origin.__name__}[...].")
    if origin is tuple:
        return _tuple(arguments, marks)
    if origin is list:
        return Lists(domain_of(arguments[0]), needed_capacity(marks, "list", "list[...]"))
    if origin in (set, frozenset):
        return (Sets if origin is set else FrozenSets)(*_set_of(arguments[0], marks, origin.__name__))
    if origin is Bag:
        element = _immutable(arguments[0], "the elements of a bag", KeyNotFinite)
        return Bags(element, needed_capacity(marks, "bag", "Bag[...]"))
    if origin is dict:
        return _map(arguments, marks, hints)
    check_marks(marks, (), _shown(annotation), "Put the mark on what it restricts, such as Annotated[int, Range(0, 3)] | None.")
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _literal(arguments)
    if isinstance(origin, type):
        return _class(origin)
    raise NoDomain(f"{_shown(annotation)} denotes no set of values that can be enumerated")


@contextmanager
def _within(*things: Any) -> Iterator[None]:
    """Note that the domains of classes or type aliases are being made; UnboundedDomain where that is already so."""
    building = _building.get()
    for thing in things:
        if any(thing is one for one in building):
            raise UnboundedDomain(
                f"{thing.__name__} contains itself, so its values are unbounded", remedy="Refer to other records by a sort or a number instead."
            )
    token = _building.set(building + things)
    try:
        yield
    finally:
        _building.reset(token)


def field_domains(cls: type) -> dict[str, Domain]:
    """Return the domains of all fields of a Record or Spec class; every error of the class at once."""
    domains: dict[str, Domain] = {}
    errors: list[SpeccheckError] = []
    for name in declared_fields(cls):
        try:
            annotation, names = annotation_of(cls, name)
            domains[name] = domain_of(annotation, (default_of(cls, name),), names)
        except SpeccheckError as error:
            for one in error.errors:
                one.notes = (*one.notes, f"in '{name}' of {cls.__name__}")
                if not hasattr(one, "field"):  # the innermost one is the line to change
                    one.field = (cls, name)  # type: ignore[attr-defined]
                errors.append(one)
    if errors:
        group = SpecErrors(errors)
        group.domains = domains  # type: ignore[attr-defined]  # those that are known, so that more errors can be found
        raise group
    return domains


def annotation_of(cls: type, name: str) -> tuple[Any, Mapping[str, Any]]:
    """Return the evaluated annotation of a field and the local names around it; BadAnnotation if it cannot be evaluated."""
    base = next(base for base in cls.__mro__ if name in vars(base).get("_part_own", ()))
    inside = {n: value for n, value in vars(base).items() if _is_type(value)}
    names = {**vars(base).get("_part_locals", {}), base.__name__: base, **inside}
    return evaluated(vars(base)["__annotations__"][name], _module(base), names), names


def _is_type(value: Any) -> bool:
    # A method that is called `list` is not what an annotation `list[int]` means.
    return isinstance(value, type) or get_origin(value) is not None or type(value).__name__ in ("TypeAliasType", "NewType")


def _module(cls: type) -> dict[str, Any]:
    return getattr(sys.modules.get(cls.__module__), "__dict__", {})


def evaluated(annotation: Any, module: dict[str, Any], local: dict[str, Any]) -> Any:
    """Return an annotation with texts evaluated."""
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, module, local, include_extras=True)["it"]
    except Exception as error:
        raise _unevaluable(annotation, error) from None


def _unevaluable(annotation: Any, error: Exception) -> BadAnnotation:
    return BadAnnotation(f"the annotation {_shown(annotation)} cannot be evaluated: {error}")


def _unwrapped(annotation: Any) -> tuple[Any, list[Any], list[Any]]:
    """Take `Annotated`, `type X = ...`, Final and NewType off; return what is inside, the marks, and the type aliases."""
    marks: list[Any] = []
    aliases: list[Any] = []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            marks.extend(more)
        elif _is_alias(annotation) or _is_alias(origin):
            if any(annotation is alias for alias in aliases):
                return annotation, marks, [*aliases, annotation]
            aliases.append(annotation if _is_alias(annotation) else origin)
            annotation = _aliased(annotation)
        elif type(annotation).__name__ == "NewType":
            annotation = annotation.__supertype__
        elif origin is typing.Final:
            (annotation,) = get_args(annotation)
        else:
            return (type(None) if annotation is None else annotation), marks, aliases


def _is_alias(annotation: Any) -> bool:
    return type(annotation).__name__ == "TypeAliasType"


def _aliased(annotation: Any) -> Any:
    """Return what a `type X = ...` or `type X[T] = ...` stands for."""
    alias = annotation if _is_alias(annotation) else get_origin(annotation)
    try:
        value = alias.__value__
        given = dict(zip(alias.__type_params__, get_args(annotation)))
        parameters = getattr(value, "__parameters__", ())
        return value[tuple(given[p] for p in parameters)] if given and parameters else value
    except Exception as error:
        raise _unevaluable(alias, error) from None


def _literal(values: tuple[Any, ...]) -> Domain:
    if not values:
        raise BadAnnotation("Literal[()] contains no value")
    for i, value in enumerate(values):
        if not isinstance(value, int | str | Enum | None):
            raise NoDomain(f"Literal[{value!r}]: a literal is None, a bool, an int, a str or a member of an enum")
        for other in values[:i]:
            if value == other:
                raise AmbiguousDomain(f"Literal[{other!r}, {value!r}]: the two values are equal")
    return Enumerated(values, f"Literal[{', '.join(map(repr, values))}]")


def _union(alternatives: tuple[Any, ...]) -> Domain:
    domains: list[Domain] = []
    for alternative in alternatives:
        inner = domain_of(alternative)
        domains.extend(inner.alternatives if isinstance(inner, Union) else [inner])
    none: list[Domain] = [d for d in domains if isinstance(d, Enumerated) and d.values == (None,)]
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


def _tuple(arguments: tuple[Any, ...], marks: list[Any]) -> Domain:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return Sequences(_immutable(arguments[0], "the elements of a tuple"), needed_capacity(marks, "tuple", "tuple[..., ...]"))
    check_marks(marks, (), "a tuple of fixed length")
    domains = tuple(_immutable(a, "the elements of a tuple") for a in arguments)
    return Product(tuple, tuple(map(str, range(len(domains)))), domains, tuple, tuple)


def _set_of(argument: Any, marks: list[Any], kind: str) -> tuple[Domain, int]:
    element, limit = _immutable(argument, "the elements of a set", KeyNotFinite), capacity(marks, kind)
    if limit is None and element.size > FREE_SETS:
        remedy = f"Sets over more than {FREE_SETS:,} values need one: Annotated[{kind}[...], MaxLen(n)]."
        raise UnboundedDomain(f"a set over {element.describe()}, which has {element.size:,} values, without a capacity", remedy=remedy)
    return element, element.size if limit is None else limit


def _map(arguments: tuple[Any, ...], marks: list[Any], hints: Hints) -> Domain:
    keys = finite(_immutable(arguments[0], "the keys of a map", KeyNotFinite), "the keys of a map")
    total = totality(marks)
    if total is None:
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
        return _enum(cls)
    if issubclass(cls, Record):
        if cls is Record:
            raise NoDomain("'Record' itself has no fields", remedy="Derive a class from Record.")
        return record_domain(cls)
    if issubclass(cls, Fields):
        raise NoDomain(f"{cls.__name__} is a Spec, not a value", remedy="Derive nested state from Record.")
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple(cls)
    if dataclasses.is_dataclass(cls):
        return _dataclass(cls)
    remedies = {
        str: "Texts are unbounded; list them: Literal['a', 'b'], or use an Enum or a Sort.",
        float: "Floating-point numbers are no good model; use bounded integers.",
    }
    raise NoDomain(f"'{cls.__name__}' denotes no finite set of values", remedy=remedies.get(cls))


def _enum(cls: type[Enum]) -> Domain:
    members = tuple(cls)
    if not members:
        raise NoDomain(f"the enum {cls.__name__} has no members")
    if any(type(member).__hash__ is None for member in members):
        raise MutableInside(f"the members of the enum {cls.__name__} are not hashable", remedy="Drop __eq__, or define __hash__, too.")
    return Enumerated(members, cls.__name__)


def _product(cls: Any, names: tuple[str, ...], make: Any, fields_of: Any) -> Domain:
    _check_equality(cls)
    with _within(cls):
        domains = tuple(_immutable(_own_annotation(cls, n), f"'{n}' of {cls.__name__}") for n in names)
    return Product(cls, names, domains, make, fields_of)


def _own_annotation(cls: type, name: str) -> Any:
    for base in cls.__mro__:
        if name in vars(base).get("__annotations__", {}):
            return evaluated(vars(base)["__annotations__"][name], _module(base), {**_names.get(), base.__name__: base})
    raise NoDomain(f"'{name}' of {cls.__name__} has no annotation", remedy="Write class Name(NamedTuple) with an annotation for each field.")


def _named_tuple(cls: Any) -> Domain:
    return _product(cls, tuple(cls._fields), cls._make, tuple)


def _dataclass(cls: Any) -> Domain:
    parameters, name = cls.__dataclass_params__, cls.__name__
    if not parameters.frozen:
        remedy = f"Write @dataclass(frozen=True) for a message or value, or class {name}(Record) for mutable state."
        raise MutableInside(f"the dataclass {name} is not frozen", remedy=remedy)
    if not parameters.eq:
        raise MutableInside(f"the dataclass {name} has eq=False, so equal values would differ", remedy="Drop eq=False.")
    fields = dataclasses.fields(cls)
    for field in fields:
        if not field.compare:
            raise MutableInside(f"'{field.name}' of the dataclass {name} has compare=False, so different values would be equal", remedy="Drop compare=False.")
        if not field.init:
            raise MutableInside(f"'{field.name}' of the dataclass {name} is computed (init=False)", remedy="Compute it in a property.")
    names = tuple(field.name for field in fields)
    if set(inspect.signature(cls).parameters) != set(names):
        raise MutableInside(
            f"the constructor of the dataclass {name} takes something else than its fields", remedy="Drop __init__ and InitVar; write a function."
        )

    def fields_of(value: Any) -> tuple[Any, ...]:
        return tuple([getattr(value, name) for name in names])

    def make(values: tuple[Any, ...]) -> Any:
        return cls(**dict(zip(names, values)))

    return _product(cls, names, make, fields_of)


def _check_equality(cls: type) -> None:
    for special in ("__eq__", "__hash__"):
        base = next(base for base in cls.__mro__ if special in vars(base))
        code = getattr(vars(base)[special], "__code__", None)
        if base is not tuple and not (code is not None and "__create_fn__" in code.co_qualname):  # dataclasses makes its methods there
            raise MutableInside(f"{base.__name__} defines {special}", remedy=f"Drop {special}: equality of values is that of their fields.")


def _immutable(annotation: Any, what: str, error: type[SpeccheckError] = MutableInside) -> Domain:
    inside, _, _ = _unwrapped(annotation)
    mutable = get_origin(inside) or inside
    remedy = "Use a tuple, a frozenset or a frozen dataclass."
    if mutable in (list, set, dict, Bag):  # before its own faults: a capacity would not help
        raise error(f"{what}: {_shown(inside)} is mutable", remedy=remedy)
    domain = domain_of(annotation)
    if domain.mutable:
        raise error(f"{what}: {domain.describe()} is mutable", remedy=remedy)
    return domain


def finite(domain: Domain, what: str) -> Domain:
    """Return the domain if it is a small set of immutable values; KeyNotFinite otherwise."""
    if domain.mutable:
        raise KeyNotFinite(f"{what}: {domain.describe()} is mutable")
    if domain.size > ENUMERABLE:
        raise KeyNotFinite(f"{what}: {domain.describe()} has {domain.size:,} values")
    return domain


def _shown(annotation: Any) -> str:
    if isinstance(annotation, str) or not get_args(annotation):
        annotation = getattr(annotation, "__name__", None) or annotation
    # As it was written: without the modules of names, but with the dots of texts.
    text = re.sub(r"""('[^']*'|"[^"]*")|(?:\b[A-Za-z_]\w*\.|<locals>\.)+""", lambda found: found[1] or "", str(annotation))
    return f"'{text}'"
