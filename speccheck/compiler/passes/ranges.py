"""Ranges: what the intervals of integers say about checks and comparisons.

Before::                                            After::

    count := count +? 1 as Range(0, 9) else domain      count := count + 1 as Range(0, 9) else domain
    x: Range(0, 4) = n % 5 as Range(0, 4) else error    x: Range(0, 4) = n % 5 as Range(0, 4)
    require len(log) < 100                              require True, where the log has room for less

What may fail is not dropped.
"""

from functools import partial

from speccheck.domains.scalars import Integers
from speccheck.program import expressions as ex
from speccheck.program.failing import can_fail, conversion_fails, operands_fail
from speccheck.program.intervals import in_64_bits, interval_of, result_of, sum_of
from speccheck.program.program import Program
from speccheck.program.walk import changed, closed, rebuilt, rebuilt_block, rebuilt_program


def passed(program: Program) -> Program:
    """Return the Program without the checks and comparisons that intervals decide."""
    return rebuilt_program(program, lambda function: changed(function, body=rebuilt_block(function.body, partial(_decided, program=program))))


def _decided(expression: ex.Expression, program: Program) -> ex.Expression:
    match e := closed(rebuilt(expression, partial(_decided, program=program))):
        case ex.Arithmetic(checked=True):
            result = result_of(e)
            return e if result is None or not in_64_bits(result) or operands_fail(e) else changed(e, checked=False)
        case ex.Comprehension(fold="sum", checked=True):
            total = sum_of(e)
            return e if total is None or not in_64_bits(total) else changed(e, checked=False)
        case ex.Convert():
            return e if e.failure is None or conversion_fails(e) else changed(e, failure=None)
        case ex.Less() | ex.Equal():
            truth = _less(e) if isinstance(e, ex.Less) else _equal(e)
            sure = truth is not None and not can_fail(e.left, program) and not can_fail(e.right, program)
            return ex.Constant(e.type, e.span, truth) if sure else e
        case ex.IsOneOf():
            truth = _one_of(e)
            return e if truth is None or can_fail(e.value, program) else ex.Constant(e.type, e.span, truth)
    return e


def _less(e: ex.Less) -> bool | None:
    left, right = interval_of(e.left), interval_of(e.right)
    if left is None or right is None:
        return None
    # For integers, a <= b is a < b + 1.
    more = 1 if e.or_equal else 0
    if left[1] < right[0] + more:
        return True
    return False if left[0] >= right[1] + more else None


def _equal(e: ex.Equal) -> bool | None:
    left, right = interval_of(e.left), interval_of(e.right)
    if left is None or right is None:
        return None
    if left[1] < right[0] or right[1] < left[0]:
        return False
    return True if left[0] == left[1] == right[0] == right[1] else None


def _one_of(e: ex.IsOneOf) -> bool | None:
    interval, domain = interval_of(e.value), e.value.type
    if interval is None or not isinstance(domain, Integers):
        return None
    inside = sum(interval[0] <= domain.unrank(number) <= interval[1] for number in e.numbers)
    if inside == 0:
        return False
    return True if inside == interval[1] - interval[0] + 1 else None
