"""The liveness half of a refinement: each fairness assumption and each formula of the abstract spec, as a property of the mapped behavior (semantics 8).

The mapped behavior is destuttered again: a step between two states that map to the same abstract state moves no automaton, and an infinite run of such steps is
a tail of the mapped behavior.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import Value, text
from speccheck.domains.ordering import natural_neutral
from speccheck.engines.machine import Lasso, Refuted
from speccheck.engines.python.fair_scc import Acceptance
from speccheck.engines.python.lasso import Ground, Hunt, find_lasso
from speccheck.engines.python.liveness import Behaviors
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.temporal import TemporalSearch
from speccheck.engines.watchdog import Watchdog
from speccheck.space.space import Packed, StateSpace
from speccheck.temporal.automaton import Automaton, automaton_of
from speccheck.temporal.ltl import FALSE, TRUE, Literal, Ltl, disjunction, negation, normal_form, release, until
from speccheck.temporal.vocabulary import atoms_of


@dataclass(frozen=True)
class Demand:
    """Something that the abstract spec demands of every mapped behavior, in words; what violates it, and the numbers of its atoms."""

    words: str
    violation: Automaton
    atoms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Images:
    """What the expanded states map to: for each the number of its abstract state, for each of these its values and the first state that maps to it.

    `pairs` are the pairs of abstract states that a step leads from and to, and of one with itself where a behavior may stutter, in the order in which they are
    met; `violating` looks for the least lasso whose mapped behavior an automaton accepts.
    """

    number_of: Sequence[int]
    states: list[Packed]
    origins: Sequence[int]
    pairs: Callable[[], Iterable[tuple[int, int]]]
    violating: "Callable[[Automaton, Mapped], Lasso | None]"


@dataclass(frozen=True)
class Mapped:
    """The mapped behaviors: the images of the states, and the letters of those and of the steps between them.

    `raised` says for each atom that raised in which abstract state it did first, and what.
    """

    images: Images
    letter: Callable[[int], int]
    step_letter: Callable[[int, int], int]
    raised: dict[int, tuple[int, str]]


def refuted_refinement(refinement: Refinement, space: StateSpace, images: Callable[[], Images], rule_seconds: float = 10.0) -> Refuted | None:
    """Return what the abstract spec demands and some mapped behavior violates, with its lasso; None if there is nothing. Call after the steps were found to
    refine. A rule or predicate of the abstract spec may take `rule_seconds`.
    """
    temporal = TemporalSearch(refinement.abstract)
    demands = demands_of(temporal)
    if not demands:
        return None
    with Watchdog(refinement.abstract.evaluation, rule_seconds) as temporal.watchdog:
        mapped = _mapped(refinement, temporal, space, images())
        for demand in demands:
            refuted = _raised(demand, mapped, refinement) or _violated(demand, mapped, refinement)
            if refuted is not None:
                return refuted
    return None


def _raised(demand: Demand, mapped: Mapped, refinement: Refinement) -> Refuted | None:
    found = min((mapped.raised[atom] for atom in demand.atoms if atom in mapped.raised), default=None)
    if found is None:
        return None
    number, reason = found
    words = f"{demand.words} of {refinement.model.spec.__name__} raised in {refinement.shown(mapped.images.states[number])}: {reason}"
    return Refuted(refinement.property.name, (), None, mapped.images.origins[number], words)


def _violated(demand: Demand, mapped: Mapped, refinement: Refinement) -> Refuted | None:
    images = mapped.images
    lasso = images.violating(demand.violation, mapped)
    if lasso is None:
        return None
    around = {images.number_of[state] for state in (lasso.prefix[-1], *lasso.loop)}
    rest = f": it stays in {refinement.shown(images.states[around.pop()])} for ever" if len(around) == 1 else ""
    return Refuted(refinement.property.name, (), lasso, reason=f"the mapped behavior violates {demand.words} of {refinement.model.spec.__name__}{rest}")


def demands_of(temporal: TemporalSearch) -> list[Demand]:
    """Return what an abstract spec demands of behaviors, in the order in which it is reported."""
    vocabulary = temporal.vocabulary
    found: list[Demand] = []
    for one in vocabulary.assumptions:
        enabled, occurs = (Literal(vocabulary.set_atom(kind, one.instances), True) for kind in ("enabled", "occurs"))
        never_again: Ltl = until(TRUE, release(FALSE, negation(enabled)))
        again_and_again: Ltl = release(FALSE, until(TRUE, occurs))
        fair = release(FALSE, until(TRUE, disjunction(negation(enabled), occurs))) if one.strength == "weak" else disjunction(never_again, again_and_again)
        binding = [(name, natural_neutral(value)) for name, value in one.binding]
        found.append(Demand(f"the {one.strength} fairness of {_called(one.name, binding)}", automaton_of(negation(fair))))
    for claim in temporal.claims:
        formula = normal_form(claim.formula, vocabulary.number)
        parameters = claim.property.rule.parameters if claim.property.rule is not None else ()
        binding = [(parameter.name, parameter.domain.neutral(value)) for parameter, value in zip(parameters, claim.binding)]
        found.append(Demand(f"'{_called(claim.property.name, binding)}'", automaton_of(negation(formula)), tuple(atoms_of(claim.formula, vocabulary))))
    return found


def _called(name: str, binding: list[tuple[str, Value]]) -> str:
    return f"{name}({', '.join(f'{parameter}={text(value)}' for parameter, value in binding)})" if binding else name


def explored_images(refinement: Refinement, space: StateSpace, behaviors: Behaviors) -> Images:
    """Map every expanded state."""
    live, graph = refinement.concrete.source, behaviors.graph
    numbers: dict[Packed, int] = {}
    number_of: list[int] = []
    origins: list[int] = []
    with entered(refinement.concrete.evaluation):
        for number in range(graph.expanded):
            live.load(space.states[number])
            number_of.append(numbers.setdefault(refinement.mapped(live), len(numbers)))
            if len(numbers) > len(origins):
                origins.append(number)

    def pairs() -> Iterator[tuple[int, int]]:
        for source in range(graph.expanded):
            for target in (*([source] if behaviors.quiet(source) else []), *(t for t, _ in graph.steps(source) if t < graph.expanded)):
                yield number_of[source], number_of[target]

    return Images(number_of, list(numbers), origins, pairs, lambda automaton, mapped: _violating(automaton, mapped, behaviors))


def _mapped(refinement: Refinement, temporal: TemporalSearch, space: StateSpace, images: Images) -> Mapped:
    """Evaluate the abstract atoms in every abstract state."""
    states = images.states
    numbers = {state: number for number, state in enumerate(states)}

    def origin(state: Packed) -> Packed:
        return space.states[images.origins[numbers[state]]]

    abstract = StepGraph(temporal.vocabulary.signals_of())
    for state in states:
        abstract.record(state, refinement.steps(state, origin), numbers)
    abstract_space = StateSpace(states, [], (0,), False, len(numbers))
    with refinement.abstractly(origin):
        letters, of_steps, raised = temporal.letters(abstract_space, abstract)
    step_letter = temporal.step_letters(abstract_space, of_steps, raised)
    known: dict[tuple[int, int], int] = {}

    def letter_of_step(source: int, target: int) -> int:
        if (source, target) not in known:
            with refinement.abstractly(origin):
                signals = 0 if source == target else dict(abstract.steps(source)).get(target, 0)
                known[source, target] = step_letter(source, target, signals)
        return known[source, target]

    if of_steps:  # whether one of them raises must not depend on which steps a search comes to look at
        for pair in images.pairs():
            letter_of_step(*pair)
    return Mapped(images, letters.__getitem__, letter_of_step, dict(raised))


def _violating(automaton: Automaton, mapped: Mapped, b: Behaviors) -> Lasso | None:
    graph, width, number_of = b.graph, len(automaton.moves), mapped.images.number_of
    changed = 1 << b.free_bit
    shift = b.free_bit + 1

    def still(node: int) -> Iterator[tuple[int, int]]:
        """The steps that the mapping does not see."""
        state, q = divmod(node, width)
        for target, signals in graph.steps(state):
            if target < graph.expanded and number_of[state] == number_of[target]:
                yield target * width + q, b.marks(state, signals)

    def moves(node: int) -> Iterator[tuple[int, int]]:
        yield from still(node)
        state, q = divmod(node, width)
        here = number_of[state]
        for target, signals in graph.steps(state):
            if target >= graph.expanded or number_of[target] == here:
                continue
            read = mapped.letter(here) | mapped.step_letter(here, number_of[target])
            for move in automaton.moves[q]:
                if move.reads(read):
                    yield target * width + move.target, b.marks(state, signals) | changed | move.marks << shift

    known: dict[int, list[tuple[int, int]]] = {}

    def steps(node: int) -> list[tuple[int, int]]:
        if node not in known:
            known[node] = list(moves(node))
        return known[node]

    at_rest: dict[tuple[int, int], bool] = {}

    def ends(node: int) -> bool:
        """Whether the mapped behavior may stay in this abstract state for ever."""
        state, q = divmod(node, width)
        here = number_of[state]
        if (here, q) not in at_rest:
            at_rest[here, q] = automaton.accepts_for_ever(q, mapped.letter(here) | mapped.step_letter(here, here))
        return at_rest[here, q]

    def strongly(node: int) -> int:
        return b.strongly_enabled(node // width)

    moving = Ground(lambda node: True, steps, Acceptance(b.fairness.weak | changed | automaton.all_marks << shift, b.owed_by_strong, strongly))
    staying = Ground(ends, still, Acceptance(b.fairness.weak, b.owed_by_strong, strongly))
    initial = [s * width for s in b.initial if s < graph.expanded]
    hunt = Hunt(initial, lambda node: [t for t, _ in steps(node)], (moving, staying), lambda n: b.quiet(n // width) and ends(n), lambda n: n // width)
    return find_lasso(hunt)
