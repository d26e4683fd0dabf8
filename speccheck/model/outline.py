"""What a module's text says about it, without executing the module: whether it defines specs, whether it holds tests.

In: the path of a file. Out: an Outline. A base class is followed to where it comes from, in this module and in those beside it, as far as `speccheck.Spec`; one
that comes from an installed package is not.
"""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass

OURS = "speccheck"  # stands for the files of the package itself, which are not read
Seen = frozenset[str]  # files that are being read: modules may import each other


@dataclass(frozen=True)
class Outline:
    """What a module defines: classes that derive from Spec, and tests."""

    specs: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def mentions_speccheck(path: str) -> bool:
    """Return whether a module may define a spec: one that does not even mention speccheck does not."""
    try:
        with open(path, "rb") as stream:
            return b"speccheck" in stream.read()
    except OSError:
        return True  # loading it says what is wrong


def outline(path: str) -> Outline | None:
    """Return what a module defines; None where Python cannot parse it."""
    tree = _tree(path)
    if tree is None:
        return None
    names, _ = _names(tree, os.path.dirname(path), frozenset((path,)))
    classes = [one for one in _statements(tree.body) if isinstance(one, ast.ClassDef)]
    specs = tuple(one.name for one in classes if one.name in names)
    tests = [one.name for one in classes if one.name not in names and (one.name.startswith("Test") or any(map(_is_test_case, one.bases)))]
    tests += [one.name for one in _statements(tree.body) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test")]
    return Outline(specs, tuple(tests))


def _tree(path: str) -> ast.Module | None:
    try:
        with open(path, "rb") as stream:
            return ast.parse(stream.read(), path)
    except (OSError, SyntaxError, ValueError):
        return None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module that are executed with it, those within `if`, `try` and `with` included."""
    for one in body:
        yield one
        if not isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for field in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(one, field, []))
            for handler in getattr(one, "handlers", []):
                yield from _statements(handler.body)


def _names(tree: ast.Module, folder: str, seen: Seen) -> tuple[set[str], dict[str, str]]:
    """The names that a module gives to Spec and to classes derived from it; and the modules that it imports, by name, each with its file."""
    names: set[str] = set()
    modules: dict[str, str] = {}
    for one in _statements(tree.body):
        match one:
            case ast.ImportFrom(module=module, names=imported, level=level):
                names |= _imported(module or "", imported, level, folder, seen)
                modules |= {alias.asname or alias.name: _file(alias.name, level, folder) for alias in imported if not module}
            case ast.Import(names=imported):
                modules |= {alias.asname or alias.name: _file(alias.name, 0, folder) for alias in imported}
            case ast.ClassDef(name=name, bases=bases) if any(_is_spec(base, names, modules, seen) for base in bases):
                names.add(name)
    return names, modules


def _imported(module: str, imported: list[ast.alias], level: int, folder: str, seen: Seen) -> set[str]:
    """The names under which `from module import ...` gives specs to a module."""
    theirs = _spec_names(_file(module, level, folder), seen)
    if any(alias.name == "*" for alias in imported):
        return theirs
    return {alias.asname or alias.name for alias in imported if alias.name in theirs}


def _is_spec(base: ast.expr, names: set[str], modules: dict[str, str], seen: Seen) -> bool:
    match base:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(value=value, attr=name):
            module = ast.unparse(value)
            return module in modules and name in _spec_names(modules[module], seen)
        case ast.Subscript(value=value):
            return _is_spec(value, names, modules, seen)
    return False


def _spec_names(file: str, seen: Seen) -> set[str]:
    """The names that another module gives to specs."""
    if file == OURS:
        return {"Spec"}
    tree = _tree(file) if file and file not in seen else None
    return _names(tree, os.path.dirname(file), seen | {file})[0] if tree is not None else set()


def _file(module: str, level: int, folder: str) -> str:
    """The file of a module beside the one that imports it; OURS for speccheck itself; an empty text for any other."""
    for _ in range(level - 1):
        folder = os.path.dirname(folder)
    path = os.path.join(folder, *module.split("."))
    for file in (f"{path}.py", os.path.join(path, "__init__.py")):
        if os.path.isfile(file):
            return file
    return OURS if level == 0 and module.split(".")[0] == "speccheck" else ""


def _is_test_case(base: ast.expr) -> bool:
    return ast.unparse(base).endswith("TestCase")
