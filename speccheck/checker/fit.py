"""Whether a trace fits a spec: its steps, taken again on the spec as it is now.

In: a Trace, from wherever it was kept, and a Model. Out: a Fit, with the place where the trace ends to fit: the first step that is not possible, what refuses
it, and what is possible there instead. Values are compared by what they look like in JSON (`trace/alike.py`), for a trace that was read from a file may not
know its types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from speccheck.checker.outcome import outcome
from speccheck.checker.refusal import Refusal, difference, is_step, leads_to, refusal
from speccheck.checker.replay import Replay
from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import Value
from speccheck.engines.machine import Misused
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.stepping import RawStep
from speccheck.engines.watchdog import RuleTimedOut, Watchdog
from speccheck.errors import RuleTimeout, did_you_mean
from speccheck.model.model import Model
from speccheck.model.places import place_of
from speccheck.space.space import Packed, StateSpace
from speccheck.trace.alike import likenesses
from speccheck.trace.trace import Step, Trace

RULE_SECONDS = 10.0


@dataclass(frozen=True)
class Misfit:
    """Where a trace ends to fit.

    `number` is that of the refused step, 0 for the initial state; `refusal` says what refuses it. `possible` are the steps that the spec has there.
    """

    number: int
    refusal: Refusal
    possible: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Fit:
    """What became of a trace on a model. `misfit` is None where every step is possible; `outcome` says whether its end still is what the trace shows, and is
    None where that cannot be said.
    """

    trace: Trace
    model: Model
    misfit: Misfit | None = None
    outcome: bool | None = None


def fit(trace: Trace, model: Model, rule_seconds: float = RULE_SECONDS) -> Fit:
    """Take the steps of a trace on a model. Raises SpeccheckError where a rule is misused."""
    try:
        machine = PythonMachine(replace(model, symmetry=False, selected=None))
        with entered(machine.stepper.evaluation), Watchdog(machine.stepper.evaluation, rule_seconds) as watchdog:
            watchdog.active = True
            return _Fitting(trace, machine).fit()
    except Misused as misused:
        raise misused.error from misused.__cause__
    except RuleTimedOut as timed_out:  # it arrived just after the rule had ended
        raise RuleTimeout(f"a rule took longer than {rule_seconds:g} s", span=place_of(timed_out)) from None


class _Fitting:
    """Walks along a trace on a machine, as far as it comes."""

    def __init__(self, trace: Trace, machine: PythonMachine) -> None:
        self.trace, self.machine, self.stepper = trace, machine, machine.stepper
        self.replay = Replay(machine, StateSpace((), (), (), False, 0))
        self.states: list[Packed] = []

    def fit(self) -> Fit:
        model = self.machine.model
        misfit = self._misfit()
        if misfit is not None:
            return Fit(self.trace, model, misfit)
        if self.trace.failed_step is not None:
            return Fit(self.trace, model, None, True)
        origin = self.trace.origin
        return Fit(self.trace, model, None, None if origin is None else outcome(self.machine, self.states, origin))

    def _misfit(self) -> Misfit | None:
        if not self.trace.states:
            return self._failing_start()
        misfit = self._start(self.trace.states[0])
        for number, (step, target) in enumerate(zip(self.trace.taken, self.trace.states[1:]), 1):
            misfit = misfit or self._step(number, step, target)
        failed = self.trace.failed_step
        return misfit or (None if failed is None else self._failure(len(self.trace.steps) + 1, failed))

    # ---------------------------------------------------------------- initial states

    def _start(self, wanted: Mapping[str, Value]) -> Misfit | None:
        """Begin in the initial state that the trace begins in."""
        names = self.stepper.packing.names
        for name in (*wanted, *names):
            if name not in names:
                return Misfit(0, Refusal(f"the spec has no variable '{name}'.{did_you_mean(name, names)}"))
            if name not in wanted:
                return Misfit(0, Refusal(f"the trace does not know the variable '{name}'.{did_you_mean(name, wanted)}"))
        found = [raw.target for raw in self.stepper.initial() if raw.target is not None]
        for target in found:
            if leads_to(self.replay, target, wanted):
                self.states.append(target)
                return None
        if not found:
            return Misfit(0, Refusal("the spec has no initial state"))
        return Misfit(0, Refusal(f"the spec does not start so: {difference(self.replay, self._nearest(found, wanted), wanted)}"))

    def _nearest(self, states: list[Packed], wanted: Mapping[str, Value]) -> Packed:
        """The state that has most variables in common with the wanted one, the first of several."""
        like = likenesses(wanted)
        return max(states, key=lambda state: sum(like[name] == other for name, other in likenesses(self.replay.neutral_state(state)).items()))

    def _failing_start(self) -> Misfit | None:
        if any(raw.failure is not None for raw in self.stepper.initial()):
            return None
        return Misfit(0, Refusal("no initial evaluation fails any more"))

    # ---------------------------------------------------------------- steps

    def _step(self, number: int, step: Step, wanted: Mapping[str, Value]) -> Misfit | None:
        """Take one step of the trace; one to the right state will do, although it made other choices."""
        state = self.states[-1]
        found = self.stepper.steps(state)
        for raw in found:
            if raw.target is not None and is_step(self.replay, raw, step) and leads_to(self.replay, raw.target, wanted):
                self.states.append(raw.target)
                return None
        return Misfit(number, refusal(self.replay, state, step, found, wanted), self._possible(found))

    def _failure(self, number: int, step: Step) -> Misfit | None:
        """Take the step that failed after the last state: it must fail again."""
        state = self.states[-1]
        found = self.stepper.steps(state)
        if any(raw.failure is not None and is_step(self.replay, raw, step) for raw in found):
            return None
        return Misfit(number, refusal(self.replay, state, step, found, None), self._possible(found))

    def _possible(self, found: list[RawStep]) -> tuple[Step, ...]:
        state = self.states[-1]
        return tuple(dict.fromkeys(self.replay.named_step(state, raw.label) for raw in found))
