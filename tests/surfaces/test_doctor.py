"""`speccheck doctor`: what is there, what is missing, and what does not work."""

import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import speccheck
from speccheck.checker import diagnosis
from speccheck.cli import status
from speccheck.engines import ENGINES
from speccheck.engines.native import toolchain as tools

needs_compiler = pytest.mark.skipif(tools.search_toolchain().toolchain is None, reason="there is no C compiler here")
VERSION = '[ "$1" = --version ] && { echo "gcc (a script) 1.0"; exit 0; }'


@pytest.fixture(autouse=True)
def unset(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said which compiler to take, and there is no package that has one."""
    monkeypatch.delenv("CC", raising=False)
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None if name == "ziglang" else real(name, package))


@pytest.fixture
def script(folder: Path) -> Callable[[str], str]:
    """Return a function that writes a compiler of a few shell lines, in the only folder of PATH, and returns its path."""

    def write(lines: str, name: str = "cc") -> str:
        path = folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\nPATH='{os.environ['PATH']}'\n{lines}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


def examined(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], Any]:
    """Return the exit code, what was examined by name, and all of it."""
    capsys.readouterr()
    code = status(["doctor", "--json", "-"])
    said = json.loads(capsys.readouterr().out)
    assert said["exit_code"] == code
    return code, {one["name"]: one for one in said["examined"]}, said


# -------------------------------------------------- all is well


@needs_compiler
def test_where_all_is_well_there_is_a_line_for_each_thing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [one.split("  ")[0] for one in lines if not one.startswith(" ")]
    assert names[:7] == ["speccheck", "Python", "system", "C compiler", "compiling", "runtime", "cache"] and names[7:9] == ["dot", "git"]
    assert speccheck.__version__ in lines[0] and "of memory" in lines[2] and "core" in lines[2]
    text = "\n".join(lines)
    assert "compiling   a small file was compiled and loaded\n" in text and "0 verdicts, 0 B; 0 compiled libraries, 0 B; writable\n" in text
    assert lines[-1].startswith("auto uses the ")


@needs_compiler
def test_it_leaves_nothing_behind_but_an_empty_cache_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(folder.rglob("*"))
    assert status(["doctor"]) == 0
    assert {path.name for path in folder.rglob("*")} - {path.name for path in before} <= {".cache", "speccheck", "native"}


@needs_compiler
def test_cc_is_named_with_its_arguments(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", f"{shutil.which('cc') or shutil.which('gcc') or 'clang'} -g")
    code, found, _ = examined(capsys)
    assert code == 0 and f"found as CC={os.environ['CC']}: {os.environ['CC']}" in found["C compiler"]["words"]


def test_json_is_all_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = status(["doctor", "--json", "out.json"])
    text, said = capsys.readouterr().out, json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert (said["speccheck"], said["exit_code"]) == (speccheck.__version__, code)
    assert all(one["words"] in text and one["remedy"] in text and set(one) == {"name", "state", "words", "remedy", "notes"} for one in said["examined"])
    assert text.splitlines()[-1] == f"auto uses the {said['engine']} engine: {said['reason']}"
    assert status(["doctor", "--json", "nowhere/out.json"]) == 2 and "error[SC112]" in capsys.readouterr().err


# -------------------------------------------------- what is missing is optional


def test_without_any_compiler_the_places_and_the_remedies_are_named(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert status(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "C compiler  missing: the native engine needs one\n" in text and "            ziglang: the package is not installed\n" in text
    assert all(f"{name}: not on PATH" in text for name in ("cc", "gcc", "clang"))
    assert "remedy: Install one (Debian: apt-get install gcc libc6-dev, macOS: xcode-select --install, anywhere: pip install 'speccheck[native]')" in text
    assert "\ncompiling" not in text and "\nauto uses the python engine: " in text
    assert "dot         missing: draws pictures" in text and "git         missing: says what has changed" in text and "apt-get install git" in text


def test_a_package_that_is_missing_is_optional(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "OPTIONAL_PACKAGES", {"no-such-package-here": ("does something", "pip install it")})
    _, found, _ = examined(capsys)
    assert found["no-such-package-here"] == {
        "name": "no-such-package-here", "state": "missing", "words": "does something", "remedy": "Install it: pip install it.", "notes": []
    }  # fmt: skip


# -------------------------------------------------- what does not work is trouble


@pytest.mark.parametrize(("text", "note"), [("no_such_cc -O", "there is no program 'no_such_cc'"), ("'", "''' is no command (no closing quotation)")])
def test_a_cc_that_points_to_nothing_is_trouble(
    text: str, note: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", text)
    code, found, said = examined(capsys)
    one = found["C compiler"]
    assert (code, one["state"], one["notes"]) == (2, "trouble", [f"CC: {note}"]) and one["remedy"].startswith("Correct or unset CC.")
    assert "compiling" not in found and said["engine"] == "python"


def test_a_compiler_that_fails_at_once_is_trouble(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, script: Callable[..., str]
) -> None:
    monkeypatch.setenv("PATH", os.path.dirname(script("echo xcrun: error: no tools; exit 1")))
    code, found, _ = examined(capsys)
    one = found["C compiler"]
    assert (code, one["state"], one["words"]) == (2, "trouble", "there is none that can be used")
    assert "ended with exit code 1: xcrun: error: no tools" in one["notes"][0] and one["remedy"].startswith("Install one")


@pytest.mark.parametrize(
    ("lines", "words", "note", "remedy"),
    [
        (
            "echo 'trial.c:2: fatal error: stdlib.h: No such file'; exit 1",
            "could not compile a small file",
            "stdlib.h: No such file",
            "Install what the compiler",
        ),
        ("exit 1", "could not compile a small file", "it ended with exit code 1 without a word", "libc6-dev"),
        ("sleep 60 & wait", "did not compile a small file within 0.5 s, and was stopped", "", "See what the compiler waits for"),
        ("echo garbage > library.so", "was compiled, but cannot be loaded", "", "Name a compiler for this machine"),
        ("echo 'write error: No space left on device'; exit 1", "No space left on device", "", "Make room on the disk"),
    ],
)
def test_a_compiler_that_cannot_compile_is_trouble(
    lines: str,
    words: str,
    note: str,
    remedy: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    script: Callable[..., str],
) -> None:
    monkeypatch.setattr(diagnosis, "TRIAL_SECONDS", 0.5 if "sleep" in lines else 60.0)
    monkeypatch.setitem(ENGINES, "native", ENGINES["python"])
    monkeypatch.setenv("CC", script(f"{VERSION}\n{lines}"))
    code, found, said = examined(capsys)
    one = found["compiling"]
    assert (code, found["C compiler"]["state"], one["state"]) == (2, "ok", "trouble")
    assert words in one["words"] and note in "\n".join(one["notes"]) and remedy in one["remedy"]
    assert (said["engine"], said["reason"]) == ("python", "there is no C compiler that works")


@needs_compiler
@pytest.mark.parametrize(
    ("lines", "words"), [("sed -i.old 's/+ 1/+ 2/' trial.c", "computes wrongly"), ('set -- -fvisibility=hidden "$@"', "what it exports is not to be found")]
)
def test_a_compiler_whose_work_cannot_be_used_is_trouble(
    lines: str, words: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, script: Callable[..., str]
) -> None:
    real = shutil.which("cc") or shutil.which("gcc") or "clang"
    monkeypatch.setenv("CC", script(f'{VERSION}\n{lines}\nexec {real} "$@"'))
    code, found, _ = examined(capsys)
    assert (code, found["compiling"]["words"]) == (2, f"a small file was compiled, but {words}")


def test_a_compiler_that_does_not_say_its_version_is_trouble(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, script: Callable[..., str]
) -> None:
    monkeypatch.setattr(tools, "VERSION_SECONDS", 0.3)
    monkeypatch.setenv("CC", script("sleep 60 & wait"))
    code, found, _ = examined(capsys)
    assert code == 2 and "did not say its version within 0.3 s" in found["C compiler"]["notes"][0]


def test_a_cache_folder_that_cannot_be_written_to_is_trouble(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".cache").write_text("a file", encoding="utf-8")
    code, found, _ = examined(capsys)
    one = found["cache"]
    assert (code, one["state"]) == (2, "trouble") and "nothing compiled is kept in" in one["words"] and "it cannot be written to: " in one["words"]
    assert one["notes"] == ["until then every process compiles anew, into a temporary folder"] and "XDG_CACHE_HOME" in one["remedy"]


# -------------------------------------------------- engines and the runtime


@needs_compiler
def test_auto_is_the_native_engine_where_there_is_one_and_a_compiler(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.checker.diagnosis.ENGINES", {"python": None})
    assert examined(capsys)[2]["engine"] == "python"
    monkeypatch.setattr("speccheck.checker.diagnosis.ENGINES", {"python": None, "native": None})
    said = examined(capsys)[2]
    assert (said["engine"], said["reason"]) == ("native", "there is a C compiler that works")


@needs_compiler
def test_it_says_whether_the_runtime_is_compiled(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from speccheck.engines.native.cache import users_libraries

    code = tools.Code("runtime", (("r.c", "int r;"),))
    monkeypatch.setattr(diagnosis, "runtime_code", lambda: code)
    assert examined(capsys)[1]["runtime"]["words"] == "not compiled yet; the first run of the native engine does that"
    users_libraries().library(code, tools.find_toolchain())
    _, found, _ = examined(capsys)
    assert found["runtime"]["words"] == "compiled, in the cache" and "1 compiled library, " in found["cache"]["words"]
