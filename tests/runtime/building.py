"""Compiles the runtime with a model of this folder: once for each way of building and each model, for all tests of a session."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "speccheck/engines/native/runtime"
WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Werror"]
WAYS = {
    "plain": ["-O2"],
    "few": ["-O2", "-DSC_MOST_ENTRIES=3000"],
    "addresses": ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    "threads": ["-O1", "-g", "-fsanitize=thread"],
    "small": ["-O1", "-DBLOCK_LOG2=6", "-DNARROW_MASKS=12u"],  # blocks and numbers of sets, so that small graphs have large ones
}
# Not all of a small search is worth a report of its own: the first one ends the test.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": "detect_leaks=1:halt_on_error=1", "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"}
MORE, DONE, STOPPED, STATE_LIMIT, MEMORY_LIMIT, OUT_OF_MEMORY, FULL_INDEX, UNANSWERED = range(8)


@dataclass(frozen=True)
class Told:
    """Everything visible of a search. States are strings of hexadecimal words."""

    code: int
    level: int
    generated: int
    distinct: int
    expanded: int
    queue: int
    dropped: int
    taken: tuple[int, ...]
    moved: tuple[int, ...]
    changed: int
    levels: tuple[tuple[str, ...], ...]
    finds: dict[int, tuple[int, tuple[str, ...]]]  # its level, and the way back


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="runtime-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_builds() -> None:
    """Remove what was built; the next build begins anew."""
    if _folder.cache_info().currsize:
        shutil.rmtree(_folder(), ignore_errors=True)
        for cached in (_folder, _objects, executable, library):
            cached.cache_clear()


def _compile(*arguments: str | Path) -> None:
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        pytest.skip("no C compiler")
    command = [compiler, "-std=c11", "-pthread", "-fPIC", *WARNINGS, f"-I{RUNTIME}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stderr, pytrace=False)


@functools.cache
def _objects(way: str) -> tuple[Path, ...]:
    """Compile the runtime; skip the test if the compiler or the system lacks the sanitizer."""
    _try_sanitizer(way)
    objects = []
    for source in sorted(RUNTIME.glob("*.c")):
        objects.append(_folder() / f"{source.stem}-{way}.o")
        _compile(*WAYS[way], "-c", source, "-o", objects[-1])
    return tuple(objects)


def _try_sanitizer(way: str) -> None:
    if way in ("plain", "few"):
        return
    source, program = _folder() / "nothing.c", _folder() / f"nothing-{way}"
    source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        pytest.skip("no C compiler")
    for command in ([compiler, *WAYS[way], str(source), "-o", str(program)], [str(program)]):
        if subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False).returncode != 0:
            pytest.skip(f"no sanitizer of {way} here")


@functools.cache
def executable(model: str, defines: tuple[str, ...] = (), way: str = "plain", text: str = "tell.c") -> Path:
    """Build the program that tells everything of a model."""
    program = _folder() / "-".join([text.removesuffix(".c"), model, way, *defines]).replace("=", "_")
    _compile(*WAYS[way], *(f"-D{define}" for define in defines), HERE / text, HERE / f"models/{model}.c", *_objects(way), "-o", program)
    return program


@functools.cache
def library(model: str, defines: tuple[str, ...] = ()) -> Path:
    """Build a shared library of runtime and model."""
    file = _folder() / ("-".join(["library", model, *defines]).replace("=", "_") + ".so")
    _compile(*WAYS["plain"], "-shared", *(f"-D{define}" for define in defines), HERE / f"models/{model}.c", *_objects("plain"), "-o", file)
    return file


def lines_of(program: Path, *numbers: int) -> list[list[str]]:
    """Run a program; return the words of the lines it prints."""
    done = subprocess.run([str(program), *map(str, numbers)], capture_output=True, text=True, env=ENVIRONMENT, timeout=300, check=False)
    if done.returncode != 0:
        pytest.fail(f"{program.name} {numbers} ended with {done.returncode}\n{done.stderr[:8000]}", pytrace=False)
    return [line.split() for line in done.stdout.splitlines()]


def told(program: Path, workers: int = 1, ring: int = 0, slots: int = 0, states: int = 0, memory: int = 0, levels: int = 0, ones: int = 0) -> Told:
    """Run a search and return what it tells."""
    lines = lines_of(program, workers, ring, slots, states, memory, levels, ones)
    by_name = {line[0]: tuple(map(int, line[1:])) for line in lines if line[0] in {"code", "counts", "taken", "moved", "changed"}}
    found = {int(line[1]): (int(line[2]), tuple(line[3:])) for line in lines if line[0] == "find"}
    every_level = tuple(tuple(line[1:]) for line in lines if line[0] == "level")
    return Told(by_name["code"][0], *by_name["counts"], by_name["taken"], by_name["moved"], by_name["changed"][0], every_level, found)
