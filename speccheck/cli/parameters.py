"""The values that options take: sizes, seconds, constants. A value that makes no sense is a usage error that shows one that does."""

import math
import re

import click

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]I?)?B?", re.IGNORECASE | re.ASCII)
DEFINE = re.compile(r"([^\W\d]\w*)\s*=(.*)", re.DOTALL)


def size(text: str) -> int:
    """Return a number of bytes: `500MB`, `2GiB`, `1.5G`."""
    match = SIZE.fullmatch(text.strip())
    found = int(float(match[1]) * UNITS[(match[2] or "").upper()]) if match else 0
    if found < 1:
        raise click.BadParameter(f"'{text}' is no size of memory; write 500MB or 2GiB.")
    return found


def count(text: str) -> int:
    """Return a positive number."""
    if not re.fullmatch(r"\s*\+?0*[1-9][0-9_]*\s*", text, re.ASCII):
        raise click.BadParameter(f"'{text}' is no positive number.")
    return int(text)


def seconds(text: str) -> float:
    """Return a positive number of seconds."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise click.BadParameter(f"'{text}' is no positive number of seconds.")
    return found


def define(text: str) -> tuple[str, str]:
    """Return the name and the text of the value of a constant: `RM=5`."""
    match = DEFINE.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"'{text}' is no constant with a value; write -D N=5.")
    return match[1], match[2].strip()


def defines_of(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the constants by name; one that is given two values is a usage error."""
    defines: dict[str, str] = {}
    for name, text in pairs:
        if defines.setdefault(name, text) != text:
            raise click.UsageError(f"-D gives {name} two values: {defines[name]} and {text}.")
    return defines
