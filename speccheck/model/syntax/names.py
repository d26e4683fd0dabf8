"""Names: which local variable a name in a function is, and what every local variable gets.

    def rule(self, p):                 Binding(rule, "n")  gets  the value of self.nodes[p]
        n = self.nodes[p]              Binding(all(...), "v")  gets  an element of n.votes
        return all(v != p for v in n.votes)

One function with all functions, lambdas and comprehensions inside it; names that are bound nowhere in it are free (globals, builtins, closures).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
How: TypeAlias = Literal["value", "element", "augmented", "unknown"]


@dataclass(frozen=True)
class Binding:
    """A local variable: the function or comprehension that it is local to, and its name."""

    scope: ast.AST
    name: str


Target: TypeAlias = ast.expr | ast.pattern | Binding


@dataclass(frozen=True)
class Gets:
    """`target` gets something: the value, an element of it, the result of `target op= value`, or nothing that could be said (`value` is None)."""

    target: Target
    value: ast.expr | None
    how: How
    statement: ast.AST


@dataclass
class Names:
    """All names of one function. `of` maps each Name (and each capturing pattern) to its Binding; free names are missing."""

    root: ast.FunctionDef | ast.Lambda
    of: dict[ast.AST, Binding] = field(default_factory=dict)
    gets: list[Gets] = field(default_factory=list)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    loads: dict[Binding, list[ast.Name]] = field(default_factory=dict)
    writes: dict[Binding, list[Gets]] = field(default_factory=dict)  # who gives a variable a value; parameters of the root are not listed


@lru_cache(maxsize=1024)
def known_names_of(root: ast.FunctionDef | ast.Lambda) -> Names:
    """Return the names of a function whose tree does not change any more; nobody may change the answer."""
    return names_of(root)


def names_of(root: ast.FunctionDef | ast.Lambda) -> Names:
    """Return the names of a function."""
    found = Names(root)
    _Resolver(found).function(root, ())
    for gets in found.gets:
        for binding in _bound_by(found, gets.target):
            found.writes.setdefault(binding, []).append(gets)
    return found


@lru_cache(maxsize=1024)
def all_parts(function: ast.FunctionDef | ast.Lambda) -> tuple[ast.AST, ...]:
    """Return everything that is evaluated when the function runs, functions inside it included, in the order of the source."""
    return tuple(part for statement in body_of(function) for part in evaluated_in(statement))


def parameters_of(function: Function) -> list[ast.arg]:
    """Return all parameters of a function, starred ones last."""
    a = function.args
    return [*a.posonlyargs, *a.args, *a.kwonlyargs, *([a.vararg] if a.vararg else []), *([a.kwarg] if a.kwarg else [])]


def body_of(function: Function) -> list[ast.stmt] | list[ast.expr]:
    """Return the statements of a function, or the expression of a lambda."""
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def evaluated_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree in the order of the source, without annotations and decorators, which are not evaluated with the rule."""
    yield tree
    for child in children_of(tree):
        yield from evaluated_in(child)


def children_of(tree: ast.AST) -> Iterator[ast.AST]:
    """Return the parts of a tree that are evaluated with it."""
    match tree:
        case ast.AnnAssign():
            yield from (part for part in (tree.target, tree.value) if part is not None)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*_defaults(tree), *tree.body)
        case ast.Lambda():
            yield from (*_defaults(tree), tree.body)
        case ast.ClassDef():
            return
        case _:
            yield from ast.iter_child_nodes(tree)


@lru_cache(maxsize=1024)
def own_parts(function: Function) -> tuple[ast.AST, ...]:
    """Return the parts of a function without the functions and lambdas inside it."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = list(reversed(body_of(function)))
    while pending:
        tree = pending.pop()
        found.append(tree)
        if not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(reversed(list(children_of(tree))))
    return tuple(found)


def captures(pattern: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Return the names that a pattern binds, each with the part of the pattern that does."""
    for part in ast.walk(pattern):
        match part:
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
                yield part, name


def stored_names(target: ast.AST) -> Iterator[ast.Name]:
    """Return the local names that a target of an assignment consists of."""
    match target:
        case ast.Name():
            yield target
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from stored_names(part)
        case ast.Starred(value=inner):
            yield from stored_names(inner)


def _defaults(function: Function) -> list[ast.expr]:
    return [*function.args.defaults, *(default for default in function.args.kw_defaults if default is not None)]


def _bound_by(found: Names, target: Target) -> list[Binding]:
    if isinstance(target, Binding):
        return [target]
    trees = [part for part, _ in captures(target)] if isinstance(target, ast.pattern) else list(stored_names(target))
    return [found.of[tree] for tree in trees if tree in found.of]


def _local_names(function: Function) -> set[str]:
    """The names that are local to a function: what its own statements bind."""
    names = {parameter.arg for parameter in parameters_of(function)}
    elsewhere: set[str] = set()
    pending: list[ast.AST] = list(body_of(function))
    while pending:
        tree = pending.pop()
        match tree:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                names.add(tree.id)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(tree.name)
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                names.update(_walruses(tree))
                continue
            case ast.ExceptHandler(name=str() as name):
                names.add(name)
            case ast.Import() | ast.ImportFrom():
                names.update(_imported(alias) for alias in tree.names)
            case ast.Global() | ast.Nonlocal():
                elsewhere.update(tree.names)
            case ast.match_case(pattern=pattern):
                names.update(name for _, name in captures(pattern))
        pending.extend(ast.iter_child_nodes(tree))
    return names - elsewhere


def _imported(alias: ast.alias) -> str:
    return (alias.asname or alias.name).partition(".")[0]


def _walruses(comprehension: ast.AST) -> set[str]:
    return {part.target.id for part in ast.walk(comprehension) if isinstance(part, ast.NamedExpr) and isinstance(part.target, ast.Name)}


Scopes: TypeAlias = tuple[tuple[ast.AST, set[str]], ...]


class _Resolver:
    """Walks a function with the scopes around each part, and fills a Names."""

    def __init__(self, found: Names) -> None:
        self.found = found

    def function(self, tree: Function, scopes: Scopes) -> None:
        inner = (*scopes, (tree, _local_names(tree)))
        if tree is not self.found.root:
            for parameter in parameters_of(tree):
                self._gets(Binding(tree, parameter.arg), None, "unknown", tree)
        for part in body_of(tree):
            self.visit(part, tree, inner)

    def visit(self, tree: ast.AST, parent: ast.AST, scopes: Scopes) -> None:
        self.found.parents[tree] = parent
        match tree:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._inner_function(tree, scopes)
            case ast.ClassDef():
                self._unknown_name(tree.name, tree, scopes)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(tree, scopes)
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.AugAssign():
                self._children(tree, scopes)  # before what they are assigned to, so that the variables of comprehensions in them are known by then
                self._statement(tree, scopes)
            case _:
                self._statement(tree, scopes)
                self._children(tree, scopes)

    def _children(self, tree: ast.AST, scopes: Scopes) -> None:
        for child in children_of(tree):
            self.visit(child, tree, scopes)

    def _statement(self, tree: ast.AST, scopes: Scopes) -> None:
        match tree:
            case ast.Name():
                self._name(tree, scopes)
            case ast.Assign():
                for target in tree.targets:
                    self._gets(target, tree.value, "value", tree)
            case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
                self._gets(tree.target, value, "value", tree)
            case ast.AugAssign():
                self._gets(tree.target, tree.value, "augmented", tree)
            case ast.For() | ast.AsyncFor():
                self._gets(tree.target, tree.iter, "element", tree)
            case ast.withitem(optional_vars=ast.expr() as target):
                self._gets(target, None, "unknown", tree)
            case ast.Match():
                for case in tree.cases:
                    self._case(tree, case.pattern, scopes)
            case ast.Import() | ast.ImportFrom():
                for alias in tree.names:
                    self._unknown_name(_imported(alias), tree, scopes)
            case ast.ExceptHandler(name=str() as name):
                self._unknown_name(name, tree, scopes)

    def _case(self, tree: ast.Match, pattern: ast.pattern, scopes: Scopes) -> None:
        for part, name in captures(pattern):
            if (binding := self._lookup(name, scopes)) is not None:
                self.found.of[part] = binding
        self._gets(pattern, tree.subject, "value", tree)

    def _inner_function(self, tree: Function, scopes: Scopes) -> None:
        if not isinstance(tree, ast.Lambda):
            self._unknown_name(tree.name, tree, scopes)
        for default in _defaults(tree):
            self.visit(default, tree, scopes)
        self.function(tree, scopes)

    def _comprehension(self, tree: Comprehension, scopes: Scopes) -> None:
        names = {name.id for one in tree.generators for name in stored_names(one.target)}
        inner = (*scopes, (tree, names))
        for number, one in enumerate(tree.generators):
            self.found.parents[one] = tree
            self.visit(one.iter, one, inner if number else scopes)  # the first iterable is evaluated outside
            self.visit(one.target, one, inner)
            self._gets(one.target, one.iter, "element", one)
            for condition in one.ifs:
                self.visit(condition, one, inner)
        for part in (tree.key, tree.value) if isinstance(tree, ast.DictComp) else (tree.elt,):
            self.visit(part, tree, inner)

    def _name(self, tree: ast.Name, scopes: Scopes) -> None:
        binding = self._lookup(tree.id, scopes)
        if binding is not None:
            self.found.of[tree] = binding
            if isinstance(tree.ctx, ast.Load):
                self.found.loads.setdefault(binding, []).append(tree)

    def _unknown_name(self, name: str, tree: ast.AST, scopes: Scopes) -> None:
        if (binding := self._lookup(name, scopes)) is not None:
            self._gets(binding, None, "unknown", tree)

    def _lookup(self, name: str, scopes: Scopes) -> Binding | None:
        return next((Binding(scope, name) for scope, names in reversed(scopes) if name in names), None)

    def _gets(self, target: Target, value: ast.expr | None, how: How, statement: ast.AST) -> None:
        self.found.gets.append(Gets(target, value, how, statement))
