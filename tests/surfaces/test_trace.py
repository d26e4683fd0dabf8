"""`speccheck trace`: show, convert and replay, with their exit codes."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.cli import status
from speccheck.trace.formats import ENDINGS
from tests.surfaces.conftest import CLIMB, WRONG, Run


def shown(text: str) -> str:
    return dedent(text).lstrip("\n")


@pytest.fixture
def results(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the current folder, with the results of a run of all specs that can be loaded in `results.json`, and the trace of `safe` in `trace.json`."""
    assert status(["run", "climb.py", "fall.py", "--json", "results.json"]) == 1
    assert status(["trace", "convert", "results.json", "--property", "safe", "-o", "trace.json"]) == 0
    capsys.readouterr()
    return folder


# -------------------------------------------------- show


STORY = """
    Fall  fall.py
    VIOLATED safe
      initial state
             height = 2
        1  down()  fall.py:14
             height: 2 -> 1
        2  down()  fall.py:14
             height: 1 -> 0
      in state 2, safe is False
        self.height > 0  0 <= 0
"""


def test_a_trace_is_shown_as_run_shows_it(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "show", "trace.json"]) == 0
    assert capsys.readouterr() == (shown(STORY), "")


def test_of_several_traces_the_first_violation_is_shown_and_the_others_are_mentioned(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "show", "results.json"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Bold") and "VIOLATED low" in told.out
    assert told.err == "low of Bold is one of 5 traces in 'results.json'; --property NAME and --model TEXT select another.\n"


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ("--property safe", "Fall"),
        ("--property on_top", "Climb[TOP=1]"),
        ("--model Bold --property on_top", "Bold"),
        ("--model Climb --property on_top", "Climb[TOP=1]"),
    ],
)
def test_property_and_model_select_a_trace(options: str, first: str, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "show", "results.json", *options.split()]) == 0
    assert capsys.readouterr().out.split()[0] == first


def test_a_trace_is_shown_in_any_format_and_with_whole_states(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "show", "trace.json", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("### `safe` of `Fall`\n")
    assert status(["trace", "show", "trace.json", "--format", "lanes"]) == 0
    assert "actions\n" in capsys.readouterr().out
    assert status(["trace", "show", "trace.json", "--full"]) == 0
    assert "state 2\n" in capsys.readouterr().out


def test_a_trace_comes_from_standard_input_too(folder: Path, shell: Run) -> None:
    done = shell("speccheck run fall.py --json - | speccheck trace show - --format markdown")
    assert (done.returncode, done.stderr, done.stdout.splitlines()[0]) == (0, "", "### `safe` of `Fall`")


def test_a_trace_of_another_tool_is_shown_without_a_story(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.itf.json").write_text('{"vars": ["x"], "states": [{"x": {"#bigint": "1"}}, {"x": {"#bigint": "2"}}]}', encoding="utf-8")
    assert status(["trace", "show", "other.itf.json"]) == 0
    assert capsys.readouterr().out == "initial state\n       x = 1\n  1  (some step)\n       x: 1 -> 2\n"


# -------------------------------------------------- convert


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_says_the_format(ending: str, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beginnings = {
        ".html": "<!DOCTYPE html>",
        ".itf.json": '{\n "#meta": {',
        ".json": "{",
        ".lanes.txt": "     actions",
        ".md": "### `safe`",
        ".mmd": "sequenceDiagram",
        ".py": '"""A behavior of Fall',
        ".states.mmd": "stateDiagram-v2",
        ".tlc.json": '{"counterexample":',
        ".txt": "initial state",
    }
    assert status(["trace", "convert", "trace.json", "-o", f"out{ending}"]) == 0
    assert capsys.readouterr().out == f"wrote out{ending}: 2 steps\n"
    assert Path(f"out{ending}").read_text(encoding="utf-8").startswith(beginnings[ending])


def test_a_format_may_be_named_whatever_the_ending_says(results: Path) -> None:
    assert status(["trace", "convert", "trace.json", "-o", "out.dat", "--format", "mermaid-states"]) == 0
    assert Path("out.dat").read_text(encoding="utf-8").startswith("stateDiagram-v2")


def test_itf_files_have_the_variables_of_quint_on_demand(results: Path) -> None:
    assert status(["trace", "convert", "trace.json", "-o", "out.itf.json", "--itf-mbt"]) == 0
    assert json.loads(Path("out.itf.json").read_text(encoding="utf-8"))["vars"] == ["height", "mbt::actionTaken", "mbt::nondetPicks"]


def test_what_was_converted_is_converted_back(results: Path) -> None:
    for first, second in (("trace.json", "a.itf.json"), ("a.itf.json", "b.json")):
        assert status(["trace", "convert", first, "-o", second]) == 0
    assert Path("b.json").read_bytes() == Path("trace.json").read_bytes()


def test_a_test_that_was_written_passes(results: Path, shell: Run) -> None:
    assert status(["trace", "convert", "trace.json", "-o", "test_fall.py"]) == 0
    done = shell("speccheck trace convert trace.json -o test_fall.py && python -m pytest -q -p no:cacheprovider test_fall.py")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_character_that_no_encoding_has_is_written_as_an_escape(folder: Path) -> None:
    Path("odd.json").write_text('{"vars": ["x"], "states": [{"x": "\\ud800"}]}', encoding="utf-8")
    assert status(["trace", "convert", "odd.json", "-o", "out.txt"]) == 0
    assert "\\ud800" in Path("out.txt").read_text(encoding="utf-8")


# -------------------------------------------------- replay


def test_a_trace_fits_its_spec(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "replay", "trace.json", "fall.py"]) == 0
    assert capsys.readouterr().out == "FITS  Fall: all 2 steps are possible\n  still: in state 2, safe is False\n"


def test_where_a_trace_does_not_fit_is_shown_with_the_guard_and_what_is_possible(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = "    @action\n    def rest(self) -> None:\n        self.height += 0\n\n    @invariant"
    Path("fall.py").write_text(WRONG.replace("self.height > 0)", "self.height > 1)").replace("    @invariant", other), encoding="utf-8")
    assert status(["trace", "replay", "trace.json", "fall.py"]) == 1
    assert capsys.readouterr().out == shown("""
        DOES NOT FIT  Fall: step 2 of 2 is not possible
          state 1
                 height = 1
          2  down()
             'down' is disabled at `require(self.height > 1)`  fall.py:15
               self.height > 1  1 <= 1
          possible there:
            rest()                            fall.py:19
        """)


def test_where_nothing_is_possible_that_is_said(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fall.py").write_text(WRONG.replace("self.height > 0)", "self.height > 1)"), encoding="utf-8")
    assert status(["trace", "replay", "trace.json", "fall.py"]) == 1
    assert capsys.readouterr().out.endswith("  nothing is possible there\n")


def test_another_beginning_does_not_fit(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fall.py").write_text(WRONG.replace("] = 2", "] = 3"), encoding="utf-8")
    assert status(["trace", "replay", "trace.json", "fall.py"]) == 1
    assert capsys.readouterr().out == shown("""
        DOES NOT FIT  Fall: the initial state is another one
          the spec does not start so: height is 3, in the trace it is 2
        """)


def test_a_trace_that_shows_nothing_any_more_says_so_and_fits(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fall.py").write_text(WRONG.replace("return self.height > 0", "return True"), encoding="utf-8")
    assert status(["trace", "replay", "trace.json", "fall.py"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "  but not any more: in state 2, safe is False"


def test_a_model_is_replayed_with_its_constants(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay = ["trace", "replay", "results.json", "climb.py", "--property", "on_top", "--model", "Climb[TOP=1]"]
    assert status(replay) == 0
    assert capsys.readouterr().out.startswith("FITS  Climb[TOP=1]: its step is possible")
    assert status([*replay, "-D", "TOP=2"]) == 0
    assert capsys.readouterr().out.splitlines() == ["FITS  Climb[TOP=2]: its step is possible", "  but not any more: in state 1, on_top is True"]


def test_a_trace_is_replayed_on_another_spec_of_the_module(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace", "replay", "results.json", "climb.py", "--property", "low", "--spec", "Climb"]) == 0
    assert capsys.readouterr().out == "FITS  Climb: all 2 steps are possible\n  but Climb has no property 'low' any more\n"


# -------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("trace show results.json", 0),
        ("trace convert trace.json -o out.md", 0),
        ("trace replay trace.json fall.py", 0),
        # it does not fit
        ("trace replay trace.json climb.py --spec Climb", 1),
        # usage
        ("trace", 2),
        ("trace shwo trace.json", 2),
        ("trace show", 2),
        ("trace show trace.json --format gif", 2),
        ("trace show fall.py", 2),
        ("trace show empty.json", 2),
        ("trace convert trace.json", 2),
        ("trace convert trace.json -o out.gif", 2),
        ("trace convert trace.json -o out.md --itf-mbt", 2),
        ("trace convert trace.json -o trace.json", 2),
        ("trace convert trace.json -o missing/out.md", 2),
        ("trace convert other.json -o test_out.py", 2),
        ("trace replay trace.json", 2),
        ("trace replay trace.json fall.py -D N=3", 2),
        # a spec that cannot be loaded
        ("trace replay trace.json broken.py", 3),
        # nothing to look at
        ("trace show missing.json", 5),
        ("trace show .", 5),
        ("trace show results.json --property none", 5),
        ("trace show results.json --model none", 5),
        ("trace show nothing.json", 5),
        ("trace replay trace.json missing.py", 5),
        ("trace replay trace.json climb.py", 5),
        ("trace replay trace.json climb.py --spec None", 5),
        ("trace replay trace.json nospec.py", 5),
        ("trace replay trace.json bundled:no_such_spec", 5),
    ],
)
def test_every_end_has_its_exit_code(arguments: str, code: int, results: Path) -> None:
    Path("empty.json").write_text("{}", encoding="utf-8")
    Path("nothing.json").write_text('{"results": []}', encoding="utf-8")
    Path("other.json").write_text('{"vars": ["x"], "states": [{"x": 1}]}', encoding="utf-8")
    Path("nospec.py").write_text("x = 1\n", encoding="utf-8")
    assert status(arguments.split()) == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("trace shwo trace.json", "error: no such command 'shwo'. Did you mean 'speccheck trace show'?"),
        ("trace trace.json", "error: no such command 'trace.json'. Did you mean 'speccheck trace show trace.json'?"),
        ("trace export trace.json", "error: no such command 'export'. Did you mean 'speccheck trace convert'?"),
        ("replay trace.json fall.py", "error: no such command 'replay'. Did you mean 'speccheck trace replay'?"),
        ("trace show tarce.json", "error[SC101]: 'tarce.json' cannot be read: No such file or directory. Did you mean 'trace.json'?"),
        ("trace show results.json --property saef", "error[SC108]: 'results.json' has no trace of the property 'saef'. Did you mean 'safe'?"),
        ("trace convert trace.json -o out.gif", "error: 'out.gif' does not end in one of .html, .itf.json, "),
        ("trace show fall.py", "error[SC121]: 'fall.py': the file is no JSON: "),
        ("trace replay trace.json climb.py", "error[SC108]: the module has several specs, Climb, Bold, and the trace is one of Fall"),
    ],
)
def test_what_is_wrong_is_said_with_a_guess(arguments: str, message: str, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(arguments.split())
    assert capsys.readouterr().err.startswith(message)


def test_trace_without_a_command_is_answered_with_help(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["trace"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and all(f"  {name}" in told.err for name in ("show", "convert", "replay"))


def test_the_help_of_trace_loads_none_of_its_commands(root: Path, shell: Run) -> None:
    code = (
        "import sys; from speccheck.cli import status; status(['trace', '--help']); print([m for m in sys.modules if m.startswith('speccheck.trace.formats.')])"
    )
    done = shell(f'python -c "{code}"')
    assert done.stdout.splitlines()[-1] == "[]" and CLIMB
