"""Places as the server of a repository wants them: paths from the root of the repository, columns in characters.

In: the file and the span of an error or a step. Out: `specs/two_phase.py`; None for what lies outside, such as a spec that came with the package.
"""

import os
from pathlib import Path
from urllib.parse import quote

from speccheck.source import Span, source_line


def repository_root() -> str:
    """Return the nearest folder above the current one that is a checkout of Git, or else the current one."""
    current = Path.cwd()
    return str(next((folder for folder in (current, *current.parents) if (folder / ".git").exists()), current))


def repository_path(file: str, root: str) -> str | None:
    """Return the path of a file from the root of the repository, with slashes; None if it lies elsewhere."""
    absolute = os.path.abspath(file)
    if not absolute.startswith(os.path.join(root, "")):
        absolute, root = os.path.realpath(absolute), os.path.realpath(root)
    if not absolute.startswith(os.path.join(root, "")):
        return None
    return os.path.relpath(absolute, root).replace(os.sep, "/")


def uri_of(file: str, root: str) -> str:
    """Return a file as a URI: relative to the root of the repository, absolute if it lies elsewhere."""
    path = repository_path(file, root)
    return Path(os.path.abspath(file)).as_uri() if path is None else quote(path)


def in_characters(span: Span) -> Span:
    """Return the span with columns that count characters. A syntax tree counts the bytes of UTF-8, which is another number behind a letter beyond ASCII."""
    return Span(span.file, span.line, _characters(span.file, span.line, span.column), span.end_line, _characters(span.file, span.end_line, span.end_column))


def _characters(file: str, line: int, column: int) -> int:
    text = source_line(file, line).encode() if line and column else b""
    return len(text[: column - 1].decode(errors="ignore")) + 1 if text else column
