"""The child's side of a job: a process that was forked checks the models that its parent names, until it is told to end.

In: numbers of models, a line each. Out: lines of JSON, the last one about a model being its result, an error, or a bug of ours::

    3           ->  {"progress": [4, 1200, 300, 20, 0.1, 45000000]}
                    {"result": {...}}
    (empty)     ->  it ends
"""

import gc
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import fields
from types import FrameType
from typing import Any, NoReturn, TypeAlias

from speccheck.checker.encoding import encoded_error, encoded_result
from speccheck.checker.result import Result
from speccheck.engines.machine import Progress
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model

Check: TypeAlias = Callable[[Model, Callable[[Progress], None]], Result]

REFRESH = 0.1  # seconds of a search between two messages about its progress
HELD = {signal.SIGINT, signal.SIGTERM}


def serve(models: list[Model], check: Check, tasks: int, pipe: int, lifeline: tuple[int, int]) -> NoReturn:
    """Check the models that the parent names, say what comes of them, and end. Signals of HELD are blocked when this begins."""
    code = 1
    try:
        gc.freeze()  # what was loaded stays; collecting it again and again would copy every page of it
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of the terminal, but it is for the parent to say when to stop
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
        os.close(lifeline[1])
        threading.Thread(target=_die_with_parent, args=(lifeline[0],), daemon=True).start()
        while line := _line_from(tasks):
            last = _checked(models[int(line)], check, pipe)
            sys.stdout.flush()
            sys.stderr.flush()
            _write(pipe, last)
        code = 0
    finally:
        os._exit(code)


def _checked(model: Model, check: Check, pipe: int) -> bytes:
    """Return the last message about a model: a result, an error, or a bug of ours. Only meanwhile can we be interrupted: what was found is told whole."""
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            found = encoded_result(check(model, Teller(pipe).progressed))
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        return _message({"result": found})
    except SpeccheckError as error:
        return _message({"error": encoded_error(error)})
    except MemoryError:
        return _message({"memory": True})
    except KeyboardInterrupt:
        os._exit(0)
    except BaseException:
        return _message({"bug": traceback.format_exc()})


def _line_from(tasks: int) -> bytes:
    """Return a line, without its end."""
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(tasks, 1)
        if not read:
            return b""
        line += read
    return line.strip()


class Teller:
    """Tells the parent how far the search is, now and then."""

    def __init__(self, pipe: int) -> None:
        self.pipe, self._next = pipe, 0.0

    def progressed(self, progress: Progress) -> None:
        """Tell the parent, if it is time to."""
        if progress.seconds >= self._next:
            self._next = progress.seconds + REFRESH
            _write(self.pipe, _message({"progress": [getattr(progress, one.name) for one in fields(Progress)]}))


def _message(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _die_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)  # nothing is ever written: this returns when the parent is gone
    os._exit(1)
