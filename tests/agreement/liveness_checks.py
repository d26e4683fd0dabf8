"""What must be true of every answer of the search for lassos, on one graph and one formula."""

import random
from dataclasses import dataclass

from speccheck.dsl import formulas as dsl
from speccheck.engines.machine import Lasso
from speccheck.temporal.automaton import Automaton
from speccheck.temporal.claims import Shape
from tests.agreement.brute_force import core as core_of
from tests.agreement.brute_force import least_prefix, reading, some_fair_violation, untils_of
from tests.agreement.lasso_judge import Word, is_fair, satisfies
from tests.agreement.random_behaviors import Graph, behaviors_of, found_lasso, random_common, random_formula, random_graph, shown

MOST_UNTILS = 6  # guesses double with each


@dataclass(frozen=True)
class Case:
    """A graph, a formula, and for a common shape its operator and operands."""

    graph: Graph
    formula: dsl.Formula
    operator: str = ""
    operands: tuple[dsl.Formula, ...] = ()


def random_case(rng: random.Random) -> Case:
    graph = random_graph(rng)
    if rng.random() < 0.4:
        operator, operands, formula = random_common(rng)
        return Case(graph, formula, operator, operands)
    while True:
        formula = random_formula(rng, rng.randint(1, 4))
        if len(untils_of(core_of(formula))) <= MOST_UNTILS:
            return Case(graph, formula)


def check(case: Case) -> str:
    """Compare the answer for a case with the brute force; return what kind of answer it was."""
    graph, formula = case.graph, case.formula
    lasso = found_lasso(graph, formula)
    assert lasso == found_lasso(graph, formula), "two answers"
    assert (lasso is not None) == some_fair_violation(graph, formula), f"{shown(formula)}: {lasso} on {graph}"
    counterexample = behaviors_of(graph, formula)[0].counterexample
    if case.operator:
        assert isinstance(counterexample, Shape), shown(formula)
        least = least_prefix(graph, reading(graph, case.operator, case.operands))
        assert (lasso.prefix if lasso else None) == least, f"{shown(formula)}: {lasso}, not {least} on {graph}"
    kind = "shape" if isinstance(counterexample, Shape) else "automaton"
    if lasso is None:
        return f"{kind}: none"
    complaint = complaint_about(lasso, graph, formula, counterexample)
    assert complaint is None, f"{shown(formula)}: {lasso} {complaint} on {graph}"
    return f"{kind}: {'loop' if lasso.loop else 'tail'}"


def complaint_about(lasso: Lasso, graph: Graph, formula: dsl.Formula, counterexample: Shape | Automaton) -> str | None:
    """Return what is wrong with a reported lasso, if anything is."""
    prefix, loop = lasso.prefix, lasso.loop
    states = [*prefix, *loop]
    if not 0 <= prefix[0] < graph.initial:
        return "begins in no initial state"
    if any(target not in graph.steps(source) for source, target in zip(states, states[1:])):
        return "makes a step that there is not"
    if loop and loop[-1] != prefix[-1]:
        return "does not come back"
    if prefix[-1] >= graph.expanded:
        return "ends in a state that was not expanded"
    if len(loop) > longest_loop(graph, counterexample):
        return "is too long"
    positions: list[tuple[int, int | None]] = [*zip(states, states[1:])] if loop else [*zip(states, states[1:]), (prefix[-1], None)]
    first = len(prefix) - 1
    for strength, members in graph.assumptions():
        enabled = [bool(graph.enabled(state) & members) for state, _ in positions[first:]]
        if not loop and any(enabled):
            return f"stutters although {members} are possible"
        if not is_fair(strength, enabled, [graph.takes(position, members) for position in positions[first:]]):
            return f"is not fair ({strength}) to {members}"
    if satisfies(Word(len(positions), first), formula, lambda atom, i: graph.holds(atom, *positions[i])):
        return "satisfies the formula"
    return None


def longest_loop(graph: Graph, counterexample: Shape | Automaton) -> int:
    """Return how many steps a loop needs at most: to each mark, and back."""
    own_marks, width = (1, 1) if isinstance(counterexample, Shape) else (counterexample.marks, len(counterexample.moves))
    return (len(graph.assumptions()) + own_marks + 1) * graph.size * width
