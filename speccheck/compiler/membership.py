"""Comparisons: what `==`, `<`, `is` and `in` denote."""

import ast
import operator
from collections.abc import Sequence
from enum import Enum
from typing import Any

from speccheck.compiler.attributes import alternative
from speccheck.compiler.coercions import (
    constant,
    converted,
    decided,
    domain_of_operand,
    expression_in,
    integer_of,
    is_integral,
    is_value,
    most_elements,
    number,
    one_of,
    reaching,
    true,
    truth,
    value_of,
)
from speccheck.compiler.comparisons import equal, less, refuse_number_for_bool, smaller
from speccheck.compiler.constructors import computed
from speccheck.compiler.items import item
from speccheck.compiler.joins import domain_of_value, fits, may_share
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.operators import binary
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import And, Constant, Contains, Convert, Expression, GetField, IsAlternative, Not, Or
from speccheck.program.types import BOOL
from speccheck.source import Span


def compared(w: Writer, op: ast.cmpop, left: Operand, right: Operand, span: Span) -> Expression:
    """Return one comparison as a bool. Tuples are evaluated as a whole before they are compared."""
    whole = [one for one in (left, right) if isinstance(one, Row)]
    return reaching(_by_operator(w, op, left, right, span), span, *whole)


def _by_operator(w: Writer, op: ast.cmpop, left: Operand, right: Operand, span: Span) -> Expression:
    match op:
        case ast.Eq() | ast.Is():
            if isinstance(op, ast.Is) and not _identical_when_equal(left, right, span):
                raise NotCompiled("'is' between values that may be equal and not the same", span, "Write ==.")
            return equal(left, right, span)
        case ast.NotEq() | ast.IsNot():
            if isinstance(op, ast.IsNot) and not _identical_when_equal(left, right, span):
                raise NotCompiled("'is not' between values that may be equal and not the same", span, "Write !=.")
            return Not(BOOL, span, equal(left, right, span))
        case ast.In():
            return contains(w, right, left, span)
        case ast.NotIn():
            return Not(BOOL, span, contains(w, right, left, span))
    if isinstance(left, Known) and isinstance(right, Known):
        python: Any = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}[type(op)]
        return truth(computed(python, [left, right], {}, span), span)
    match op:
        case ast.Lt():
            return less(left, right, False, span)
        case ast.LtE():
            return less(left, right, True, span)
        case ast.Gt():
            return less(right, left, False, span)
        case ast.GtE():
            return less(right, left, True, span)
    raise AssertionError(op)


def _identical_when_equal(left: Operand, right: Operand, span: Span) -> bool:
    """Whether `is` says what `==` says: one side is None, a bool, an enum's or a sort's member. `1 is True` is false."""
    if any(isinstance(one, Known) and one.value is None for one in (left, right)):
        return True
    compared = [domain_of_operand(one, span) for one in (left, right) if not isinstance(one, Known) or is_value(one.value)]
    if {bool, int} <= set().union(*map(_numbers, compared)):
        return False
    return any(isinstance(one, Known) and isinstance(one.value, bool | Enum | Sort) for one in (left, right)) or all(
        isinstance(one, Value) and isinstance(one.domain, Enumerated) and all(isinstance(v, bool | Enum | Sort | None) for v in one.domain.values)
        for one in (left, right)
    )


def contains(w: Writer, container: Operand, element: Operand, span: Span) -> Expression:
    """Return `element in container`."""
    from speccheck.compiler import folds

    match container:
        case Known(known):
            return in_known(w, known, element, span)
        case Row(items):
            tests = tuple(equal(element, one, span) for one in items)
            return reaching(Or(BOOL, span, tests) if len(tests) > 1 else tests[0] if tests else decided(False, span, element), span, *items[1:])
        case Through():
            return reaching(folds.any_equal(w, container, element, span), span, element)
    assert isinstance(container, Value | Part), container
    match container.domain:
        case Product() as domain if issubclass(domain.cls, tuple):
            fields = [item(w, container, Known(i), span) for i in range(len(domain.domains))]
            return contains(w, Row(tuple(fields)), element, span)
        case Maps(key_domain=inner) | Lists(element=inner) | Sequences(element=inner) | Sets(element=inner) | FrozenSets(element=inner) | Bags(element=inner):
            return _in_container(container, element, inner, span)
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if most_elements(one) or isinstance(one, Maps | Sets)]
            if len(having) == 1:
                return contains(w, alternative(container, domain, having[0], span), element, span)
    raise NotCompiled(f"'in' {container.domain.describe()}", span)


def _in_container(container: Value | Part, element: Operand, inner: Domain, span: Span) -> Expression:
    whole = value_of(container, span)
    if isinstance(element, Known):
        refuse_number_for_bool(domain_of_value(element.value) if is_value(element.value) else inner, inner, span)
        if not is_value(element.value):
            return decided(False, span, container)
        python = element.value
        if isinstance(inner, Integers) and isinstance(python, bool):
            python = int(python)
        try:
            return Contains(BOOL, span, whole, constant(python, inner, span))
        except OutsideDomain:
            own = domain_of_value(python)
            if isinstance(own, Enumerated | Integers):
                return decided(False, span, container)
    domain = domain_of_operand(element, span)
    refuse_number_for_bool(domain, inner, span)
    if is_integral(inner) and is_integral(domain) and not fits(domain, inner) and int in _numbers(domain) | _numbers(inner):
        element = Value(integer_of(element, span))
        domain = domain_of_operand(element, span)
    if isinstance(domain, Lists | Sets | Maps | Bags):
        raise NotCompiled(f"{domain.describe()}, which has no hash, in a container", span)
    given = value_of(element, span)
    if fits(domain, inner):
        return Contains(BOOL, span, whole, converted(given, inner, None))
    # The element may be outside the domain of the elements: then it is not in it.
    test, there = is_in_domain(given, inner, span), decided(True, span, container)
    reached = () if isinstance(there, Constant) else (there,)
    return And(BOOL, span, (*reached, test, Contains(BOOL, span, whole, Convert(inner, span, given, "error"))))


def sought(element: Operand, inner: Domain, span: Span) -> Expression:
    """Return the element that is looked for in a list; what the list cannot contain fails with `error`."""
    domain = domain_of_operand(element, span)
    if isinstance(inner, Integers) and is_integral(domain):
        element = Value(integer_of(element, span))
    elif not fits(domain, inner) and {bool, int} <= _numbers(domain) | _numbers(inner):
        raise NotCompiled(f"{domain.describe()} that is looked for in a list of {inner.describe()}", span)
    return expression_in(element, inner, "error", span)


def _numbers(domain: Domain) -> set[type]:
    """Return which of bool and int the values of a domain may be, or contain."""
    match domain:
        case Union():
            return set().union(*map(_numbers, domain.alternatives))
        case Product():
            return set().union(*map(_numbers, domain.domains))
        case Sequences() | FrozenSets():
            return _numbers(domain.element)
        case Enumerated():
            return {type(value) for value in domain.values} & {bool, int}
        case Integers():
            return {int}
    return set()


def is_in_domain(value_: Expression, domain: Domain, span: Span) -> Expression:
    """Return whether a value belongs to a domain."""
    match value_.type, domain:
        case (Integers() as own, Integers()):
            tests: list[Expression] = []
            if own.low < domain.low:
                tests.append(smaller(number(domain.low, span), value_, True, span))
            if own.high > domain.high:
                tests.append(smaller(value_, number(domain.high, span), True, span))
            return And(BOOL, span, tuple(tests)) if len(tests) != 1 else tests[0]
        case (Integers() as own, Enumerated()) if all(type(v) is int for v in domain.values):
            equals = [equal(Value(value_), Known(v), span) for v in domain.values if own.low <= v <= own.high]
            return decided(False, span, Value(value_)) if not equals else equals[0] if len(equals) == 1 else Or(BOOL, span, tuple(equals))
        case (Enumerated() as own, Enumerated() | Integers() | Union()):
            inside = [v for v in own.values if domain.contains(v)]
            if not any(may_share(Enumerated((v,), repr(v)), domain) for v in own.values if v not in inside):  # True is 1 to Python, and no value of Range(0, 1)
                return one_of(value_, inside, span)
        case (Union() as own, _):
            parts: list[Expression] = []
            for n, one in enumerate(own.alternatives):
                test = IsAlternative(BOOL, span, value_, frozenset({n}))
                if fits(one, domain):
                    parts.append(test)
                elif may_share(one, domain):
                    parts.append(And(BOOL, span, (test, is_in_domain(Convert(one, span, value_, "error"), domain, span))))
            return any_of(parts, span)
        case (Product() as own, Product()) if own.cls is domain.cls and len(own.domains) == len(domain.domains):
            fields = [
                is_in_domain(GetField(one, span, value_, i), other, span)
                for i, (one, other) in enumerate(zip(own.domains, domain.domains))
                if not fits(one, other)
            ]
            return And(BOOL, span, tuple(fields)) if len(fields) != 1 else fields[0]
        case (own, Union()):
            if any(fits(own, one) for one in domain.alternatives):  # type: ignore[arg-type]
                return decided(True, span, Value(value_))
            shared = [is_in_domain(value_, one, span) for one in domain.alternatives if may_share(own, one)]  # type: ignore[arg-type]
            return any_of(shared, span) if shared else decided(False, span, Value(value_))
    if not may_share(value_.type, domain):  # type: ignore[arg-type]
        return decided(False, span, Value(value_))
    raise NotCompiled(f"whether {value_.type!r} is in a container of {domain.describe()}", span)


def any_of(tests: Sequence[Expression], span: Span) -> Expression:
    """Return whether one of several tests holds, be there none."""
    return tests[0] if len(tests) == 1 else Or(BOOL, span, tuple(tests)) if tests else true(False, span)


def in_known(w: Writer, known: Any, element: Operand, span: Span) -> Expression:
    """Return `element in known`, for an object that is known."""
    if isinstance(known, type) and isinstance(known, SortMeta):
        domain = domain_of_operand(element, span)
        if isinstance(domain, Enumerated):
            return one_of(value_of(element, span), [v for v in domain.values if type(v) is known], span)
    if isinstance(element, Known):
        return true(element.value in known, span)
    if isinstance(known, str):
        raise NotCompiled("'in' a text", span)
    domain = domain_of_operand(element, span)
    if isinstance(known, range):
        one = integer_of(element, span)
        return _in_range(w, known, one, span)
    members = list(known)
    if isinstance(domain, Enumerated):
        return one_of(value_of(element, span), [v for v in domain.values if v in members], span)
    tests = tuple(equal(element, Known(one), span) for one in members)
    return decided(False, span, element) if not tests else tests[0] if len(tests) == 1 else Or(BOOL, span, tests)


def _in_range(w: Writer, known: range, one: Expression, span: Span) -> Expression:
    if not known:
        return decided(False, span, Value(one))
    low, high = min(known), max(known)
    tests = [smaller(number(low, span), one, True, span), smaller(one, number(high, span), True, span)]
    if abs(known.step) != 1:
        remainder = binary(w, "Mod", Value(one), Known(abs(known.step)), span)
        tests.append(equal(remainder, Known(low % abs(known.step)), span))
    return And(BOOL, span, tuple(tests))
