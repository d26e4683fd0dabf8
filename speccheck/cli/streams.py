"""Standard output and standard error that survive a closed pipe, a full disk, and an encoding that lacks a character.

In: the process's streams. Out: streams that never raise. A pipe that was closed by its reader (`| head -1`) is no trouble of ours:
what is left is dropped and the exit code stays what it is. Any other failure is remembered, for a run whose results were lost must not exit 0.
"""

import errno
import io
import os
import sys
from typing import Any, TextIO


class Sink(io.FileIO):
    """A file descriptor whose failing writes are remembered instead of raised."""

    trouble: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write what can be written; after a failure everything is dropped."""
        if self.trouble is None:
            try:
                return super().write(data) or 0
            except OSError as trouble:
                self.trouble = trouble
        return memoryview(data).nbytes


def guard_streams() -> None:
    """Replace the streams of this process by ones that never raise."""
    sys.stdout = _guarded(sys.stdout, 1)
    sys.stderr = _guarded(sys.stderr, 2)


def lost_output() -> OSError | None:
    """Flush both streams and return why standard output could not be written; None also for a pipe that its reader closed."""
    sys.stdout.flush()
    sys.stderr.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    trouble = raw.trouble if isinstance(raw, Sink) else None
    return None if trouble is None or trouble.errno == errno.EPIPE else trouble


def _guarded(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:  # the descriptor was closed before we began
        return open(os.devnull, "w", encoding="utf-8", errors="backslashreplace")
    stream.flush()
    buffer = io.BufferedWriter(Sink(descriptor, "w", closefd=False))
    return io.TextIOWrapper(buffer, encoding=stream.encoding, errors="backslashreplace", line_buffering=stream.isatty() or descriptor == 2)
