"""Compiled libraries that are kept: made once, whole or not there, and found again for the same code only."""

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.engines.native import cache
from speccheck.engines.native.cache import LEFT_OVER, Libraries, key_of, trouble_with, users_folder, users_libraries
from speccheck.engines.native.toolchain import Code, Toolchain
from speccheck.errors import CompilationFailed, LibraryUnwritable

Wrap = Callable[[str], Toolchain]

ANSWER = Code("answer", (("answer.c", '#include "number.h"\nint answer(void) { return NUMBER; }\n'),), (("number.h", "#define NUMBER 42\n"),))
NEVER = Toolchain(("/nonexistent/cc",), "gcc", "version", "a test")


@pytest.fixture
def libraries(tmp_path: Path) -> Libraries:
    return Libraries(str(tmp_path / "caches" / "kept here"))


def code(number: int) -> Code:
    return replace(ANSWER, headers=(("number.h", f"#define NUMBER {number}\n"),))


def names(libraries: Libraries) -> list[str]:
    return sorted(name for name in os.listdir(libraries.folder) if name != "zig")


# -------------------------------------------------- kept


def test_a_library_is_compiled_once(libraries: Libraries, wrapped: Wrap, tmp_path: Path) -> None:
    toolchain = wrapped(f'echo . >> "{tmp_path}/log"')
    assert libraries.load(ANSWER, toolchain).answer() == 42
    path = libraries.library(ANSWER, toolchain)
    assert path == libraries.library(ANSWER, toolchain) == libraries.find(key_of(ANSWER, toolchain))
    assert (tmp_path / "log").read_text().count(".") == 1
    assert names(libraries) == sorted([os.path.basename(path), os.path.basename(path)[:-3] + ".sha256"]), "neither locks nor parts"
    assert [one.path for one in libraries.entries()] == [path] and libraries.entries()[0].size == os.path.getsize(path)
    assert os.stat(path).st_mode & 0o077 == os.stat(libraries.folder).st_mode & 0o077 == 0


def test_what_cannot_be_compiled_leaves_nothing(libraries: Libraries, toolchain: Toolchain, temporary: Path) -> None:
    with pytest.raises(CompilationFailed):
        libraries.library(replace(ANSWER, headers=()), toolchain)
    assert names(libraries) == [] == os.listdir(temporary) == libraries.entries()


def test_the_key_changes_with_everything_that_the_library_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    gcc = Toolchain(("/usr/bin/gcc",), "gcc", "gcc 12.2", "gcc on PATH")
    abi = (("model.h", "#define SC_ABI 1\n"),)
    keys = [
        key_of(ANSWER, gcc),
        *(key_of(other, gcc) for other in (code(43), replace(ANSWER, units=(("answer.c", "int x;"),)), replace(ANSWER, headers=(*ANSWER.headers, *abi)))),
        *(key_of(replace(ANSWER, **change), gcc) for change in ({"optimisation": 2}, {"native": False}, {"threads": True}, {"options": ("-DX",)})),
        key_of(ANSWER, replace(gcc, command=("/usr/bin/gcc", "-m32"))),
        key_of(ANSWER, replace(gcc, version="gcc 12.3")),
        key_of(ANSWER, replace(gcc, kind="zig")),
    ]
    monkeypatch.setattr(cache, "processor", lambda: "another one")
    keys.append(key_of(ANSWER, gcc))
    monkeypatch.setattr(cache, "abi_of", lambda code: 2)
    keys.append(key_of(ANSWER, gcc))
    monkeypatch.setattr(cache, "FORMAT", 2)
    keys.append(key_of(ANSWER, gcc))
    assert len(set(keys)) == len(keys) == 14
    monkeypatch.undo()
    assert key_of(replace(ANSWER, name="other"), replace(gcc, found="CC=gcc")) == keys[0], "what a thing is called does not matter"


def test_the_processor_is_known_by_what_it_can_do() -> None:
    system, *words = cache.processor().splitlines()
    assert system and any("flags" in word or "features" in word.lower() for word in words) and "MHz" not in cache.processor()


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[: len(content) // 2], lambda content: b"garbage", flipped, lambda content: None]
)
@pytest.mark.parametrize("ending", [".so", ".sha256"])
def test_a_damaged_library_is_noticed_before_it_is_loaded_and_made_again(
    ending: str, damage: Callable[[bytes], bytes | None], libraries: Libraries, toolchain: Toolchain
) -> None:
    path = Path(libraries.library(ANSWER, toolchain))
    whole, broken = path.read_bytes(), path.with_suffix(ending)
    made = damage(broken.read_bytes())
    if made is None:
        broken.unlink()
    else:
        broken.write_bytes(made)
    assert libraries.find(path.stem) is None
    assert libraries.load(ANSWER, toolchain).answer() == 42
    assert len(path.read_bytes()) == len(whole) and libraries.find(path.stem) == str(path)


def test_a_library_that_is_cleared_before_it_is_loaded_is_made_again(libraries: Libraries, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = ctypes.CDLL, []

    def load(path: str) -> ctypes.CDLL:
        calls.append(path)
        if len(calls) == 1:
            libraries.clear()
        return real(path)

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert libraries.load(ANSWER, toolchain).answer() == 42 and len(calls) == 2


def test_a_library_that_is_cleared_while_it_is_made_arrives_all_the_same(libraries: Libraries, wrapped: Wrap) -> None:
    script = f"import sys; from speccheck.engines.native.cache import Libraries; Libraries({libraries.folder!r}).clear()"
    toolchain = wrapped(f'"{sys.executable}" -c "{script}"')
    assert libraries.load(ANSWER, toolchain).answer() == 42


# -------------------------------------------------- several at once

CHILD = """\
import sys
from speccheck.engines.native.cache import Libraries
from speccheck.engines.native.toolchain import Code, Toolchain
sys.stdin.readline()
code = Code("answer", (("answer.c", "int answer(void) { return 42; }"),))
print(Libraries(sys.argv[1]).load(code, Toolchain((sys.argv[2],), "gcc", "version", "a test")).answer())
"""


def test_of_several_processes_one_compiles_and_the_others_wait(libraries: Libraries, wrapped: Wrap, tmp_path: Path, root: Path) -> None:
    toolchain = wrapped(f'echo . >> "{tmp_path}/log"; sleep 0.5')
    command = [sys.executable, "-c", CHILD, libraries.folder, *toolchain.command]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env={**os.environ, "PYTHONPATH": str(root)}) for _ in range(3)]
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert [(one.communicate(timeout=60)[0], one.returncode) for one in running] == [("42\n", 0)] * 3
    assert (tmp_path / "log").read_text().count(".") == 1 and len(names(libraries)) == 2


def test_threads_wait_for_each_other_too(libraries: Libraries, wrapped: Wrap, tmp_path: Path) -> None:
    toolchain = wrapped(f'echo . >> "{tmp_path}/log"; sleep 0.3')
    threads = [threading.Thread(target=libraries.library, args=(ANSWER, toolchain)) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (tmp_path / "log").read_text().count(".") == 1 and len(libraries.entries()) == 1


def test_who_waits_too_long_goes_on_alone(libraries: Libraries, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LOCK_SECONDS", 0.2)
    os.makedirs(libraries.folder)
    begun = time.monotonic()
    with cache._alone(os.path.join(libraries.folder, f"{key_of(ANSWER, toolchain)}.so.lock"), 1):
        assert libraries.load(ANSWER, toolchain).answer() == 42
    assert 0.2 <= time.monotonic() - begun < 30


def test_a_lock_that_a_process_left_behind_locks_nothing(libraries: Libraries, toolchain: Toolchain) -> None:
    os.makedirs(libraries.folder)
    Path(libraries.folder, f"{key_of(ANSWER, toolchain)}.so.lock").write_text("", encoding="utf-8")
    assert libraries.load(ANSWER, toolchain).answer() == 42 and len(names(libraries)) == 2


def test_where_there_are_no_locks_everybody_compiles(libraries: Libraries, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    assert libraries.load(ANSWER, toolchain).answer() == 42


# -------------------------------------------------- bounds


@pytest.fixture
def three(libraries: Libraries) -> list[str]:
    """Return the paths of three libraries, the least recently used first."""
    os.makedirs(libraries.folder)
    paths = []
    for number, ago in enumerate((300, 200, 100)):
        path = Path(libraries.folder, f"{number}" * 64 + ".so")
        path.write_bytes(bytes(1000))
        path.with_suffix(".sha256").write_text(cache._hash_of(str(path)), encoding="ascii")
        os.utime(path, (time.time() - ago, time.time() - ago))
        paths.append(str(path))
    return paths


@pytest.mark.parametrize(
    ("bounds", "left"),
    [({}, 3), ({"most": 2}, 2), ({"most_bytes": 2500}, 2), ({"most_bytes": 1000}, 1), ({"most": 0}, 0), ({"most": 1, "most_bytes": 2000}, 1)],
)
def test_what_was_not_used_for_the_longest_time_goes_first(bounds: dict[str, int], left: int, libraries: Libraries, three: list[str]) -> None:
    assert libraries.prune(**bounds) == 3 - left
    assert [one.path for one in libraries.entries()] == three[3 - left :] and len(names(libraries)) == 2 * left


def test_what_is_found_counts_as_used(libraries: Libraries, three: list[str]) -> None:
    assert libraries.find("0" * 64) == three[0]
    libraries.prune(most=1)
    assert [one.path for one in libraries.entries()] == [three[0]]


def test_a_library_that_was_just_made_stays_however_large(libraries: Libraries, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.MOST_BYTES == 500_000_000 and cache.MOST == 200
    monkeypatch.setattr(Libraries.prune, "__kwdefaults__", {"most_bytes": 1, "most": 1, "spare": ""})
    for number in (1, 2):
        assert libraries.load(code(number), toolchain).answer() == number
    assert len(libraries.entries()) == 1


def test_what_was_never_finished_goes_after_an_hour(libraries: Libraries, three: list[str]) -> None:
    for name, ago in (("a.so.1.part", LEFT_OVER + 60), ("b.so.2.part", 60), ("c.so.lock", LEFT_OVER + 60)):
        Path(libraries.folder, name).write_text("", encoding="utf-8")
        os.utime(Path(libraries.folder, name), (time.time() - ago,) * 2)
    for name, ago in (("speccheck-x.part", LEFT_OVER + 60), ("speccheck-y.part", 60)):
        Path(libraries.folder, name).mkdir()
        Path(libraries.folder, name, "model.c").write_text("", encoding="utf-8")
        os.utime(Path(libraries.folder, name), (time.time() - ago,) * 2)
    assert libraries.prune() == 0
    assert [name for name in names(libraries) if not name.endswith((".so", ".sha256"))] == ["b.so.2.part", "speccheck-y.part"]


def test_clearing_removes_all_and_counts_libraries(libraries: Libraries, three: list[str]) -> None:
    Path(libraries.zig, "o").mkdir(parents=True)
    Path(libraries.zig, "o", "libc.a").write_bytes(bytes(10))
    assert cache.size_of(libraries.zig) == 10
    assert libraries.clear() == 3 and os.listdir(libraries.folder) == []
    assert libraries.clear() == 0 and Libraries("/nonexistent/native").clear() == 0


# -------------------------------------------------- folders


def test_libraries_lie_in_the_users_cache_folder_and_only_the_user_can_write_there(tmp_path: Path) -> None:
    found = users_libraries()
    assert (found.folder, found.trouble) == (users_folder(), "") and Path(found.folder).is_relative_to(tmp_path)
    assert os.path.basename(found.folder) == "native" and os.stat(found.folder).st_mode & 0o777 == 0o700 and os.listdir(found.folder) == []


def test_a_folder_where_others_may_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded from there is run as this user."""
    folder = tmp_path / "native"
    folder.mkdir()
    for mode, trouble in ((0o755, ""), (0o775, "others may write there"), (0o757, "others may write there")):
        folder.chmod(mode)
        assert trouble_with(str(folder)) == trouble
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert trouble_with(str(folder)) == "it belongs to somebody else"
    assert trouble_with("~/.cache/speccheck/native") == "this user has no home folder", "the name that is left where there is none"


def test_where_the_cache_folder_cannot_be_used_a_private_one_lives_as_long_as_the_process(tmp_path: Path, root: Path, temporary: Path) -> None:
    (tmp_path / "caches").write_text("a file", encoding="utf-8")
    script = (
        "import os, stat\nfrom speccheck.engines.native.cache import users_libraries\n"
        "one, two = users_libraries(), users_libraries()\n"
        "if os.fork() == 0:\n    raise SystemExit(0)\n"
        "os.wait()\n"
        "print(one.folder, one == two, stat.filemode(os.stat(one.folder).st_mode), one.trouble, sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=60, check=True)
    folder, same, mode, trouble = done.stdout.strip().split("|")
    assert (same, mode) == ("True", "drwx------") and trouble.startswith("it cannot be written to: ")
    assert Path(folder).parent == temporary and not os.path.exists(folder)


def test_temporary_folders_of_processes_that_were_killed_are_removed(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"speccheck-native-{ended.pid}-old", f"speccheck-native-{os.getpid()}-old", f"speccheck-native-{ended.pid}-new", "speccheck-native-x"):
        (temporary / name).mkdir()
        if name.endswith("old"):
            os.utime(temporary / name, (time.time() - LEFT_OVER - 60,) * 2)
    monkeypatch.setattr(cache, "_temporary", [])
    monkeypatch.setattr(cache, "trouble_with", lambda folder: "it is not to be used")
    made = users_libraries().folder
    left = sorted(os.listdir(temporary))
    cache._remove_temporary(made, os.getpid())
    assert f"speccheck-native-{ended.pid}-old" not in left and len(left) == 4 and os.path.basename(made) in left


def test_no_place_at_all_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toolchain: Toolchain) -> None:
    monkeypatch.setattr(cache, "_temporary", [])
    monkeypatch.setattr(cache, "trouble_with", lambda folder: "it is not to be used")
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **settings: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(LibraryUnwritable, match="No space left on device"):
        users_libraries()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LibraryUnwritable, match="cannot be written into '.*native': Not a directory"):
        Libraries(str(tmp_path / "file" / "native")).library(ANSWER, toolchain)


def test_a_disk_that_is_full_when_the_library_is_put_is_said_to_be(libraries: Libraries, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache, "_hash_of", fail)
    with pytest.raises(LibraryUnwritable, match="No space left on device"):
        libraries.library(ANSWER, toolchain)
    assert names(libraries) == []
