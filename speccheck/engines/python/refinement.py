"""Refinement: each initial state maps to an initial state of the abstract spec, each changing step to one of its steps or to no change (semantics 8).

The mapping is the user's method, run read-only on a concrete state; what it returns is a state of the abstract spec, packed by the numbers of the abstract
model. Steps of the abstract spec are found by its own rules, once for each abstract state.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.neutral import text
from speccheck.domains.parts import OutsideDomain, Part
from speccheck.engines.machine import Misused
from speccheck.engines.python.evaluation import PythonEvaluation
from speccheck.engines.python.live import Live
from speccheck.engines.python.stepping import RawStep, RuleRaised, Stepper, misuse_of
from speccheck.errors import BadSignature, Misuse, ReadOnlyRule, UnsetVariable
from speccheck.model.collect import collect
from speccheck.model.model import Model, Property
from speccheck.space.space import Packed


class Refinement:
    """One refinement property: the mapping, and the abstract spec on an engine of its own."""

    def __init__(self, stepper: Stepper, prop: Property) -> None:
        assert prop.rule is not None and prop.refined is not None
        self.property, self.rule = prop, prop.rule
        self.concrete = stepper
        self.model: Model = collect(prop.refined, constants=stepper.model.constants)
        self.abstract = Stepper(self.model)
        self.abstract.evaluation = _Counted(self.model, stepper.evaluation)
        self.abstract.reset()
        self._mapped: dict[Packed, Packed] = {}
        self._steps: dict[Packed, list[RawStep]] = {}
        self._initial: set[Packed] | None = None

    def mapped(self, live: Live) -> Packed:
        """Return the abstract state that a loaded state maps to. Raises RuleRaised, and Misused."""
        known = self._mapped.get(live.loaded)
        if known is None:
            known = self._mapped[live.loaded] = self._map(live)
        return known

    def _map(self, live: Live) -> Packed:
        evaluation = self.concrete.evaluation
        evaluation.ticks += 1
        evaluation.mode = "mapping"
        live.journal.refuse()
        try:
            state = self.rule.function(live.state)
            return self._packed(state)
        except BaseException as raised:
            if isinstance(raised, Disabled):
                raised = Misuse(ReadOnlyRule(f"the mapping '{self.rule.name}' uses require or disable, but may only read", span=self.rule.span))
            error = misuse_of(raised, self.rule.name)
            if error is not None:
                raise Misused(error, live.loaded, None, self.rule.name) from raised
            if not isinstance(raised, Exception | OutsideDomain | SystemExit) or isinstance(raised, MemoryError):
                raise
            raise RuleRaised(raised) from raised

    def _packed(self, state: Any) -> Packed:
        refined = self.model.spec
        if type(state) is not refined:
            raise Misuse(BadSignature(f"the mapping '{self.rule.name}' returned {state!r}, not a {refined.__name__}", span=self.rule.span))
        values = vars(state)
        unset = [v.name for v in self.model.variables if v.name not in values]
        if unset:
            raise Misuse(UnsetVariable(f"the mapping '{self.rule.name}' gives no value to '{unset[0]}' of {refined.__name__}", span=self.rule.span))
        plain = ((v.domain, values[v.name]) for v in self.model.variables)
        return self.abstract.packing.pack(tuple(d.freeze_any(value._part_plain() if isinstance(value, Part) else value) for d, value in plain))

    def is_initial(self, state: Packed) -> bool:
        """Return whether an abstract state is an initial one."""
        if self._initial is None:
            with self.abstractly():
                self._initial = {step.target for step in self.abstract.initial() if step.target is not None}
        return state in self._initial

    def steps(self, state: Packed, origin: Callable[[Packed], Packed] | None = None) -> list[RawStep]:
        """Return the steps of the abstract spec out of an abstract state; those that err match nothing."""
        known = self._steps.get(state)
        if known is None:
            with self.abstractly(origin):
                known = self._steps[state] = self.abstract.steps(state)
        return known

    def allows(self, source: Packed, target: Packed) -> bool:
        """Return whether the abstract spec has a step between two abstract states, or they are the same."""
        return source == target or any(step.target == target for step in self.steps(source))

    @contextmanager
    def abstractly(self, origin: Callable[[Packed], Packed] | None = None) -> Iterator[None]:
        """Run rules of the abstract spec.

        The state and the step of a misuse there mean nothing to the concrete spec: it is told in words, and as one in the concrete state that `origin` gives.
        """
        try:
            with entered(self.abstract.evaluation):
                yield
        except Misused as misused:
            error, state = misused.error, misused.state
            if state is not None:
                error.notes = (*error.notes, f"in {self.shown(state)}, to which '{self.rule.name}' maps")
            raise Misused(error, origin(state) if origin and state is not None else None, None, misused.rule) from misused.__cause__
        except BaseException:  # an interrupt may have left a step half way
            self.abstract.reset()
            raise

    def shown(self, state: Packed) -> str:
        """Return an abstract state as text: `Lock(holder=None)`."""
        values = self.abstract.packing.neutral(state)
        return f"{self.model.spec.__name__}({', '.join(f'{name}={text(value)}' for name, value in values.items())})"


class _Counted(PythonEvaluation):
    """The evaluation of the abstract spec. It counts on that of the concrete one, which is the one that the watchdog looks at."""

    def __init__(self, model: Model, concrete: PythonEvaluation) -> None:
        self._concrete = concrete
        super().__init__(model)

    @property
    def ticks(self) -> int:
        """How many evaluations there were, of both specs."""
        return self._concrete.ticks

    @ticks.setter
    def ticks(self, count: int) -> None:
        self._concrete.ticks = count
