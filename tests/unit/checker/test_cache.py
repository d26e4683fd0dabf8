"""The cache: entries that are whole or not there."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from speccheck.checker.cache import LEFT_OVER, Cache, users_cache

A, B, C = "aa" * 32, "ab" * 32, "ba" * 32


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path / "cache"))


def used(cache: Cache, key: str, ago: float) -> None:
    """Make an entry one that was last used some seconds ago."""
    (path,) = [one.path for one in cache.entries() if key in one.path]
    os.utime(path, (time.time() - ago, time.time() - ago))


def keys(cache: Cache) -> list[str]:
    return [Path(one.path).stem for one in cache.entries()]


def test_what_was_written_is_read(cache: Cache) -> None:
    assert cache.read(A) is None
    assert cache.write(A, "a\nb\N{SNOWMAN}") and cache.write(B, "")
    assert (cache.read(A), cache.read(B), cache.read(C)) == ("a\nb\N{SNOWMAN}", "", None)
    assert cache.write(A, "again") and cache.read(A) == "again" and len(cache.entries()) == 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\n",
        b"x",
        b"speccheck-verdict 1 0000\ntext",
        b"speccheck-verdict 2 " + b"0" * 64 + b"\ntext",
        bytes(100),
        "{whole}x",
        "{whole:cut}",
        "{whole:flipped}",
    ],
)
def test_a_damaged_entry_is_none_and_is_replaced(damage: bytes | str, cache: Cache) -> None:
    cache.write(A, "text")
    path = Path(cache.entries()[0].path)
    whole = path.read_bytes()
    made = {"{whole}x": whole + b"x", "{whole:cut}": whole[:-1], "{whole:flipped}": whole[:-1] + b"X"}
    path.write_bytes(damage if isinstance(damage, bytes) else made[damage])
    assert cache.read(A) is None
    assert cache.write(A, "text") and cache.read(A) == "text"


def test_an_entry_that_is_a_folder_is_none(cache: Cache) -> None:
    cache.write(A, "text")
    path = Path(cache.entries()[0].path)
    path.unlink()
    path.mkdir()
    assert cache.read(A) is None and not cache.write(A, "text")
    assert os.listdir(path.parent) == [path.name], "nothing half-written is left"


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(str(tmp_path / "file/cache"))
    assert (cache.write(A, "text"), cache.read(A), cache.entries(), cache.prune(), cache.clear()) == (False, None, [], 0, 0)


def test_what_was_not_used_for_the_longest_time_goes_first(cache: Cache) -> None:
    for key, ago in ((A, 300.0), (B, 200.0), (C, 100.0)):
        cache.write(key, "x" * 1000)
        used(cache, key, ago)
    size = cache.entries()[0].size
    assert keys(cache) == [A, B, C]
    assert cache.read(A) is not None and keys(cache) == [B, C, A], "to read is to use"
    assert cache.prune(3 * size) == 0 and cache.prune(2 * size) == 1 and keys(cache) == [C, A]
    assert cache.prune(0) == 2 and keys(cache) == []


def test_what_was_never_finished_goes_after_a_while(cache: Cache) -> None:
    cache.write(A, "text")
    folder = Path(cache.entries()[0].path).parent
    for name, ago in (("old.part", LEFT_OVER + 60), ("new.part", LEFT_OVER - 60)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (time.time() - ago, time.time() - ago))
    assert cache.prune() == 1 and sorted(os.listdir(folder)) == [f"{A}.json", "new.part"]


def test_clearing_removes_everything(cache: Cache) -> None:
    cache.write(A, "text")
    cache.write(C, "text")
    (Path(cache.folder) / "aa" / "some.part").write_bytes(b"x")
    assert cache.clear() == 2 and os.listdir(cache.folder) == [] and cache.clear() == 0


def test_entries_are_for_their_owner_alone(cache: Cache) -> None:
    before = os.umask(0o022)
    try:
        cache.write(A, "text")
    finally:
        os.umask(before)
    assert os.stat(os.path.dirname(cache.entries()[0].path)).st_mode & 0o077 == 0


WRITER = """
import sys
from speccheck.checker.cache import Cache
cache, text = Cache(sys.argv[1]), sys.argv[2] * 200_000
for _ in range(60):
    assert cache.write("aa" * 32, text)
    found = cache.read("aa" * 32)
    assert found is not None and len(set(found)) == 1 and len(found) == 200_000, found and len(found)
    cache.prune()
"""


def test_several_processes_may_write_and_read_one_entry(cache: Cache, root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, cache.folder, letter], env=environment) for letter in "xyz"]
    assert [one.wait(60) for one in writers] == [0, 0, 0]
    assert len(cache.entries()) == 1 and not [name for _, _, names in os.walk(cache.folder) for name in names if name.endswith(".part")]


def test_the_users_cache_lies_where_the_system_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = Path(users_cache().folder)
    assert tmp_path in folder.parents and folder.parts[-2:] == ("speccheck", "verdicts") and not folder.exists()
