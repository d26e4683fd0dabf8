"""Operators: arithmetic with intervals, set algebra, concatenation, and one of two operands."""

import ast
import types
import typing
from typing import Any

from speccheck.compiler.coercions import (
    adds_as_number,
    after,
    converted,
    domain_of_operand,
    integer_of,
    is_bool,
    is_value,
    joined,
    may_be_bool,
    number,
    reaching,
    truth,
    value_of,
)
from speccheck.compiler.comparisons import equal, set_operation
from speccheck.compiler.items import MOST_ITEMS, as_list
from speccheck.compiler.joins import join_all
from speccheck.compiler.operands import Known, Operand, Part, Row, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer, reference
from speccheck.domains.containers import Lists, Maps, Sets
from speccheck.domains.scalars import INT_MAX, INT_MIN, Integers
from speccheck.domains.tuples import FrozenSets, Sequences
from speccheck.program.expressions import And, Arithmetic, Concatenate, Constant, Expression, IfThenElse, Not, Or, Place
from speccheck.program.types import BOOL, identity
from speccheck.source import Span


def choice(test: Expression, then: Operand, otherwise: Operand, span: Span) -> Operand:
    """Return `then if test else otherwise`."""
    if isinstance(test, Constant):
        return then if test.value else otherwise
    ordered = all(one.ordered for one in (then, otherwise) if isinstance(one, Value | Part))
    one, other = joined([value_of(then, span), value_of(otherwise, span)])
    return Value(IfThenElse(one.type, span, test, one, other), ordered)


def part_of_two(w: Writer, test: Expression, then: Part, otherwise: Part, span: Span) -> Operand:
    """Return `then if test else otherwise` for parts of the state: the part itself, which may be changed."""
    one, other = reference(then.place, span), reference(otherwise.place, span)
    if identity(one.type) != identity(other.type):
        raise NotCompiled(f"one of two parts of {then.domain.describe()} and {otherwise.domain.describe()}", span)
    chosen = IfThenElse(one.type, span, test, one, other)
    return Part(Place(chosen, (), then.domain))


def unary(w: Writer, op: ast.unaryop, of: Operand, span: Span) -> Operand:
    """Return what an operator before an operand denotes."""
    if isinstance(op, ast.Not):
        if isinstance(of, Known) and is_value(of.value):
            return Known(not of.value)
        return Value(Not(BOOL, span, truth(of, span)))
    if isinstance(of, Known) and isinstance(of.value, int):
        value_ = int(of.value)
        return Known(-value_ if isinstance(op, ast.USub) else ~value_ if isinstance(op, ast.Invert) else value_)
    one = integer_of(of, span)
    match op:
        case ast.USub():
            return arithmetic("-", number(0, span), one, span)
        case ast.Invert():
            return arithmetic("-", number(-1, span), one, span)
    return Value(one)


OPERATORS = {
    "Add": "+",
    "Sub": "-",
    "Mult": "*",
    "FloorDiv": "//",
    "Mod": "%",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "LShift": "<<",
    "RShift": ">>",
    "Pow": "**",
}


def binary(w: Writer, name: str, left: Operand, right: Operand, span: Span) -> Operand:
    """Return `left op right`; `name` is that of the operator's class in `ast`."""
    operator: Any = OPERATORS.get(name)
    if operator is None:
        raise NotCompiled(f"the operator {name}", span)
    if isinstance(left, Known) and isinstance(right, Known) and is_value(left.value) and is_value(right.value):
        return _known_operation(name, left.value, right.value, span)
    if operator == "|" and isinstance(left, Known) and isinstance(right, Known) and (_is_class(left.value) or _is_class(right.value)):
        return _known_operation(name, left.value, right.value, span)
    mine, theirs = domain_of_operand(left, span), domain_of_operand(right, span)
    if isinstance(mine, Sets | FrozenSets) and isinstance(theirs, Sets | FrozenSets) and operator in ("|", "&", "-", "^"):
        return Value(set_operation(operator, left, right, span), ordered=False)
    if operator == "|" and isinstance(mine, Maps) and isinstance(theirs, Maps):
        raise NotCompiled("the union of two dicts", span, "Write a comprehension.")
    if operator == "+" and not (adds_as_number(mine) or adds_as_number(theirs)):
        return concatenated([left, right], span)
    if operator in ("&", "|", "^") and is_bool(mine) and is_bool(theirs):
        a, b = truth(left, span), truth(right, span)
        match operator:
            case "&":
                return Value(reaching(And(BOOL, span, (a, b)), span, right))
            case "|":
                return Value(reaching(Or(BOOL, span, (a, b)), span, right))
        return Value(Not(BOOL, span, equal(Value(a), Value(b), span)))
    if operator in ("&", "|", "^") and may_be_bool(mine) and may_be_bool(theirs):
        raise NotCompiled(f"{operator} of {mine.describe()} and {theirs.describe()}", span)
    return arithmetic(operator, integer_of(left, span), integer_of(right, span), span)


def _is_class(value: Any) -> bool:
    return isinstance(value, type | types.UnionType) or typing.get_origin(value) is not None


def _known_operation(name: str, a: Any, b: Any, span: Span) -> Operand:
    tree = ast.BinOp(ast.Name("a", ast.Load()), getattr(ast, name)(), ast.Name("b", ast.Load()))
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), "<operator>", "eval")
    try:
        return Known(eval(code, {}, {"a": a, "b": b}))
    except Exception as error:
        raise NotCompiled(f"an operation on constants that raises {type(error).__name__}", span) from None


def concatenated(parts: list[Operand], span: Span) -> Operand:
    """Return lists or tuples one after the other."""
    values = [as_list(one, span) for one in parts]
    some = [one for one in values if not (isinstance(one, Constant) and not one.value)]  # without those that are certainly empty
    values = some or values[:1]
    element = join_all(one.type.element for one in values)  # type: ignore[union-attr]
    if not element.size:
        return after(Known([], True) if isinstance(values[0].type, Lists) else Known(()), Row(tuple(map(Value, values))), span)
    capacity = sum(one.type.capacity for one in values)  # type: ignore[union-attr]
    kind = Lists if isinstance(values[0].type, Lists) else Sequences
    if any(isinstance(one.type, Lists) is not (kind is Lists) for one in values):
        raise NotCompiled("a list and a tuple one after the other", span)
    values = [one if one.type.element.size else converted(one, kind(element, one.type.capacity), None) for one in values]  # type: ignore[union-attr]
    return Value(Concatenate(kind(element, min(capacity, MOST_ITEMS)), span, tuple(values)))


def arithmetic(operator: Any, left: Expression, right: Expression, span: Span) -> Operand:
    """Return an operation on integers, with the interval of its results."""
    a, b = left.type, right.type
    assert isinstance(a, Integers) and isinstance(b, Integers)
    low, high, checked = interval(operator, a, b)
    if low > INT_MAX or high < INT_MIN:  # always beyond 64 bits
        low, high = INT_MIN, INT_MAX
    return Value(Arithmetic(Integers(max(low, INT_MIN), min(high, INT_MAX)), span, operator, left, right, checked))


def interval(operator: str, a: Integers, b: Integers) -> tuple[int, int, bool]:
    """Return the least and the greatest result of an operation on two intervals, and whether it must be checked: it may be beyond 64 bits, or fail."""
    corners: list[int] = []
    may_fail = False
    match operator:
        case "+":
            corners = [a.low + b.low, a.high + b.high]
        case "-":
            corners = [a.low - b.high, a.high - b.low]
        case "*":
            corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        case "//":
            may_fail = b.low <= 0 <= b.high
            divisors = [y for y in (b.low, b.high, -1, 1) if b.low <= y <= b.high and y]
            corners = [x // y for x in (a.low, a.high) for y in divisors] or [0]
        case "%":
            may_fail = b.low <= 0 <= b.high
            corners = [min(b.low + 1, 0), max(b.high - 1, 0)]
            if b.low > 0 and a.low >= 0 and a.high < b.low:
                corners = [a.low, a.high]
        case "&" if a.low >= 0 or b.low >= 0:
            corners = [0, min(one.high for one in (a, b) if one.low >= 0)]
        case "|" | "^" if a.low >= 0 and b.low >= 0:
            corners = [0, (1 << max(a.high, b.high).bit_length()) - 1]
        case "<<" if a.low >= 0 and b.low >= 0 and b.high < 64:
            corners = [a.low << b.low, a.high << b.high]
        case ">>" if a.low >= 0 and b.low >= 0:
            corners = [0, a.high]
        case "**" if a.low >= 0 and b.low >= 0 and b.high < 64 and a.high < 1 << 16:
            corners = [0, max(1, a.high**b.high)]
        case _:
            return INT_MIN, INT_MAX, True
    low, high = min(corners), max(corners)
    return low, high, may_fail or low < INT_MIN or high > INT_MAX
