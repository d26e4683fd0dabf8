"""Progress of long searches: one live line on a terminal, plain lines like TLC's into a pipe, for each model at most one every five seconds.

In: moments of a search. Out, on standard error::

    Progress(17): 1023445 generated, 120311 distinct, 10222 left on queue; 24062 distinct/s, 120 MB, 5 s
"""

import sys
from collections.abc import Callable
from typing import Any

from speccheck.cli.screen import Screen, moves
from speccheck.engines.machine import Progress
from speccheck.model.model import Model

INTERVAL = 5.0  # seconds between two plain lines
PATIENCE = 0.3  # seconds before a live line appears; most models are done by then
REFRESH = 0.1  # seconds between two states of the live line


class Reporter:
    """Writes the progress of the models that are being searched. The clock is each search's own: `Progress.seconds`."""

    def __init__(
        self, screen: Screen, plain: Callable[[Any], str] | None = None, live: Callable[[Model, Any], str] | None = None, verb: str = "checking"
    ) -> None:
        self._screen = screen
        self._plain, self._live, self._verb = plain or plain_line, live or live_line, verb
        self._now: dict[str, tuple[Model, Any]] = {}  # by name and file, in the order in which they were started
        self._last: dict[str, float] = {}  # when something was written about a model
        self._shown = ""  # the model that the last plain line was about

    def started(self, model: Model) -> None:
        """Note that a model is being searched."""
        self._now[_key(model)] = (model, None)
        self._last.pop(_key(model), None)
        self._shown = ""

    def ended(self, model: Model) -> None:
        """Forget a model."""
        self._now.pop(_key(model), None)

    def progressed(self, model: Model, progress: Any) -> None:
        """Show a moment of a search, if it is time to. It is a Progress, or what else the Reporter's two functions show."""
        live, key = moves(sys.stderr), _key(model)
        self._now[key] = (model, progress)
        first, later = (PATIENCE, REFRESH) if live else (INTERVAL, INTERVAL)
        if progress.seconds < (self._last[key] + later if key in self._last else first):
            return
        if live:
            self._screen.live(self._live(model, progress) if len(self._now) == 1 else several_line(list(self._now.values())))
        else:
            self._screen.remark((f"{self._verb} {model.name}\n" if self._shown != key else "") + self._plain(progress))
        self._last[key], self._shown = progress.seconds, key


def plain_line(progress: Progress) -> str:
    """Return progress as users of TLC know it, with digits that a program can read."""
    counts = f"{progress.generated} generated, {progress.distinct} distinct, {progress.queue} left on queue"
    return f"Progress({progress.depth}): {counts}; {_rate(progress):.0f} distinct/s, {progress.memory_bytes / 1e6:.0f} MB, {progress.seconds:.0f} s"


def live_line(model: Model, progress: Progress) -> str:
    """Return progress as a person reads it, what matters most at the left."""
    counts = f"{progress.distinct:,} states ({_rate(progress):,.0f}/s)  {progress.queue:,} in queue  {progress.generated:,} generated"
    return f"{model.name}  depth {progress.depth}  {counts}  {progress.memory_bytes / 1e6:,.0f} MB  {progress.seconds:.0f} s"


def several_line(running: list[tuple[Model, Progress | None]]) -> str:
    """Return how far several models are: what they take together, then each of them."""
    memory = sum(progress.memory_bytes for _, progress in running if progress is not None)
    each = [model.name if progress is None else f"{model.name} {progress.distinct:,} states, depth {progress.depth}" for model, progress in running]
    return f"{len(running)} models, {memory / 1e6:,.0f} MB: {'; '.join(each)}"


def _key(model: Model) -> str:
    return f"{model.file}:{model.line}:{model.name}"


def _rate(progress: Progress) -> float:
    return progress.distinct / progress.seconds if progress.seconds > 0 else 0.0
