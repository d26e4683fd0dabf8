"""Files that we write: the whole file or none, and found to be unwritable before the work is done, not after.

In: a path and bytes. Out: a file, moved into its place when it is complete; devices and pipes are written directly.
"""

import errno
import os
import stat

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
        handle, made = _beside(os.path.realpath(path))
        os.close(handle)
        os.unlink(made)
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


def _beside(target: str) -> tuple[int, str]:
    """Open a new file in the same folder, where moving it into place is one step."""
    made = os.path.join(os.path.dirname(target), f".speccheck-{os.getpid()}.part")
    return os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), made


def _refuse_folder(path: str) -> None:
    if not path or path.endswith(os.sep) or os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "it names a folder")


def _is_regular(path: str) -> bool:
    return stat.S_ISREG(os.stat(path).st_mode)


def _unwritable(path: str, error: Exception) -> OutputUnwritable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputUnwritable(f"'{path}' cannot be written: {reason}")
