"""Statements of the Program: what a rule does, in order.

A step that *fails* ends there. `Require` disables it without a trace; other failures are those of expressions.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from speccheck.program.expressions import Expression, Failure, Local, Place, Source
from speccheck.source import Span


@dataclass(frozen=True, eq=False)
class Statement:
    """What all statements have: a place in the user's file."""

    span: Span = field(repr=False, kw_only=True)


@dataclass(frozen=True, eq=False)
class Assign(Statement):
    """Give a local a value of its type."""

    local: Local
    value: Expression


@dataclass(frozen=True, eq=False)
class Store(Statement):
    """Write a value of the place's domain to a place of the state, or of a local that holds a mutable value."""

    place: Place
    value: Expression


Operation: TypeAlias = Literal[
    "add", "discard", "remove",  # sets: element. Bags: add, remove. A missing element fails with `error`, a full container with `domain` (in a local: `beyond`)
    "append", "insert", "delete", "reverse",  # lists: element; index, element; index (Python's; out of range fails with `error`)
    "delete_key",  # partial maps: key; a missing one fails with `error`. (A value is written by Store at a KeyStep that is sure.)
    "discard_key",  # partial maps: key, which need not be there
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Change(Statement):
    """Change the container at a place as the operation says. Arguments are of its element or key type, indices are integers."""

    place: Place
    operation: Operation
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Touch(Statement):
    """A write that changes nothing: the path through it is not a path without effect."""


@dataclass(frozen=True, eq=False)
class If(Statement):
    """Branch on a bool."""

    test: Expression
    then: tuple["AnyStatement", ...]
    otherwise: tuple["AnyStatement", ...] = ()


@dataclass(frozen=True, eq=False)
class For(Statement):
    """Run the body for each element of a source; see Generator. The container is not changed meanwhile."""

    targets: tuple[Local, ...]
    source: Source
    body: tuple["AnyStatement", ...]


@dataclass(frozen=True, eq=False)
class Loop(Statement):
    """Run the body again and again, until Break, Return or a failure."""

    body: tuple["AnyStatement", ...]


@dataclass(frozen=True, eq=False)
class Break(Statement):
    """Leave the innermost For or Loop."""


@dataclass(frozen=True, eq=False)
class Continue(Statement):
    """Go on with the next round of the innermost For or Loop."""


@dataclass(frozen=True, eq=False)
class Return(Statement):
    """End the function."""

    value: Expression | None = None


@dataclass(frozen=True, eq=False)
class Require(Statement):
    """Disable the step if the bool is false."""

    test: Expression


@dataclass(frozen=True, eq=False)
class Fail(Statement):
    """Fail."""

    failure: Failure


@dataclass(frozen=True, eq=False)
class Choose(Statement):
    """Try every value of the source, each once (equal ones are merged, all in domain order); nothing to pick disables the step. The rest of the evaluation is
    done for each.
    """

    local: Local
    source: Source


@dataclass(frozen=True, eq=False)
class Run(Statement):
    """Call a function that acts: writes, requires, chooses, or changes a variable by reference. The result goes to `local`, if there is one."""

    local: Local | None
    function: str
    arguments: tuple[Expression, ...]


AnyStatement: TypeAlias = Assign | Store | Change | Touch | If | For | Loop | Break | Continue | Return | Require | Fail | Choose | Run
