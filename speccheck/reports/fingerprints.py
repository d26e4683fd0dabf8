"""Fingerprints of lines, by which a result is recognised again when the file has changed elsewhere.

In: the text of a file. Out: for each line the `primaryLocationLineHash` of GitHub's code scanning. The upload action computes it, too, and warns of another
one; who uploads by the API has to bring it along. The algorithm is that of `fingerprints.ts` in github/codeql-action: a rolling hash of the 100 characters from
the beginning of the line on, without blanks and tabs, and a number that tells equal ones apart.
"""

from collections import Counter, deque

WINDOW = 100  # characters
FACTOR = 37
WORD = 2**64
FIRST = pow(FACTOR, WINDOW, WORD)
END_OF_FILE = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """Return the hash of each line; lines end with CR, LF or both."""
    units, starts = _units(text)
    waiting = deque(starts)
    window = deque([0] * WINDOW, WINDOW)
    hashes: list[str] = []
    counts: Counter[str] = Counter()
    value = 0
    for position, unit in enumerate((*units, *([0] * WINDOW))):
        if waiting and position - waiting[0] == WINDOW:
            waiting.popleft()
            counts[f"{value:x}"] += 1
            hashes.append(f"{value:x}:{counts[f'{value:x}']}")
        value = (FACTOR * value + unit - FIRST * window[0]) % WORD
        window.append(unit)
    return hashes


def _units(text: str) -> tuple[list[int], list[int]]:
    """Return the UTF-16 units that count, and at which of them a line starts."""
    units: list[int] = []
    starts = [0]
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        if character in " \t":
            continue
        encoded = character.encode("utf-16-le", "surrogatepass")
        units.extend(int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2))
        if character == "\n":
            starts.append(len(units))
    return [*units, END_OF_FILE], starts
