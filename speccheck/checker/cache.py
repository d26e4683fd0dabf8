"""The cache: texts by key, in the user's cache folder. Losing an entry costs time and nothing else, so no trouble with files is an error here.

In: a key (a hash in hexadecimal) and a text. Out: files that are whole or not there::

    ~/.cache/speccheck/verdicts/3f/3fa9...json      "speccheck-verdict 1 <hash of the rest>\\n<the rest>"

Several processes may read and write at once: an entry is written beside its place and moved there, and two that write one key write the same.
"""

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 256 * 10**6  # of all entries together; the ones that were not used for the longest time go first
LEFT_OVER = 3600.0  # seconds after which a file that was never moved to its place is nobody's any more
HEAD = b"speccheck-verdict 1 "


@dataclass(frozen=True)
class Entry:
    """A file of the cache: its path, its size in bytes, and when it was last used, in seconds of the system's clock."""

    path: str
    size: int
    used: float


@dataclass(frozen=True)
class Cache:
    """A folder of entries; it need not exist."""

    folder: str

    def read(self, key: str) -> str | None:
        """Return the text that was written under a key; None where there is none, or not what was written. It counts as used then."""
        path = self._path(key)
        try:
            with open(path, "rb") as file:
                head, _, body = file.read().partition(b"\n")
            if head != _head(body):
                return None
            os.utime(path)
        except OSError:
            return None
        return body.decode()

    def write(self, key: str, text: str) -> bool:
        """Write a text under a key, whole or not at all; return whether that was possible."""
        path, body = self._path(key), text.encode()
        made = f"{path}.{os.getpid()}-{secrets.token_hex(4)}.part"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            try:
                with open(made, "xb") as file:
                    file.write(_head(body) + b"\n" + body)
                os.replace(made, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(made)
                raise
        except OSError:
            return False
        return True

    def entries(self) -> list[Entry]:
        """Return the entries, those first that were not used for the longest time."""
        return sorted((one for one in self._files() if one.path.endswith(".json")), key=lambda one: (one.used, one.path))

    def prune(self, most: int = MOST_BYTES) -> int:
        """Remove the entries that were not used for the longest time, until the rest is small enough, and what was never finished; return how many."""
        entries = self.entries()
        total = sum(one.size for one in entries)
        old = [one for one in self._files() if one.path.endswith(".part") and one.used < time.time() - LEFT_OVER]
        for one in entries:
            if total <= most:
                break
            old.append(one)
            total -= one.size
        return _removed(old)

    def clear(self) -> int:
        """Remove everything, and return how many entries that were."""
        count = len(self.entries())
        _removed(list(self._files()))
        for folder, folders, _ in os.walk(self.folder, topdown=False):
            for one in folders:
                with contextlib.suppress(OSError):
                    os.rmdir(os.path.join(folder, one))
        return count

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, key[:2], f"{key}.json")

    def _files(self) -> Iterator[Entry]:
        for folder, _, files in os.walk(self.folder):
            for name in files:
                path = os.path.join(folder, name)
                with contextlib.suppress(OSError):  # somebody else may have removed it
                    found = os.stat(path)
                    yield Entry(path, found.st_size, found.st_mtime)


def users_cache() -> Cache:
    """Return the cache of this user."""
    from platformdirs import user_cache_dir

    return Cache(os.path.join(user_cache_dir("speccheck", appauthor=False), "verdicts"))


def _head(body: bytes) -> bytes:
    return HEAD + hashlib.sha256(body).hexdigest().encode()


def _removed(entries: list[Entry]) -> int:
    count = 0
    for one in entries:
        with contextlib.suppress(OSError):
            os.unlink(one.path)
            count += 1
    return count
