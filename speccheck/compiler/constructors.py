"""Calls of classes: messages, records, and states of abstract specs."""

import dataclasses
import inspect
from enum import Enum
from typing import Any

from speccheck.compiler.coercions import described, domain_of_operand, expression_in, is_value
from speccheck.compiler.joins import fits, record_of
from speccheck.compiler.operands import Known, Operand, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.annotations import domain_of
from speccheck.domains.records import Record, Records, record_domain
from speccheck.domains.tuples import Product
from speccheck.dsl.spec import Spec, init_of
from speccheck.errors import SpeccheckError
from speccheck.program.expressions import Constant, Expression, MakeRecord
from speccheck.source import Span


def computed(known: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return the result of a function of constants, computed now."""
    try:
        return Known(known(*(one.value for one in positional), **{name: one.value for name, one in named.items()}))  # type: ignore[union-attr]
    except Exception as error:
        raise NotCompiled(f"a call of {described(Known(known))} that raises {type(error).__name__}", span) from None


def construct(w: Writer, cls: type, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of a class denotes."""
    if issubclass(cls, Record):
        return _record(w, record_domain(cls), positional, named, span)
    if issubclass(cls, Spec):
        return _abstract_state(w, cls, positional, named, span)
    if dataclasses.is_dataclass(cls) or (issubclass(cls, tuple) and hasattr(cls, "_fields")):
        return frozen_record(w, cls, positional, named, span)
    if issubclass(cls, Enum) and len(positional) == 1 and isinstance(positional[0], Known):
        return computed(cls, positional, {}, span)
    raise NotCompiled(f"a call of {cls.__name__}", span)


def frozen_record(w: Writer, cls: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return a frozen dataclass or NamedTuple of these values."""
    if hasattr(cls, "__post_init__") or ("__new__" in vars(cls) and dataclasses.is_dataclass(cls)):
        raise NotCompiled(f"'{cls.__name__}', which does something when it is made", span)
    fields = dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()
    names = tuple(field.name for field in fields) if dataclasses.is_dataclass(cls) else tuple(cls._fields)
    if not all(field.init for field in fields):
        raise NotCompiled(f"'{cls.__name__}', which has a field that is not given when it is made", span)
    arguments = bound_arguments(cls, positional, named, span)
    values = [arguments[name] for name in names]
    if all(isinstance(one, Known) and is_value(one.value) for one in values):
        return Known(cls(**{name: one.value for name, one in zip(names, values)}))  # type: ignore[union-attr]
    declared = _declared(cls)
    domains = []
    for i, one in enumerate(values):
        own = domain_of_operand(one, span)
        if own.mutable:
            raise NotCompiled(f"the mutable value {described(one)} in a {cls.__name__}", span)
        domains.append(declared.domains[i] if declared is not None and fits(own, declared.domains[i]) else own)
    made = record_of(cls, names, tuple(domains))
    return Value(MakeRecord(made, span, tuple(expression_in(one, domain, None, span) for one, domain in zip(values, domains))))


def _declared(cls: Any) -> Product | None:
    try:
        found = domain_of(cls)
    except SpeccheckError:
        return None
    return found if isinstance(found, Product) else None


def bound_arguments(function: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> dict[str, Operand]:
    """Return the arguments of a call by the names of the parameters, defaults included."""
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*positional, **named)
    except (TypeError, ValueError):
        raise NotCompiled(f"this call of {described(Known(function))}", span) from None
    found: dict[str, Operand] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise NotCompiled(f"'{described(Known(function))}', which takes any arguments", span)
        if name in bound.arguments:
            found[name] = bound.arguments[name]
        elif parameter.default is not parameter.empty:
            found[name] = Known(parameter.default)
    return found


def _abstract_state(w: Writer, cls: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """A state of an abstract spec, in a mapping."""
    from speccheck.compiler.compile import state_domain

    if w.compiler.phase != "mapping" or (not named and init_of(cls) is not None):
        raise NotCompiled(f"a call of {cls.__name__}", span)
    return _record(w, state_domain(cls), positional, named, span)


def _record(w: Writer, domain: Records, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    cls = domain.cls
    if positional or not set(named) <= set(domain.fields):
        raise NotCompiled(f"this call of {cls.__name__}", span)
    fields: list[Expression] = []
    for name, one in domain.fields.items():
        if name in named:
            fields.append(expression_in(named[name], one, "domain", span))
        elif name in domain.defaults:
            fields.append(Constant(one, span, domain.defaults[name]))
        else:
            raise NotCompiled(f"a {cls.__name__} without '{name}'", span)
    return Value(MakeRecord(domain, span, tuple(fields)))
