"""What names mean in a module: a builtin, something imported, or anything else.

from itertools import chain as c
def f(list): ...

called(`c`)    -> "itertools.chain"
called(`max`)  -> "max"
called(`list`) -> None inside f, "list" elsewhere
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

Scope = Mapping[str, str | None]  # names that are bound: to what was imported ("itertools.chain"), or to something unknown (None)

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@lru_cache(maxsize=8)
def module_scope(tree: ast.Module) -> Scope:
    """Return what the module's own names mean; a name that is bound twice means nothing known."""
    scope = _bound(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            scope.update(dict.fromkeys(node.names))
    return scope


def function_scope(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, around: Scope) -> Scope:
    """Return what names mean inside a function; the names of a class around it are not seen there."""
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *filter(None, (arguments.vararg, arguments.kwarg))]
    own = _bound([function.body] if isinstance(function, ast.Lambda) else function.body)
    return {**around, **own, **dict.fromkeys(p.arg for p in parameters)}


def called(function: ast.expr, scope: Scope) -> str | None:
    """Return the dotted name of a builtin or of something imported, or None for anything else."""
    attributes: list[str] = []
    while isinstance(function, ast.Attribute):
        attributes.append(function.attr)
        function = function.value
    if not isinstance(function, ast.Name):
        return None
    name = function.id
    origin = scope[name] if name in scope else name if hasattr(builtins, name) else None
    return None if origin is None else ".".join((origin, *reversed(attributes)))


def _bound(body: Iterable[ast.AST]) -> dict[str, str | None]:
    scope: dict[str, str | None] = {}
    for name, origin in (pair for node in _within(body) for pair in _bindings(node)):
        scope[name] = origin if scope.get(name, origin) == origin else None
    return scope


def _within(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Return the nodes of a body without those of the functions and classes in it."""
    pending = list(body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _OWN_SCOPE):
            pending += ast.iter_child_nodes(node)


def _bindings(node: ast.AST) -> Iterator[tuple[str, str | None]]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name, None
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, None
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name, None
        case ast.Import(names=names):
            for one in names:
                # `import a.b` binds a, `import a.b as c` binds c to a.b.
                yield (one.asname, one.name) if one.asname else (one.name.split(".")[0],) * 2
        case ast.ImportFrom(module="speccheck", names=[ast.alias(name="*")]):
            yield from ((name, f"speccheck.{name}") for name in ("Bag", "choose", "subsets"))
        case ast.ImportFrom(names=names):
            for one in names:
                yield one.asname or one.name, f"{node.module}.{one.name}" if node.module and not node.level else None
