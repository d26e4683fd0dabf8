"""Whether a mutable value is a constant of a module or a class, which may be stored any number of times because it is copied.

Asked only where an error would be raised otherwise, so it may be slow: it looks at the code that is running, from the rule outwards.

    EMPTY = [0, 0]              # in the module: self.x = EMPTY; self.y = EMPTY is fine
    row = [0, 0]                # in a rule: self.x = row; self.y = row is an error
"""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

from speccheck.domains.defaults import Each
from speccheck.domains.records import Fields, Record


def is_constant(value: Any) -> bool:
    """Return whether a value can be reached from the modules and classes whose code is running, and from what those modules import from beside them."""
    seen: set[int] = set()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not _ours(frame.f_globals) and _reaches(value, _roots(frame), seen):
            return True
        frame = frame.f_back
    return False


def _ours(namespace: dict[str, Any]) -> bool:
    name = namespace.get("__name__") or ""
    return name.partition(".")[0] == "speccheck" and not name.startswith("speccheck.bundled")


def _roots(frame: FrameType) -> Iterator[Any]:
    """Yield what a frame's code knows by name and did not make itself."""
    yield from frame.f_globals.values()
    first = frame.f_locals.get(frame.f_code.co_varnames[0]) if frame.f_code.co_argcount else None
    if isinstance(first, Fields):  # a method: its class, which also remembers the names around it where it stands in a function
        yield type(first)
    for module in [v for v in frame.f_globals.values() if isinstance(v, ModuleType)]:
        if module.__name__.partition(".")[0] not in sys.stdlib_module_names and not _ours(vars(module)):
            yield from vars(module).values()


def _reaches(wanted: Any, roots: Iterable[Any], seen: set[int]) -> bool:
    pending = deque(roots)
    while pending:
        value = pending.popleft()  # what has a name of its own before what lies in large tables
        if value is wanted:
            return True
        if id(value) not in seen:
            seen.add(id(value))
            pending.extend(_inside(value))
    return False


def _inside(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return list(dict.values(value))
        case list():
            return list(list.__iter__(value))  # a part that was replaced cannot be iterated over
        case tuple():
            return value
        case Each():
            return (value.value,)
        case Record():
            return list(vars(value).values())
        case type() if value.__module__ != "builtins":
            return [one for base in value.__mro__ if base is not object for one in vars(base).values() if not isinstance(one, FunctionType)]
    return ()
