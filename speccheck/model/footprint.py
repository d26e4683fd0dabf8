"""Footprint: the files that a spec is made of, read and not run, and where it reaches beyond them.

In: the path of a spec. Out: the texts of all modules that it can import from below its folder, wherever the import statement stands; and each place that
reaches for something else, so that what the spec means may depend on more than these texts::

    two_phase.py:  from common import RM      ->  Footprint({".../two_phase.py": "...", ".../common.py": "..."},
                   import os                        beyond=(Beyond(two_phase.py:2, "imports os"),))

A spec that reaches nowhere is closed: the same texts are the same models, today and tomorrow. That is decided by what is allowed, not by what is forbidden:
modules of the load, `speccheck`, and the part of the standard library that computes and neither reads nor remembers (`PURE`).
"""

import ast
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from typing import assert_never

from speccheck.model.folder import Around, Elsewhere, Folder, Inside, Parts, folder_of
from speccheck.model.reach import Beyond, reach
from speccheck.model.sources import read_source, syntax_error
from speccheck.source import Span, span_of


@dataclass(frozen=True)
class Footprint:
    """What a spec is made of: the text of each file, by absolute path; and where it reaches beyond, in the order of files and lines."""

    files: Mapping[str, str]
    beyond: tuple[Beyond, ...]
    folder: str  # of the spec; its modules are looked for below

    @property
    def closed(self) -> bool:
        """Whether what the spec means is a matter of its texts alone."""
        return not self.beyond

    @property
    def digest(self) -> str:
        """A hash of the texts and of where they lie below the folder."""
        texts = sorted((os.path.relpath(file, self.folder), text) for file, text in self.files.items())
        return hashlib.sha256(repr(texts).encode()).hexdigest()


def footprint_of(file: str) -> Footprint:
    """Return the footprint of a spec file. Raises SpeccheckError for a file that cannot be read or parsed."""
    file = os.path.abspath(file)
    return _Walk(folder_of(file)).footprint(file)


class _Walk:
    """Follows the imports of one spec, from file to file."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.files: dict[str, str] = {}
        self.beyond: list[Beyond] = []
        self._pending: list[str] = []

    def footprint(self, file: str) -> Footprint:
        """Walk from this file on."""
        self._pending.append(file)
        while self._pending:
            self._take(self._pending.pop())
        return Footprint(self.files, tuple(dict.fromkeys(sorted(self.beyond, key=lambda one: one.span))), self.folder.path)

    def _take(self, file: str) -> None:
        if file in self.files:
            return
        text = self.files[file] = read_source(file)
        try:
            tree = ast.parse(text, file)
        except SyntaxError as error:
            raise syntax_error(error) from None
        if self.folder.is_needed_by(text):
            self._package(())
        self.beyond.extend(reach(file, text, tree, lambda name: isinstance(self.folder.place_of(name), Elsewhere)))
        for statement in ast.walk(tree):
            span = span_of(file, statement)
            match statement:
                case ast.Import(names=names):
                    for alias in names:
                        self._absolute(tuple(alias.name.split(".")), [], span)
                case ast.ImportFrom(module=module, names=names, level=0):
                    self._absolute(tuple((module or "").split(".")), [alias.name for alias in names], span)
                case ast.ImportFrom(module=module, names=names, level=level):
                    self._relative(file, tuple(filter(None, (module or "").split("."))), [alias.name for alias in names], level, span)

    def _relative(self, file: str, way: Parts, names: list[str], level: int, span: Span) -> None:
        """Follow `from ..a import b`; one dot is the package that the file lies in."""
        inner = os.path.relpath(os.path.dirname(file), self.folder.path)
        package = () if inner == os.curdir else tuple(inner.split(os.sep))
        if level - 1 > len(package) or package[:1] == (os.pardir,):
            self._reaches(span, "imports from above its folder")
            return
        self._package(())
        self._inside((*package[: len(package) - (level - 1)], *way), names, span)

    def _absolute(self, name: Parts, names: list[str], span: Span) -> None:
        place = self.folder.place_of(name)
        match place:
            case Inside(way, named):
                if named:
                    self._package(())
                self._inside(way, names, span)
            case Around():
                self._reaches(span, f"imports {'.'.join(name)}, which lies around its folder")
            case Elsewhere():
                pass  # `reach` says which of these are pure
            case _:
                assert_never(place)

    def _inside(self, way: Parts, names: list[str], span: Span) -> None:
        """Take the module that a way below the folder leads to, the packages on the way, and members that are modules themselves."""
        for length in range(1, len(way)):
            self._package(way[:length])
        if way and not self._module(way):
            self._reaches(span, f"imports {'.'.join(way)}, which is no Python file here")
        for name in names:
            if name == "*" and self._is_package(way):
                self._reaches(span, f"imports all of the package {'.'.join(way) or 'that it lies in'}")
            elif self._is_package(way):
                self._module((*way, name))

    def _module(self, way: Parts) -> bool:
        """Take a module or a package, as Python's finder would: packages first, then compiled modules. False where there is neither."""
        path = os.path.join(self.folder.path, *way)
        if os.path.isfile(os.path.join(path, "__init__.py")):
            self._package(way)
            return True
        if any(os.path.exists(path + suffix) for suffix in EXTENSION_SUFFIXES):
            return False
        if os.path.isfile(path + ".py"):
            self._pending.append(path + ".py")
            return True
        return os.path.isdir(path)

    def _package(self, way: Parts) -> None:
        init = os.path.join(self.folder.path, *way, "__init__.py")
        if os.path.isfile(init):
            self._pending.append(init)

    def _is_package(self, way: Parts) -> bool:
        return os.path.isdir(os.path.join(self.folder.path, *way)) and not os.path.isfile(os.path.join(self.folder.path, *way) + ".py")

    def _reaches(self, span: Span, words: str) -> None:
        self.beyond.append(Beyond(Span(span.file, span.line), words))
