"""Styled text: what formats and reports return, so that whoever owns the terminal paints it.

In: words with the name of a style. Out: lines, each a tuple of pieces. Without styles a line is plain text::

    (("VIOLATED", "bad"), (" ", "plain"), ("consistent", "name"))  ->  "VIOLATED consistent"

Our own words are plain ASCII, so that they survive every encoding; what comes from the user's files is left as it is.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

Style = Literal[
    "plain",
    "heading",
    "name",
    "good",
    "bad",
    "unknown",
    "expected",
    "place",
    "source",
    "caret",
    "faint",
    "variable",
    "value",
    "before",
    "after",
    "added",
    "removed",
    "remedy",
]
Piece: TypeAlias = tuple[str, Style]
Line: TypeAlias = tuple[Piece, ...]

EMPTY: Line = ()


def line(*pieces: str | Piece) -> Line:
    """Return a line of pieces; a bare string is plain."""
    return tuple((piece, "plain") if isinstance(piece, str) else piece for piece in pieces if piece)


def indented(lines: Iterable[Line], by: int) -> list[Line]:
    """Return the lines moved to the right; empty ones stay empty."""
    margin: Piece = (" " * by, "plain")
    return [(margin, *one) if one else one for one in lines]


def width(one: Line) -> int:
    """Return the number of characters of a line."""
    return sum(len(text) for text, _ in one)


def padded(one: Line, to: int) -> Line:
    """Return the line filled with blanks up to a width."""
    missing = to - width(one)
    return (*one, (" " * missing, "plain")) if missing > 0 else one


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 state`, `1,234 states`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def on_one_line(words: str) -> str:
    """Return text with blanks for line breaks, which have many forms, and for what is not printable: an exception's words and a model's name may have some."""
    return "".join(" " if c.isspace() or not c.isprintable() else c for c in words)


def plain_text(lines: Iterable[Line]) -> str:
    """Return the lines without their styles, each ended by a newline and without blanks at its end."""
    return "".join("".join(text for text, _ in one).rstrip(" ") + "\n" for one in lines)
