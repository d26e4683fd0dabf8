"""The search: breadth-first, level by level, exact.

A level is sorted in domain order before it is expanded. So the first state that reaches a new one is its least predecessor, the first violation of a level is
its least, and every number and trace is the same on every run (semantics 3), without looking at anything twice.
"""

import time
from array import array
from collections.abc import Callable
from typing import Any

from speccheck.domains.evaluation import entered
from speccheck.engines.machine import OUT_OF_BUDGET, Budget, Coverage, Exploration, Failed, Misused, PackedStep, Progress, Violation
from speccheck.engines.memory import resident_bytes
from speccheck.engines.python.judging import bound, refuted, witnessed
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import RawStep, RuleRaised, Stepper
from speccheck.engines.watchdog import RuleTimedOut, Watchdog
from speccheck.errors import RuleTimeout
from speccheck.model.model import Rule
from speccheck.model.places import place_of
from speccheck.space.space import Packed, StateSpace

CHECK_EVERY = 64  # states between two looks at clock and memory


class Stopped(Exception):
    """The search ends before it is complete; the reason is what the user set."""


class Search:
    """One breadth-first search; its attributes are what has been found so far."""

    def __init__(
        self,
        stepper: Stepper,
        budget: Budget,
        report: Callable[[Progress], None] | None = None,
        expected: frozenset[str] | None = None,
        graph: StepGraph | None = None,
        refinements: tuple[Refinement, ...] = (),
    ) -> None:
        model = stepper.model
        self.stepper, self.model, self.budget, self.report, self.expected = stepper, model, budget, report, expected
        self.numbers: dict[Packed, int] = {}  # every kept state; by a provisional number, in the order of discovery, until its level is sorted
        self.states: list[Packed] = []
        self.parents = array("q")
        self.levels: list[int] = []
        self.dropped: set[Packed] = set()
        self.fresh: list[tuple[Packed, int]] = []  # states of the next level with their least predecessors
        self.generated = 0
        self.expanded = 0
        self.violations: dict[str, Violation] = {}
        self.witnesses: dict[tuple[str, tuple[Any, ...]], Violation] = {}
        count = len(model.actions)
        self.coverage = Coverage([0] * count, [0] * count, [0] * count, [None] * count)
        self._order: dict[Any, Any] = {}  # property or witness -> key of its least violation so far
        self._unchanged = list(range(len(model.variables)))
        checked = [p for p in model.properties if model.checked(p.name) and p.rule is not None]
        self._invariants = bound(checked, "invariant")
        self._step_invariants = bound(checked, "step_invariant")
        self._reachables = bound(checked, "reachable")
        self._deadlock = any(p.kind == "deadlock" and model.checked(p.name) for p in model.properties)
        self._terminal_errors = [f"{rule.name}.error" for rule in model.terminals]
        self._started = time.monotonic()
        self._level = 0
        self._current = -1
        self.graph, self.refinements = graph, refinements

    def run(self) -> Exploration:
        """Search until everything is found or the budget is used up. Raises Failed when a rule is misused."""
        stopped, interrupted = None, False
        watchdog = Watchdog(self.stepper.evaluation, self.budget.rule_seconds)
        try:
            self.stepper.pause = self._check_budget
            with entered(self.stepper.evaluation), watchdog:
                self._run(watchdog)
        except Stopped as stop:
            stopped = str(stop)
        except KeyboardInterrupt:
            stopped, interrupted = "interrupted", True
        except MemoryError:
            stopped = "out of memory"
        except Misused as misused:
            self.stepper.reset()
            raise Failed(misused, self._space(False), self._current) from misused
        except RuleTimedOut as timed_out:  # it arrived just after the rule had ended
            self.stepper.reset()
            error = RuleTimeout(f"a rule took longer than {self.budget.rule_seconds:g} s", span=place_of(timed_out))
            raise Failed(Misused(error, None, None, ""), self._space(False), self._current) from None
        finally:
            self.stepper.pause = None
        if stopped is not None:
            self.stepper.reset()  # the step that was being tried may have been left half way
        self._progress()
        return Exploration(
            self._space(stopped is None), self.violations, self.witnesses, self.generated, len(self.dropped), self._covered(), stopped, interrupted,
            time.monotonic() - self._started, resident_bytes(),
        )  # fmt: skip

    def _run(self, watchdog: Watchdog) -> None:
        watchdog.active = True
        self._level = 1
        self._begin()
        while self.fresh:
            watchdog.active = False
            first = self._number_level()
            watchdog.active = True
            self._active()
            last_level = self.budget.depth is not None and self._level >= self.budget.depth
            for number in range(first, len(self.states)):
                if number % CHECK_EVERY == 0:
                    self._check_budget()
                self._current = number
                self._visit(number)
                if not last_level:
                    self._expand(number)
                    self.expanded = number + 1
            if last_level:
                raise Stopped(f"--max-depth {self.budget.depth}")
            self._level += 1
            if self.expected is not None and any(v.level < self._level and n not in self.expected for n, v in self.violations.items()):
                if self.fresh:
                    raise Stopped("--stop-first")
                return

    # ---------------------------------------------------------------- levels

    def _begin(self) -> None:
        self._active()
        for step in self.stepper.initial():
            if step.target is None:
                self._note_failure(step, None, -1, 0)
                continue
            self.generated += 1
            if self.refinements:
                self._judge_initial(step.target)
            self._reach(step.target, -1)
            if self.generated % CHECK_EVERY == 0:
                self._check_budget()

    def _number_level(self) -> int:
        """Sort and number the states found for this level; return the number of the first."""
        first = len(self.states)
        key = self.stepper.packing.key
        self.levels.append(first)
        self.fresh.sort(key=lambda entry: key(entry[0]))
        order = array("q", bytes(8 * len(self.fresh)))
        for state, parent in self.fresh:
            order[self.numbers[state] - first] = len(self.states)
            self.numbers[state] = len(self.states)
            self.states.append(state)
            self.parents.append(parent)
        if self.graph is not None:
            self.graph.renumber(first, order)
        self.fresh = []
        return first

    # ---------------------------------------------------------------- one state

    def _visit(self, number: int) -> None:
        """Check the invariants and reachables on a kept state."""
        state = self.states[number]
        self.stepper.source.load(state)
        self._judge(self.stepper.source, state, number, -1, self._level)

    def _judge(self, live: Any, state: Packed, number: int, parent: int, level: int) -> None:
        stepper = self.stepper
        stepper.evaluation.mode = "property"
        for prop, _, binding, raised in refuted(stepper, live, self._live_invariants):
            self._note(prop.name, Violation(prop.name, level, state, number, parent, None, binding, raised))
        for prop, rule, binding, raised in witnessed(stepper, live, self._live_reachables):
            if raised is not None:
                self._note(prop.name, Violation(prop.name, level, state, number, parent, None, binding, raised))
                continue
            witness = Violation(prop.name, level, state, number, parent, None, binding)
            # A state of the orbit is a witness for each renamed binding.
            for one in (binding,) if stepper.canonical is None else stepper.canonical.images(rule, binding):
                self._note_witness((prop.name, one), witness)

    def _active(self) -> None:
        """Find the properties that are still to be checked: those without a violation (or witness) on an earlier level."""
        level = self._level
        earlier = {name for name, v in self.violations.items() if v.level < level}
        seen = {key for key, v in self.witnesses.items() if v.level < level}
        self._live_invariants = [one for one in self._invariants if one[0].name not in earlier]
        self._live_steps = [one for one in self._step_invariants if one[0].name not in earlier]
        self._live_reachables = [one for one in self._reachables if (one[0].name, one[2]) not in seen]

    def _expand(self, number: int) -> None:
        """Take every step out of a kept state."""
        state = self.states[number]
        coverage, seen_targets = self.coverage, set()
        steps = self.stepper.steps(state)
        taken, changing, new_states = coverage.taken, coverage.changing, coverage.new_states
        assert new_states is not None
        for step in steps:
            action, _, _, target, failure, wrote = step
            if target is None:
                assert failure is not None
                coverage.erred = True
                self._note_failure(step, state, number, self._level)
                continue
            taken[action] += 1
            self.generated += 1
            if not wrote and coverage.without_write[action] is None:
                coverage.without_write[action] = step.label
            if target is state or target == state:
                continue
            changing[action] += 1
            if target not in seen_targets:
                seen_targets.add(target)
                if self._unchanged:
                    self._unchanged = [i for i in self._unchanged if state[i] == target[i]]
                if self._live_steps:
                    self._judge_step(state, number, step)
                if self.refinements:
                    self._judge_refinements(state, number, step)
                if self._reach(target, number):
                    new_states[action] += 1
        if self.graph is not None:
            self.graph.record(state, steps, self.numbers)
        if not steps and self._deadlock and not all(name in self.violations for name in ("deadlock", *self._terminal_errors)):
            self._look_for_deadlock(state, number)

    def _reach(self, target: Packed, parent: int) -> bool:
        """Note a state that was reached; return whether it is new and kept."""
        canonical = self.stepper.canonical
        state = canonical(target) if canonical else target
        if state in self.numbers or state in self.dropped:
            return False
        # Outside a constraint, judged on the successor as it was reached, before any canonical form (semantics 7.3).
        if self.model.constraints and not self._kept(target, state, parent):
            self.dropped.add(state)
            return False
        if self.budget.states is not None and len(self.numbers) >= self.budget.states:
            self._judge_rest()
            raise Stopped(f"--max-states {self.budget.states}")
        self.numbers[state] = len(self.states) + len(self.fresh)
        self.fresh.append((state, parent))
        return True

    def _kept(self, target: Packed, state: Packed, parent: int) -> bool:
        """Return whether a successor is within the constraints. What is found is told of `state`, its canonical form: all of its orbit have the same."""
        within, errors = self._within(target)
        level = self._level + (parent >= 0)
        if (errors or not within) and state != target:
            _, errors = self._within(state)
        for rule, raised in errors:
            self._note_rule_error(rule, raised, state, parent, level)
        if not within:
            self._judge(self.stepper.after, state, -1, parent, level)
        return within

    def _within(self, state: Packed) -> tuple[bool, list[tuple[Rule, RuleRaised]]]:
        stepper, after = self.stepper, self.stepper.after
        after.load(state)
        stepper.evaluation.mode = "constraint"
        within, errors = True, []
        for rule in self.model.constraints:
            try:
                within = stepper.holds(after, rule, ()) and within
            except RuleRaised as raised:
                errors.append((rule, raised))
        return within, errors

    def _judge_step(self, state: Packed, number: int, step: RawStep) -> None:
        stepper = self.stepper
        assert step.target is not None
        stepper.after.load(step.target)
        stepper.after.journal.refuse()
        stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", step.target
        unrefuted = (one for one in self._live_steps if one[0].name not in self.violations)
        for prop, _, binding, raised in refuted(stepper, stepper.source, unrefuted, stepper.after.state):
            packed = PackedStep(step.label, step.target)
            self._note(prop.name, Violation(prop.name, self._level, state, number, -1, packed, binding, raised))

    def _judge_initial(self, state: Packed) -> None:
        """Check that an initial state, kept or dropped, maps to an initial one."""
        after = self.stepper.after
        after.load(state)
        for one in self.refinements:
            try:
                if one.is_initial(one.mapped(after)):
                    continue
            except RuleRaised as raised:
                self._note_rule_error(one.rule, raised, state, -1, 1)
                continue
            self._note(one.property.name, Violation(one.property.name, 1, state))

    def _judge_refinements(self, state: Packed, number: int, step: RawStep) -> None:
        """Check that a changing step, also one into a dropped state, maps to a step of the abstract spec or to no change."""
        stepper = self.stepper
        assert step.target is not None
        stepper.source.load(state)
        stepper.after.load(step.target)
        for one in self.refinements:
            name = one.property.name
            raised_before = self.violations.get(f"{name}.error")
            if name in self.violations and raised_before is not None and raised_before.level < self._level:
                continue
            try:
                source = one.mapped(stepper.source)
            except RuleRaised as raised:
                self._note_rule_error(one.rule, raised, state, -1, self._level, number)
                continue
            try:
                target = one.mapped(stepper.after)
            except RuleRaised as raised:
                self._note_rule_error(one.rule, raised, step.target, number, self._level + 1)
                continue
            if name not in self.violations and not one.allows(source, target):
                self._note(name, Violation(name, self._level, state, number, -1, PackedStep(step.label, step.target)))

    def _look_for_deadlock(self, state: Packed, number: int) -> None:
        stepper = self.stepper
        stepper.evaluation.mode = "property"
        for rule in self.model.terminals:
            try:
                if stepper.holds(stepper.source, rule, ()):
                    return
            except RuleRaised as raised:
                self._note_rule_error(rule, raised, state, -1, self._level, number)
                return
        self._note("deadlock", Violation("deadlock", self._level, state, number))

    # ---------------------------------------------------------------- notes

    def _note(self, name: str, violation: Violation) -> None:
        """Keep a violation if it is less than the one that is known: by level, then state, then the order in which it was found."""
        key = (violation.level, self.stepper.packing.key(violation.state) if violation.state is not None else [])
        if name not in self.violations or key < self._order[name]:
            self.violations[name], self._order[name] = violation, key

    def _note_witness(self, name: tuple[str, tuple[Any, ...]], witness: Violation) -> None:
        assert witness.state is not None
        key = (witness.level, self.stepper.packing.key(witness.state))
        if name not in self.witnesses or key < self._order[name]:
            self.witnesses[name], self._order[name] = witness, key

    def _note_failure(self, step: RawStep, state: Packed | None, number: int, level: int) -> None:
        assert step.failure is not None
        if self.model.checked(step.failure.property):
            packed = PackedStep(step.label, None, step.failure)
            self._note(step.failure.property, Violation(step.failure.property, level, state, number, -1, packed, (), step.failure.message))

    def _note_rule_error(self, rule: Rule, raised: RuleRaised, state: Packed, parent: int, level: int, number: int = -1) -> None:
        self.coverage.erred = True
        self._note(f"{rule.name}.error", Violation(f"{rule.name}.error", level, state, number, parent, None, (), str(raised)))

    # ---------------------------------------------------------------- budget

    def _check_budget(self) -> None:
        budget = self.budget
        if budget.seconds is not None and time.monotonic() - self._started > budget.seconds:
            raise Stopped(f"--timeout {budget.seconds:g}")
        if budget.memory is not None and resident_bytes() > budget.memory:
            raise Stopped(OUT_OF_BUDGET)
        self._progress()

    def _progress(self) -> None:
        if self.report is not None:
            queue = len(self.states) - self.expanded + len(self.fresh)
            self.report(Progress(len(self.levels), self.generated, len(self.numbers), queue, time.monotonic() - self._started, resident_bytes()))

    def _judge_rest(self) -> None:
        """Check the invariants on the states that were found but will not be expanded."""
        for number in range(self._current + 1, len(self.states)):
            self._visit(number)
        self._level += 1
        self._active()
        for state, parent in sorted(self.fresh, key=lambda entry: self.stepper.packing.key(entry[0])):
            self.stepper.after.load(state)
            self._judge(self.stepper.after, state, -1, parent, self._level)

    def _space(self, complete: bool) -> StateSpace:
        if self.fresh:
            self._number_level()
        return StateSpace(self.states, self.parents, tuple(self.levels), complete, self.expanded)

    def _covered(self) -> Coverage:
        changed = {v.name for i, v in enumerate(self.model.variables) if i not in self._unchanged}
        self.coverage.changed_variables = changed
        return self.coverage
