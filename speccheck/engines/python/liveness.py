"""Liveness: temporal properties on the recorded steps of a search.

In: the graph of a search, the values of the atoms in its states, and a claim. Out: the least lasso that violates it. Fairness is marks on steps; nothing is
copied per assumption (semantics 6).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from speccheck.engines.machine import Lasso
from speccheck.engines.python.fair_scc import Acceptance
from speccheck.engines.python.lasso import Ground, Hunt, find_lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.temporal.assumptions import FairMasks
from speccheck.temporal.automaton import Automaton
from speccheck.temporal.claims import Shape, holds_for
from speccheck.temporal.ltl import Ltl


@dataclass(frozen=True)
class Behaviors:
    """What a counterexample is searched in.

    `initial` are the numbers of kept initial states; `letter(s)` is the bit set of the atoms that hold in state s, `step_letter(s, t, signals)` that of the
    atoms that hold of a step out of it; `signal_count` is the number of signals.
    """

    graph: StepGraph
    initial: range
    fairness: FairMasks
    signal_count: int
    letter: Callable[[int], int]
    step_letter: Callable[[int, int, int], int]

    def marks(self, source: int, signals: int) -> int:
        """Return the marks of a step: a weak assumption is content when it is taken or not enabled, a strong one (a bit of its own) when it is taken."""
        fair = self.fairness
        return (signals | ~self.graph.enabled[source]) & fair.weak | (signals & fair.strong) << self.signal_count

    def strongly_enabled(self, state: int) -> int:
        """Return the bits of the strong assumptions that are enabled in a state."""
        return (self.graph.enabled[state] & self.fairness.strong) << self.signal_count

    @property
    def owed_by_strong(self) -> int:
        """The bits of all strong assumptions."""
        return self.fairness.strong << self.signal_count

    @property
    def free_bit(self) -> int:
        """The number of the first bit of a step's marks that fairness does not use."""
        return 2 * self.signal_count

    def quiet(self, state: int) -> bool:
        """Return whether no assumption is enabled: the behavior may stutter here for ever. Unexpanded states have no enabledness."""
        return state < self.graph.expanded and not self.graph.enabled[state] & self.fairness.all


def violating_lasso(counterexample: Shape | Automaton, behaviors: Behaviors) -> Lasso | None:
    """Return the least lasso that is a counterexample, or None."""
    hunt = _shape_hunt(counterexample, behaviors) if isinstance(counterexample, Shape) else _automaton_hunt(counterexample, behaviors)
    return find_lasso(hunt)


def _shape_hunt(shape: Shape, b: Behaviors) -> Hunt:
    """Hunt in two layers: node 2 s is state s before the start, node 2 s + 1 after it, within `stay`. Going over is no step."""
    graph = b.graph

    def where(part: Ltl) -> Callable[[int], bool]:
        return _memo(lambda s: holds_for(part, b.letter(s)))

    start, stay, again = map(where, (shape.start, shape.stay, shape.again))
    content = 1 << b.free_bit

    def inside(state: int) -> list[int]:
        return [2 * t + 1 for t, _ in graph.steps(state) if t < graph.expanded and stay(t)] if state < graph.expanded else []

    def prefix_steps(node: int) -> Iterable[int]:
        state, late = divmod(node, 2)
        if late:
            return inside(state)
        return [2 * t for t, _ in graph.steps(state)] if state < graph.expanded else []

    def steps(node: int) -> Iterator[tuple[int, int]]:
        state = node // 2
        mark = content if again(state) else 0
        return ((2 * t + 1, b.marks(state, signals) | mark) for t, signals in graph.steps(state) if t < graph.expanded and stay(t))

    def late(state: int) -> bool:
        return state < graph.expanded and start(state) and stay(state)  # a state that was not expanded has no letter

    # Both layers of one state are at the same distance: an early node brings its late twin along.
    def with_twins(nodes: Iterable[int]) -> list[int]:
        return [twin for node in nodes for twin in ((node, node + 1) if not node % 2 and late(node // 2) else (node,))]

    initial = [2 * s + 1 for s in b.initial if late(s)] if shape.at_once else with_twins(2 * s for s in b.initial)
    acceptance = Acceptance(b.fairness.weak | content, b.owed_by_strong, lambda node: b.strongly_enabled(node // 2))
    return Hunt(
        initial,
        lambda node: with_twins(prefix_steps(node)),
        (Ground(lambda node: node % 2 == 1, steps, acceptance),),
        lambda node: node % 2 == 1 and b.quiet(node // 2) and again(node // 2),
        lambda node: node // 2,
    )


def _automaton_hunt(automaton: Automaton, b: Behaviors) -> Hunt:
    """Hunt in the product: node s * |Q| + q is the state s with what the automaton demands from there on."""
    graph, width = b.graph, len(automaton.moves)
    shift = b.free_bit

    def moves(node: int) -> Iterator[tuple[int, int]]:
        state, q = divmod(node, width)
        if state >= graph.expanded:
            return
        letter = b.letter(state)
        for target, signals in graph.steps(state):
            read = letter | b.step_letter(state, target, signals)
            marks = b.marks(state, signals)
            for move in automaton.moves[q]:
                if move.reads(read):
                    yield target * width + move.target, marks | move.marks << shift

    known: dict[int, list[tuple[int, int]]] = {}

    def steps(node: int) -> list[tuple[int, int]]:
        if node not in known:
            known[node] = list(moves(node))
        return known[node]

    tails: dict[tuple[int, int], bool] = {}

    def tail(node: int) -> bool:
        state, q = divmod(node, width)
        if not b.quiet(state):
            return False
        letter = b.letter(state) | b.step_letter(state, state, 0)
        if (q, letter) not in tails:
            tails[q, letter] = automaton.accepts_for_ever(q, letter)
        return tails[q, letter]

    acceptance = Acceptance(b.fairness.weak | automaton.all_marks << shift, b.owed_by_strong, lambda node: b.strongly_enabled(node // width))
    return Hunt(
        [s * width for s in b.initial],
        lambda node: [target for target, _ in steps(node)],
        (Ground(lambda node: node // width < graph.expanded, steps, acceptance),),
        tail,
        lambda node: node // width,
    )


def _memo(function: Callable[[int], bool]) -> Callable[[int], bool]:
    known: dict[int, bool] = {}

    def remembered(state: int) -> bool:
        if state not in known:
            known[state] = function(state)
        return known[state]

    return remembered
