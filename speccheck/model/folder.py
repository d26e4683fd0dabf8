"""The folder of a spec: which imports lead below it, where modules are executed anew for each load, and which lead elsewhere.

In: an absolute name. Out: a Place; for the folder proj/mypkg/specs, which the world knows as mypkg.specs::

    common              ->  Inside(("common",))           common.py lies in it; as with `python spec.py`, the folder comes first
    mypkg.specs.common  ->  Inside(("common",), named=2)  two words name the folder
    mypkg.model         ->  Around(("mypkg", "specs"))    starts as the folder's name does
    dataclasses         ->  Elsewhere()
"""

import os
import re
import site
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    BuiltinImporter,
    ExtensionFileLoader,
    FileFinder,
    FrozenImporter,
    ModuleSpec,
    SourceFileLoader,
)
from importlib.util import find_spec

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Inside:
    """The module lies below the folder; `way` leads there, and the first `named` words of its name were the name of the folder itself."""

    way: Parts
    named: int = 0


@dataclass(frozen=True)
class Around:
    """The name starts as that of the folder does, so that it denotes a package around it or something in one; `folder` is the folder's whole name."""

    folder: Parts


@dataclass(frozen=True)
class Elsewhere:
    """The module is none of the load's."""


Place = Inside | Around | Elsewhere


@dataclass(frozen=True)
class Folder:
    """The folder of a spec. `package` is its dotted name because of its `__init__.py` files (empty without), `root` is where that name starts."""

    path: str
    package: Parts = ()
    root: str = ""
    _beside: FileFinder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A finder of our own: the import system's remembers what a folder held some time ago.
        finder = FileFinder(self.path, (SourceFileLoader, SOURCE_SUFFIXES), (ExtensionFileLoader, EXTENSION_SUFFIXES))
        object.__setattr__(self, "_beside", finder)

    def place_of(self, name: Parts) -> Place:
        """Return where the module of an absolute name lies."""
        known = self._name_like(name)
        if known is not None:
            return Inside(name[len(known) :], len(known)) if name[: len(known)] == known else Around(known)
        top = name[0]
        if top == "speccheck" or BuiltinImporter.find_spec(top) or FrozenImporter.find_spec(top):
            return Elsewhere()
        beside = None if self.path in environment() else self._beside.find_spec(top)
        public = None if self._comes_first(beside, name) else _found(top)
        return Inside(name) if beside is not None and public is None else self._below(name, public)

    def is_needed_by(self, text: str) -> bool:
        """Return whether a module of this text seems to import something as a member of the package that the folder is, which is then executed first."""
        tops = [re.escape(top) for top in self.package[:1]]
        return re.search(rf"^\s*(from|import)\s+({'|'.join([r'[.]', *tops])})", text, re.MULTILINE) is not None

    def _name_like(self, name: Parts) -> Parts | None:
        """Return the dotted name of the folder if the name starts with the same word: because of `__init__.py` files, or of where `sys.path` leads."""
        if self.package[:1] == name[:1]:
            return self.package
        for place in _locations(_found(name[0])):
            if lies_in(self.path, place) and not self._comes_first(self._beside.find_spec(name[0]), name):
                return (name[0], *_way(place, self.path))
        return None

    def _comes_first(self, beside: ModuleSpec | None, name: Parts) -> bool:
        """Return whether what lies in the folder comes before what `sys.path` leads to: a module or package, and a package where it must hold others."""
        return beside is not None and beside.loader is not None and (len(name) == 1 or bool(beside.submodule_search_locations))

    def _below(self, name: Parts, public: ModuleSpec | None) -> Place:
        """Return the place of a module that `sys.path` finds: it may lie further down in the folder."""
        for place in _locations(public):
            if lies_in(place, self.path) and not in_environment(place):
                way = _way(self.path, place)
                return Inside((*way[:-1], way[-1].removesuffix(".py"), *name[1:]))
        return Elsewhere()


def folder_of(file: str, package: Parts = ()) -> Folder:
    """Return the folder of a spec; `package` is the dotted name under which it was imported, if it was."""
    path = os.path.dirname(os.path.realpath(file) if os.path.islink(file) else os.path.abspath(file))
    words = tuple(path.split(os.sep))
    package = package if package and words[-len(package) :] == package else _package_of(path)
    return Folder(path, package, os.sep.join(words[: len(words) - len(package)]) or os.sep)


@cache
def environment() -> frozenset[str]:
    """Return the folders of the standard library and of installed packages."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return frozenset(map(os.path.abspath, [*paths, *site.getsitepackages(), site.getusersitepackages()]))


def in_environment(path: str) -> bool:
    """Return whether a path belongs to the standard library, to an installed package, or to speccheck."""
    words = path.split(os.sep)
    return "site-packages" in words or "dist-packages" in words or any(lies_in(path, place) for place in (*environment(), _SPECCHECK))


def lies_in(path: str, folder: str) -> bool:
    """Return whether a path is a folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


_SPECCHECK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _package_of(path: str) -> Parts:
    words: list[str] = []
    while os.path.isfile(os.path.join(path, "__init__.py")) and os.path.basename(path).isidentifier():
        path, word = os.path.split(path)
        words.insert(0, word)
    return tuple(words)


def _found(top: str) -> ModuleSpec | None:
    try:
        return find_spec(top)
    except (ImportError, ValueError, AttributeError):  # a module without a spec, such as __main__, or a finder that fails
        return None


def _locations(spec: ModuleSpec | None) -> list[str]:
    """Return where a module lies: its folders if it is a package, else its file."""
    if spec is None:
        return []
    places = spec.submodule_search_locations
    return [os.path.abspath(p) for p in (places if places is not None else [spec.origin] if spec.has_location and spec.origin else [])]


def _way(folder: str, path: str) -> Parts:
    return () if path == folder else tuple(os.path.relpath(path, folder).split(os.sep))
