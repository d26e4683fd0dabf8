"""Intervals: between which two integers the value of an expression certainly lies.

    interval_of(x + 1)                        (1, 4), where x is of Range(0, 3)
    interval_of(x % 5)                        (0, 3): no more than x itself
    interval_of([...])                        None: no integer

An interval is that of the mathematical result: where it reaches beyond 64 bits, the result may do so. It holds where the operands have not failed.
"""

from typing import Any, TypeAlias, assert_never

from speccheck.domains.containers import Maps
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.program import expressions as ex
from speccheck.program.relations import capacity_of
from speccheck.program.types import Type
from speccheck.program.walk import closed

Interval: TypeAlias = tuple[int, int]

_FAR = 64  # no power or shift by more than this is computed: it is beyond 64 bits, or zero


def in_64_bits(interval: Interval) -> bool:
    """Return whether all integers of the interval have 64 bits."""
    return interval[0] >= INT_MIN and interval[1] <= INT_MAX


def clipped(interval: Interval) -> Interval:
    """Return the part of the interval with integers of 64 bits."""
    low, high = max(interval[0], INT_MIN), min(interval[1], INT_MAX)
    return (low, high) if low <= high else (INT_MIN, INT_MAX)


def interval_of_type(type_: Type) -> Interval | None:
    """Return the interval of the integers of a type, None if it has other values."""
    match type_:
        case Integers():
            return (type_.low, type_.high)
        case Enumerated() if type_.values and all(type(value) is int for value in type_.values):
            return (min(type_.values), max(type_.values))
    return None


def number_of_member(value: Any) -> int | None:
    """Return what ToInteger makes of a scalar: 0 or 1 of a bool, its index of a member of a sort."""
    match value:
        case bool():
            return int(value)
        case Sort():
            return value.index
    return None


def interval_of_members(type_: Type) -> Interval | None:
    """Return the interval of the numbers that ToInteger makes of the values of a type; None if there are others."""
    numbers = [number_of_member(value) for value in type_.values] if isinstance(type_, Enumerated) else []
    known = [number for number in numbers if number is not None]
    return (min(known), max(known)) if known and len(known) == len(numbers) else None


def interval_of(expression: ex.Expression) -> Interval | None:
    """Return the interval of an expression's value, None where it is no integer."""
    known = interval_of_type(expression.type)
    if known is None:
        return None
    found = _computed(expression)
    if found is None:
        return known
    low, high = max(known[0], found[0]), min(known[1], found[1])
    return (low, high) if low <= high else known


def _computed(expression: ex.Expression) -> Interval | None:
    """Return what is known beyond the type."""
    match e := closed(expression):
        case ex.Constant():
            return (e.value, e.value)
        case ex.Arithmetic():
            found = result_of(e)
            return None if found is None else clipped(found)
        case ex.Convert():
            return interval_of(e.value)
        case ex.ToInteger():
            return interval_of_members(e.value.type)
        case ex.Length() | ex.Count():
            counted = e.value if isinstance(e, ex.Length) else e.container
            exact = isinstance(counted.type, Maps) and counted.type.total
            return (capacity_of(counted.type) if exact else 0, capacity_of(counted.type))
        case ex.IndexOf():
            return (0, capacity_of(e.container.type) - 1)
        case ex.IfThenElse():
            return _hull(interval_of(e.then), interval_of(e.otherwise))
        case ex.Table():
            values = [entry[0] for entry in e.entries if entry is not None]
            return (min(values), max(values)) if values else None
        case ex.Comprehension():
            return _of_comprehension(e)
        case ex.GetItem() | ex.GetField() | ex.Load() | ex.Call():
            return None  # the type says all
        case ex.Reference() | ex.MakeRecord() | ex.IsAlternative() | ex.IsOneOf() | ex.Not() | ex.And() | ex.Or() | ex.Equal() | ex.Less() | ex.Contains():
            return None  # no integers
        case ex.Slice() | ex.Concatenate() | ex.SetOperation() | ex.Subset() | ex.Sorted() | ex.Enabled() | ex.Occurs():
            return None
    assert_never(e)


def _hull(one: Interval | None, other: Interval | None) -> Interval | None:
    return None if one is None or other is None else (min(one[0], other[0]), max(one[1], other[1]))


# ---------------------------------------------------------------- arithmetic


def result_of(e: ex.Arithmetic) -> Interval | None:
    """Return the interval of the result of an operation before anything is checked; None where nothing is known."""
    left, right = interval_of(e.left), interval_of(e.right)
    if left is None or right is None:
        return None
    match e.operator:
        case "+":
            return (left[0] + right[0], left[1] + right[1])
        case "-":
            return (left[0] - right[1], left[1] - right[0])
        case "*":
            return _corners([a * b for a in left for b in right])
        case "//":
            return _quotient(left, right)
        case "%":
            return _remainder(left, right)
        case "&":
            return _bitwise_and(left, right)
        case "|" | "^":
            return _bitwise_or(left, right, e.operator == "|")
        case "<<":
            return _corners([a << min(max(b, 0), _FAR + 1) for a in left for b in right])
        case ">>":
            return _corners([a >> min(max(b, 0), _FAR) for a in left for b in right])
        case "**":
            return _power(left, right)
    assert_never(e.operator)


def _corners(values: list[int]) -> Interval:
    return (min(values), max(values))


def _quotient(left: Interval, right: Interval) -> Interval | None:
    # Without 0 the quotient is monotone in the divisor on each side.
    divisors = [b for b in (*right, -1, 1) if b != 0 and right[0] <= b <= right[1]]
    return _corners([a // b for a in left for b in divisors]) if divisors else None


def _remainder(left: Interval, right: Interval) -> Interval | None:
    if right == (0, 0):
        return None
    # The remainder has the sign of the divisor and is less; a number that is already so stays as it is.
    if left[0] >= 0 and right[0] > 0 and left[1] < right[0]:
        return left
    high = max(0, right[1] - 1)
    if left[0] >= 0 and right[0] >= 0:
        high = min(high, left[1])
    return (min(0, right[0] + 1), high)


def _bits(interval: Interval) -> int:
    """Return how many bits, besides the sign, the integers of an interval need."""
    return max((value if value >= 0 else ~value).bit_length() for value in interval)


def _bitwise_and(left: Interval, right: Interval) -> Interval:
    if left[0] >= 0 or right[0] >= 0:
        return (0, min(one[1] for one in (left, right) if one[0] >= 0))
    return (-1 << max(_bits(left), _bits(right)), max(left[1], right[1]))


def _bitwise_or(left: Interval, right: Interval, inclusive: bool) -> Interval:
    room = (1 << max(_bits(left), _bits(right))) - 1
    if left[0] >= 0 and right[0] >= 0:
        return (max(left[0], right[0]) if inclusive else 0, room)
    return (~room, room)


def _power(left: Interval, right: Interval) -> Interval | None:
    if right[1] < 0:
        return None
    least, most = min(max(0, right[0]), _FAR), min(right[1], _FAR + 1)
    exponents = {least, most, max(least, most - 1)}  # the one before: a negative base changes its sign
    bases = {*left, *(a for a in (-1, 0, 1) if left[0] <= a <= left[1])}
    return _corners([a**b for a in bases for b in exponents])


# ---------------------------------------------------------------- how many


def _of_comprehension(e: ex.Comprehension) -> Interval | None:
    match e.fold:
        case "sum":
            found = sum_of(e)
            return None if found is None else clipped(found)
        case "count":
            return (0, most_rounds(e.generators))
        case "min" | "max" | "first":
            return interval_of(e.body) if e.default is None else _hull(interval_of(e.body), interval_of(e.default))
    return None


def sum_of(e: ex.Comprehension) -> Interval | None:
    """Return the interval of a sum, and of all sums on the way to it, before anything is checked."""
    body, rounds = interval_of(e.body), most_rounds(e.generators)
    return None if body is None else (min(0, body[0] * rounds), max(0, body[1] * rounds))


def most_rounds(generators: tuple[ex.Generator, ...]) -> int:
    """Return how many combinations of elements the generators have at most."""
    rounds = 1
    for generator in generators:
        rounds *= most_elements(generator.source)
    return rounds


def most_elements(source: ex.Source) -> int:
    """Return how many elements a source has at most."""
    match source:
        case ex.RangeSource():
            start, stop = interval_of(source.start), interval_of(source.stop)
            if start is None or stop is None:
                return 1 << 64
            distance = stop[1] - start[0] if source.step > 0 else start[1] - stop[0]
            return max(0, -(-distance // abs(source.step)))
        case ex.ValuesSource():
            return source.domain.size
        case ex.ContainerSource():
            return capacity_of(source.container.type)
        case ex.ReferenceSource():
            return capacity_of(source.place.domain)
        case ex.EnumerateSource():
            return most_elements(source.source)
        case ex.ZipSource():
            return min((most_elements(one) for one in source.sources), default=0)
        case ex.SubsetsSource():
            return 1 << capacity_of(source.container.type)
    assert_never(source)
