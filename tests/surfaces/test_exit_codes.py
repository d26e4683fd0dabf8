"""Every way in which a run can end has its exit code; no path on which something was not checked exits 0."""

import subprocess
import sys
from pathlib import Path

import pytest

from speccheck.checker.run import Report
from speccheck.cli import status
from tests.surfaces.conftest import IDLE

ACCEPTED = IDLE.replace("deadlock=False", 'deadlock=False, accept={"SC501": "not built yet"}')
OUTDATED = IDLE.replace("deadlock=False", 'deadlock=False, accept={"SC501": "not built yet"}').replace("require(self.on)", "require(not self.on)")
WRONG_CODE = IDLE.replace("deadlock=False", 'deadlock=False, accept={"SC599": "not built yet"}')


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("run climb.py", 0),
        ("run climb.py --quiet", 0),
        ("run climb.py -D TOP=2 --spec Climb", 0),
        ("run climb.py --symmetry --spec Climb", 0),
        ("run climb.py --property low", 0),
        # not as expected
        ("run fall.py", 1),
        ("run fall.py --quiet", 1),
        ("run fall.py --property safe", 1),
        ("run climb.py fall.py", 1),
        ("run climb.py fall.py --jobs 1", 1),
        ("run climb.py fall.py --jobs 2", 1),
        ("run climb.py fall.py --cache", 1),
        ("run climb.py -D TOP=1 --model Bold", 0),
        ("run climb.py -D TOP=5 --model Bold", 1),
        # usage
        ("", 2),
        ("run", 2),
        ("chek", 2),
        ("run climb.py --modle x", 2),
        ("run climb.py --max-states 0", 2),
        ("run climb.py --max-states many", 2),
        ("run climb.py --max-memory 5XB", 2),
        ("run climb.py --timeout nan", 2),
        ("run climb.py --engine other", 2),
        ("run climb.py --engine tlc", 2),
        ("run climb.py -D TOP", 2),
        ("run climb.py -D TOPP=3", 2),
        ("run climb.py -D TOP=3 -D TOP=4", 2),
        ("run climb.py --json missing/out.json", 2),
        ("run climb.py --json .", 2),
        ("run climb.py --json ./climb.py", 2),
        ("run climb.py --junit missing/out.xml", 2),
        ("run climb.py --sarif .", 2),
        ("run climb.py --sarif climb.py", 2),
        ("run . --junit climb.py", 2),
        ("run climb.py --trace-dir climb.py", 2),
        ("run climb.py --trace-dir climb.py/traces", 2),
        ("run climb.py --json out --junit ./out", 2),
        ("run climb.py --json - --sarif -", 2),
        ("explain SC999", 2),
        ("new climb", 2),
        ("new no-name", 2),
        ("graph climb.py -o out.gif", 2),
        ("graph climb.py -o missing/out.dot", 2),
        ("list", 2),
        ("run climb.py --jobs 0", 2),
        ("run climb.py --jobs two", 2),
        ("run climb.py --changed-since HEAD", 2),
        ("run climb.py --changed-since", 2),
        ("cache clean", 2),
        ("config climb.py fall.py", 2),
        # a spec that cannot be loaded
        ("run broken.py", 3),
        ("run climb.py broken.py fall.py", 3),
        ("run climb.py broken.py fall.py --jobs 2", 3),
        ("run .", 3),
        ("run climb.py -D TOP=0", 3),
        ("run climb.py -D TOP=abc", 3),
        ("list broken.py", 3),
        ("list climb.py broken.py", 3),
        ("graph broken.py -o out.dot", 3),
        # cut
        ("run climb.py --spec Climb --max-states 1", 4),
        ("run climb.py --spec Climb --max-depth 1", 4),
        ("run climb.py --spec Climb --max-states 1 --allow-incomplete", 0),
        ("run fall.py --max-depth 1", 4),
        ("run climb.py --max-states 1 --jobs 2", 4),
        ("run climb.py --max-states 1 --cache", 4),
        # nothing to check
        ("run nowhere.py", 5),
        ("run climb.py nowhere.py", 5),
        ("run climb.py --spec Clim", 5),
        ("run climb.py --model nothing", 5),
        ("run climb.py --property nothing", 5),
        ("run empty", 5),
        ("run climb.py empty", 5),
        ("run empty climb.py", 5),
        ("run bundled:no_such_spec", 5),
        ("list nowhere.py", 5),
        ("graph nowhere.py -o out.dot", 5),
        # findings
        ("run idle.py", 0),
        ("run idle.py --strict", 6),
        ("run idle.py fall.py --strict", 1),
        ("run accepted.py --strict", 0),
        ("run outdated.py --strict", 6),
        ("run outdated.py", 0),
        ("run wrong_code.py", 3),
        # reports change nothing
        ("run climb.py --junit out.xml --sarif out.sarif --json out.json --trace-dir traces --github", 0),
        ("run fall.py --junit out.xml --sarif out.sarif --json out.json --trace-dir traces --github", 1),
        ("run fall.py --junit -", 1),
        ("run fall.py --sarif -", 1),
        ("run broken.py --junit out.xml --sarif out.sarif --github", 3),
        ("run climb.py --spec Climb --max-states 1 --junit out.xml --github", 4),
        ("run nowhere.py --junit out.xml --sarif out.sarif --github", 5),
        ("run idle.py --strict --junit out.xml --github", 6),
        # no run at all
        ("--version", 0),
        ("--help", 0),
        ("run --help", 0),
        ("explain", 0),
        ("explain SC203", 0),
        ("config", 0),
        ("config climb.py", 0),
        ("cache", 0),
        ("cache clear", 0),
        ("list climb.py", 0),
        ("list --bundled", 0),
        ("new another", 0),
        ("graph climb.py -o out.dot", 0),
    ],
)
def test_a_run_ends_with_its_exit_code(arguments: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    for name, text in (("accepted", ACCEPTED), ("outdated", OUTDATED), ("wrong_code", WRONG_CODE)):
        if f"{name}.py" in arguments:
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
    assert status(arguments.split()) == code, capsys.readouterr()


@pytest.mark.parametrize(
    "arguments", ["run climb.py --modle x", "run nowhere.py", "run broken.py", "run climb.py --json missing/out.json", "explain SC999", "chek"]
)
def test_trouble_is_told_on_standard_error_alone(arguments: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(arguments.split()) != 0
    written = capsys.readouterr()
    assert written.out == "" and written.err.startswith("error")


def raising(trouble: BaseException) -> object:
    def run(*_: object) -> Report:
        raise trouble

    return run


def test_a_bug_of_ours_exits_70_and_says_how_to_report_it(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.run.run", raising(AssertionError("a wrong assumption")))
    assert status(["run", "climb.py"]) == 70
    error = capsys.readouterr().err
    assert "AssertionError: a wrong assumption" in error and "a bug of speccheck, not of your spec" in error and "Please report it" in error


def test_an_interrupt_exits_130(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.run.run", raising(KeyboardInterrupt()))
    assert status(["run", "climb.py"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_running_out_of_memory_is_inconclusive(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.run.run", raising(MemoryError()))
    assert status(["run", "climb.py"]) == 4
    assert "--max-memory" in capsys.readouterr().err


def test_an_unwritable_output_is_refused_before_the_search(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.run.run", raising(AssertionError("the search was begun")))
    assert status(["run", "climb.py", "--json", "missing/out.json"]) == 2
    assert "error[SC112]: 'missing/out.json' cannot be written: No such file or directory" in capsys.readouterr().err


def test_an_output_that_becomes_unwritable_is_an_error_although_the_run_was_fine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "climb.py", "--json", "/dev/full"]) == 2
    assert "error[SC112]: '/dev/full' cannot be written: No space left on device" in capsys.readouterr().err


def test_a_rule_that_exits_does_not_end_the_run_with_its_own_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "fall.py").read_text(encoding="utf-8").replace("require(self.height > 0)", "raise SystemExit(0)")
    (folder / "exits.py").write_text(text, encoding="utf-8")
    assert status(["run", "exits.py"]) != 0
    assert "SystemExit" in "".join(capsys.readouterr())


def test_a_broken_installation_does_not_look_like_a_refuted_spec(root: Path) -> None:
    # -S: without the packages of the environment, click for one.
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from speccheck.cli import main; main(['run', 'x.py'])"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 70 and "ModuleNotFoundError" in done.stderr
