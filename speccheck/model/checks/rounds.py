"""Rounds of a comprehension: names that are assigned within one, and tell which round was the last.

    any((v := self.votes[s]) > 1 and v < 9 for s in Server)      each round reads what it has assigned
    [last := s for s in Server]                                  keeps what happens to come last

In: a comprehension over members in no particular order. Out: the assignments whose value may be read in another round, or after all of them.
"""

import ast
from collections.abc import Iterator

from speccheck.model.syntax.body import Body

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def kept_from_rounds(tree: Comprehension, body: Body) -> Iterator[ast.NamedExpr]:
    """Yield the assignments within a comprehension that do more than name a value of their round."""
    conditions = {part for one in tree.generators for condition in one.ifs for part in ast.walk(condition)}
    inside = set(ast.walk(tree))
    for part in inside:
        if isinstance(part, ast.NamedExpr) and (binding := body.names.of.get(part.target)) is not None:
            own = set(ast.walk(part))
            loads = body.names.loads.get(binding, [])
            if not _is_evaluated(part, tree, body) or not all(load in inside - own and _comes_after(load, part, conditions) for load in loads):
                yield part


def _comes_after(load: ast.Name, part: ast.expr, conditions: set[ast.AST]) -> bool:
    """Return whether an expression is evaluated after another one: what a comprehension gives comes after its conditions."""
    return (load not in conditions, load.lineno, load.col_offset) >= (part not in conditions, part.end_lineno or 0, part.end_col_offset or 0)


def _is_evaluated(part: ast.expr, whole: ast.expr, body: Body) -> bool:
    """Return whether every round that gets further than a part evaluates it."""
    child: ast.AST = part
    while child is not whole:
        parent = body.names.parents[child]
        match parent:
            case ast.BoolOp(values=[certain, *_]) | ast.IfExp(test=certain) if child is not certain:
                return False
            case ast.Compare(left=left, comparators=[second, *_]) if child is not left and child is not second:
                return False
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() if parent is not whole:
                return False
        child = parent
    return True
