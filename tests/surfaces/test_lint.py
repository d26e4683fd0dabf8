"""`speccheck lint`: what it finds without a search, and its exit codes."""

from pathlib import Path

import pytest

from speccheck.checker import lint as lint_module
from speccheck.checker.run import RunOptions
from speccheck.cli import status

IMPOSSIBLE = """\
from typing import Literal

from speccheck import Spec, action, invariant


class Light(Spec, deadlock=False{options}):
    color: Literal["red", "green"] = "red"

    @action
    def turn(self) -> None:
        self.color = "green" if self.color == "red" else "red"

    @invariant
    def never_blue(self) -> bool:
        return self.color != "blue"
"""
NO_FORMULA = """\
from speccheck import Formula, Spec, action, eventually, temporal


class Light(Spec, deadlock=False):
    on: bool = False

    @action
    def turn(self) -> None:
        self.on = True

    @temporal
    def shines(self) -> Formula:
        return eventually(self.on)
"""
ASYMMETRIC = '''\
from speccheck import Sort, Spec, action, each, model


class P(Sort, size=3, symmetric=True):
    """Somebody."""


FIRST = next(iter(P))


@model(symmetry=True)
class Light(Spec, deadlock=True):
    on: dict[P, bool] = each(False)

    @action
    def turn(self) -> None:
        self.on[FIRST] = not self.on[FIRST]
'''
NOTHING = "from speccheck import Spec\n\n\nclass Light(Spec, deadlock=False):\n    on: bool = False\n"
ENDLESS = """\
from speccheck import Spec, action, invariant


class Endless(Spec):
    x: int = 0

    @action
    def up(self) -> None:
        self.x += 1

    @invariant
    def fine(self) -> bool:
        return self.x >= 0
"""


@pytest.fixture
def specs(folder: Path) -> Path:
    made = {"no_formula": NO_FORMULA, "asymmetric": ASYMMETRIC, "nothing": NOTHING, "endless": ENDLESS}
    made |= {"impossible": IMPOSSIBLE.format(options=""), "kept": IMPOSSIBLE.format(options=', accept={"SC504": "for the reader"}')}
    made["typed"] = ENDLESS.replace("self.x += 1", "step: int = 'one'\n        self.x += len(step) if step else 1").replace("len(step)", "1")
    for name, text in made.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "empty").mkdir()
    return folder


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("climb.py fall.py", 0),
        ("endless.py", 0),
        ("broken.py", 3),
        ("climb.py broken.py", 3),
        (".", 3),
        ("no_formula.py", 3),
        ("asymmetric.py", 3),
        ("nothing.py", 5),
        ("nowhere.py", 5),
        ("empty", 5),
        ("climb.py nowhere.py", 5),
        ("bundled:no_such_spec", 5),
        ("bundled:die_hard", 0),
        ("impossible.py", 0),
        ("impossible.py --strict", 6),
        ("kept.py --strict", 0),
        ("climb.py --wrong", 2),
        ("", 2),
    ],
)
def test_a_look_ends_with_its_exit_code(arguments: str, code: int, specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["lint", *arguments.split(), *(["--no-types"] if arguments else [])]) == code, capsys.readouterr()


def test_types_are_checked_where_mypy_is_installed(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["lint", "climb.py"]) == 0
    assert capsys.readouterr().out == "ok: 1 file, 3 models, types checked by mypy\n"
    assert status(["lint", "typed.py"]) == 3
    written = capsys.readouterr()
    assert 'error[SC226]: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]' in written.err
    assert "  --> typed.py:9:21\n" in written.err and written.out == "FAILED: 1 error, 1 file, 1 model, types checked by mypy\n"
    assert status(["lint", "typed.py", "--no-types"]) == 0
    assert capsys.readouterr().out == "ok: 1 file, 1 model, types not checked\n"


@pytest.mark.parametrize(("option", "code"), [([], 0), (["--no-types"], 0), (["--types"], 2)])
def test_mypy_that_is_demanded_and_missing_is_an_error(
    option: list[str], code: int, specs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint_module, "mypy_installed", lambda: False)
    assert status(["lint", "climb.py", *option]) == code
    assert ("error[SC117]: mypy is not installed in this environment" in capsys.readouterr().err) == (code == 2)


def test_what_is_wrong_is_told_once_for_all_models(specs: Path) -> None:
    linted = lint_module.lint(("climb.py",), RunOptions(), types=False)
    assert [model.name for model in linted.models] == ["Climb[TOP=1]", "Climb", "Bold"]
    text = (
        IMPOSSIBLE.format(options="")
        .replace("class Light", '@model(name="one")\n@model(name="two")\nclass Light')
        .replace("invariant\n", "invariant, model\n", 1)
    )
    (specs / "twice.py").write_text(text, encoding="utf-8")
    linted = lint_module.lint(("twice.py",), RunOptions(), types=False)
    assert len(linted.models) == 2 and [one.code for one in linted.report.findings] == ["SC504"]


def test_findings_are_shown_and_a_quiet_look_says_only_what_is_wrong(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["lint", "impossible.py", "--no-types"])
    text = capsys.readouterr().out
    assert text.startswith("finding SC504: ") and text.endswith("ok: 1 file, 1 model, types not checked\n")
    status(["lint", "kept.py", "--no-types"])
    assert "(accepted: for the reader)" in capsys.readouterr().out
    for arguments, said in (("impossible.py", False), ("impossible.py --strict", True), ("kept.py --strict", False), ("climb.py", False)):
        status(["lint", *arguments.split(), "--no-types", "--quiet"])
        assert bool(capsys.readouterr().out) == said


def test_nothing_is_searched(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def explore(*_: object, **__: object) -> None:
        raise AssertionError("a search was begun")

    monkeypatch.setattr("speccheck.engines.python.machine.PythonMachine.explore", explore)
    assert status(["lint", "climb.py", "fall.py", "endless.py", "--no-types"]) == 0
