"""The statements that a process has besides Python's own, while it is on its way from a generator to actions.

    yield "write_y"                 Point("write_y")             the end of a step, and the start of the next one
    yield from self.acquire(i)      Called("acquire", body)      the body of another generator, in place; Leave() is its return
    (nothing that one writes)       Goto("write_y")              what a step ends with: the process is at that label

They are syntax trees, so everything that walks trees walks them, too. None of them reaches the compiler.
"""

import ast
import copy
from collections.abc import Iterator
from typing import TypeAlias, TypeVar

from speccheck.dsl.rules import Strength

Code: TypeAlias = list[ast.stmt]
Loop: TypeAlias = ast.While | ast.For
T = TypeVar("T", bound=ast.AST)

AS_THE_PROCESS = "as the process"  # the fairness of a label that says nothing of its own


# Classes of syntax trees are copied by calling them without arguments, so what they hold besides trees is set afterwards.


class Point(ast.stmt):
    """A label: `yield "label"`, `yield unfair("label")` or `yield strong("label")`."""

    _fields = ()
    label: str
    fairness: Strength | str | None


class Called(ast.stmt):
    """The body of a generator that is called by `yield from`; its locals are renamed, and `Leave` stands for its `return`."""

    _fields = ("body",)
    body: Code
    name: str


class Leave(ast.stmt):
    """Goes on after the innermost `Called`."""

    _fields = ()


class Goto(ast.stmt):
    """Ends the step: the process is at this label now, or done."""

    _fields = ()
    label: str


class Each(ast.For):
    """A loop over a constant sequence with labels inside: `key` is the local that says how far it is, `rest` the table that maps it to what is left."""

    key: ast.Name
    rest: ast.expr
    never_empty: bool


def point(label: str, fairness: Strength | str | None, place: ast.AST) -> Point:
    """Return a label at the place of a `yield`."""
    made = ast.copy_location(Point(), place)
    made.label, made.fairness = label, fairness
    return made


def called(name: str, body: Code, place: ast.AST) -> Called:
    """Return the body of a generator, at the place where it is called."""
    made = ast.copy_location(Called(), place)
    made.name, made.body = name, body
    return made


def leave(place: ast.AST) -> Leave:
    """Return what stands for a `return` at this place."""
    return ast.copy_location(Leave(), place)


def goto(label: str, place: ast.AST) -> Goto:
    """Return the end of a step, at the place of the label."""
    made = ast.copy_location(Goto(), place)
    made.label = label
    return made


def points_in(trees: Code | ast.AST) -> list[Point]:
    """Return the labels in a piece of code, in the order of the source."""
    return [part for tree in (trees if isinstance(trees, list) else [trees]) for part in walk(tree) if isinstance(part, Point)]


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk the tree in the order of the source, without what stands in functions and classes inside it."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from walk(child)


def copied(tree: T) -> T:
    """Return a deep copy."""
    return copy.deepcopy(tree)


def at_place(tree: T, place: ast.AST) -> T:
    """Return the tree with all its parts at one place, that of another tree."""
    for part in ast.walk(tree):
        ast.copy_location(part, place)
    return tree


def read(name: str) -> ast.Name:
    """Return a name that is read."""
    return ast.Name(name, ast.Load())


def jumps(code: Code, kinds: tuple[type[ast.stmt], ...] = (ast.Break, ast.Continue)) -> bool:
    """Return whether the code jumps out of itself: by `break` or `continue` of a loop around it (`Leave` for a call around it)."""
    return any(_jumps(statement, kinds) for statement in code)


def _jumps(statement: ast.stmt, kinds: tuple[type[ast.stmt], ...]) -> bool:
    match statement:
        case ast.While() | ast.For():
            inside = tuple(kind for kind in kinds if kind not in (ast.Break, ast.Continue))
            return jumps(statement.body, inside) or jumps(statement.orelse, kinds)
        case Called():
            return jumps(statement.body, tuple(kind for kind in kinds if kind is not Leave))
    return isinstance(statement, kinds) or any(jumps(block, kinds) for block in blocks(statement))


def blocks(statement: ast.stmt) -> list[Code]:
    """Return the blocks of statements that a statement consists of."""
    match statement:
        case ast.If() | ast.While() | ast.For():
            return [statement.body, statement.orelse]
        case ast.Match():
            return [case.body for case in statement.cases]
        case ast.Try():
            return [statement.body, *(handler.body for handler in statement.handlers), statement.orelse, statement.finalbody]
        case ast.With() | Called():
            return [statement.body]
    return []


def endless(loop: ast.While) -> bool:
    """Return whether the condition of a loop is the constant True (or another one that is true)."""
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def ends(code: Code) -> bool:
    """Return whether control certainly does not reach the end of the code."""
    return any(_ends(statement) for statement in code)


def _ends(statement: ast.stmt) -> bool:
    match statement:
        case Goto() | Leave() | ast.Return() | ast.Raise() | ast.Break() | ast.Continue() | ast.Expr(value=ast.Call(func=ast.Name(id="disable"))):
            return True
        case ast.If():
            return ends(statement.body) and ends(statement.orelse)
        case ast.Match():
            whole = any(isinstance(c.pattern, ast.MatchAs) and c.pattern.pattern is None and c.guard is None for c in statement.cases)
            return whole and all(ends(case.body) for case in statement.cases)
        case ast.While():
            return endless(statement) and not jumps(statement.body, (ast.Break,))
        case ast.With():
            return ends(statement.body)
        case Called():
            return ends(statement.body) and not jumps(statement.body, (Leave,))
    return False
