"""The example of a repository whose specs are gated: what its CI would do is done here, and the guide shows its files as they are."""

import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from tests.published import GITLAB, PRE_COMMIT, WORKFLOW, faults
from tests.surfaces.runner import ROOT, Runner, load

GATE = ROOT / "docs/examples/gate"
GUIDE = (ROOT / "docs/guide/ci.md").read_text(encoding="utf-8")
FLOW = load(GATE / ".github/workflows/specs.yml")
OURS = re.compile(r"OWNER/speccheck@v[0-9.]+")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    folder = tmp_path_factory.mktemp("gate")
    return Runner(folder / "checkout", folder / "machine")


@pytest.fixture
def runner(machine: Runner) -> Runner:
    """Return a runner with a fresh checkout of the example."""
    shutil.rmtree(machine.workspace, ignore_errors=True)
    shutil.copytree(GATE, machine.workspace, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    (machine.workspace / ".git").mkdir()
    return machine


def steps_of(job: str) -> list[Any]:
    return list(FLOW["jobs"][job]["steps"])


def uses(steps: list[Any]) -> Iterator[str]:
    for step in steps:
        if "uses" in step:
            yield step["uses"]


def test_the_workflow_is_valid_and_what_it_uses_is_pinned() -> None:
    assert faults(WORKFLOW, {"on": FLOW[True], **{name: value for name, value in FLOW.items() if name is not True}}) == []  # YAML 1.1 reads `on` as true
    for action in (one for job in FLOW["jobs"] for one in uses(steps_of(job))):
        assert OURS.fullmatch(action) or re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), action


def action_step() -> dict[str, str]:
    (step,) = (step for step in steps_of("specs") if OURS.fullmatch(step.get("uses", "")))
    return dict(step["with"])


def test_the_gate_lets_the_example_through_and_leaves_the_reports_that_the_workflow_keeps(runner: Runner) -> None:
    job = runner.action(action_step())
    assert (job.code, job.outputs["exit-code"]) == (0, "0"), job.log
    assert "2 models: 2 ok, 1 not run (slow; --tags all runs them)" in job.log
    kept = next(step["with"]["path"] for step in steps_of("specs") if "upload-artifact" in step.get("uses", ""))
    uploaded = next(step["with"]["sarif_file"] for step in steps_of("specs") if "upload-sarif" in step.get("uses", ""))
    assert uploaded.startswith(f"{kept}/") and (runner.workspace / uploaded).exists()
    assert {path.name for path in (runner.workspace / kept).rglob("*.txt")} >= {"WithoutToken.in_order.txt"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("return token >= self.seen", "return token >= self.seen - 1", "::error file=specs/lease.py,line=51,"),
        ("        return True\n", "        return token >= self.seen\n", "in_order was expected to be VIOLATED, but is HOLDS"),
    ],
)
def test_the_gate_stops_a_change_that_breaks_a_promise_or_takes_the_teeth_out_of_a_spec(before: str, after: str, said: str, runner: Runner) -> None:
    spec = runner.workspace / "specs/lease.py"
    text = spec.read_text(encoding="utf-8")
    assert text.count(before) == 1
    spec.write_text(text.replace(before, after), encoding="utf-8")
    job = runner.action(action_step())
    assert job.code == 1 and said in job.log, job.log


def test_the_tests_of_the_workflow_pass(runner: Runner) -> None:
    scripts = [step for step in steps_of("tests") if "run" in step]
    job = runner.steps(scripts, {}, {**FLOW["jobs"]["tests"]["env"], "SPECCHECK": str(ROOT)})
    assert job.code == 0, job.log
    assert "ok: 1 file, 3 models, types checked by mypy" in job.log and "2 passed" in job.log


def test_the_pipeline_for_gitlab_is_valid_and_runs(runner: Runner) -> None:
    pipeline = load(GATE / ".gitlab-ci.yml")
    assert faults(GITLAB, pipeline) == []
    (job,) = pipeline.values()
    script = "\n".join((*job["before_script"], *job["script"]))
    done = runner.steps([{"run": script}], {}, {**job["variables"], "SPECCHECK": str(ROOT), "GITHUB_ACTIONS": ""})
    assert done.code == 0 and "::" not in done.log, done.log
    junit = runner.workspace / job["artifacts"]["reports"]["junit"]
    assert ET.parse(junit).getroot().get("tests") == "7" and job["artifacts"]["when"] == "always"


def test_the_hooks_that_the_example_uses_exist() -> None:
    hooks = load(GATE / ".pre-commit-config.yaml")
    assert faults(PRE_COMMIT, hooks) == []
    (repo,) = hooks["repos"]
    assert {hook["id"] for hook in repo["hooks"]} == {hook["id"] for hook in load(ROOT / ".pre-commit-hooks.yaml")}


def test_the_example_and_the_action_speak_of_one_version() -> None:
    import speccheck

    texts = [path.read_text(encoding="utf-8") for path in GATE.rglob("*") if path.is_file() and path.suffix in (".yml", ".yaml")]
    versions = {version for text in (*texts, GUIDE) for version in re.findall(r"speccheck@v([0-9.]+[0-9])|rev: v([0-9.]+)", text)}
    assert {one or other for one, other in versions} == {speccheck.__version__}


@pytest.mark.parametrize("file", [".github/workflows/specs.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "specs/lease.py", "tests/test_lease.py"])
def test_the_guide_shows_the_files_of_the_example_as_they_are(file: str) -> None:
    assert (GATE / file).read_text(encoding="utf-8") in GUIDE
