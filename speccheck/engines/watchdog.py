"""A watchdog against rules that do not end.

A thread samples the count of evaluations. When one evaluation has lasted longer than the limit, it raises `RuleTimedOut` in the thread that runs the rule,
between two of its byte codes; so a loop in Python ends, and a single endless call into C does not.
"""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any


class RuleTimedOut(BaseException):
    """One evaluation of one rule took longer than allowed."""


class Watchdog:
    """Watches one search, as a context manager. `active` is on while rules run; `ticks()` counts evaluations."""

    def __init__(self, evaluation: Any, seconds: float) -> None:
        self.evaluation = evaluation
        self.seconds = seconds
        self.active = False
        self._thread_id = threading.get_ident()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="speccheck-watchdog", daemon=True)

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.active = False
        self._ended.set()
        self._thread.join()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch an evaluation in this thread, whichever it is, for the length of a with block."""
        self._thread_id = threading.get_ident()
        self.evaluation.ticks += 1
        self.active = True
        try:
            yield
        finally:
            self.active = False

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in an evaluation that is being watched."""
        if self.active:
            self._raise(KeyboardInterrupt)

    def _raise(self, kind: type[BaseException]) -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread_id), ctypes.py_object(kind))

    def _watch(self) -> None:
        seen, since = -1, time.monotonic()
        while not self._ended.wait(min(0.25, self.seconds / 4)):
            now = time.monotonic()
            if not self.active or self.evaluation.ticks != seen:
                seen, since = self.evaluation.ticks, now
            elif now - since > self.seconds:
                self._raise(RuleTimedOut)
                return
