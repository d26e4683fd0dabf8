"""Reach: where the text of a module reaches for something that is neither in it nor in a module that only computes.

In: the text of a module with its tree. Out: each place, with words::

    import os                       ->  Beyond(x.py:3, "imports os")
    TABLE = open("table.csv")       ->  Beyond(x.py:7, "uses open")
    import math; math.sqrt(2)       ->  nothing
    def take(self, id: Node)        ->  nothing: this `id` is a parameter

What is pure is listed (`PURE`), everything else is not. A module object of the standard library may only be used by naming what is in it, so that none of the
modules that it imports itself (`dataclasses.sys`) is a way out.
"""

import ast
import importlib
import symtable
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import speccheck
from speccheck.model.folder import Parts
from speccheck.source import Span

# What these do depends on their arguments only. They remember nothing that a rule could ask for, and open nothing.
PURE = frozenset(
    {
        "__future__", "abc", "annotated_types", "bisect", "collections", "collections.abc", "contextlib", "copy", "dataclasses", "enum", "fractions",
        "functools", "graphlib", "heapq", "itertools", "math", "numbers", "operator", "re", "string", "textwrap", "types", "typing",
    }
)  # fmt: skip
IMPURE = frozenset({"open", "input", "eval", "exec", "compile", "__import__", "breakpoint", "id", "hash", "__builtins__", "__loader__", "__spec__"})
CHECKING = frozenset({"check", "load", "steps"})  # names of speccheck that execute other specs
DOORS = frozenset({"__builtins__", "__globals__", "__loader__", "__spec__", "__subclasses__"})  # attributes that lead anywhere


@dataclass(frozen=True)
class Beyond:
    """A place where a module reaches beyond its text, in words that continue "the spec"."""

    span: Span
    words: str


def reach(file: str, text: str, tree: ast.Module, elsewhere: Callable[[Parts], bool]) -> Iterator[Beyond]:
    """Yield where a module reaches beyond its text; `elsewhere` says which absolute names are no modules of the spec's own."""
    names = _Names(file, elsewhere)
    names.visit(tree)
    yield from names.beyond
    impure = IMPURE | CHECKING if names.star else IMPURE
    for name in _global_names(symtable.symtable(text, file, "exec")) & impure:
        line = next((one.lineno for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == name), 0)
        yield Beyond(Span(file, line), f"uses {name}")


def _global_names(top: symtable.SymbolTable) -> set[str]:
    """Return the names that a module refers to and that nothing in it binds: those of the builtins."""
    bound = {one.get_name() for one in top.get_symbols() if one.is_assigned() or one.is_imported() or one.is_namespace()}
    found: set[str] = set()
    pending = [top]
    while pending:
        table = pending.pop()
        pending.extend(table.get_children())
        found |= {one.get_name() for one in table.get_symbols() if one.is_referenced() and (one.is_global() or table is top)}
    return found - bound


class _Names(ast.NodeVisitor):
    """Looks at the imports of a module, and at what becomes of the modules that are pure."""

    def __init__(self, file: str, elsewhere: Callable[[Parts], bool]) -> None:
        self.file, self.elsewhere = file, elsewhere
        self.beyond: list[Beyond] = []
        self.star = False  # whether all names of speccheck were imported
        self._modules: dict[str, str] = {}  # the names that pure modules are bound to

    def visit_Module(self, tree: ast.Module) -> None:
        """Look at all imports before anything that uses what they bind: a function may stand before the import that it needs."""
        for statement in ast.walk(tree):
            match statement:
                case ast.Import(names=names):
                    for alias in names:
                        self._imported(alias, statement)
                case ast.ImportFrom(module=str(module), names=names, level=0) if self.elsewhere(tuple(module.split("."))):
                    for alias in names:
                        self._imported_from(module, alias, statement)
        self.generic_visit(tree)

    def visit_Name(self, tree: ast.Name) -> None:
        """Complain about a module that is handed on as a value, and may be asked for anything then."""
        if tree.id in self._modules and isinstance(tree.ctx, ast.Load):
            self._complain(tree, f"uses the module {self._modules[tree.id]} as a value")

    def visit_Attribute(self, tree: ast.Attribute) -> None:
        """Follow a name in a module: what it denotes must be there, and no other module."""
        if tree.attr in DOORS:
            self._complain(tree, f"uses {tree.attr}")
        names = _dotted(tree)
        if names is None or names[0] not in self._modules:
            self.generic_visit(tree)
            return
        module = self._modules[names[0]]
        for name in names[1:]:
            if name in (CHECKING if module == "speccheck" else ()) or name.startswith("_"):
                self._complain(tree, f"uses {module}.{name}")
                return
            if not isinstance(_member(module, name), ModuleType):
                return
            module = f"{module}.{name}"
            if module not in PURE:
                self._complain(tree, f"uses {module}")
                return
        self._complain(tree, f"uses the module {module} as a value")

    def _imported(self, alias: ast.alias, statement: ast.stmt) -> None:
        if not self.elsewhere(tuple(alias.name.split("."))):
            return
        if alias.name in PURE or alias.name == "speccheck":
            bound = alias.asname or alias.name.partition(".")[0]
            self._modules[bound] = alias.name if alias.asname else bound
        else:
            self._complain(statement, f"imports {alias.name}")

    def _imported_from(self, module: str, alias: ast.alias, statement: ast.stmt) -> None:
        if module not in PURE and module != "speccheck":
            self._complain(statement, f"imports {module}")
        elif alias.name == "*":
            self.star |= module == "speccheck"
        elif module == "speccheck":
            if alias.name in CHECKING or alias.name not in speccheck.__all__:
                self._complain(statement, f"imports {alias.name} of speccheck")
        elif isinstance(_member(module, alias.name), ModuleType):
            if f"{module}.{alias.name}" in PURE:
                self._modules[alias.asname or alias.name] = f"{module}.{alias.name}"
            else:
                self._complain(statement, f"imports {alias.name} of {module}")

    def _complain(self, tree: ast.stmt | ast.expr, words: str) -> None:
        self.beyond.append(Beyond(Span(self.file, tree.lineno), words))


def _member(module: str, name: str) -> object:
    """Return what a pure module, or speccheck, has under a name; None where it has nothing."""
    return getattr(importlib.import_module(module), name, None)


def _dotted(tree: ast.expr) -> list[str] | None:
    """Return the names of `a.b.c`; None for what is no chain of names."""
    if isinstance(tree, ast.Name):
        return [tree.id]
    if isinstance(tree, ast.Attribute) and (names := _dotted(tree.value)) is not None:
        return [*names, tree.attr]
    return None
