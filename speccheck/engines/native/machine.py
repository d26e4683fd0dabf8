"""A Model loaded into the native engine: its rules compiled, searched by the runtime.

The machine of the Python engine, which defines the language, is beside it: it makes the initial states, answers what compiled rules cannot, and says of
everything that was found what exactly it is.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any, assert_never

from speccheck.compiler.compile import program_of
from speccheck.compiler.passes import improved
from speccheck.compiler.refusals import NotCompiled, refuse
from speccheck.domains.layout import StateLayout, layout_of
from speccheck.engines.machine import (
    OUT_OF_BUDGET,
    Budget,
    Coverage,
    Exploration,
    Find,
    Misused,
    PackedStep,
    Progress,
    Unfinished,
    Violation,
)
from speccheck.engines.memory import available_bytes, resident_bytes
from speccheck.engines.native.emit.finds import Find as Emitted
from speccheck.engines.native.emit.forms import NotEmitted
from speccheck.engines.native.emit.unit import emit
from speccheck.engines.native.graph import NativeGraph
from speccheck.engines.native.images import MOST_ABSTRACT_MARKS, NativeImages
from speccheck.engines.native.library import Code, Moment, NativeSearch, Question, Tuning, load_model, load_runtime
from speccheck.engines.native.liveness import NativeTemporal
from speccheck.engines.native.numbered import NumberedSpace
from speccheck.engines.native.space import NativeSpace
from speccheck.engines.native.toolchain import cores, find_toolchain
from speccheck.engines.watchdog import RuleTimedOut, Watchdog
from speccheck.errors import NotCompilable
from speccheck.model.model import Model
from speccheck.source import Span
from speccheck.space.space import Packed

LOOK = 0.05  # seconds between two looks at clock and memory
UNANSWERED = -1  # to a question
SEEDS = 1 << 16  # initial states that are handed over at once


class NativeMachine:
    """Runs a model's compiled rules. `python` is the same model in the Python engine."""

    name = "native"

    def __init__(self, model: Model, python: Any, workers: int | None = None, tuning: Tuning | None = None) -> None:
        self.model, self.python, self.tuning = model, python, tuning or Tuning()
        self.workers = workers or cores()
        try:
            _refuse_what_is_missing(model, python)
            self.native_temporal = NativeTemporal(python.temporal) if python.has_liveness and not model.symmetry else None
            atoms = python.temporal.vocabulary.atoms if self.native_temporal is not None else ()
            self.program = improved(program_of(model, atoms), self.tuning.without)
            self.abstract = [_abstract(one.model, self.tuning) for one in python.refinements]
        except NotCompiled as refusal:
            raise NotCompilable(f"{refusal.construct} is not compiled", span=refusal.span, remedy=refusal.remedy) from None
        self.layout: StateLayout = layout_of(tuple(v.domain for v in model.variables))
        try:
            self.emitted = emit(self.program, model)
        except NotEmitted as refusal:
            raise NotCompilable(f"{refusal} is not compiled", span=Span(model.file, model.line)) from None
        self.finds = tuple(_find(model, one) for one in self.emitted.finds)
        self.instances = [(number, binding) for number, rule in enumerate(model.actions) for binding in rule.bindings()]

    # ---------------------------------------------------------------- what the Python engine does

    @property
    def stepper(self) -> Any:
        """Who takes single steps."""
        return self.python.stepper

    @property
    def temporal(self) -> Any:
        """The claims of the temporal properties."""
        return self.native_temporal or self.python.temporal

    @property
    def refinements(self) -> Any:
        """The refinements that are checked."""
        return self.python.refinements

    @property
    def has_liveness(self) -> bool:
        """Whether some property speaks of whole behaviors."""
        return bool(self.python.has_liveness)

    def initial(self) -> list[PackedStep]:
        """Return the completed and erring initial evaluations, in order."""
        return self.python.initial()  # type: ignore[no-any-return]

    def expand(self, states: Iterable[Packed]) -> list[list[PackedStep]]:
        """Return for each state all steps out of it."""
        return self.python.expand(states)  # type: ignore[no-any-return]

    def find_lassos(self, found: Exploration, rule_seconds: float = 10.0) -> Mapping[str, Any]:
        """Return the violated temporal properties, each with its least lasso. Raises Unfinished where the budget has no room for the steps, or for the hunt."""
        if self.native_temporal is None or found.steps is None:
            return {}
        if isinstance(found.steps, BaseException):
            raise found.steps
        graph: NativeGraph = found.steps
        refuted: dict[str, Any] = self.native_temporal.refuted(graph, found.space.states.__getitem__)
        with ExitStack() as opened:
            try:
                refined = self.python.refuted_refinements(found, lambda one: opened.enter_context(closing(self._images(one, graph, found))), rule_seconds)
            except Unfinished as cut:
                raise Unfinished(cut.reason, {**refuted, **cut.refuted}) from None
        return {**refuted, **refined}

    def _images(self, refinement: Any, graph: NativeGraph, found: Exploration) -> NativeImages:
        """Return what the states map to in a refinement."""
        assert self.native_temporal is not None
        packing, layout = refinement.abstract.packing, layout_of(tuple(v.domain for v in refinement.model.variables))

        def mapped(number: int) -> int:
            return layout.encode(packing.unpack(self.python.mapped(refinement, found.space.states[number])))

        which = list(self.program.mappings).index(refinement.property.name)
        fairness = self.native_temporal.vocabulary.fairness()
        return NativeImages(graph, which, layout.words, fairness, lambda bits: packing.pack(layout.decode(bits)), mapped)

    # ---------------------------------------------------------------- the search

    def compile(self) -> tuple[Any, Any]:
        """Return the runtime and the model as libraries, compiled if need be."""
        toolchain = find_toolchain()
        runtime = load_runtime(toolchain)
        abstract = [load_model(name, text, toolchain, self.tuning.optimisation) for name, text in self.abstract]
        return runtime, load_model(self.model.name, self.emitted.text, toolchain, self.tuning.optimisation, runtime, abstract)

    def explore(self, budget: Budget, report: Callable[[Progress], None] | None = None, expected: frozenset[str] | None = None) -> Exploration:
        """Search all reachable states within the budget."""
        runtime, library = self.compile()
        try:
            return _Exploring(self, runtime, library, budget, report, expected).run()
        except (Misused, RuleTimedOut):
            self.python.stepper.reset()
            self.python.explore(budget, report, expected)  # finds the first misuse, and raises Failed with the way there
            raise


def _refuse_what_is_missing(model: Model, python: Any) -> None:
    if not model.symmetry:
        for one in python.refinements:
            if one.property.liveness and python.abstract_marks(one) > MOST_ABSTRACT_MARKS:
                refuse(
                    f"the liveness of a refinement of {one.model.spec.__name__}, which has a formula with more than {MOST_ABSTRACT_MARKS} untils",
                    one.property.span,
                )
    if any(p.kind == "refinement" and model.checked(p.name) and p.name not in {one.property.name for one in python.refinements} for p in model.properties):
        raise NotCompiled("a refinement of a spec with processes")


def _abstract(model: Model, tuning: Tuning) -> tuple[str, str]:
    """Return the name of an abstract spec and the C text of its actions."""
    alone = replace(model, properties=(), constraints=(), terminals=())
    try:
        return model.name, emit(improved(program_of(alone), tuning.without), alone).text
    except NotEmitted as refusal:
        raise NotCompiled(str(refusal), Span(model.file, model.line)) from None


def _find(model: Model, one: Emitted) -> Find:
    """Return what the number of a find stands for."""
    match one.kind:
        case "domain" | "assert":
            return Find("failure", one.name)
        case "error":
            actions = {rule.name for rule in model.actions}
            return Find("failure" if one.name.removesuffix(".error") in actions else "error", one.name)
        case "violated":
            steps = any(p.name == one.name and p.kind in ("step_invariant", "refinement") for p in model.properties)
            return Find("false step" if steps else "false", one.name)
    return Find(one.kind, one.name, one.binding)


class _Exploring:
    """One search: what it was told, and what it has found so far."""

    def __init__(
        self, machine: NativeMachine, runtime: Any, library: Any, budget: Budget, report: Callable[[Progress], None] | None, expected: frozenset[str] | None
    ) -> None:
        self.machine, self.model, self.budget, self.report, self.expected = machine, machine.model, budget, report, expected
        self.started = time.monotonic()
        self.search = NativeSearch(
            runtime, library, machine.layout.words,
            workers=machine.workers, memory=self._memory(), states=budget.states or 0, tuning=machine.tuning,
        )  # fmt: skip
        self.search.on_question(self._answer)
        self.generated = 0  # initial evaluations
        self.violations: dict[str, Violation] = {}
        self.stopped: str | None = None
        self.interrupted = False
        self.finds = machine.finds
        self.answering = threading.Lock()
        self.watchdog = Watchdog(machine.stepper.evaluation, budget.rule_seconds)

    def _memory(self) -> int:
        """How many bytes tables and logs may take: what the budget leaves, and never more than the machine has."""
        here = resident_bytes()
        limits = [int(available_bytes() * 0.9)]
        if self.budget.memory is not None:
            limits.append(self.budget.memory - here)
        return max(1 << 20, min(limits))

    def run(self) -> Exploration:
        with self.watchdog:
            with self.watchdog.watching():
                code = self._begin()
            self._end(self._watched() if code is Code.MORE else code)
        return self._exploration()

    # ---------------------------------------------------------------- levels

    def _begin(self) -> Code:
        """Hand the initial states over."""
        code = Code.MORE
        seeds: list[int] = []
        for step in self.machine.python.initial_steps():
            if step.target is None:
                failure = step.failure
                if self.model.checked(failure.property):
                    self.violations.setdefault(failure.property, Violation(failure.property, 0, None, step=step, reason=failure.message))
                continue
            self.generated += 1
            for name, reason in self.machine.python.not_initial(step.target):
                self._not_initial(name, reason, step.target)
            seeds.append(self._bits(step.target))
            if len(seeds) == SEEDS:
                code, seeds = self.search.seed(seeds), []
        if seeds and code is Code.MORE:
            code = self.search.seed(seeds)
        return code if self.generated else Code.DONE

    def _not_initial(self, name: str, reason: str | None, state: Packed) -> None:
        """Note the least initial state that maps to no initial one of an abstract spec."""
        key = self.machine.stepper.packing.key
        known = self.violations.get(name)
        if known is None or key(state) < key(known.state):
            self.violations[name] = Violation(name, 1, state, reason=reason)

    def _watched(self) -> Code:
        """Run all levels in a thread of their own, while this one looks at clock, memory and keyboard."""
        answer: list[Code] = []
        over = threading.Event()  # not `join`: a thread that was interrupted in it takes the other one for ended

        def run() -> None:
            try:
                answer.append(self._levels())
            finally:
                over.set()

        threading.Thread(target=run, name="speccheck search", daemon=True).start()
        while not over.is_set():
            try:
                if not over.wait(LOOK):
                    self._look()
            except KeyboardInterrupt:
                self.stopped, self.interrupted = "interrupted", True
                self.search.stop()
                self.watchdog.interrupt()
        self._look()
        if self.search.raised is not None:
            raise self.search.raised
        return answer[0]

    def _levels(self) -> Code:
        """Run one level after the other, until there is a reason not to."""
        level = 1
        while self.budget.depth is None or level <= self.budget.depth:
            last = level == self.budget.depth
            code = self.search.level(last)
            if last and code in (Code.DONE, Code.MORE):
                self.stopped = f"--max-depth {self.budget.depth}"
                return code
            if code is not Code.MORE:
                return code
            if self._unexpected(level):
                self.stopped = "--stop-first"
                return code
            level += 1
        return Code.MORE

    def _look(self) -> None:
        budget = self.budget
        if budget.seconds is not None and time.monotonic() - self.started > budget.seconds and self.stopped is None:
            self.stopped = f"--timeout {budget.seconds:g}"
            self.search.stop()
            self.watchdog.interrupt()
        if self.report is not None:
            self.report(self._progress(self.search.moment()))

    def _progress(self, moment: Moment) -> Progress:
        seconds = time.monotonic() - self.started
        return Progress(moment.level, moment.generated, moment.distinct, moment.queue, seconds, resident_bytes())

    def _unexpected(self, level: int) -> bool:
        """Whether a property was violated that is not expected to be."""
        if self.expected is None:
            return False
        names = set(self.violations)
        for number, find in enumerate(self.finds):
            if find.kind not in ("witness", "silent") and self.model.checked(find.name) and (found := self.search.found(number)) and found[1] <= level:
                names.add(find.name)
        return bool(names - self.expected)

    @property
    def _no_room(self) -> str:
        """Why what may not take more memory stops."""
        return OUT_OF_BUDGET if self.budget.memory is not None else "out of memory"

    def _end(self, code: Code) -> None:
        if self.stopped is not None:
            return
        match code:
            case Code.STATE_LIMIT:
                self.stopped = f"--max-states {self.budget.states}"
            case Code.MEMORY_LIMIT:
                self.stopped = self._no_room
            case Code.OUT_OF_MEMORY:
                self.stopped = "out of memory"
            case Code.FULL_INDEX:
                self.stopped = "more states than the native engine can number"
            case Code.STOPPED | Code.UNANSWERED:
                self.stopped = "interrupted"

    # ---------------------------------------------------------------- questions

    def _answer(self, steps: Any, question: int, which: int, s: int, t: int | None) -> int:
        """Answer what compiled rules cannot: CPython has to say."""
        with self.answering, self.watchdog.watching():
            try:
                return self._answered(steps, Question(question), which, s, t)
            except KeyboardInterrupt:  # nobody waits for the answer any more
                self.machine.stepper.reset()
                return UNANSWERED

    def _answered(self, steps: Any, question: Question, which: int, s: int, t: int | None) -> int:
        python = self.machine.python
        state = self._packed(s)
        match question:
            case Question.KEPT:
                within = python.within(which, state)
                if within is None:
                    self.search.find(steps, self.finds.index(Find("error", f"{self.model.constraints[which].name}.error")))
                return int(within is not False)
            case Question.PROPERTY:
                prop = self.model.properties[which]
                for find in python.found_in(prop, state, None if t is None else self._packed(t)):
                    self.search.find(steps, self.finds.index(find))
                return 0
            case Question.ATOM:
                assert self.machine.native_temporal is not None
                target = None if t is None else self._packed(t)
                return int(python.atom(self.machine.native_temporal.predicates()[which], state, target))
            case Question.STEPS:
                action, binding = self.machine.instances[which]
                for step in python.steps_of(state, action, binding):
                    self._push(steps, which, action, step)
                return 0
        assert_never(question)

    def _push(self, steps: Any, instance: int, action: int, step: Any) -> None:
        name = self.model.actions[action].name
        if step.target is None:
            self.search.erred(steps, instance)
            find = Find("failure", step.failure.property)
            if find in self.finds:
                self.search.find(steps, self.finds.index(find))
            return
        self.search.push(steps, self._bits(step.target), instance)  # the compiled action counts what was pushed for it
        if not step.wrote and Find("silent", name) in self.finds:
            self.search.find(steps, self.finds.index(Find("silent", name)))

    def _bits(self, state: Packed) -> int:
        return self.machine.layout.encode(self.machine.stepper.packing.unpack(state))

    def _packed(self, bits: int) -> Packed:
        return self.machine.stepper.packing.pack(self.machine.layout.decode(bits))  # type: ignore[no-any-return]

    # ---------------------------------------------------------------- what came out

    def _exploration(self) -> Exploration:
        moment = self.search.moment()
        sizes = self._sizes()
        expanded = moment.expanded
        graph = self._graph()
        space: NativeSpace | NumberedSpace
        pack = self.machine.stepper.packing.pack
        if not isinstance(graph, NativeGraph):
            space = NativeSpace(self.search, self.machine.layout, pack, sizes, self.stopped is None, expanded)
        else:
            space = NumberedSpace(graph, self.machine.layout, pack, self.stopped is None)
        witnesses: dict[tuple[str, tuple[Any, ...]], Violation] = {}
        coverage = self._coverage()
        for number, find in enumerate(self.finds):
            found = self.search.found(number)
            if found is not None:
                self._note(find, *found, space, witnesses, coverage)
        witnesses = self._with_images(witnesses)
        seconds = time.monotonic() - self.started
        generated = moment.generated
        whole: Any = space  # a StateSpace by what it offers
        return Exploration(
            whole, self.violations, witnesses, generated, moment.dropped, coverage, self.stopped, self.interrupted, seconds, resident_bytes(), graph
        )  # fmt: skip

    def _graph(self) -> NativeGraph | BaseException | None:
        """Return the steps of the search, where a temporal property needs them, or why they cannot be had, which is raised when lassos are looked for."""
        temporal = self.machine.native_temporal
        if temporal is None or self.interrupted:
            return None
        try:
            tables = temporal.tables(self.machine.instances, self.machine.emitted.asking)
            return NativeGraph(self.search, tables, self._memory(), no_room=self._no_room)
        except KeyboardInterrupt:
            self.stopped, self.interrupted = "interrupted", True
            return None
        except BaseException as raised:  # Unfinished, or what CPython raised when it was asked
            return raised

    def _with_images(self, witnesses: Mapping[tuple[str, tuple[Any, ...]], Violation]) -> dict[tuple[str, tuple[Any, ...]], Violation]:
        """Return the witnesses, under symmetry those of renamed bindings, too: the least one for all bindings that are renamed to each other."""
        stepper = self.machine.stepper
        if stepper.canonical is None:
            return dict(witnesses)
        rules = {prop.name: prop.rule for prop in self.model.properties}
        least: dict[tuple[str, tuple[Any, ...]], Violation] = {}
        keys: dict[tuple[str, tuple[Any, ...]], Any] = {}
        for (name, binding), witness in witnesses.items():
            key = (witness.level, stepper.packing.key(witness.state))
            for image in stepper.canonical.images(rules[name], binding):
                if (name, image) not in keys or key < keys[name, image]:
                    least[name, image], keys[name, image] = witness, key
        return least

    def _sizes(self) -> list[int]:
        sizes: list[int] = []
        while size := self.search.level_size(len(sizes) + 1):
            sizes.append(size)
        return sizes

    def _coverage(self) -> Coverage:
        actions, variables = len(self.model.actions), len(self.model.variables)
        taken, moved, changed = self.search.counts(actions, variables)
        names = {v.name for i, v in enumerate(self.model.variables) if changed >> i & 1}
        return Coverage(taken, None, [int(one) for one in moved], [None] * actions, names)

    def _note(
        self, find: Find, bits: int, level: int, space: NativeSpace | NumberedSpace, witnesses: dict[tuple[str, tuple[Any, ...]], Violation], coverage: Coverage
    ) -> None:
        """Note a find as what it is for the rest of the tool, with what CPython says of it."""
        state = self._packed(bits)
        seen = self.machine.python.seen(find, state)
        number = space.mention(bits, level) if seen.kept else -1
        parent = -1
        if not seen.kept and level > 1:
            before = self.search.before(level - 1, bits)
            assert before is not None, "a dropped state was reached that no step leads to"
            parent = space.mention(before, level - 1)
        violation = Violation(find.name, level, state, number, parent, seen.step, seen.binding, seen.reason)
        match find.kind:
            case "witness":
                witnesses[find.name, find.binding] = violation
            case "silent":
                action = next(n for n, rule in enumerate(self.model.actions) if rule.name == find.name)
                coverage.without_write[action] = seen.step.label
            case "failure" | "error":
                coverage.erred = True
                if self.model.checked(find.name) or find.kind == "error":
                    self.violations.setdefault(find.name, violation)
            case "false" | "false step" | "deadlock":
                self.violations.setdefault(find.name, violation)
