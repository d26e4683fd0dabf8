"""`constant`: a module-level value that a run may override."""

from typing import Any, TypeVar

from speccheck.domains.overrides import caller_span, declare
from speccheck.errors import BadConstant

T = TypeVar("T")


def constant(name: str, default: T, *, min: Any = None, max: Any = None) -> T:
    """Return the value of the constant in this run: the default, unless `-D NAME=VALUE`, `load(..., NAME=value)` or `@model(NAME=value)` gives another.

    Assign it to the name itself: `N = constant("N", 3, min=1)`. `min` and `max` bound the value, both included. TLA+: a CONSTANT with its value in the
    .cfg file.
    """
    namespace, span = caller_span(1)
    if not isinstance(name, str) or not name[:1].isupper() or not name.isidentifier():
        raise BadConstant(f"{name!r} is no name for a constant: it begins with a capital", span=span)
    value: T = declare(name, default, "constant", namespace, span, min, max)
    return value
