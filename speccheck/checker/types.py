"""Type errors in specs, found by mypy where it is installed beside speccheck.

In: spec files. Out: an error for each line that mypy complains about in them; what it finds in modules that they import is not ours to report.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import groupby

import speccheck
from speccheck.errors import MissingProgram, SpeccheckError, WrongType
from speccheck.source import Span

# The look of mypy's lines is set here, all else by the configuration that it finds in the current folder.
COMMAND = ("-m", "mypy", "--show-column-numbers", "--no-pretty", "--no-error-summary", "--no-color-output", "--hide-error-context", "--follow-imports=silent")
COMPLAINT = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<severity>error|note): (?P<message>.*)")


def mypy_installed() -> bool:
    """Return whether mypy can be run in this environment."""
    return find_spec("mypy") is not None


def type_errors(files: Iterable[str]) -> Iterator[SpeccheckError]:
    """Yield the type errors of the files, folder by folder: modules of different folders may have one name."""
    for folder, of_folder in groupby(sorted(set(files), key=lambda file: (os.path.dirname(file), file)), key=os.path.dirname):
        yield from _errors_of_folder(folder, list(of_folder))


def _errors_of_folder(folder: str, files: list[str]) -> Iterator[SpeccheckError]:
    done = subprocess.run([sys.executable, *COMMAND, *files], env=_environment(), capture_output=True, text=True, check=False, errors="replace")
    found = list(_read(done.stdout.splitlines(), files))
    if done.returncode not in (0, 1) and not found:  # it did not get as far as to look at the types
        words = (done.stderr or done.stdout).strip().split("\n")
        yield MissingProgram(
            f"mypy failed with code {done.returncode}", remedy="Correct mypy's configuration, or leave it out with --no-types.", notes=words[-5:]
        )
    yield from sorted(found, key=lambda error: error.span or Span(""))


def _read(lines: Iterable[str], files: list[str]) -> Iterator[WrongType]:
    """Yield an error for each complaint about one of the files, with the notes that follow it."""
    wanted = {os.path.realpath(file): file for file in files}
    last: WrongType | None = None
    for match in filter(None, map(COMPLAINT.fullmatch, lines)):
        file = wanted.get(os.path.realpath(match["file"]))
        if match["severity"] == "note":
            if last is not None and file is not None:
                last.notes = (*last.notes, match["message"])
            continue
        if last is not None:
            yield last
        line, column = int(match["line"]), int(match["column"] or 0)
        last = None if file is None else WrongType(match["message"], span=Span(file, line, column, line, column + 1 if column else 0))
    if last is not None:
        yield last


def _environment() -> dict[str, str]:
    """Let mypy find speccheck where Python found it; what is installed it finds by itself, and may not be told."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(speccheck.__file__)))
    if os.path.basename(home) in ("site-packages", "dist-packages"):
        return {**os.environ}
    return {**os.environ, "MYPYPATH": os.pathsep.join(filter(None, (os.environ.get("MYPYPATH"), home)))}
