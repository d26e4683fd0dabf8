"""Random graphs with fairness, written as specs and checked as a user checks them, get the verdicts of the brute force and lassos that are fair violations."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from speccheck import Result, Verdict
from speccheck.checker.check import check_model
from speccheck.checker.result import PropertyResult
from speccheck.dsl import formulas as dsl
from speccheck.engines.machine import Budget, Lasso
from speccheck.model.select import models_of_file
from tests.agreement.brute_force import core, least_prefix, reading, some_fair_violation, untils_of
from tests.agreement.liveness_checks import MOST_UNTILS, complaint_about
from tests.agreement.random_behaviors import DROPPED, Graph, any_atom, behaviors_of, random_common, random_formula, random_graph, shown
from tests.agreement.random_live_specs import by_level, cut, spec_of


def random_case(rng: random.Random) -> tuple[Graph, list[int], dsl.Formula, tuple[str, tuple[dsl.Formula, ...]] | None]:
    """Return a graph numbered as a search does, the ends of its levels, and a formula; for a common shape over states its operator and operands."""
    while True:
        graph = random_graph(rng)
        if graph.expanded == graph.size and graph.initial:
            break
    if rng.random() < 0.4:
        operator, operands, formula = random_common(rng)
        return *by_level(graph), formula, (operator, operands)
    while True:
        formula = random_formula(rng, rng.randint(1, 3), any_atom) if rng.random() < 0.7 else random_common(rng, any_atom)[2]
        if len(untils_of(core(formula))) <= MOST_UNTILS:
            return *by_level(graph), formula, None


@pytest.mark.parametrize("seed", range(12))
def test_verdicts_of_random_specs_are_those_of_the_brute_force(seed: int, tmp_path: Path) -> None:
    for number in range(25):
        agree(random.Random(100 * seed + number), tmp_path / f"spec{number}.py")


def agree(rng: random.Random, file: Path) -> None:
    """Check one random spec, often within a bound."""
    graph, ends, formula, shape = random_case(rng)
    file.write_text(spec_of(graph, formula, rng))
    depth = rng.randint(1, len(ends) + 1) if rng.random() < 0.3 else None
    seen = graph if depth is None else cut(graph, ends, depth)
    result = checked(file, depth)
    claim, text = result["claim"], f"{shown(formula)}, depth {depth}, see {file}"
    assert (result.distinct, result.complete) == (seen.size, seen.expanded == seen.size), text
    if some_fair_violation(seen, formula):
        assert claim.verdict is Verdict.VIOLATED, text
        lasso = lasso_of(claim)
        assert complaint_about(lasso, seen, formula, replace(behaviors_of(seen, formula)[0]).counterexample) in (None, "is too long"), text
        if shape is not None:
            assert lasso.prefix == least_prefix(seen, reading(seen, *shape)), text
    else:
        drops = any(target == DROPPED for moves in seen.moves for _, target in moves)
        assert claim.verdict is (Verdict.HOLDS if seen.expanded == seen.size and not drops else Verdict.UNKNOWN), text


def checked(file: Path, depth: int | None) -> Result:
    (model,), _ = models_of_file(str(file), {})
    return check_model(model, budget=Budget(depth=depth))


def lasso_of(claim: PropertyResult) -> Lasso:
    """Return the lasso that a trace tells of, by the variable that numbers the states."""
    trace = claim.trace
    assert trace is not None and trace.loop_start is not None
    numbers = [state["s"] for state in trace.states]
    assert all(isinstance(n, int) for n in numbers)
    stutters = trace.steps[-1].action is None
    assert not any(step.action is None for step in trace.steps[:-1])
    assert numbers[-1] == numbers[trace.loop_start]
    return Lasso(tuple(numbers[: trace.loop_start + 1]), () if stutters else tuple(numbers[trace.loop_start + 1 :]))  # type: ignore[arg-type]
