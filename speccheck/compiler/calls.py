"""Calls: who is called, by what is known of it when the rule is compiled; and the user's own functions and methods."""

import ast
import dataclasses
import types
import typing
from typing import Any

from speccheck.compiler import builtin_calls, given, writes
from speccheck.compiler.coercions import described
from speccheck.compiler.comprehensions import consume
from speccheck.compiler.constructors import bound_arguments, computed, construct
from speccheck.compiler.container_methods import container_method, refuse_other_arguments_of
from speccheck.compiler.effects import acts
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, SuperOf
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.dsl import statements as dsl_statements
from speccheck.dsl.rules import mark_of
from speccheck.model.syntax.functions import unmarked
from speccheck.program.expressions import Expression
from speccheck.program.statements import Run
from speccheck.source import Span

GOING = (
    all, any, len, sum, min, max, sorted, set, frozenset, dict, list, tuple, zip, enumerate, reversed, next, Bag, dsl_statements.choose, dsl_statements.subsets,
)  # fmt: skip
GOING_METHODS = frozenset(
    {
        "difference", "difference_update", "intersection", "intersection_update", "isdisjoint", "issubset", "issuperset", "symmetric_difference",
        "symmetric_difference_update", "union", "update",
    }
)  # fmt: skip


def call(w: Writer, tree: ast.Call, span: Span) -> Operand:
    """Return what a call denotes."""
    from speccheck.compiler.expressions import operand, several, starred

    function = operand(w, tree.func)
    before, first = len(w.replaced), function
    if isinstance(function, Method) and isinstance(function.receiver, Part) and any(acts(w, one) for one in (*tree.args, *tree.keywords)):
        function = dataclasses.replace(function, receiver=w.held(function.receiver, span))  # it must be there before an argument is chosen
    if (isinstance(function, Known) and function.value is super) or (isinstance(tree.func, ast.Name) and tree.func.id == "super"):
        return _super(w, tree, span)
    if any(keyword.arg is None for keyword in tree.keywords):
        raise NotCompiled("** in a call", span)
    if _goes_through(function):
        for argument in tree.args:
            consume(w, argument)
    if isinstance(function, Known) and tree.args:
        _ask_arguments(w, function.value, tree.args[0])
    if any(isinstance(one, ast.Starred) for one in tree.args):
        positional = starred(w, tree.args, span)
        named = {keyword.arg: operand(w, keyword.value) for keyword in tree.keywords if keyword.arg}
    else:
        found = several(w, [*tree.args, *(keyword.value for keyword in tree.keywords)])
        positional = found[: len(tree.args)]
        named = {keyword.arg: one for keyword, one in zip(tree.keywords, found[len(tree.args) :]) if keyword.arg}
    if isinstance(first, Method) and isinstance(first.receiver, Part):
        writes.refuse_replaced(w, first.receiver, before, span)
    return apply(w, function, positional, named, span)


def _ask_arguments(w: Writer, function: Any, argument: ast.expr) -> None:
    """Note of what arguments a function asks for nothing but the truth."""
    from speccheck.compiler.expressions import ask

    if function in (bool, dsl_statements.require):
        ask(w, argument)
    if function in (all, any) and isinstance(argument, ast.GeneratorExp | ast.ListComp):
        ask(w, argument.elt)


def _goes_through(function: Operand) -> bool:
    """Return whether a call goes through its arguments at once, and says itself whether their order matters."""
    match function:
        case Method(_, name, user):
            return user is None and name in GOING_METHODS
        case Known(known):
            return any(known is one for one in GOING)
    return False


def apply(w: Writer, function: Operand, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of an operand denotes."""
    match function:
        case Method(receiver, _, user) if user is not None:
            return call_function(w, user, [receiver, *positional], named, span)
        case Method(receiver, name):
            refuse_other_arguments_of(name, receiver, positional, named, span)
            return container_method(w, receiver, name, positional, named, span)
        case Closure():
            return _call_closure(w, function, positional, span)
        case Known(known):
            return _known(w, known, positional, named, span)
    raise NotCompiled(f"a call of {described(function)}", span)


def _super(w: Writer, tree: ast.Call, span: Span) -> Operand:
    if tree.args:
        raise NotCompiled("super with arguments", span)
    first = next(iter(w.given), None)
    if first is None or w.owner is None:
        raise NotCompiled("super() outside a method", span)
    return SuperOf(w.owner, w.given[first])


def _call_closure(w: Writer, closure: Closure, positional: list[Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import operand

    names = [argument.arg for argument in closure.tree.args.args]
    if len(names) != len(positional):
        raise NotCompiled("this call of a lambda", span)
    with w.naming({**closure.around, **dict(zip(names, positional))}):
        return operand(w, closure.tree.body)


def _known(w: Writer, known: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    handler = _HANDLERS.get(_hashable(known))
    if handler is not None:
        builtin_calls.refuse_other_arguments(known, positional, named, span)
        return handler(w, positional, named, span)
    if known is typing.cast:
        return positional[1]
    if isinstance(known, type):
        return construct(w, known, positional, named, span)
    if isinstance(known, types.FunctionType) or mark_of(known) is not None:
        return call_function(w, known, positional, named, span)
    if isinstance(known, types.BuiltinFunctionType) and all(isinstance(one, Known) for one in (*positional, *named.values())):
        return computed(known, positional, named, span)
    raise NotCompiled(f"a call of {described(Known(known))}", span)


def _hashable(known: Any) -> Any:
    try:
        hash(known)
    except TypeError:
        return None
    return known


_HANDLERS = {**builtin_calls.HANDLERS, **given.HANDLERS}


def call_function(w: Writer, function: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of a function or method of the user denotes."""
    function = unmarked(function)
    arguments = bound_arguments(function, positional, named, span)
    return w.compiler.called(w, function, arguments, span)


def run(w: Writer, name: str, result: Domain | Any, arguments: tuple[Expression, ...], ordered: bool, span: Span) -> Operand:
    """Call a function that acts, and return its result."""
    w.acting("a call that acts", span)
    if result is None:
        w.emit(Run(None, name, arguments, span=span))
        return Known(None)
    local = w.fresh("result", result)
    w.emit(Run(local, name, arguments, span=span))
    return w.operand(local, span, ordered)
