"""Attributes: what `of.name` denotes, for the state, records, messages, unions, enums, and objects that are known."""

import types
from enum import Enum
from typing import Any

from speccheck.compiler.coercions import described, domain_of_operand, is_value, joined, value_of
from speccheck.compiler.joins import domain_of_value, join_all
from speccheck.compiler.operands import Known, Method, Operand, Part, State, SuperOf, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.model.syntax.functions import MISSING, class_member, unmarked
from speccheck.program.expressions import (
    AlternativeStep,
    Convert,
    Expression,
    FieldStep,
    GetField,
    IfThenElse,
    IsAlternative,
    Load,
    Place,
    Table,
    ToInteger,
    Variable,
)
from speccheck.program.places import failure_beside
from speccheck.program.types import BOOL
from speccheck.source import Span


def attribute(w: Writer, of: Operand, name: str, span: Span) -> Operand:
    """Return what `of.name` denotes."""
    match of:
        case State(which, cls):
            return _state_attribute(w, of, which, cls, name, span)
        case SuperOf(owner, receiver):
            cls = receiver.cls if isinstance(receiver, State) else _class_of(domain_of_operand(receiver, span))
            function = class_member(cls, name, owner)
            return _member(w, function, receiver, name, span)
        case Known(inner):
            return _known_attribute(w, inner, name, span)
        case Part(place) if isinstance(place.domain, Records):
            domain = place.domain
            if name in domain.fields:
                index = list(domain.fields).index(name)
                return inside(place, FieldStep(index), domain.fields[name], span, of.ordered)
            return _member(w, class_member(domain.cls, name), of, name, span)
        case Value() | Part():
            return _value_attribute(w, of, name, span)
    return Method(of, name)


def inside(place: Place, step: Any, domain: Domain, span: Span, ordered: bool = True) -> Operand:
    """Return what lies one step further than a place: a mutable part, or the value there."""
    further = Place(place.root, (*place.steps, step), domain)
    if domain.mutable:
        return Part(further, ordered)
    return Value(Load(domain, span, further))


def _state_attribute(w: Writer, of: State, which: Any, cls: Any, name: str, span: Span) -> Operand:
    variables = w.compiler.variables
    if name in variables:
        index = list(variables).index(name)
        place = Place(Variable(which, index), (), variables[name])
        if variables[name].mutable:
            return Part(place)
        return Value(Load(variables[name], span, place))
    return _member(w, class_member(cls, name), of, name, span)


def _member(w: Writer, member: Any, receiver: Operand, name: str, span: Span) -> Operand:
    from speccheck.compiler.calls import call_function

    if member is MISSING:
        raise NotCompiled(f"the attribute '{name}'", span)
    if isinstance(member, staticmethod):
        return Known(member.__func__)
    if isinstance(member, property):
        assert member.fget is not None
        return call_function(w, member.fget, [receiver], {}, span)
    if isinstance(member, types.FunctionType) or hasattr(member, "__speccheck_mark__"):
        return Method(receiver, name, unmarked(member))
    if isinstance(member, classmethod) or (hasattr(member, "__get__") and not isinstance(member, type)):
        raise NotCompiled(f"'{name}', a {type(member).__name__}", span)
    return Known(member)


def _class_of(domain: Domain) -> Any:
    match domain:
        case Records() | Product():
            return domain.cls
    raise NotCompiled(f"super() of {domain.describe()}")


def _known_attribute(w: Writer, inner: Any, name: str, span: Span) -> Operand:
    if isinstance(inner, Sort) and name in ("next", "prev"):
        return Method(Known(inner), name)
    if isinstance(inner, str | list | set | dict | frozenset | tuple | Bag) and not hasattr(type(inner), "_fields"):
        return Method(Known(inner), name)
    try:
        found = getattr(inner, name)
    except AttributeError:
        raise NotCompiled(f"the attribute '{name}' of {described(Known(inner))}", span) from None
    if isinstance(found, types.MethodType) and not isinstance(inner, type | types.ModuleType):
        return Method(Known(inner), name, found.__func__)
    return Known(found)


def _value_attribute(w: Writer, of: Value | Part, name: str, span: Span) -> Operand:
    domain = of.domain
    match domain:
        case Product() if name in domain.names and domain.cls is not tuple:
            index = domain.names.index(name)
            return Value(GetField(domain.domains[index], span, value_of(of, span), index))
        case Product() if domain.cls is not tuple:
            return _member(w, class_member(domain.cls, name), of, name, span)
        case Union():
            return _union_attribute(w, of, domain, name, span)
        case Enumerated() if domain.values and all(isinstance(v, Sort) and type(v).ordered for v in domain.values):
            if name == "index":
                return Value(ToInteger(Integers(0, max(v._index for v in domain.values)), span, value_of(of, span)))
            return Method(of, name)
        case Enumerated() if domain.values and all(isinstance(v, Enum) for v in domain.values) and name in ("value", "name"):
            return table(value_of(of, span), [(getattr(v, name),) for v in domain.values], span)
    values = domain.values if isinstance(domain, Enumerated) else (0,) if isinstance(domain, Integers) else None
    if values is not None and not any(hasattr(value, name) for value in values):  # such as one of an empty display
        raise NotCompiled(f"the attribute '{name}' of {domain.describe()}", span)
    return Method(of, name)


def _union_attribute(w: Writer, of: Value | Part, domain: Union, name: str, span: Span) -> Operand:
    """The attribute of those alternatives that have it; another one fails with `error`, as CPython does."""
    having = [n for n, one in enumerate(domain.alternatives) if has_attribute(one, name)]
    if not having:
        raise NotCompiled(f"the attribute '{name}' of {domain.describe()}", span)
    found = [attribute(w, alternative(of, domain, n, span), name, span) for n in having]
    if len(found) == 1:
        return found[0]
    if not all(isinstance(one, Value) for one in found):
        raise NotCompiled(f"the attribute '{name}' of {domain.describe()}, which several alternatives have", span)
    return Value(by_alternative(of, having, [value_of(one, span) for one in found], span))


def by_alternative(of: Value | Part, numbers: list[int], values: list[Expression], span: Span) -> Expression:
    """Return the value that belongs to the alternative that a union's value is; the last one also stands for those that fail."""
    values = joined(values)
    whole = value_of(of, span)
    result = values[-1]
    for n, one in reversed(list(zip(numbers[:-1], values[:-1]))):
        result = IfThenElse(result.type, span, IsAlternative(BOOL, span, whole, frozenset({n})), one, result)
    return result


def has_attribute(domain: Domain, name: str) -> bool:
    """Return whether the values of a domain have an attribute."""
    match domain:
        case Product():
            return domain.cls is not tuple and (name in domain.names or class_member(domain.cls, name) is not MISSING)
        case Records():
            return name in domain.fields or class_member(domain.cls, name) is not MISSING
        case Enumerated():
            return bool(domain.values) and all(value is not None and not isinstance(value, str) and hasattr(type(value), name) for value in domain.values)
    kinds: dict[type[Domain], type] = {Lists: list, Sets: set, FrozenSets: frozenset, Maps: dict, Bags: Bag, Sequences: tuple}
    return type(domain) in kinds and hasattr(kinds[type(domain)], name)


def alternative(of: Value | Part, domain: Union, number_: int, span: Span) -> Value | Part:
    """Return a union's value as one of an alternative; it fails if it is another one."""
    one = domain.alternatives[number_]
    if isinstance(of, Part) and domain.mutable:
        if one.mutable:
            return Part(Place(of.place.root, (*of.place.steps, AlternativeStep(number_)), one), of.ordered)
        return Value(Convert(one, span, value_of(of, span), failure_beside(domain, number_)))
    return Value(Convert(one, span, value_of(of, span), failure_beside(domain, number_)), of.ordered)


def table(key: Expression, entries: list[Any], span: Span) -> Operand:
    """Return the entry of a table of constants: `entries` by number of the key's value, (value,) or None for one that fails."""
    values = [entry[0] for entry in entries if entry is not None]
    if not values:
        raise NotCompiled("a table without entries", span)
    if not all(map(is_value, values)):
        raise NotCompiled("a table of things that are no values", span)
    domain = join_all(map(domain_of_value, values))
    return Value(Table(domain, span, key, tuple(None if entry is None else (domain.freeze_any(entry[0]),) for entry in entries)))
