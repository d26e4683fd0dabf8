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
REFRESH = 0.1  # seconds between two states of the live line


class Reporter:
    """Writes the progress of one model after another. The clock is the search's own: `Progress.seconds`."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._last: float | None = None  # when something was written about this model

    def started(self, model: Model) -> None:
        """Forget the model before."""
        self._last = None

    def progressed(self, model: Model, progress: Progress) -> None:
        """Show a moment of a search, if it is time to."""
        live = moves(sys.stderr)
        first, later = (PATIENCE, REFRESH) if live else (INTERVAL, INTERVAL)
        if progress.seconds < (first if self._last is None else self._last + later):
            return
        if live:
            self._screen.live(live_line(model, progress))
        else:
            self._screen.remark((f"checking {model.name}\n" if self._last is None else "") + plain_line(progress))
        self._last = progress.seconds


def plain_line(progress: Progress) -> str:
    """Return progress as users of TLC know it, with digits that a program can read."""
    counts = f"{progress.generated} generated, {progress.distinct} distinct, {progress.queue} left on queue"
    return f"Progress({progress.depth}): {counts}; {_rate(progress):.0f} distinct/s, {progress.memory_bytes / 1e6:.0f} MB, {progress.seconds:.0f} s"


def live_line(model: Model, progress: Progress) -> str:
    """Return progress as a person reads it, what matters most at the left."""
    counts = f"{progress.distinct:,} states ({_rate(progress):,.0f}/s)  {progress.queue:,} in queue  {progress.generated:,} generated"
    return f"{model.name}  depth {progress.depth}  {counts}  {progress.memory_bytes / 1e6:,.0f} MB  {progress.seconds:.0f} s"


def _rate(progress: Progress) -> float:
    return progress.distinct / progress.seconds if progress.seconds > 0 else 0.0
