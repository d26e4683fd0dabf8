"""Writes: every place in a function where an object is changed.

self.pc[p] = "cs"            Write("assign", receiver=kind of self.pc, index=p, values=["cs"])
self.msgs.add(m)             Write("method", receiver=kind of self.msgs, name="add", values=[m])
n.votes |= {i}               Write("augment", receiver=kind of n, name="votes", values=[{i}])
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from speccheck.model.syntax.body import Body
from speccheck.model.syntax.kinds import Kind, Method, Object, Place, alternatives, certain, is_mutable_object, is_part, is_state, shape_of
from speccheck.model.syntax.results import MUTATORS


@dataclass(frozen=True)
class Write:
    """One change. `target` is the syntax tree that says what is changed, `holder` the expression of the object that is changed and `receiver` its kind.

    `name` is an attribute's or a method's, `index` a subscript's expression, `values` what is stored, as far as it is an expression of its own.
    """

    how: Literal["assign", "augment", "delete", "method", "local"]
    target: ast.AST
    holder: ast.expr
    receiver: Kind
    name: str | None = None
    index: ast.expr | None = None
    values: tuple[ast.expr, ...] = ()

    @property
    def in_state(self) -> bool:
        """Whether a state that the rule was given is certainly changed."""
        return is_state(self.receiver) or is_part(self.receiver)

    @property
    def in_constant(self) -> bool:
        """Whether an object is certainly changed that exists outside the rule: a module constant, a class, a module."""
        if self.how in ("method", "local") or self.index is not None:
            return certain(self.receiver, lambda one: isinstance(one, Object) and is_mutable_object(one.value))
        return certain(self.receiver, lambda one: isinstance(one, Object))

    @property
    def place(self) -> Place | None:
        """Where in the state the object lies that is changed, if that is certain."""
        kinds = alternatives(self.receiver)
        origin = getattr(kinds[0], "origin", None) if len(kinds) == 1 else None
        return origin if isinstance(origin, Place) else None


def writes_in(body: Body) -> Iterator[Write]:
    """Return the changes that a function makes, in the order of the source."""
    for tree in body.expressions():
        yield from writes_of(tree, body)


def writes_of(tree: ast.AST, body: Body) -> Iterator[Write]:
    """Return the changes that this statement or call itself makes, without the parts of it that are statements or calls of their own."""
    match tree:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value, body)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value, body)
        case ast.AugAssign():
            yield from _augmented(tree, body)
        case ast.For(target=target) | ast.AsyncFor(target=target) | ast.comprehension(target=target):
            yield from _assigned(target, None, body)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _assigned(target, None, body)
        case ast.Delete(targets=targets):
            for target in targets:
                if (holder := _holder(target)) is not None:
                    yield Write("delete", target, holder, body.kind(holder), *_step(target))
        case ast.Call(func=ast.Attribute(value=holder)):
            yield from _mutating_call(tree, holder, body)


def _assigned(target: ast.expr, value: ast.expr | None, body: Body) -> Iterator[Write]:
    match target:
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets) else [None] * len(targets)
            for one, part in zip(targets, values):
                yield from _assigned(one, part, body)
        case ast.Starred(value=inner):
            yield from _assigned(inner, None, body)
        case ast.Attribute(value=holder) | ast.Subscript(value=holder):
            yield Write("assign", target, holder, body.kind(holder), *_step(target), () if value is None else (value,))


def _augmented(tree: ast.AugAssign, body: Body) -> Iterator[Write]:
    target = tree.target
    match target:
        case ast.Attribute(value=holder) | ast.Subscript(value=holder):
            yield Write("augment", target, holder, body.kind(holder), *_step(target), (tree.value,))
        case ast.Name() if certain(kind := body.kind(target), lambda one: shape_of(one) in MUTATORS):
            yield Write("local", target, target, kind, values=(tree.value,))  # `s |= t` changes the set that the variable denotes


def _mutating_call(call: ast.Call, holder: ast.expr, body: Body) -> Iterator[Write]:
    methods = [one for one in alternatives(body.kind(call.func)) if isinstance(one, Method) and one.function is None]
    changing = [one for one in methods if (shape := shape_of(one.receiver)) is not None and one.name in MUTATORS.get(shape, ())]
    if changing and len(changing) == len(methods):
        values = (*call.args, *(keyword.value for keyword in call.keywords))
        yield Write("method", call, holder, body.kind(holder), changing[0].name, None, values)


def _holder(target: ast.expr) -> ast.expr | None:
    return target.value if isinstance(target, ast.Attribute | ast.Subscript) else None


def _step(target: ast.expr) -> tuple[str | None, ast.expr | None]:
    match target:
        case ast.Attribute(attr=name):
            return name, None
        case ast.Subscript(slice=index):
            return None, index
    return None, None
