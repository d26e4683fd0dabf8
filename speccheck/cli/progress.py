"""Progress of long searches: one live line on a terminal, plain lines like TLC's into a pipe, at most one every five seconds.

In: moments of a search. Out, on standard error::

    Progress(17): 1023445 generated, 120311 distinct, 10222 left on queue; 24062 distinct/s, 120 MB, 5 s
"""

import sys

from speccheck.cli.screen import Screen, moves
from speccheck.engines.machine import Progress
from speccheck.model.model import Model

INTERVAL = 5.0  # seconds between two plain lines
PATIENCE = 0.3  # seconds before a live line appears; most models are done by then


class Reporter:
    """Writes the progress of one model after another. The clock is the search's own: `Progress.seconds`."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._last: float | None = None

    def started(self, model: Model) -> None:
        """Forget the model before."""
        self._last = None

    def progressed(self, model: Model, progress: Progress) -> None:
        """Show a moment of a search, if it is time to."""
        if moves(sys.stderr):
            if progress.seconds >= PATIENCE:
                self._screen.live(live_line(model, progress))
        elif progress.seconds - (self._last or 0.0) >= INTERVAL:
            heading = f"checking {model.name}\n" if self._last is None else ""
            self._last = progress.seconds
            self._screen.remark(heading + plain_line(progress))


def plain_line(progress: Progress) -> str:
    """Return progress as users of TLC know it, with digits that a program can read."""
    return f"Progress({progress.depth}): {progress.generated} generated, {progress.distinct} distinct, {progress.queue} left on queue; {_rates(progress, '')}"


def live_line(model: Model, progress: Progress) -> str:
    """Return progress as a person reads it."""
    counts = f"{progress.distinct:,} states  {progress.generated:,} generated  {progress.queue:,} in queue"
    return f"{model.name}  depth {progress.depth}  {counts}  {_rates(progress, ',')}"


def _rates(progress: Progress, group: str) -> str:
    rate = progress.distinct / progress.seconds if progress.seconds > 0 else 0.0
    return f"{rate:{group}.0f} distinct/s, {progress.memory_bytes / 1e6:{group}.0f} MB, {progress.seconds:.0f} s"
