"""`speccheck list`, `new`, `explain` and `graph`, and what a wrong word is answered with."""

import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import networkx
import pytest

import speccheck
from speccheck.checker.bundled import bundled, bundled_names, resolved
from speccheck.cli import COMMANDS, status
from speccheck.errors import FileMissing

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not installed")


def shown(text: str) -> str:
    return dedent(text).lstrip("\n")


# -------------------------------------------------- help and guesses


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["--version"]) == 0
    assert capsys.readouterr().out == f"speccheck {speccheck.__version__}\n"


def test_no_word_at_all_is_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([]) == 2
    text = capsys.readouterr().err
    assert all(f"  {name}" in text and help in text for name, (_, help) in COMMANDS.items())


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (c, o)
        for c, options in {"run": "spec model property", "simulate": "spec model property", "list": "spec model", "graph": "spec model"}.items()
        for o in options.split()
    ],
)
def test_a_filter_that_is_given_twice_is_refused_and_not_half_obeyed(command: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status([command, "bundled:die_hard", f"--{option}", "DieHard", f"--{option}", "Other"]) == 2
    assert f"--{option} is given 2 times" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("rnu", "run"),
        ("check", "run"),
        ("chek", "run"),
        ("ls", "list"),
        ("grpah", "graph"),
        ("spec.py", "run spec.py"),
        ("bundled:x", "run bundled:x"),
        (".", "run ."),
    ],
)
def test_a_wrong_word_is_answered_with_a_guess(word: str, guess: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status([word]) == 2
    text = capsys.readouterr().err
    assert text.startswith(f"error: no such command '{word}'. Did you mean 'speccheck {guess}'?\n") and "Commands:" in text


def test_a_missing_file_is_answered_with_a_guess(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run", "clmib.py"]) == 5
    assert "error[SC101]" in (text := capsys.readouterr().err) and "climb.py" in text


def test_help_loads_no_command_and_nothing_heavy(root: Path) -> None:
    code = (
        "import sys\nfrom speccheck.cli import status\nstatus(['--help'])\n"
        "heavy = ('rich', 'networkx', 'graphviz', 'jsonschema')\n"
        "loaded = [m for m in sys.modules if m.split('.')[0] in heavy or m.startswith(('speccheck.checker', 'speccheck.model'))]\n"
        "sys.exit(' '.join(loaded) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_run_into_a_pipe_loads_nothing_heavy(folder: Path, root: Path) -> None:
    code = (
        "import sys\nfrom speccheck.cli import status\nstatus(['run', 'climb.py'])\n"
        "sys.exit(' '.join(m for m in sys.modules if m.split('.')[0] in ('rich', 'networkx', 'graphviz', 'jsonschema', 'hypothesis')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -------------------------------------------------- list


def test_list_shows_models_constants_variables_actions_and_properties(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list", "climb.py"]) == 0
    assert capsys.readouterr().out == shown("""
        climb.py
          Climb  A climber goes up, one step at a time.
            model      Climb[TOP=1]     must hold, distinct 2
                       Climb            must hold, distinct 4, depth 4
            constant   TOP              3
            variable   height           Range(0, 100)
            action     up()
            invariant  on_the_mountain  Nobody climbs higher than the top.
            reachable  on_top
            deadlock   (checked)

          Bold  A climber who was told to stay low.
            model      Bold             must violate low
            constant   TOP              3
            variable   height           Range(0, 100)
            action     up()
            invariant  on_the_mountain  Nobody climbs higher than the top.
            reachable  on_top
            invariant  low
            deadlock   (checked)

        """)


def test_list_shows_what_can_be_read_beside_what_cannot(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list", "."]) == 3
    written = capsys.readouterr()
    assert "  Climb" in written.out and "  Fall" in written.out and "error[SC104]" in written.err


# -------------------------------------------------- bundled specs


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of bundled specs."""
    made = tmp_path / "specs"
    for chapter in ("classics", "rollout", "__pycache__"):
        (made / chapter).mkdir(parents=True)
    (made / "README.md").write_text("Specs.", encoding="utf-8")
    (made / "classics" / "two_phase.py").write_text('"""Two-phase commit.\n\nMore."""\nraise SystemExit\n', encoding="utf-8")
    (made / "rollout" / "canary.py").write_text('"""A canary."""\nN = 2\n', encoding="utf-8")
    monkeypatch.setattr("speccheck.checker.bundled.bundled_folder", lambda: str(made))
    return made


def test_bundled_specs_have_names(specs: Path) -> None:
    assert bundled_names() == ["canary", "two_phase"]
    assert bundled("two_phase") == str(specs / "classics" / "two_phase.py") == bundled("two_phase.py") == bundled("classics/two_phase")
    assert bundled("rollout") == str(specs / "rollout")
    assert bundled("") == str(specs)
    assert resolved("bundled:canary") == str(specs / "rollout" / "canary.py") and resolved("canary.py") == "canary.py"


@pytest.mark.parametrize("name", ["two_phas", "rollout/../../x", "../specs/two_phase", "rollout/canar", "classics/canary", "/etc"])
def test_a_bundled_spec_that_does_not_exist_is_an_error(name: str, specs: Path) -> None:
    with pytest.raises(FileMissing, match="there is no bundled spec"):
        bundled(name)


def test_a_bundled_spec_that_is_misspelt_is_answered_with_a_guess(specs: Path) -> None:
    with pytest.raises(FileMissing, match="Did you mean 'two_phase'"):
        bundled("two_phas")


def test_bundled_specs_are_listed_without_running_them(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list", "--bundled"]) == 0
    assert capsys.readouterr().out == (
        "Rolling out, and back  bundled:rollout\n  bundled:canary     A canary.\n\nClassics  bundled:classics\n  bundled:two_phase  Two-phase commit.\n"
    )


# -------------------------------------------------- new


def test_a_bundled_spec_can_be_copied_to_start_from(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(["new", "--from", "bundled:canary"]) == 0
    assert status(["new", "ours", "--from", "bundled:canary"]) == 0
    assert (tmp_path / "canary.py").read_text() == (tmp_path / "ours.py").read_text() == '"""A canary."""\nN = 2\n'
    assert "wrote ours.py, a copy of bundled:canary" in capsys.readouterr().out
    assert status(["new", "--from", "bundled:canary"]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [(["new"], 2), (["new", "x", "--from", "bundled:rollout"], 2), (["new", "x", "--from", "bundled:nothing"], 5)])
def test_new_says_what_it_needs(arguments: list[str], code: int, specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(arguments) == code
    assert not (tmp_path / "x.py").exists()


def test_the_starter_passes_and_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["new", "rolling_update"]) == 0
    assert status(["run", "rolling_update.py", "--strict"]) == 0
    text = capsys.readouterr().out
    assert "RollingUpdate[Server=2]" in text and "RollingUpdate[Server=3]" in text and "VIOLATED available (as expected)" in text
    before = (folder / "rolling_update.py").read_bytes()
    assert status(["new", "rolling_update.py"]) == 2
    assert "exists already" in capsys.readouterr().err and (folder / "rolling_update.py").read_bytes() == before


def test_the_starter_has_a_symmetric_sort_that_can_be_reduced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status(["new", "rolling_update"])
    assert status(["run", "rolling_update.py", "--symmetry"]) == 0


def test_the_starter_is_accepted_by_a_strict_type_checker(folder: Path, root: Path) -> None:
    status(["new", "rolling_update"])
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", "rolling_update.py"],
        env={"MYPYPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_starter_is_formatted_as_this_project_is(folder: Path, root: Path) -> None:
    status(["new", "rolling_update"])
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--line-length=100", "rolling_update.py"], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout


# -------------------------------------------------- graph


def test_a_graph_holds_every_state_and_step(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["graph", "climb.py", "--spec", "Bold", "-o", "out.graphml"]) == 0
    assert capsys.readouterr().out == "wrote out.graphml: 4 states, 3 steps\n"
    read = networkx.read_graphml(folder / "out.graphml", force_multigraph=True)
    assert [read.nodes[str(n)]["var_height"] for n in range(4)] == ["0", "1", "2", "3"]
    assert [data["highlighted"] for _, _, data in read.edges(data=True)] == [True, True, False]


@needs_dot
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_graph_is_drawn(ending: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["graph", "climb.py", "-o", f"out.{ending}"]) == 0
    assert (folder / f"out.{ending}").stat().st_size > 500
    written = capsys.readouterr()
    assert "Climb[TOP=1] is the first of 3 models" in written.err and "2 states, 1 step\n" in written.out


def test_without_dot_the_dot_file_is_written_beside(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert status(["graph", "fall.py", "-o", "out.svg"]) == 2
    text = capsys.readouterr().err
    assert "error[SC117]" in text and "wrote 'out.dot' instead" in text
    assert not (folder / "out.svg").exists() and "digraph" in (folder / "out.dot").read_text(encoding="utf-8")


@needs_dot
def test_a_large_graph_is_cut_with_a_word_about_it(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.cli.graph.MOST_DRAWN", 10)
    assert status(["graph", "climb.py", "--spec", "Climb", "-D", "TOP=50", "-o", "out.svg"]) == 0
    assert "The picture shows 10 of 51 states" in capsys.readouterr().err


def test_an_incomplete_graph_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["graph", "climb.py", "--spec", "Climb", "-D", "TOP=50", "--max-states", "5", "-o", "out.dot"]) == 0
    assert "The graph is incomplete" in capsys.readouterr().err
