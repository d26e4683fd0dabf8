"""`speccheck run --cache` and `speccheck cache`."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from speccheck.cli import status


def out(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command line writes to standard output, without times."""
    capsys.readouterr()
    status(arguments.split())
    return re.sub(r"\d+\.\d\d( s)?", r"0.00\1", capsys.readouterr().out)


def test_verdicts_are_kept_only_if_that_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "(cached)" not in out("run climb.py", capsys) + out("run climb.py", capsys)
    assert "\n0 verdicts, 0 B of at most 256.0 MB\n" in out("cache", capsys)
    assert "(cached)" not in out("run climb.py --cache", capsys)
    assert "(cached)" not in out("run climb.py", capsys) + out("run climb.py --no-cache", capsys)
    assert out("run climb.py --cache", capsys).count("(cached)") == 6, "of each model, and in the table"


def test_a_kept_verdict_is_shown_as_one_and_else_as_ever(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh, found = out("run climb.py idle.py --cache --full", capsys), out("run climb.py idle.py --cache --full", capsys)
    assert re.sub(r" *\(cached\)", "", found) == fresh != found
    assert "\nok: 4 distinct states, 4 generated, depth 4, 0.00 s (cached)\n" in found
    assert "ok       Bold               4          4      4     0.00  low VIOLATED  (cached)\n" in found


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ("climb.py", (0, 0)),
        ("climb.py --quiet", (0, 0)),
        ("fall.py", (1, 1)),
        ("climb.py fall.py", (1, 1)),
        ("climb.py broken.py", (3, 3)),
        ("climb.py --max-states 1", (4, 4)),
        ("climb.py nowhere.py", (5, 5)),
        ("idle.py --strict", (6, 6)),
        ("idle.py", (0, 0)),
    ],
)
def test_kept_verdicts_end_with_the_exit_code_of_a_search(arguments: str, codes: tuple[int, int], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (status(["run", *arguments.split(), "--cache"]), status(["run", *arguments.split(), "--cache"])) == codes
    assert status(["run", *arguments.split()]) == codes[0]
    capsys.readouterr()


def test_kept_verdicts_are_the_same_json(folder: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((root / "docs/reference/results.schema.json").read_text(encoding="utf-8"))
    written: list[Any] = []
    for _ in range(2):
        capsys.readouterr()
        status(["run", "climb.py", "idle.py", "--cache", "--json", "-"])
        written.append(json.loads(capsys.readouterr().out))
        jsonschema.validate(written[-1], schema)
    fresh, found = written
    assert [one.pop("cached") for one in fresh["results"]] == [False] * 4 and [one.pop("cached") for one in found["results"]] == [True] * 4
    assert found == fresh, "the times are those of the search, too"


def test_the_cache_is_shown_and_cleared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out("run climb.py --cache", capsys)
    place, size, native, libraries = out("cache", capsys).splitlines()
    assert str(folder) in place and re.fullmatch(r"3 verdicts, \d+\.\d kB of at most 256\.0 MB", size)
    assert str(folder) in native and libraries == "0 compiled libraries, 0 B of at most 500.0 MB"
    assert out("cache clear", capsys) == f"removed 3 verdicts from {place}\nremoved 0 compiled libraries from {native}\n"
    assert out("cache", capsys).splitlines()[1].startswith("0 verdicts, 0 B")
    assert out("cache clear", capsys).startswith("removed 0 verdicts")


def test_compiled_libraries_are_shown_and_cleared_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    native = Path(out("cache", capsys).splitlines()[2])
    (native / "zig/o").mkdir(parents=True)
    (native / "zig/o/libc.a").write_bytes(bytes(1500))
    (native / f"{'a' * 64}.so").write_bytes(bytes(2500))
    (native / f"{'a' * 64}.sha256").write_text("", encoding="utf-8")
    assert out("cache", capsys).splitlines()[3:] == ["1 compiled library, 2.5 kB of at most 500.0 MB", "1.5 kB that zig keeps for itself"]
    assert out("cache clear", capsys).endswith(f"removed 1 compiled library from {native}\n") and list(native.iterdir()) == []


def test_a_wrong_word_is_a_usage_error_with_a_guess(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["cache", "clean"]) == 2
    assert "'clean' cannot be done to the cache; `clear` can. Did you mean 'speccheck cache clear'?" in capsys.readouterr().err


def test_the_table_turns_it_on_and_the_command_line_off(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text('[tool.speccheck]\npaths = ["climb.py"]\ncache = true\n', encoding="utf-8")
    out("run", capsys)
    assert "(cached)" in out("run", capsys) and "(cached)" not in out("run --no-cache", capsys)
