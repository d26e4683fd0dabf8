"""The bundled specs come out as their `@model` lines say, and none of their properties is there for nothing."""

from functools import cache
from pathlib import Path

import pytest

from docs.catalogue import README, catalogue
from speccheck import Result, Verdict
from speccheck.checker.bundled import CHAPTERS, bundled_chapters, bundled_names
from speccheck.checker.run import Report, RunOptions, run

SPECS = Path(__file__).parents[2] / "specs"
FILES = sorted(path.relative_to(SPECS).as_posix() for path in SPECS.rglob("*.py") if not path.name.startswith("_"))
CLAIMS = ("invariant", "step_invariant", "temporal", "refinement")

DEPLOY_THE_CANARY = ("take_out", "bring_up", "start_bake")
STORIES = {
    ("migration/dual_write.py", "NaiveDualWrite[Instance=1]", "agree_when_idle"): ("writer.write_x", "crash"),
    ("migration/dual_write.py", "RecoveringDualWrite[Instance=2]", "agree_when_idle"): ("writer.write_x", "writer.write_x", "writer.write_y", "writer.write_y"),
    ("migration/dual_write.py", "LazyCommit", "never_goes_back"): ("publish", "publish", "consumer.apply", "consumer.apply", "crash", "consumer.apply"),
    ("rollout/staged_rollout.py", "RolloutWithCrashes", "capacity"): ("take_out", "crash"),
    ("rollout/staged_rollout.py", "AllAtOnce", "blast_radius"): ("take_out", "bring_up", "take_out", "bring_up"),
    ("rollout/staged_rollout.py", "TimedBake", "blast_radius"): (*DEPLOY_THE_CANARY, "promote", "take_out", "bring_up"),
    ("rollout/staged_rollout.py", "OwnSignalsOnly", "blast_radius"): (*DEPLOY_THE_CANARY, "request", "request", "promote", "take_out", "bring_up"),
}


@cache
def _report(file: str) -> Report:
    return run((str(SPECS / file),), RunOptions(strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_the_larger_models_come_out_as_their_lines_say(file: str) -> None:
    report = run((str(SPECS / file),), RunOptions(tags=("slow",)))
    assert [(r.model.name, r.mismatches) for r in report.results if not r.as_expected] == []


def test_every_chapter_has_a_title() -> None:
    assert list(bundled_chapters()) == list(CHAPTERS)


def test_the_names_of_bundled_specs_are_unique() -> None:
    assert len(set(bundled_names())) == len(bundled_names()) == len(FILES)


def test_the_table_of_contents_is_what_comes_out() -> None:
    page = catalogue({str(SPECS / file): _report(file) for file in FILES})
    assert README.read_text(encoding="utf-8") == page, "run `python docs/catalogue.py`"


def _result(file: str, model: str) -> Result:
    return next(result for result in _report(file).results if result.model.name == model)


def test_there_are_bundled_specs() -> None:
    assert {"classics/die_hard.py", "migration/dual_write.py", "rollout/staged_rollout.py", "classics/two_phase.py"} <= set(FILES)


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
    trace = _result("classics/die_hard.py", "DieHard")["no_solution"].trace
    assert trace is not None and len(trace.steps) == 6


@pytest.mark.parametrize(("file", "model", "claim"), STORIES)
def test_the_counterexample_is_the_story_that_is_known(file: str, model: str, claim: str) -> None:
    trace = _result(file, model)[claim].trace
    assert trace is not None and tuple(step.action for step in trace.steps) == STORIES[file, model, claim]
