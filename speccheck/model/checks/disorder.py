"""Disorder: sequences whose order is that in which members of symmetric sorts happen to come.

    [n.term for n in self.nodes.values()]     a list in the order of the servers
    leaders = ...; len(set(leaders))          which is free, because neither `set` nor `len` can tell

In: an expression of a function. Out: whether going through it depends on the order of members, and whether its consumer can tell.
"""

import ast
import copy as python_copy
from collections.abc import Callable
from typing import Any

from speccheck.domains.bags import Bag
from speccheck.domains.containers import Bags, Maps, Sets
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets
from speccheck.dsl import statements
from speccheck.model.checks.interchange import Sorts, mentions
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import element_of
from speccheck.model.syntax.kinds import Built, Kind, Method, Object, Of, Unknown, alternatives, shape_of
from speccheck.model.syntax.names import Binding, own_parts
from speccheck.model.syntax.results import is_from_keys

_FREE = {id(f) for f in (all, any, len, set, frozenset, sum, bool, isinstance, print, Bag, statements.choose, statements.subsets, statements.require)}
_ORDERING = {id(f) for f in (sorted, min, max)}
_HANDING_ON = {id(f) for f in (list, tuple, iter, reversed, map, filter, dict, statements.copy, python_copy.deepcopy)}
_ITERATORS = {id(f) for f in (iter, reversed, map, filter)}
_VIEWS = frozenset({"keys", "values", "items", "copy"})
_FREE_METHODS = frozenset(
    {
        "update", "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint", "intersection_update",
        "difference_update", "symmetric_difference_update",
    }
)  # fmt: skip


class Disorder:
    """What is in the order of members in one function."""

    def __init__(self, body: Body, sorts: Sorts, outer: frozenset[Body] = frozenset()) -> None:
        self.body, self.sorts = body, sorts
        self._outer = outer | {body}
        self._locals: set[Binding] = set()
        while True:  # a variable is in disorder as soon as one of its values is
            more = {binding for binding, writes in body.names.writes.items() if any(self._gets_disorder(gets) for gets in writes)}
            if more <= self._locals:
                break
            self._locals |= more

    def matters(self, expression: ast.expr) -> bool:
        """Return whether going through the value one by one depends on the order of members."""
        return any(self._has_no_order(one) for one in alternatives(self.body.kind(expression))) or self.is_sequence(expression)

    def is_sequence(self, expression: ast.expr) -> bool:
        """Return whether the value is a sequence (or an iterator, or a map) that is in the order of members."""
        match expression:
            case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators) | ast.DictComp(generators=generators):
                return any(self.matters(one.iter) for one in generators)
            case ast.Name():
                return self.body.names.of.get(expression) in self._locals
            case ast.IfExp(body=yes, orelse=no):
                return self.is_sequence(yes) or self.is_sequence(no)
            case ast.BoolOp(values=values):
                return any(map(self.is_sequence, values))
            case ast.NamedExpr(value=value) | ast.Subscript(value=value, slice=ast.Slice()) | ast.Starred(value=value):
                return self.is_sequence(value)
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.BitOr(), right=right):
                return self.is_sequence(left) or self.is_sequence(right)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return any(isinstance(part, ast.Starred) and self.matters(part.value) for part in parts)
            case ast.Call():
                return self._call(expression)
        return False

    def is_free(self, tree: ast.expr) -> bool:
        """Return whether the consumer of a sequence cannot tell its order, or hands it on to where that is asked again."""
        parent = self.body.names.parents.get(tree)
        match parent:
            case ast.Call():
                return tree in parent.args and self._is_free_argument(parent, tree)
            case ast.keyword():
                return shape_of(self.body.kind(tree)) == "dict"
            case ast.Attribute(attr=name):
                return name in _VIEWS or name in ("count", "get") or (name != "popitem" and shape_of(self.body.kind(tree)) == "dict")
            case ast.Compare(comparators=comparators, ops=ops):
                return (tree in comparators and all(isinstance(op, ast.In | ast.NotIn) for op in ops)) or shape_of(self.body.kind(tree)) == "dict"
            case ast.Assign() | ast.NamedExpr() if self.is_iterator(tree):
                return False  # what is left of it when it is used again depends on the order
            case ast.Assign(targets=targets):
                return all(isinstance(target, ast.Name) for target in targets) or shape_of(self.body.kind(tree)) == "dict"
            case ast.Subscript(value=value, slice=index):
                return value is not tree or _is_whole(index) or shape_of(self.body.kind(tree)) == "dict"
            case ast.BinOp(op=op):
                return not isinstance(op, ast.Mod) or shape_of(self.body.kind(tree)) == "dict"
            case ast.Starred():
                return isinstance(self.body.names.parents.get(parent), ast.Set | ast.List | ast.Tuple)
            case ast.Return():
                return True  # what is returned is a sequence in disorder where it is called
            case ast.For() | ast.comprehension() | ast.If() | ast.While() | ast.IfExp() | ast.BoolOp() | ast.NamedExpr() | ast.Expr() | ast.Assert():
                return True
            case ast.UnaryOp(op=ast.Not()):
                return True
            case ast.DictComp() | ast.Dict():  # a map inside of a map is looked up there, or gone through, which is asked again
                return shape_of(self.body.kind(tree)) == "dict"
        return False

    def is_iterator(self, expression: ast.expr) -> bool:
        """Return whether a sequence in the order of members is one that can be gone through only once."""
        match expression:
            case ast.GeneratorExp():
                return True
            case ast.IfExp(body=yes, orelse=no):
                return self.is_iterator(yes) or self.is_iterator(no)
            case ast.BoolOp(values=values):
                return any(map(self.is_iterator, values))
            case ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.is_iterator(value)
            case ast.Call(func=func):
                kind = self.body.kind(func)
                if isinstance(kind, Object) and id(kind.value) in _ITERATORS:
                    return True
                return any(self._returns(callee, Disorder.is_iterator) for callee in self.body.callees.get(expression, ()))
        return False

    def is_in_order(self, expression: ast.expr) -> bool:
        """Return whether the elements certainly have an order of their own that no members take part in."""
        return not mentions(element_of(self.body.kind(expression)), self.sorts)

    def _gets_disorder(self, gets: Any) -> bool:
        if gets.value is None or gets.how not in ("value", "augmented") or isinstance(gets.target, ast.pattern):
            return False
        if isinstance(gets.target, ast.Name):
            return self.is_sequence(gets.value)
        return False

    def _has_no_order(self, kind: Kind) -> bool:
        match kind:
            case Unknown():
                return True
            case Of(Sets() | FrozenSets() | Bags() as domain, _):
                return domain.element.renames(self.sorts)
            case Of(Maps() as domain, _):
                return domain.key_domain.renames(self.sorts)
            case Built("set" | "frozenset" | "dict" | "bag"):
                return mentions(kind.element, self.sorts)
            case Object(SortMeta() as sort):
                return sort in self.sorts
            case Object(set() | frozenset() | dict() | Bag()):
                return mentions(element_of(kind), self.sorts)
        return False

    def _call(self, call: ast.Call) -> bool:
        kind = self.body.kind(call.func)
        match call.func:
            case ast.Attribute(value=receiver, attr=name) if name in _VIEWS and isinstance(kind, Method) and kind.function is None:
                return self.matters(receiver)
        if isinstance(kind, Object) and (id(kind.value) in _HANDING_ON or is_from_keys(kind.value)):
            return any(self.matters(argument) for argument in call.args)
        return any(self._returns(callee, Disorder.is_sequence) for callee in self.body.callees.get(call, ()))

    def _returns(self, callee: Body, what: Callable[["Disorder", ast.expr], bool]) -> bool:
        """Return whether a function may return an expression of which that is true."""
        if callee in self._outer:
            return True
        inner = Disorder(callee, self.sorts, self._outer)
        function = callee.tree.node
        if isinstance(function, ast.Lambda):
            return what(inner, function.body)
        return any(isinstance(part, ast.Return) and part.value is not None and what(inner, part.value) for part in own_parts(function))

    def _is_free_argument(self, call: ast.Call, tree: ast.expr) -> bool:
        kind = self.body.kind(call.func)
        if isinstance(kind, Method):
            keeps_last = kind.name == "update" and shape_of(kind.receiver) not in ("set", None) and shape_of(self.body.kind(tree)) != "dict"
            return kind.function is None and kind.name in _FREE_METHODS and not keeps_last
        if not isinstance(kind, Object):
            return False
        if id(kind.value) in _ORDERING:
            return len(call.args) == 1 and not any(keyword.arg == "key" for keyword in call.keywords) and self.is_in_order(tree)
        if kind.value is dict:  # of pairs with one key the last one wins
            return shape_of(self.body.kind(tree)) == "dict"
        return id(kind.value) in _FREE or id(kind.value) in _HANDING_ON or is_from_keys(kind.value)


def _is_whole(index: ast.expr) -> bool:
    """Return whether an index is a slice that takes all elements: any other one takes those that happen to come first, or last."""
    match index:
        case ast.Slice(lower=None, upper=None, step=None):
            return True
        case ast.Slice(lower=None, upper=None, step=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            return True
    return False
