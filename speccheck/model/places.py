"""Places in the user's files that an exception went through."""

import os
import traceback
from types import TracebackType

from speccheck.source import Span

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_BUNDLED = os.path.join(_OURS, "bundled") + os.sep


def place_of(raised: BaseException) -> Span | None:
    """Return the innermost place in a file of the user's that the exception passed, or None."""
    place = None
    for frame, line in traceback.walk_tb(_whole(raised)):
        file = frame.f_code.co_filename
        if not is_ours(file) and not file.startswith("<frozen"):
            place = Span(file, line)
    return place


def is_ours(file: str) -> bool:
    """Return whether a file belongs to speccheck itself (bundled specs do not: they are specs like any other)."""
    return file.startswith(_OURS) and not file.startswith(_BUNDLED)


def _whole(raised: BaseException) -> TracebackType | None:
    return raised.__traceback__
