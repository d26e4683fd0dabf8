"""Uses of an order that a set does not have (semantics 1.6): `for`, `list`, `next` over sets that a rule builds or that are constants.

In: a function as a rule uses it. Out: Unordered. Sets of the state iterate in domain order; `any`, `sorted`, `in`, `len`, set algebra and their like may use
any set.
"""

import ast
from collections.abc import Iterator

from speccheck.domains.bags import Bag
from speccheck.dsl import statements
from speccheck.errors import SpeccheckError, Unordered
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import element_of
from speccheck.model.syntax.kinds import Built, Instance, Kind, Method, Object, alternatives, certain, members, shape_of, unordered

_FREE = {id(f) for f in (any, all, len, set, frozenset, dict, bool, sum, Bag, statements.choose, statements.subsets)}
_EXTREMES = {id(f) for f in (sorted, min, max)}
_ORDERING = {id(f) for f in (enumerate, zip, next)}
_SEQUENCES = {id(f) for f in (list, tuple)}
_SET_METHODS = frozenset(
    {
        "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint", "update", "intersection_update",
        "difference_update", "symmetric_difference_update",
    }
)  # fmt: skip


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the places where the order of an unordered set matters."""
    for tree in use.body.expressions():
        for expression in _wanted(tree, use.body):
            kind = use.body.kind(expression)
            if unordered(kind):
                text = ast.unparse(expression)
                yield use.error(Unordered, f"`{text}` is {_what(kind)}, which has no order", expression, _remedy(text, kind))


def _wanted(tree: ast.AST, body: Body) -> Iterator[ast.expr]:
    """Return the expressions whose order this statement or expression uses."""
    match tree:
        case ast.For(iter=iterable):
            if not (isinstance(iterable, ast.Set) and len(iterable.elts) == 1):
                yield iterable
        case ast.ListComp(generators=generators) if not _is_free(tree, body):
            yield from (one.iter for one in generators)
        case ast.Assign(targets=targets, value=value) if any(isinstance(target, ast.Tuple | ast.List) for target in targets):
            yield value
        case ast.List(elts=elements, ctx=ast.Load()) | ast.Tuple(elts=elements, ctx=ast.Load()):
            yield from (one.value for one in elements if isinstance(one, ast.Starred))
        case ast.AugAssign(target=target, op=ast.Add(), value=value) if _is_list(body.kind(target)):
            yield value
        case ast.Call():
            yield from _wanted_by_call(tree, body)


def _wanted_by_call(call: ast.Call, body: Body) -> Iterator[ast.expr]:
    function = id(body.object_of(call.func)) if isinstance(body.kind(call.func), Object) else None
    if function in _ORDERING:
        yield from call.args[:1] if function == id(next) else call.args
    elif (function in _SEQUENCES and not _is_free(call, body)) or (
        function in _EXTREMES and len(call.args) == 1 and any(keyword.arg == "key" for keyword in call.keywords)
    ):
        yield from call.args
    elif isinstance(call.func, ast.Attribute):
        receiver, name = body.kind(call.func.value), call.func.attr
        if name == "pop" and not call.args and certain(receiver, lambda one: isinstance(one, Built) and one.shape == "set"):
            yield call.func.value
        elif (name == "extend" and _is_list(receiver)) or (name == "join" and _is_text(receiver)):
            yield from call.args


def _is_free(tree: ast.expr, body: Body) -> bool:
    """Return whether the consumer of an expression cannot tell its order."""
    parent = body.names.parents.get(tree)
    match parent:
        case ast.Call(func=function, args=arguments, keywords=keywords) if tree in arguments:
            kind = body.kind(function)
            if isinstance(kind, Object) and id(kind.value) in _SEQUENCES:
                return _is_free(parent, body)
            if isinstance(kind, Object):
                return id(kind.value) in _FREE or (id(kind.value) in _EXTREMES and not any(keyword.arg == "key" for keyword in keywords))
            return certain(kind, lambda one: isinstance(one, Method) and one.name in _SET_METHODS and shape_of(one.receiver) in ("set", "frozenset"))
        case ast.Compare(comparators=comparators):
            return tree in comparators and all(isinstance(op, ast.In | ast.NotIn) for op in parent.ops)
        case ast.Starred():
            return isinstance(body.names.parents.get(parent), ast.Set)
        case ast.UnaryOp(op=ast.Not()) | ast.If() | ast.While() | ast.Assert():
            return True
        case ast.BoolOp():
            return _is_free(parent, body)
        case ast.IfExp(test=test):
            return tree is test or _is_free(parent, body)
        case ast.comprehension():  # the list is gone through again, and what that gives may be free
            outer = body.names.parents.get(parent)
            return isinstance(outer, ast.SetComp | ast.DictComp) or (isinstance(outer, ast.ListComp | ast.GeneratorExp) and _is_free(outer, body))
    return False


def _is_list(kind: Kind) -> bool:
    return certain(kind, lambda one: shape_of(one) == "list")


def _is_text(kind: Kind) -> bool:
    return certain(kind, lambda one: one.cls is str if isinstance(one, Instance) else isinstance(one, Object) and isinstance(one.value, str))


def _what(kind: Kind) -> str:
    one = alternatives(kind)[0]
    if isinstance(one, Object):
        return "a constant set"
    match shape_of(one):
        case "set" | "frozenset":
            return "a set that the rule builds"
        case "dict":
            return "a map made from a set"
    return "made from a set"


def _remedy(text: str, kind: Kind) -> str:
    sorts = {type(member) for member in members(element_of(kind))}
    if any(not sort.ordered for sort in sorts):
        names = " and ".join(sorted(sort.__name__ for sort in sorts))
        return (
            f"Iterate over the sort: for x in {names} if x in {text}." if len(sorts) == 1 else f"Iterate over the sorts, {names}, and ask whether x in {text}."
        )
    return f"Iterate over sorted({text}), or write `for x in Domain if x in {text}`."
