"""Type errors: what mypy says about the files that were asked for, and never silence where it could not look."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker import types
from speccheck.checker.types import mypy_installed, type_errors

SPEC = """\
from speccheck import Spec, action


class X(Spec):
    on: bool = False

    @action
    def go(self) -> None:
        helped: int = "%s"
        self.on = len("x") == helped
"""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.py").write_text(SPEC % folder, encoding="utf-8")
    return tmp_path


def test_a_type_error_has_its_place_and_its_words(specs: Path) -> None:
    assert mypy_installed()
    (error,) = type_errors(["a/x.py"])
    assert (error.code, error.exit_code, str(error.span)) == ("SC226", 3, "a/x.py:9:23")
    assert error.message.startswith("Incompatible types in assignment (expression has type ") and error.message.endswith("[assignment]")


def test_modules_of_one_name_in_several_folders_and_imports_beside_them(specs: Path) -> None:
    (specs / "a/common.py").write_text("LIMIT: int = 'no'\n", encoding="utf-8")
    (specs / "a/y.py").write_text("from common import LIMIT\nlimit: str = LIMIT\n", encoding="utf-8")
    assert [str(error.span) for error in type_errors(["b/x.py", "a/y.py", "a/x.py"])] == ["a/x.py:9:23", "a/y.py:2:14", "b/x.py:9:23"]


def test_the_configuration_of_the_project_is_heeded(specs: Path) -> None:
    (specs / "pyproject.toml").write_text('[tool.mypy]\npretty = true\ndisable_error_code = ["assignment"]\n', encoding="utf-8")
    assert list(type_errors(["a/x.py"])) == []


def test_mypy_that_fails_is_an_error(specs: Path) -> None:
    (specs / "mypy.ini").write_text("[mypy]\npython_version = 1.0\nplugins = no_such_plugin\n", encoding="utf-8")
    (error,) = type_errors(["a/x.py"])
    assert (error.code, error.exit_code) == ("SC117", 2) and error.message == "mypy failed with code 2"
    assert any("no_such_plugin" in note for note in error.notes) and "--no-types" in error.remedy


def test_notes_belong_to_the_error_before_them(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "other.py:1: error: not ours  [x]\nother.py:1: note: nor this\na/x.py:2:3: error: first  [y]\na/x.py:2:3: note: more\na/x.py:2:3: note: still\n"
        "a/x.py:5: error: second\nsomething else\n"
    )

    def run(*_: Any, **__: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.CompletedProcess([], 1, said, "")

    monkeypatch.setattr(types.subprocess, "run", run)
    found = list(type_errors(["a/x.py"]))
    assert [(one.message, str(one.span), one.notes) for one in found] == [("first  [y]", "a/x.py:2:3", ("more", "still")), ("second", "a/x.py:5", ())]


def test_speccheck_is_found_where_python_found_it(specs: Path, root: Path) -> None:
    """Without an installation: from a checkout that is on the path."""
    code = "import sys; from speccheck.checker.types import type_errors; sys.exit(len(list(type_errors(['a/x.py']))))"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(root), "PATH": ""}, cwd=specs, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
