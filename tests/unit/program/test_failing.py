"""What may fail is known: what cannot, certainly does not."""

import pytest

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.failing import can_fail, function_can_fail, is_pure, reads_state
from speccheck.program.types import BOOL, INT
from tests.unit.program import made as m
from tests.unit.program.examples import EXPRESSIONS, PROGRAM, low, map_, n, one, pair, r, s, seq, some, x, xs, y, zero

FAILING = {
    "waiting[r]?", "log[n]?", "(box as list[Range(0, 9)] of at most 2)?[n]?", "{RM0: 5, RM2: 7}[r]?", "x as Range(0, 3) else domain",
    "(msg as Prepared else error).rm", "n +? n *? n", "(n **? x) **? x", "map_[r]?", "seq.index(x)", "[*xs, *seq]", "min(a for a: Range(0, 9) in xs)?",
    "tuple(x for i: int in range(0, n) for a: Range(0, 9) in map_.values())", "Bag(k for k in RM)", "enabled(prepare(rm=r), decide())", "occurs(prepare())",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "shown"), EXPRESSIONS, ids=[shown for _, shown in EXPRESSIONS])
def test_of_the_examples_these_may_fail_and_no_others(expression: ex.Expression, shown: str) -> None:
    assert can_fail(expression, PROGRAM) == (shown in FAILING)


WIDER, NARROWER = m.Lists(INT, 4), m.Sets(m.RMS, 2)
K, A = m.local("k", m.RMS), m.local("a", m.DIGIT)


@pytest.mark.parametrize(
    ("expression", "fails"),
    [
        (m.negated(m.may_fail()), True),
        (m.both(m.TRUE, m.may_fail()), True),
        (
            m.load(m.variable("waiting", ex.KeyStep(ex.GetField(m.RMS, m.HERE, ex.MakeRecord(m.PAIR, m.HERE, (r, m.waiting(r))), 0), True), domain=m.DIGIT)),
            True,
        ),
        (m.as_type(m.may_fail(), BOOL), True),
        (m.as_type(m.arithmetic("%", n, m.number(4)), m.SMALL, "error"), False),
        (m.as_type(n, m.SMALL, "error"), True),
        (m.arithmetic("//", x, m.number(2)), False),
        (m.arithmetic("//", x, y), True),
        (m.arithmetic("%", x, m.number(0)), True),
        (m.arithmetic("//", m.constant(INT, -(2**63)), m.number(-1)), True),
        (m.arithmetic("<<", one, x), False),
        (m.arithmetic("<<", one, n), True),
        (m.arithmetic("**", one, m.number(-1)), True),
        (m.arithmetic("*", n, n), True),
        (ex.GetItem(m.DIGIT, m.HERE, xs, zero), True),
        (ex.GetItem(m.DIGIT, m.HERE, xs, zero, one), False),
        (ex.Slice(m.LIST, m.HERE, xs, None, None, n), True),
        (ex.Slice(m.LIST, m.HERE, xs, None, None, m.number(2)), False),
        (ex.Concatenate(WIDER, m.HERE, (xs, seq)), False),
        (ex.SetOperation(NARROWER, m.HERE, "|", some, some), True),
        (ex.SetOperation(NARROWER, m.HERE, "-", some, some), False),
        (m.comprehension("sum", INT, x, m.over(K), checked=True), False),
        (m.comprehension("sum", INT, n, m.over(K), checked=True), True),
        (m.comprehension("first", m.DIGIT, x, m.over(A, xs)), True),
        (m.comprehension("set", NARROWER, m.load(K), m.over(K)), True),
        (m.comprehension("list", m.LIST, x, m.over(A, xs)), False),
        (m.comprehension("list", m.LIST, x, m.over(K)), True),
        (m.comprehension("map", m.TOTAL, m.constant(m.PHASE, "working"), m.over(K), key=m.load(K)), False),
        (m.comprehension("map", m.TOTAL, m.constant(m.PHASE, "working"), m.over(K, None, low), key=m.load(K)), True),
        (m.comprehension("map", m.TOTAL, m.constant(m.PHASE, "working"), m.over(K), key=r), True),
        (m.comprehension("any", BOOL, low, ex.Generator((m.local("i", INT), A), ex.EnumerateSource(ex.ContainerSource(xs), n))), True),
        (m.call("unknown", BOOL), True),
    ],
)
def test_an_expression_fails_if_it_or_a_part_of_it_may(expression: ex.Expression, fails: bool) -> None:
    assert can_fail(expression, PROGRAM) == fails


@pytest.mark.parametrize(
    ("statement", "fails"),
    [
        (m.store("count", one), False),
        (m.store("count", m.waiting(r)), True),
        (m.store(m.variable("log", ex.ItemStep(n), domain=m.DIGIT), one), True),
        (m.change("done", "add", r), False),
        (m.change("msgs", "add", m.constant(m.MESSAGE, None)), False),
        (m.change("bag", "add", r), True),
        (m.change("done", "discard", r), False),
        (m.change("done", "remove", r), True),
        (m.change("log", "append", x), True),
        (m.change("log", "reverse"), False),
        (m.if_(low, [m.for_(K, ex.ValuesSource(m.RMS), m.FAIL)]), True),
        (m.for_(K, ex.ValuesSource(m.RMS), m.TOUCH), False),
        (m.require(m.TRUE), True),
        (m.loop(m.BREAK), True),
        (m.run("give", one), True),
        (st.Choose(K, ex.ValuesSource(m.RMS), span=m.HERE), True),
        (m.returns(ex.GetField(m.DIGIT, m.HERE, pair, 1)), False),
    ],
)
def test_a_function_fails_if_one_of_its_statements_may(statement: st.AnyStatement, fails: bool) -> None:
    assert function_can_fail(m.acting("f", statement), PROGRAM) == fails


def test_a_call_fails_if_the_function_may() -> None:
    fails, sure = m.reading("fails", m.returns(m.may_fail())), m.reading("sure", m.returns(m.TRUE))
    program = m.program(fails, sure, m.reading("asks", m.returns(m.call("fails", BOOL))))
    assert [can_fail(m.call(name, BOOL), program) for name in ("fails", "sure", "asks")] == [True, False, True]


def test_what_is_pure_neither_fails_nor_reads_a_state() -> None:
    program = m.program(m.reading("looks", m.returns(m.equal(m.load("count"), x))), m.reading("sure", m.returns(m.TRUE)))
    ref = m.load(m.of(m.local("ref", ex.Ref(m.SERVER, "self")), ex.FieldStep(0), domain=BOOL))
    for pure in (low, m.less(s, s), m.call("sure", BOOL), m.less(m.arithmetic("+", x, y), n)):
        assert is_pure(pure, program)
    for impure in (m.load("count"), m.call("looks", BOOL), ref, m.comprehension("any", BOOL, m.TRUE, m.over(A, m.load("log"))), ex.Enabled(BOOL, m.HERE, ())):
        assert reads_state(impure, program) and not is_pure(impure, program)
    assert not is_pure(ex.GetItem(m.DIGIT, m.HERE, map_, r), program)
