"""The story of a failure, as pytest shows it: styled lines on its terminal, and a few words in the line of the summary.

In: lines of styled pieces, as reports make them. Out: what pytest calls a representation; it is painted where pytest paints.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from speccheck.trace.styled import Line, Style, plain_text

MARKUP: dict[Style, dict[str, bool]] = {
    "plain": {},
    "heading": {"bold": True},
    "name": {"bold": True},
    "good": {"green": True},
    "bad": {"red": True, "bold": True},
    "unknown": {"yellow": True},
    "expected": {"purple": True},
    "place": {"cyan": True},
    "source": {},
    "caret": {"red": True},
    "faint": {"light": True},
    "variable": {"blue": True},
    "value": {},
    "before": {"light": True},
    "after": {"bold": True},
    "added": {"green": True},
    "removed": {"red": True},
    "remedy": {"green": True},
}


class Told(Exception):
    """An item that failed: what to show, and a few words."""

    def __init__(self, lines: Iterable[Line], words: str) -> None:
        super().__init__(words)
        self.lines, self.words = tuple(lines), words


@dataclass(frozen=True)
class Crash:
    """Where an item failed, and a few words, which pytest shows in its summary."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


class Story:
    """What pytest shows of a failure."""

    def __init__(self, lines: Iterable[Line], crash: Crash) -> None:
        self.lines, self.reprcrash = tuple(lines), crash

    def toterminal(self, tw: Any) -> None:
        """Write it on pytest's terminal."""
        for line in self.lines:
            for text, style in line:
                tw.write(text, **MARKUP[style])
            tw.line()

    def __str__(self) -> str:
        return plain_text(self.lines)

    def as_data(self) -> dict[str, Any]:
        """Return it as lists and strings."""
        crash = self.reprcrash
        return {"lines": [[list(piece) for piece in line] for line in self.lines], "crash": [crash.path, crash.lineno, crash.message]}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "Story":
        """Return what `as_data` was made of."""
        return cls((tuple((text, style) for text, style in line) for line in data["lines"]), Crash(*data["crash"]))
