"""Make the text of a spec smaller while something stays true of it::

shrunk(text, fails)   the smallest text that was found for which `fails` is true
"""

import ast
from collections.abc import Callable, Iterator

Fails = Callable[[str], bool]
KEPT = ("value", "n")  # nothing is replaced by itself


def shrunk(text: str, fails: Fails, most: int = 3_000) -> str:
    """Return a smaller text for which `fails` is true, after so many tries at most."""
    tries = 0
    best = ast.unparse(ast.parse(text))
    if not fails(best):
        return text
    progress = True
    while progress and tries < most:
        progress = False
        number = 0
        while tries < most:
            made = _smaller(best, number)
            if made is None:
                break
            number += 1
            if made == best:
                continue
            tries += 1
            if len(made) < len(best) and fails(made):
                best, progress, number = made, True, max(0, number - 2)
    return best


def _smaller(text: str, number: int) -> str | None:
    """Return the text after the change of a number; None if there are not so many."""
    tree = ast.parse(text)
    for i, change in enumerate(_changes(tree)):
        if i == number:
            change()
            try:
                return ast.unparse(ast.fix_missing_locations(tree))
            except (ValueError, AttributeError):
                return text
    return None


def _changes(tree: ast.Module) -> Iterator[Callable[[], None]]:
    """Yield changes that make a tree smaller, the largest parts first."""
    bodies = [(part, name) for part in ast.walk(tree) for name in ("body", "orelse") if isinstance(getattr(part, name, None), list)]
    for part, name in bodies:
        for i in range(len(getattr(part, name)) - 1, -1, -1):
            yield lambda part=part, name=name, i=i: _without(part, name, i)  # type: ignore[misc]
    for part, name in bodies:
        for i, statement in enumerate(getattr(part, name)):
            for inner in _inside(statement):
                yield lambda part=part, name=name, i=i, inner=inner: getattr(part, name).__setitem__(slice(i, i + 1), inner)  # type: ignore[misc]
    for match in [part for part in ast.walk(tree) if isinstance(part, ast.Match) and len(part.cases) > 1]:
        for i in range(len(match.cases)):
            yield lambda match=match, i=i: match.cases.pop(i)  # type: ignore[misc]
    for arguments in [part for part in ast.walk(tree) if isinstance(part, ast.arguments) and len(part.args) > 1]:
        yield lambda arguments=arguments: arguments.args.pop()  # type: ignore[misc]
    for part in ast.walk(tree):
        yield from _simpler(part)


def _without(part: ast.AST, name: str, i: int) -> None:
    body = getattr(part, name)
    del body[i]
    if not body and name == "body":
        body.append(ast.Pass())


def _inside(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    match statement:
        case ast.If() | ast.For() | ast.While():
            yield statement.body
            if statement.orelse:
                yield statement.orelse
        case ast.Match():
            for case in statement.cases:
                yield case.body


def _simpler(part: ast.AST) -> Iterator[Callable[[], None]]:
    """Yield changes that replace the expressions in a part by something in them, or by constants."""
    for name, value in ast.iter_fields(part):
        if isinstance(value, ast.expr):
            for new in _instead(value):
                yield lambda name=name, new=new: setattr(part, name, new)  # type: ignore[misc]
        elif isinstance(value, list):
            for i, one in enumerate(value):
                if isinstance(one, ast.expr | ast.keyword | ast.comprehension) and len(value) > (0 if isinstance(part, ast.Call) else 1) and name != "targets":
                    yield lambda value=value, i=i: value.pop(i)  # type: ignore[misc]
                if isinstance(one, ast.expr):
                    for new in _instead(one):
                        yield lambda value=value, i=i, new=new: value.__setitem__(i, new)  # type: ignore[misc]
    if isinstance(part, ast.comprehension) and part.ifs:
        yield part.ifs.clear
    if isinstance(part, ast.match_case) and part.guard is not None:
        yield lambda: setattr(part, "guard", None)


def _instead(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.Constant | ast.Name):
        return
    inner = [one for one in ast.iter_child_nodes(value) if isinstance(one, ast.expr) and not isinstance(getattr(one, "ctx", ast.Load()), ast.Store)]
    yield from inner
    match value:  # constants of the same type, as far as the form says what that is
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            yield from (ast.Constant(False), ast.Constant(True))
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Mod() | ast.FloorDiv() | ast.Pow() | ast.LShift() | ast.RShift()) | ast.UnaryOp():
            yield from (ast.Constant(0), ast.Constant(1))
        case ast.Call(func=ast.Name(id="len" | "sum" | "min" | "max" | "abs")):
            yield from (ast.Constant(0), ast.Constant(1))
        case ast.Call(func=ast.Name(id="all" | "any" | "isinstance" | "bool")):
            yield from (ast.Constant(False), ast.Constant(True))
