"""The bundled specs come out as their `@model` lines say, and none of their properties is there for nothing."""

from functools import cache
from pathlib import Path

import pytest

from speccheck import Result, Verdict
from speccheck.checker.run import Report, RunOptions, run

SPECS = Path(__file__).parents[2] / "specs"
FILES = sorted(path.relative_to(SPECS).as_posix() for path in SPECS.rglob("*.py") if not path.name.startswith("_"))
CLAIMS = ("invariant", "step_invariant", "temporal", "refinement")

DEPLOY_THE_CANARY = ("take_out", "bring_up", "start_bake")
STORIES = {
    ("dual_write.py", "NaiveDualWrite[Instance=1]", "agree_when_idle"): ("write_x", "crash"),
    ("dual_write.py", "RecoveringDualWrite[Instance=2]", "agree_when_idle"): ("write_x", "write_x", "write_y", "write_y"),
    ("dual_write.py", "LazyCommit", "never_goes_back"): ("publish", "apply", "publish", "apply", "crash", "apply"),
    ("staged_rollout.py", "RolloutWithCrashes", "capacity"): ("take_out", "crash"),
    ("staged_rollout.py", "AllAtOnce", "blast_radius"): ("take_out", "bring_up", "take_out", "bring_up"),
    ("staged_rollout.py", "TimedBake", "blast_radius"): (*DEPLOY_THE_CANARY, "promote", "take_out", "bring_up"),
    ("staged_rollout.py", "OwnSignalsOnly", "blast_radius"): (*DEPLOY_THE_CANARY, "request", "request", "promote", "take_out", "bring_up"),
}


@cache
def _report(file: str) -> Report:
    return run((str(SPECS / file),), RunOptions(strict=True))


def _result(file: str, model: str) -> Result:
    return next(result for result in _report(file).results if result.model.name == model)


def test_there_are_bundled_specs() -> None:
    assert {"die_hard.py", "dual_write.py", "staged_rollout.py", "two_phase.py"} <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_model_comes_out_as_its_line_says_and_without_a_finding(file: str) -> None:
    report = _report(file)
    assert [str(error) for error in report.errors] == []
    assert [(r.model.name, r.mismatches, r.findings) for r in report.results if not r.as_expected or r.findings] == []
    assert report.results and report.exit_code == 0


@pytest.mark.parametrize("file", FILES)
def test_every_claim_is_violated_by_some_model_and_holds_in_another(file: str) -> None:
    found = {(p.name, p.verdict) for result in _report(file).results for p in result.properties if p.kind in CLAIMS}
    names = {name for name, _ in found}
    assert names
    assert [name for name in sorted(names) if (name, Verdict.VIOLATED) not in found] == []
    assert [name for name in sorted(names) if (name, Verdict.HOLDS) not in found] == []


@pytest.mark.parametrize("file", FILES)
def test_every_model_states_its_counts(file: str) -> None:
    expectations = {result.model.name: result.model.expectation for result in _report(file).results}
    assert [name for name, expected in expectations.items() if expected.distinct is None or expected.depth is None] == []


@pytest.mark.parametrize("file", FILES)
def test_every_spec_tells_its_own_story(file: str) -> None:
    specs = {result.model.spec for result in _report(file).results}
    assert [spec.__name__ for spec in specs if not vars(spec).get("__doc__")] == []


def test_the_shortest_solution_of_die_hard_has_six_steps() -> None:
    trace = _result("die_hard.py", "DieHard")["no_solution"].trace
    assert trace is not None and len(trace.steps) == 6


@pytest.mark.parametrize(("file", "model", "claim"), STORIES)
def test_the_counterexample_is_the_story_that_is_known(file: str, model: str, claim: str) -> None:
    trace = _result(file, model)[claim].trace
    assert trace is not None and tuple(step.action for step in trace.steps) == STORIES[file, model, claim]
