"""Syntax trees of rules: one tree per file, parsed once, read by everything above.

In: a function. Out: its `FunctionDef` with the file it stands in. Where there is no source (a class made by hand, an old notebook), there is no tree,
and what needs one says so.
"""

import ast
import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from speccheck.dsl.rules import mark_of
from speccheck.source import Span, span_of


@dataclass(frozen=True)
class RuleTree:
    """The syntax tree of one function: `node` is the FunctionDef or Lambda, `function` what Python made of it (without decorators)."""

    function: Callable[..., Any]
    node: ast.FunctionDef | ast.Lambda
    file: str

    @property
    def name(self) -> str:
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "<lambda>"

    @property
    def span(self) -> Span:
        """The place of the `def` line: the name's line, without the body."""
        whole = span_of(self.file, self.node)
        text = linecache.getline(self.file, whole.line)
        return Span(self.file, whole.line, whole.column, whole.line, len(text.rstrip()) + 1)

    def span_of(self, node: ast.AST) -> Span:
        """Return the place of a part of the function."""
        return span_of(self.file, node)


MADE = "__speccheck_tree__"  # where a function that was made, not written, has its tree: a step of a process


def tree_of(function: Any) -> RuleTree | None:
    """Return the tree of a function, a method or a decorated rule; None where the source cannot be found."""
    mark = mark_of(function)
    function = inspect.unwrap(mark.function if mark else getattr(function, "__func__", function))
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    if MADE in vars(function):
        return RuleTree(function, vars(function)[MADE], code.co_filename)
    nodes = _functions(code.co_filename, "".join(linecache.getlines(code.co_filename)))
    found = nodes.get((code.co_name, code.co_firstlineno), [])
    if len(found) > 1:
        found = [node for node in found if _is_code_of(node, code)]
    return RuleTree(function, found[0], code.co_filename) if found else None


def _is_code_of(node: ast.FunctionDef | ast.Lambda, code: CodeType) -> bool:
    """Whether a lambda is the one that some code was made of: one of several in a line. All that it does stands within its body."""
    if isinstance(node, ast.FunctionDef):
        return True
    body = node.body
    first, last = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    places = [place for place in code.co_positions() if None not in place and place[2] != place[3]]
    return bool(places) and all(first <= (line, column) and (end, end_column) <= last for line, end, column, end_column in places)  # type: ignore[operator]


def class_tree(cls: type) -> ast.ClassDef | None:
    """Return the tree of a class statement, or None where the source cannot be found."""
    file = source_file(cls)
    if file is None:
        return None
    line = _first_line(cls)
    classes = _classes(file, "".join(linecache.getlines(file))).get(cls.__name__, [])
    if line is not None:
        exact = [node for node in classes if node.lineno <= line <= (node.end_lineno or node.lineno)]
        classes = exact or classes
    return classes[-1] if classes else None


def source_file(cls: type) -> str | None:
    """Return the file in which a class stands, also when its module is no longer importable by name; None if there is none."""
    for member in vars(cls).values():
        mark = mark_of(member)
        code = getattr(mark.function if mark else member, "__code__", None)
        if code is not None and getattr(member, "__module__", None) == cls.__module__:
            return str(code.co_filename)
    import sys

    return getattr(sys.modules.get(cls.__module__), "__file__", None)


def module_tree(file: str) -> ast.Module:
    """Return the tree of a whole file; an empty one where it cannot be read or parsed."""
    return _parsed(file, "".join(linecache.getlines(file)))


def _first_line(cls: type) -> int | None:
    lines = [m.function.__code__.co_firstlineno for member in vars(cls).values() if (m := mark_of(member))]
    lines += [f.__code__.co_firstlineno for f in vars(cls).values() if inspect.isfunction(f)]
    return min(lines, default=None)


@lru_cache(maxsize=256)
def _parsed(file: str, text: str) -> ast.Module:
    try:
        return ast.parse(text, file)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


@lru_cache(maxsize=256)
def _classes(file: str, text: str) -> dict[str, list[ast.ClassDef]]:
    """All classes of a file by name, in the order of a walk."""
    found: dict[str, list[ast.ClassDef]] = {}
    for node in ast.walk(_parsed(file, text)):
        if isinstance(node, ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found


@lru_cache(maxsize=256)
def _functions(file: str, text: str) -> dict[tuple[str, int], list[ast.FunctionDef | ast.Lambda]]:
    """All functions of a file by name and first line (that of the first decorator, as CPython counts); several lambdas may begin in one."""
    found: dict[tuple[str, int], list[ast.FunctionDef | ast.Lambda]] = {}
    for node in ast.walk(_parsed(file, text)):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found[node.name, first] = [node]
        elif isinstance(node, ast.Lambda):
            found.setdefault(("<lambda>", node.lineno), []).append(node)
    return found
