"""Each counterexample as files of its own: artifacts that a person or a program opens without the run.

In: a Report. Out: names and contents; a name is made of the spec, the model and the property::

    DualWrite.Instance=2.converges.txt
    DualWrite.Instance=2.converges.json
"""

import hashlib
from collections.abc import Iterator

from speccheck.checker.result import PropertyResult, Result, Verdict
from speccheck.checker.run import Report
from speccheck.trace.formats import ending_of, formatted
from speccheck.trace.styled import plain_text

KEPT = ("text", "json", "itf", "markdown", "html")  # formats; `speccheck trace convert` makes any other one of these files
LONGEST_NAME = 180  # bytes; file systems take 255, and an ending follows


def trace_files(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of a file for each violated property and format; no two names are equal, letters of either case being the same."""
    taken: set[str] = set()
    for result in report.results:
        for one in result.properties:
            if one.verdict is Verdict.VIOLATED and one.trace is not None:
                stem = _free(_stem(result, one), taken)
                for name in KEPT:
                    yield f"{stem}.{ending_of(name)}", plain_text(formatted(one.trace, name))


def _stem(result: Result, one: PropertyResult) -> str:
    """Return `Spec.MODEL.property`, without the middle where the model has nothing that sets it apart."""
    spec = result.model.spec.__name__
    apart = result.model.name.removeprefix(spec).removeprefix("[").removesuffix("]")
    return ".".join(_plain(word) for word in (spec, apart, one.name) if word)


def _plain(word: str) -> str:
    """Return the word with nothing in it that a file system or a shell takes for something else."""
    return "".join(c if c.isalnum() or c in "=,-_." else "_" for c in word.replace(", ", ","))


def _free(stem: str, taken: set[str]) -> str:
    """Return a name that is short enough, and has a number where it is taken."""
    if len(stem.encode()) > LONGEST_NAME:
        digest = hashlib.sha256(stem.encode()).hexdigest()[:12]
        stem = stem.encode()[: LONGEST_NAME - 13].decode(errors="ignore") + "-" + digest
    found, number = stem, 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem}-{number}"
    taken.add(found.casefold())
    return found
