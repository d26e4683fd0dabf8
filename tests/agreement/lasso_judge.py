"""What a formula and a fairness assumption say of one lasso: obviously right, and slow.

In: a word, the letters of finitely many positions of which the last ones repeat for ever, and a formula of the language. Out: its truth value at every
position, by going around until nothing changes. A behavior that stutters for ever is a word whose last letter repeats, without a step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from speccheck.dsl import formulas as dsl
from speccheck.dsl.rules import Strength

Holds: TypeAlias = Callable[[Any, int], bool]  # (atom, position) -> whether it holds there


@dataclass(frozen=True)
class Word:
    """Positions 0 .. length - 1; after the last one comes `loop_start` again."""

    length: int
    loop_start: int

    def after(self, position: int) -> int:
        return position + 1 if position + 1 < self.length else self.loop_start


def satisfies(word: Word, formula: dsl.Formula, holds: Holds) -> bool:
    """Return whether the formula holds at the first position."""
    return _values(word, formula, holds)[0]


def _values(word: Word, formula: dsl.Formula, holds: Holds) -> list[bool]:
    """Return the truth value of a formula at each position."""

    def of(one: dsl.Formula) -> list[bool]:
        return _values(word, one, holds)

    places = range(word.length)
    match formula:
        case dsl.Atom() | dsl.ActionAtom():
            return [holds(formula, i) for i in places]
        case dsl.Not(operand):
            return [not value for value in of(operand)]
        case dsl.And(operands):
            columns = [of(one) for one in operands]
            return [all(column[i] for column in columns) for i in places]
        case dsl.Or(operands):
            columns = [of(one) for one in operands]
            return [any(column[i] for column in columns) for i in places]
        case dsl.Implies(left, right):
            one, other = of(left), of(right)
            return [not one[i] or other[i] for i in places]
        case dsl.Always(operand):
            one = of(operand)
            return _around(word, True, lambda i, later: one[i] and later)
        case dsl.Eventually(operand):
            one = of(operand)
            return _around(word, False, lambda i, later: one[i] or later)
        case dsl.LeadsTo(left, right):
            one, other = of(left), of(right)
            served = _around(word, False, lambda i, later: other[i] or later)
            return _around(word, True, lambda i, later: (not one[i] or served[i]) and later)
        case dsl.Until(left, right, weak):
            one, other = of(left), of(right)
            return _around(word, weak, lambda i, later: other[i] or (one[i] and later))
        case dsl.Release(left, right):
            one, other = of(left), of(right)
            return _around(word, True, lambda i, later: other[i] and (one[i] or later))
    raise AssertionError(formula)


def _around(word: Word, first: bool, step: Callable[[int, bool], bool]) -> list[bool]:
    """Return the fixpoint of `value[i] = step(i, value after i)`: the greatest if it begins with True everywhere, else the least."""
    values = [first] * word.length
    while True:
        new = [step(i, values[word.after(i)]) for i in range(word.length)]
        if new == values:
            return values
        values = new


def is_fair(strength: Strength, enabled: Sequence[bool], taken: Sequence[bool]) -> bool:
    """Return whether a loop satisfies an assumption that is enabled and taken at these of its positions (semantics 5)."""
    possible = all(enabled) if strength == "weak" else any(enabled)
    return not possible or any(taken)
