"""Private imports: the modules of one load, under names that only this load knows.

The folder of the spec is a package of its own, `_speccheck_7`; what lies below it is imported from there and executed anew, everything else as ever::

    specs/two_phase.py:  from common import RM        ->  from _speccheck_7.common import RM
                         from .common import RM       ->  from _speccheck_7.common import RM
                         from ..model import Thing    ->  from mypkg.model import Thing
                         from dataclasses import field

The `import` statements of these modules arrive here because their `__builtins__` are a copy with another `__import__`; the rest is Python's own import system,
with a finder for private names. An import in a function that is called long after the load works in the same way.
"""

import builtins
import importlib
import importlib.util
import os
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, ModuleSpec, PathFinder, SourceFileLoader
from itertools import count
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, assert_never

from speccheck.domains.overrides import Overrides, loading
from speccheck.model.folder import Around, Elsewhere, Folder, Inside, Parts, in_environment, lies_in
from speccheck.model.raised import PRIVATE
from speccheck.model.sources import compiled, read_source
from speccheck.model.unordered import HIDDEN

if TYPE_CHECKING:
    from importlib.abc import MetaPathFinder
else:  # importlib.abc imports much that nothing here needs; the import system asks for the methods only
    MetaPathFinder = object

LOCK = threading.RLock()  # one load at a time; checking needs no lock
_ITSELF = ("__name__",)  # what to import "from" a module to get the module itself, not its topmost package
_numbers = count(1)
_dead: list[str] = []  # private packages that nobody holds any more
_loads: dict[str, "PrivateImports"] = {}  # by the name of the private package


class PrivateImports:
    """The modules of one load.

    They hold this object (as a part of their `__builtins__`) and it holds them, so that they live as long as a function of one of them does.
    `sys.modules` only has stand-ins for them.
    """

    def __init__(self, folder: Folder, values: Mapping[str, Any]) -> None:
        self.folder = folder
        self.name = f"{PRIVATE}{next(_numbers)}"
        self.overrides = Overrides(dict(values))
        self.modules: dict[str, ModuleType] = {}
        self.texts: dict[str, str] = {}  # of the modules that were executed, by file
        weakref.finalize(self, _dead.append, self.name).atexit = False
        self._builtins = {**vars(builtins), **HIDDEN, "__import__": self.imported}
        self._init_file = os.path.join(folder.path, "__init__.py")
        self._init_due = os.path.isfile(self._init_file)
        self._spec_file = ("", "")  # name and path of the spec, which is found even if its name is none for import statements
        self._finders: dict[str, FileFinder] = {}
        self._surrounding: dict[Parts, ModuleType] = {}
        self._lazy: dict[Any, ModuleType] = {}
        self._depth = 0

    def run(self, file: str, text: str) -> ModuleType:
        """Execute the spec and return its module."""
        with self._entered():
            top = self._registered_top()
            if os.path.basename(file) == "__init__.py":
                self._execute_init()
                return top
            stem = os.path.basename(file).removesuffix(".py").replace(".", "-")
            self._spec_file = (f"{self.name}.{stem}", file)
            if self.folder.is_needed_by(text):
                self._execute_init()  # before the spec, as ever when a package is imported: it may itself import the spec
            return _python((self.name, stem), _ITSELF)

    def execute(self, module: ModuleType, file: str, text: str) -> None:
        """Execute a module of this load."""
        self.texts[file] = text
        self.modules[module.__name__] = module
        self.overrides.modules.add(module.__name__)
        code = compiled(file, text)
        vars(module)["__builtins__"] = self._builtins
        exec(code, vars(module))

    def is_users(self, file: str) -> bool:
        """Return whether a file belongs to this load, or to the package around its folder."""
        return file in self.texts or (bool(self.folder.package) and lies_in(file, self.folder.root) and not in_environment(file))

    def find(self, name: str, path: Sequence[str]) -> ModuleSpec | None:
        """Return the spec of a private module below one of these folders."""
        if name == self._spec_file[0]:
            return importlib.util.spec_from_file_location(name, self._spec_file[1], loader=_PrivateLoader(self, *self._spec_file))
        portions: list[str] = []
        for entry in path:
            if entry not in self._finders:
                source = (partial(_PrivateLoader, self), SOURCE_SUFFIXES)
                self._finders[entry] = FileFinder(entry, (ExtensionFileLoader, EXTENSION_SUFFIXES), source)  # type: ignore[arg-type] # any callable will do
            found = self._finders[entry].find_spec(name)
            if found is not None and found.loader is not None:
                return found
            portions += (found and found.submodule_search_locations) or ()
        return _namespace(name, portions) if portions else None

    # ------------------------------------------------------------ import statements

    def imported(self, name: str, space: Mapping[str, Any] | None = None, _: Any = None, names: Sequence[str] | None = (), level: int = 0) -> ModuleType:
        """Import as the builtin `__import__` does: without names, `import a.b` gives the topmost package a."""
        package = _package_in(space or {}) if level else ""
        key = (name, tuple(names or ()), level, package)
        if key in self._lazy:
            return self._lazy[key]
        late = loading.get() is not self.overrides
        with self._entered():
            found = self._relative(name, package, names or (), level) if level else self._absolute(tuple(name.split(".")), names or ())
        if late:
            self._lazy[key] = found
        return found

    def _relative(self, name: str, package: str, names: Sequence[str], level: int) -> ModuleType:
        above = level - 1 - package.count(".")
        if above <= 0:
            self._execute_init()
            return builtins.__import__(name, {"__package__": package}, None, names, level)
        if above >= len(self.folder.package):
            raise ImportError("attempted relative import beyond top-level package")
        return self._absolute((*self.folder.package[:-above], *filter(None, name.split("."))), names or _ITSELF)

    def _absolute(self, name: Parts, names: Sequence[str]) -> ModuleType:
        place = self.folder.place_of(name)
        match place:
            case Inside(way, named):
                if named:
                    self._execute_init()
                module = _python((self.name, *way), names or _ITSELF)
                return module if names else self._topmost(name, way, named)
            case Around(folder):
                return self._around(folder, name, names)
            case Elsewhere():
                found = _python(name, names)
                return _Importlib(self) if found is importlib else found
            case _:
                assert_never(place)

    def _topmost(self, name: Parts, way: Parts, named: int) -> ModuleType:
        """Return what `import a.b.c` binds: the module of its first word."""
        if named > 1:
            return self._surroundings(name[:named], 1)
        return sys.modules[".".join((self.name, *way[: max(0, len(way) - len(name) + 1)]))]

    def _around(self, folder: Parts, name: Parts, names: Sequence[str]) -> ModuleType:
        """Import from the packages around the folder, which are not executed anew; the way back down leads to the private modules."""
        self._make_importable(folder[0])
        if name != folder[: len(name)] or "*" in names:
            module = _python(name, names or _ITSELF)
            return module if names else self._surroundings(folder, 1)
        _python(name, [n for n in names if n != folder[len(name)]] or _ITSELF)
        return self._surroundings(folder, len(name) if names else 1)

    def _surroundings(self, folder: Parts, length: int) -> ModuleType:
        """Return a stand-in for a package around the folder, in which the folder is the private one."""
        outer = folder[:length]
        if outer not in self._surrounding:
            self._make_importable(folder[0])
            inner = self._surroundings(folder, length + 1) if length + 1 < len(folder) else sys.modules[self.name]
            self._surrounding[outer] = _Surrounding(_python(outer, _ITSELF), folder[length], inner)
        return self._surrounding[outer]

    def _make_importable(self, top: str) -> None:
        """Import the outermost package if `sys.path` does not lead to it; ImportError if it leads to another one of that name."""
        folder = self.folder
        if folder.package[:1] != (top,):
            return
        place = os.path.join(folder.root, top)
        if top not in sys.modules and importlib.util.find_spec(top) is None:
            spec = PathFinder.find_spec(top, [folder.root])
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[top] = module
            try:
                spec.loader.exec_module(module)
            except BaseException:
                sys.modules.pop(top, None)
                raise
        found = list(getattr(importlib.import_module(top), "__path__", ()))
        if not any(os.path.realpath(p) == os.path.realpath(place) for p in found):
            raise ImportError(f"'{top}' is another package here ({', '.join(found) or 'a module'}) than the one around the spec ({place})", name=top)

    # ------------------------------------------------------------ the private package

    @contextmanager
    def _entered(self) -> Iterator[None]:
        """For the length of a with block, modules that are executed belong to this load, and its names can be imported."""
        if loading.get() is self.overrides:
            yield
            return
        with LOCK:
            while _dead:  # now, and not in the middle of a garbage collection, when somebody may be going through sys.modules
                forget(_dead.pop())
            if sys.meta_path[:1] != [_FINDER]:  # other finders would find our files, and import them in the ordinary way
                sys.meta_path[:] = [_FINDER, *(f for f in sys.meta_path if f is not _FINDER)]
            _loads[self.name] = self
            sys.modules.update(self.modules)
            self._depth += 1
            token = loading.set(self.overrides)
            try:
                yield
            finally:
                loading.reset(token)
                self._depth -= 1
                if not self._depth:
                    self._withdraw()

    def _withdraw(self) -> None:
        """Leave stand-ins for the modules in `sys.modules`."""
        _loads.pop(self.name)
        for name in _names_below(self.name):
            module = sys.modules[name]
            if isinstance(module, ModuleType):  # a module may put anything in its place
                self.modules[name] = module
                sys.modules[name] = _StandIn(module)

    def _registered_top(self) -> ModuleType:
        """Return the private package, not yet executed."""
        spec: ModuleSpec | None = _namespace(self.name, [self.folder.path])
        if self._init_due:
            loader = _PrivateLoader(self, self.name, self._init_file)
            spec = importlib.util.spec_from_file_location(self.name, self._init_file, loader=loader, submodule_search_locations=[self.folder.path])
        assert spec is not None
        self.modules[self.name] = sys.modules[self.name] = importlib.util.module_from_spec(spec)
        return self.modules[self.name]

    def _execute_init(self) -> None:
        """Execute the folder's `__init__.py`, once, when something is imported from the folder as from a package."""
        if self._init_due:
            self._init_due = False
            self.execute(self.modules[self.name], self._init_file, read_source(self._init_file))


def forget(name: str) -> None:
    """Remove a private package and what is in it from `sys.modules`."""
    for one in _names_below(name):
        sys.modules.pop(one, None)


def _names_below(name: str) -> list[str]:
    return [one for one in list(sys.modules) if one == name or one.startswith(name + ".")]


class _StandIn(ModuleType):
    """What `sys.modules` holds of a private module: all that the module is, but it does not keep it alive."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__)
        object.__setattr__(self, "_module", weakref.ref(module))

    def __getattribute__(self, name: str) -> Any:
        module = object.__getattribute__(self, "_module")()
        return object.__getattribute__(self, name) if module is None else getattr(module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "_module")(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "_module")(), name)


class _PrivateLoader(SourceFileLoader):
    """Executes a file as a module of a load."""

    def __init__(self, imports: PrivateImports, name: str, path: str) -> None:
        super().__init__(name, path)
        self.imports = imports

    def exec_module(self, module: ModuleType) -> None:
        self.imports.execute(module, self.path, read_source(self.path))

    def get_code(self, fullname: str) -> CodeType:
        return compiled(self.path, read_source(self.path))


class _Finder(MetaPathFinder):
    """Finds private modules for Python's import system."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        imports = _loads.get(name.partition(".")[0]) if name.startswith(PRIVATE) else None
        return imports.find(name, path) if imports and path is not None else None


_FINDER = _Finder()


class _Surrounding(ModuleType):
    """A package around the folder as the modules of a load see it: one of its members is private, the others are as everywhere."""

    def __init__(self, public: ModuleType, member: str, inner: ModuleType) -> None:
        super().__init__(public.__name__, public.__doc__)
        vars(self).update({"_public": public, member: inner, "__path__": public.__path__})

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_public"], name)


class _Importlib(ModuleType):
    """The standard library's importlib, but with an `import_module` that imports as the import statements of a load do."""

    def __init__(self, imports: PrivateImports) -> None:
        super().__init__("importlib", importlib.__doc__)

        def import_module(name: str, package: str | None = None) -> ModuleType:
            """Import a module."""
            if not name.startswith("."):
                return imports.imported(name, names=_ITSELF)
            with imports._entered():
                return importlib.import_module(name, package)

        vars(self)["import_module"] = import_module

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib, name)


def _python(name: Parts, names: Sequence[str]) -> ModuleType:
    return builtins.__import__(".".join(name), None, None, names, 0)


def _package_in(space: Mapping[str, Any]) -> str:
    """Return the package that relative imports of a module start from."""
    return str(space.get("__package__") or space.get("__name__", ""))


def _namespace(name: str, places: list[str]) -> ModuleSpec:
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = places
    return spec
