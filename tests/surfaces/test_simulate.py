"""`speccheck simulate`: what it prints, what it writes, and every way in which it can end."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from speccheck.cli import status
from tests.surfaces.conftest import Run

STUCK = '''\
"""A counter whose last step is missing."""

from typing import Annotated

from speccheck import Range, Spec, action, reachable, require


class Stuck(Spec):
    """Nobody counts to four."""

    x: Annotated[int, Range(0, 4)] = 0
    y: bool = False

    @action
    def up(self) -> None:
        require(self.x < 3)
        self.x += 1

    @action
    def toggle(self) -> None:
        require(self.x < 3)
        self.y = not self.y

    @action
    def never(self) -> None:
        require(self.x > 3)
        self.x = 0

    @reachable
    def at_two(self) -> bool:
        return self.x == 2 and self.y
'''
SHOWN = """\
Stuck  stuck.py:8
  HOLDS     at_two    reachable  witness: 3 steps
  VIOLATED  deadlock             3 steps, shortened from 5

VIOLATED deadlock  stuck.py:8
    8 | class Stuck(Spec):
  initial state
         x = 0
         y = False
    1  up()  stuck.py:15
         x: 0 -> 1
    2  up()  stuck.py:15
         x: 1 -> 2
    3  up()  stuck.py:15
         x: 2 -> 3
  in state 3 no action is possible, and it is not terminal
    up      disabled at `require(self.x < 3)`
    toggle  disabled at `require(self.x < 3)`
    never   disabled at `require(self.x > 3)`

note: 1 of 3 actions was never taken: never
FAILED: 20 random runs, 97 steps, 8 distinct states, longest run 9 steps, seed 1, 0.00 s
  not as expected: deadlock was expected to hold, but is VIOLATED
"""


@pytest.fixture
def stuck(folder: Path) -> Path:
    (folder / "stuck.py").write_text(STUCK, encoding="utf-8")
    return folder


def test_a_simulation_is_shown_like_a_search_with_the_length_of_the_run_and_the_seed(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["simulate", "stuck.py", "--runs", "20", "--seed", "1"]) == 1
    assert re.sub(r"[\d.]+ s$", "0.00 s", capsys.readouterr().out, flags=re.MULTILINE) == SHOWN


def test_the_same_seed_prints_the_same_and_another_one_does_not(stuck: Path, shell: Run) -> None:
    def printed(seed: int, hash_seed: str) -> str:
        done = shell(f"speccheck simulate stuck.py --runs 20 --full --seed {seed}", PYTHONHASHSEED=hash_seed)
        assert done.returncode == 1 and done.stderr == ""
        return re.sub(r"[\d.]+ s$", "", done.stdout, flags=re.MULTILINE)

    assert printed(7, "1") == printed(7, "2") != printed(8, "1").replace("seed 8", "seed 7")


def test_a_seed_that_is_not_given_is_printed_and_gives_the_same_again(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["simulate", "stuck.py", "--runs", "20"])
    first = capsys.readouterr().out
    seed = re.search(r"seed (\d+)", first)
    assert seed is not None
    status(["simulate", "stuck.py", "--runs", "20", "--seed", seed[1]])
    assert re.sub(r"[\d.]+ s$", "", capsys.readouterr().out, flags=re.MULTILINE) == re.sub(r"[\d.]+ s$", "", first, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        # a violation that is not expected
        ("stuck.py", 1),
        ("stuck.py --allow-incomplete", 1),
        ("fall.py", 1),
        ("climb.py fall.py", 1),
        # nothing is proved
        ("climb.py", 4),
        ("climb.py --spec Climb", 4),
        ("idle.py", 4),
        ("stuck.py --no-deadlock --property at_two --runs 1 --depth 1", 4),
        ("climb.py --spec Bold --property low --runs 1 --depth 1", 4),
        ("climb.py --allow-incomplete", 0),
        ("climb.py --spec Bold --property low", 0),
        ("stuck.py --no-deadlock --property at_two", 0),
        # usage
        ("", 2),
        ("climb.py --runs 0", 2),
        ("climb.py --depth none", 2),
        ("climb.py --seed -1", 2),
        ("climb.py --uniform dice", 2),
        ("climb.py --timeout 0", 2),
        ("climb.py -D TOPP=3", 2),
        ("climb.py --json missing/out.json", 2),
        ("climb.py --json climb.py", 2),
        # a spec that cannot be loaded
        ("broken.py", 3),
        ("climb.py broken.py", 3),
        ("climb.py -D TOP=0", 3),
        # nothing to simulate
        ("nowhere.py", 5),
        ("climb.py --model nothing", 5),
        ("climb.py --property nothing", 5),
        ("bundled:no_such_spec", 5),
    ],
)
def test_a_simulation_ends_with_its_exit_code(arguments: str, code: int, stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = arguments.split()
    assert status(["simulate", *given, *([] if "--runs" in given else ["--runs", "30"]), *([] if "--seed" in given else ["--seed", "2"])]) == code, (
        capsys.readouterr()
    )


def test_an_interrupt_exits_130_and_shows_what_was_found(stuck: Path, shell: Run) -> None:
    done = shell("timeout --preserve-status -s INT 2 python -m speccheck simulate stuck.py --runs 100000000 --seed 1", PATH=path())
    assert done.returncode == 130, done
    assert "VIOLATED  deadlock             3 steps, shortened from 5" in done.stdout and "stopped early: interrupted" in done.stdout


def path() -> str:
    """Return a PATH on which this Python is `python`."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def test_the_json_of_a_simulation_satisfies_the_schema(stuck: Path, root: Path) -> None:
    assert status(["simulate", "stuck.py", "--runs", "20", "--seed", "1", "--json", "out.json"]) == 1
    written: dict[str, Any] = json.loads((stuck / "out.json").read_text(encoding="utf-8"))
    jsonschema.validate(written, json.loads((root / "docs/reference/results.schema.json").read_text(encoding="utf-8")))
    (result,) = written["results"]
    assert result["simulated"] == {"seed": 1, "uniform": "actions", "planned": 20, "runs": 20, "depth": 100, "steps": 97, "longest": 9, "exact": True}
    assert {one["name"]: one.get("found_steps") for one in result["properties"]} == {"at_two": 3, "deadlock": 5}
    assert result["complete"] is False and written["exit_code"] == 1


def test_json_on_standard_output_is_alone_there(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["simulate", "stuck.py", "--runs", "20", "--json", "-"]) == 1
    assert len(json.loads(capsys.readouterr().out)["results"]) == 1


def test_a_quiet_simulation_shows_only_what_is_not_as_expected(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["simulate", "climb.py", "--quiet", "--spec", "Bold", "--property", "low"]) == 0
    assert capsys.readouterr() == ("", "")
    assert status(["simulate", "stuck.py", "--quiet"]) == 1
    assert "VIOLATED deadlock" in capsys.readouterr().out


def test_a_limit_of_time_is_said(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["simulate", "climb.py", "--spec", "Climb", "--runs", "100000000", "--timeout", "0.1"]) == 4
    shown = capsys.readouterr().out
    assert re.search(r"stopped early: --timeout 0.1; [\d,]+ of 100,000,000 runs made", shown)
    assert re.search(r"UNKNOWN: [\d,]+ random runs of 100,000,000, [\d,]+ steps, \d distinct states", shown)


def test_progress_into_a_pipe_is_a_line_every_five_seconds(stuck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.progress.INTERVAL", 0.05)
    status(["simulate", "stuck.py", "--runs", "100000000", "--timeout", "0.3"])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "simulating Stuck"
    assert re.fullmatch(r"Progress: \d+ of 100000000 runs, \d+ steps, \d distinct; \d+ steps/s, \d+ MB, \d s", lines[1])


def test_a_state_that_is_not_remembered_is_counted_as_at_least(stuck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.checker.random_runs.REMEMBERED", 3)
    status(["simulate", "stuck.py", "--runs", "20", "--seed", "1"])
    assert "97 steps, at least 3 distinct states" in capsys.readouterr().out
