"""Functions and classes as such: what is known of them without looking at expressions.

class_member(Raft, "adopt")   ->  the function that the class holds
claims_of(Node.last)          ->  {"return": Of(<tuple[...]>, CLAIMED)}       what the annotations promise
arguments_of(f, [a, b], {})   ->  {"x": a, "y": b}
"""

import ast
import inspect
import typing
from collections.abc import Mapping
from typing import Any

from speccheck.domains.records import Fields
from speccheck.dsl.rules import mark_of
from speccheck.model.syntax.kinds import BOOL, CLAIMED, NONE, TEXT, UNKNOWN, Built, Kind, Object, is_bool
from speccheck.model.syntax.results import domain_kind

MISSING: Any = object()  # what is found where there is nothing


def class_member(cls: Any, name: str, after: Any = None) -> Any:
    """Return what a class holds under a name, unbound; with `after`, what `super()` in that class finds. MISSING if there is nothing."""
    mro = list(cls.__mro__)
    start = mro.index(after) + 1 if after in mro else 0
    return next((vars(base)[name] for base in mro[start:] if name in vars(base)), MISSING)


def is_mangled(name: str) -> bool:
    """Return whether Python stores an attribute of this name under another one, that of the class included."""
    return name.startswith("__") and not name.endswith("__")


def has_attribute(value: Any, name: str) -> bool:
    """Return whether an object has an attribute, without asking for its value."""
    return inspect.getattr_static(value, name, MISSING) is not MISSING


def overrides(cls: Any, special: str) -> bool:
    """Return whether the user gave a class its own way to find or set attributes, such as `__getattr__`."""
    if special == "__setattr__" and hasattr(cls, "__dataclass_fields__"):
        return False
    return class_member(cls, special) not in (class_member(Fields, special), class_member(object, special), class_member(tuple, special), MISSING)


def unmarked(function: Any) -> Any:
    """Return a rule's function as it was written; any other function as it is."""
    mark = mark_of(function)
    return mark.function if mark is not None else function


def claims_of(function: Any) -> dict[str, Kind]:
    """Return the kinds that a function's annotations promise, `return` included, where they can be evaluated."""
    try:
        hints = typing.get_type_hints(inspect.unwrap(unmarked(function)), include_extras=True)
    except Exception:  # only the annotations of rules have to be evaluable, and collection reports those
        return {}
    return {name: _claim(hint) for name, hint in hints.items()}


def _claim(hint: Any) -> Kind:
    if hint is type(None):
        return NONE
    if hint is str:
        return TEXT
    kind = domain_kind(hint, CLAIMED)
    return BOOL if is_bool(kind) else kind


def arguments_of(function: Any, positional: list[Kind], named: Mapping[str, Kind]) -> dict[str, Kind] | None:
    """Bind the kinds of arguments to parameters; an UNKNOWN one is left to the annotation. None where they do not fit."""
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*positional, **named)
    except (TypeError, ValueError):
        return None
    found: dict[str, Kind] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            found[name] = Built("tuple" if parameter.kind is parameter.VAR_POSITIONAL else "dict", UNKNOWN)
        elif name in bound.arguments:
            found[name] = bound.arguments[name]
        elif parameter.default is not parameter.empty:
            found[name] = Object(parameter.default)
    return {name: kind for name, kind in found.items() if kind != UNKNOWN}


def ends(statements: list[ast.stmt]) -> bool:
    """Return whether control certainly does not reach the end of these statements."""
    if not statements:
        return False
    match statements[-1]:
        case ast.Return() | ast.Raise() | ast.Expr(value=ast.Call(func=ast.Name(id="disable"))):
            return True
        case ast.If(body=yes, orelse=no):
            return ends(yes) and ends(no)
        case ast.Match(cases=cases):
            wild = any(isinstance(c.pattern, ast.MatchAs) and c.pattern.pattern is None and c.guard is None for c in cases)
            return wild and all(ends(c.body) for c in cases)
        case ast.While(test=ast.Constant(value=True), body=body):
            return not any(isinstance(part, ast.Break) for statement in body for part in ast.walk(statement))
        case ast.With(body=body):
            return ends(body)
    return False
