"""Quantities that options and settings are given as text: sizes, counts, seconds, names, constants.

In: `"2GiB"`. Out: `2147483648`; `size_text` is the way back, rounded: `2.1 GB`. A text that makes no sense is a ValueError that shows one that does;
whoever reads the option says where it stands.
"""

import math
import re

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]I?)?B?", re.IGNORECASE | re.ASCII)
DEFINE = re.compile(r"([^\W\d]\w*)\s*=(.*)", re.DOTALL)


def size(text: str) -> int:
    """Return a number of bytes: `500MB`, `2GiB`, `1.5G`."""
    match = SIZE.fullmatch(text.strip())
    found = float(match[1]) * UNITS[(match[2] or "").upper()] if match else 0.0
    if not 1 <= found < math.inf:
        raise ValueError(f"'{text}' is no size of memory; write 500MB or 2GiB.")
    return int(found)


def count(text: str) -> int:
    """Return a positive number."""
    if not re.fullmatch(r"\s*\+?0*[1-9][0-9_]*\s*", text, re.ASCII):
        raise ValueError(f"'{text}' is no positive number.")
    return int(text)


def seconds(text: str) -> float:
    """Return a positive number of seconds."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ValueError(f"'{text}' is no positive number of seconds.")
    return found


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list: `slow,nightly`."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def define(text: str) -> tuple[str, str]:
    """Return the name and the text of the value of a constant: `RM=5`."""
    match = DEFINE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no constant with a value; write -D N=5.")
    return match[1], match[2].strip()


def defines_of(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the constants by name; one must not be given two values."""
    defines: dict[str, str] = {}
    for name, text in pairs:
        if defines.setdefault(name, text) != text:
            raise ValueError(f"-D gives {name} two values: {defines[name]} and {text}.")
    return defines


def size_text(count: int) -> str:
    """Return a number of bytes as it is read: `4.2 MB`; decimal units, like those of progress."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_:
            return f"{count / bytes_:,.1f} {unit}"
    return f"{count} B"
