"""Lassos of the runtime are those of the Python engine, on random graphs: for states of all widths, with steps stored or taken again, under sanitizers."""

import random
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from speccheck.engines.native.graph import Steps
from speccheck.temporal.claims import Claim, over_steps
from speccheck.temporal.vocabulary import Vocabulary, atoms_of
from tests.agreement.random_behaviors import Graph, R, any_atom, random_common, random_formula, random_graph
from tests.runtime.building import ENVIRONMENT, MEMORY_LIMIT, OUT_OF_MEMORY, executable, remove_builds
from tests.runtime.tables import Table, case_numbers, expected_lines, random_table, spoken

LIMIT = f"code {MEMORY_LIMIT}"


@pytest.fixture(scope="module", autouse=True)
def _builds() -> Iterator[None]:
    yield
    remove_builds()


@dataclass(frozen=True)
class Case:
    table: Table
    claims: list[Claim]
    vocabulary: Vocabulary
    workers: int
    row_cache: int
    steps: Steps = Steps.AT_ONCE

    def numbers(self, memory: int = 0) -> list[int]:
        return case_numbers(self.table, self.claims, self.vocabulary, self.workers, self.steps, self.row_cache, memory)

    def expected(self) -> list[str]:
        return expected_lines(self.table, self.claims, self.vocabulary)


@dataclass(frozen=True)
class Told:
    """What the program tells of a case: its lines, how much memory the graph takes, and whether it stores steps."""

    lines: list[str]
    bytes: int
    stored: bool


def random_case(seed: int, most: int, workers: tuple[int, ...] = (1, 2), asking: bool = False) -> Case:
    rng = random.Random(seed)
    graph = random_graph(rng, most)
    formulas = [random_common(rng)[2] if rng.random() < 0.5 else random_formula(rng, 3, any_atom) for _ in range(4)]
    claims, vocabulary = spoken(graph, formulas, rng.choice((0, 0, 70)))
    if asking:
        r = vocabulary.number(R)
        claims = [over_steps(claim, vocabulary) if r in atoms_of(claim.formula, vocabulary) else claim for claim in claims]
    return Case(replace(random_table(rng, graph), asking=asking), claims, vocabulary, rng.choice(workers), rng.choice((1, 1000)))


def told(program: Path, cases: Sequence[list[int]], *arguments: str) -> list[str]:
    with tempfile.TemporaryFile("w+", encoding="ascii") as file:
        file.write(" ".join(map(str, [len(cases), *(n for case in cases for n in case)])))
        file.seek(0)
        done = subprocess.run([str(program), *arguments], stdin=file, capture_output=True, text=True, env=ENVIRONMENT, timeout=300, check=False)
    if done.returncode != 0:
        pytest.fail(f"{program.name} ended with {done.returncode}\n{done.stderr[:8000]}", pytrace=False)
    return done.stdout.splitlines()


def told_each(program: Path, cases: Sequence[Case], memory: Sequence[int]) -> list[Told]:
    lines: list[list[str]] = []
    for line in told(program, [case.numbers(bytes_) for case, bytes_ in zip(cases, memory)]):
        if line.startswith(("graph", "none")):
            lines.append([])
        lines[-1].append(line)
    numbers = [next((one.split() for one in some if one.startswith("memory")), ["", "0", "0"]) for some in lines]
    return [Told([one for one in some if not one.startswith("memory")], int(n[1]), n[2] == "1") for some, n in zip(lines, numbers)]


# ---------------------------------------------------------------- agreement


@pytest.mark.parametrize(
    ("way", "bits", "count", "most"),
    [
        ("plain", 12, 250, 8),
        ("plain", 32, 100, 40),
        ("plain", 60, 200, 20),
        ("plain", 64, 50, 20),
        ("plain", 160, 150, 20),
        ("small", 60, 60, 600),
        ("addresses", 12, 100, 12),
        ("addresses", 160, 80, 20),
        ("threads", 60, 80, 12),
    ],
)
def test_graphs_and_lassos_are_those_of_the_python_engine_whether_steps_are_stored_or_not(way: str, bits: int, count: int, most: int) -> None:
    """The second time the graph may take a byte less than the first: then steps are not stored. A hunt may find that too little; another answer is wrong."""
    cases = [random_case(1000 * bits + seed, most) for seed in range(count)]
    program, expected = executable("table", (f"BITS={bits}",), way, "lassos.c"), [case.expected() for case in cases]
    first = told_each(program, cases, [0] * count)
    assert [one.lines for one in first] == expected and all(one.stored for one in first)
    assert sum("|" in line for lines in expected for line in lines) > count
    needed = told_each(program, [replace(case, steps=Steps.WHEN_NEEDED) for case in cases], [0] * count)
    assert [one.lines[1:] for one in needed] == [lines[1:] for lines in expected]
    unstored = 0
    for one, lines in zip(told_each(program, cases, [max(1, one.bytes - 1) for one in first]), expected):
        if one.lines[0] == f"none {MEMORY_LIMIT}":
            continue
        assert not one.stored and len(one.lines) == len(lines)
        assert all(a in (b, LIMIT) for a, b in zip(one.lines, lines))
        unstored += LIMIT not in one.lines
    assert unstored > count // 2


@pytest.mark.parametrize(("way", "bits", "count", "most"), [("plain", 12, 200, 8), ("plain", 160, 60, 30), ("addresses", 60, 60, 20), ("threads", 60, 50, 20)])
def test_predicates_that_ask_what_occurs_are_asked_at_steps(way: str, bits: int, count: int, most: int) -> None:
    cases = [random_case(1000 * bits + seed, most, asking=True) for seed in range(count)]
    program, expected = executable("table", (f"BITS={bits}", "ASKING=4u"), way, "lassos.c"), [case.expected() for case in cases]
    for steps in (Steps.AT_ONCE, Steps.WHEN_NEEDED, Steps.UNSTORED):
        assert [one.lines for one in told_each(program, [replace(case, steps=steps) for case in cases], [0] * count)] == expected
    assert sum("|" in line for lines in expected for line in lines) > count


def test_where_all_steps_lead_to_greater_states_they_are_only_taken_if_a_lasso_may_be_there() -> None:
    """States of 12 bits are their values, which are made to grow from place to place, as places do along steps."""
    cases = []
    for seed in range(200):
        case = random_case(seed, 20)
        graph = case.table.graph
        moves = tuple(tuple((instance, max(state, target) if target >= 0 else target) for instance, target in row) for state, row in enumerate(graph.moves))
        table = replace(case.table, graph=replace(graph, moves=moves), values=tuple(sorted(case.table.values)))
        cases.append(replace(case, table=table, steps=Steps.WHEN_NEEDED))
    program, expected = executable("table", ("BITS=12",), "plain", "lassos.c"), [case.expected() for case in cases]
    lines = [one.lines for one in told_each(program, cases, [0] * len(cases))]
    assert [one[1:] for one in lines] == [one[1:] for one in expected] and sum("|" in line for one in lines for line in one) > 200
    steps = [(int(one[0].split()[3]), int(wanted[0].split()[3])) for one, wanted in zip(lines, expected)]
    assert all(told_steps == 0 for told_steps, _ in steps) and any(there > 10 for _, there in steps), "when the graph is told, nothing was hunted"


@pytest.mark.parametrize("way", ["plain", "threads"])
def test_graphs_of_several_blocks_are_made_by_several_workers(way: str) -> None:
    """Few states of a random graph are reached, so this one goes from each state to some of the next ones, and back now and then."""
    cases = []
    for seed in range(4 if way == "plain" else 2):
        rng = random.Random(seed)
        small, size = random_graph(random.Random(5), 8), 3500
        moves = []
        for state in range(size):
            targets = {min(size - 1, state + rng.randint(1, 60)) for _ in range(3)} | ({rng.randint(0, state)} if rng.random() < 0.02 else set())
            moves.append(tuple((rng.choice(((0, ()), (1, ()), (3, (True,)))), target) for target in sorted(targets)))
        facts = tuple(frozenset(name for name in "pqr" if rng.random() < 0.7) for _ in range(size))
        graph = Graph(size, 1, tuple(moves), facts, small.fairness)
        claims, vocabulary = spoken(graph, [random_common(rng)[2] for _ in range(3)] + [random_formula(rng, 2, any_atom) for _ in range(2)], 0)
        table = random_table(rng, graph)
        cases.append(Case(Table(graph, table.values, table.ranks, table.raises, 0), claims, vocabulary, 3, 50))
    program = executable("table", ("BITS=60",), way, "lassos.c")
    first = told_each(program, cases, [0] * len(cases))
    assert [one.lines for one in first] == [case.expected() for case in cases]
    again = told_each(program, [replace(case, steps=Steps.UNSTORED) for case in cases], [0] * len(cases))
    assert [one.lines for one in again] == [one.lines for one in first] and not any(one.stored for one in again)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_allocation_fails_there_is_no_wrong_answer(seed: int) -> None:
    """A graph that could not be opened, and a hunt that found no memory, say so."""
    case = random_case(seed, 30)
    expected = [line for line in case.expected() if line.startswith("code")]
    lines = told(executable("table", ("BITS=60",), "addresses", "lassos.c"), [case.numbers((0, 20_000)[seed % 2])], "600")
    runs = [lines[i : i + 1 + len(expected)] for i in range(0, len(lines), 1 + len(expected))]
    lacking = f"code {OUT_OF_MEMORY}"
    assert {run[0] for run in runs} == {"open 0", f"open {OUT_OF_MEMORY}"}
    assert all(answer in (wanted, lacking) for run in runs if run[0] == "open 0" for answer, wanted in zip(run[1:], expected))
    assert any(lacking in run for run in runs) and runs[-1][1:] == expected


@pytest.mark.parametrize("seed", range(6))
def test_whatever_allocation_fails_there_is_no_wrong_answer_of_a_refinement(seed: int) -> None:
    """States that could not be mapped, and a hunt on the mapped behavior that found no memory, say so."""
    case = random_case(seed, 30)
    lines = told(executable("table", ("BITS=60",), "addresses", "lassos.c"), [case.numbers((0, 20_000)[seed % 2])], "600", "refined")
    answers = {line for line in lines if line.startswith("code")}
    lacking, last = f"code {OUT_OF_MEMORY}", lines[-1]
    assert {line for line in lines if line.startswith("open")} == {"open 0", f"open {OUT_OF_MEMORY}"}
    assert answers == {lacking, last} and last != lacking
    assert lines.count(lacking) > 4
