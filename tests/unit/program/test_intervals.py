"""Intervals hold: no operation on integers of two intervals gives a result outside of that of its results."""

import operator
from collections.abc import Callable
from itertools import product
from typing import Any, get_args

import pytest

from speccheck.domains.scalars import INT_MAX, INT_MIN, Integers
from speccheck.program import expressions as ex
from speccheck.program.intervals import interval_of, most_elements, result_of
from speccheck.program.types import INT
from tests.unit.program import made as m

PYTHON: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "**": operator.pow,
}  # fmt: skip
ENDS = [(low, high) for low in range(-5, 6) for high in range(low, 6)]


def of_interval(name: str, low: int, high: int) -> ex.Expression:
    return m.load(m.local(name, Integers(low, high)))


def result(symbol: Any, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int] | None:
    return result_of(m.arithmetic(symbol, of_interval("a", *left), of_interval("b", *right)))


@pytest.mark.parametrize("symbol", get_args(ex.Operator))
def test_no_result_of_small_integers_is_outside_of_the_interval(symbol: str) -> None:
    for left, right in product(ENDS, ENDS):
        found = result(symbol, left, right)
        for a, b in product(range(left[0], left[1] + 1), range(right[0], right[1] + 1)):
            if (b == 0 and symbol in ("//", "%")) or (b < 0 and symbol in ("<<", ">>", "**")):
                continue
            assert found is not None and found[0] <= PYTHON[symbol](a, b) <= found[1], (left, symbol, right)


@pytest.mark.parametrize("symbol", ["+", "-", "*", "//"])
def test_the_interval_of_these_operations_is_exact(symbol: str) -> None:
    for left, right in product(ENDS, ENDS):
        if symbol == "//" and right[0] <= 0 <= right[1]:
            continue
        values = [PYTHON[symbol](a, b) for a in range(left[0], left[1] + 1) for b in range(right[0], right[1] + 1)]
        assert result(symbol, left, right) == (min(values), max(values)), (left, right)


@pytest.mark.parametrize(
    ("symbol", "left", "right", "found"),
    [
        ("//", (INT_MIN, INT_MAX), (-1, -1), (-INT_MAX, 2**63)),
        ("%", (0, 9), (10, 20), (0, 9)),
        ("%", (INT_MIN, INT_MAX), (10, 20), (0, 19)),
        ("%", (0, 9), (0, 0), None),
        ("<<", (1, 1), (0, INT_MAX), (1, 2**65)),
        (">>", (INT_MIN, INT_MAX), (64, 100), (-1, 0)),
        ("**", (2, 2), (100, INT_MAX), (2**64, 2**65)),
        ("**", (0, 1), (0, INT_MAX), (0, 1)),
        ("**", (2, 3), (-5, -1), None),
        ("&", (INT_MIN, -1), (0, 7), (0, 7)),
    ],
)
def test_large_integers_are_not_forgotten(symbol: str, left: tuple[int, int], right: tuple[int, int], found: tuple[int, int] | None) -> None:
    assert result(symbol, left, right) == found


K, A = m.local("k", m.RMS), m.local("a", m.DIGIT)
a = m.load(A)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (m.constant(INT, 5), (5, 5)),
        (m.load("count"), (0, 9)),
        (m.as_type(m.constant(INT, 5), m.DIGIT, "error"), (5, 5)),
        (m.arithmetic("+", a, a), (0, 18)),
        (m.arithmetic("+", a, a, type_=m.Integers(0, 12)), (0, 12)),
        (ex.ToInteger(INT, m.HERE, m.TRUE), (0, 1)),
        (ex.Length(INT, m.HERE, m.load("log")), (0, 2)),
        (ex.Length(INT, m.HERE, m.load("phase")), (3, 3)),
        (ex.Length(INT, m.HERE, m.load("waiting")), (0, 3)),
        (ex.Count(INT, m.HERE, m.load("bag"), m.constant(m.RMS, m.RM[0])), (0, 2)),
        (ex.IndexOf(INT, m.HERE, m.load("log"), a), (0, 1)),
        (ex.IfThenElse(INT, m.HERE, m.TRUE, m.constant(INT, 3), m.constant(INT, -1)), (-1, 3)),
        (ex.Table(INT, m.HERE, m.load(K), ((5,), None, (-7,))), (-7, 5)),
        (m.comprehension("sum", INT, a, m.over(K), m.over(A, m.load("log"))), (0, 54)),
        (m.comprehension("count", INT, a, m.over(K)), (0, 3)),
        (m.comprehension("max", INT, m.constant(INT, 2), m.over(K), default=m.constant(INT, 0)), (0, 2)),
        (m.load("log"), None),
        (m.TRUE, None),
    ],
)
def test_the_interval_of_an_expression_is_known_from_its_parts(expression: ex.Expression, found: tuple[int, int] | None) -> None:
    assert interval_of(expression) == found


@pytest.mark.parametrize("step", [-3, -2, -1, 1, 2, 3])
def test_a_range_has_no_more_elements_than_its_widest_bounds_allow(step: int) -> None:
    for start, stop in product(ENDS, ENDS):
        most = most_elements(ex.RangeSource(of_interval("a", *start), of_interval("b", *stop), step))
        assert most == max(len(range(a, b, step)) for a in start for b in stop)
