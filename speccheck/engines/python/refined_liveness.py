"""The liveness half of a refinement: each fairness assumption and each formula of the abstract spec, as a property of the mapped behavior (semantics 8).

The mapped behavior is destuttered again: a step between two states that map to the same abstract state moves no automaton, and an infinite run of such steps is
a tail of the mapped behavior.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from speccheck.domains.evaluation import entered
from speccheck.engines.python.fair_scc import Acceptance
from speccheck.engines.python.lasso import Ground, Hunt, Lasso, find_lasso
from speccheck.engines.python.liveness import Behaviors
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.temporal import Refuted, TemporalSearch
from speccheck.space.space import Packed, StateSpace
from speccheck.temporal.automaton import Automaton, automaton_of
from speccheck.temporal.ltl import FALSE, TRUE, Literal, Ltl, disjunction, negation, normal_form, release, until


@dataclass(frozen=True)
class Demand:
    """Something that the abstract spec demands of every mapped behavior, in words, and what violates it."""

    words: str
    violation: Automaton


@dataclass(frozen=True)
class Mapped:
    """The mapped behaviors: for each concrete state the number of its abstract state, and the letters of those and of the steps between them."""

    number_of: list[int]
    letter: Callable[[int], int]
    step_letter: Callable[[int, int], int]


def refuted_refinement(refinement: Refinement, space: StateSpace, behaviors: Behaviors) -> Refuted | None:
    """Return what the abstract spec demands and some mapped behavior violates, with its lasso; None if there is nothing. Call after the steps were found to
    refine.
    """
    temporal = TemporalSearch(refinement.abstract)
    demands = _demands(temporal)
    if not demands:
        return None
    mapped = _mapped(refinement, temporal, space, behaviors.graph)
    for demand in demands:
        lasso = _violating(demand.violation, mapped, behaviors)
        if lasso is not None:
            reason = f"the mapped behavior violates {demand.words} of {refinement.model.spec.__name__}"
            return Refuted(refinement.property.name, (), lasso, reason=reason)
    return None


def _demands(temporal: TemporalSearch) -> list[Demand]:
    vocabulary = temporal.vocabulary
    found: list[Demand] = []
    for one in vocabulary.assumptions:
        enabled, occurs = (Literal(vocabulary.set_atom(kind, one.instances), True) for kind in ("enabled", "occurs"))
        never_again: Ltl = until(TRUE, release(FALSE, negation(enabled)))
        again_and_again: Ltl = release(FALSE, until(TRUE, occurs))
        fair = release(FALSE, until(TRUE, disjunction(negation(enabled), occurs))) if one.strength == "weak" else disjunction(never_again, again_and_again)
        found.append(Demand(f"the {one.strength} fairness of {one.name}", automaton_of(negation(fair))))
    for claim in temporal.claims:
        formula = normal_form(claim.formula, vocabulary.number)
        found.append(Demand(f"'{claim.property.name}'", automaton_of(negation(formula))))
    return found


def _mapped(refinement: Refinement, temporal: TemporalSearch, space: StateSpace, graph: StepGraph) -> Mapped:
    """Map every expanded state, and evaluate the abstract atoms in every abstract state that comes out."""
    live = refinement.concrete.source
    numbers: dict[Packed, int] = {}
    number_of = []
    with entered(refinement.concrete.evaluation):
        for number in range(graph.expanded):
            live.load(space.states[number])
            number_of.append(numbers.setdefault(refinement.mapped(live), len(numbers)))
    abstract = StepGraph(temporal.vocabulary.signals_of())
    for state in numbers:
        abstract.record(state, refinement.steps(state), numbers)
    abstract_space = StateSpace(list(numbers), [], (0,), False, len(numbers))
    with entered(refinement.abstract.evaluation):
        letters, of_steps, raised = temporal.letters(abstract_space, abstract)
        step_letter = temporal.step_letters(abstract_space, of_steps, raised)

    def letter_of_step(source: int, target: int) -> int:
        with entered(refinement.abstract.evaluation):
            signals = 0 if source == target else dict(abstract.steps(source)).get(target, 0)
            return step_letter(source, target, signals)

    return Mapped(number_of, letters.__getitem__, letter_of_step)


def _violating(automaton: Automaton, mapped: Mapped, b: Behaviors) -> Lasso | None:
    graph, width = b.graph, len(automaton.moves)
    changed = 1 << b.free_bit
    shift = b.free_bit + 1

    def still(node: int) -> Iterator[tuple[int, int]]:
        """The steps that the mapping does not see."""
        state, q = divmod(node, width)
        for target, signals in graph.steps(state):
            if target < graph.expanded and mapped.number_of[state] == mapped.number_of[target]:
                yield target * width + q, b.marks(state, signals)

    def steps(node: int) -> Iterator[tuple[int, int]]:
        yield from still(node)
        state, q = divmod(node, width)
        here = mapped.number_of[state]
        for target, signals in graph.steps(state):
            if target >= graph.expanded or mapped.number_of[target] == here:
                continue
            read = mapped.letter(here) | mapped.step_letter(here, mapped.number_of[target])
            for move in automaton.moves[q]:
                if move.reads(read):
                    yield target * width + move.target, b.marks(state, signals) | changed | move.marks << shift

    def ends(node: int) -> bool:
        """Whether the mapped behavior may stay in this abstract state for ever."""
        state, q = divmod(node, width)
        here = mapped.number_of[state]
        return automaton.accepts_for_ever(q, mapped.letter(here) | mapped.step_letter(here, here))

    def strongly(node: int) -> int:
        return b.strongly_enabled(node // width)

    moving = Ground(lambda node: True, steps, Acceptance(b.fairness.weak | changed | automaton.all_marks << shift, b.owed_by_strong, strongly))
    staying = Ground(ends, still, Acceptance(b.fairness.weak, b.owed_by_strong, strongly))
    initial = [s * width for s in b.initial if s < graph.expanded]
    hunt = Hunt(initial, lambda node: [t for t, _ in steps(node)], (moving, staying), lambda n: b.quiet(n // width) and ends(n), lambda n: n // width)
    return find_lasso(hunt)
