"""Places in the user's files.

In: a file name and positions. Out: a `Span`, which every error, finding and step carries, and the code frame that shows it::

    specs/die_hard.py:31:9
       31 |         self.smal = SMALL
          |         ^^^^^^^^^
"""

import ast
import linecache
import os
from dataclasses import dataclass

BUNDLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bundled", "")


@dataclass(frozen=True, order=True)
class Span:
    """A range in a source file: lines count from 1, columns too, the end column is exclusive; 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        place = display_path(self.file)
        if self.line:
            place += f":{self.line}"
        if self.line and self.column:
            place += f":{self.column}"
        return place


def display_path(file: str) -> str:
    """Return the path as a reader wants it: relative when it lies below the current folder, `bundled:NAME.py` for a spec that came with the package."""
    if file.startswith(BUNDLED):
        return f"bundled:{file[len(BUNDLED) :]}"
    if not os.path.isabs(file):
        return file
    try:
        relative = os.path.relpath(file)
    except (OSError, ValueError):  # another drive, or a current folder that is gone
        return file
    return file if relative.startswith("..") else relative


def path_of(displayed: str) -> str:
    """Return the path that `display_path` showed; a relative one is meant from the current folder."""
    return BUNDLED + displayed.removeprefix("bundled:") if displayed.startswith("bundled:") else displayed


def span_of(file: str, tree: ast.AST) -> Span:
    """Return the span of a syntax tree's node; `ast` counts columns from 0 and in UTF-8 bytes, a Span from 1."""
    line = getattr(tree, "lineno", 0)
    end = getattr(tree, "end_lineno", None) or line
    return Span(
        file,
        line,
        getattr(tree, "col_offset", 0) + 1 if line else 0,
        end,
        (getattr(tree, "end_col_offset", None) or 0) + 1 if line else 0,
    )


def source_line(file: str, line: int) -> str:
    """Return one line of a file without its newline, or an empty string where it cannot be read."""
    return linecache.getline(file, line).rstrip("\r\n")


def code_frame(span: Span, context: int = 0) -> list[str]:
    """Return the lines that show a span: numbered source, and carets under the span when it lies on one line."""
    if not span.line:
        return []
    first, last = max(1, span.line - context), min(max(span.line, span.end_line), span.line + 4)
    width = len(str(last))
    frame = []
    for number in range(first, last + 1):
        text = source_line(span.file, number)
        if not text and number == span.line:
            return []
        frame.append(f"{number:>{width}} | {text}")
        if number == span.line and span.column:
            end = span.end_column if span.end_line == span.line else len(text) + 1
            indent = "".join("\t" if c == "\t" else " " for c in text[: span.column - 1])
            frame.append(f"{'':>{width}} | {indent}{'^' * max(1, end - span.column)}")
    return frame
