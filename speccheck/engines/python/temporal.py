"""The temporal properties of a model on the Python engine: formulas built on the live state, atoms evaluated in every state, a lasso for what does not hold."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from speccheck.domains.evaluation import Building, entered
from speccheck.domains.parts import shown
from speccheck.dsl.formulas import ActionAtom, Atom, Formula
from speccheck.dsl.rules import mark_of
from speccheck.engines.machine import Misused, Refuted
from speccheck.engines.python.evaluation import NeedsStep
from speccheck.engines.python.live import Live
from speccheck.engines.python.liveness import Behaviors, violating_lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import RuleRaised, Stepper, described, misuse_of
from speccheck.engines.watchdog import Watchdog
from speccheck.errors import FormulaMisuse, Misuse, SpeccheckError, UnknownRule, UnsetVariable
from speccheck.model.model import Property, Rule
from speccheck.model.places import place_of
from speccheck.source import Span
from speccheck.space.space import Packed, StateSpace
from speccheck.temporal.claims import Claim, claim_of, holds_for, over_steps
from speccheck.temporal.ltl import Ltl
from speccheck.temporal.vocabulary import Vocabulary, atoms_of


class TemporalSearch:
    """The claims of a model's temporal properties, and the search for what violates them."""

    def __init__(self, stepper: Stepper) -> None:
        self.stepper = stepper
        self.model = stepper.model
        self.live = Live(self.model.spec, stepper.packing)  # what closures are bound to; those of the stepper are replaced when a search is cut
        self.vocabulary = Vocabulary(self.model)
        properties = [p for p in self.model.properties if p.kind == "temporal" and self.model.checked(p.name)]
        self.seen: Behaviors | None = None  # what the claims were judged on
        self.step_atoms: frozenset[int] = frozenset()  # the predicates that must be evaluated for each step, once that is known
        self.watchdog: Watchdog | None = None  # awake while predicates run; the search for lassos may take as long as it needs
        self.claims: tuple[Claim, ...] = tuple(claim for prop in properties for claim in self._claims_of(prop))

    # ---------------------------------------------------------------- formulas

    def _claims_of(self, prop: Property) -> Iterator[Claim]:
        if prop.formula is not None:
            yield self._claim(prop, (), prop.formula)
            return
        assert prop.rule is not None
        for binding in prop.rule.bindings():
            yield self._claim(prop, binding, self._built(prop.rule, binding))

    def _claim(self, prop: Property, binding: tuple[Any, ...], formula: Formula) -> Claim:
        try:
            for number in atoms_of(formula, self.vocabulary):
                atom = self.vocabulary.atoms[number]
                if isinstance(atom, Atom):
                    self._check_predicate(atom.predicate)
            return claim_of(prop, binding, formula, self.vocabulary)
        except SpeccheckError as error:
            error.span = error.span or prop.span
            raise

    def _check_predicate(self, predicate: Any) -> None:
        """Raise an error for a predicate that the spec drops (semantics 4.5), and for one that takes more than the state."""
        name, spec = getattr(predicate, "__name__", "a predicate"), self.model.spec
        if self._is_member(predicate) and name in spec._part_options.without:
            raise UnknownRule(f"the formula names '{name}', which {spec.__name__} drops (without=)", remedy=f"Drop the property, too, or keep '{name}'.")
        if _takes(predicate) > (0 if inspect.ismethod(predicate) else 1):
            raise FormulaMisuse(f"an operator was given '{name}', which takes more than the state", remedy=f"Write lambda: self.{name}(...).")

    def _is_member(self, predicate: Any) -> bool:
        name = getattr(predicate, "__name__", "")
        if inspect.ismethod(predicate):
            return predicate.__self__ is self.live.state
        return any(vars(base).get(name) is predicate for base in self.model.spec.__mro__)

    def _built(self, rule: Rule, binding: tuple[Any, ...]) -> Formula:
        self.live.unload()
        try:
            with entered(Building()):
                formula = rule.function(self.live.state, *binding)
        except (Exception, Misuse) as raised:
            error = misuse_of(raised, rule.name)
            if isinstance(error, UnsetVariable):
                error = FormulaMisuse(f"'{rule.name}' reads a variable while the formula is built", span=error.span)
            elif error is None:
                remedy = "Move what depends on the state into a closure; what else raises is a mistake."
                error = FormulaMisuse(
                    f"'{rule.name}' raised while its formula was built: {described(raised)}", span=place_of(raised) or rule.span, remedy=remedy
                )
            raise Misused(error, None, None, rule.name) from raised
        if not isinstance(formula, Formula):
            error = FormulaMisuse(
                f"'{rule.name}' returned {shown(formula)}, which is no formula", span=rule.span, remedy="Return always(...), leads_to(...) or another formula."
            )
            raise Misused(error, None, None, rule.name)
        return formula

    # ---------------------------------------------------------------- atoms

    def _predicates(self) -> list[tuple[int, Rule]]:
        """Return the atoms that are predicates, as rules of the state."""
        return [(n, self._rule_of(atom)) for n, atom in enumerate(self.vocabulary.atoms) if isinstance(atom, Atom)]

    def _rule_of(self, atom: Atom) -> Rule:
        predicate = atom.predicate
        name = getattr(predicate, "__name__", "predicate")
        code = getattr(inspect.unwrap(getattr(predicate, "__func__", predicate)), "__code__", None)
        span = Span(code.co_filename, code.co_firstlineno) if code else Span(self.model.file, self.model.line)
        call: Callable[..., Any]
        if _takes(predicate) == 0:
            call = lambda state: predicate()  # noqa: E731
        else:  # a method that a formula in the class body names is taken by name from the class that is checked (semantics 4.5)
            own = getattr(self.model.spec, name) if self._is_member(predicate) else predicate
            mark = mark_of(own)
            call = mark.function if mark is not None else own
        return Rule(name, call, (), span)

    def letters(self, space: StateSpace, graph: StepGraph) -> "tuple[list[int], list[tuple[int, Rule]], dict[int, tuple[int, str]]]":
        """Return the bit set of atoms for each expanded state, the predicates that need a step, and where and how atoms raised first."""
        stepper, evaluation = self.stepper, self.stepper.evaluation
        predicates = self._predicates()
        of_steps: list[tuple[int, Rule]] = []
        raised: dict[int, tuple[int, str]] = {}
        enabled_atoms = [(n, s) for n, s in self.vocabulary.atom_signals.items() if self._action_atom(n).kind == "enabled"]
        letters = []
        evaluation.step_target = None
        self._watch(True)
        for number in range(graph.expanded):
            self._load(space.states[number])
            letter = 0
            for n, rule in predicates:
                evaluation.mode = "formula"
                try:
                    letter |= stepper.holds(self.live, rule, ()) << n
                except NeedsStep:
                    of_steps.append((n, rule))
                    predicates = [one for one in predicates if one[0] != n]
                except RuleRaised as error:
                    raised.setdefault(n, (number, str(error)))
            for n, signal in enabled_atoms:
                letter |= (graph.enabled[number] >> signal & 1) << n
            letters.append(letter)
        self._watch(False)
        return letters, of_steps, raised

    def atom(self, number: int, state: Packed, target: Packed | None = None) -> int:
        """Return whether a predicate holds in a state, or at the step to a target, which is the state itself if nothing happens any more: 0 or 1, 2 if it
        raises, 3 if it needs a step. Call inside an evaluation.
        """
        atom, evaluation = self.vocabulary.atoms[number], self.stepper.evaluation
        assert isinstance(atom, Atom)
        self._load(state)
        evaluation.mode, evaluation.step_target = "formula", () if target == state else target
        try:
            return int(self.stepper.holds(self.live, self._rule_of(atom), ()))
        except RuleRaised:
            return 2
        except NeedsStep:
            return 3
        finally:
            evaluation.step_target = None

    def _load(self, state: Packed) -> None:
        lives = self.stepper.evaluation.lives
        if self.live not in lives:
            lives.append(self.live)
        self.live.load(state)

    def _watch(self, awake: bool) -> None:
        if self.watchdog is not None:
            self.watchdog.active = awake

    def _action_atom(self, number: int) -> ActionAtom:
        atom = self.vocabulary.atoms[number]
        assert isinstance(atom, ActionAtom)
        return atom

    def step_letters(self, space: StateSpace, of_steps: list[tuple[int, Rule]], raised: dict[int, tuple[int, str]]) -> Callable[[int, int, int], int]:
        """Return the function that gives the atoms of a step; a step from a state to itself stands for stuttering."""
        occurring = [(n, s) for n, s in self.vocabulary.atom_signals.items() if self._action_atom(n).kind == "occurs"]
        stepper, evaluation = self.stepper, self.stepper.evaluation
        known: dict[tuple[int, int], int] = {}

        def letter(source: int, target: int, signals: int) -> int:
            found = sum((signals >> s & 1) << n for n, s in occurring)
            if of_steps:
                if (source, target) not in known:
                    known[source, target] = evaluated(source, target)
                found |= known[source, target]
            return found

        def evaluated(source: int, target: int) -> int:
            self._load(space.states[source])
            found = 0
            self._watch(True)
            for n, rule in of_steps:
                evaluation.mode, evaluation.step_target = "formula", space.states[target] if target != source else ()
                try:
                    found |= stepper.holds(self.live, rule, ()) << n
                except RuleRaised as error:
                    raised.setdefault(n, (source, str(error)))
            evaluation.step_target = None
            self._watch(False)
            return found

        return letter

    def somewhere(self, condition: Ltl) -> bool:
        """Return whether a condition of states holds in some state that was seen."""
        seen = self.seen
        assert seen is not None
        return any(holds_for(condition, seen.letter(state)) for state in range(seen.graph.expanded))

    def raised_in(self, state: Packed, atoms: Iterable[int], targets: Iterable[Packed] = ()) -> str:
        """Return the least words with which one of these atoms, which are known to raise in the state, does so: without a step, at the first step where it
        does, to one of the `targets` in order, or where nothing happens any more.
        """
        evaluation = self.stepper.evaluation
        positions: list[Packed | None] = [None, *targets, ()]

        def words_at(n: int, position: Packed | None) -> str | None:
            evaluation.mode, evaluation.step_target = "formula", position
            try:
                self.stepper.holds(self.live, self._rule_of(self.vocabulary.atoms[n]), ())  # type: ignore[arg-type]
            except RuleRaised as error:
                return str(error)
            except NeedsStep:
                pass
            return None

        with entered(evaluation):
            self._load(state)
            found = [next(words for position in positions if (words := words_at(n, position)) is not None) for n in atoms]
            evaluation.step_target = None
        return min(found)

    # ---------------------------------------------------------------- search

    def refuted(self, space: StateSpace, graph: StepGraph, rule_seconds: float = 10.0) -> dict[str, Refuted]:
        """Return what is violated, by property; a predicate may take `rule_seconds`. Raises Misused."""
        if not self.claims:
            return {}
        with entered(self.stepper.evaluation), Watchdog(self.stepper.evaluation, rule_seconds) as self.watchdog:
            letters, of_steps, raised = self.letters(space, graph)
            self.step_atoms = frozenset(n for n, _ in of_steps)
            self.claims = tuple(over_steps(claim, self.vocabulary) if self.speaks_of_steps(claim.formula) else claim for claim in self.claims)
            step_letter = self.step_letters(space, of_steps, raised)
            behaviors = self.seen = self.behaviors(space, graph, letters.__getitem__, step_letter)
            if of_steps:
                _ask_everywhere(behaviors)
            found: dict[str, Refuted] = {}
            for claim in self.claims:
                name = claim.property.name
                if name not in found and (one := self._refuted(claim, behaviors, raised)) is not None:
                    found[name] = one
            return found

    def _refuted(self, claim: Claim, behaviors: Behaviors, raised: dict[int, tuple[int, str]]) -> Refuted | None:
        own = [raised[n] for n in atoms_of(claim.formula, self.vocabulary) if n in raised]
        if own:
            number, reason = min(own)
            return Refuted(claim.property.name, claim.binding, None, number, reason)
        lasso = violating_lasso(claim.counterexample, behaviors)
        return None if lasso is None else Refuted(claim.property.name, claim.binding, lasso)

    def speaks_of_steps(self, formula: Formula) -> bool:
        """Return whether some closure of a formula asks what occurs; known once the predicates have run."""
        return not self.step_atoms.isdisjoint(atoms_of(formula, self.vocabulary))

    def matters(self, name: str, held: tuple[Claim, ...]) -> bool:
        """Return whether one of the claims that hold is violated without the fairness assumption of this name."""
        assert self.seen is not None
        without = replace(self.seen, fairness=self.vocabulary.fairness(without=name))
        with entered(self.stepper.evaluation):
            return any(violating_lasso(claim.counterexample, without) is not None for claim in held)

    def behaviors(self, space: StateSpace, graph: StepGraph, letter: Callable[[int], int], step_letter: Callable[[int, int, int], int]) -> Behaviors:
        """Return what a counterexample is searched in."""
        initial = range(space.levels[1] if len(space.levels) > 1 else len(space))
        return Behaviors(graph, initial, self.vocabulary.fairness(), self.vocabulary.signal_count, letter, step_letter)


def _ask_everywhere(behaviors: Behaviors) -> None:
    """Evaluate the atoms of every step, and of stuttering where a behavior may: where one raises must not depend on what a search for lassos looks at."""
    graph = behaviors.graph
    for state in range(graph.expanded):
        for target, signals in sorted(graph.steps(state)):
            behaviors.step_letter(state, target, signals)
        if behaviors.quiet(state):
            behaviors.step_letter(state, state, 0)


def _takes(predicate: Any) -> int:
    """Return how many arguments a predicate must be given; `lambda p=p: ...`, which binds a loop's variable, needs none."""
    try:
        parameters = inspect.signature(predicate).parameters.values()
    except ValueError:  # some builtins do not say
        return 1
    return sum(p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters)
