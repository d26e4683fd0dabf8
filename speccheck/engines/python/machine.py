"""A Model loaded into the Python engine, which runs the methods themselves: the definition of the language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from speccheck.domains.evaluation import entered
from speccheck.engines.machine import Budget, Exploration, Find, Misused, PackedStep, Progress, Refuted, Seen, Unfinished
from speccheck.engines.python.refined_liveness import demands_of, explored_images, refuted_refinement
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.search import Search
from speccheck.engines.python.second_look import found_in, seen, within
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import RawStep, RuleRaised, Stepper
from speccheck.engines.python.temporal import TemporalSearch
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model, Property
from speccheck.space.space import Packed


class PythonMachine:
    """Runs a model's rules in CPython, one step at a time."""

    name = "python"
    workers = 1  # CPython runs one at a time

    def __init__(self, model: Model) -> None:
        self.model = model
        self.stepper = Stepper(model)
        self.temporal = TemporalSearch(self.stepper)
        refinements = [Refinement(self.stepper, p) for p in model.properties if p.kind == "refinement" and model.checked(p.name)]
        self.refinements = tuple(one for one in refinements if not one.model.processes)  # an abstract spec with processes cannot be run yet
        self._mapped = {one.property.name: one for one in self.refinements}

    def initial(self) -> list[PackedStep]:
        """Return the completed and erring initial evaluations, in order."""
        with entered(self.stepper.evaluation):
            return [_packed(step) for step in self.stepper.initial()]

    def expand(self, states: Iterable[Packed]) -> list[list[PackedStep]]:
        """Return for each state all steps out of it."""
        with entered(self.stepper.evaluation):
            return [[_packed(step) for step in self.stepper.steps(state)] for state in states]

    def initial_steps(self) -> Iterator[RawStep]:
        """Return what `initial` returns, one at a time."""
        with entered(self.stepper.evaluation):
            yield from self.stepper.initial()

    def not_initial(self, state: Packed) -> Iterator[tuple[str, str | None]]:
        """Yield the refinements for which an initial state maps to none, or cannot be mapped (with what was raised)."""
        with entered(self.stepper.evaluation):
            self.stepper.after.load(state)
            for one in self.refinements:
                try:
                    if not one.is_initial(one.mapped(self.stepper.after)):
                        yield one.property.name, None
                except RuleRaised as raised:
                    yield f"{one.rule.name}.error", str(raised)

    def steps_of(self, state: Packed, action: int, binding: tuple[Any, ...]) -> list[RawStep]:
        """Return the steps of one action instance out of a state. Raises Misused."""
        with entered(self.stepper.evaluation):
            return [step for step in self.stepper.steps(state) if step.action == action and step.binding == binding]

    def within(self, constraint: int, state: Packed) -> bool | None:
        """Return whether a state is within a constraint; None if that raises, which is a find."""
        with entered(self.stepper.evaluation):
            return within(self.stepper, self.model.constraints[constraint], state)

    def found_in(self, prop: Property, state: Packed, target: Packed | None) -> list[Find]:
        """Return what a property finds in a state, or in the step to a target."""
        with entered(self.stepper.evaluation):
            return found_in(self.stepper, self._mapped, prop, state, target)

    def atom(self, number: int, state: Packed, target: Packed | None = None) -> int:
        """Return whether the atom of a formula with this number holds in a state: 0 or 1, or 2 if it raises."""
        with entered(self.stepper.evaluation):
            return self.temporal.atom(number, state, target)

    def seen(self, find: Find, state: Packed) -> Seen:
        """Return what the methods themselves find of a find of another engine."""
        with entered(self.stepper.evaluation):
            return seen(self.stepper, self._mapped, find, state)

    def explore(self, budget: Budget, report: Callable[[Progress], None] | None = None, expected: frozenset[str] | None = None) -> Exploration:
        """Search all reachable states within the budget. Steps are recorded where a temporal property needs them; under symmetry
        none can be checked on them.
        """
        graph = StepGraph(self.temporal.vocabulary.signals_of()) if self.has_liveness and not self.model.symmetry else None
        return replace(Search(self.stepper, budget, report, expected, graph, self.refinements).run(), steps=graph)

    @property
    def has_liveness(self) -> bool:
        """Whether some property speaks of whole behaviors: temporal ones, and refinements with liveness."""
        return bool(self.temporal.claims) or any(one.property.liveness for one in self.refinements)

    def find_lassos(self, found: Exploration, rule_seconds: float = 10.0) -> dict[str, Refuted]:
        """Return the violated temporal properties and refinements, each with its least lasso, from an exploration that recorded steps."""
        if found.steps is None:
            return {}
        refuted = self.temporal.refuted(found.space, found.steps, rule_seconds)
        behaviors = self.temporal.behaviors(found.space, found.steps, lambda state: 0, lambda source, target, signals: 0)
        return refuted | self.refuted_refinements(found, lambda one: explored_images(one, found.space, behaviors), rule_seconds)

    def refuted_refinements(self, found: Exploration, images_of: Callable[[Any], Any], rule_seconds: float = 10.0) -> dict[str, Refuted]:
        """Return the refinements whose liveness is violated; `images_of` gives the Images of one. Raises Unfinished with what was found."""
        refuted: dict[str, Refuted] = {}
        for one in self.refinements:
            name = one.property.name
            if one.property.liveness and name not in found.violations and f"{name}.error" not in found.violations:
                try:
                    lasso = refuted_refinement(one, found.space, partial(images_of, one), rule_seconds)
                except Unfinished as cut:
                    raise Unfinished(cut.reason, refuted) from None
                if lasso is not None:
                    refuted[name] = lasso
        return refuted

    def mapped(self, refinement: Refinement, state: Packed) -> Packed:
        """Return the abstract state that a state maps to."""
        with entered(self.stepper.evaluation):
            self.stepper.source.load(state)
            return refinement.mapped(self.stepper.source)

    def abstract_marks(self, refinement: Refinement) -> int:
        """Return how many marks the largest automaton has that the liveness of a refinement needs; 0 where its formulas are misused, which is told later."""
        try:
            return max((one.violation.marks for one in demands_of(TemporalSearch(refinement.abstract))), default=0)
        except (SpeccheckError, Misused):
            return 0


def _packed(step: RawStep) -> PackedStep:
    return PackedStep(step.label, step.target, step.failure)
