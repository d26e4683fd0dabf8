"""What a run writes besides its text: reports, traces, annotations, a summary; whole files or none, and all of them say what the exit code says."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker.run import Report
from speccheck.cli import status
from tests.published import SARIF, faults
from tests.surfaces.conftest import Run

ALL = "--json out.json --junit out.xml --sarif out.sarif --trace-dir traces"


def test_one_run_writes_everything_and_its_text_stays_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "climb.py", "fall.py", *ALL.split()]) == 1
    written = capsys.readouterr()
    assert written.out.startswith("Climb[TOP=1]  climb.py:10\n") and "4 models: 3 ok, 1 failed" in written.out and written.err == ""
    assert "<?xml" not in written.out and "$schema" not in written.out and "::error" not in written.out
    assert json.loads((folder / "out.json").read_text())["exit_code"] == 1
    assert ET.parse(folder / "out.xml").getroot().get("failures") == "1"
    assert faults(SARIF, json.loads((folder / "out.sarif").read_text())) == []
    assert {"Bold.low.txt", "Bold.low.json", "Fall.safe.txt", "Fall.safe.json"} <= {path.name for path in (folder / "traces").iterdir()}
    assert "2  down()  fall.py:14\n       height: 1 -> 0" in (folder / "traces/Fall.safe.txt").read_text()


@pytest.mark.parametrize(("option", "begins"), [("--json", "{"), ("--junit", "<?xml"), ("--sarif", "{")])
def test_a_report_on_standard_output_is_alone_there(option: str, begins: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "fall.py", option, "-", "--github"]) == 1
    written = capsys.readouterr()
    assert written.out.startswith(begins) and written.out.rstrip().endswith((">", "}")) and "::error" not in written.out
    assert written.err.startswith("::error file=fall.py,line=19")


RED = [
    ("climb.py", 0),
    ("climb.py fall.py", 1),
    ("climb.py -D TOP=5 --model Bold", 1),
    ("broken.py", 3),
    ("climb.py broken.py", 3),
    ("fall.py --max-states 1", 4),
    ("fall.py --max-states 1 --allow-incomplete", 0),
    ("climb.py --max-depth 1 --spec Climb", 4),
    ("nowhere.py", 5),
    ("climb.py nowhere.py", 5),
    ("climb.py -D NOPE=1", 2),
    ("climb.py --property nothing", 5),
    ("empty", 5),
    ("bundled:no_such_spec", 5),
    ("idle.py", 0),
    ("idle.py --strict", 6),
]


@pytest.mark.parametrize(("arguments", "code"), RED)
def test_something_is_red_exactly_where_the_run_fails(arguments: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    assert status(["run", *arguments.split(), *ALL.split(), "--github"]) == code
    root = ET.parse(folder / "out.xml").getroot()
    assert (int(root.get("failures", 0)) + int(root.get("errors", 0)) > 0) == (code != 0)
    (run,) = json.loads((folder / "out.sarif").read_text())["runs"]
    told = [one["level"] for one in run["results"] + run["invocations"][0]["toolExecutionNotifications"]]
    assert ("error" in told) == (code != 0)
    assert ("::error " in capsys.readouterr().out) == (code != 0)


# -------------------------------------------------- GitHub


@pytest.mark.parametrize(
    ("environment", "options", "annotated", "summarised"),
    [
        ({}, "", False, False),
        ({"GITHUB_ACTIONS": "false"}, "", False, False),
        ({"GITHUB_ACTIONS": "true"}, "", True, True),
        ({"GITHUB_ACTIONS": "true"}, "--quiet", True, True),
        ({"GITHUB_ACTIONS": "true"}, "--no-github", False, False),
        ({}, "--github", True, True),
        ({"GITHUB_STEP_SUMMARY": ""}, "--github", True, False),
    ],
)
def test_on_github_a_run_annotates_and_summarises_by_itself(
    environment: dict[str, str],
    options: str,
    annotated: bool,
    summarised: bool,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {"GITHUB_STEP_SUMMARY": "summary.md", **environment}.items():
        monkeypatch.setenv(name, value)
    assert status(["run", "fall.py", *options.split()]) == 1
    assert ("::error file=fall.py,line=19,col=5,endColumn=28,title=Fall%3A safe is VIOLATED after 2 steps::" in capsys.readouterr().out) == annotated
    assert (folder / "summary.md").exists() == summarised


def test_the_summary_is_appended_and_the_step_stays_within_its_size(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    (folder / "summary.md").write_text("# Before\n\n", encoding="utf-8")
    assert status(["run", "fall.py", "--github"]) == 1
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# Before\n\n## :x: speccheck: 1 failed\n") and "```mermaid\n" in text and "VIOLATED safe  fall.py:19" in text
    full = 1024 * 1024
    (folder / "summary.md").write_text("x" * (full - 600), encoding="utf-8")
    assert status(["run", "fall.py", "--github"]) == 1
    assert full - 600 < (folder / "summary.md").stat().st_size <= full
    assert (folder / "summary.md").read_text(encoding="utf-8").endswith("left out: a summary holds no more. The log has all of it._\n")


# -------------------------------------------------- whole files or none


@pytest.mark.parametrize(
    ("output", "place"),
    [(output, place) for output in ("--json", "--junit", "--sarif") for place in ("missing/there/out", "fall.py/out", "nul\0l", "", ".")]
    + [("--trace-dir", place) for place in ("fall.py", "fall.py/out", "nul\0l", "")],
)
def test_a_place_that_cannot_be_written_is_found_before_the_search(
    output: str, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object) -> Report:
        raise AssertionError("the search was begun")

    monkeypatch.setattr("speccheck.cli.run.run", run)
    assert status(["run", "climb.py", output, place]) == 2
    assert "error[SC112]" in capsys.readouterr().err


def test_a_summary_that_cannot_be_written_is_found_before_the_search(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "missing/summary.md")
    assert status(["run", "climb.py", "--github"]) == 2
    written = capsys.readouterr()
    assert "error[SC112]: 'missing/summary.md' cannot be written" in written.err and written.out == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_what_cannot_be_written_in_the_end_does_not_keep_the_rest_from_being_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "fall.py", "--json", "/dev/full", "--junit", "out.xml", "--trace-dir", "traces", "--github"]) == 2
    written = capsys.readouterr()
    assert "error[SC112]: '/dev/full' cannot be written: No space left on device" in written.err
    assert (folder / "out.xml").exists() and (folder / "traces/Fall.safe.txt").exists() and "::error file=fall.py" in written.out


def test_two_outputs_in_one_place_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "link.xml").symlink_to("out.xml")
    assert status(["run", "climb.py", "--junit", "out.xml", "--sarif", "link.xml"]) == 2
    assert "error: --junit and --sarif would write to the same place: " in capsys.readouterr().err
    assert status(["run", "climb.py", "--json", "-", "--junit", "-"]) == 2
    assert "error: --json and --junit would write to the same place: standard output." in capsys.readouterr().err
    assert status(["run", "climb.py", "--json", "/dev/null", "--junit", "/dev/null"]) == 0


def test_a_spec_is_not_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "climb.py").read_text(encoding="utf-8")
    for option in ("--json", "--junit", "--sarif"):
        assert status(["run", ".", option, "climb.py"]) == 2
        assert "'climb.py' is one of the specs" in capsys.readouterr().err
    assert (folder / "climb.py").read_text(encoding="utf-8") == before


def test_files_of_an_earlier_run_are_replaced_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("out.json", "out.xml", "out.sarif"):
        (folder / name).write_text("before" * 100_000, encoding="utf-8")
    assert status(["run", "fall.py", *ALL.split()]) == 1
    assert json.loads((folder / "out.json").read_text()) and ET.parse(folder / "out.xml") and json.loads((folder / "out.sarif").read_text())
    assert not list(folder.rglob(".speccheck-*"))


KILLED = """
import os, signal, sys
from speccheck.cli import main
moved = 0
def killing(source, target, replace=os.replace):
    global moved
    moved += 1
    if moved == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)
os.replace = killing
main(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_run_that_is_killed_while_it_writes_leaves_whole_files(at: int, folder: Path, root: Path) -> None:
    for name in ("out.json", "out.xml", "out.sarif"):
        (folder / name).write_text("before", encoding="utf-8")
    command = [sys.executable, "-c", KILLED.format(at=at), "run", "fall.py", *ALL.split()]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("out.json", "out.xml", "out.sarif")}
    new = [name for name, text in texts.items() if text != "before"]
    assert new == list(texts)[: at - 1]
    for name in new:
        assert ET.fromstring(texts[name].encode()) is not None if name.endswith("xml") else json.loads(texts[name])
    for path in (folder / "traces").glob("*") if at > 3 else ():
        assert path.name.startswith(".speccheck-") or path.read_text(encoding="utf-8")


LONG = """
from speccheck import Spec, action, invariant, Range
from typing import Annotated

class Long(Spec, deadlock=False):
    x: Annotated[int, Range(0, 10**9)] = 0

    @action
    def up(self) -> None:
        self.x += 1

    @invariant
    def low(self) -> bool:
        return self.x < 10**9
"""


def begun(folder: Path, root: Path) -> "subprocess.Popen[str]":
    """Start a search that does not end, and wait until it is under way."""
    (folder / "long.py").write_text(LONG, encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from speccheck.cli import main; main(sys.argv[1:])", "run", "climb.py", "long.py", *ALL.split()]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Bold"):  # the last model of the file before
            break
    time.sleep(1)
    return process


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
def test_a_run_that_is_killed_while_it_searches_leaves_no_files(folder: Path, root: Path) -> None:
    process = begun(folder, root)
    process.kill()
    process.communicate(timeout=30)
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".py" and path.name not in ("__pycache__", ".cache")) == []


def test_a_run_that_is_interrupted_writes_whole_files_of_what_it_did(folder: Path, root: Path) -> None:
    process = begun(folder, root)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    found: dict[str, Any] = json.loads((folder / "out.json").read_text())
    assert found["exit_code"] == 130 and [one["model"] for one in found["results"]] == ["Climb[TOP=1]", "Climb", "Bold", "Long"]
    root_element = ET.parse(folder / "out.xml").getroot()
    assert root_element.get("errors") == "1" and faults(SARIF, json.loads((folder / "out.sarif").read_text())) == []


def test_a_named_pipe_may_take_a_report(shell: Run) -> None:
    done = shell("mkfifo pipe; cat pipe > copy & speccheck run fall.py --junit pipe > /dev/null; code=$?; wait; tail -1 copy; exit $code")
    assert (done.returncode, done.stdout.strip()) == (1, "</testsuites>")
