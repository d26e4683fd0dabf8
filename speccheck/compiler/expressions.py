"""Expressions: from a syntax tree to the operand that it denotes."""

import ast
import builtins
from typing import Any

from speccheck.compiler import comprehensions, folds, writes
from speccheck.compiler.attributes import attribute
from speccheck.compiler.builtin_calls import as_container
from speccheck.compiler.calls import call
from speccheck.compiler.coercions import domain_of_operand, expression_in, is_bool, is_value, truth, value_of
from speccheck.compiler.comparisons import set_operation
from speccheck.compiler.effects import acts
from speccheck.compiler.items import item, slice_of
from speccheck.compiler.joins import join_all
from speccheck.compiler.membership import compared
from speccheck.compiler.operands import Closure, Known, Operand, Part, Row, State, Through, Value
from speccheck.compiler.operators import binary, choice, concatenated, part_of_two, unary
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.program.expressions import And, Expression, Not, Or
from speccheck.program.statements import Assign, If
from speccheck.program.types import BOOL
from speccheck.source import Span


def operand(w: Writer, tree: ast.expr) -> Operand:
    """Return what an expression denotes. Statements that it needs (a choice, a call that acts) are added to the block."""
    with w.at(tree):
        return _operand(w, tree)


def _operand(w: Writer, tree: ast.expr) -> Operand:
    span = w.span(tree)
    match tree:
        case ast.Constant(value=value):
            if value is not None and not isinstance(value, bool | int | str):
                raise NotCompiled(f"a constant of type {type(value).__name__}", span)
            return Known(value)
        case ast.Name(id=name):
            return _name(w, name, span)
        case ast.Attribute(value=inner, attr=name):
            return attribute(w, operand(w, inner), name, span)
        case ast.Subscript(value=inner, slice=index):
            return _subscript(w, inner, index, span)
        case ast.BoolOp(op=op, values=values):
            return _bool_operation(w, isinstance(op, ast.And), values, span, id(tree) in w.asked)
        case ast.UnaryOp(op=ast.Not() as op, operand=inner):
            ask(w, inner)
            return unary(w, op, operand(w, inner), span)
        case ast.UnaryOp(op=op, operand=inner):
            return unary(w, op, operand(w, inner), span)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = several(w, [left, right])
            return binary(w, type(op).__name__, a, b, span)
        case ast.Compare():
            return Value(_comparison(w, tree, span))
        case ast.IfExp():
            return _conditional(w, tree, span)
        case ast.Tuple(elts=elements):
            return _tuple(w, elements, span)
        case ast.List(elts=elements):
            return _display(w, elements, list, span)
        case ast.Set(elts=elements):
            return _display(w, elements, set, span)
        case ast.Dict():
            return folds.dict_display(w, tree, span)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            return comprehensions.comprehension(w, tree, span)
        case ast.DictComp():
            return folds.dict_comprehension(w, tree, span)
        case ast.Call():
            return call(w, tree, span)
        case ast.Lambda():
            return Closure(tree, dict(w.names))
        case ast.JoinedStr():
            return _text(w, tree, span)
    raise NotCompiled(f"this kind of expression ({type(tree).__name__})", span)


def value(w: Writer, tree: ast.expr) -> Expression:
    """Return the value of an expression."""
    return value_of(operand(w, tree), w.span(tree))


def condition(w: Writer, tree: ast.expr) -> Expression:
    """Return the truth of an expression as a bool."""
    ask(w, tree)
    return truth(operand(w, tree), w.span(tree))


def ask(w: Writer, tree: ast.expr) -> None:
    """Note that nobody asks for more than whether an expression is true: `and`, `or` and `if` in it may be of values that have nothing in common."""
    match tree:
        case ast.BoolOp(values=values):
            w.asked.add(id(tree))
            for one in values:
                ask(w, one)
        case ast.IfExp(body=then, orelse=otherwise):
            w.asked.add(id(tree))
            ask(w, then)
            ask(w, otherwise)


def several(w: Writer, trees: list[ast.expr]) -> list[Operand]:
    """Return the operands of expressions, evaluated from left to right: what comes before one that acts is held in a variable."""
    found: list[Operand] = []
    evaluated: list[tuple[Operand, int]] = []
    for n, tree in enumerate(trees):
        one = operand(w, tree)
        evaluated.append((one, len(w.replaced)))
        if any(acts(w, later) for later in trees[n + 1 :]):
            if isinstance(one, Through) and one.brackets is None:
                raise NotCompiled("a generator beside something that acts", w.span(tree), "Compute the other one before.")
            one = w.held(one, w.span(tree))
        found.append(one)
    for tree, (one, replaced) in zip(trees, evaluated):
        writes.refuse_replaced(w, one, replaced, w.span(tree))
    return found


def _name(w: Writer, name: str, span: Span) -> Operand:
    found = w.look_up(name, span)
    if found is not None:
        return found
    if name in w.compiler.free(w.tree.function):
        value = w.compiler.free(w.tree.function)[name]
        return State("self", type(value)) if isinstance(value, w.compiler.model.spec) else Known(value)  # a closure of a formula is around the state
    if hasattr(builtins, name):
        return Known(getattr(builtins, name))
    raise NotCompiled(f"the name '{name}', which is not known when the rule is compiled", span)


def _subscript(w: Writer, inner: ast.expr, index: ast.expr, span: Span) -> Operand:
    if isinstance(index, ast.Slice):
        of = operand(w, inner)
        bounds = [None if one is None else operand(w, one) for one in (index.lower, index.upper, index.step)]
        return slice_of(of, bounds[0], bounds[1], bounds[2], span)
    of, key = several(w, [inner, index])
    return item(w, of, key, span)


def _bool_operation(w: Writer, conjunction: bool, values: list[ast.expr], span: Span, asked: bool) -> Operand:
    """`asked`: whether it is true, and nothing else."""
    if any(acts(w, one) for one in values[1:]):
        return _acting_operation(w, conjunction, values, span, asked)
    operands: list[Operand] = []
    for tree in values:
        with w.into(w.block if tree is values[0] else None):  # nothing of what may be left out is evaluated before
            one = operand(w, tree)
        if asked:
            one = Known(bool(one.value)) if isinstance(one, Known) and is_value(one.value) else Value(truth(one, w.span(tree)))
        if isinstance(one, Known) and is_value(one.value):
            if bool(one.value) is not conjunction:  # it decides
                operands.append(one)
                break
            if tree is not values[-1]:
                continue
        operands.append(one)
    if len(operands) == 1:
        return operands[0]
    if all(_is_bool(one) for one in operands):
        tests = tuple(truth(one, span) for one in operands)
        return Value(And(BOOL, span, tests) if conjunction else Or(BOOL, span, tests))
    result = operands[-1]
    for one in reversed(operands[:-1]):
        then, otherwise = (result, one) if conjunction else (one, result)
        result = choice(truth(one, span), then, otherwise, span)
    return result


def _is_bool(one: Operand) -> bool:
    return (isinstance(one, Known) and isinstance(one.value, bool)) or (isinstance(one, Value) and is_bool(one.domain))


def _acting_operation(w: Writer, conjunction: bool, values: list[ast.expr], span: Span, asked: bool) -> Operand:
    """`a and f()` where f acts: an If."""
    local = w.fresh("decided", BOOL)
    first = operand(w, values[0])
    if not (asked or _is_bool(first)):
        raise NotCompiled("'and' and 'or' of other values than bools, with something that acts", span, "Write `if`.")
    w.emit(Assign(local, truth(first, span), span=span))
    here = w.operand(local, span)
    test = truth(here, span)
    block: list[Any] = []
    with w.into(block):
        rest = _acting_operation(w, conjunction, values[1:], span, asked) if len(values) > 2 else operand(w, values[1])
        if not (asked or _is_bool(rest)):
            raise NotCompiled("'and' and 'or' of other values than bools, with something that acts", span, "Write `if`.")
        w.emit(Assign(local, truth(rest, span), span=span))
    w.emit(If(test if conjunction else Not(BOOL, span, test), tuple(block), span=span))
    return here


def _conditional(w: Writer, tree: ast.IfExp, span: Span) -> Operand:
    test = condition(w, tree.test)
    if not (acts(w, tree.body) or acts(w, tree.orelse)):
        with w.into(None):
            then, otherwise = operand(w, tree.body), operand(w, tree.orelse)
        if id(tree) in w.asked:
            then, otherwise = Value(truth(then, span)), Value(truth(otherwise, span))
        if isinstance(then, Part) and isinstance(otherwise, Part) and then.domain.mutable and w.state_of(then.place) is not None:
            return part_of_two(w, test, then, otherwise, span)
        return choice(test, then, otherwise, span)
    blocks: list[list[Any]] = [[], []]
    found: list[Operand] = []
    for block, branch in zip(blocks, (tree.body, tree.orelse)):
        with w.into(block):
            found.append(w.held(operand(w, branch), span))
    domain = join_all(domain_of_operand(one, span) for one in found)
    local = w.fresh("chosen", domain)
    for block, one in zip(blocks, found):
        block.append(Assign(local, expression_in(one, domain, None, span), span=span))
    w.emit(If(test, tuple(blocks[0]), tuple(blocks[1]), span=span))
    return w.operand(local, span)


def _comparison(w: Writer, tree: ast.Compare, span: Span) -> Expression:
    if any(acts(w, one) for one in tree.comparators[1:]):
        raise NotCompiled("a chain of comparisons with something that acts", span, "Write `and`.")
    for op, right in zip(tree.ops, tree.comparators):
        if isinstance(op, ast.In | ast.NotIn):
            comprehensions.consume(w, right)
    operands = several(w, [tree.left, tree.comparators[0]])
    with w.into(None):  # nothing of what may be left out is evaluated before
        operands += several(w, tree.comparators[1:])
    tests = [compared(w, op, a, b, span) for op, a, b in zip(tree.ops, operands, operands[1:])]
    return tests[0] if len(tests) == 1 else And(BOOL, span, tuple(tests))


def _tuple(w: Writer, elements: list[ast.expr], span: Span) -> Operand:
    found = several(w, [one.value if isinstance(one, ast.Starred) else one for one in elements])
    items: list[Operand] = []
    for tree, one in zip(elements, found):
        if not isinstance(tree, ast.Starred):
            items.append(one)
        elif isinstance(one, Row):
            items += one.items
        elif isinstance(one, Known) and not isinstance(one.value, set | frozenset):
            items += map(Known, one.value)
        else:
            return _starred_tuple(w, elements, found, span)
    if all(isinstance(one, Known) and is_value(one.value) for one in items):
        return Known(tuple(one.value for one in items))  # type: ignore[union-attr]
    return Row(tuple(items))


def _starred_tuple(w: Writer, elements: list[ast.expr], found: list[Operand], span: Span) -> Operand:
    """A tuple with parts of any length: one after the other."""
    parts = [as_container(w, one, tuple, span) if isinstance(tree, ast.Starred) else Row((one,)) for tree, one in zip(elements, found)]
    return concatenated([Value(value_of(one, span)) for one in parts], span)


def starred(w: Writer, elements: list[ast.expr], span: Span) -> list[Operand]:
    """Return the operands of a display's elements; a starred tuple of known length stands for its elements."""
    plain = [one.value if isinstance(one, ast.Starred) else one for one in elements]
    found: list[Operand] = []
    for tree, one in zip(elements, several(w, plain)):
        if not isinstance(tree, ast.Starred):
            found.append(one)
        elif isinstance(one, Row):
            found += one.items
        elif isinstance(one, Known) and isinstance(one.value, tuple | list):
            found += map(Known, one.value)
        else:
            raise NotCompiled("a starred element whose length is not known", span, "Write a + b.")
    return found


def _display(w: Writer, elements: list[ast.expr], kind: type, span: Span) -> Operand:
    if any(isinstance(one, ast.Starred) for one in elements):
        return _starred_display(w, elements, kind, span)
    items = several(w, elements)
    if all(isinstance(one, Known) and is_value(one.value) for one in items):
        return Known(kind(one.value for one in items), fresh=True)  # type: ignore[union-attr]
    domains = [domain_of_operand(one, span) for one in items]
    element = join_all(domains)
    values = [expression_in(one, element, None, span) for one in items]
    return Value(comprehensions.container_of(values, kind, element, span), ordered=kind is list)


def _starred_display(w: Writer, elements: list[ast.expr], kind: type, span: Span) -> Operand:
    parts: list[Operand] = []
    for tree in elements:
        if isinstance(tree, ast.Starred):
            parts.append(as_container(w, operand(w, tree.value), kind, span))
        else:
            parts.append(_display(w, [tree], kind, span))
    if kind is set:
        result = parts[0]
        for one in parts[1:]:
            result = Value(set_operation("|", result, one, span), ordered=False)
        return result
    return concatenated([Value(value_of(one, span)) for one in parts], span)


def _text(w: Writer, tree: ast.JoinedStr, span: Span) -> Operand:
    if all(isinstance(one, ast.Constant) for one in tree.values):
        return Known("".join(str(one.value) for one in tree.values if isinstance(one, ast.Constant)))
    raise NotCompiled("a text that depends on the state", span)
