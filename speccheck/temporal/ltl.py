"""Linear temporal logic in negation normal form: what the automaton is built from.

In: a `Formula` of the language. Out: its negation, with `not` pushed down to numbered atoms::

    leads_to(p, q)  ->  not: true U (p and (false R not q))

Formulas are compared by value, so equal obligations of an automaton's states are one. There is no next: verdicts do not depend on stuttering.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from speccheck.dsl import formulas as dsl


@dataclass(frozen=True)
class Constant:
    """True or false."""

    value: bool


@dataclass(frozen=True)
class Literal:
    """An atom by its number, or its negation."""

    atom: int
    positive: bool


@dataclass(frozen=True)
class And:
    """Both sides hold."""

    left: "Ltl"
    right: "Ltl"


@dataclass(frozen=True)
class Or:
    """One of the sides holds."""

    left: "Ltl"
    right: "Ltl"


@dataclass(frozen=True)
class Until:
    """The right side comes to hold, and the left side holds up to then."""

    left: "Ltl"
    right: "Ltl"


@dataclass(frozen=True)
class Release:
    """The right side holds up to and including the moment when the left side does, if ever."""

    left: "Ltl"
    right: "Ltl"


Ltl: TypeAlias = Constant | Literal | And | Or | Until | Release
TRUE, FALSE = Constant(True), Constant(False)


def normal_form(formula: dsl.Formula, number: Callable[[dsl.Atom | dsl.ActionAtom], int], *, negated: bool = False) -> Ltl:
    """Return a formula, or its negation, in negation normal form; `number` gives each atom its number."""
    match formula:
        case dsl.Atom() | dsl.ActionAtom():
            return Literal(number(formula), not negated)
        case dsl.Not(operand):
            return normal_form(operand, number, negated=not negated)
        case dsl.And(operands) | dsl.Or(operands):
            parts = [normal_form(one, number, negated=negated) for one in operands]
            return _all(parts) if isinstance(formula, dsl.And) != negated else _any(parts)
        case dsl.Implies(left, right):
            return normal_form(dsl.Or((dsl.Not(left), right)), number, negated=negated)
        case dsl.Always(operand):
            inner = normal_form(operand, number, negated=negated)
            return until(TRUE, inner) if negated else release(FALSE, inner)
        case dsl.Eventually(operand):
            inner = normal_form(operand, number, negated=negated)
            return release(FALSE, inner) if negated else until(TRUE, inner)
        case dsl.LeadsTo(left, right):
            return normal_form(dsl.Always(dsl.Implies(left, dsl.Eventually(right))), number, negated=negated)
        case dsl.Until(left, right, weak):
            # P W Q is Q R (P or Q).
            if weak:
                return normal_form(dsl.Release(right, dsl.Or((left, right))), number, negated=negated)
            make = release if negated else until
            return make(normal_form(left, number, negated=negated), normal_form(right, number, negated=negated))
        case dsl.Release(left, right):
            make = until if negated else release
            return make(normal_form(left, number, negated=negated), normal_form(right, number, negated=negated))
    raise AssertionError(formula)


def _all(parts: list[Ltl]) -> Ltl:
    return _balanced(parts, conjunction, TRUE)


def _any(parts: list[Ltl]) -> Ltl:
    return _balanced(parts, disjunction, FALSE)


def _balanced(parts: list[Ltl], joined: Callable[[Ltl, Ltl], Ltl], nothing: Ltl) -> Ltl:
    """Return all parts joined by halves: a thousand operands must not be a thousand levels deep."""
    if len(parts) < 2:
        return parts[0] if parts else nothing
    middle = len(parts) // 2
    return joined(_balanced(parts[:middle], joined, nothing), _balanced(parts[middle:], joined, nothing))


def conjunction(left: Ltl, right: Ltl) -> Ltl:
    """Return the conjunction, simplified."""
    if FALSE in (left, right):
        return FALSE
    if left == TRUE or left == right:
        return right
    return left if right == TRUE else And(left, right)


def disjunction(left: Ltl, right: Ltl) -> Ltl:
    """Return the disjunction, simplified."""
    if TRUE in (left, right):
        return TRUE
    if left == FALSE or left == right:
        return right
    return left if right == FALSE else Or(left, right)


def until(left: Ltl, right: Ltl) -> Ltl:
    """Return the until, simplified: the right side is a constant, or is an eventually itself."""
    if isinstance(right, Constant):
        return right
    if left == FALSE:
        return right
    if left == TRUE and isinstance(right, Until) and right.left == TRUE:
        return right
    return Until(left, right)


def release(left: Ltl, right: Ltl) -> Ltl:
    """Return the release, simplified: the right side is a constant, or is an always itself."""
    if isinstance(right, Constant):
        return right
    if left == TRUE:
        return right
    if left == FALSE and isinstance(right, Release) and right.left == FALSE:
        return right
    return Release(left, right)


def negation(formula: Ltl) -> Ltl:
    """Return the negation, again in normal form."""
    match formula:
        case Constant(value):
            return Constant(not value)
        case Literal(atom, positive):
            return Literal(atom, not positive)
        case And(left, right):
            return disjunction(negation(left), negation(right))
        case Or(left, right):
            return conjunction(negation(left), negation(right))
        case Until(left, right):
            return release(negation(left), negation(right))
        case Release(left, right):
            return until(negation(left), negation(right))
    assert_never(formula)
