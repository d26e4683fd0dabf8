"""Whoever owns the terminal: paints styled lines, and keeps a line of progress out of their way.

In: lines of styled pieces. Out: colour on a terminal, plain text into a pipe. Results go to standard output, errors and progress to standard error.
"""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from speccheck.trace.styled import EMPTY, Line, Style, line, plain_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

# The sixteen colours that every terminal theme sets to something readable.
PAINT: dict[Style, str] = {
    "plain": "",
    "heading": "bold",
    "name": "bold",
    "good": "green",
    "bad": "bold red",
    "unknown": "yellow",
    "expected": "magenta",  # a violation that had to be there is no alarm
    "place": "cyan",
    "source": "",
    "caret": "red",
    "faint": "dim",
    "variable": "blue",
    "value": "",
    "before": "dim",
    "after": "bold",
    "added": "green",
    "removed": "red",
    "remedy": "green",
}
# A user's text may contain what would move the cursor or paint the terminal.
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != ord("\t")}


class Screen:
    """Writes styled lines to the streams of the process."""

    def __init__(self) -> None:
        self._consoles: dict[int, Console] = {}
        self._live: Live | None = None
        self._begun: set[int] = set()  # the streams that something was written to

    def show(self, lines: Iterable[Line]) -> None:
        """Write lines to standard output."""
        self._write(sys.stdout, list(lines))

    def paragraph(self, lines: Iterable[Line]) -> None:
        """Write lines to standard output, with an empty one between them and what was written before; nothing for no lines."""
        self._paragraph(sys.stdout, list(lines))

    def complain(self, lines: Iterable[Line]) -> None:
        """Write lines to standard error, with an empty one between them and what was written before."""
        self._paragraph(sys.stderr, list(lines))

    def remark(self, text: str) -> None:
        """Write plain text to standard error."""
        self._write(sys.stderr, [line(one) for one in text.split("\n")])

    def live(self, text: str) -> None:
        """Replace the line of progress at the bottom of the terminal."""
        from rich.live import Live
        from rich.text import Text

        shown = Text(text, no_wrap=True, overflow="ellipsis", style="dim")
        if self._live is None:
            # Without a thread of its own: it is refreshed when something has happened.
            self._live = Live(console=self._console(sys.stderr), auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False)
            self._live.start()
        self._live.update(shown, refresh=True)

    def close(self) -> None:
        """Remove the line of progress."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _paragraph(self, stream: TextIO, lines: list[Line]) -> None:
        together = moves(sys.stdout) and moves(sys.stderr)  # a reader sees both streams as one
        if lines and (self._begun if together else id(stream) in self._begun):
            lines = [EMPTY, *lines]
        self._write(stream, lines)

    def _write(self, stream: TextIO, lines: list[Line]) -> None:
        if not lines:
            return
        self.close()
        self._begun.add(id(stream))
        clean: list[Line] = [tuple((text.translate(CONTROLS), style) for text, style in one) for one in lines]
        if stream is sys.stderr:
            sys.stdout.flush()
        if paints(stream):
            self._paint(stream, clean)
        else:
            stream.write(plain_text(clean))
        stream.flush()

    def _paint(self, stream: TextIO, lines: list[Line]) -> None:
        from rich.text import Text

        console = self._console(stream)
        for one in lines:
            text = Text.assemble(*((piece, PAINT[style]) for piece, style in one))
            text.rstrip()
            console.print(text, soft_wrap=True)

    def _console(self, stream: TextIO) -> Any:
        from rich.console import Console

        key = id(stream)
        if key not in self._consoles:
            self._consoles[key] = Console(file=stream, force_terminal=True, highlight=False, markup=False, emoji=False)
        return self._consoles[key]


def moves(stream: TextIO) -> bool:
    """Return whether the stream is a terminal where a line can be written over."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def paints(stream: TextIO) -> bool:
    """Return whether the stream is a terminal that wants colour (https://no-color.org)."""
    return moves(stream) and not os.environ.get("NO_COLOR")
