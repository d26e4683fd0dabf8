"""Random runs: from an initial state step by step, each step drawn by lot among those that are possible.

In: a machine, and how much to draw. Out: what the runs came across, each thing with the way to it. Two runs of one seed are two different ones, and always the
same two: every run draws from a generator of its own, made from the seed and the number of the run.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from speccheck.checker.sightings import Eye, Key, Sighting
from speccheck.engines.machine import Budget, Coverage, Label, PackedStep
from speccheck.engines.memory import resident_bytes
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.search import Stopped
from speccheck.space.space import Packed

RUNS, DEPTH = 1_000, 100  # how many runs, and how many steps each of them takes at most
CHECK_EVERY = 64  # steps between two looks at clock and memory
REMEMBERED = 1_000_000  # states that are remembered; further ones are looked at as often as they turn up, and not counted
REMEMBERED_STEPS = 50_000  # steps that are remembered: most runs begin alike

Uniform: TypeAlias = Literal["actions", "steps"]


@dataclass(frozen=True)
class Draws:
    """How much is drawn, and from what: with "actions" an action first, all alike, and then one of its steps; with "steps" one of all steps, all alike."""

    runs: int = RUNS
    depth: int = DEPTH
    seed: int = 0
    uniform: Uniform = "actions"


@dataclass(frozen=True)
class Way:
    """A way from an initial state: one more state than steps."""

    states: tuple[Packed, ...]
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Found:
    """Something that was seen at the end of a way."""

    way: Way
    sighting: Sighting


@dataclass(frozen=True)
class Moment:
    """A moment of a simulation, for whoever shows its progress."""

    runs: int
    planned: int
    steps: int
    distinct: int
    longest: int
    seconds: float
    memory_bytes: int


class Expansions:
    """The steps out of states, remembered as long as there is room for them."""

    def __init__(self, machine: PythonMachine, room: int = REMEMBERED_STEPS) -> None:
        self._machine, self._room = machine, room
        self._known: dict[Packed, list[PackedStep]] = {}
        self.made = 0

    def of(self, state: Packed) -> list[PackedStep]:
        """Return all steps out of a state, completed and erring."""
        self._machine.stepper.evaluation.ticks += 1  # the watchdog would take a long time without an evaluation for one that does not end
        steps = self._known.get(state)
        if steps is None:
            self.made += 1
            (steps,) = self._machine.expand([state])
            if self._room > 0:
                self._known[state] = steps
                self._room -= 1 + len(steps)
        return steps


class RandomRuns:
    """Random runs of one machine; the attributes are what they have come across so far. Call inside an evaluation."""

    def __init__(
        self, machine: PythonMachine, draws: Draws, budget: Budget, report: Callable[[Moment], None] | None = None, expected: frozenset[str] | None = None
    ) -> None:
        self.machine, self.draws, self.budget, self.report, self.expected = machine, draws, budget, report, expected
        self.eye = Eye(machine)
        self.expansions = Expansions(machine)
        count = len(machine.model.actions)
        self.coverage = Coverage([0] * count, [0] * count, [0] * count, [None] * count)
        self.found: dict[Key, Found] = {}
        self.seen: dict[Packed, bool] = {}  # states, and whether they are within the constraints
        self.starts: list[Packed] = []
        self.runs = self.steps = self.distinct = self.dropped = self.longest = 0
        self.states: list[Packed] = []  # the way of the present run
        self.labels: list[Label] = []
        self._drawn_step: PackedStep | None = None  # the step that is looked at
        self._started = time.monotonic()

    @property
    def exact(self) -> bool:
        """Whether `distinct` is the number of states that were seen; if not, it is a lower bound."""
        return len(self.seen) < REMEMBERED

    @property
    def seconds(self) -> float:
        """The time since the beginning."""
        return time.monotonic() - self._started

    def way_to(self, state: Packed | None) -> Way:
        """Return the way of the present run, up to the state that is looked at if it is this one."""
        step = self._drawn_step
        return self._one_more(step if step is not None and state is not None and step.target == state else None)

    def _one_more(self, step: PackedStep | None) -> Way:
        """The way of the present run, and one step more."""
        states, labels = tuple(self.states), tuple(self.labels)
        if step is None or step.target is None:
            return Way(states, labels)
        return Way((*states, step.target), (*labels, step.label) if states else ())

    def run(self) -> None:
        """Make the runs. Raises Stopped when a limit ends them early, and Misused."""
        self._find_starts()
        for number in range(self.draws.runs if self.starts else 0):
            self._check_budget()
            self._run(Random(f"{self.draws.seed}/{number}"))
            self.runs += 1
            if self.expected is not None and any(key[1] is None and key[0] not in self.expected for key in self.found):
                raise Stopped("--stop-first")
        self._progress()

    def _find_starts(self) -> None:
        """Find the initial states, in order; what errs on the way to one is seen here."""
        starts: dict[Packed, None] = {}
        for number, step in enumerate(self.machine.stepper.initial()):
            if step.target is not None:
                starts[step.target] = None
            elif step.failure is not None and self.machine.model.checked(step.failure.property):
                packed = PackedStep(step.label, None, step.failure)
                self._see([Sighting((step.failure.property, None), packed, step.failure.message, by_steps=True)])
            if number % CHECK_EVERY == 0:
                self._check_budget()
        self.starts = list(starts)

    def _run(self, random: Random) -> None:
        self.states, self.labels = [], []
        start = self._drawn(random, [[PackedStep(Label(-1), state) for state in self.starts]])
        if start is None or start.target is None:
            return
        self.states.append(start.target)
        self._drawn_step = None
        self._see(self.eye.at_start(start.target))
        while len(self.labels) < self.draws.depth:
            step = self._next(random)
            if step is None or step.target is None:
                return
            self.states.append(step.target)
            self.labels.append(step.label)
            self._drawn_step = None
            self.steps += 1
            self.longest = max(self.longest, len(self.labels))
            self.coverage.taken[step.label.action] += 1
            if self.steps % CHECK_EVERY == 0:
                self._check_budget()

    def _next(self, random: Random) -> PackedStep | None:
        """Draw the step that the run takes; None where no step within the constraints changes the state. Steps that change nothing are never drawn."""
        state = self.states[-1]
        steps = self.expansions.of(state)
        self._see(self.eye.out_of(state, steps))
        changing = [step for step in steps if step.target is not None and step.target != state]
        if self.draws.uniform == "steps":
            return self._drawn(random, [changing])
        lots: dict[int, list[PackedStep]] = {}
        for step in changing:
            lots.setdefault(step.label.action, []).append(step)
        return self._drawn(random, list(lots.values()))

    def _drawn(self, random: Random, lots: Sequence[list[PackedStep]]) -> PackedStep | None:
        """Draw a lot and then a step of it, until one leads to a state within the constraints; what is drawn is looked at."""
        left = [lot for lot in lots if lot]
        while left:
            number = random.randrange(len(left))
            lot = left[number]
            place = random.randrange(len(lot))
            step, lot[place] = lot[place], lot[-1]
            lot.pop()
            if not lot:
                del left[number]
            if self._arrives(step):
                return step
        return None

    def _arrives(self, step: PackedStep) -> bool:
        """Look at a step and the state that it leads to; return whether the run may go on from there."""
        assert step.target is not None
        self._drawn_step = step
        if self.eye.looks_at_steps and self.states:
            self._see(self.eye.on_step(self.states[-1], step))
        kept = self.seen.get(step.target)
        if kept is None:
            kept = self._looked_at(step)
        return kept

    def _looked_at(self, step: PackedStep) -> bool:
        """Look at a state that is new, or was not remembered; return whether it is within the constraints."""
        state = step.target
        assert state is not None
        kept, raised = self.eye.kept(state)
        self._see(raised, step)
        self._see(self.eye.in_state(state), step)
        if self.exact:
            self.seen[state] = kept
            self.distinct += kept
            self.dropped += not kept
            if kept and step.label.action >= 0:
                assert self.coverage.new_states is not None
                self.coverage.new_states[step.label.action] += 1
        return kept

    def _see(self, sightings: Iterable[Sighting], step: PackedStep | None = None) -> None:
        """Keep what was seen for the first time, with the way of the present run (and one step more)."""
        for sighting in sightings:
            self.found[sighting.key] = Found(self._one_more(step), sighting)
            self.eye.settle(sighting.key)

    def _check_budget(self) -> None:
        budget = self.budget
        if budget.seconds is not None and self.seconds > budget.seconds:
            raise Stopped(f"--timeout {budget.seconds:g}")
        if budget.memory is not None and resident_bytes() > budget.memory:
            raise Stopped("--max-memory")
        self._progress()

    def _progress(self) -> None:
        if self.report is not None:
            self.report(Moment(self.runs, self.draws.runs, self.steps, self.distinct, self.longest, self.seconds, resident_bytes()))
