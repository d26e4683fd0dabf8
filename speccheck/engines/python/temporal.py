"""The temporal properties of a model on the Python engine: formulas built on the live state, atoms evaluated in every state, a lasso for what does not hold."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from speccheck.domains.evaluation import Building, entered
from speccheck.dsl.formulas import ActionAtom, Atom, Formula
from speccheck.dsl.rules import mark_of
from speccheck.engines.python.evaluation import NeedsStep
from speccheck.engines.python.lasso import Lasso
from speccheck.engines.python.liveness import Behaviors, FairMasks, violating_lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import Misused, RuleRaised, Stepper, misuse_of
from speccheck.engines.python.watchdog import Watchdog
from speccheck.errors import FormulaMisuse, Misuse, SpeccheckError, UnsetVariable
from speccheck.model.model import Property, Rule
from speccheck.source import Span
from speccheck.space.space import StateSpace
from speccheck.temporal.claims import Claim, claim_of
from speccheck.temporal.vocabulary import Vocabulary


@dataclass(frozen=True)
class Refuted:
    """A temporal property that does not hold: the least binding, with its lasso, or with the number of the state in which an atom
    raised, and what it raised.
    """

    property: str
    binding: tuple[Any, ...]
    lasso: Lasso | None
    raised_at: int = -1
    reason: str | None = None


class TemporalSearch:
    """The claims of a model's temporal properties, and the search for what violates them."""

    def __init__(self, stepper: Stepper) -> None:
        self.stepper = stepper
        self.model = stepper.model
        self.vocabulary = Vocabulary(self.model)
        properties = [p for p in self.model.properties if p.kind == "temporal" and self.model.checked(p.name)]
        self.seen: Behaviors | None = None  # what the claims were judged on
        self.watchdog: Watchdog | None = None  # awake while predicates run; the search for lassos may take as long as it needs
        self.claims: tuple[Claim, ...] = tuple(claim for prop in properties for claim in self._claims_of(prop))

    # ---------------------------------------------------------------- formulas

    def _claims_of(self, prop: Property) -> Iterator[Claim]:
        if prop.formula is not None:
            yield claim_of(prop, (), prop.formula, self.vocabulary)
            return
        assert prop.rule is not None
        for binding in prop.rule.bindings():
            yield claim_of(prop, binding, self._built(prop.rule, binding), self.vocabulary)

    def _built(self, rule: Rule, binding: tuple[Any, ...]) -> Formula:
        live = self.stepper.source
        live.unload()
        try:
            with entered(Building()):
                formula = rule.function(live.state, *binding)
        except (Exception, Misuse) as raised:
            error = misuse_of(raised, rule.name) or SpeccheckError(str(raised))
            if isinstance(error, UnsetVariable):
                error = FormulaMisuse(f"'{rule.name}' reads a variable while the formula is built", span=error.span)
            elif not isinstance(raised, SpeccheckError | Misuse):
                raise
            raise Misused(error, None, None, rule.name) from raised
        if not isinstance(formula, Formula):
            error = FormulaMisuse(
                f"'{rule.name}' returned {formula!r}, which is no formula", span=rule.span, remedy="Return always(...), leads_to(...) or another formula."
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
        if inspect.ismethod(predicate):
            call = lambda state: predicate()  # noqa: E731
        elif code is not None and code.co_argcount == len(getattr(predicate, "__defaults__", None) or ()):  # `lambda p=p: ...` binds a loop's variable
            call = lambda state: predicate()  # noqa: E731
        else:  # a method that a formula in the class body names: taken by name from the class that is checked (semantics 4.5)
            own = getattr(self.model.spec, name, predicate) if name != "<lambda>" else predicate
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
            stepper.source.load(space.states[number])
            letter = 0
            for n, rule in predicates:
                evaluation.mode = "formula"
                try:
                    letter |= stepper.holds(stepper.source, rule, ()) << n
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
            stepper.source.load(space.states[source])
            found = 0
            self._watch(True)
            for n, rule in of_steps:
                evaluation.mode, evaluation.step_target = "formula", space.states[target] if target != source else ()
                try:
                    found |= stepper.holds(stepper.source, rule, ()) << n
                except RuleRaised as error:
                    raised.setdefault(n, (source, str(error)))
            evaluation.step_target = None
            self._watch(False)
            return found

        return letter

    # ---------------------------------------------------------------- search

    def refuted(self, space: StateSpace, graph: StepGraph, rule_seconds: float = 10.0) -> dict[str, Refuted]:
        """Return what is violated, by property; a predicate may take `rule_seconds`. Raises Misused."""
        if not self.claims:
            return {}
        with entered(self.stepper.evaluation), Watchdog(self.stepper.evaluation, rule_seconds) as self.watchdog:
            letters, of_steps, raised = self.letters(space, graph)
            step_letter = self.step_letters(space, of_steps, raised)
            behaviors = self.seen = self.behaviors(space, graph, letters.__getitem__, step_letter)
            found: dict[str, Refuted] = {}
            for claim in self.claims:
                name = claim.property.name
                if name not in found and (one := self._refuted(claim, behaviors, raised)) is not None:
                    found[name] = one
            return found

    def _refuted(self, claim: Claim, behaviors: Behaviors, raised: dict[int, tuple[int, str]]) -> Refuted | None:
        atoms = set(atoms_of(claim.formula, self.vocabulary))
        lasso = violating_lasso(claim.counterexample, behaviors) if not atoms & raised.keys() else None
        own = [raised[n] for n in atoms & raised.keys()]  # looked at again: atoms of steps are evaluated during the search
        if own:
            number, reason = min(own)
            return Refuted(claim.property.name, claim.binding, None, number, reason)
        return None if lasso is None else Refuted(claim.property.name, claim.binding, lasso)

    def matters(self, name: str, held: tuple[Claim, ...]) -> bool:
        """Return whether one of the claims that hold is violated without the fairness assumption of this name."""
        assert self.seen is not None
        kept = [pair for pair in zip(self.vocabulary.assumptions, self.vocabulary.assumption_signals) if pair[0].name != name]
        weak = sum({1 << signal for one, signal in kept if one.strength == "weak"})
        strong = sum({1 << signal for one, signal in kept if one.strength == "strong"})
        without = replace(self.seen, fairness=FairMasks(weak, strong))
        with entered(self.stepper.evaluation):
            return any(violating_lasso(claim.counterexample, without) is not None for claim in held)

    def behaviors(self, space: StateSpace, graph: StepGraph, letter: Callable[[int], int], step_letter: Callable[[int, int, int], int]) -> Behaviors:
        """Return what a counterexample is searched in."""
        masks = {"weak": 0, "strong": 0}
        for assumption, signal in zip(self.vocabulary.assumptions, self.vocabulary.assumption_signals):
            masks[assumption.strength] |= 1 << signal
        initial = range(space.levels[1] if len(space.levels) > 1 else len(space))
        return Behaviors(graph, initial, FairMasks(masks["weak"], masks["strong"]), self.vocabulary.signal_count, letter, step_letter)


def atoms_of(formula: Any, vocabulary: Vocabulary) -> Iterator[int]:
    """Yield the numbers of a formula's atoms."""
    if isinstance(formula, Atom | ActionAtom):
        yield vocabulary.number(formula)
    elif isinstance(formula, tuple):
        for one in formula:
            yield from atoms_of(one, vocabulary)
    elif isinstance(formula, Formula):
        for name in formula.__dataclass_fields__:  # type: ignore[attr-defined]
            yield from atoms_of(getattr(formula, name), vocabulary)
