"""Constants and sort sizes that a run gives other values.

While a module is loaded, `constant(...)` and the class statement of a sort ask the load that is going on for their value. Which modules belong to the load
is decided by name, so that a library that happens to be imported for the first time keeps its own constants.
"""

import ast
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from speccheck.errors import BadConstant, BadOverride, SpeccheckError
from speccheck.source import Span

REGISTRY = "__speccheck_constants__"  # in a module's globals: name -> Declared


@dataclass(frozen=True)
class Declared:
    """A constant or a sort size of a module: its name, its value in this load, its default, and where it stands."""

    name: str
    value: Any
    default: Any
    kind: str  # "constant" or "sort"
    span: Span


@dataclass
class Overrides:
    """The values that one load gives to constants, by name; texts come from the command line and are parsed by the default's type."""

    values: dict[str, Any] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)  # the names of the modules that belong to the load
    consumed: set[str] = field(default_factory=set)
    declared: dict[str, Declared] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """A value as it was written on the command line."""

    text: str


loading: ContextVar[Overrides | None] = ContextVar("speccheck_loading", default=None)


def declare(name: str, default: Any, kind: str, namespace: dict[str, Any], span: Span, low: Any = None, high: Any = None) -> Any:
    """Return the value of a constant in the load that is going on, and note it in its module's registry."""
    load = loading.get()
    value = default
    if load is not None and namespace.get("__name__") in load.modules:
        known = load.declared.get(name)
        if known is not None and known.span != span:
            raise BadConstant(f"'{name}' is declared twice", span=span, notes=(f"first at {known.span}",))
        if name in load.values:
            load.consumed.add(name)
            value = _typed(name, load.values[name], default, span)
        load.declared[name] = Declared(name, value, default, kind, span)
    error = BadConstant if value is default else BadOverride
    if low is not None and value < low:
        raise error(f"{name}={value!r} is below its minimum {low!r}", span=span)
    if high is not None and value > high:
        raise error(f"{name}={value!r} is above its maximum {high!r}", span=span)
    namespace.setdefault(REGISTRY, {})[name] = Declared(name, value, default, kind, span)
    return value


def caller_span(depth: int) -> tuple[dict[str, Any], Span]:
    """Return the globals and the place of the frame `depth` levels above the caller."""
    frame = sys._getframe(depth + 1)
    return frame.f_globals, Span(frame.f_code.co_filename, frame.f_lineno)


def user_span() -> Span:
    """Return the place of the innermost frame that is not ours: where a decorator or a group was written."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("speccheck."):
        frame = frame.f_back
    return Span(frame.f_code.co_filename, frame.f_lineno)


def _typed(name: str, given: Any, default: Any, span: Span) -> Any:
    value = _parsed(name, given.text, default, span) if isinstance(given, Text) else given
    if default is not None and type(value) is not type(default):
        raise _wrong_type(name, value, default, span)
    return value


def _parsed(name: str, text: str, default: Any, span: Span) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, bool) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise _wrong_type(name, text, default, span) from None


def _wrong_type(name: str, value: Any, default: Any, span: Span) -> SpeccheckError:
    kind = type(default).__name__
    return BadOverride(f"{name}={value!r}: expected {kind} like the default {default!r}", span=span)
