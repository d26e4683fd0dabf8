"""Comparisons of two operands: what `==`, `<` and operations of sets denote."""

from typing import Any

from speccheck.compiler.coercions import (
    constant,
    converted,
    decided,
    domain_of_operand,
    integer_of,
    is_bool,
    is_integral,
    is_none,
    is_value,
    joined,
    most_elements,
    one_of,
    reaching,
    true,
    value_of,
)
from speccheck.compiler.joins import domain_of_value, is_scalar, may_share
from speccheck.compiler.operands import Known, Operand, Part, Row, State, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import (
    And,
    Constant,
    Convert,
    Equal,
    Expression,
    IsAlternative,
    Less,
    Or,
    SetOperation,
    Subset,
)
from speccheck.program.types import BOOL, identity
from speccheck.source import Span


def equal(left: Operand, right: Operand, span: Span) -> Expression:
    """Return whether two operands are equal in Python's sense."""
    if isinstance(left, Known) and isinstance(right, Known):
        return true(left.value == right.value, span)
    if isinstance(left, Known):
        left, right = right, left
    if isinstance(left, State) or isinstance(right, State):
        raise NotCompiled("the comparison of whole states", span)
    if isinstance(right, Known) and not is_value(right.value):
        return decided(False, span, left)
    if isinstance(left, Row) and isinstance(right, Row):
        return _equal_rows(left, right, span)
    mine, theirs = domain_of_operand(left, span), domain_of_operand(right, span)
    if is_integral(mine) and is_integral(theirs):
        return Equal(BOOL, span, *joined([integer_of(left, span), integer_of(right, span)]))
    if isinstance(right, Known) and is_scalar(right.value):
        return _equals_scalar(value_of(left, span), mine, right.value, span)
    if isinstance(left, Value | Part) and isinstance(mine, Union) and is_integral(theirs):
        return _equals_in_union(left, mine, right, span)
    if isinstance(right, Value | Part) and isinstance(theirs, Union) and is_integral(mine):
        return _equals_in_union(right, theirs, left, span)
    if {type(mine), type(theirs)} == {Sets, FrozenSets}:
        left, right = as_frozenset(left, span), as_frozenset(right, span)
    if identity(mine) != identity(theirs) and (_has_bools_and_numbers(mine) or _has_bools_and_numbers(theirs)):
        raise NotCompiled(f"a comparison of {mine.describe()} with {theirs.describe()}", span, "Compare bools with bools, and numbers with numbers.")
    return Equal(BOOL, span, *joined([value_of(left, span), value_of(right, span)]))


def _has_bools_and_numbers(domain: Domain) -> bool:
    """Return whether a value may be, or contain, a bool where it may be, or contain, a number as well: True equals 1, which has another type."""
    match domain:
        case Union():
            bools, numbers = any(map(is_bool, domain.alternatives)), any(is_integral(one) and not is_bool(one) for one in domain.alternatives)
            return (bools and numbers) or any(map(_has_bools_and_numbers, domain.alternatives))
        case Product():
            return any(map(_has_bools_and_numbers, domain.domains))
        case Maps():
            return _has_bools_and_numbers(domain.key_domain) or _has_bools_and_numbers(domain.value_domain)
        case Lists() | Sequences() | Sets() | FrozenSets() | Bags():
            return _has_bools_and_numbers(domain.element)
    return False


def as_frozenset(operand: Operand, span: Span) -> Operand:
    """Return a set as a frozenset, for comparisons with one."""
    domain = domain_of_operand(operand, span)
    if isinstance(domain, Sets):
        return Value(Convert(FrozenSets(domain.element, domain.capacity), span, value_of(operand, span), None), ordered=False)
    return operand


def _equal_rows(left: Row, right: Row, span: Span) -> Expression:
    if len(left.items) != len(right.items):
        return true(False, span)
    return And(BOOL, span, tuple(equal(a, b, span) for a, b in zip(left.items, right.items)))


def _equals_scalar(value: Expression, domain: Domain, scalar: Any, span: Span) -> Expression:
    match domain:
        case Enumerated():
            return one_of(value, [v for v in domain.values if v == scalar], span)
        case Integers():
            if isinstance(scalar, bool | int) and domain.low <= scalar <= domain.high:
                return Equal(BOOL, span, value, Constant(domain, span, int(scalar)))
        case Union():
            for number_, one in enumerate(domain.alternatives):
                if may_share(one, domain_of_value(scalar)):
                    test: Expression = IsAlternative(BOOL, span, value, frozenset({number_}))
                    if one.size == 1:
                        return test
                    return And(BOOL, span, (test, _equals_scalar(Convert(one, span, value, "error"), one, scalar, span)))
    return Equal(BOOL, span, *joined([value, constant(scalar, domain_of_value(scalar), span)]))


def _equals_in_union(value: Value | Part, domain: Union, other: Operand, span: Span) -> Expression:
    """Whether an alternative of a union with integers equals an integer, which is evaluated in any case."""
    whole = value_of(value, span)
    tests: list[Expression] = []
    for number_, one in enumerate(domain.alternatives):
        if is_integral(one):
            inner = Value(Convert(one, span, whole, "error"))
            tests.append(And(BOOL, span, (IsAlternative(BOOL, span, whole, frozenset({number_})), equal(inner, other, span))))
    if not tests:
        return decided(False, span, value, other)
    return reaching(tests[0] if len(tests) == 1 else Or(BOOL, span, tuple(tests)), span, other)


def smaller(left: Expression, right: Expression, or_equal: bool, span: Span) -> Expression:
    """Return whether one value is less than another, both as ones of their common domain."""
    one, other = joined([left, right])
    return Less(BOOL, span, one, other, or_equal)


def less(left: Operand, right: Operand, or_equal: bool, span: Span) -> Expression:
    """Return whether one operand is less than another in Python's order; sets: whether it is a subset."""
    mine, theirs = domain_of_operand(left, span), domain_of_operand(right, span)
    if isinstance(mine, Sets | FrozenSets) and isinstance(theirs, Sets | FrozenSets):
        return Subset(BOOL, span, *same_sets(left, right, span), "subset" if or_equal else "proper")
    if is_integral(mine) and is_integral(theirs):
        return smaller(integer_of(left, span), integer_of(right, span), or_equal, span)
    for whole, operand in ((mine, left), (theirs, right)):  # T | None, where it is known not to be None
        if is_none(whole) or (isinstance(whole, Union) and any(map(is_integral, whole.alternatives))):
            inner = Value(integer_of(operand, span))
            return less(inner, right, or_equal, span) if operand is left else less(left, inner, or_equal, span)
    one, other = joined([value_of(left, span), value_of(right, span)])
    if not ordered_values(one.type):  # type: ignore[arg-type]
        raise NotCompiled(f"an order between {mine.describe()} and {theirs.describe()}", span)
    return Less(BOOL, span, one, other, or_equal)


def same_sets(left: Operand, right: Operand, span: Span) -> tuple[Expression, Expression]:
    """Return two sets as ones of a common domain, a frozenset where they differ."""
    kinds = {type(domain_of_operand(one, span)) for one in (left, right)}
    if len(kinds) == 2:
        left, right = as_frozenset(left, span), as_frozenset(right, span)
    one, other = joined([value_of(left, span), value_of(right, span)])
    return one, other


def ordered_values(domain: Domain) -> bool:
    """Return whether Python's order of these values is the one that the numbers of the domain have: integers, bools, ordered sorts, tuples of them."""
    match domain:
        case Integers():
            return True
        case Enumerated():
            values = domain.values
            if values and all(isinstance(value, Sort) and type(value).ordered and type(value) is type(values[0]) for value in values):
                return all(a < b for a, b in zip(values, values[1:]))
            return all(type(value) in (bool, int) for value in values) and all(a < b for a, b in zip(values, values[1:]))
        case Product():
            return issubclass(domain.cls, tuple) and all(map(ordered_values, domain.domains))
        case Sequences() | Lists():
            return ordered_values(domain.element)
    return False


def set_operation(operator: Any, left: Operand, right: Operand, span: Span) -> Expression:
    """Return a set operation; the result is of the left operand's kind, as in Python."""
    kind = type(domain_of_operand(left, span))
    if kind is FrozenSets:
        left, right = as_frozenset(left, span), as_frozenset(right, span)
    elif isinstance(domain_of_operand(right, span), FrozenSets):
        frozen = domain_of_operand(right, span)
        right = Value(Convert(Sets(frozen.element, frozen.capacity), span, value_of(right, span), None), ordered=False)  # type: ignore[attr-defined]
    one, other = joined([value_of(left, span), value_of(right, span)])
    domain = one.type
    assert isinstance(domain, Sets | FrozenSets)
    if operator in "|^":  # as many as both together
        a, b = domain_of_operand(left, span), domain_of_operand(right, span)
        full = type(domain)(domain.element, min(domain.element.size, most_elements(a) + most_elements(b)))
        one, other, domain = converted(one, full, None), converted(other, full, None), full
    return SetOperation(domain, span, operator, one, other)


def refuse_number_for_bool(given: Domain, inner: Domain, span: Span) -> None:
    """Refuse a number where bools are looked up: 1 and True are the same key."""
    if isinstance(given, Integers) and isinstance(inner, Enumerated) and any(isinstance(value, bool) for value in inner.values):
        raise NotCompiled("a number that is looked up among bools", span, "Write n == 1.")
