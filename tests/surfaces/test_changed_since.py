"""`speccheck run --changed-since REV`."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from speccheck.cli import status

Git = Callable[..., None]


@pytest.fixture
def git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Return a function that runs git: the folder is a repository, all its files are committed and tagged `base`."""
    for name, value in {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CEILING_DIRECTORIES": str(folder.parent)}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments], check=True, capture_output=True)

    Path("broken.py").write_text("from speccheck import Spec\n1 / 0\n", encoding="utf-8")  # which says what it is made of, all the same
    run("init", "-q", "-b", "main")
    run("add", ".")
    run("commit", "-qm", "first")
    run("tag", "base")
    return run


def change(file: str) -> None:
    Path(file).write_text(Path(file).read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "arguments", "code"),
    [
        ([], ".", 0),
        ([], "climb.py", 0),
        (["climb.py"], ".", 0),
        (["fall.py"], ".", 1),
        (["fall.py"], "climb.py", 0),
        (["fall.py", "climb.py"], ". --jobs 2", 1),
        (["broken.py"], ".", 3),
        (["broken.py"], "climb.py fall.py", 0),
        (["idle.py"], ". --strict", 6),
        (["climb.py"], "climb.py --max-states 1", 4),
        # what a run names must exist, changed or not
        ([], "nowhere.py", 5),
        ([], "bundled:nothing", 5),
        ([], "climb.py nowhere.py", 5),
        ([], "climb.py --model nothing", 5),
        ([], "climb.py --spec Climber", 5),
        ([], "climb.py --property nothing", 5),
        ([], "climb.py --tags nightly", 5),
        ([], "climb.py -D TOPP=3", 2),
        ([], "climb.py --model Bold", 0),
        ([], "climb.py -D TOP=2", 0),
        (["fall.py"], "climb.py fall.py --spec Climb", 0),
        (["fall.py"], "climb.py fall.py --spec Fall", 1),
        (["climb.py"], ". --spec Bold --max-states 1", 3),
    ],
)
def test_a_run_over_what_has_changed_ends_with_its_exit_code(
    changed: list[str], arguments: str, code: int, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    for file in changed:
        change(file)
    assert status(["run", *arguments.split(), "--changed-since", "base"]) == code, capsys.readouterr()


@pytest.mark.parametrize("revision", ["nothing", "", "-x", "base..main"])
def test_a_revision_that_does_not_exist_is_a_usage_error(revision: str, git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "climb.py", f"--changed-since={revision}"]) == 2
    written = capsys.readouterr()
    assert written.out == "" and f"error[SC132]: there is no revision '{revision}' here (git says: fatal: Needed a single revision)" in written.err


def test_no_repository_is_a_usage_error(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert status(["run", "climb.py", "--changed-since", "main"]) == 2
    assert "git says: fatal: not a git repository" in capsys.readouterr().err


def test_no_git_is_a_usage_error(git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    assert status(["run", "climb.py", "--changed-since", "main"]) == 2
    assert "git cannot be run" in capsys.readouterr().err


def test_that_nothing_has_changed_is_said(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", ".", "--changed-since", "base"]) == 0
    assert capsys.readouterr() == ("nothing to check: nothing has changed since base (4 files)\n", "")


def test_what_has_not_changed_is_neither_executed_nor_checked_but_said(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    change("climb.py")
    assert status(["run", ".", "--changed-since", "base"]) == 0
    written = capsys.readouterr()
    assert written.out.endswith("3 models: 3 ok, unchanged since base: 3 files\n") and written.err == ""


def test_a_deleted_spec_is_no_error(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fall.py").unlink()
    assert status(["run", "fall.py", "--changed-since", "base"]) == 0
    assert capsys.readouterr().out == "nothing to check: nothing has changed since base (fall.py is deleted)\n"
    assert status(["run", "fall.py"]) == 5


def test_a_renamed_spec_is_checked_under_its_new_name(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "fall.py", "drop.py")
    assert status(["run", ".", "--changed-since", "base"]) == 1
    assert "Fall  drop.py:8" in capsys.readouterr().out


def test_another_configuration_is_a_change_of_everything(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text('[tool.speccheck]\npaths = ["fall.py"]\n', encoding="utf-8")
    assert status(["run", "--changed-since", "base"]) == 1
    git("add", ".")
    git("commit", "-qm", "second")
    capsys.readouterr()
    assert status(["run", "--changed-since", "HEAD"]) == 0
    assert "nothing has changed since HEAD" in capsys.readouterr().out


def test_models_that_are_left_out_for_their_tags_do_not_make_it_fail(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    slow = Path("fall.py").read_text(encoding="utf-8").replace("class Fall", '@model(tags="slow")\nclass Fall')
    Path("fall.py").write_text(slow, encoding="utf-8")
    assert status(["run", "climb.py", "fall.py", "--changed-since", "base"]) == 0
    assert "0 models: 0 ok, 1 not run (slow; --tags all runs them), unchanged since base: 1 file" in capsys.readouterr().out
    assert status(["run", "fall.py", "--changed-since", "base"]) == 5


def test_the_json_says_what_was_not_looked_at(git: Git, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((root / "docs/reference/results.schema.json").read_text(encoding="utf-8"))

    def written(*arguments: str) -> Any:
        capsys.readouterr()
        status(["run", *arguments, "--json", "-"])
        found = json.loads(capsys.readouterr().out)
        jsonschema.validate(found, schema)
        return found["unchanged"], [one["model"] for one in found["results"]], found["exit_code"]

    Path("idle.py").unlink()
    change("fall.py")
    assert written("climb.py", "fall.py", "idle.py", "--changed-since", "base") == (
        {"since": "base", "files": ["climb.py"], "deleted": ["idle.py"]},
        ["Fall"],
        1,
    )
    assert written("climb.py") == (None, ["Climb[TOP=1]", "Climb", "Bold"], 0)
