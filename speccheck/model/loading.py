"""Loading: from a file and values of constants to a module with its specs.

    load_module("specs/two_phase.py", {"RM": 5})  ->  Loaded(module, specs=(TwoPhase,), declared={"RM": Declared(value=5, ...)}, consumed={"RM"}, ...)

Each load executes the file, and every module below its folder that it imports, anew and under names of its own (see `imports.py`). What goes wrong is an
error of the catalogue with its place.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any

from speccheck.domains.overrides import REGISTRY, Declared
from speccheck.dsl.spec import Spec
from speccheck.errors import BadConstant, OverrideNeedsFile, RaisedAtImport, SpeccheckError, UnknownOverride, did_you_mean, raise_all
from speccheck.model.folder import Parts, folder_of
from speccheck.model.imports import LOCK, PrivateImports, forget
from speccheck.model.raised import PRIVATE, catalogued
from speccheck.model.sources import read_source
from speccheck.model.syntax.trees import source_file

_NOTHING: Any = object()
_under_way: ContextVar[tuple[str, ...]] = ContextVar("speccheck_files_under_way", default=())


@dataclass(frozen=True, eq=False)
class Loaded:
    """A module that was executed with certain constants.

    It and the modules that were executed with it live, also in `sys.modules`, as long as a function of one of them does.
    """

    file: str  # an absolute path
    module: ModuleType
    specs: tuple[type[Spec], ...]  # those that the module defines, abstract ones too, in source order
    declared: Mapping[str, Declared]  # the constants and sorts of all modules of this load
    consumed: frozenset[str]  # the names of the overrides that some constant or sort took
    given: Mapping[str, Any]
    source: str  # the texts of all modules of this load, for the digest


def load_module(path: str, overrides: Mapping[str, Any] = MappingProxyType({})) -> Loaded:
    """Execute a spec file with these constants. Raises SpeccheckError; overrides that nothing consumed are the caller's to judge (`raise_unconsumed`)."""
    return _load(os.path.abspath(path), overrides)


def load_class(cls: type, overrides: Mapping[str, Any] = MappingProxyType({})) -> Loaded:
    """Execute the module of a class again, with these constants. Raises OverrideNeedsFile for a class that has no file of its own."""
    name, file = cls.__qualname__, source_file(cls)
    if cls.__module__ == "__main__":
        raise OverrideNeedsFile(f"{name} stands in __main__, which cannot be executed again")
    if "<locals>" in name:
        raise OverrideNeedsFile(f"{name.replace('.<locals>', '')} is a class inside a function, which cannot be executed again")
    if file is None or not file.endswith(".py") or not os.path.isfile(file):
        raise OverrideNeedsFile(f"{name} stands in {file or 'no file'}, which cannot be executed again")
    module = sys.modules.get(cls.__module__)
    package = str(getattr(module, "__package__", None) or "")
    return _load(os.path.abspath(file), overrides, () if package.startswith(PRIVATE) else tuple(filter(None, package.split("."))))


def raise_unconsumed(loads: Iterable[Loaded], overrides: Iterable[str]) -> None:
    """Raise UnknownOverride for the overrides that none of the loads consumed."""
    loads = tuple(loads)
    declared = {name: one for load in loads for name, one in load.declared.items()}
    consumed = frozenset().union(*(load.consumed for load in loads))
    known = ", ".join(f"{name}={one.value!r}" for name, one in declared.items())
    notes = (f"constants and sorts: {known}",) if known else ("there are no constants and no sorts",)
    raise_all(
        UnknownOverride(f"no constant and no sort is named '{name}'.{did_you_mean(name, declared)}", notes=notes) for name in overrides if name not in consumed
    )


def _load(file: str, overrides: Mapping[str, Any], package: Parts = ()) -> Loaded:
    text = read_source(file)
    imports = PrivateImports(folder_of(file, package), overrides)
    with LOCK, _noted(file), _catalogued(imports, file):
        module = imports.run(file, text)
        raise_all(_misnamed(imports))
    return Loaded(
        file,
        module,
        _specs_of(module),
        MappingProxyType(imports.overrides.declared),
        frozenset(imports.overrides.consumed),
        MappingProxyType(dict(overrides)),
        _joined(imports),
    )


@contextmanager
def _catalogued(imports: PrivateImports, file: str) -> Iterator[None]:
    """Turn what goes wrong in a with block into an error of the catalogue; the modules are gone then."""
    try:
        yield
    except BaseException as raised:
        error = catalogued(raised, file, imports.is_users, imports.modules)
        forget(imports.name)
        if error is None or error is raised:
            raise
        raise error from (raised.__cause__ if isinstance(getattr(raised, "error", None), SpeccheckError) else raised)


@contextmanager
def _noted(file: str) -> Iterator[None]:
    """Refuse to load a file that this thread is loading already: it would never end."""
    files = _under_way.get()
    if file in files:
        raise RaisedAtImport("the module loads itself while it is executed", remedy='Put the call under `if __name__ == "__main__":`.')
    token = _under_way.set((*files, file))
    try:
        yield
    finally:
        _under_way.reset(token)


def _misnamed(imports: PrivateImports) -> Iterator[SpeccheckError]:
    """Return an error for each constant that is not the value of the name it was declared with."""
    for module in imports.modules.values():
        for name, one in vars(module).get(REGISTRY, {}).items():
            if one.kind != "constant":
                continue
            value = vars(module).get(name, _NOTHING)
            if value is _NOTHING:
                yield BadConstant(f"the constant '{name}' is not assigned to the name {name}", span=one.span)
            elif value is not one.value and (type(value) is not type(one.value) or value != one.value):
                yield BadConstant(f"{name} is not the value of the constant '{name}', but {value!r}", span=one.span)


def _specs_of(module: ModuleType) -> tuple[type[Spec], ...]:
    specs = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, Spec) and v.__module__ == module.__name__]
    return tuple(dict.fromkeys(specs))


def _joined(imports: PrivateImports) -> str:
    """Return the texts of the modules, in an order that depends neither on where the folder lies nor on who imported what first."""
    texts = {os.path.relpath(file, imports.folder.path).replace(os.sep, "/"): text for file, text in imports.texts.items()}
    return "".join(f"# {name}\n{texts[name]}\n" for name in sorted(texts))
