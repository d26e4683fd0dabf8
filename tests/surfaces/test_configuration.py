"""`[tool.speccheck]` in pyproject.toml, and `speccheck config`."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.cli import status


def configured(text: str, folder: str = ".") -> None:
    Path(folder).mkdir(exist_ok=True)
    Path(folder, "pyproject.toml").write_text(dedent(text), encoding="utf-8")


def models(arguments: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    status([*arguments.split(), "--json", "-"])
    return [one["model"] for one in json.loads(capsys.readouterr().out)["results"]]


STRICT = '[tool.speccheck]\npaths = ["idle.py"]\nstrict = true\n'
CUT = '[tool.speccheck]\npaths = ["climb.py"]\nmax-states = 1\n'
OVERRIDE = '[[tool.speccheck.overrides]]\npath = "{}"\n{}\n'


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        # paths
        ("", "run", 2),
        ("[project]\nname = 'x'\n", "run", 2),
        ("[tool.speccheck]\n", "run", 2),
        ("[tool.speccheck]\npaths = []\n", "run", 2),
        ('[tool.speccheck]\npaths = ["climb.py"]\n', "run", 0),
        ('[tool.speccheck]\npaths = ["climb.py", "fall.py"]\n', "run", 1),
        ('[tool.speccheck]\npaths = ["broken.py"]\n', "run", 3),
        ('[tool.speccheck]\npaths = ["nowhere.py"]\n', "run", 5),
        ('[tool.speccheck]\npaths = ["bundled:die_hard"]\n', "run", 0),
        ('[tool.speccheck]\npaths = ["bundled:nothing"]\n', "run", 5),
        ('[tool.speccheck]\npaths = ["fall.py"]\n', "run climb.py", 0),
        # values, and who wins
        (STRICT, "run", 6),
        (STRICT, "run --no-strict", 0),
        (STRICT + OVERRIDE.format("idle.py", "strict = false"), "run", 0),
        (STRICT + OVERRIDE.format("idle.py", "strict = false"), "run --strict", 6),
        (STRICT + OVERRIDE.format("climb.py", "strict = false"), "run", 6),
        ('[tool.speccheck]\npaths = ["idle.py"]\n' + OVERRIDE.format("id*.py", "strict = true"), "run", 6),
        (CUT, "run", 4),
        (CUT, "run --max-states 100", 0),
        (CUT, "run --allow-incomplete", 0),
        (CUT + "allow-incomplete = true\n", "run", 0),
        (CUT + "allow-incomplete = true\n", "run --no-allow-incomplete", 4),
        (CUT + OVERRIDE.format("climb.py", "max-states = 50"), "run", 0),
        (CUT + OVERRIDE.format("climb.py", "max-states = 50"), "run --max-states 1", 4),
        (CUT + OVERRIDE.format("climb.py", "allow-incomplete = true"), "run", 0),
        (CUT + OVERRIDE.format("climb.py", "allow-incomplete = true"), "run climb.py fall.py", 4),
        ('[tool.speccheck]\npaths = ["climb.py"]\ntags = ["nightly"]\n', "run", 5),
        ('[tool.speccheck]\npaths = ["climb.py"]\ntags = ["nightly"]\n', "run --tags all", 0),
        ('[tool.speccheck]\npaths = ["climb.py"]\njobs = 2\ncache = true\nengine = "python"\ntimeout = 60\nmax-memory = "2GiB"\n', "run", 0),
        ('[tool.speccheck]\npaths = ["fall.py"]\njobs = 2\ncache = true\n', "run", 1),
        ('[tool.speccheck]\npaths = ["climb.py"]\nmax-memory = "1MB"\n', "run bundled:token_ring", 4),
        # what is wrong
        ("[tool.speccheck]\npath = ['climb.py']\n", "run climb.py", 2),
        ("[tool.speccheck]\nstrict = 1\n", "run climb.py", 2),
        ("[tool.speccheck]\nengine = 'tlc'\n", "run climb.py", 2),
        ("[tool.speccheck]\nstrict = 1\n", "config", 2),
        ("[tool.speccheck\n", "run climb.py", 2),
        (OVERRIDE.format("a.py", "jobs = 2"), "run climb.py", 2),
        ("[tool.speccheck]\nstrict = 1\n", "list climb.py", 0),
        (STRICT, "config", 0),
        (STRICT, "config idle.py", 0),
    ],
)
def test_a_configured_run_ends_with_its_exit_code(text: str, arguments: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured(text)
    assert status(arguments.split()) == code, capsys.readouterr()


def test_without_anything_to_check_it_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["run"]) == 2
    assert capsys.readouterr() == ("", dedent("""\
        error: nothing to check: no PATH is given, and there is no [tool.speccheck] in a pyproject.toml here or above.

          speccheck run my_spec.py            checks the models of a file; a folder stands for all that are below it
          speccheck run bundled:two_phase     checks a spec that ships with speccheck

        or say in pyproject.toml what `speccheck run` is to check:

          [tool.speccheck]
          paths = ["specs"]
        Try 'speccheck run --help'.
    """))  # fmt: skip
    configured("[tool.speccheck]\n")
    status(["run"])
    assert "no PATH is given, and [tool.speccheck] in pyproject.toml names no paths." in capsys.readouterr().err


def test_paths_are_relative_to_the_file_wherever_one_is(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    configured('[tool.speccheck]\npaths = ["climb.py"]\n' + OVERRIDE.format("climb.py", "strict = true"))
    (folder / "inner").mkdir()
    monkeypatch.chdir("inner")
    assert models("run", capsys) == ["Climb[TOP=1]", "Climb", "Bold"]


def test_the_table_selects_tags_for_some_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tagged = (folder / "climb.py").read_text(encoding="utf-8").replace("@model(distinct=4, depth=4)", '@model(distinct=4, depth=4, tags="slow")')
    (folder / "climb.py").write_text(tagged, encoding="utf-8")
    configured('[tool.speccheck]\npaths = ["climb.py"]\n')
    assert models("run", capsys) == ["Climb[TOP=1]", "Bold"]
    configured('[tool.speccheck]\npaths = ["climb.py"]\n' + OVERRIDE.format("climb.py", 'tags = ["slow"]'))
    assert models("run", capsys) == ["Climb"]
    assert models("run --tags all", capsys) == ["Climb[TOP=1]", "Climb", "Bold"]


def test_what_is_wrong_is_shown_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured("""\
        [tool.speccheck]
        timeuot = 60
        strict = "true"
    """)
    assert status(["run", "climb.py"]) == 2
    assert capsys.readouterr() == ("", dedent("""\
        error[SC131]: there is no setting 'timeuot'. Did you mean 'timeout'?
          --> pyproject.toml:2
            2 | timeuot = 60
          remedy: There are paths, tags, strict, accept, allow-incomplete, engine, workers, max-states, max-memory, timeout, rule-timeout, jobs, cache, overrides.

        error[SC131]: strict = "true": expected true or false. Did you mean true?
          --> pyproject.toml:3
            3 | strict = "true"
          remedy: `speccheck config` shows the keys, what is in force, and where it comes from.
    """))  # fmt: skip


def test_config_shows_what_is_in_force_and_where_it_comes_from(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured("""\
        [tool.speccheck]
        paths = ["specs", "bundled:two_phase"]
        timeout = 60
        max-memory = "2GB"
        accept = { SC505 = "checked by hand" }

        [[tool.speccheck.overrides]]
        path = "specs/slow/*.py"
        timeout = 600
        tags = ["all"]
    """)
    assert status(["config"]) == 0
    shown = capsys.readouterr().out
    assert [" ".join(line.split()) for line in shown.splitlines()] == [
        "paths specs, bundled:two_phase pyproject.toml:2", "tags (none) default", "strict false default", "accept SC505: checked by hand pyproject.toml:5",
        "allow-incomplete false default", "engine auto default", "workers one for each core default", "max-states no limit default",
        "max-memory 2.0 GB pyproject.toml:4", "timeout 60 s pyproject.toml:3", "rule-timeout 10 s default", "jobs one for each core default",
        "cache false default", "", "for specs/slow/*.py", "timeout 600 s pyproject.toml:9", "tags all pyproject.toml:10",
    ]  # fmt: skip
    assert status(["config", "specs/slow/a.py"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "timeout 600 s pyproject.toml:9" in lines and "tags all pyproject.toml:10" in lines and "max-memory 2.0 GB pyproject.toml:4" in lines


def test_config_without_a_file_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["config"]) == 0
    written = capsys.readouterr()
    assert (
        all(line.endswith("default") for line in written.out.splitlines()) and "There is no [tool.speccheck] in a pyproject.toml here or above" in written.err
    )
