"""Compiled libraries, kept by what they were made of: the same texts, compiler, flags and processor are compiled once.

In: Code and a Toolchain. Out: the path of a library that is what was written, compiled now or found::

    ~/.cache/speccheck/native/3fa9...so        the library
    ~/.cache/speccheck/native/3fa9...sha256    a hash of it: what is damaged is noticed before it is loaded, which would crash the process

Several processes may use a folder at once. A library is made beside its place and moved there; whoever makes one holds a lock, so that the others wait instead
of making it, too. Losing a lock, an entry or the whole folder costs time and nothing else.
"""

import atexit
import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache as remembered

from speccheck.engines.native.toolchain import Code, Toolchain, abi_of, compile_library, flags_of, unwritable

FORMAT = 1  # of what is kept
MOST_BYTES = 500 * 10**6  # of all libraries together, and of zig's own; the ones that were not used for the longest time go first
MOST = 200  # libraries
LEFT_OVER = 3600.0  # seconds after which what was never moved to its place is nobody's any more
LOCK_SECONDS = 120.0  # to wait for somebody else who makes the same library; then it is made once more
POLL = 0.02  # seconds between two looks at a lock
HEAD = "speccheck-library 1 "


@dataclass(frozen=True)
class Kept:
    """A library that is kept: its path, its size in bytes, and when it was last used, in seconds of the system's clock."""

    path: str
    size: int
    used: float


@dataclass(frozen=True)
class Libraries:
    """A folder of libraries; it need not exist. `trouble` is why it is not the one in the user's cache folder."""

    folder: str
    trouble: str = ""

    def library(self, code: Code, toolchain: Toolchain, *, seconds: float | None = None, at_once: int | None = None) -> str:
        """Return the path of the library of some code, compiled if it is not there. Raises what `compile_library` raises."""
        key = key_of(code, toolchain)
        found = self.find(key)
        if found is not None:
            return found
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise unwritable(self.folder, error) from None
        path = self._path(key)
        with _alone(f"{path}.lock", LOCK_SECONDS):
            found = self.find(key)  # somebody else may have made it
            if found is None:
                made = f"{path}.{os.getpid()}.part"
                compile_library(toolchain, code, made, seconds=seconds, at_once=at_once, zig_cache=self.zig)
                self._put(made, path)
        self.prune(spare=path)
        return path

    def load(self, code: Code, toolchain: Toolchain, *, seconds: float | None = None, at_once: int | None = None) -> ctypes.CDLL:
        """Return the library of some code, loaded into this process."""
        path = self.library(code, toolchain, seconds=seconds, at_once=at_once)
        try:
            return ctypes.CDLL(path)
        except OSError:
            if os.path.exists(path):
                raise
        return ctypes.CDLL(self.library(code, toolchain, seconds=seconds, at_once=at_once))  # somebody has cleared the cache between the two

    def find(self, key: str) -> str | None:
        """Return the path of the library that is kept under a key; None where there is none, or not what was written. It counts as used then."""
        path = self._path(key)
        try:
            with open(_signature(path), encoding="ascii") as file:
                if file.read(1000) != _hash_of(path):
                    return None
            os.utime(path)
        except (OSError, ValueError):
            return None
        return path

    @property
    def zig(self) -> str:
        """The folder where zig keeps its own library: 50 MB that take seconds to make."""
        return os.path.join(self.folder, "zig")

    def entries(self) -> list[Kept]:
        """Return the libraries that are kept, those first that were not used for the longest time."""
        return sorted((one for one in self._files() if one.path.endswith(".so")), key=lambda one: (one.used, one.path))

    def prune(self, *, most_bytes: int = MOST_BYTES, most: int = MOST, spare: str = "") -> int:
        """Remove the libraries that were not used for the longest time until the rest is few and small enough, and what was never finished; return how many
        libraries that were. `spare` is a path that stays.
        """
        entries = self.entries()
        total, count = sum(one.size for one in entries), len(entries)
        removed = 0
        for one in entries:
            if total <= most_bytes and count <= most:
                break
            if one.path != spare and _is_removed(one.path):
                _is_removed(_signature(one.path))
                removed += 1
            total, count = total - one.size, count - 1
        for one in self._files():
            if one.used < time.time() - LEFT_OVER and not one.path.endswith((".so", ".sha256")):
                shutil.rmtree(one.path, ignore_errors=True) if os.path.isdir(one.path) else _is_removed(one.path)
        if size_of(self.zig) > most_bytes:
            shutil.rmtree(self.zig, ignore_errors=True)
        return removed

    def clear(self) -> int:
        """Remove all libraries, and what zig keeps; return how many libraries that were. What somebody makes at this moment is left to them."""
        removed = self.prune(most=0)
        for one in self._files():
            if one.path.endswith(".sha256"):
                _is_removed(one.path)
        shutil.rmtree(self.zig, ignore_errors=True)
        return removed

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, f"{key}.so")

    def _put(self, made: str, path: str) -> None:
        """Move a library to its place, its hash before it: where the two do not belong together there is none."""
        signed = f"{_signature(path)}.{os.getpid()}.part"
        try:
            os.chmod(made, 0o700)
            with open(signed, "w", encoding="ascii") as file:
                file.write(_hash_of(made))
            os.replace(signed, _signature(path))
            os.replace(made, path)
        except OSError as error:
            _is_removed(made)
            _is_removed(signed)
            raise unwritable(self.folder, error) from None

    def _files(self) -> Iterator[Kept]:
        """Yield what lies in the folder itself, zig's own folder excepted."""
        try:
            names = sorted(os.listdir(self.folder))
        except OSError:
            return
        for name in names:
            path = os.path.join(self.folder, name)
            if path != self.zig:
                with contextlib.suppress(OSError):  # somebody else may have removed it
                    found = os.stat(path)
                    yield Kept(path, found.st_size, found.st_mtime)


def _signature(path: str) -> str:
    return path.removesuffix(".so") + ".sha256"


def _hash_of(path: str) -> str:
    with open(path, "rb") as file:
        return f"{HEAD}{hashlib.file_digest(file, 'sha256').hexdigest()}\n"


def _is_removed(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True


def size_of(folder: str) -> int:
    """Return the bytes of all files below a folder; 0 if it is not there."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size
    return total


# -------------------------------------------------- keys


def key_of(code: Code, toolchain: Toolchain) -> str:
    """Return what a library is kept under: a hash of all that it depends on."""
    made_of = (FORMAT, abi_of(code), toolchain.command, toolchain.version, flags_of(toolchain, code), processor(), code.units, code.headers)
    return hashlib.sha256(repr(made_of).encode("utf-8", "surrogatepass")).hexdigest()


@remembered
def processor() -> str:
    """Return which processor this is and what it can do: code that is made for one with -march=native may be illegal on another."""
    words = ""
    with contextlib.suppress(OSError):
        if sys.platform == "darwin":
            command = ["/usr/sbin/sysctl", "machdep.cpu", "hw.optional"]
            words = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=10).stdout
        else:
            with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
                first = file.read(2**16).partition("\n\n")[0]
            words = "\n".join(re.findall(r"^(?:vendor_id|cpu family|model|model name|stepping|flags|CPU \w+|Features|isa|uarch)\s*:.*", first, re.MULTILINE))
    return f"{platform.system()} {platform.machine()}\n{words}"


# -------------------------------------------------- locks


@contextlib.contextmanager
def _alone(path: str, seconds: float) -> Iterator[None]:
    """Hold a lock. Whoever does not get it in time, or where there are no locks (some network drives), goes on without: a library is then made twice."""
    handle = _lock(path, time.monotonic() + seconds)
    try:
        yield
    finally:
        if handle is not None:
            _is_removed(path)  # while it is ours: a file that is gone is nobody's lock, which `_lock` notices
            os.close(handle)


def _lock(path: str, deadline: float) -> int | None:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        try:
            while not _is_locked(handle):
                if time.monotonic() > deadline:
                    os.close(handle)
                    return None
                time.sleep(POLL)
            if os.path.exists(path) and os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass  # it was removed by the one who held it, and the next one makes a new one
        except OSError:
            os.close(handle)
            return None
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EINTR):
            return False
        raise
    return True


# -------------------------------------------------- folders


def users_libraries() -> Libraries:
    """Return the libraries of this user; where the cache folder cannot be used, those of this process, in a temporary folder that goes with it.

    Call it before forking: children then share the folder. Raises LibraryUnwritable if there is no place at all.
    """
    folder = users_folder()
    trouble = trouble_with(folder)
    return Libraries(_temporary_folder(os.getpid()), trouble) if trouble else Libraries(folder)


def users_folder() -> str:
    """Return where the libraries of this user are kept, if that can be written to."""
    from platformdirs import user_cache_dir

    return os.path.join(user_cache_dir("speccheck", appauthor=False), "native")


def trouble_with(folder: str) -> str:
    """Make the folder, and return why libraries may not be kept there; "" if they may. What is loaded from it is run: nobody else may write there."""
    if not os.path.isabs(folder):
        return "this user has no home folder"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.stat(folder)
        if found.st_uid != os.geteuid():
            return "it belongs to somebody else"
        if stat.S_IMODE(found.st_mode) & 0o022:
            return "others may write there"
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        return f"it cannot be written to: {error.strerror or error}"
    return ""


_temporary: list[str] = []  # the folder of this process, or of the one that forked it


def _temporary_folder(owner: int) -> str:
    if not _temporary or not os.path.isdir(_temporary[0]):
        _remove_left_over()
        try:
            made = tempfile.mkdtemp(prefix=f"speccheck-native-{owner}-")
        except OSError as error:
            raise unwritable(tempfile.gettempdir(), error) from None
        _temporary[:] = [made]
        atexit.register(_remove_temporary, made, owner)
    return _temporary[0]


def _remove_temporary(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a child that was forked has this from its parent, who still needs the folder
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_over() -> None:
    """Remove the temporary folders of processes that were killed, or ended without saying so."""
    parent = tempfile.gettempdir()
    for name in os.listdir(parent):
        match = re.match(r"speccheck-native-(\d+)-", name)
        path = os.path.join(parent, name)
        with contextlib.suppress(OSError):
            if match and os.lstat(path).st_uid == os.geteuid() and os.lstat(path).st_mtime < time.time() - LEFT_OVER and not _lives(int(match[1])):
                shutil.rmtree(path, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
