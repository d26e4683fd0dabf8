"""Claims: what a temporal property says for one binding of its parameters, made ready for the search of a counterexample.

The common shapes need no automaton (semantics 6.4): where a counterexample begins, where it stays, and what it must contain are boolean conditions of single
states::

    leads_to(p, q)   ->   Shape(start = p and not q, stay = not q, again = true)

Everything else becomes the automaton of the negated formula.
"""

from dataclasses import dataclass, replace
from typing import Any

from speccheck.dsl import formulas as dsl
from speccheck.model.model import Property
from speccheck.temporal.automaton import Automaton, automaton_of
from speccheck.temporal.ltl import FALSE, TRUE, And, Constant, Literal, Ltl, Or, Release, Until, conjunction, negation, normal_form
from speccheck.temporal.vocabulary import Vocabulary


@dataclass(frozen=True)
class Shape:
    """A counterexample begins in a state that satisfies `start` (an initial one, if `at_once`), stays within `stay`, and satisfies `again` again and again. All
    are without temporal operators.
    """

    start: Ltl
    stay: Ltl
    again: Ltl
    at_once: bool = False


@dataclass(frozen=True)
class Claim:
    """One property with one binding; `counterexample` is what violates it."""

    property: Property
    binding: tuple[Any, ...]
    formula: dsl.Formula
    counterexample: Shape | Automaton


def claim_of(prop: Property, binding: tuple[Any, ...], formula: dsl.Formula, vocabulary: Vocabulary) -> Claim:
    """Return the claim that a formula makes; numbers its atoms in the vocabulary."""
    positive = normal_form(formula, vocabulary.number)
    steps = {n for n, atom in enumerate(vocabulary.atoms) if isinstance(atom, dsl.ActionAtom) and atom.kind == "occurs"}
    shape = shape_of(positive)
    if shape is None or any(_mentions(part, steps) for part in (shape.start, shape.stay, shape.again)):
        return Claim(prop, binding, formula, automaton_of(negation(positive)))
    return Claim(prop, binding, formula, shape)


def over_steps(claim: Claim, vocabulary: Vocabulary) -> Claim:
    """Return the same claim for atoms that turned out to speak of steps, as closures may: its counterexample is an automaton, which reads steps, too."""
    positive = normal_form(claim.formula, vocabulary.number)
    return replace(claim, counterexample=automaton_of(negation(positive))) if isinstance(claim.counterexample, Shape) else claim


def shape_of(formula: Ltl) -> Shape | None:
    """Return the shape of a formula's counterexamples, or None if it is none of the common ones."""
    match formula:
        case Release(left, Until(true, goal)) if left == FALSE and true == TRUE and is_boolean(goal):  # always eventually
            return Shape(negation(goal), negation(goal), TRUE)
        case Until(true, Release(false, goal)) if true == TRUE and false == FALSE and is_boolean(goal):  # eventually always
            return Shape(TRUE, TRUE, negation(goal))
        case Until(true, goal) if true == TRUE and is_boolean(goal):  # eventually
            return Shape(negation(goal), negation(goal), TRUE, at_once=True)
        case Release(false, goal) if false == FALSE and is_boolean(goal):  # always
            return Shape(negation(goal), TRUE, TRUE)
        case Release(false, Or(left, Until(true, goal))) if false == FALSE and true == TRUE and is_boolean(left) and is_boolean(goal):  # leads to
            return Shape(conjunction(negation(left), negation(goal)), negation(goal), TRUE)
    return None


def is_boolean(formula: Ltl) -> bool:
    """Return whether a formula is without temporal operators."""
    match formula:
        case Constant() | Literal():
            return True
        case And(left, right) | Or(left, right):
            return is_boolean(left) and is_boolean(right)
        case _:
            return False


def holds_for(formula: Ltl, letter: int) -> bool:
    """Return whether a formula without temporal operators holds for a letter, a bit set over atoms."""
    match formula:
        case Constant(value):
            return value
        case Literal(atom, positive):
            return bool(letter >> atom & 1) == positive
        case And(left, right):
            return holds_for(left, letter) and holds_for(right, letter)
        case Or(left, right):
            return holds_for(left, letter) or holds_for(right, letter)
    raise AssertionError(formula)


def _mentions(formula: Ltl, atoms: set[int]) -> bool:
    match formula:
        case Literal(atom, _):
            return atom in atoms
        case Constant():
            return False
        case And(left, right) | Or(left, right) | Until(left, right) | Release(left, right):
            return _mentions(left, atoms) or _mentions(right, atoms)
    raise AssertionError(formula)
