"""Files that we write: the whole file or none, and found to be unwritable before the work is done, not after.

In: a path and bytes. Out: a file, moved into its place when it is complete; devices and pipes are written directly. A process that is killed while it writes
leaves what was there before, and a part under another name, which the next process of the same number removes.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable

from speccheck.errors import OutputUnwritable


def check_writable(path: str) -> None:
    """Raise OutputUnwritable if a file of this path could not be written."""
    try:
        _refuse_folder(path)
        if os.path.exists(path) and not _is_regular(path):
            # Opening a pipe and closing it again would be the end of the file for its reader.
            if not stat.S_ISFIFO(os.stat(path).st_mode):
                os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return
        if os.path.exists(path) and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only")
        _remove_probe(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def check_folder(path: str) -> None:
    """Raise OutputUnwritable if no file could be written into a folder of this path, which may not be there yet."""
    try:
        found = os.path.abspath(os.fsdecode(os.fsencode(path)))
        while "\0" not in path and not os.path.lexists(found):
            found = os.path.dirname(found)
        if not path or not os.path.isdir(found):
            raise NotADirectoryError(errno.ENOTDIR, "it is no folder, and none can be made there")
        _remove_probe(os.path.join(os.path.realpath(found), "probe"))
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write_into(folder: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder, which is made if it is not there; each is whole or as it was before."""
    for name, content in files:
        try:
            os.makedirs(folder, exist_ok=True)
        except (OSError, ValueError) as error:
            raise _unwritable(folder, error) from None
        write_whole(os.path.join(folder, name), content)


def append_whole(path: str, content: bytes) -> None:
    """Append to a file, or leave it as it was: OutputUnwritable if not all of it can be written."""
    try:
        with open(path, "ab", buffering=0) as file:
            before = os.fstat(file.fileno()).st_size
            # One call, which no signal divides on a disk: a process that is killed has written all or nothing.
            if file.write(content) != len(content):
                os.ftruncate(file.fileno(), before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write_whole(path: str, content: bytes) -> None:
    """Write a file so that a reader finds all of it or what was there before; OutputUnwritable if that fails."""
    try:
        _refuse_folder(path)
        if os.path.exists(path) and not _is_regular(path):
            with open(path, "wb") as device:
                device.write(content)
            return
        _replace(os.path.realpath(path), content)  # a symbolic link stays one
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _replace(target: str, content: bytes) -> None:
    handle, made = _beside(target)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        if os.path.exists(target):
            os.chmod(made, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(made, target)
    except BaseException:
        os.unlink(made)
        raise


def _remove_probe(target: str) -> None:
    """Make a file beside the target and remove it again."""
    handle, made = _beside(target)
    os.close(handle)
    os.unlink(made)


def _beside(target: str) -> tuple[int, str]:
    """Open a new file in the same folder, where moving it into place is one step."""
    made = os.path.join(os.path.dirname(target), f".speccheck-{os.getpid()}.part")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(made)  # of a process that was killed, and had the number that we have
    return os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), made


def _refuse_folder(path: str) -> None:
    if not path or path.endswith(os.sep) or os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "it names a folder")


def _is_regular(path: str) -> bool:
    return stat.S_ISREG(os.stat(path).st_mode)


def _unwritable(path: str, error: Exception) -> OutputUnwritable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputUnwritable(f"'{path}' cannot be written: {reason}")
