"""The composite action: its metadata by the published schema, and its scripts run as a runner would."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.published import ACTION, SARIF, faults
from tests.surfaces.runner import EXPRESSION, ROOT, Runner, load, scripts

ACTION_FILE = load(ROOT / "action.yml")


def test_the_metadata_is_valid_by_the_published_schema() -> None:
    assert faults(ACTION, ACTION_FILE) == []
    assert ACTION_FILE["name"] and ACTION_FILE["description"] and ACTION_FILE["runs"]["using"] == "composite"
    assert all(one["description"] and "default" in one for one in ACTION_FILE["inputs"].values())


def test_nothing_is_interpolated_into_a_script() -> None:
    for step in ACTION_FILE["runs"]["steps"]:
        assert step["shell"] == "bash" and not EXPRESSION.search(step["run"])
    assert len(list(scripts(ACTION_FILE["runs"]["steps"]))) == len(ACTION_FILE["runs"]["steps"]), "every step is a script: nothing of others is used"


def test_every_input_is_used_and_every_expression_is_an_input_or_the_place_of_the_action() -> None:
    used = {name for step in ACTION_FILE["runs"]["steps"] for value in step["env"].values() for name in EXPRESSION.findall(value)}
    assert used == {f"inputs.{name}" for name in ACTION_FILE["inputs"]} | {"github.action_path"}


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Return a runner with a checkout that has specs; the action is installed into it once."""
    from tests.surfaces.conftest import BROKEN, CLIMB, IDLE, WRONG

    folder = tmp_path_factory.mktemp("runner")
    workspace = folder / "checkout"
    (workspace / ".git").mkdir(parents=True)
    for name, text in (("specs/climb.py", CLIMB), ("odd folder/fall $(touch injected) `x`.py", WRONG), ("broken.py", BROKEN), ("idle.py", IDLE)):
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_text(text, encoding="utf-8")
    return Runner(workspace, folder / "machine")


def test_the_default_checks_the_folder_of_specs(runner: Runner) -> None:
    job = runner.action({})
    assert (job.code, job.outputs) == (0, {"exit-code": "0"}), job.log
    assert "3 models: 3 ok" in job.log and "::error" not in job.log
    assert job.summary.startswith("## :white_check_mark: speccheck: 3 ok\n")


def test_it_runs_what_was_installed_from_its_own_path(runner: Runner) -> None:
    installed = runner.temporary / "temp/speccheck/lib"
    (package,) = installed.glob("*/site-packages/speccheck")
    assert (package / "bundled/classics/die_hard.py").exists()
    assert (package / "cli/lint.py").read_bytes() == (ROOT / "speccheck/cli/lint.py").read_bytes()


def test_a_violation_fails_the_step_annotates_the_line_and_leaves_reports(runner: Runner) -> None:
    job = runner.action(
        {"paths": "specs\nodd folder\n", "json": "out/all.json", "junit": "out/x y.xml", "sarif": "out/deep/x.sarif", "trace-dir": "out/traces"},
    )
    assert (job.code, job.outputs) == (1, {"exit-code": "1"}), job.log
    assert "::error file=odd folder/fall $(touch injected) `x`.py,line=19," in job.log and "```mermaid" in job.summary
    out = runner.workspace / "out"
    assert json.loads((out / "all.json").read_text(encoding="utf-8"))["exit_code"] == 1
    assert ET.parse(out / "x y.xml").getroot().get("failures") == "1" and (out / "traces/Fall.safe.txt").exists()
    assert faults(SARIF, json.loads((out / "deep/x.sarif").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"paths": "specs", "options": "-DTOP=5\n--spec=Climb\n\n"}, 0, "Climb[TOP=5]"),
        ({"paths": "  idle.py  "}, 0, "finding SC501"),
        ({"paths": "idle.py", "options": "--strict"}, 6, "--strict allows none"),
        ({"paths": "broken.py"}, 3, "error[SC104]"),
        ({"paths": "climb.py", "working-directory": "specs"}, 0, "3 models: 3 ok"),
        ({"paths": "nowhere.py"}, 5, "error[SC101]"),
        ({"paths": ""}, 2, "no PATH is given"),
        ({"paths": "--help"}, 5, "error[SC101]"),
        ({"paths": "specs", "options": "--no-such-option"}, 2, "No such option"),
        ({"paths": "specs", "options": "$(touch injected)\n`touch injected`; touch injected"}, 5, "error[SC101]"),
    ],
)
def test_the_step_ends_with_the_exit_code_of_the_run(given: dict[str, str], code: int, said: str, runner: Runner) -> None:
    job = runner.action(given)
    assert (job.code, job.outputs.get("exit-code")) == (code, str(code)), job.log
    assert said in job.log and not (runner.workspace / "injected").exists()


def test_specs_may_import_what_the_workflow_installed(runner: Runner) -> None:
    (packages,) = (runner.temporary / "python/lib").glob("*/site-packages")
    (packages / "of_the_project.py").write_text("TOP = 2\n", encoding="utf-8")
    text = (runner.workspace / "specs/climb.py").read_text(encoding="utf-8").replace("from speccheck", "import of_the_project\nfrom speccheck", 1)
    (runner.workspace / "importing.py").write_text(text, encoding="utf-8")
    assert runner.action({"paths": "importing.py", "python": "python"}).code == 0
    (packages / "of_the_project.py").unlink()
    assert runner.action({"paths": "importing.py", "python": "python"}).code == 3


def test_a_python_that_is_too_old_is_refused_before_anything_is_installed(runner: Runner, tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    job = runner.action({"python": str(old)})
    assert job.code == 2 and f"::error title=speccheck::It needs Python 3.11 or later as {old}" in job.log


def test_the_scripts_are_bash_that_an_old_mac_has() -> None:
    """Bash 3.2, which macOS still carries, has no mapfile, no associative arrays and no ${x,,}."""
    for script in scripts(ACTION_FILE["runs"]["steps"]):
        assert not any(word in script for word in ("mapfile", "readarray", "declare -A", ",,}", "^^}"))
    assert shutil.which("bash")
