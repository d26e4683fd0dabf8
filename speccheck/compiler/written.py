"""Functions that were written for a call: what their callers need to know, and how a body is made what a call needs."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from speccheck.compiler.coercions import true, value_of
from speccheck.compiler.operands import Known, Operand, Part, Row, State, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.statements import ended
from speccheck.compiler.writer import Writer, reference
from speccheck.domains.base import Domain
from speccheck.program.expressions import Expression, Load, Local
from speccheck.program.statements import AnyStatement, Return
from speccheck.program.types import Ref, Type, identity
from speccheck.program.walk import rebuilt_block
from speccheck.source import Span


class Written:
    """A function that was written, and what its callers need to know of it."""

    def __init__(
        self, name: str, result: Type | None, returns_nothing: bool, ordered: bool, acts: bool, changes: frozenset[str], replaces: tuple[Domain, ...]
    ) -> None:
        self.name, self.result, self.returns_nothing, self.ordered = name, result, returns_nothing, ordered
        self.acts, self.changes, self.replaces = acts, changes, replaces


class Argument:
    """An argument of a call: what is known now is part of the function that is written, values are passed."""

    def __init__(self, w: Writer, name: str, operand: Operand, span: Span) -> None:
        self.name, self.ordered, self.borrowed = name, True, False
        self.parameter: Local | None = None
        self.value: Expression | None = None
        if isinstance(operand, Row) and all(isinstance(one, Value | Known) for one in operand.items):
            operand = Value(value_of(operand, span))
        if isinstance(operand, Through):
            operand = Value(value_of(operand, span), operand.ordered)
        self.operand = operand
        self.key: Any
        match operand:
            case Known(value):
                self.key = ("known", type(value), value if _hashable(value) else id(value))
            case State(which, cls):
                self.key = ("state", which, cls)
            case Value():
                self.ordered = operand.ordered
                self.parameter, self.value = Local(name, operand.domain), operand.expression
                self.key = ("value", identity(operand.domain), self.ordered)
            case Part(place) if w.state_of(place) is not None and operand.domain.mutable:
                type_ = Ref(operand.domain, w.state_of(place))
                self.parameter, self.value = Local(name, type_), reference(place, span)
                self.key = ("part", identity(type_))
            case Part(place):
                self.ordered = operand.ordered
                self.parameter, self.value = Local(name, operand.domain), Load(operand.domain, span, place)
                self.borrowed = operand.domain.mutable
                self.key = ("value", identity(operand.domain), self.ordered, self.borrowed)
            case _:
                raise NotCompiled("an argument that is neither a value nor a part of the state", span)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def always_returns(body: tuple[AnyStatement, ...]) -> bool:
    """Return whether every path through a body ends in a `return`."""
    return ended(list(body))


def returning_true(body: tuple[AnyStatement, ...], span: Span) -> tuple[AnyStatement, ...]:
    """Return the body of a function that returns nothing as one of a function that returns True."""

    def returned(statement: AnyStatement) -> tuple[AnyStatement, ...]:
        return (Return(true(True, statement.span), span=statement.span),) if isinstance(statement, Return) else (statement,)

    made = rebuilt_block(body, lambda one: one, returned)
    return made if always_returns(made) else (*made, Return(true(True, span), span=span))


def with_parameters(body: Any, parameters: Mapping[str, Local]) -> Any:
    """Replace parameters that turned out to be changed by ones that are passed by reference."""

    def renewed(value: Any) -> Any:
        if isinstance(value, Local):
            return parameters.get(value.name, value) if value.name in parameters and value == Local(value.name, value.type) else value
        if isinstance(value, tuple):
            return tuple(renewed(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Span):
            changes = {
                f.name: new
                for f in fields(value)
                if f.name not in ("span", "domain") and (new := renewed(getattr(value, f.name))) is not getattr(value, f.name)
            }
            return replace(value, **changes) if changes else value
        return value

    return renewed(body)
