"""Shortening: from the way that a random run took to a short one that shows the same.

In: what was seen at the end of a way. Out: the same, at the end of a way that is at most as long. First steps are left out, in ever smaller portions, as long
as what remains still leads to it (delta debugging: Zeller, Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002); a remaining step that is not
possible any more is left out, too. Then a breadth-first search from each state of the way looks for a shorter way to a later one, or to the end. Every way
that is tried is one of real steps, so the result is a behavior. It need not be the shortest: both parts have a limit.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from speccheck.checker.random_runs import Expansions, Found, Way
from speccheck.checker.sightings import Eye, Sighting
from speccheck.engines.machine import Label, Misused, PackedStep
from speccheck.engines.python.machine import PythonMachine
from speccheck.space.space import Packed

MOST_EXPANDED = 20_000  # states that are expanded for one way
AROUND = 1_000  # states that a search from one state of the way looks at


class _Enough(Exception):
    """A limit is reached; what has been found so far is the answer."""


@dataclass(frozen=True)
class _Reached:
    """A state that a breadth-first search came to, and how."""

    state: Packed
    before: "_Reached | None" = None
    label: Label | None = None

    def way(self) -> tuple[list[Packed], list[Label]]:
        """Return states and steps from where the search began."""
        states, labels, one = [self.state], [], self
        while one.before is not None and one.label is not None:
            labels.append(one.label)
            one = one.before
            states.append(one.state)
        return states[::-1], labels[::-1]


def minimised(machine: PythonMachine, found: Found, starts: Iterable[Packed], deadline: float | None = None) -> Found:
    """Return what was found at the end of a way that is as short as could be made by a moment of `time.monotonic`. Call inside an evaluation."""
    if not found.way.labels:
        return found
    shortening = _Shortening(machine, found, tuple(starts), deadline)
    try:
        shortening.cut_loops()
        shortening.leave_out()
        shortening.take_short_cuts()
    except _Enough:
        pass
    except Misused:  # in a state that no run came to
        machine.stepper.reset()
    return shortening.best


class _Shortening:
    """Shortens one way; `best` is the shortest so far."""

    def __init__(self, machine: PythonMachine, found: Found, starts: tuple[Packed, ...], deadline: float | None) -> None:
        self.best = found
        self._starts, self._deadline = starts, deadline
        self._by_steps = found.sighting.by_steps
        self._eye = Eye(machine, only=found.sighting.key)
        self._expansions = Expansions(machine)
        self._shown: dict[Packed, Sighting | None] = {}
        self._kept: dict[Packed, bool] = {}

    # ---------------------------------------------------------------- what is asked of a state

    def _steps(self, state: Packed) -> list[PackedStep]:
        if self._expansions.made >= MOST_EXPANDED or (self._deadline is not None and time.monotonic() > self._deadline):
            raise _Enough
        return self._expansions.of(state)

    def _changing(self, state: Packed) -> list[PackedStep]:
        """The steps that complete and change the state; none out of a state that is not within the constraints."""
        if not self._is_kept(state):
            return []
        return [step for step in self._steps(state) if step.target is not None and step.target != state]

    def _is_kept(self, state: Packed) -> bool:
        if state not in self._kept:
            self._kept[state] = self._eye.kept(state)[0]
        return self._kept[state]

    def _sighting(self, state: Packed) -> Sighting | None:
        """What was found, as this state shows it; None if it does not."""
        if state not in self._shown:
            self._shown[state] = self._looked_at(state)
        return self._shown[state]

    def _looked_at(self, state: Packed) -> Sighting | None:
        if not self._by_steps:
            return next(iter([*self._eye.kept(state)[1], *self._eye.in_state(state)]), None)
        if not self._is_kept(state):
            return None
        steps = self._steps(state)
        for sighting in self._eye.out_of(state, steps):
            return sighting
        for step in self._changing(state) if self._eye.looks_at_steps else ():
            for sighting in self._eye.on_step(state, step):
                return sighting
        return None

    # ---------------------------------------------------------------- leaving out

    def cut_loops(self) -> None:
        """Leave out what leads from a state back to it."""
        way = self.best.way
        last = {state: number for number, state in enumerate(way.states)}
        states, labels, number = [way.states[0]], [], last[way.states[0]]
        while number < len(way.labels):
            labels.append(way.labels[number])
            states.append(way.states[number + 1])
            number = last[states[-1]]
        self.best = Found(Way(tuple(states), tuple(labels)), self.best.sighting)

    def leave_out(self) -> None:
        """Leave out steps, in portions of half of them, a quarter ... one, until no single one can be left out."""
        portion = len(self.best.way.labels) // 2
        while portion:
            shorter = self._without_portions(portion)
            portion = 1 if shorter and portion == 1 else portion // 2

    def _without_portions(self, portion: int) -> bool:
        """Leave out each portion that can be; return whether there was one."""
        place, before = 0, len(self.best.way.labels)
        while place < len(self.best.way.labels):
            labels = self.best.way.labels
            shorter = self._taken([*labels[:place], *labels[place + portion :]])
            if shorter is not None and len(shorter.way.labels) < len(labels):
                self.best = shorter
            else:
                place += portion
        return len(self.best.way.labels) < before

    def _taken(self, labels: Iterable[Label]) -> Found | None:
        """Take steps one after another, without those that are not possible; what was found, as soon as it is seen; None if it never is."""
        states, taken = [self.best.way.states[0]], []
        sighting = self._sighting(states[0])
        for label in labels:
            if sighting is not None:
                break
            target = next((step.target for step in self._changing(states[-1]) if step.label == label), None)
            if target is not None and (self._is_kept(target) or self._sighting(target)):
                states.append(target)
                taken.append(label)
                sighting = self._sighting(target)
        return None if sighting is None else Found(Way(tuple(states), tuple(taken)), sighting)

    # ---------------------------------------------------------------- short cuts

    def take_short_cuts(self) -> None:
        """Replace parts of the way by shorter ones."""
        place = 0
        while place < len(self.best.way.labels):
            shorter = self._short_cut(place)
            if shorter is None:
                place += 1
            else:
                self.best = shorter

    def _short_cut(self, place: int) -> Found | None:
        """Search breadth-first from a state of the way (at its beginning from all initial ones); what was found at the end of a shorter way, if any."""
        way = self.best.way
        later = {state: number for number, state in enumerate(way.states) if number > place}
        rest = len(way.labels) - place  # the length to be beaten
        best: Found | None = None
        level = [_Reached(state) for state in (self._starts if place == 0 else way.states[place : place + 1])]
        known, depth = {one.state for one in level}, 0
        while level and depth < rest:
            for one in level:
                length, sighting = self._length_over(one.state, depth, later)
                if length < rest:
                    best, rest = self._joined(place, one, sighting), length
            depth += 1
            level = self._following(level, known) if depth < rest and len(known) < AROUND else []
        return best

    def _following(self, level: list[_Reached], known: set[Packed]) -> list[_Reached]:
        """The new states that one step leads to."""
        following: list[_Reached] = []
        for one in level:
            for step in self._changing(one.state):
                assert step.target is not None
                if step.target not in known:
                    known.add(step.target)
                    following.append(_Reached(step.target, one, step.label))
            if len(known) >= AROUND:
                break
        return following

    def _length_over(self, state: Packed, depth: int, later: dict[Packed, int]) -> tuple[int, Sighting | None]:
        """How long the way from the place of the search on would be over this state, which is so deep in the search; what it shows, if it is the end."""
        sighting = self._sighting(state)
        if sighting is not None:
            return depth, sighting
        number = later.get(state)
        return (depth + len(self.best.way.labels) - number if number is not None else len(self.best.way.labels) + 1), None

    def _joined(self, place: int, reached: _Reached, sighting: Sighting | None) -> Found:
        """The way up to a place, from there what the search found, and then the old way, unless the end is reached."""
        way = self.best.way
        states, labels = reached.way()
        if sighting is not None:
            return Found(Way((*way.states[:place], *states), (*way.labels[:place], *labels)), sighting)
        number = max(n for n, state in enumerate(way.states) if state == reached.state)
        return Found(Way((*way.states[:place], *states, *way.states[number + 1 :]), (*way.labels[:place], *labels, *way.labels[number:])), self.best.sighting)
