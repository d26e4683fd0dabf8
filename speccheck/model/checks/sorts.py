"""Sorts used as if they were ordered: `rm.index`, `a < b`, `RM[0]`, `sorted(self.waiting)`.

In: a function as a rule uses it. Out: SortMisuse.
"""

import ast
from collections.abc import Iterator
from typing import Any

from speccheck.domains.sorts import SortMeta
from speccheck.errors import SortMisuse, SpeccheckError
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.elements import element_of
from speccheck.model.syntax.kinds import Kind, members

_ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the places where members of an unordered sort are ordered or numbered."""
    for tree in use.body.expressions():
        match tree:
            case ast.Attribute(value=holder, attr="index" | "next" | "prev" as name, ctx=ast.Load()):
                if (sort := _unordered_sort(use.body.kind(holder))) is not None:
                    yield _error(use, f"'.{name}' on `{ast.unparse(holder)}`, a member of {sort.__name__}", tree, sort)
            case ast.Subscript(value=holder, ctx=ast.Load()):
                sort = use.body.object_of(holder)
                if isinstance(sort, SortMeta) and not sort.ordered:
                    yield _error(use, f"`{ast.unparse(tree)}` names a member of {sort.__name__}", tree, sort)
            case ast.Compare():
                yield from _compared(use, tree)
            case ast.Call():
                yield from _sorted(use, tree)


def _compared(use: Use, tree: ast.Compare) -> Iterator[SpeccheckError]:
    operands = [tree.left, *tree.comparators]
    for left, op, right in zip(operands, tree.ops, operands[1:]):
        word = _ORDER.get(type(op))
        sort = _unordered_sort(use.body.kind(left))
        if word is not None and sort is not None and _unordered_sort(use.body.kind(right)) is not None:
            yield _error(use, f"'{word}' between `{ast.unparse(left)}` and `{ast.unparse(right)}`, members of {sort.__name__}", tree, sort)


def _sorted(use: Use, call: ast.Call) -> Iterator[SpeccheckError]:
    function = use.body.object_of(call.func)
    if not any(function is one for one in (sorted, min, max)) or any(keyword.arg == "key" for keyword in call.keywords):
        return
    kinds = [element_of(use.body.kind(call.args[0]))] if len(call.args) == 1 else [use.body.kind(one) for one in call.args]
    sorts = [_unordered_sort(kind) for kind in kinds]
    if sorts and sorts[0] is not None and None not in sorts and len(sorts[0]) > 1:
        yield _error(use, f"{function.__name__}(...) orders members of {sorts[0].__name__}", call, sorts[0])


def _unordered_sort(kind: Kind) -> Any:
    """Return the unordered sort that a value is certainly a member of, or None."""
    sorts = {type(member): None for member in members(kind)}
    return next(iter(sorts)) if sorts and all(not sort.ordered for sort in sorts) else None


def _error(use: Use, what: str, place: ast.AST, sort: Any) -> SpeccheckError:
    remedy = f"Declare class {sort.__name__}(Sort, size=n, ordered=True), or iterate over the sort, or use choose({sort.__name__}) to get a member."
    return use.error(SortMisuse, f"{what}, a sort that is not ordered", place, remedy)
