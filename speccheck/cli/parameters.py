"""The values that options take: sizes, seconds, constants. A value that makes no sense is a usage error that shows one that does."""

from collections.abc import Callable
from typing import TypeVar

import click

from speccheck.checker import quantities

T = TypeVar("T")


def _read(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def size(text: str) -> int:
    """Return a number of bytes: `500MB`, `2GiB`, `1.5G`."""
    return _read(quantities.size, text)


def count(text: str) -> int:
    """Return a positive number."""
    return _read(quantities.count, text)


def seconds(text: str) -> float:
    """Return a positive number of seconds."""
    return _read(quantities.seconds, text)


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list: `slow,nightly`."""
    return _read(quantities.names, text)


def define(text: str) -> tuple[str, str]:
    """Return the name and the text of the value of a constant: `RM=5`."""
    return _read(quantities.define, text)


def defines_of(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the constants by name; one that is given two values is a usage error."""
    try:
        return quantities.defines_of(pairs)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def once(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> str | None:
    """Return the one value of a filter; two are a usage error: taking the last, as options do, would pass without what the first one asks for."""
    if len(values) > 1:
        raise click.UsageError(f"{parameter.opts[0]} is given {len(values)} times, and one value is taken: give one, or call once for each", context)
    return values[0] if values else None
