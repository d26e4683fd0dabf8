"""What a random run looks for: the properties that are refuted, or witnessed, in a state and on the steps out of it.

In: packed states and steps, one at a time, in any order. Out: sightings, each with the key of what was seen::

    ("consistent", None)      a violation of the property
    ("served", (Client1,))    a witness of a reachable, for this binding
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from speccheck.engines.machine import PackedStep
from speccheck.engines.python.judging import bound, refuted, witnessed
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.stepping import RuleRaised
from speccheck.space.space import Packed

Key: TypeAlias = tuple[str, tuple[Any, ...] | None]


@dataclass(frozen=True)
class Sighting:
    """Something seen in a state; `step` is the step out of it that shows it, `raised` what a predicate raised, in words, `by_steps` whether it takes the steps
    out of the state to see it.
    """

    key: Key
    step: PackedStep | None = None
    raised: str | None = None
    by_steps: bool = False


class Eye:
    """Looks at states and steps of a machine, inside an evaluation. What is settled is not looked for any more; with `only`, nothing but that is."""

    def __init__(self, machine: PythonMachine, only: Key | None = None) -> None:
        self.machine, self.model, self.stepper = machine, machine.model, machine.stepper
        self._only = only
        self._settled: set[Key] = set()
        checked = [p for p in self.model.properties if self.model.checked(p.name)]
        self._invariants = bound(checked, "invariant")
        self._step_invariants = bound(checked, "step_invariant")
        self._reachables = bound(checked, "reachable")
        self._deadlock = any(p.kind == "deadlock" for p in checked)
        self._refinements = list(machine.refinements)
        self._forget()

    def wants(self, key: Key) -> bool:
        """Return whether this is still looked for."""
        return key not in self._settled and (self._only is None or key == self._only)

    def settle(self, key: Key) -> None:
        """Look for this no more."""
        self._settled.add(key)
        self._forget()

    def _forget(self) -> None:
        """Drop what is not wanted, so that it costs nothing."""
        self._invariants = [one for one in self._invariants if self.wants((one[0].name, None))]
        self._step_invariants = [one for one in self._step_invariants if self.wants((one[0].name, None))]
        # One that is witnessed is evaluated no more: a search does not ask either whether it raises behind its witness.
        self._reachables = [one for one in self._reachables if self.wants((one[0].name, one[2])) or self._only == (one[0].name, None)]
        self._refinements = [one for one in self._refinements if self.wants((one.property.name, None)) or self.wants((f"{one.rule.name}.error", None))]
        self._deadlock = self._deadlock and self.wants(("deadlock", None))

    @property
    def looks_at_steps(self) -> bool:
        """Whether some property is about steps that complete."""
        return bool(self._step_invariants or self._refinements)

    # ---------------------------------------------------------------- states

    def in_state(self, state: Packed) -> Iterator[Sighting]:
        """Yield what is seen in a state, without its steps."""
        stepper = self.stepper
        stepper.source.load(state)
        stepper.evaluation.mode = "property"
        for prop, _, _, raised in refuted(stepper, stepper.source, self._invariants):
            yield from self._wanted(Sighting((prop.name, None), raised=raised))
        for prop, _, binding, raised in witnessed(stepper, stepper.source, self._reachables):
            yield from self._wanted(Sighting((prop.name, binding if raised is None else None), raised=raised))
        for one in self._refinements:
            try:
                one.mapped(stepper.source)
            except RuleRaised as error:
                yield from self._wanted(Sighting((f"{one.rule.name}.error", None), raised=str(error)))

    def at_start(self, state: Packed) -> Iterator[Sighting]:
        """Yield the refinements whose abstract spec does not begin where an initial state maps to."""
        self.stepper.source.load(state)
        for one in self._refinements:
            try:
                if not one.is_initial(one.mapped(self.stepper.source)):
                    yield from self._wanted(Sighting((one.property.name, None)))
            except RuleRaised:  # seen in the state itself
                continue

    def kept(self, state: Packed) -> tuple[bool, list[Sighting]]:
        """Return whether a state is within all constraints, and the constraints that raised there: one that raises keeps the state."""
        stepper, kept = self.stepper, True
        stepper.source.load(state)
        stepper.evaluation.mode = "constraint"
        raised: list[Sighting] = []
        for rule in self.model.constraints:
            try:
                kept = stepper.holds(stepper.source, rule, ()) and kept
            except RuleRaised as error:
                raised.extend(self._wanted(Sighting((f"{rule.name}.error", None), raised=str(error))))
        return kept, raised

    # ---------------------------------------------------------------- steps

    def out_of(self, state: Packed, steps: Iterable[PackedStep]) -> Iterator[Sighting]:
        """Yield the steps out of a state that err, and the deadlock where there is none at all."""
        possible = False
        for step in steps:
            possible = True
            if step.failure is not None and self.model.checked(step.failure.property):
                yield from self._wanted(Sighting((step.failure.property, None), step, step.failure.message, by_steps=True))
        if not possible and self._deadlock:
            yield from self._deadlocked(state)

    def on_step(self, state: Packed, step: PackedStep) -> Iterator[Sighting]:
        """Yield what a step that completes and changes the state violates."""
        stepper, target = self.stepper, step.target
        assert target is not None
        stepper.source.load(state)
        stepper.after.load(target)
        stepper.after.journal.refuse()
        stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", target
        for prop, _, _, raised in refuted(stepper, stepper.source, self._step_invariants, stepper.after.state):
            yield from self._wanted(Sighting((prop.name, None), step, raised, by_steps=True))
        for one in self._refinements:
            try:
                allowed = one.allows(one.mapped(stepper.source), one.mapped(stepper.after))
            except RuleRaised:  # seen in the state itself
                continue
            if not allowed:
                yield from self._wanted(Sighting((one.property.name, None), step, by_steps=True))

    def _deadlocked(self, state: Packed) -> Iterator[Sighting]:
        stepper = self.stepper
        stepper.source.load(state)
        stepper.evaluation.mode = "property"
        for rule in self.model.terminals:
            try:
                if stepper.holds(stepper.source, rule, ()):
                    return
            except RuleRaised as error:
                yield from self._wanted(Sighting((f"{rule.name}.error", None), raised=str(error), by_steps=True))
                return
        yield from self._wanted(Sighting(("deadlock", None), by_steps=True))

    def _wanted(self, sighting: Sighting) -> Iterator[Sighting]:
        if self.wants(sighting.key):
            yield sighting
