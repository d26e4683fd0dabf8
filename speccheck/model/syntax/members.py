"""Members: the kind of an attribute of a value.

member_of(State(Raft, Place("self")), "nodes")  ->  Of(<dict[Server, Node]>, Place("self", ("nodes",)))
member_of(Of(<Node>, ...), "step_down")         ->  Method(Of(<Node>, ...), "step_down", the function)
member_of(Of(<Node>, ...), "tern")              ->  NOTHING
"""

import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from speccheck.domains.base import Domain
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import Product
from speccheck.dsl.rules import mark_of
from speccheck.model.syntax.elements import checked, field_of, inside
from speccheck.model.syntax.functions import MISSING, class_member, has_attribute, is_mangled, overrides
from speccheck.model.syntax.kinds import CLAIMED, FRESH, NOTHING, UNKNOWN, Built, Kind, Method, Object, Of, Place, State, Super, Tuple, shape_of
from speccheck.model.syntax.results import MUTATORS, READERS

Getter: TypeAlias = Callable[[Any, Kind], Kind]  # what a property's function gives for this receiver


def member_of(kind: Kind, name: str, fields_of: Callable[[Any], Mapping[str, Domain]], getter: Getter) -> Kind:
    """Return the kind of an attribute of a value that is of one kind, no union; NOTHING where there certainly is none."""
    if is_mangled(name):
        return UNKNOWN
    match kind:
        case State(cls, origin):
            fields = fields_of(cls)
            if name in fields:
                return checked(fields[name], origin.then(name) if isinstance(origin, Place) else origin)
            return _class_member(cls, kind, name, getter)
        case Of(Records() as domain, origin):
            return field_of(domain, origin, name) if name in domain.fields else _class_member(domain.cls, kind, name, getter)
        case Of(Product() as domain, origin) if domain.cls is not tuple:
            if name in domain.names:
                return UNKNOWN if origin is FRESH else Of(domain.domains[domain.names.index(name)], inside(origin))
            return _class_member(domain.cls, kind, name, getter)
        case Super(owner, State(cls, _) as receiver):
            return _class_member(cls, receiver, name, getter, owner)
        case Super(owner, Of(Records() | Product() as domain, _) as receiver):
            return _class_member(domain.cls, receiver, name, getter, owner)
        case Object(value):
            return _member_of_object(value, name)
        case Of() | Built() | Tuple():
            return _container_member(kind, name)
    return UNKNOWN


def _container_member(kind: Kind, name: str) -> Kind:
    shape = shape_of(kind)
    if shape is not None:
        return Method(kind, name) if name in MUTATORS.get(shape, ()) or name in READERS[shape] else NOTHING
    if isinstance(kind, Of) and isinstance(kind.domain, Enumerated) and not any(has_attribute(value, name) for value in kind.domain.values):
        return NOTHING
    return Method(kind, name) if name in ("next", "prev") else UNKNOWN


def _member_of_object(value: Any, name: str) -> Kind:
    if shape_of(Object(value)) is not None:
        return _container_member(Object(value), name)
    if isinstance(value, types.ModuleType | type):
        try:
            return Object(getattr(value, name))
        except AttributeError:
            return NOTHING
        except Exception:  # a lazy attribute of a module that fails
            return UNKNOWN
    bound = getattr(type(value), name, None)
    return Object(getattr(value, name)) if inspect.isroutine(bound) and not isinstance(value, str | int) else UNKNOWN


def _class_member(cls: Any, receiver: Kind, name: str, getter: Getter, after: Any = None) -> Kind:
    found = class_member(cls, name, after)
    if isinstance(receiver, Of) and receiver.origin is CLAIMED:  # it may be of a subclass, which has other members
        return UNKNOWN
    match found:
        case property(fget=function) if function is not None:
            return getter(function, receiver)
        case staticmethod():
            return Object(found.__func__)
        case classmethod():
            return Method(Object(cls), name, found.__func__)
        case types.FunctionType():
            return Method(receiver, name, found)
    if mark_of(found) is not None and callable(found):
        return Method(receiver, name, found)
    if found is MISSING:
        return UNKNOWN if overrides(cls, "__getattr__") or overrides(cls, "__getattribute__") else NOTHING
    return UNKNOWN if hasattr(type(found), "__get__") else Object(found)
