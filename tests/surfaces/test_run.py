"""`speccheck run`: what it writes."""

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import pytest

from speccheck.cli import status
from tests.surfaces.conftest import Run


def out(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command line writes to standard output, without times."""
    capsys.readouterr()
    status(arguments.split())
    return re.sub(r"\d+\.\d\d( s)?", r"0.00\1", capsys.readouterr().out)


def shown(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_a_violation_is_shown_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert out("run fall.py", capsys) == shown("""
        Fall  fall.py:8
          VIOLATED  safe  invariant  2 steps

        VIOLATED safe  fall.py:19
            Nobody falls to the ground.
            19 |     def safe(self) -> bool:
          initial state
                 height = 2
            1  down()  fall.py:14
                 height: 2 -> 1
            2  down()  fall.py:14
                 height: 1 -> 0
          in state 2, safe is False
            self.height > 0  0 <= 0

        FAILED: 3 distinct states, 3 generated, depth 3, 0.00 s
          not as expected: safe was expected to hold, but is VIOLATED
        """)


def test_several_models_end_in_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert out("run climb.py fall.py", capsys).split("\n\n")[-1] == shown("""
                 model         states  generated  depth  seconds
        climb.py
        ok       Climb[TOP=1]       2          2      2     0.00
        ok       Climb              4          4      4     0.00
        ok       Bold               4          4      4     0.00  low VIOLATED
        fall.py
        FAILED   Fall               3          3      3     0.00  safe VIOLATED
        4 models: 3 ok, 1 failed
        """)


def test_a_quiet_run_that_is_as_expected_says_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "climb.py", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_quiet_run_shows_what_is_not_as_expected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = out("run climb.py fall.py --quiet", capsys)
    assert text.startswith("Fall  fall.py:8\n") and "4 models: 3 ok, 1 failed" in text


def test_full_shows_whole_states_witnesses_and_actions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = out("run climb.py --spec Climb --model TOP=1 --full", capsys)
    assert "HOLDS on_top  climb.py:" in text and "       state 1\n" in text and re.search(r"action +taken +new states\n *up +1 +1\n", text)


# -------------------------------------------------- JSON


def test_json_satisfies_the_schema_and_agrees_with_the_exit_code(folder: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((root / "docs/reference/results.schema.json").read_text(encoding="utf-8"))
    for arguments in ("climb.py", "fall.py", "climb.py broken.py", "nowhere.py", "fall.py --max-states 1", "bundled:nothing"):
        code = status(["run", *arguments.split(), "--json", "out.json"])
        written = json.loads((folder / "out.json").read_text(encoding="utf-8"))
        jsonschema.validate(written, schema)
        assert written["exit_code"] == code
    capsys.readouterr()


def test_json_holds_models_verdicts_and_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["run", "climb.py", "--json", "-"])
    results: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["results"]
    assert [(one["model"], one["constants"], one["overridden"], one["distinct"], one["depth"]) for one in results] == [
        ("Climb[TOP=1]", {"TOP": 1}, ["TOP"], 2, 2),
        ("Climb", {"TOP": 3}, [], 4, 4),
        ("Bold", {"TOP": 3}, [], 4, 4),
    ]
    low = next(one for one in results[2]["properties"] if one["name"] == "low")
    assert (low["kind"], low["verdict"], low["expected"], len(low["trace"]["steps"])) == ("invariant", "VIOLATED", "VIOLATED", 2)
    assert results[1]["actions"] == {"up": {"taken": 3, "new_states": 3}} and results[0]["file"] == "climb.py"


def test_standard_output_carries_nothing_but_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "loud.py").write_text(
        'print("importing")\n' + (folder / "fall.py").read_text(encoding="utf-8").replace("require(", "print('!') or require("), encoding="utf-8"
    )
    assert status(["run", "loud.py", "--json", "-", "--full"]) == 1
    written = capsys.readouterr()
    assert json.loads(written.out)["exit_code"] == 1 and "importing\n" in written.err


def test_errors_are_in_the_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["run", "broken.py", "fall.py", "--json", "-"])
    written = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["file"], one["line"]) for one in written["errors"]] == [("SC104", "broken.py", 2)]
    assert [one["model"] for one in written["results"]] == ["Fall"] and written["exit_code"] == 3


def test_a_text_report_stands_beside_a_json_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["run", "fall.py", "--json", "out.json"])
    assert "VIOLATED safe" in capsys.readouterr().out and json.loads((folder / "out.json").read_text(encoding="utf-8"))["exit_code"] == 1


# -------------------------------------------------- streams


def test_a_closed_pipe_leaves_the_exit_code_and_no_traceback(shell: Run) -> None:
    for command, code in (("run fall.py --full", 1), ("run climb.py", 0), ("--help", 0), ("list climb.py", 0)):
        done = shell(f"set -o pipefail; speccheck {command} | head -1")
        assert (done.returncode, done.stdout.count("\n"), done.stderr) == (code, 1, "")


def test_a_full_disk_does_not_look_like_success(shell: Run) -> None:
    done = shell("speccheck run climb.py > /dev/full")
    assert (done.returncode, done.stderr) == (2, "error: standard output cannot be written: No space left on device\n")


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1"}])
def test_a_poor_locale_is_survived(environment: dict[str, str], shell: Run, folder: Path) -> None:
    text = (folder / "fall.py").read_text(encoding="utf-8").replace("Nobody falls", "Nobody \N{SNOWMAN} falls")
    (folder / "fall.py").write_text(text, encoding="utf-8")
    done = shell("speccheck run fall.py", **environment)
    assert done.returncode == 1 and "Nobody" in done.stdout and "Traceback" not in done.stderr


def test_a_pipe_gets_no_escape_sequences(shell: Run) -> None:
    done = shell("speccheck run climb.py fall.py nowhere.py")
    assert done.returncode == 1 and "\x1b" not in done.stdout + done.stderr


def test_the_same_run_is_the_same_bytes_apart_from_times(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert out("run climb.py fall.py", capsys) == out("run climb.py fall.py", capsys)


TAGGED = """
from speccheck import Spec, action, invariant, model

@model(distinct=2)
@model(distinct=2, name="large", tags="slow")
@model(distinct=2, name="odd", tags=("slow", "nightly"))
class Tagged(Spec, deadlock=False):
    on: bool = False
    @action
    def go(self) -> None:
        self.on = True
    @invariant
    def fine(self) -> bool:
        return True
"""


@pytest.mark.parametrize(
    ("arguments", "code", "names"),
    [
        ([], 0, ["Tagged"]), (["--tags", "slow"], 0, ["Tagged[large]", "Tagged[odd]"]), (["--tags", "nightly"], 0, ["Tagged[odd]"]),
        (["--tags", "all"], 0, ["Tagged", "Tagged[large]", "Tagged[odd]"]), (["--model", "large"], 0, ["Tagged[large]"]), (["--tags", "nightli"], 5, []),
    ],
)  # fmt: skip
def test_models_run_by_their_tags(arguments: list[str], code: int, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tagged.py").write_text(TAGGED)
    assert status(["run", "tagged.py", "--json", "-", *arguments]) == code
    found = json.loads(capsys.readouterr().out)
    assert [one["model"] for one in found["results"]] == names
    everything = {"Tagged", "Tagged[large]", "Tagged[odd]"}
    assert {one["model"] for one in found["left_out"]} | set(names) in (everything, set(names))


def test_what_was_left_out_is_listed_also_where_another_path_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tagged.py").write_text(TAGGED)
    assert status(["run", "tagged.py", "bundled:no_such_spec", "--json", "-"]) == 5
    assert len(json.loads(capsys.readouterr().out)["left_out"]) == 2


def test_a_file_without_the_constant_keeps_its_expectations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "fall.py").read_text(encoding="utf-8")
    (folder / "falls.py").write_text(text.replace("class Fall", '@model(violates="safe", distinct=3)\nclass Fall'), encoding="utf-8")
    assert status(["run", "climb.py", "falls.py", "-D", "TOP=1", "--spec", "Fall"]) == 2  # nobody has it
    assert status(["run", "climb.py", "falls.py", "-D", "TOP=1", "--model", "Fall"]) == 2
    (folder / "bold.py").unlink(missing_ok=True)
    assert "VIOLATED  safe  invariant  as expected" in out("run falls.py climb.py -D TOP=2", capsys)


def test_what_was_left_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tagged.py").write_text(TAGGED)
    assert status(["run", "tagged.py"]) == 0
    assert "1 model: 1 ok, 2 not run (nightly, slow; --tags all runs them)" in capsys.readouterr().out
    assert status(["run", "tagged.py", "--tags", "nightli"]) == 5
    assert "no model has the tag 'nightli'. Did you mean 'nightly'?" in capsys.readouterr().err
