"""The automata of formulas accept what the formulas mean: by a direct evaluation of random words, and by SPIN's automata for the same formulas."""

import random
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck.dsl import formulas as dsl
from speccheck.temporal.automaton import Automaton, automaton_of
from speccheck.temporal.claims import shape_of
from speccheck.temporal.ltl import negation, normal_form
from tests.agreement import spin_claims
from tests.agreement.brute_force import core, untils_of
from tests.agreement.lasso_judge import Word, satisfies
from tests.agreement.random_behaviors import P, Q, R, random_formula, shown
from tests.agreement.test_liveness import accepts

NUMBERS = {"p": 0, "q": 1, "r": 2}


def number(atom: dsl.Atom | dsl.ActionAtom) -> int:
    assert isinstance(atom, dsl.Atom)
    return NUMBERS[atom.predicate.__name__]


def predicate(rng: random.Random) -> dsl.Formula:
    return rng.choice((P, Q, R))


def random_word(rng: random.Random) -> tuple[list[frozenset[str]], int]:
    length = rng.randint(1, 6)
    return [frozenset(name for name in "pqr" if rng.random() < 0.5) for _ in range(length)], rng.randrange(length)


def meant(formula: dsl.Formula, letters: list[frozenset[str]], loop_start: int) -> bool:
    return satisfies(Word(len(letters), loop_start), formula, lambda atom, i: atom.predicate.__name__ in letters[i])


def accepted(automaton: Automaton, letters: list[frozenset[str]], loop_start: int) -> bool:
    return accepts(automaton, [sum(1 << NUMBERS[name] for name in letter) for letter in letters], loop_start)


@settings(max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_an_automaton_accepts_the_words_that_satisfy_its_formula(rng: random.Random) -> None:
    formula = random_formula(rng, rng.randint(1, 4), predicate)
    positive = normal_form(formula, number)
    for_it, against_it = automaton_of(positive), automaton_of(negation(positive))
    for _ in range(4):
        letters, loop_start = random_word(rng)
        truth = meant(formula, letters, loop_start)
        assert accepted(for_it, letters, loop_start) == truth, shown(formula)
        assert accepted(against_it, letters, loop_start) != truth, shown(formula)


@settings(max_examples=100)
@given(rng=st.randoms(use_true_random=False))
def test_a_tail_is_the_word_of_one_letter(rng: random.Random) -> None:
    formula = random_formula(rng, rng.randint(1, 4), predicate)
    letters = [random_word(rng)[0][0]]
    automaton = automaton_of(normal_form(formula, number))
    assert automaton.accepts_for_ever(0, sum(1 << NUMBERS[name] for name in letters[0])) == meant(formula, letters, 0), shown(formula)


@settings(max_examples=100)
@given(rng=st.randoms(use_true_random=False))
def test_a_negated_formula_and_a_negated_normal_form_are_the_same(rng: random.Random) -> None:
    formula = random_formula(rng, rng.randint(1, 4), predicate)
    assert normal_form(formula, number, negated=True) == negation(normal_form(formula, number)) == normal_form(dsl.negate(formula), number)


@pytest.mark.parametrize(
    "formula",
    [
        dsl.always_eventually(P),
        dsl.always(dsl.eventually(P)),
        dsl.eventually_always(dsl.any_of(P, Q)),
        dsl.eventually(dsl.implies(P, Q)),
        dsl.always(P),
        dsl.leads_to(P, Q),
        dsl.always(dsl.implies(P, dsl.eventually(Q))),
        dsl.always(dsl.any_of(dsl.negate(P), dsl.eventually(Q))),
        dsl.negate(dsl.eventually_always(P)),
        dsl.negate(dsl.eventually(P)),
        dsl.until(dsl.all_of(), P),
        dsl.release(dsl.any_of(), P),
        dsl.weak_until(P, dsl.any_of()),
    ],
    ids=shown,
)
def test_a_common_formula_needs_no_automaton_however_it_is_written(formula: dsl.Formula) -> None:
    assert shape_of(normal_form(formula, number)) is not None


# ---------------------------------------------------------------- SPIN

needs_spin = pytest.mark.skipif(shutil.which("spin") is None, reason="SPIN is not installed (apt-get install spin)")


@needs_spin
@pytest.mark.parametrize("seed", range(10))
def test_spin_s_automata_accept_the_same_words(seed: int) -> None:
    compared = 0
    for number_of_formula in range(20):
        rng = random.Random(1000 * seed + number_of_formula)
        formula = random_formula(rng, rng.randint(1, 3), predicate)
        if len(untils_of(core(formula))) > 4:
            continue  # SPIN takes long
        try:
            claim = spin_claims.claim_of(formula)
        except subprocess.TimeoutExpired:
            continue
        compared += 1
        automaton = automaton_of(normal_form(formula, number))
        for _ in range(15):
            letters, loop_start = random_word(rng)
            text = f"{shown(formula)} on {letters}, again from {loop_start}"
            assert spin_claims.accepts(claim, letters, loop_start) == accepted(automaton, letters, loop_start) == meant(formula, letters, loop_start), text
    assert compared >= 10


def test_a_never_claim_is_read_as_spin_means_it() -> None:
    text = """never  {    /* (p U q) || [] (! r) */
T0_init:
\tdo
\t:: ((! r)) -> goto accept_S2
\t:: atomic { ((q)) -> assert(!((q))) }
\t:: ((p)) -> goto T0_S5
\tod;
accept_S2:
\tdo
\t:: ((! r)) -> goto accept_S2
\tod;
T0_S5:
\tdo
\t:: atomic { ((q)) -> assert(!((q))) }
\t:: ((p)) -> goto T0_S5
\tod;
accept_all:
\tskip
}
"""
    claim = spin_claims.parsed(text)
    assert (claim.initial, claim.accepting) == ("T0_init", {"accept_S2", "accept_all"})
    nothing, p, pr, q, r = frozenset(""), frozenset("p"), frozenset("pr"), frozenset("q"), frozenset("r")
    assert [spin_claims.accepts(claim, letters, 0) for letters in ([nothing], [pr], [pr, q], [r], [p], [p, r])] == [True, False, True, False, True, False]
