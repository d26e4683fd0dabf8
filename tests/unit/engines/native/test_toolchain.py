"""The C compiler: which one is taken, what it makes, and what becomes of one that does not work."""

import contextlib
import ctypes
import importlib.util
import os
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.engines.native import toolchain as tools
from speccheck.engines.native.toolchain import Code, Toolchain, abi_of, compile_library, find_toolchain, flags_of, model_code, runtime_code, search_toolchain
from speccheck.errors import CompilationFailed, CompilerTimeout, LibraryUnwritable, NoCompiler

Program = Callable[..., str]
Wrap = Callable[[str], Toolchain]

ANSWER = Code("answer", (("answer.c", "int answer(void) { return 42; }\n"),))
VERSION = '[ "$1" = --version ] && { echo "gcc (a script) 1.0"; exit 0; }'
STUCK = "sleep 60 & wait"


def answer_of(path: "Path | str") -> int:
    return int(ctypes.CDLL(str(path)).answer())


# -------------------------------------------------- which one


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Callable[..., None]:
    """Return a function that makes scripts the only programs on PATH."""

    def put(**scripts: str) -> None:
        monkeypatch.delenv("CC", raising=False)
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        for name, body in scripts.items():
            program(body, name)
        monkeypatch.setenv("PATH", str(tmp_path / "some programs"))

    return put


@pytest.mark.parametrize(
    ("scripts", "found"),
    [
        ({"cc": VERSION, "gcc": VERSION}, "cc"),
        ({"gcc": VERSION, "clang": VERSION}, "gcc"),
        ({"clang": VERSION}, "clang"),
        ({"cc": "exit 1", "gcc": VERSION}, "gcc"),
    ],
)
def test_the_first_that_answers_is_taken(scripts: dict[str, str], found: str, only: Callable[..., None], tmp_path: Path) -> None:
    only(**scripts)
    toolchain = find_toolchain()
    assert (toolchain.found, toolchain.command) == (f"{found} on PATH", (str(tmp_path / "some programs" / found),))
    assert (toolchain.name, toolchain.kind) == ("gcc (a script) 1.0", "gcc")


def test_cc_of_the_environment_comes_first_and_may_have_arguments(only: Callable[..., None], program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    only(cc=VERSION)
    path = program('[ "$2" = --version ] && echo "clang version 99 ($1)"', "own")
    monkeypatch.setenv("CC", f"{shlex.quote(path)} --target='a b'")
    toolchain = find_toolchain()
    assert (toolchain.command, toolchain.name, toolchain.kind) == ((path, "--target=a b"), "clang version 99 (--target=a b)", "clang")
    assert toolchain.found == f"CC={shlex.quote(path)} --target='a b'"


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_cc_is_none(text: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    only(cc=VERSION)
    monkeypatch.setenv("CC", text)
    assert find_toolchain().found == "cc on PATH"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no_such_compiler -O", "there is no program 'no_such_compiler'"),
        ("cc 'open", "'cc 'open' is no command (no closing quotation)"),
        ("broken", "broken' --version` ended with exit code 1: it says nothing"),
        ("''", "there is no program ''"),
    ],
)
def test_a_cc_that_cannot_be_used_is_refused_and_not_passed_over(text: str, words: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    only(cc=VERSION, broken="exit 1")
    monkeypatch.setenv("CC", text)
    with pytest.raises(NoCompiler) as error:
        find_toolchain()
    assert "the C compiler that CC names cannot be used: " in error.value.message and error.value.message.endswith(words)
    assert error.value.remedy.startswith("Correct or unset CC. Install one (Debian: apt-get install gcc")


def test_without_any_the_places_are_named(only: Callable[..., None]) -> None:
    only(gcc="echo xcrun: error; exit 7")
    with pytest.raises(NoCompiler) as error:
        find_toolchain()
    cc, gcc, clang, ziglang = error.value.notes
    assert (cc, clang, ziglang) == ("cc: not on PATH", "clang: not on PATH", "ziglang: the package is not installed")
    assert gcc.endswith("gcc' --version` ended with exit code 7: xcrun: error")


def test_the_package_ziglang_is_the_last_resort(only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    only()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name == "ziglang" or None)
    assert [place.name for place in search_toolchain().places] == ["cc", "gcc", "clang", "ziglang"]
    assert list(tools._candidates())[-1] == ("ziglang", (sys.executable, "-m", "ziglang", "cc"), "")
    assert tools._kind((sys.executable, "-m", "ziglang", "cc"), "clang version 22") == "zig"


def test_a_compiler_that_does_not_even_say_its_version_is_left_after_a_while(only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.environ["PATH"]
    only(cc=f"PATH={path}; {STUCK}", gcc=VERSION)
    monkeypatch.setattr(tools, "VERSION_SECONDS", 0.3)
    search = search_toolchain()
    assert "did not say its version within 0.3 s" in search.places[0].trouble
    assert search.toolchain is not None and search.toolchain.found == "gcc on PATH"


def test_a_file_that_is_no_program_is_trouble_and_no_crash(only: Callable[..., None], tmp_path: Path) -> None:
    only(cc="")
    (tmp_path / "some programs" / "cc").write_bytes(b"\x7fnothing")
    assert "cannot be run: Exec format error" in search_toolchain().places[0].trouble


def test_the_stub_of_a_mac_is_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **settings: object) -> "subprocess.CompletedProcess[bytes]":
        asked.append(command)
        return subprocess.CompletedProcess(command, 2)

    assert tools._is_stub("/usr/bin/cc") == "" or sys.platform == "darwin"
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)
    assert tools._is_stub("/usr/bin/cc") == "the command line tools are not installed" and tools._is_stub("/opt/bin/cc") == ""
    assert asked == [["/usr/bin/xcode-select", "-p"]]


# -------------------------------------------------- what is compiled


def test_the_runtime_is_every_text_of_its_folder(tmp_path: Path) -> None:
    for name, text in {"b.c": "int b;", "a.c": "int a;", "model.h": "x\n#define SC_ABI 17 // y\n", "notes.md": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    code = runtime_code(str(tmp_path))
    assert code.units == (("a.c", "int a;"), ("b.c", "int b;")) and [name for name, _ in code.headers] == ["model.h"]
    assert (code.optimisation, code.vectors, code.threads, abi_of(code), abi_of(ANSWER)) == (2, False, True, 17, 0)


def test_vectors_are_left_out_by_a_flag_that_the_compiler_knows(tmp_path: Path) -> None:
    code = Code("scalar", (("a.c", ""),), vectors=False)
    flags = {kind: flags_of(Toolchain(("cc",), kind, "", ""), code) for kind in ("gcc", "clang", "zig", "other")}
    assert [kind for kind, said in flags.items() if "-fno-tree-vectorize" in said] == ["gcc", "clang", "zig"]
    assert "-fno-tree-vectorize" not in flags_of(Toolchain(("cc",), "gcc", "", ""), ANSWER)


def test_a_model_may_have_several_units_and_includes_what_the_runtime_has(toolchain: Toolchain, tmp_path: Path) -> None:
    one = model_code("M", ['#include "model.h"\n#include <model.h>\nint answer(void) { return SC_ABI + 41; }'])
    two = model_code("M", ["int half(void);\nint answer(void) { return 2 * half(); }", "int half(void) { return 21; }"], optimisation=2)
    assert ([name for name, _ in one.units], [name for name, _ in two.units]) == (["model.c"], ["model_0.c", "model_1.c"])
    assert abi_of(one) == 1 and "-O2" in flags_of(toolchain, two) and "-O1" in flags_of(toolchain, one)
    for code in (one, two):
        compile_library(toolchain, code, str(tmp_path / f"{len(code.units)}.so"), at_once=2)
        assert answer_of(tmp_path / f"{len(code.units)}.so") == 42


@pytest.mark.parametrize(
    ("system", "machine", "native"), [("linux", "x86_64", True), ("darwin", "x86_64", True), ("linux", "arm64", True), ("darwin", "arm64", False)]
)
def test_march_native_is_asked_for_where_it_means_something(system: str, machine: str, native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    toolchain = Toolchain(("cc",), "clang", "", "")
    assert ("-march=native" in flags_of(toolchain, ANSWER)) == native and "-march=native" not in flags_of(toolchain, ANSWER, native=False)
    assert tools._stages(toolchain, ANSWER, ())[0][0][1] == ("-dynamiclib" if system == "darwin" else "-shared")


# -------------------------------------------------- compiling


def test_a_library_is_compiled_into_a_path_with_blanks_and_nothing_is_left(toolchain: Toolchain, tmp_path: Path, temporary: Path) -> None:
    folder = tmp_path / "a b'c"
    folder.mkdir()
    compile_library(toolchain, ANSWER, str(folder / "the answer.so"))
    assert answer_of(folder / "the answer.so") == 42
    assert os.listdir(folder) == ["the answer.so"] and os.listdir(temporary) == []


def test_arguments_of_cc_reach_the_compiler(toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", f"{shlex.join(toolchain.command)} '-DANSWER=40 + 2'")
    compile_library(find_toolchain(), Code("answer", (("a.c", "int answer(void) { return ANSWER; }"),)), str(tmp_path / "a.so"))
    assert answer_of(tmp_path / "a.so") == 42


def test_no_shell_reads_the_command(tmp_path: Path, program: Program) -> None:
    path = program('echo "$@"; exit 1')
    with pytest.raises(CompilationFailed, match="; touch x") as error:
        compile_library(Toolchain((path, "; touch x", "$(touch y)"), "other", "v", "a test"), ANSWER, str(tmp_path / "a.so"))
    assert "$(touch y)" in error.value.message and not {"x", "y"} & set(os.listdir(tmp_path))


def test_texts_are_private_while_they_are_compiled(wrapped: Wrap, tmp_path: Path) -> None:
    compile_library(
        wrapped(f'stat -c %a . > "{tmp_path}/mode" 2>/dev/null || stat -f %Lp . > "{tmp_path}/mode"; echo "$TMPDIR" > "{tmp_path}/t"'),
        ANSWER,
        str(tmp_path / "a.so"),
    )
    assert (tmp_path / "mode").read_text().strip() == "700"
    assert not os.path.exists((tmp_path / "t").read_text().strip()), "temporary files of the compiler went there, and are gone"


def test_a_compiler_that_refuses_march_native_is_asked_without(wrapped: Wrap, tmp_path: Path) -> None:
    toolchain = wrapped('case "$*" in *-march=native*) echo "error: unknown argument"; exit 1;; esac')
    compile_library(toolchain, ANSWER, str(tmp_path / "a.so"))
    assert answer_of(tmp_path / "a.so") == 42


def test_a_unit_that_takes_long_does_not_keep_the_others_waiting(wrapped: Wrap, tmp_path: Path) -> None:
    others = f'[ -e "{tmp_path}/model_1.c" ] && [ -e "{tmp_path}/model_2.c" ]'
    toolchain = wrapped(f"""
for last; do :; done
case "$last" in
    model_0.c) n=0; until {others}; do n=$((n + 1)); [ $n -lt 600 ] || {{ echo "the others wait"; exit 1; }}; sleep 0.05; done;;
    model_[12].c) : > "{tmp_path}/$last";;
esac""")
    units = ["int one(void); int two(void); int answer(void) { return one() + two(); }", "int one(void) { return 40; }", "int two(void) { return 2; }"]
    compile_library(toolchain, model_code("M", units), str(tmp_path / "a.so"), at_once=2)
    assert answer_of(tmp_path / "a.so") == 42


@pytest.mark.parametrize("units", [1, 3])
def test_the_first_words_of_the_compiler_are_shown(units: int, toolchain: Toolchain, tmp_path: Path, temporary: Path) -> None:
    texts = ["int a;", "int b;", "int broken(void) { return nothing_of_that_name; }\n" + "int x = y;\n" * 40][-units:]
    with pytest.raises(CompilationFailed) as error:
        compile_library(toolchain, model_code("Broken", texts), str(tmp_path / "a.so"), at_once=1)
    first, *more = error.value.message.splitlines()
    assert first == f"the C compiler ({toolchain.found}) could not compile Broken" and "nothing_of_that_name" in "".join(more)
    assert len(more) == tools.LINES + 1 and more[-1].startswith("... and ") and str(tmp_path) not in error.value.message
    assert any("-march" not in note and "-O1" in note for note in error.value.notes)
    assert not (tmp_path / "a.so").exists() and os.listdir(temporary) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 1", "it ended with exit code 1 without a word"),
        ("kill -9 $$", "it was ended by signal 9 without a word"),
        ("exit 0", "it ended well, but there is no library"),
        (r"printf '\377\n'; exit 1", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_compiler_that_makes_nothing_is_an_error(body: str, words: str, program: Program, tmp_path: Path) -> None:
    with pytest.raises(CompilationFailed) as error:
        compile_library(Toolchain((program(body),), "other", "version", "a test"), ANSWER, str(tmp_path / "a.so"))
    assert error.value.message.splitlines()[1] == words
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".so", ".part"))]


def test_a_compiler_that_is_gone_is_none(tmp_path: Path) -> None:
    with pytest.raises(NoCompiler, match="is gone"):
        compile_library(Toolchain((str(tmp_path / "cc"),), "gcc", "version", "a test"), ANSWER, str(tmp_path / "a.so"))


def test_a_compiler_that_does_not_end_is_stopped_with_all_that_it_started(program: Program, tmp_path: Path) -> None:
    path = program(f'(sleep 3; echo alive > "{tmp_path}/alive") & wait')
    begun = time.monotonic()
    with pytest.raises(CompilerTimeout, match=r"did not compile answer within 0\.3 s, and was stopped"):
        compile_library(Toolchain((path,), "gcc", "version", "a test"), ANSWER, str(tmp_path / "a.so"), seconds=0.3)
    assert time.monotonic() - begun < 2.5
    time.sleep(max(0.0, 3.5 - (time.monotonic() - begun)))
    assert not (tmp_path / "alive").exists() and not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_when_one_unit_fails_the_others_are_not_waited_for(program: Program, tmp_path: Path) -> None:
    path = program('case "$*" in *model_0*) exit 1;; *) sleep 60;; esac')
    begun = time.monotonic()
    with pytest.raises(CompilationFailed):
        compile_library(Toolchain((path,), "gcc", "version", "a test"), model_code("M", ["int a;", "int b;"]), str(tmp_path / "a.so"), at_once=2)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("units", [5, 1])
def test_no_more_are_compiled_at_once_than_allowed(units: int, wrapped: Wrap, tmp_path: Path) -> None:
    log = tmp_path / "log"
    texts = ["int answer(void) { return 42; }", *(f"int unit_{n};" for n in range(1, units))]
    toolchain = wrapped(f'echo + >> "{log}"; trap \'echo - >> "{log}"\' EXIT')
    Path(toolchain.command[0]).write_text(Path(toolchain.command[0]).read_text().replace("exec ", ""), encoding="utf-8")
    compile_library(toolchain, model_code("M", texts), str(tmp_path / "a.so"), at_once=2)
    running = most = 0
    for sign in log.read_text().split():
        running += 1 if sign == "+" else -1
        most = max(most, running)
    assert most <= 2 and answer_of(tmp_path / "a.so") == 42


def test_a_full_disk_is_said_to_be_one(program: Program, tmp_path: Path) -> None:
    path = program("echo '/tmp/ccX.s: fatal error: error writing to /tmp/ccX.s: No space left on device' >&2; exit 1")
    with pytest.raises(LibraryUnwritable, match="cannot be written into '.*': No space left on device") as error:
        compile_library(Toolchain((path,), "gcc", "version", "a test"), ANSWER, str(tmp_path / "a.so"))
    assert "Make room on the disk" in error.value.remedy


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_disk_that_fills_up_under_our_own_text_is_said_to_be_full(toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def folder_with_a_full_device(within: str) -> Iterator[str]:
        (tmp_path / "answer.c").symlink_to("/dev/full")
        yield str(tmp_path)

    monkeypatch.setattr(tools, "_private_folder", folder_with_a_full_device)
    with pytest.raises(LibraryUnwritable, match="No space left on device"):
        compile_library(toolchain, ANSWER, str(tmp_path / "a.so"))


def test_a_folder_that_is_not_there_is_said(toolchain: Toolchain, tmp_path: Path) -> None:
    with pytest.raises(LibraryUnwritable, match="No such file or directory"):
        compile_library(toolchain, ANSWER, str(tmp_path / "nowhere" / "a.so"))


def test_zig_gets_a_cache_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(tmp_path / "nowhere"))
    own = tools._environment(str(tmp_path), None)
    assert own["ZIG_GLOBAL_CACHE_DIR"] == own["ZIG_LOCAL_CACHE_DIR"] == str(tmp_path / "zig")
    assert tools._environment(str(tmp_path), "/kept")["ZIG_GLOBAL_CACHE_DIR"] == "/kept"
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(tmp_path))
    assert tools._environment(str(tmp_path), "/kept")["ZIG_GLOBAL_CACHE_DIR"] == str(tmp_path), "the user's own is respected"


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="the package ziglang is not installed")
def test_ziglang_compiles_and_keeps_its_own_library_where_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    toolchain = find_toolchain()
    assert (toolchain.kind, toolchain.found) == ("zig", "the package ziglang")
    compile_library(toolchain, replace(ANSWER, threads=True), str(tmp_path / "a.so"), zig_cache=str(tmp_path / "kept"))
    assert answer_of(tmp_path / "a.so") == 42 and os.listdir(tmp_path / "kept") and not (tmp_path / "zig").exists()


def test_an_existing_library_is_replaced_and_not_written_over(toolchain: Toolchain, tmp_path: Path) -> None:
    """A process that has loaded it has it mapped: writing over it would crash that process."""
    path = tmp_path / "a.so"
    compile_library(toolchain, ANSWER, str(path))
    before = path.stat().st_ino
    with open(path, "rb"):
        compile_library(toolchain, ANSWER, str(path))
        assert path.stat().st_ino != before and stat.S_ISREG(path.stat().st_mode)
