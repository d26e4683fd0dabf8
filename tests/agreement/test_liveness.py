"""The search for lassos agrees with a brute force on random graphs with fairness, and every lasso that it reports is one."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck.dsl import formulas as dsl
from speccheck.engines.machine import Lasso
from speccheck.engines.python.liveness import violating_lasso
from speccheck.temporal.automaton import Automaton, Move
from tests.agreement.brute_force import core, fair_parts, least_prefix, reading, some_fair_closed_walk, some_fair_violation, untils_of
from tests.agreement.lasso_judge import Word, is_fair, satisfies
from tests.agreement.liveness_checks import Case, check, complaint_about, random_case
from tests.agreement.random_behaviors import (
    DROPPED,
    ERRS,
    Fair,
    Graph,
    P,
    Q,
    R,
    any_atom,
    behaviors_of,
    found_lasso,
    random_formula,
    random_graph,
)

RANDOM = st.randoms(use_true_random=False)
A0, A1, A2 = (0, ()), (1, ()), (2, ())


def graph_of(*moves: list[tuple[Any, int]], facts: dict[int, str] | None = None, fairness: tuple[Fair, ...] = (), size: int = 0, initial: int = 1) -> Graph:
    """Return a graph with these evaluations out of each state; `facts` has the letters of the predicates that hold."""
    held = tuple(frozenset((facts or {}).get(state, "")) for state in range(len(moves)))
    return Graph(size or len(moves), initial, tuple(map(tuple, moves)), held, fairness)


# ---------------------------------------------------------------- random graphs


@settings(max_examples=500)
@given(rng=RANDOM)
def test_answers_are_those_of_the_brute_force_and_lassos_are_fair_violations(rng: random.Random) -> None:
    check(random_case(rng))


@pytest.mark.parametrize("seed", range(20))
def test_answers_for_a_hundred_more_cases_agree_too(seed: int) -> None:
    for number in range(100):
        check(random_case(random.Random(1_000_000 + 100 * seed + number)))


@settings(max_examples=150)
@given(rng=RANDOM)
def test_both_brute_forces_agree(rng: random.Random) -> None:
    graph, formula = random_graph(rng, most=3), random_formula(rng, 2, any_atom)
    if len(untils_of(core(formula))) <= 2:
        assert some_fair_violation(graph, formula) == some_fair_closed_walk(graph, formula)


def test_answers_do_not_depend_on_hashing(root: Path) -> None:
    """Formulas, obligations and action instances are kept in sets and dicts: their order must not show."""
    command = [sys.executable, "-m", "tests.agreement.liveness_long", "--digest", "--cases", "150"]
    texts = [
        subprocess.run(command, cwd=root, env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1] != ""


# ---------------------------------------------------------------- random automata


@settings(max_examples=300)
@given(rng=RANDOM)
def test_random_automata_are_searched_right(rng: random.Random) -> None:
    """Automata of formulas can stay in one state while a letter repeats; these need longer cycles, too."""
    graph = random_graph(rng)
    claim, behaviors = behaviors_of(graph, dsl.all_of(P, Q, R))
    automaton = random_automaton(rng)
    lasso = violating_lasso(automaton, behaviors)
    assert (lasso is not None) == accepted_by_brute_force(graph, automaton)
    if lasso is not None:
        complaint = complaint_about(lasso, graph, claim.formula, automaton)
        assert complaint in (None, "satisfies the formula")
        assert accepts(automaton, [letter_at(graph, state) for state in (*lasso.prefix, *lasso.loop[:-1])], len(lasso.prefix) - 1)


def random_automaton(rng: random.Random) -> Automaton:
    states, marks = rng.randint(1, 4), rng.randint(0, 2)

    def move() -> Move:
        demanded, forbidden = (sum(1 << n for n in range(3) if rng.random() < 0.2) for _ in range(2))
        return Move(demanded, forbidden & ~demanded, rng.randrange(states), rng.randrange(1 << marks))

    return Automaton(tuple(tuple(move() for _ in range(rng.randint(0, 3))) for _ in range(states)), marks)


def letter_at(graph: Graph, state: int) -> int:
    return sum(1 << n for n, name in enumerate("pqr") if name in graph.facts[state])


def accepted_by_brute_force(graph: Graph, automaton: Automaton) -> bool:
    """Look for a fair part of the product of positions (a state and its step, None in a tail) and moves of the automaton."""
    reached: networkx.DiGraph[Any] = networkx.DiGraph()

    def moves(states: Any, q: int) -> list[Any]:
        return [
            (s, target, q, n)
            for s in states
            if s < graph.expanded
            for target in (*graph.steps(s), None)
            for n, move in enumerate(automaton.moves[q])
            if move.reads(letter_at(graph, s))
        ]

    pending = moves(range(graph.initial), 0)
    reached.add_nodes_from(pending)
    while pending:
        one = s, target, q, n = pending.pop()
        later = moves([s] if target is None else [target], automaton.moves[q][n].target)
        for other in later:
            if target is None and other[1] is not None:
                continue
            if other not in reached:
                pending.append(other)
            reached.add_edge(one, other)
    owed = [lambda one, m=m: automaton.moves[one[2]][one[3]].marks >> m & 1 == 1 for m in range(automaton.marks)]
    return any(True for _ in fair_parts(reached, graph, lambda one: one[:2], owed))


def accepts(automaton: Automaton, letters: list[int], loop_start: int) -> bool:
    """Return whether an automaton has an accepting run over a word whose letters from `loop_start` on repeat."""
    word = Word(len(letters), loop_start)
    runs: networkx.MultiDiGraph[Any] = networkx.MultiDiGraph()
    pending, known = [(0, 0)], {(0, 0)}
    while pending:
        i, q = pending.pop()
        for move in automaton.moves[q]:
            if move.reads(letters[i]):
                later = (word.after(i), move.target)
                runs.add_edge((i, q), later, marks=move.marks)
                if later not in known:
                    known.add(later)
                    pending.append(later)
    for component in networkx.strongly_connected_components(runs):
        around = [marks for _, _, marks in runs.subgraph(component).edges(data="marks")]
        if around and all(any(marks >> m & 1 for marks in around) for m in range(automaton.marks)):
            return True
    return False


def test_a_tail_may_need_a_cycle_of_the_automaton_that_is_longer_than_one() -> None:
    there_and_back = Automaton(((Move(0, 0, 1, 0b01),), (Move(0, 0, 0, 0b10),)), 2)
    assert there_and_back.accepts_for_ever(0, 0)
    _, behaviors = behaviors_of(graph_of([]), P)
    assert violating_lasso(there_and_back, behaviors) == Lasso((0,), ())


def test_a_tail_needs_all_marks_on_one_cycle() -> None:
    apart = Automaton(((Move(0, 0, 0, 0b01), Move(0, 0, 1, 0b11)), (Move(0, 0, 1, 0b10),)), 2)
    assert not apart.accepts_for_ever(0, 0)
    _, behaviors = behaviors_of(graph_of([]), P)
    assert violating_lasso(apart, behaviors) is None


# ---------------------------------------------------------------- what goes wrong elsewhere


def test_the_shortest_way_of_a_violated_eventually_avoids_the_goal() -> None:
    # 0 -> 1 (goal) -> 4 is shorter than 0 -> 2 -> 3 -> 4, but whoever passes 1 has got there.
    graph = graph_of([(A0, 1), (A0, 2)], [(A0, 4)], [(A0, 3)], [(A0, 4)], [], facts={1: "p"}, fairness=(Fair("weak", (0,)),))
    assert found_lasso(graph, dsl.eventually(P)) == Lasso((0, 2, 3, 4), ())


def test_a_violated_leads_to_begins_after_the_last_goal() -> None:
    # 0 asks, 1 answers, and the trap is behind 1: only the detour over 2, which asks again behind the answer, gets there unanswered.
    graph = graph_of([(A0, 1)], [(A0, 2)], [(A0, 3)], [], facts={0: "p", 1: "q", 2: "p"}, fairness=(Fair("weak", (0,)),))
    assert found_lasso(graph, dsl.leads_to(P, Q)) == Lasso((0, 1, 2, 3), ())
    answered = graph_of([(A0, 1)], [(A0, 2)], [(A0, 3)], [], facts={0: "p", 1: "q"}, fairness=(Fair("weak", (0,)),))
    assert found_lasso(answered, dsl.leads_to(P, Q)) is None


def test_strong_fairness_is_judged_on_what_is_left_after_cutting() -> None:
    """0 <-> 1 <-> 2; a1 is possible in 1 only and leads to 2 only: staying in {0, 1} is unfair, and so is {0, 1, 2} without a2, which is possible in 2."""
    strong = (Fair("strong", (1,)), Fair("strong", (2,)), Fair("weak", (0, 1, 2)))
    graph = graph_of([(A0, 1)], [(A0, 0), (A1, 2)], [(A0, 1), (A2, 3)], [], facts={3: "p"}, fairness=strong)
    assert found_lasso(graph, dsl.eventually(P)) is None
    assert found_lasso(Graph(graph.size, 1, graph.moves, graph.facts, strong[:1] + strong[2:]), dsl.eventually(P)) == Lasso((0,), (1, 2, 1, 0))


def test_weak_fairness_is_not_satisfied_by_a_step_that_changes_nothing() -> None:
    graph = graph_of([(A0, 0), (A0, 1)], [], facts={1: "p"}, fairness=(Fair("weak", (0,)),))
    assert found_lasso(graph, dsl.eventually(P)) is None
    idle = graph_of([(A0, 0)], facts={}, fairness=(Fair("weak", (0,)),))
    assert found_lasso(idle, dsl.eventually(P)) == Lasso((0,), ()), "what changes nothing is not enabled, and need not happen"


@pytest.mark.parametrize("elsewhere", [ERRS, DROPPED])
def test_a_step_that_errs_or_is_dropped_is_possible_all_the_same(elsewhere: int) -> None:
    fair = (Fair("weak", (1,)),)
    assert found_lasso(graph_of([(A1, elsewhere)], fairness=fair), dsl.eventually(P)) is None
    around = graph_of([(A0, 1), (A1, elsewhere)], [(A0, 0), (A1, elsewhere)], fairness=fair)
    assert found_lasso(around, dsl.eventually(P)) is None
    away = graph_of([(A0, 1), (A1, elsewhere)], [(A0, 0)], fairness=fair)
    assert found_lasso(away, dsl.eventually(P)) == Lasso((0,), (1, 0))


def test_a_state_that_was_not_expanded_is_no_tail() -> None:
    cut = graph_of([(A0, 1)], size=2, fairness=(Fair("weak", (0,)),))
    for formula in (dsl.eventually(P), dsl.leads_to(dsl.negate(P), P), dsl.always_eventually(P), dsl.until(dsl.negate(Q), P), dsl.always(P)):
        assert found_lasso(cut, formula) is None


def test_without_an_initial_state_every_formula_holds() -> None:
    for formula in (dsl.eventually(P), dsl.always(P), dsl.until(P, Q), dsl.any_of()):
        assert found_lasso(graph_of([], initial=0), formula) is None


def test_steps_of_one_target_are_one_step_of_all_their_actions() -> None:
    both = graph_of([(A0, 1), (A1, 1)], [(A2, 0)], fairness=(Fair("strong", (0,)), Fair("strong", (1,))))
    assert found_lasso(both, dsl.eventually(P)) == Lasso((0,), (1, 0))


def test_an_occurrence_in_a_tail_is_false() -> None:
    graph = graph_of([(A0, 1)], [])
    occurs = dsl.ActionAtom("occurs", "a0", (), ())
    assert found_lasso(graph, dsl.eventually(occurs)) == Lasso((0,), ())
    assert found_lasso(graph, dsl.always(dsl.implies(P, occurs))) is None
    assert found_lasso(graph_of([(A0, 1)], [], facts={1: "p"}), dsl.always(dsl.implies(P, occurs))) == Lasso((0, 1), ())


def test_a_loop_that_owes_nothing_is_a_loop_all_the_same() -> None:
    """No fairness and no `until`: nothing must be seen on the way, but the behavior goes around, and must not be told as one that stops."""
    around = graph_of([(A0, 1)], [(A0, 0)])
    assert found_lasso(around, dsl.eventually(dsl.negate(dsl.ActionAtom("occurs", "a0", (), ())))) == Lasso((0,), (1, 0))


# ---------------------------------------------------------------- the judges themselves


@pytest.mark.parametrize(
    ("strength", "enabled", "taken", "fair"),
    [
        ("weak", [True, True], [False, False], False),
        ("weak", [True, False], [False, False], True),
        ("weak", [True, True], [False, True], True),
        ("strong", [True, False], [False, False], False),
        ("strong", [False, False], [False, False], True),
        ("strong", [True, False], [True, False], True),
    ],
)
def test_the_judge_of_fairness_says_what_the_definition_says(strength: Any, enabled: list[bool], taken: list[bool], fair: bool) -> None:
    assert is_fair(strength, enabled, taken) == fair


@pytest.mark.parametrize(
    ("formula", "word", "loop_start", "truth"),
    [
        (dsl.until(P, Q), "p pq r", 2, True),
        (dsl.until(P, Q), "p p", 1, False),
        (dsl.weak_until(P, Q), "p p", 1, True),
        (dsl.release(P, Q), "q pq r", 2, True),
        (dsl.release(P, Q), "q p r", 2, False),
        (dsl.release(P, Q), "q q", 0, True),
        (dsl.leads_to(P, Q), "p r p q", 2, True),
        (dsl.leads_to(P, Q), "q p", 1, False),
        (dsl.always_eventually(P), "r p", 0, True),
        (dsl.always_eventually(P), "p r", 1, False),
        (dsl.eventually_always(P), "r p", 1, True),
        (dsl.eventually_always(P), "r p", 0, False),
        (dsl.implies(P, dsl.always(Q)), "r", 0, True),
        (dsl.all_of(), "p", 0, True),
        (dsl.any_of(), "p", 0, False),
    ],
)
def test_the_judge_of_formulas_says_what_the_operators_mean(formula: dsl.Formula, word: str, loop_start: int, truth: bool) -> None:
    letters = word.split()
    assert satisfies(Word(len(letters), loop_start), formula, lambda atom, i: atom.predicate.__name__ in letters[i]) == truth


def test_the_reading_of_a_shape_gives_its_least_prefix() -> None:
    graph = graph_of([(A0, 1)], [(A0, 0)], facts={0: "p"})
    assert least_prefix(graph, reading(graph, "always_eventually", (P,))) == (0, 1)
    assert least_prefix(graph, reading(graph, "eventually", (P,))) is None


@pytest.mark.parametrize(
    ("lasso", "complaint"),
    [
        (Lasso((1,), (0, 1)), "begins in no initial state"),
        (Lasso((0, 2), ()), "makes a step that there is not"),
        (Lasso((0,), (1, 2)), "does not come back"),
        (Lasso((0,), ()), "stutters although {(0, ())} are possible"),
        (Lasso((0,), (1, 0)), "is not fair (strong) to {(1, ())}"),
        (Lasso((0, 1, 2), ()), "satisfies the formula"),
        (Lasso((0, 1, 2, 3), ()), "ends in a state that was not expanded"),
    ],
)
def test_what_is_no_fair_violation_is_complained_of(lasso: Lasso, complaint: str) -> None:
    graph = graph_of([(A0, 1)], [(A0, 0), (A1, 2)], [(A2, 3)], facts={2: "p"}, fairness=(Fair("weak", (0,)), Fair("strong", (1,))), size=4)
    counterexample = behaviors_of(graph, dsl.eventually(P))[0].counterexample
    assert complaint_about(lasso, graph, dsl.eventually(P), counterexample) == complaint


def test_a_case_is_checked_against_the_reading_of_its_shape() -> None:
    graph = graph_of([(A0, 1)], [], fairness=(Fair("weak", (0,)),))
    assert check(Case(graph, dsl.eventually(P), "eventually", (P,))) == "shape: tail"
