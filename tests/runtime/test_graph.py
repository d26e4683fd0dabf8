"""The graph of a search as Python calls it: the same answers as the Python engine's step graph, and how it ends where there is none."""

import ctypes
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck.compiler.refusals import NotCompiled
from speccheck.dsl import formulas as dsl
from speccheck.engines.machine import Refuted, Unfinished
from speccheck.engines.native.graph import NativeGraph, Steps
from speccheck.engines.native.library import Code, NativeSearch, declared
from speccheck.engines.native.liveness import NativeTemporal
from speccheck.engines.native.numbered import NumberedSpace
from speccheck.engines.python.liveness import Behaviors, violating_lasso
from speccheck.temporal.automaton import Automaton
from speccheck.temporal.claims import Shape, holds_for
from speccheck.temporal.vocabulary import Vocabulary, atoms_of
from tests.agreement.random_behaviors import (
    DROPPED,
    ERRS,
    INSTANCES,
    Fair,
    Graph,
    P,
    Q,
    any_atom,
    random_boolean,
    random_common,
    random_formula,
    random_graph,
    state_atom,
)
from tests.runtime.building import library, remove_builds
from tests.runtime.tables import NONE, NUMBERS, VALUES, Table, random_table, spoken, tables_of

RANDOM = st.randoms(use_true_random=False)
POINTERS = ("places", "ranks", "values", "kept", "asks", "holds", "raised", "begins", "instances", "targets")


class _Table(ctypes.Structure):
    _fields_ = [(name, ctypes.POINTER(ctypes.c_uint32)) for name in POINTERS]


@pytest.fixture(scope="module", autouse=True)
def _builds() -> Iterator[None]:
    yield
    remove_builds()


class Loaded:
    """A table in the library, searched; `asking` are places of which Python is asked for the steps. There is one at a time."""

    def __init__(self, table: Table, asking: frozenset[int] = frozenset(), workers: int = 2) -> None:
        self.table, self.library = table, declared(ctypes.CDLL(str(library("table", ("BITS=60",)))))
        graph, size = table.graph, table.graph.size + 1
        moves = [table.moves(place) for place in range(size)]
        rows = {
            "places": [table.values.index(value) if value in table.values else 0 for value in range(VALUES)],
            "ranks": [table.ranks[table.values.index(value)] if value in table.values else 0 for value in range(VALUES)],
            "values": table.values,
            "kept": [place < graph.size for place in range(size)],
            "asks": [place in asking for place in range(size)],
            "holds": [sum(1 << n for n, name in enumerate("pqr") if name in table.facts(place)) for place in range(size)],
            "raised": table.raises,
            "begins": [sum(map(len, moves[:place])) for place in range(size + 1)],
            "instances": [NUMBERS[instance] for row in moves for instance, _ in row],
            "targets": [self.target(target) for row in moves for _, target in row],
        }
        self.rows = {name: (ctypes.c_uint32 * (len(row) + 1))(*row) for name, row in rows.items()}
        _Table.in_dll(self.library, "speccheck_table").__init__(*(ctypes.cast(self.rows[name], ctypes.POINTER(ctypes.c_uint32)) for name in POINTERS))  # type: ignore[misc]
        self.search = NativeSearch(self.library, self.library, 1, workers=workers, memory=0, states=0)
        self.search.on_question(self.answer)
        self.answered = 0
        code = self.search.seed([self.state(place) for place in range(graph.initial)])
        level = 0
        while code is Code.MORE:
            level += 1
            code = self.search.level(level == table.last)

    def target(self, target: int) -> int:
        return NONE if target == ERRS else self.table.graph.size if target == DROPPED else target

    def state(self, place: int) -> int:
        buffer = (ctypes.c_uint64 * 2)()
        self.library.table_state(place, buffer)
        return buffer[0]

    def answer(self, steps: Any, question: int, which: int, s: int, t: int | None) -> int:
        self.answered += 1
        for instance, target in self.table.moves(which):
            if target == ERRS:
                self.search.erred(steps, NUMBERS[instance])
            else:
                self.search.push(steps, self.state(self.target(target)), NUMBERS[instance])
        return 0

    def graph(self, vocabulary: Vocabulary, **options: Any) -> NativeGraph:
        return NativeGraph(self.search, tables_of(vocabulary), **options)


def check_graph(graph: NativeGraph, behaviors: Behaviors) -> None:
    steps = behaviors.graph
    assert graph.expanded == steps.expanded and list(graph.enabled) == steps.enabled
    assert [list(graph.steps(s)) for s in range(graph.expanded)] == [sorted(steps.steps(s)) for s in range(graph.expanded)]
    assert [graph.letter(s) for s in range(graph.expanded)] == [behaviors.letter(s) for s in range(graph.expanded)]


# ---------------------------------------------------------------- agreement


@settings(max_examples=250, deadline=None)
@given(rng=RANDOM)
def test_graphs_and_lassos_of_random_tables_are_those_of_the_python_engine(rng: random.Random) -> None:
    graph = random_graph(rng, rng.choice((5, 12, 40)))
    formulas = [random_common(rng)[2] if rng.random() < 0.5 else random_formula(rng, 3, any_atom) for _ in range(3)]
    conditions = [random_boolean(rng, 4, state_atom) for _ in range(3)]
    claims, vocabulary = spoken(graph, [*formulas, *map(dsl.always, conditions)], rng.choice((0, 70)))
    table = random_table(rng, graph)
    asking = frozenset(place for place in range(graph.size) if rng.random() < 0.2)
    native, behaviors = Loaded(table, asking).graph(vocabulary, steps=rng.choice(list(Steps)), row_cache=rng.choice((0, 1, 3))), table.behaviors(vocabulary)
    check_graph(native, behaviors)
    for claim in claims:
        assert native.violating_lasso(claim.counterexample, vocabulary.fairness()) == violating_lasso(claim.counterexample, behaviors)
        if isinstance(claim.counterexample, Shape):
            holding = (s for s in range(native.expanded) if holds_for(claim.counterexample.start, behaviors.letter(s)))
            assert native.somewhere(claim.counterexample.start) == next(holding, -1)


@settings(max_examples=60, deadline=None)
@given(rng=RANDOM)
def test_paths_are_the_least_shortest_ones(rng: random.Random) -> None:
    table = random_table(rng, random_graph(rng, 15))
    _, vocabulary = spoken(table.graph, [], 0)
    loaded, steps = Loaded(table), table.behaviors(vocabulary).graph
    graph = loaded.graph(vocabulary)
    space = NumberedSpace(graph, SimpleNamespace(decode=lambda bits: (bits,)), lambda values: values, True)  # type: ignore[arg-type]
    places = [place for level in table.levels() for place in level]
    assert [state[0] for state in space.states] == [loaded.state(place) for place in places] and len(space) == len(places)
    for number in range(len(space)):
        path = space.path_to(number).numbers
        assert path[-1] == number == space.mention(space.states[number][0], 0) and len(path) == space.level_of(number)
        for before, after in zip(path, path[1:]):
            level = space.level_of(after)
            candidates = [s for s in range(steps.expanded) if space.level_of(s) == level - 1 and after in dict(steps.steps(s))]
            assert before == min(candidates)
    assert space.depth == len(table.levels())


# ---------------------------------------------------------------- temporal properties


def temporal_of(rng: random.Random, table: Table) -> tuple[NativeTemporal, Vocabulary, Any]:
    formulas = [random_common(rng)[2] if rng.random() < 0.5 else random_formula(rng, 2, any_atom) for _ in range(4)]
    claims, vocabulary = spoken(table.graph, formulas, 0)
    claims = [replace(claim, property=replace(claim.property, name=f"claim{n // 2}"), binding=(n,)) for n, claim in enumerate(claims)]
    definition = SimpleNamespace(model=None, vocabulary=vocabulary, claims=tuple(claims), raised_in=lambda state, atoms, targets: f"{state}: {sorted(atoms)}")
    return NativeTemporal(definition), vocabulary, claims


@settings(max_examples=120, deadline=None)
@given(rng=RANDOM)
def test_what_is_refuted_and_which_assumption_matters_is_as_in_the_python_engine(rng: random.Random) -> None:
    table = random_table(rng, random_graph(rng, 8))
    temporal, vocabulary, claims = temporal_of(rng, table)
    behaviors = table.behaviors(vocabulary)
    places = [place for level in table.levels() for place in level]
    raised: dict[int, int] = {}
    for number in reversed(range(behaviors.graph.expanded)):
        raised |= {atom: number for n, atom in enumerate(temporal.predicates()) if table.raises[places[number]] >> n & 1}
    expected: dict[str, Refuted] = {}
    for claim in claims:
        own = {atom: raised[atom] for atom in atoms_of(claim.formula, vocabulary) if atom in raised}
        lasso = None if own else violating_lasso(claim.counterexample, behaviors)
        if own:
            at = min(own.values())
            one = Refuted(claim.property.name, claim.binding, None, at, f"state {at}: {sorted(atom for atom in own if own[atom] == at)}")
        if own or lasso is not None:
            expected.setdefault(claim.property.name, one if own else Refuted(claim.property.name, claim.binding, lasso))
    graph = Loaded(table).graph(vocabulary)
    assert temporal.refuted(graph, lambda number: f"state {number}") == expected
    held = tuple(claim for claim in claims if claim.property.name not in expected)
    for name in {one.name for one in vocabulary.assumptions}:
        without = replace(behaviors, fairness=vocabulary.fairness(without=name))
        assert temporal.matters(name, held) == any(violating_lasso(claim.counterexample, without) is not None for claim in held)


def test_a_formula_with_more_marks_than_a_word_has_bits_is_refused() -> None:
    claims, vocabulary = spoken(Graph(1, 1, ((),), (frozenset(),), ()), [dsl.always_eventually(dsl.any_of(P, Q))], 0)
    many = replace(claims[0], counterexample=Automaton(((),), 65))
    with pytest.raises(NotCompiled, match="more than 64 untils"):
        NativeTemporal(SimpleNamespace(model=None, vocabulary=vocabulary, claims=(many,)))


# ---------------------------------------------------------------- ends


def ring(size: int) -> Graph:
    return Graph(
        size,
        1,
        tuple(((INSTANCES[0], (s + 1) % size),) for s in range(size)),
        tuple(frozenset("p" if s else "pq") for s in range(size)),
        (Fair("strong", (0,)),),
    )


def ring_table(size: int) -> Table:
    return Table(ring(size), tuple(range(size + 1)), tuple(range(size + 1)), (0,) * (size + 1), 0)


def test_where_not_even_the_states_fit_there_is_no_graph() -> None:
    _, vocabulary = spoken(ring(100), [], 0)
    with pytest.raises(Unfinished, match="out of memory"):
        Loaded(ring_table(100)).graph(vocabulary, memory=1000)


def test_stored_steps_make_room_for_a_hunt_and_a_hunt_without_room_is_unfinished() -> None:
    claims, vocabulary = spoken(ring(3000), [dsl.eventually(dsl.negate(P)), dsl.always_eventually(P)], 0)
    loaded, wanted = Loaded(ring_table(3000), workers=1), vocabulary.fairness()
    whole = loaded.graph(vocabulary, steps=Steps.AT_ONCE)
    assert whole.stored and whole.size.steps == 3000
    lasso = whole.violating_lasso(claims[0].counterexample, wanted)
    assert lasso is not None and lasso.prefix == (0,) and lasso.loop == (*range(1, 3000), 0)
    tight = loaded.graph(vocabulary, memory=int(whole.size.bytes) + 100_000)
    assert tight.stored and tight.violating_lasso(claims[0].counterexample, wanted) == lasso and not tight.stored
    assert tight.violating_lasso(claims[1].counterexample, wanted) is None
    tighter = loaded.graph(vocabulary, memory=int(tight.size.bytes) + 20_000, steps=Steps.UNSTORED)
    with pytest.raises(Unfinished, match="out of memory"):
        tighter.violating_lasso(claims[0].counterexample, wanted)
    temporal = NativeTemporal(SimpleNamespace(model=None, vocabulary=vocabulary, claims=tuple(claims)))
    with pytest.raises(Unfinished, match="out of memory") as cut:
        temporal.refuted(tighter, lambda number: number)
    assert cut.value.refuted == {}


def test_a_hunt_that_is_halted_is_unfinished_and_the_next_one_is_not() -> None:
    claims, vocabulary = spoken(ring(5), [dsl.eventually(dsl.negate(P))], 0)
    graph = Loaded(ring_table(5)).graph(vocabulary)
    graph._halted.value = 1
    with pytest.raises(Unfinished, match="interrupted"):
        graph.violating_lasso(claims[0].counterexample, vocabulary.fairness())
    assert graph.violating_lasso(claims[0].counterexample, vocabulary.fairness()) is not None


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_the_keyboard_ends_a_call_of_the_runtime() -> None:
    _, vocabulary = spoken(ring(5), [], 0)
    graph = Loaded(ring_table(5)).graph(vocabulary)
    seen: list[int] = []

    def call() -> None:
        while not graph._halted.value:
            time.sleep(0.001)
        seen.append(graph._halted.value)

    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            graph.undisturbed(call)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert seen == [1] and graph._halted.value == 0


def test_who_does_not_answer_ends_the_graph() -> None:
    _, vocabulary = spoken(ring(5), [], 0)
    loaded = Loaded(ring_table(5), frozenset((3,)))
    assert loaded.answered == 1
    loaded.search.on_question(lambda steps, question, which, s, t: -1)
    with pytest.raises(Unfinished):
        loaded.graph(vocabulary)
    loaded.search.on_question(loaded.answer)
    assert len(loaded.graph(vocabulary)) == 5
