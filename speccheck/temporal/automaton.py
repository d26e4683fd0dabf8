"""From a formula in normal form to a transition-based generalised Buechi automaton, by a tableau (Couvreur, "On-the-fly verification of linear temporal logic",
1999).

A state of the automaton is a set of formulas that must hold from this position on. A position reads one letter, the values of all atoms there; a transition
demands some atoms and forbids others, and says which formulas must hold from the next position on. A transition that puts off the right side of an `until`
lacks that until's mark; a run is accepting if it has every mark again and again.

    true U p   ->   states: 0 {true U p}, 1 {};   0 --p--> 1 {mark 0};   0 ----> 0 {};   1 ----> 1 {mark 0}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from speccheck.temporal.ltl import And, Constant, Literal, Ltl, Or, Release, Until

Obligations = frozenset[Ltl]


@dataclass(frozen=True)
class Move:
    """Read a letter that has all bits of `demanded` and none of `forbidden`, and go on in `target`; `marks` is a bit set over the automaton's marks."""

    demanded: int
    forbidden: int
    target: int
    marks: int

    def reads(self, letter: int) -> bool:
        """Return whether the letter (a bit set over atoms) fits."""
        return letter & self.demanded == self.demanded and not letter & self.forbidden


@dataclass(frozen=True)
class Automaton:
    """A generalised Buechi automaton; state 0 is initial, `marks` is their number. `moves[q]` are those out of state q."""

    moves: tuple[tuple[Move, ...], ...]
    marks: int

    @property
    def all_marks(self) -> int:
        """The bit set of all marks."""
        return (1 << self.marks) - 1

    def accepts_for_ever(self, state: int, letter: int) -> bool:
        """Return whether some run from the state that reads the same letter for ever is accepting: a tail (semantics 6.2)."""
        successors = {}
        pending = [state]
        while pending:
            q = pending.pop()
            if q not in successors:
                successors[q] = [t for t in self.moves[q] if t.reads(letter)]
                pending += [t.target for t in successors[q]]
        return any(self._marks_around(q, successors) for q in successors)

    def _marks_around(self, state: int, successors: dict[int, list[Move]]) -> bool:
        """Return whether the cycles through a state have all marks between them."""
        forward = _reached(state, {q: [t.target for t in ts] for q, ts in successors.items()})
        backward: dict[int, list[int]] = {q: [] for q in successors}
        for q, ts in successors.items():
            for t in ts:
                backward[t.target].append(q)
        component = forward & _reached(state, backward)
        if state not in component:
            return False
        marks = 0
        for q in component:
            for t in successors[q]:
                if t.target in component:
                    marks |= t.marks
        return marks == self.all_marks


def _reached(start: int, successors: dict[int, list[int]]) -> set[int]:
    """Return what is reached from a state by at least one step."""
    found: set[int] = set()
    pending = list(successors[start])
    while pending:
        state = pending.pop()
        if state not in found:
            found.add(state)
            pending += successors[state]
    return found


@dataclass(frozen=True)
class _Way:
    """One way to satisfy some formulas: what this letter must and must not have, what must hold next, which untils are put off."""

    demanded: int = 0
    forbidden: int = 0
    later: Obligations = frozenset()
    put_off: frozenset[Until] = frozenset()

    def joined(self, other: "_Way") -> "_Way | None":
        """Return both together, or None where they contradict each other."""
        demanded, forbidden = self.demanded | other.demanded, self.forbidden | other.forbidden
        if demanded & forbidden:
            return None
        return _Way(demanded, forbidden, self.later | other.later, self.put_off | other.put_off)

    def covers(self, other: "_Way") -> bool:
        """Return whether this way asks for nothing that the other one does not ask for, too."""
        return (
            self.demanded & other.demanded == self.demanded
            and self.forbidden & other.forbidden == self.forbidden
            and self.later <= other.later
            and self.put_off <= other.put_off
        )


def automaton_of(formula: Ltl) -> Automaton:
    """Return an automaton that accepts exactly the behaviors that satisfy the formula."""
    untils = list(dict.fromkeys(_untils(formula)))
    initial: Obligations = frozenset((formula,))
    numbers: dict[Obligations, int] = {initial: 0}
    rows: list[tuple[Move, ...]] = []
    order = [initial]
    for obligations in order:  # grows while it is walked
        row = []
        for way in _ways(obligations):
            if way.later not in numbers:
                numbers[way.later] = len(order)
                order.append(way.later)
            marks = sum(1 << n for n, one in enumerate(untils) if one not in way.put_off)
            row.append(Move(way.demanded, way.forbidden, numbers[way.later], marks))
        rows.append(tuple(row))
    return Automaton(tuple(rows), len(untils))


def _ways(obligations: Obligations) -> list[_Way]:
    ways = [_Way()]
    for formula in sorted(obligations, key=repr):  # sets have no order of their own
        ways = [joined for way in ways for more in _expanded(formula) if (joined := way.joined(more)) is not None]
    kept: list[_Way] = []
    for way in dict.fromkeys(ways):
        if not any(other.covers(way) for other in kept):
            kept = [other for other in kept if not way.covers(other)] + [way]
    return kept


def _expanded(formula: Ltl) -> Iterator[_Way]:
    """Yield the ways to satisfy a formula from this position on."""
    match formula:
        case Constant(value):
            if value:
                yield _Way()
        case Literal(atom, positive):
            yield _Way(demanded=1 << atom) if positive else _Way(forbidden=1 << atom)
        case And(left, right):
            yield from _both(left, right)
        case Or(left, right):
            yield from _expanded(left)
            yield from _expanded(right)
        case Until(left, right):
            yield from _expanded(right)
            for way in _expanded(left):
                yield _Way(way.demanded, way.forbidden, way.later | {formula}, way.put_off | {formula})
        case Release(left, right):
            yield from _both(left, right)
            for way in _expanded(right):
                yield _Way(way.demanded, way.forbidden, way.later | {formula}, way.put_off)
        case _:
            assert_never(formula)


def _both(left: Ltl, right: Ltl) -> Iterator[_Way]:
    for one in _expanded(left):
        for other in _expanded(right):
            joined = one.joined(other)
            if joined is not None:
                yield joined


def _untils(formula: Ltl) -> Iterator[Until]:
    match formula:
        case Until(left, right):
            yield formula
            yield from _untils(left)
            yield from _untils(right)
        case And(left, right) | Or(left, right) | Release(left, right):
            yield from _untils(left)
            yield from _untils(right)
        case Constant() | Literal():
            return
        case _:
            assert_never(formula)
