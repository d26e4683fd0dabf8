"""`speccheck run --jobs N`."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from speccheck.cli import status

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
# Three models: a small one between two that would take minutes.
BIG = """
from typing import Annotated
from speccheck import Range, Spec, action, constant, invariant, model, require
N = constant("N", 400)

@model(N=300)
@model(N=5, distinct=216)
@model(N=301)
class Big(Spec, deadlock=False):
    a: Annotated[int, Range(0, 1000)] = 0
    b: Annotated[int, Range(0, 1000)] = 0
    c: Annotated[int, Range(0, 1000)] = 0
    @action
    def up_a(self) -> None:
        require(self.a < N)
        self.a += 1
    @action
    def up_b(self) -> None:
        require(self.b < N)
        self.b += 1
    @action
    def up_c(self) -> None:
        require(self.c < N)
        self.c += 1
    @invariant
    def fine(self) -> bool:
        return self.a + self.b + self.c <= 3 * N
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.checker.jobs.can_fork", lambda: True)


@pytest.fixture
def start(folder: Path, root: Path) -> Iterator[Start]:
    """Return a function that starts `speccheck run big.py` with options, as the leader of a process group of its own."""
    (folder / "big.py").write_text(BIG, encoding="utf-8")
    begun: list[subprocess.Popen[str]] = []

    def run(*options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "speccheck", "run", "big.py", *options]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        begun.append(process)
        return process

    yield run
    for one in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.communicate()


def children(process: "subprocess.Popen[str]", count: int) -> list[int]:
    """Wait until a process has that many children that have worked for a while; return their ids."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        listed = subprocess.run(["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True, check=True).stdout
        found = [int(row.split()[0]) for row in listed.splitlines() if int(row.split()[1]) == process.pid]
        if len(found) >= count:
            time.sleep(1.0)
            return found
        time.sleep(0.05)
    raise AssertionError("there are no children")


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"]


def out(arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str, int]:
    """Return what a command line writes, without times, and its exit code."""
    capsys.readouterr()
    code = status(arguments.split())
    written = capsys.readouterr()
    return re.sub(r"\d+\.\d\d( s)?", r"0.00\1", written.out), written.err, code


@pytest.mark.parametrize(
    "arguments", ["climb.py", "climb.py fall.py idle.py", "climb.py broken.py fall.py", "climb.py --max-states 1", "bundled:peterson --full"]
)
def test_the_number_of_jobs_changes_nothing_but_times(arguments: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = out(f"run {arguments} --jobs 1", capsys)
    assert out(f"run {arguments} --jobs 2", capsys) == one
    assert out(f"run {arguments} --jobs 7", capsys) == one
    assert out(f"run {arguments}", capsys) == one


def test_the_json_is_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def written(jobs: int) -> object:
        capsys.readouterr()
        status(["run", "climb.py", "fall.py", "idle.py", "--json", "-", "--jobs", str(jobs)])
        found = json.loads(capsys.readouterr().out)
        for one in found["results"]:
            one["seconds"] = one["memory_bytes"] = 0
        return found

    assert written(2) == written(1)


def test_an_error_while_a_rule_runs_comes_with_its_trace(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        text = (folder / "fall.py").read_text(encoding="utf-8").replace("return self.height > 0", "return ANSWERS[self.height]")
        (folder / f"{name}.py").write_text(text + "\n\nANSWERS = [True, None, True]\n", encoding="utf-8")
    first = out("run one.py two.py --jobs 1", capsys)
    assert first[2] == 3 and "the way to the state where it happened" in first[1]
    assert out("run one.py two.py --jobs 2", capsys) == first


def test_ctrl_c_ends_all_within_a_second_and_shows_what_was_found(start: Start) -> None:
    process = start("--jobs", "2")
    workers = children(process, 2)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody
    written, errors = process.communicate(timeout=20)
    assert time.monotonic() - began < 1.5, "a second, and what a busy machine adds"
    assert process.returncode == 130 and errors == "" and alive(workers) == []
    shown = re.findall(r"^Big\[N=(\d+)\]", written, re.MULTILINE)
    assert shown == ["300", "5", "301"] and written.count("stopped early: interrupted") == 2
    assert "3 models: 1 ok, 2 unknown" in written


def test_a_worker_that_is_killed_is_an_error_and_no_success(start: Start) -> None:
    process = start("--jobs", "2", "--max-states", "100000", "--allow-incomplete")
    victim = children(process, 2)[0]
    os.kill(victim, signal.SIGKILL)
    written, errors = process.communicate(timeout=60)
    assert process.returncode == 4
    assert re.search(r"error\[SC133\]: Big\[N=30[01]\] was not checked: its process was killed by SIGKILL\n  --> big.py:[68]", errors)
    assert "remedy: Where memory ran out, give --max-memory" in errors and "2 models: " in written and ", 1 error" in written


def test_nothing_is_left_behind_when_the_parent_is_killed(start: Start) -> None:
    process = start("--jobs", "2")
    workers = children(process, 2)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while alive(workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(workers) == []


def test_what_is_too_much_for_a_share_of_the_memory_is_not_too_much_for_all_of_it(start: Start, folder: Path) -> None:
    (folder / "big.py").write_text(BIG.replace("@model(N=300)", "@model(N=4)").replace("@model(N=301)", "@model(N=3)"), encoding="utf-8")
    # Python and speccheck alone are larger than a third of the second one.
    for limit, code, told in (("1MB", 4, "3 models: 0 ok, 3 unknown"), ("90MB", 0, "3 models: 3 ok")):
        process = start("--jobs", "3", "--max-memory", limit)
        written, _ = process.communicate(timeout=60)
        assert (process.returncode, written.splitlines()[-1]) == (code, told)
