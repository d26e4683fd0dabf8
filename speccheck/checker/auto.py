"""Which engine: the Python engine begins at once, the rules are compiled meanwhile, and a search that is not over by then begins again on the native engine.

So a small model never waits for a compiler, and a large one loses a second at most. What is not compiled, or cannot be because there is no compiler, stays
where it is, and the report says so.

The engines end at different states when a limit of states cuts them, one in the middle of a level, the other behind it. Who was first must not decide what is
said: a search of few states stays in CPython, and any other that is cut there begins again like one that takes long.
"""

import sys
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from typing import Any

from speccheck.engines import machine_of
from speccheck.engines.machine import Budget, Exploration, Progress
from speccheck.engines.native.toolchain import Cancelled, cancellation
from speccheck.errors import NotCompilable, SpeccheckError

PATIENCE = 0.1  # seconds after which a search is worth a compiler
FEW = 50_000  # states, as a limit, that CPython looks at in about the time that a compiler takes
# Seconds for which the search may keep the interpreter to itself while the compiler wants it: whenever that reads a file it gives the interpreter away, and
# at CPython's own 5 ms would wait most of the time.
SWITCH = 0.0002


class _Handover(Exception):
    """The rules are compiled: the search goes on there."""


def automatic(
    python: Any, workers: int | None, budget: Budget, progress: Callable[[Progress], None] | None, expected: frozenset[str] | None
) -> tuple[Any, Exploration, str | None]:
    """Return the machine that searched, what it found, and why the rules were not compiled (None: they were, or there was no need)."""
    from speccheck.checker.search import explored

    if budget.states is not None and budget.states <= FEW:
        return python, explored(python, budget, progress, expected), None
    compiling = _Compiling(python, workers)
    started = time.monotonic()

    def watched(moment: Progress) -> None:
        if compiling.machine is not None:
            raise _Handover
        if progress is not None:
            progress(moment)

    try:
        found = explored(python, budget, watched, expected)
        waiting = None if budget.seconds is None else max(0.0, budget.seconds - (time.monotonic() - started))
        if budget.states is None or found.stopped != f"--max-states {budget.states}" or not compiling.succeeds(waiting):
            return python, found, compiling.note
        python.stepper.reset()
    except _Handover:
        python.stepper.reset()
    finally:
        compiling.end()
    spent = time.monotonic() - started
    left = budget if budget.seconds is None else replace(budget, seconds=max(0.0, budget.seconds - spent))
    machine: Any = compiling.machine
    later = progress and (lambda moment: progress(replace(moment, seconds=moment.seconds + spent)))
    found = explored(machine, left, later, expected)
    stopped = f"--timeout {budget.seconds:g}" if found.stopped is not None and found.stopped.startswith("--timeout") else found.stopped
    return machine, replace(found, seconds=found.seconds + spent, stopped=stopped), None


class _Compiling:
    """Compiles the rules of a model in a thread of its own."""

    def __init__(self, python: Any, workers: int | None) -> None:
        self.machine: Any = None  # the native machine, once it is ready
        self.note: str | None = None
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=copy_context().run, args=(self._run, python, workers), name="speccheck compiler", daemon=True)
        self._thread.start()

    def _run(self, python: Any, workers: int | None) -> None:
        if self._cancelled.wait(PATIENCE):
            return
        cancellation.set(self._cancelled)
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        try:
            machine = machine_of(python.model, "native", workers, python)
            machine.compile()
            self.machine = machine
        except Cancelled:
            return
        except NotCompilable as error:
            place = "" if error.span is None else f" ({error.span})"
            self.note = f"the rules are run by CPython: {error.message}{place}"
        except SpeccheckError as error:
            self.note = f"the rules are run by CPython: {error.message}"
        except Exception as error:  # the search goes on without it, and is right: but it is worth a report
            said = f"{type(error).__name__}: {error}".splitlines()
            self.note = f"the rules are run by CPython: compiling them failed, which is a bug of speccheck; please report it ({' '.join(said[:2])})"
        finally:
            sys.setswitchinterval(usual)

    def succeeds(self, seconds: float | None) -> bool:
        """Wait until the rules are compiled, or cannot be, or that takes too long; return whether they are."""
        self._thread.join(seconds)
        return self.machine is not None

    def end(self) -> None:
        """Stop compiling, if that is still going on."""
        self._cancelled.set()
        self._thread.join(5.0)
