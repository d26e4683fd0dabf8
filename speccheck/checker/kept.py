"""Kept verdicts: which results may stand for a search that is not made again, and what they are kept under.

Only what is complete and as expected is kept, and only for a spec that is closed (`model/footprint.py`): its texts, its constants and the options are then all
that the result depends on, besides Python and speccheck themselves. Everything of that is in the key, so that an entry is never outdated; it is merely not
found again.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache as remembered

import speccheck
from speccheck.checker.cache import Cache
from speccheck.checker.encoding import decoded_result, encoded_result, survives
from speccheck.checker.result import Result, Verdict
from speccheck.errors import SpeccheckError
from speccheck.model.footprint import Footprint, footprint_of
from speccheck.model.model import Model
from speccheck.model.sources import read_source


class Kept:
    """The kept verdicts of one run. `asked` says with which options a model is checked, as far as a complete result depends on them."""

    def __init__(self, cache: Cache, asked: Callable[[Model], Hashable]) -> None:
        self.cache, self.asked = cache, asked
        self._footprints: dict[str, Footprint | None] = {}
        self._written = False

    def find(self, model: Model) -> Result | None:
        """Return the result of an earlier search of the same model; None where there is none."""
        key = self._key(model)
        text = None if key is None else self.cache.read(key)
        if text is None:
            return None
        try:
            return replace(decoded_result(json.loads(text), model), cached=True)
        except (ValueError, TypeError, KeyError, RecursionError):  # it was written, but not by us
            return None

    def kept(self, result: Result) -> Result:
        """Keep a result, if it is one to be kept; return it, with a note where the spec is none whose verdicts are."""
        key, file = self._key(result.model), result.model.file
        if key is None:
            return replace(result, notes=(*result.notes, f"not kept in the cache: {self._why_not(file)}"))
        if is_final(result) and survives(result) and self._is_unchanged(file):
            self._written |= self.cache.write(key, json.dumps(encoded_result(result), separators=(",", ":")))
        return result

    def _why_not(self, file: str) -> str:
        footprint = self._footprint(file)
        beyond = footprint.beyond if footprint is not None else ()
        return f"the spec {beyond[0].words} ({beyond[0].span})" if beyond else "the text cannot be read again"

    def close(self) -> None:
        """Make room, if something was written."""
        if self._written:
            self.cache.prune()

    def _key(self, model: Model) -> str | None:
        footprint = self._footprint(model.file)
        if footprint is None or not footprint.closed:
            return None
        ours = (speccheck.__version__, own_digest(), sys.version)
        texts = (model.file, model.digest, footprint.digest)
        line = (model.name, model.line, model.expectation, model.selected, [one.name for one in model.properties])
        return hashlib.sha256(repr((ours, texts, line, self.asked(model))).encode()).hexdigest()

    def _footprint(self, file: str) -> Footprint | None:
        if file not in self._footprints:
            try:
                self._footprints[file] = footprint_of(file)
            except SpeccheckError:
                self._footprints[file] = None
        return self._footprints[file]

    def _is_unchanged(self, file: str) -> bool:
        """Return whether all files still hold what the key was made of: a rule that imports something late may have seen what was written meanwhile."""
        footprint = self._footprint(file)
        try:
            return footprint is not None and all(read_source(one) == text for one, text in footprint.files.items())
        except SpeccheckError:
            return False


def is_final(result: Result) -> bool:
    """Return whether a result is complete, as expected and without an UNKNOWN, so that nobody has to look at it again."""
    decided = all(one.verdict is not Verdict.UNKNOWN for one in result.properties)
    return decided and result.complete and result.stopped is None and result.as_expected and not result.interrupted


@remembered
def own_digest() -> str:
    """Return a hash of speccheck's own sources: the version says nothing about a checkout that is being changed."""
    package = os.path.dirname(os.path.abspath(speccheck.__file__))
    found = hashlib.sha256()
    for folder, folders, files in os.walk(package):
        folders[:] = sorted(one for one in folders if one not in ("__pycache__", "bundled"))
        for name in sorted(one for one in files if one.endswith((".py", ".c", ".h"))):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found.update(f"\0{os.path.relpath(path, package)}\0".encode() + file.read())
    return found.hexdigest()
