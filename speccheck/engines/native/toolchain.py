"""The C compiler of this machine, and what it makes of C text: a shared library.

In: C texts by the names of their files. Out: a library at a path, or an error with the compiler's words::

    find_toolchain()                       ->  Toolchain(("/usr/bin/cc",), "gcc", "cc (Debian 12.2.0-14) 12.2.0 ...", "cc on PATH")
    compile_library(toolchain, code, path) ->  path is there, whole

A compiler is a program of somebody else: it may be missing, broken, or wait for ever. Nothing here goes through a shell; texts and objects lie in a private
folder that is removed afterwards, and so are the temporary files of the compiler.
"""

import contextlib
import errno
import importlib.util
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache as remembered
from typing import Literal, TypeAlias

from speccheck.errors import CompilationFailed, CompilerTimeout, LibraryUnwritable, NoCompiler, SpeccheckError

Kind: TypeAlias = Literal["gcc", "clang", "zig", "other"]
Texts: TypeAlias = tuple[tuple[str, str], ...]  # names of files, with what they hold

RUNTIME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "runtime")
NAMES = ("cc", "gcc", "clang")
SECONDS = 300.0  # for one library; a large model takes a minute, zig's first library ten seconds
VERSION_SECONDS = 20.0  # for a compiler to say its version
POLL = 0.005  # seconds between two looks whether a compiler has ended, and whether what is compiled is still wanted
LINES = 12  # of what the compiler says; the first error is the one that matters
LIBRARY = "library.so"
FULL = ("No space left on device", "Disk quota exceeded")


@dataclass(frozen=True)
class Toolchain:
    """A C compiler: how it is called, of which kind it is, all that it says of its version, and how it was found."""

    command: tuple[str, ...]
    kind: Kind
    version: str
    found: str

    @property
    def name(self) -> str:
        """The first line of its version: `gcc (Debian 12.2.0-14) 12.2.0`."""
        return self.version.partition("\n")[0]


@dataclass(frozen=True)
class Place:
    """A place where a compiler was looked for, and what is the matter: "" where it is the one that is taken. `missing` if there is simply nothing."""

    name: str
    trouble: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Search:
    """What came of looking for a compiler, and where it was looked for, in order; the rest is not looked at once one is found."""

    toolchain: Toolchain | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Code:
    """The C text of one library, and how it is compiled.

    `units` are compiled, each by itself, `headers` lie beside them. `native`: for the very processor of this machine, where the compiler can do that.
    `vectors`: loops may become ones of vectors. gcc takes a third of its time to find out where that is worth it, which in a search is nowhere.
    """

    name: str
    units: Texts
    headers: Texts = ()
    optimisation: int = 1
    native: bool = True
    vectors: bool = True
    threads: bool = False
    options: tuple[str, ...] = ()


# -------------------------------------------------- the compiler


def find_toolchain() -> Toolchain:
    """Return the C compiler to use. Raises NoCompiler with the places where it was looked for."""
    search = search_toolchain()
    if search.toolchain is not None:
        return search.toolchain
    if os.environ.get("CC", "").strip():
        raise NoCompiler(f"the C compiler that CC names cannot be used: {search.places[0].trouble}", remedy=f"Correct or unset CC. {NoCompiler.advice}")
    raise NoCompiler("there is no C compiler that could be used", notes=(f"{place.name}: {place.trouble}" for place in search.places))


def search_toolchain() -> Search:
    """Look for a C compiler: what `$CC` names and nothing else, if it is set; else cc, gcc, clang on PATH; else the package ziglang."""
    places = []
    for name, command, trouble in _candidates():
        missing = bool(trouble) and name != "CC"
        version, trouble = ("", trouble) if trouble else _version_of(command)
        places.append(Place(name, trouble, missing))
        if not trouble:
            found = {"CC": f"CC={os.environ.get('CC', '')}", "ziglang": "the package ziglang"}.get(name, f"{name} on PATH")
            return Search(Toolchain(command, _kind(command, version), version, found), tuple(places))
    return Search(None, tuple(places))


def _candidates() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the names of the places, the command that is there, and why there is none."""
    if os.environ.get("CC", "").strip():  # obeyed or refused, but never passed over: whoever sets it wants that one
        yield ("CC", *_asked_for(os.environ["CC"]))
        return
    for name in NAMES:
        path = shutil.which(name)
        if path is None:
            yield name, (), "not on PATH"
        else:
            yield name, (os.path.abspath(path),), _is_stub(path)
    there = importlib.util.find_spec("ziglang") is not None
    yield "ziglang", (sys.executable, "-m", "ziglang", "cc"), "" if there else "the package is not installed"


def _asked_for(text: str) -> tuple[tuple[str, ...], str]:
    """Return the command that `$CC` means, or why it means none; it may have arguments."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        return (), f"'{text}' is no command ({str(error).lower()})"
    path = shutil.which(words[0]) if words else None
    return ((os.path.abspath(path), *words[1:]), "") if path else ((), f"there is no program '{words[0] if words else ''}'")


def _is_stub(path: str) -> str:
    """macOS has a /usr/bin/cc that asks in a window whether to install the real one; return that it is not there, or ""."""
    if sys.platform != "darwin" or os.path.dirname(path) != "/usr/bin":
        return ""
    asked = subprocess.run(["/usr/bin/xcode-select", "-p"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=VERSION_SECONDS)
    return "" if asked.returncode == 0 else "the command line tools are not installed"


@remembered
def _version_of(command: tuple[str, ...]) -> tuple[str, str]:
    """Return what a compiler says of its version, and what is the matter if it does not."""
    try:
        with _private_folder(None) as folder:
            code, said = _run_all([(*command, "--version")], folder, _environment(folder, None), time.monotonic() + VERSION_SECONDS, 1)[0]
    except TimeoutError:
        return "", f"`{shlex.join(command)}` did not say its version within {VERSION_SECONDS:g} s"
    except OSError as error:
        return "", f"`{shlex.join(command)}` cannot be run: {error.strerror or error}"
    if code != 0 or not said.strip():
        first = next((one for one in said.splitlines() if one.strip()), "it says nothing")
        return "", f"`{shlex.join(command)} --version` ended with exit code {code}: {first.strip()}"
    return said.strip(), ""


def _kind(command: tuple[str, ...], version: str) -> Kind:
    if any(os.path.basename(word) in ("zig", "ziglang") for word in command):
        return "zig"
    if "clang" in version.lower():
        return "clang"
    return "gcc" if "gcc" in version.lower() or "Free Software Foundation" in version else "other"


# -------------------------------------------------- what is compiled


def runtime_code(folder: str = RUNTIME) -> Code:
    """Return the code of the runtime, which searches any model: every .c of its folder."""
    units = sorted(_texts(folder, ".c"), key=lambda one: one[0] != "explore.c")  # the one that takes longest is begun first
    return Code("runtime", tuple(units), _texts(folder, ".h"), optimisation=2, vectors=False, threads=True)


def model_code(name: str, units: Sequence[str], *, optimisation: int = 1, options: tuple[str, ...] = ()) -> Code:
    """Return the code of one model: its translation units, which may include the headers of the runtime."""
    names = ["model.c"] if len(units) == 1 else [f"model_{number}.c" for number in range(len(units))]
    return Code(name, tuple(zip(names, units)), _texts(RUNTIME, ".h"), optimisation=optimisation, options=options)


def abi_of(code: Code) -> int:
    """Return the number of the contract between models and the runtime (`SC_ABI` in model.h) that the code was written for; 0 where it has none."""
    match = re.search(r"^#define SC_ABI (\d+)", dict(code.headers).get("model.h", ""), re.MULTILINE)
    return int(match[1]) if match else 0


def _texts(folder: str, ending: str) -> Texts:
    names = sorted(name for name in os.listdir(folder) if name.endswith(ending))
    found = []
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found.append((name, file.read()))
    return tuple(found)


def flags_of(toolchain: Toolchain, code: Code, native: bool = True) -> tuple[str, ...]:
    """Return the flags that each unit is compiled with; `native` is False where the compiler has refused -march=native."""
    flags = ["-std=gnu11", f"-O{code.optimisation}", "-fPIC", "-I."]
    if native and code.native and not (sys.platform == "darwin" and platform.machine() == "arm64"):  # there it is -mcpu, and does nothing for us
        flags.append("-march=native")
    if code.threads:
        flags.append("-pthread")
    if not code.vectors and toolchain.kind != "other":
        flags.append("-fno-tree-vectorize")
    if toolchain.kind == "zig":
        flags.append("-fno-sanitize=undefined")  # which zig turns on by itself, without -O
    return (*flags, *code.options)


# -------------------------------------------------- compiling


class Cancelled(Exception):
    """What is compiled is not wanted any more."""


cancellation: ContextVar[threading.Event | None] = ContextVar("speccheck_cancellation", default=None)  # set: whoever compiles in this context stops


def compile_library(
    toolchain: Toolchain, code: Code, path: str, *, seconds: float | None = None, at_once: int | None = None, zig_cache: str | None = None
) -> None:
    """Compile code to a shared library at a path, which is replaced in one step.

    `seconds` (SECONDS) is the time for all of it, `at_once` how many units are compiled at the same time (one for each core), `zig_cache` a folder where
    zig keeps its own library, which it else compiles again. Raises CompilationFailed, CompilerTimeout, LibraryUnwritable, and NoCompiler if it is gone.
    """
    assert code.units, "a library is made of something"
    allowed = SECONDS if seconds is None else seconds
    deadline = time.monotonic() + allowed
    try:
        with _private_folder(os.path.dirname(os.path.abspath(path))) as folder:
            for name, text in (*code.headers, *code.units):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            _build(toolchain, code, folder, _environment(folder, zig_cache), deadline, at_once or cores())
            os.replace(os.path.join(folder, LIBRARY), path)
    except TimeoutError:
        raise CompilerTimeout(f"{_called(toolchain)} did not compile {code.name} within {allowed:g} s, and was stopped") from None
    except OSError as error:
        raise unwritable(os.path.dirname(os.path.abspath(path)), error) from None


def unwritable(folder: str, error: OSError) -> LibraryUnwritable:
    """Return the error for a folder that compiled code cannot be written into."""
    return LibraryUnwritable(f"compiled code cannot be written into '{folder}': {error.strerror or error}")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _build(toolchain: Toolchain, code: Code, folder: str, environment: Mapping[str, str], deadline: float, at_once: int) -> None:
    """Make the library in the folder. A compiler that refuses -march=native is asked again without; its words do not say that in any common form."""
    tried = list(dict.fromkeys((flags_of(toolchain, code), flags_of(toolchain, code, native=False))))
    for flags in tried:
        wrong = _wrong(toolchain, _stages(toolchain, code, flags), folder, environment, deadline, at_once)
        if wrong is None:
            return
        if flags == tried[-1]:
            raise _failed(toolchain, code, folder, *wrong)


def _wrong(
    toolchain: Toolchain,
    stages: Sequence[Sequence[tuple[str, ...]]],
    folder: str,
    environment: Mapping[str, str],
    deadline: float,
    at_once: int,
) -> tuple[tuple[str, ...], int, str] | None:
    """Run the stages, and return the command that failed with its exit code and its words; None if there is a library now."""
    for commands in stages:
        for number, (status, said) in sorted(_started(toolchain, commands, folder, environment, deadline, at_once).items()):
            if status != 0:
                return commands[number], status, said
    return None if os.path.exists(os.path.join(folder, LIBRARY)) else (stages[-1][0], 0, "it ended well, but there is no library")


def _stages(toolchain: Toolchain, code: Code, flags: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """Return the commands, stage by stage; those of one stage may run at the same time. One unit is compiled and linked in one step, which is quicker."""
    shared = "-dynamiclib" if sys.platform == "darwin" else "-shared"
    names = [name for name, _ in code.units]
    if len(names) == 1:
        return [[(*toolchain.command, *flags, shared, "-o", LIBRARY, names[0])]]
    objects = [f"{name}.o" for name in names]
    compiling = [(*toolchain.command, *flags, "-c", "-o", made, name) for name, made in zip(names, objects)]
    return [compiling, [(*toolchain.command, *flags, shared, "-o", LIBRARY, *objects)]]


def _started(
    toolchain: Toolchain, commands: Sequence[tuple[str, ...]], folder: str, environment: Mapping[str, str], deadline: float, at_once: int
) -> dict[int, tuple[int, str]]:
    try:
        return _run_all(commands, folder, environment, deadline, at_once)
    except OSError:
        if shutil.which(toolchain.command[0]) is None:
            raise NoCompiler(f"the C compiler '{toolchain.command[0]}' is gone") from None
        raise


def _failed(toolchain: Toolchain, code: Code, folder: str, command: tuple[str, ...], status: int, said: str) -> SpeccheckError:
    """Return the error for a command that failed: that the disk is full, or the compiler's first words."""
    if any(words in said for words in FULL) or shutil.disk_usage(folder).free < 2**16:
        return unwritable(os.path.dirname(folder), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    lines = [one.rstrip() for one in said.splitlines() if one.strip()]
    shown = lines[:LINES] + [f"... and {len(lines) - LINES} lines more"] * (len(lines) > LINES)
    reason = f"was ended by signal {-status}" if status < 0 else f"ended with exit code {status}"
    message = "\n".join([f"{_called(toolchain)} could not compile {code.name}", *(shown or [f"it {reason} without a word"])])
    return CompilationFailed(message, notes=(f"the command was: {shlex.join(command)}", f"the compiler is: {toolchain.name}"))


def _called(toolchain: Toolchain) -> str:
    return f"the C compiler ({toolchain.found})"


# -------------------------------------------------- processes


@contextlib.contextmanager
def _private_folder(within: str | None) -> Iterator[str]:
    """Make a folder that only this user can read, and remove it with all that is in it."""
    folder = tempfile.mkdtemp(prefix="speccheck-", suffix=".part", dir=within)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: str, zig_cache: str | None) -> dict[str, str]:
    """Return the environment of a compiler: plain English, temporary files in our folder. zig spins without a word where its cache cannot be written."""
    theirs = os.environ.get("ZIG_GLOBAL_CACHE_DIR", "")
    kept = theirs if theirs and os.access(theirs, os.W_OK) else zig_cache or os.path.join(folder, "zig")
    return {**os.environ, "LC_ALL": "C", "TMPDIR": folder, "ZIG_GLOBAL_CACHE_DIR": kept, "ZIG_LOCAL_CACHE_DIR": os.path.join(folder, "zig")}


def _run_all(commands: Sequence[tuple[str, ...]], folder: str, environment: Mapping[str, str], deadline: float, at_once: int) -> dict[int, tuple[int, str]]:
    """Run commands, some at once, until all have ended or one has failed; return the exit code and the words of each that has ended, by its number. Raises
    TimeoutError after the deadline; whatever happens, none of them runs on.
    """
    waiting = list(reversed(range(len(commands))))
    running: dict[int, subprocess.Popen[bytes]] = {}
    ended: dict[int, tuple[int, str]] = {}
    try:
        while (waiting or running) and all(status == 0 for status, _ in ended.values()):
            while waiting and len(running) < at_once:
                number = waiting.pop()
                with open(_words_of(folder, number), "wb") as output:  # not a pipe: a daemon that the compiler leaves behind would hold it open
                    running[number] = subprocess.Popen(
                        commands[number], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, process_group=0
                    )
            for number in _await_one(running, deadline):
                status = running.pop(number).returncode
                with open(_words_of(folder, number), "rb") as output:
                    ended[number] = status, output.read(2**16).decode(errors="replace")
        return ended
    finally:
        for process in running.values():
            if process.poll() is None:
                with contextlib.suppress(OSError):  # the compiler proper is a child of what we started
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _words_of(folder: str, number: int) -> str:
    return os.path.join(folder, f"said_{number}.txt")


def _await_one(running: Mapping[int, subprocess.Popen[bytes]], deadline: float) -> list[int]:
    """Wait until some of the processes have ended, and return their numbers."""
    cancelled = cancellation.get()
    while True:
        ended = [number for number, process in running.items() if process.poll() is not None]
        if ended:
            return ended
        if time.monotonic() > deadline:
            raise TimeoutError
        if cancelled is None:
            time.sleep(POLL)
        elif cancelled.wait(POLL):
            raise Cancelled
