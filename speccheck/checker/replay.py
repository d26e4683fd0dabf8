"""Replay: from what an engine found (numbers, packed states, labels) to a Trace, on the Python engine.

The path backwards is walked forward again, on real states: under symmetry the engine knows representatives only, and every real step to a member of the next
orbit will do (semantics 7.3).
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.neutral import Value
from speccheck.domains.ordering import natural_neutral
from speccheck.domains.parts import OutsideDomain
from speccheck.engines.machine import Label, Lasso, PackedStep, Violation
from speccheck.engines.python.evaluation import Chosen
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.stepping import described
from speccheck.errors import Misuse, ReadOnlyRule, SpeccheckError
from speccheck.model.model import Model, Rule
from speccheck.model.places import is_ours, place_of
from speccheck.model.syntax.trees import module_tree
from speccheck.source import Span
from speccheck.space.space import Packed, StateSpace
from speccheck.trace.trace import Choice, Step, Trace


@dataclass(frozen=True)
class Failed:
    """How an erring step failed, seen again: the exception in words, and where it was raised."""

    message: str
    span: Span | None
    explanation: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Story:
    """A trace, and what a report needs besides: its states in packed form, the step that failed after the last one, and how."""

    trace: Trace
    states: tuple[Packed, ...]
    failing: Label | None = None
    failed: Failed | None = None


class Replay:
    """Tells the stories of one exploration."""

    def __init__(self, machine: PythonMachine, space: StateSpace) -> None:
        self.machine, self.space = machine, space
        self.model: Model = machine.model
        self.stepper = machine.stepper
        self._rules = self.model.actions

    # ---------------------------------------------------------------- traces

    def story(self, violation: Violation) -> Story:
        """Return the story of a violation or a witness."""
        if violation.state is None:
            return self._initial_story(violation)
        with entered(self.stepper.evaluation):
            number = violation.number if violation.number >= 0 else violation.parent
            states, labels = self.path(number) if number >= 0 else ([violation.state], [])
            if violation.number < 0 <= number:  # a dropped state: one more step from a kept one
                self._one_more(states, labels, violation.state)
            step, failed, failed_step, failing = violation.step, None, None, None
            if step is not None and self.stepper.canonical is not None:
                step = self._same_step(states[-1], step, violation.property)
            if step is not None and step.target is not None:
                states.append(step.target)
                labels.append(step.label)
            elif step is not None:
                failing = step.label
                failed_step, failed = self.failed_step(states[-1], failing)
            return Story(self._trace(states, labels, failed_step), tuple(states), failing, failed)

    def story_to(self, number: int, label: Label | None) -> Trace:
        """Return the way to a state in which a rule was misused, and the step that was being tried there."""
        with entered(self.stepper.evaluation):
            states, labels = self.path(number)
            return self._trace(states, labels, self._named(label) if label is not None and label.action >= 0 else None)

    def path(self, number: int) -> tuple[list[Packed], list[Label]]:
        """Return real states and steps from an initial state to (the orbit of) a state. Call inside an evaluation."""
        targets = [self.space.states[n] for n in self.space.path_to(number).numbers]
        states = [self._real_initial(targets[0])]
        labels: list[Label] = []
        for target in targets[1:]:
            self._one_more(states, labels, target)
        return states, labels

    def _one_more(self, states: list[Packed], labels: list[Label], target: Packed) -> None:
        canonical = self.stepper.canonical
        wanted = canonical(target) if canonical else target
        for step in self.stepper.steps(states[-1]):
            if step.target is not None and (canonical(step.target) if canonical else step.target) == wanted:
                states.append(step.target)
                labels.append(step.label)
                return
        raise AssertionError("a step that was found is not there when it is replayed")

    def _real_initial(self, state: Packed) -> Packed:
        canonical = self.stepper.canonical
        if canonical is None:
            return state
        found = [s.target for s in self.stepper.initial() if s.target is not None and canonical(s.target) == state]
        return min(found, key=self.stepper.packing.key)

    def _same_step(self, state: Packed, step: PackedStep, prop: str) -> PackedStep:
        """Return the step out of a real state that corresponds to a step out of its representative."""
        for other in self.stepper.steps(state):
            if other.action == step.label.action and (other.target is None) == (step.target is None):
                if other.failure is not None and other.failure.property == prop:
                    return PackedStep(other.label, None, other.failure)
                if other.target is not None and other.target != state and self._violates(state, other.target, prop):
                    return PackedStep(other.label, other.target)
        raise AssertionError("a violating step is not there when it is replayed")

    def _violates(self, state: Packed, target: Packed, prop: str) -> bool:
        from speccheck.engines.python.stepping import RuleRaised

        one = next(p for p in self.model.properties if p.name == prop)
        rule, stepper = one.rule, self.stepper
        assert rule is not None
        stepper.source.load(state)
        stepper.after.load(target)
        stepper.after.journal.refuse()
        if one.kind == "refinement":
            refinement = next(r for r in self.machine.refinements if r.property.name == prop)
            return not refinement.allows(refinement.mapped(stepper.source), refinement.mapped(stepper.after))
        stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", target
        try:
            return not all(stepper.holds(stepper.source, rule, b, stepper.after.state) for b in rule.bindings())
        except RuleRaised:
            return True

    def _initial_story(self, violation: Violation) -> Story:
        """The story of an @init that raised: there is no state before it."""
        rule, step = self.model.init, violation.step
        assert rule is not None and step is not None and step.failure is not None
        choices = tuple(Choice(None, natural_neutral(value)) for value in step.label.choices)
        failed = Failed(step.failure.message, rule.span)
        with entered(self.stepper.evaluation), self._initially_again(step.failure.values, step.label) as raised:
            if raised is not None:
                failed = self._failed(raised)
        return Story(Trace(self.stepper.packing.names, (), (), Step(rule.name, (), choices, rule.span)), (), None, failed)

    def lasso_story(self, lasso: Lasso) -> Story:
        """Return the story of a lasso; one without a loop stutters in its last state for ever."""
        states = [self.space.states[n] for n in (*lasso.prefix, *lasso.loop)]
        labels: list[Label] = []
        with entered(self.stepper.evaluation):
            for source, target in zip(states, states[1:]):
                step = next(s for s in self.stepper.steps(source) if s.target == target)
                labels.append(step.label)
            trace = self._trace(states, labels, None)
        steps, shown = trace.steps, trace.states
        if not lasso.loop:
            steps, shown = (*steps, Step(None)), (*shown, shown[-1])
        return Story(replace(trace, states=shown, steps=steps, loop_start=len(lasso.prefix) - 1), tuple(states))

    def _trace(self, states: list[Packed], labels: list[Label], failed_step: Step | None) -> Trace:
        named = []
        for state, label in zip(states, labels):
            named.append(self.named_step(state, label))
        return Trace(self.stepper.packing.names, tuple(map(self.neutral_state, states)), tuple(named), failed_step)

    # ---------------------------------------------------------------- single steps

    def neutral_state(self, state: Packed) -> Mapping[str, Value]:
        """Return a state as a trace holds it."""
        return self.stepper.packing.neutral(state)

    def named_step(self, state: Packed, label: Label) -> Step:
        """Return a step as a trace holds it, with names and places of its choices."""
        step = self._named(label)
        if not label.choices:
            return step
        places: list[tuple[Span | None, str | None]] = []
        with self._again(state, label, places):
            pass
        return self._named(label, places)

    def failed_step(self, state: Packed, label: Label) -> tuple[Step, Failed]:
        """Return an erring step, and how it fails."""
        places: list[tuple[Span | None, str | None]] = []
        failed = Failed("", None)
        with self._again(state, label, places) as raised:
            if raised is not None:
                failed = self._failed(raised)
        return self._named(label, places), failed

    def _failed(self, raised: BaseException) -> Failed:
        from speccheck.checker.explain import explain_failure

        if isinstance(raised, OutsideDomain):
            return Failed(str(raised), place_of(raised), explain_failure(raised))
        return Failed(described(raised), place_of(raised), explain_failure(raised))

    @contextmanager
    def _again(self, state: Packed, label: Label, places: list[tuple[Span | None, str | None]]) -> Iterator[BaseException | None]:
        """Run one evaluation again, with the choices that it made, noting where it chose; yields what it raised while its writes are still in place."""
        live = self.stepper.source
        live.load(state)
        raised = self._run_again(self._rules[label.action], label, places)
        try:
            yield raised
        finally:
            live.undo()
            live.journal.refuse()

    @contextmanager
    def _initially_again(self, values: tuple[Any, ...] | None, label: Label) -> Iterator[BaseException | None]:
        """Run `@init` again from initial values, like `_again`."""
        live = self.stepper.source
        assert self.model.init is not None and values is not None
        live.assign(values)
        raised = self._run_again(self.model.init, label, [])
        try:
            yield raised
        finally:
            live.journal.undo()
            live.journal.refuse()
            live.unload()

    def _run_again(self, rule: Rule, label: Label, places: list[tuple[Span | None, str | None]]) -> BaseException | None:
        """Run a rule from what is loaded, and return what it raised; its writes stay in place."""
        live, evaluation = self.stepper.source, self.stepper.evaluation
        live.journal.record()
        evaluation.mode = "action"
        evaluation.stack[:] = [Chosen(value, iter(())) for value in label.choices]
        evaluation.reached = lambda: places.append(_choosing_place())
        evaluation.start()
        raised: BaseException | None = None
        try:
            rule.function(live.state, *label.parameters)
        except (Exception, OutsideDomain, SystemExit, Disabled) as error:
            raised = error
        finally:
            evaluation.reached = None
            evaluation.stack.clear()
        live.journal.log = _refuse_explaining
        return raised

    def _named(self, label: Label, places: list[tuple[Span | None, str | None]] | None = None) -> Step:
        rule = self._rules[label.action]
        parameters = tuple((p.name, p.domain.neutral(v)) for p, v in zip(rule.parameters, label.parameters))
        choices = []
        for number, value in enumerate(label.choices):
            span, name = places[number] if places and number < len(places) else (None, None)
            choices.append(Choice(name, natural_neutral(value), span))
        return Step(rule.name, parameters, tuple(choices), rule.span)

    def takes(self, story: Story, action: str) -> bool:
        """Return whether a step of the story is a step of the action, whichever action the trace displays (semantics 4.2)."""
        numbers = {self._rules.index(rule) for rule in self.model.actions_of(action)}
        if story.failing is not None and story.failing.action in numbers:
            return True
        with entered(self.stepper.evaluation):
            for source, target in zip(story.states, story.states[1:]):
                steps = self.stepper.steps(source)
                if source != target and any(s.action in numbers and s.target == target for s in steps):
                    return True
        return False

    def binding(self, rule: Rule, binding: tuple[Any, ...]) -> tuple[tuple[str, Value], ...]:
        """Return the parameters of a property as a trace holds them."""
        return tuple((p.name, p.domain.neutral(v)) for p, v in zip(rule.parameters, binding))


def _refuse_explaining(entry: Any) -> None:
    raise Misuse(ReadOnlyRule("an explanation changes the state"))  # the writes of the step stay in the journal, to be undone


def _choosing_place() -> tuple[Span | None, str | None]:
    """Return where the `choose` that is going on stands, and the name of the variable that it is assigned to."""
    frame: Any = sys._getframe(1)
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return None, None
    file, line = frame.f_code.co_filename, frame.f_lineno
    return Span(file, line), _assigned_name(file, line)


def _assigned_name(file: str, line: int) -> str | None:
    for node in ast.walk(module_tree(file)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.lineno <= line <= (node.end_lineno or node.lineno):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if len(targets) == 1 and isinstance(targets[0], ast.Name) and _is_choose(node.value):
                return targets[0].id
    return None


def _is_choose(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name | ast.Attribute) and ast.unparse(value.func).endswith("choose")


def with_trace(error: SpeccheckError, replay: Replay, number: int, label: Label | None) -> SpeccheckError:
    """Return the error of a misused rule with the way to the state where it happened."""
    if number >= 0:
        error.trace = replay.story_to(number, label)
    return error
