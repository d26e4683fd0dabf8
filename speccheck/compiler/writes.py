"""Writes: values that are stored at places, and what becomes of references to what is replaced.

A part that was replaced or removed is closed: CPython refuses to use it. Where that might happen here, the function is left to CPython.
"""

from dataclasses import replace
from typing import Any

from speccheck.compiler.coercions import expression_in, value_of
from speccheck.compiler.operands import Known, Operand, Part, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Shape, Writer
from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists, Maps
from speccheck.domains.records import Records
from speccheck.domains.unions import Union
from speccheck.model.syntax.results import MUTATORS
from speccheck.program.expressions import AlternativeStep, ItemStep, KeyStep, Local, Place
from speccheck.program.failing import can_fail
from speccheck.program.places import domain_at
from speccheck.program.statements import Store
from speccheck.program.types import Ref, identity
from speccheck.source import Span

CHANGES = frozenset().union(*MUTATORS.values()) | {"pop", "popitem", "setdefault"}


def is_change(receiver: Operand, name: str, span: Span) -> bool:
    """Return whether a method of a container changes it."""
    if isinstance(receiver, Part) and receiver.domain.mutable and name in CHANGES:
        return True
    if name in CHANGES and isinstance(receiver, Known) and isinstance(receiver.value, list | set | dict) and name not in ("get",):
        raise NotCompiled(f"'{name}' of a constant", span)
    return False


def own_variable(w: Writer, place: Place) -> str | None:
    """Return the name of the function's variable whose value is changed at a place; None if it is a part of a state, or a parameter."""
    if isinstance(place.root, Local) and not isinstance(place.root.type, Ref):
        if place.root.by_reference or place.root.name in w.parameters_by_reference:
            w.changes_parameters.add(place.root.name)
            w.acts = True
            return None
        return place.root.name
    return None


def in_state(w: Writer, place: Place, span: Span) -> bool:
    """Note that a place is written; return whether it lies in a state."""
    which = w.state_of(place)
    if which == "after":
        raise NotCompiled("a change of the state after the step", span)
    if which is None:
        return False
    w.acting("a write", span)
    return True


def grown(w: Writer, place: Place, wanted: Domain) -> Place:
    """Give a local variable whose value is changed in place the type that it needs; return its place now."""
    name = own_variable(w, place)
    if name is None or place.steps:
        return place
    shape = w._join(name, Shape(wanted, w.shapes[name].ordered if name in w.shapes else True))
    local = w.local(name, shape)
    return Place(local, (), local.domain)


def written(w: Writer, place: Place, value: Operand, span: Span, placed: bool = True) -> None:
    """Write a value to a place. `placed`: it is another value, and no change of the one that is there."""
    if isinstance(value, Part) and value.domain.mutable:
        refuse_second_place(w, place, value, span)
    failure: Any = "domain" if in_state(w, place, span) else "beyond"
    own_variable(w, place)
    if may_be_missing(w, place) and not isinstance(value, Known):
        value = w.held(value, span, "value")
    stored = expression_in(value, place.domain, failure, span)
    if may_be_missing(w, place) and can_fail(stored, w.compiler.so_far):  # CPython looks whether there is such a place before the value is looked at
        w.held(Part(existing(w, place)), span, "there")
        if isinstance(last := place.steps[-1], KeyStep):
            key = w.held(Value(last.key), span, "key")
            place = replace(place, steps=(*place.steps[:-1], replace(last, key=value_of(key, span))))
    if place.domain.mutable:
        closed(w, place.domain, span)
    store = Store(place, stored, span=span)
    if placed:
        w.compiler.placed[id(store)] = store
    w.emit(store)


def may_be_missing(w: Writer, place: Place) -> bool:
    """Return whether there may be no such part of the state, or what says which one may fail."""
    for step in place.steps:
        match step:
            case AlternativeStep():
                return True
            case KeyStep(inner, sure) | ItemStep(inner, sure) if not sure or can_fail(inner, w.compiler.so_far):
                return True
    return False


def existing(w: Writer, place: Place) -> Place:
    """Return what must be there when something is written to a place: not an item of a map, whose key may be new."""
    if not place.steps or not isinstance(place.steps[-1], KeyStep):
        return place
    before = replace(place, steps=place.steps[:-1])
    return replace(before, domain=domain_at(before, w.compiler.so_far))


def refuse_second_place(w: Writer, place: Place, value: Part, span: Span) -> None:
    """A part of a state may not be stored a second time; a local value may not be changed after it was stored."""
    if w.state_of(value.place) is not None:
        raise NotCompiled("a part of the state that is stored in a second place", span, "Write a copy, such as set(...) or copy(...).")
    if isinstance(value.place.root, Local):
        name = value.place.root.name
        if "." in name:  # nobody else knows it
            return
        if value.place.steps or name in w.borrowed:
            raise NotCompiled(f"'{name}', which may be changed after it was stored", span)


def closed(w: Writer, domain: Domain, span: Span) -> None:
    """Parts of this domain, and what is in them, may have been replaced: variables that refer to any must not be used any more."""
    w.replaced.append(domain)
    for name, shape in w.shapes.items():
        if isinstance(shape.type, Ref) and may_contain(domain, shape.type.domain) and name in w.locals:
            w.closed[name] = span
    for name, operand in w.names.items():  # parameters, too
        if isinstance(operand, Part) and operand.domain.mutable and w.state_of(operand.place) is not None and may_contain(domain, operand.domain):
            w.closed[name] = span


def refuse_replaced(w: Writer, found: Operand, before: int, span: Span) -> None:
    """Refuse an operand that is a part of the state which may have been replaced since so many parts had been: CPython notices that, too."""
    if not (isinstance(found, Part) and found.domain.mutable and w.state_of(found.place) is not None):
        return
    if any(may_contain(domain, found.domain) for domain in w.replaced[before:]):
        raise NotCompiled("a part that what is evaluated after it may replace", span, "Compute that before.")


def may_contain(outer: Domain, inner: Domain) -> bool:
    """Return whether a value of one domain may be, or have inside it, a part of another one."""
    if identity(outer) == identity(inner):
        return True
    match outer:
        case Records():
            return any(may_contain(one, inner) for one in outer.fields.values())
        case Maps():
            return may_contain(outer.value_domain, inner)
        case Lists():
            return may_contain(outer.element, inner)
        case Union():
            return any(may_contain(one, inner) for one in outer.alternatives)
    return False
