"""Jobs: models checked in processes of their own, several at once.

In: models, and a function that checks one. Out: for each, by its number and as soon as it is there, a Result or the error that took its place::

    with Jobs(check, [a, b, c, d], 2) as jobs:     pid 71: a ........ Result, enough
        for number, outcome in jobs.ended():       pid 72: b . Result, c . Result, d ... killed by SIGKILL -> ProcessLost

A Model cannot be pickled, and loading it again costs several times as much as checking a small one; so the process that has loaded all of them is forked. What
a child says comes back as lines of JSON. It dies with its parent: a pipe that only the parent holds open is its lifeline.
"""

import gc
import json
import os
import selectors
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from types import TracebackType
from typing import Any, TypeAlias

from speccheck.checker.child import HELD, Check, serve
from speccheck.checker.encoding import decoded_error, decoded_result
from speccheck.checker.outcomes import Outcome
from speccheck.engines.machine import Progress
from speccheck.errors import ProcessLost
from speccheck.model.model import Model
from speccheck.source import Span

Tell: TypeAlias = Callable[[Model, Progress], None]

LOOK = 0.1  # seconds between two looks at whether we were interrupted
GRACE = 0.6  # seconds in which an interrupted process may say what it has found
MANY = 20  # models among which there are large ones: then every child would import the native engine for itself
LIFE = 0.5  # seconds after which a process gets no further model: forking is dear for small ones, and what a large one leaves behind is nobody's


class Bug(Exception):
    """A mistake of ours in a process of a job; its text is the traceback there."""


def can_fork() -> bool:
    """Return whether forking is safe: the system has it, and there is no other thread, which the child would miss while it holds locks."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # threads that Python knows nothing of
    except OSError:
        return True


class Process:
    """A child that checks models, as its parent sees it. `number` is that of the model it is at; None: it is idle."""

    def __init__(self, pid: int, pipe: int, tasks: int) -> None:
        self.pid, self.pipe, self.tasks = pid, pipe, tasks
        self.number: int | None = None
        self.spent = time.monotonic() + LIFE  # when it has done enough
        self._begun = b""

    def messages(self) -> list[dict[str, Any]] | None:
        """Return what the child has said; None when it has ended."""
        data = os.read(self.pipe, 1 << 16)
        if not data:
            return None
        *lines, self._begun = (self._begun + data).split(b"\n")
        return [json.loads(one) for one in lines]

    def give(self, number: int | None) -> None:
        """Give it another model, or None: let it end."""
        self.number = number
        with suppress(BrokenPipeError):  # it is dead, which will show when it is read from
            os.write(self.tasks, b"\n" if number is None else f"{number}\n".encode())

    def ending(self) -> str:
        """Wait for its end, and return how it ended, in words."""
        os.close(self.pipe)
        os.close(self.tasks)
        _, status = os.waitpid(self.pid, 0)
        return f"was killed by {_signal_name(os.WTERMSIG(status))}" if os.WIFSIGNALED(status) else f"ended with code {os.WEXITSTATUS(status)}"


class Jobs:
    """Processes for models, `most` at a time, as a context manager: none is left when it ends."""

    def __init__(self, check: Check, models: list[Model], most: int, started: Callable[[Model], None], tell: Tell) -> None:
        self.check, self.models, self.most, self.started, self.tell = check, models, most, started, tell
        self.interrupted = False
        self._waiting = deque(range(len(models)))
        self._running: dict[int, Process] = {}
        self._selector = selectors.DefaultSelector()
        self._lifeline = os.pipe()

    def __enter__(self) -> "Jobs":
        if len(self.models) >= MANY:
            import_module("speccheck.engines.native.machine")
        gc.freeze()  # what is loaded stays: no child looks through all models for garbage, and copies the pages they lie in
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        gc.unfreeze()
        self._kill(signal.SIGKILL)
        for one in self._running.values():
            one.ending()
        self._selector.close()
        for end in self._lifeline:
            os.close(end)

    def ended(self) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcomes as they come, each with the number of its model. After Ctrl-C those of the models that were being checked, if they hurry."""
        with _counted_interrupts() as interrupts:
            deadline: float | None = None
            while self._waiting or self._running:
                if interrupts and deadline is None:
                    self.interrupted, deadline = True, time.monotonic() + GRACE
                    self._waiting.clear()
                    self._kill(signal.SIGTERM)
                elif deadline is not None and (len(interrupts) > 1 or time.monotonic() > deadline):
                    return
                while self._waiting and len(self._running) < self.most:
                    try:
                        self._fork()
                    except OSError as trouble:  # too many processes: those that there are must do, or else there is nobody to check the model
                        self.most = max(1, len(self._running))
                        if not self._running:
                            number = self._waiting.popleft()
                            yield number, _lost(self.models[number], f"could not be started: {trouble.strerror}")
                yield from self._heard()

    def _heard(self) -> Iterator[tuple[int, Outcome]]:
        """Listen for a moment, and yield the outcomes that are told."""
        for key, _ in self._selector.select(LOOK):
            process: Process = key.data
            messages = process.messages()
            if messages is None:
                yield from self._gone(process)
            for message in messages or ():
                yield from self._told(process, message)

    def _told(self, process: Process, message: dict[str, Any]) -> Iterator[tuple[int, Outcome]]:
        assert process.number is not None
        number, model = process.number, self.models[process.number]
        match message:
            case {"progress": progress}:
                self.tell(model, Progress(*progress))
                return
            case {"bug": text}:
                raise Bug(f"while {model.name} was checked in a process of its own:\n{text}")
            case {"result": result}:
                self._go_on(process)
                yield number, decoded_result(result, model)
            case {"error": error}:
                self._go_on(process)
                yield number, decoded_error(error)
            case {"memory": _}:
                process.give(None)
                yield number, _lost(model, "ran out of memory")

    def _gone(self, process: Process) -> Iterator[tuple[int, Outcome]]:
        """Forget a child that has ended; a model that it was at is lost, unless it was interrupted before it had found anything."""
        self._selector.unregister(process.pipe)
        del self._running[process.pid]
        ending = process.ending()
        if process.number is not None and not self.interrupted:
            yield process.number, _lost(self.models[process.number], ending)

    def _go_on(self, process: Process) -> None:
        """Give a child its next model, or let it end: when there is none, or when it has done enough."""
        if self._waiting and time.monotonic() < process.spent:
            self._assign(process)
        else:
            process.give(None)

    def _assign(self, process: Process) -> None:
        self.started(self.models[self._waiting[0]])
        process.give(self._waiting.popleft())

    def _fork(self) -> None:
        """Start a child and give it a model. Raises OSError where the system has no room for another process."""
        sys.stdout.flush()
        sys.stderr.flush()
        with ExitStack() as ends:
            reading, writing, tasks, giving = (*os.pipe(), *os.pipe())
            for end in (reading, writing, tasks, giving):
                ends.callback(os.close, end)
            before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
            try:
                pid = os.fork()
                if pid == 0:
                    serve(self.models, self.check, tasks, writing, self._lifeline)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            ends.pop_all()
        os.close(writing)
        os.close(tasks)
        self._running[pid] = process = Process(pid, reading, giving)
        self._selector.register(reading, selectors.EVENT_READ, process)
        self._assign(process)

    def _kill(self, number: signal.Signals) -> None:
        for pid in self._running:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _lost(model: Model, how: str) -> ProcessLost:
    return ProcessLost(f"{model.name} was not checked: its process {how}", span=Span(model.file, model.line))


@contextmanager
def _counted_interrupts() -> Iterator[list[int]]:
    """Collect interrupts (Ctrl-C) instead of raising KeyboardInterrupt wherever the parent happens to be. They never come in another thread than the first, nor
    to a process that was told to ignore them.
    """
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        yield seen
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)  # None: one that is not Python's


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
