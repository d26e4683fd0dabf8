"""What speccheck finds on this machine: itself, Python, a C compiler that works, the caches, programs and packages that are optional.

In: nothing but the machine. Out: a Diagnosis, plain data that says of each thing how it is and what to do about it::

    Examined("C compiler", "ok", "cc (Debian 12.2.0-14) 12.2.0; found as cc on PATH")
    Examined("dot", "missing", "draws pictures of state graphs", "Install Graphviz (...).")

What is missing is optional, since the Python engine needs nothing. Trouble is what is there, or was asked for, and does not work.
"""

import contextlib
import ctypes
import os
import platform
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Literal, TypeAlias

import speccheck
from speccheck.checker.cache import users_cache
from speccheck.checker.quantities import size_text
from speccheck.engines import ENGINES
from speccheck.engines.native.cache import Libraries, key_of, trouble_with, users_folder
from speccheck.engines.native.toolchain import Code, Search, Toolchain, compile_library, cores, runtime_code, search_toolchain
from speccheck.errors import EXIT_USAGE, CompilationFailed, CompilerTimeout, MissingProgram, NoCompiler, SpeccheckError
from speccheck.trace.styled import counted

State: TypeAlias = Literal["ok", "missing", "trouble"]

TRIAL = Code("a small file", (("trial.c", "#include <stdint.h>\n#include <stdlib.h>\nint32_t speccheck_trial(int32_t x) { return abs(x) + 1; }\n"),))
TRIAL_SECONDS = 60.0  # to compile it; zig compiles its own library first
REMEDIES: dict[type[SpeccheckError], str] = {
    CompilationFailed: "Install what the compiler needs (Debian: apt-get install libc6-dev, macOS: xcode-select --install), or name another one: CC=clang.",
    CompilerTimeout: "See what the compiler waits for, or name another one: CC=gcc.",
}
OPTIONAL_PROGRAMS = {
    "dot": ("draws pictures of state graphs", MissingProgram.advice),
    "git": ("says what has changed, for --changed-since", "Install git (Debian: apt-get install git, macOS: xcode-select --install)."),
}
OPTIONAL_PACKAGES = {
    "pytest": ("collects specs as tests", "pip install 'speccheck[test]'"),
    "hypothesis": ("draws examples in tests of specs", "pip install 'speccheck[test]'"),
    "mypy": ("checks types, for speccheck lint", "pip install mypy"),
}


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at: how it is, in a word and in words, what to do about it, and further lines."""

    name: str
    state: State
    words: str
    remedy: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was looked at, and which engine `--engine auto` uses for the models that it can run, and why."""

    examined: tuple[Examined, ...]
    engine: str
    reason: str

    @property
    def exit_code(self) -> int:
        """0, unless something is there, or was asked for, that does not work."""
        return EXIT_USAGE if any(one.state == "trouble" for one in self.examined) else 0


def diagnosis() -> Diagnosis:
    """Look at everything. It takes as long as compiling a small file does, TRIAL_SECONDS at most, and never raises a SpeccheckError."""
    search = search_toolchain()
    compiler = _compiler(search)
    compiling = [_compiling(search.toolchain), _runtime(search.toolchain)] if search.toolchain is not None else []
    works = all(one.state == "ok" for one in (compiler, *compiling))
    others = (*_caches(), *_programs(), *_packages())
    return Diagnosis((*_basics(), compiler, *compiling, *others), *_automatic(works))


def _automatic(works: bool) -> tuple[str, str]:
    if "native" not in ENGINES:
        return "python", "this version has no other"
    return ("native", "there is a C compiler that works") if works else ("python", "there is no C compiler that works")


# -------------------------------------------------- what everybody has


def _basics() -> Iterator[Examined]:
    yield Examined("speccheck", "ok", f"{speccheck.__version__}, {os.path.dirname(os.path.abspath(speccheck.__file__))}")
    yield Examined("Python", "ok", f"{platform.python_version()}, {platform.python_implementation()}, {sys.executable}")
    yield Examined("system", "ok", f"{platform.system()} {platform.release()}, {platform.machine()}, {counted(cores(), 'core')}, {_memory()}")


def _memory() -> str:
    """Return how much memory the machine has, and how much of it this container may use, where that is less."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    allowed = total
    with contextlib.suppress(OSError, ValueError), open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
        allowed = int(file.read())
    return f"{size_text(total)} of memory" + (f", {size_text(allowed)} of it for this container" if allowed < total else "")


# -------------------------------------------------- the compiler


def _compiler(search: Search) -> Examined:
    looked = tuple(f"{place.name}: {place.trouble}" for place in search.places if place.trouble)
    found = search.toolchain
    if found is not None:
        return Examined("C compiler", "ok", f"{found.name}; found as {found.found}: {shlex.join(found.command)}", notes=looked)
    if all(place.missing for place in search.places):
        return Examined("C compiler", "missing", "the native engine needs one", NoCompiler.advice, looked)
    asked = any(place.name == "CC" for place in search.places)
    words = "the one that CC names cannot be used" if asked else "there is none that can be used"
    return Examined("C compiler", "trouble", words, ("Correct or unset CC. " if asked else "") + NoCompiler.advice, looked)


def _compiling(toolchain: Toolchain) -> Examined:
    """Compile a small file, load it, and call it."""
    try:
        with tempfile.TemporaryDirectory(prefix="speccheck-") as folder:
            path = os.path.join(folder, "trial.so")
            zig = Libraries(users_folder()).zig
            compile_library(toolchain, TRIAL, path, seconds=TRIAL_SECONDS, zig_cache=zig if os.path.isdir(zig) else None)
            found = ctypes.CDLL(path).speccheck_trial(-41)
    except SpeccheckError as error:
        first, *more = error.message.splitlines()
        return Examined("compiling", "trouble", first, REMEDIES.get(type(error), error.remedy), (*more, *error.notes))
    except OSError as error:
        return Examined("compiling", "trouble", f"a small file was compiled, but cannot be loaded: {error}", "Name a compiler for this machine: CC=cc.")
    except AttributeError:
        return Examined("compiling", "trouble", "a small file was compiled, but what it exports is not to be found", "Look at the arguments that CC gives.")
    if found != 42:
        return Examined("compiling", "trouble", "a small file was compiled, but computes wrongly", "Name another compiler: CC=clang.")
    return Examined("compiling", "ok", "a small file was compiled and loaded")


def _runtime(toolchain: Toolchain) -> Examined:
    code = runtime_code()
    if not code.units:
        return Examined("runtime", "ok", "this version has none")
    there = Libraries(users_folder()).find(key_of(code, toolchain)) is not None
    return Examined("runtime", "ok", "compiled, in the cache" if there else "not compiled yet; the first run of the native engine does that")


# -------------------------------------------------- caches, programs, packages


def _caches() -> Iterator[Examined]:
    verdicts, libraries = users_cache(), Libraries(users_folder())
    entries, compiled = verdicts.entries(), libraries.entries()
    of_verdicts = f"{counted(len(entries), 'verdict')}, {size_text(sum(one.size for one in entries))}"
    of_libraries = f"{len(compiled):,} compiled {'library' if len(compiled) == 1 else 'libraries'}, {size_text(sum(one.size for one in compiled))}"
    words = f"{os.path.dirname(libraries.folder)}: {of_verdicts}; {of_libraries}"
    trouble = trouble_with(libraries.folder)
    if not trouble:
        yield Examined("cache", "ok", f"{words}; writable")
        return
    yield Examined(
        "cache",
        "trouble",
        f"{words}; nothing compiled is kept in '{libraries.folder}': {trouble}",
        "Make the folder one that you, and nobody else, can write to. On Linux, XDG_CACHE_HOME names another place.",
        ("until then every process compiles anew, into a temporary folder",),
    )


def _programs() -> Iterator[Examined]:
    for name, (use, remedy) in OPTIONAL_PROGRAMS.items():
        path = shutil.which(name)
        yield Examined(name, "ok", path) if path else Examined(name, "missing", use, remedy)


def _packages() -> Iterator[Examined]:
    for name, (use, command) in OPTIONAL_PACKAGES.items():
        try:
            yield Examined(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Examined(name, "missing", use, f"Install it: {command}.")
