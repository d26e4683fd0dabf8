"""What instrumented rules call where the order of a collection matters (semantics 1.6).

`instrument.py` puts these calls around expressions. Outside an evaluation they do nothing: tests, notebooks and module level may iterate over any set::

    for x in __speccheck_ordered__(names()):      # Misuse(Unordered) if names() is a set and a rule is being evaluated
"""

import linecache
import sys
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from types import FrameType
from typing import Any, NoReturn

from speccheck.domains.evaluation import current
from speccheck.errors import Misuse, Unordered
from speccheck.source import Span

ORDERED = "__speccheck_ordered__"
SORTABLE = "__speccheck_sortable__"
UNPACKED = "__speccheck_unpacked__"
MEMBERS = "__speccheck_members__"
CONSUMING = "__speccheck_consuming__"

# Exactly these: the sets of a state are subclasses that iterate in domain order.
_PLAIN = frozenset({set, frozenset})


def ordered(iterable: Any, /) -> Any:
    """Return the iterable; Misuse if it is a set without an order and a rule is being evaluated."""
    if type(iterable) in _PLAIN and current.get() is not None:
        _refuse(sys._getframe(1), "{}, a set,", "a set")
    return iterable


def sortable(iterable: Any, /) -> Any:
    """Return what `sorted`, `min` or `max` is given; Misuse for a set of sets, whose `<` is inclusion and leaves the result to chance."""
    if type(iterable) in _PLAIN and current.get() is not None and any(isinstance(x, set | frozenset) for x in iterable):
        _refuse(sys._getframe(1), "{}, a set of sets (`<` is inclusion),", "a set of sets (`<` is inclusion)")
    return iterable


def unpacked(iterable: Any, /) -> Any:
    """Return an iterable whose elements are unpacked by its consumer: neither it nor they may be sets."""
    if current.get() is None:
        return iterable
    if type(iterable) in _PLAIN:
        _refuse(sys._getframe(1), "{}, a set,", "a set")
    return map(_element, iterable)


def members(iterable: Any, /) -> Any:
    """Return an iterable whose elements are unpacked, but whose own order does not matter."""
    return iterable if current.get() is None else map(_element, iterable)


def consuming(method: Any, /) -> Any:
    """Return a bound method `extend` or `join`; that of a sequence gets its argument checked."""
    if current.get() is None or not isinstance(getattr(method, "__self__", None), str | bytes | list | deque):
        return method
    return _checking(method)


def _element(element: Any, /) -> Any:
    if type(element) in _PLAIN:
        _refuse(sys._getframe(1), "", "a set that is unpacked")
    return element


def _checking(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(iterable: Iterable[Any], /) -> Any:
        if type(iterable) in _PLAIN:
            _refuse(sys._getframe(1), "the argument of {}, a set,", "a set")
        return method(iterable)

    return call


HIDDEN: dict[str, Callable[[Any], Any]] = {
    ORDERED: ordered,
    SORTABLE: sortable,
    UNPACKED: unpacked,
    MEMBERS: members,
    CONSUMING: consuming,
}


def _refuse(frame: FrameType, what: str, otherwise: str) -> NoReturn:
    span = span_in(frame, frame.f_lasti)
    text = _written(span)
    what = what.format(f"`{text}`") if text and what else otherwise
    raise Misuse(Unordered(f"{what} is used in an order that it does not have", span=span))


def span_in(frame: FrameType, instruction: int, line: int = 0) -> Span:
    """Return the place of an instruction of a frame; `line` where the code object does not know it."""
    code = frame.f_code
    start, end, column, end_column = next(islice(code.co_positions(), instruction // 2, None), (None, None, None, None))
    if start is None or column is None:
        return Span(code.co_filename, start or line)
    return Span(code.co_filename, start, column + 1, end or start, (end_column or column) + 1)


def _written(span: Span) -> str:
    if not span.column or span.end_line != span.line:
        return ""
    line = linecache.getline(span.file, span.line).encode()
    return line[span.column - 1 : span.end_column - 1].decode(errors="replace")
