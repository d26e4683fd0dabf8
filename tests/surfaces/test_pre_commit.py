"""The hooks for pre-commit, installed from a copy of this repository and run by pre-commit itself; nothing is downloaded."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.surfaces.conftest import CLIMB, WRONG
from tests.surfaces.runner import OFFLINE, ROOT, load

HOOKS = load(ROOT / ".pre-commit-hooks.yaml")
PRE_COMMIT = (sys.executable, "-m", "pre_commit")


def git(folder: Path, *words: str) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


def test_the_manifest_is_valid() -> None:
    done = subprocess.run([*PRE_COMMIT, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert [hook["id"] for hook in HOOKS] == ["speccheck", "speccheck-lint"]
    for hook in HOOKS:
        assert hook["language"] == "python" and hook["require_serial"] and "--quiet" in hook["entry"]


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the hooks: a copy of ours, without its history."""
    folder = tmp_path_factory.mktemp("hooks") / "speccheck"
    folder.mkdir()
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("speccheck", "specs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "hooks")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which pre-commit keeps the environment of the hooks for all tests of this module."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def project(tmp_path: Path, hooks: Path) -> Path:
    """Return a repository that uses the hooks."""
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: speccheck\n  - id: speccheck-lint\n", encoding="utf-8"
    )
    for name in ("specs/climb.py", "spec/climb.py", "climb_spec.py", "other.py", "deep/specs/inner/climb.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(CLIMB if "climb" in name else "raise SystemExit(3)\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    return tmp_path


def committed(project: Path, home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **OFFLINE, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run([*PRE_COMMIT, "run", *words], cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_hooks_pass_on_specs_that_are_as_expected_and_say_nothing(project: Path, home: Path) -> None:
    done = committed(project, home, "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2 and "Climb" not in done.stdout


def test_hooks_look_at_specs_alone(project: Path, home: Path) -> None:
    done = committed(project, home, "speccheck-lint", "--files", "other.py")
    assert done.returncode == 0 and "(no files to check)Skipped" in done.stdout


@pytest.mark.parametrize(
    ("text", "hook", "code", "said"),
    [
        (WRONG, "speccheck", 1, "VIOLATED safe  specs/climb.py:19"),
        (WRONG, "speccheck-lint", 0, ""),
        (CLIMB.replace("self.height += 1", "self.hight += 1"), "speccheck-lint", 1, "error[SC205]: "),
    ],
)
def test_a_hook_fails_where_its_command_does(text: str, hook: str, code: int, said: str, project: Path, home: Path) -> None:
    (project / "specs/climb.py").write_text(text, encoding="utf-8")
    done = committed(project, home, hook, "--files", "specs/climb.py")
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout
