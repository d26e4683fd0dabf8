"""Operands: what an expression of a rule denotes while it is being compiled.

A value known now (a constant, a class, a function), a value that the Program computes, a mutable part at a place, the state, several things side by side, or
something to go through. Only some of them are expressions of the Program; the others become one where they are used.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from speccheck.domains.base import Domain
from speccheck.program.expressions import Expression, Generator, Place
from speccheck.program.types import Which
from speccheck.source import Span


@dataclass(frozen=True)
class Known:
    """This very object: a literal, a module constant, a class, a function, a display of constants. `fresh`: a container that the rule makes."""

    value: Any
    fresh: bool = False


@dataclass(frozen=True)
class Value:
    """What an expression of the Program gives. `ordered` is False for sets and dicts that the rule builds, which have no order."""

    expression: Expression
    ordered: bool = True

    @property
    def domain(self) -> Domain:
        """The domain of the value."""
        assert isinstance(self.expression.type, Domain)
        return self.expression.type


@dataclass(frozen=True)
class Part:
    """The mutable value at a place. `ordered` is False for those in local variables, which the rule builds."""

    place: Place
    ordered: bool = True

    @property
    def domain(self) -> Domain:
        """The domain of what lies there."""
        return self.place.domain


@dataclass(frozen=True)
class State:
    """`self` in a rule of the spec, or the state after the step. `cls` is the class by which it is looked at."""

    which: Which
    cls: Any


@dataclass(frozen=True)
class Row:
    """A tuple display: operands side by side."""

    items: tuple["Operand", ...]


@dataclass(frozen=True)
class Through:
    """Something that yields values: a range, the keys, values or items of a map, a comprehension. `body` is what it yields for each round of the generators.

    `ordered`: whether its order may be used; `distinct`: whether no value comes twice; `most`: how many values there are at most. `brackets` says which display
    it is, if it is one: a list or set comprehension becomes a container only where one is needed. `iterator`: it has no length, and is gone through once.
    """

    generators: tuple[Generator, ...]
    body: "Operand"
    ordered: bool
    most: int
    distinct: bool = False
    brackets: Literal["list", "set"] | None = None
    iterator: bool = False


@dataclass(frozen=True)
class Method:
    """A method that has not been called yet: of the user (`function`), or of a container."""

    receiver: "Operand"
    name: str
    function: Callable[..., Any] | None = None


@dataclass(frozen=True)
class SuperOf:
    """`super()` in a method of `owner`."""

    owner: Any
    receiver: "Operand"


@dataclass(frozen=True)
class Closure:
    """A lambda of the rule, with what is around it."""

    tree: ast.Lambda
    around: Mapping[str, "Operand"] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class SubsetsOf:
    """`subsets(s, lo, hi)`: only for `choose`."""

    container: "Operand"
    low: "Operand"
    high: "Operand | None"
    span: Span


Operand: TypeAlias = Known | Value | Part | State | Row | Through | Method | SuperOf | Closure | SubsetsOf
