"""What is wrong with a Program is found, and nothing else: every fault has an example here."""

from collections.abc import Callable

import pytest

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.types import BOOL, INT, Ref
from speccheck.program.wellformed import faults
from tests.unit.program import made as m
from tests.unit.program.examples import EXPRESSIONS, LOCALS, STATEMENTS, with_statements

ALL = {one.name: one for one in LOCALS}
X, R, N = ALL["x"], ALL["r"], ALL["n"]
x, r, n, xs, seq, some, msg, pair, map_, bag = (m.load(ALL[name]) for name in ("x", "r", "n", "xs", "seq", "some", "msg", "pair", "map_", "bag_"))
K, A = m.local("k", m.RMS), m.local("a", m.DIGIT)
REF = Ref(m.SERVER, "self")


@pytest.mark.parametrize("expression", [expression for expression, _ in EXPRESSIONS], ids=[shown for _, shown in EXPRESSIONS])
def test_the_examples_of_expressions_are_well_formed(expression: ex.Expression) -> None:
    assert faults(with_statements(m.assign(m.local("result", expression.type), expression))) == []


@pytest.mark.parametrize("statements", [statements for statements, _ in STATEMENTS], ids=[shown for _, shown in STATEMENTS])
def test_the_examples_of_statements_are_well_formed(statements: tuple[st.AnyStatement, ...]) -> None:
    assert faults(with_statements(*statements)) == []


# ---------------------------------------------------------------- expressions


def record(cls: Callable[..., ex.Expression], *arguments: object) -> ex.Expression:
    return cls(BOOL, m.HERE, *arguments)


SMALL_SUM = m.arithmetic("+", x, x, checked=False, type_=m.SMALL)
BAD_EXPRESSIONS = [
    (m.load(m.variable("count", domain=m.SMALL)), "the place is of type Range(0, 9), not Range(0, 3): count"),
    (ex.Load(m.SMALL, m.HERE, m.variable("count")), "the value is of type Range(0, 3), not Range(0, 9): count"),
    (m.load(ex.Place(ex.Variable("self", 77), (), m.DIGIT)), "there is no variable 77: variable_77"),
    (m.load(m.variable("servers", ex.FieldStep(0), domain=BOOL)), "a step to field 0 of dict[RM, Server]: servers.0"),
    (m.load(m.of(ALL["server"], ex.FieldStep(2), domain=BOOL)), "a step to field 2 of Server: server.2"),
    (m.load(m.variable("log", ex.KeyStep(r, True), domain=m.DIGIT)), "a step to a key of list[Range(0, 9)] of at most 2: log[r]"),
    (m.load(m.variable("phase", ex.KeyStep(x, True), domain=m.PHASE)), "the key is of type Range(0, 9), not RM: phase[x]"),
    (m.load(m.variable("phase", ex.ItemStep(x), domain=m.PHASE)), 'a step to an element of dict[RM, {"working", "prepared", "aborted"}]: phase[x]?'),
    (m.load(m.variable("log", ex.ItemStep(r), domain=m.DIGIT)), "the index is of type RM, no integer: log[r]?"),
    (m.load(m.variable("box", ex.AlternativeStep(2), domain=m.LIST)),
     "a step into alternative 2 of list[Range(0, 9)] of at most 2 | None: (box as alternative 2)?"),
    (ex.Load(REF, m.HERE, m.of(ALL["ref"])), "the value is of type &Server, not Server: ref"),
    (m.load(ex.Place(m.load("servers"), (), m.SERVERS)), "a place in a value of dict[RM, Server]: servers"),
    (ex.Reference(Ref(m.LIST, "self"), m.HERE, m.of(ALL["xs"])), "a reference to a part of a local's value: &xs"),
    (ex.Reference(Ref(m.DIGIT, "self"), m.HERE, m.variable("count")), "a reference to Range(0, 9), which is no mutable part: &count"),
    (ex.Reference(Ref(m.LIST, "after"), m.HERE, m.variable("log")),
     "the reference is of type &list[Range(0, 9)] of at most 2 of after, not &list[Range(0, 9)] of at most 2: &log"),
    (m.constant(m.DIGIT, 10), "the constant 10 is no frozen value of Range(0, 9)"),
    (m.constant(m.SET_OF_RM, 5), "the constant 5 is no frozen value of set[RM]"),
    (ex.Constant(REF, m.HERE, 1), "a value whose type is a reference"),
    (ex.Table(m.DIGIT, m.HERE, r, ((1,),)), "a table of 1 entries for RM"),
    (ex.Table(m.DIGIT, m.HERE, r, ((1,), None, ("a",))), "the entry 'a' is no frozen value of Range(0, 9)"),
    (m.as_type(x, m.RMS), "a conversion of Range(0, 9) to RM that is said not to fail: x as RM"),
    (ex.MakeRecord(m.PAIR, m.HERE, (r,)), "1 values for the 2 fields of tuple[RM, Range(0, 9)]: (r,)"),
    (ex.MakeRecord(m.PREPARED, m.HERE, (r, r)), "the field 'late' is of type RM, not bool: Prepared(rm=r, late=r)"),
    (ex.MakeRecord(m.LIST, m.HERE, ()), "fields of list[Range(0, 9)] of at most 2: list[Range(0, 9)] of at most 2()"),
    (ex.GetField(m.DIGIT, m.HERE, x, 0), "fields of Range(0, 9): x[0]"),
    (ex.GetField(m.DIGIT, m.HERE, pair, 2), "field 2 of tuple[RM, Range(0, 9)]: pair[2]"),
    (ex.GetField(m.DIGIT, m.HERE, pair, 0), "the field is of type Range(0, 9), not RM: pair[0]"),
    (record(ex.IsAlternative, msg, frozenset({2})), "alternatives [2] of Prepared | None: msg is #2"),
    (record(ex.IsAlternative, x, frozenset({0})), "alternatives [0] of Range(0, 9): x is #0"),
    (record(ex.IsOneOf, r, frozenset({3})), "values [3] of RM"),
    (record(ex.IsOneOf, xs, frozenset({0})), "values [0] of list[Range(0, 9)] of at most 2"),
    (m.negated(x), "the operand is of type Range(0, 9), not bool: not x"),
    (m.both(m.TRUE, x), "the operand is of type Range(0, 9), not bool: True and x"),
    (m.either(), "an Or of nothing: "),
    (ex.Not(INT, m.HERE, m.TRUE), "the result is of type int, not bool: not True"),
    (ex.IfThenElse(m.DIGIT, m.HERE, x, x, x), "the test is of type Range(0, 9), not bool: x if x else x"),
    (ex.IfThenElse(m.DIGIT, m.HERE, m.TRUE, x, r), "the second value is of type RM, not Range(0, 9): x if True else r"),
    (m.equal(x, n), "the right operand is of type int, not Range(0, 9): x == n"),
    (m.equal(ex.Reference(REF, m.HERE, m.of(ALL["ref"])), ex.Reference(REF, m.HERE, m.of(ALL["ref"]))), "a comparison of references: &ref == &ref"),
    (m.less(r, r), "values of RM have no order: r < r"),
    (m.arithmetic("+", x, r), "the right operand is of type RM, no integer: x +? r"),
    (m.arithmetic("+", n, x, checked=False), f"the result may be beyond 64 bits, {-2**63} to {2**63 + 8}, and is not checked: n + x"),
    (m.arithmetic("//", x, x, checked=False), "the divisor may be 0, or the shift or exponent negative, and this is not checked: x // x"),
    (SMALL_SUM, "the result, 0 to 18, is not always in Range(0, 3): x + x"),
    (ex.ToInteger(INT, m.HERE, r), "the number of RM: int(r)"),
    (ex.ToInteger(m.Integers(0, 1), m.HERE, m.load(ALL["s"])), "the result, 0 to 2, is not always in Range(0, 1): int(s)"),
    (ex.Length(INT, m.HERE, x), "Range(0, 9) is no container: len(x)"),
    (record(ex.Contains, some, x), "the element is of type Range(0, 9), not RM: x in some"),
    (ex.Count(INT, m.HERE, some, r), "Count of set[RM]: some.count(r)"),
    (ex.IndexOf(INT, m.HERE, bag, r), "IndexOf of Bag[RM] of at most 2: bag_.index(r)"),
    (ex.GetItem(m.DIGIT, m.HERE, map_, x), "the key is of type Range(0, 9), not RM: map_[x]?"),
    (ex.GetItem(m.DIGIT, m.HERE, xs, r), "the index is of type RM, no integer: xs[r]?"),
    (ex.GetItem(m.DIGIT, m.HERE, some, r), "an item of set[RM]: some[r]?"),
    (ex.GetItem(m.DIGIT, m.HERE, map_, r, r), "the default is of type RM, not Range(0, 9): map_.get(r, r)"),
    (ex.GetItem(m.SMALL, m.HERE, map_, r, m.constant(m.SMALL, 0)),
     "the result is of type Range(0, 3), which does not have all of Range(0, 9): map_.get(r, 0)"),
    (ex.Slice(m.SEQUENCE, m.HERE, xs, n, n), "a slice of list[Range(0, 9)] of at most 2 as tuple[Range(0, 9), ...] of at most 2: xs[n:n]"),
    (ex.Slice(m.SET_OF_RM, m.HERE, some, n, n), "the sliced value is of type set[RM], no list or sequence: some[n:n]"),
    (ex.Slice(m.LIST, m.HERE, xs, r, n), "the bound is of type RM, no integer: xs[r:n]"),
    (ex.Concatenate(m.LIST, m.HERE, (xs, some)), "the part is of type set[RM], no list or sequence: [*xs, *some]"),
    (ex.Concatenate(m.Lists(m.RMS, 9), m.HERE, (xs,)), "the elements of list[Range(0, 9)] of at most 2 are none of list[RM] of at most 9: [*xs]"),
    (ex.SetOperation(m.SET_OF_RM, m.HERE, "|", some, m.load(ALL["frozen"])), "the right operand is of type frozenset[RM], not set[RM]: some | frozen"),
    (ex.SetOperation(m.FROZEN, m.HERE, "|", some, some), "the result is of type frozenset[RM], that of sets of set[RM]: some | some"),
    (record(ex.Subset, xs, xs), "list[Range(0, 9)] of at most 2 is no set: xs <= xs"),
    (ex.Sorted(m.LIST, m.HERE, xs, False, A), "a variable without a key, or a key without a variable: sorted(xs)"),
    (ex.Sorted(m.LIST, m.HERE, xs, False, A, msg), "values of Prepared | None have no order: sorted(xs, key=(a: Range(0, 9)) -> msg)"),
    (m.comprehension("any", BOOL, m.TRUE, ex.Generator((K, A), ex.ValuesSource(m.RMS))), "2 targets for 1 values at a time: any(True for k, a in RM)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(K, xs)), "'k' is of type RM, not Range(0, 9): any(True for k: RM in xs)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(K, xs, x)), "'k' is of type RM, not Range(0, 9): any(True for k: RM in xs if x)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(A, xs, x)), "the condition is of type Range(0, 9), not bool: any(True for a: Range(0, 9) in xs if x)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(A, xs, lets=[(K, x)])),
     "'k' is of type Range(0, 9), not RM: any(True for a: Range(0, 9) in xs let k: RM = x)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(A, ex.RangeSource(n, n, 0))), "the step of the range is 0: any(True for a: Range(0, 9) in range(n, n, 0))"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(K, ex.RangeSource(n, n))), "'k' is of type RM, no integer: any(True for k: RM in range(n, n))"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(A, ex.ContainerSource(xs, "items"))),
     "the items of list[Range(0, 9)] of at most 2: any(True for a: Range(0, 9) in xs.items())"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(m.local("g", REF), ex.ReferenceSource(m.variable("log"), "elements"))),
     "references to the elements of list[Range(0, 9)] of at most 2: any(True for g: &Server in &log)"),
    (m.comprehension("map", m.PARTIAL, x, m.over(K)), "a map without a key: {: x for k in RM}"),
    (m.comprehension("list", m.LIST, x, m.over(K), key=r), "a key in the comprehension of a list: [x for k in RM]"),
    (m.comprehension("map", m.PARTIAL, x, m.over(K), key=x), "the key is of type Range(0, 9), not RM: {x: x for k in RM}"),
    (m.comprehension("list", m.LIST, r, m.over(K)), "the body is of type RM, not Range(0, 9): [r for k in RM]"),
    (m.comprehension("list", m.SET_OF_RM, r, m.over(K)), "a list of type set[RM]: [r for k in RM]"),
    (m.comprehension("list", m.LIST, x, m.over(K), default=x), "a default of list: [x for k in RM]"),
    (m.comprehension("min", m.DIGIT, x, m.over(K), default=r), "the default is of type RM, not Range(0, 9): min(x for k in RM, default=r)"),
    (m.comprehension("min", m.RMS, r, m.over(K)), "values of RM have no order: min(r for k in RM)?"),
    (m.comprehension("all", BOOL, x, m.over(K)), "the body is of type Range(0, 9), not bool: all(x for k in RM)"),
    (m.comprehension("sum", INT, n, m.over(K)), f"the sum may be beyond 64 bits, {-3 * 2**63} to {3 * (2**63 - 1)}, and is not checked: sum(n for k in RM)"),
    (m.call("unknown", BOOL), "there is no function 'unknown': unknown()"),
    (m.call("give", m.DIGIT, x), "a call of 'give', which acts: give(x)"),
    (m.call("known", BOOL, x), "1 arguments for the 2 parameters of 'known': known(x)"),
    (m.call("known", BOOL, r, r), "the argument for 'p' of 'known' is of type RM, not Range(0, 9): known(r, r)"),
    (m.call("known", m.DIGIT, x, r), "the call is of type Range(0, 9), not bool: known(x, r)"),
    (record(ex.Enabled, ((2, ()),)), "there is no action 2: enabled(action_2())"),
    (record(ex.Enabled, ((0, ((1, r),)),)), "'prepare' has no parameter 1: enabled(prepare(1=r))"),
    (record(ex.Occurs, ((0, ((0, x),)),)), "the argument for 'rm' of 'prepare' is of type Range(0, 9), not RM: occurs(prepare(rm=x))"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "fault"), BAD_EXPRESSIONS, ids=[fault for _, fault in BAD_EXPRESSIONS])
def test_an_expression_whose_types_do_not_agree_is_a_fault(expression: ex.Expression, fault: str) -> None:
    statement = m.assign(m.local("result", expression.type), expression)
    assert faults(with_statements(statement)) == [f"example (two_phase.py:53): {fault}"]


def test_what_has_a_faulty_part_is_not_looked_at_itself() -> None:
    faulty = m.both(m.negated(x), m.negated(m.negated(r)))
    assert faults(with_statements(m.require(faulty))) == [
        "example (two_phase.py:53): the operand is of type Range(0, 9), not bool: not x",
        "example (two_phase.py:53): the operand is of type RM, not bool: not r",
    ]


# ---------------------------------------------------------------- statements

BAD_STATEMENTS = [
    ([m.assign(K, x)], "Assign: the value is of type Range(0, 9), not RM"),
    ([m.store("count", r)], "Store: the value is of type RM, not Range(0, 9)"),
    ([m.store(m.variable("count", after=True), x)], "Store: a write to the state after the step"),
    ([m.store(m.of(X), x)], "Store: a write to 'x', whose values are not mutable"),
    ([m.store(m.variable("waiting", ex.KeyStep(r, False), domain=m.DIGIT), x)], "Store: a value is written at a key that is not sure to be there"),
    ([m.change("count", "add", x)], "Change: add of Range(0, 9)"),
    ([m.change("bag", "discard", r)], "Change: discard of Bag[RM] of at most 2"),
    ([m.change("phase", "delete_key", r)], 'Change: delete_key of dict[RM, {"working", "prepared", "aborted"}]'),
    ([m.change("log", "reverse", x)], "Change: 1 arguments of reverse, which has 0"),
    ([m.change("log", "append", r)], "Change: the argument is of type RM, not Range(0, 9)"),
    ([m.change("log", "insert", r, x)], "Change: the index is of type RM, no integer"),
    ([m.if_(x, [])], "If: the test is of type Range(0, 9), not bool"),
    ([m.require(x)], "Require: the test is of type Range(0, 9), not bool"),
    ([m.for_(K, ex.ContainerSource(xs))], "For: 'k' is of type RM, not Range(0, 9)"),
    ([m.for_(ALL["frozen"], ex.SubsetsSource(some, n, n))], "For: subsets are only chosen from"),
    ([st.Choose(K, ex.ContainerSource(xs), span=m.HERE)], "Choose: 'k' is of type RM, not Range(0, 9)"),
    ([st.Choose(K, ex.SubsetsSource(some, n, n), span=m.HERE)], "Choose: 'k' is of type RM, no such subset"),
    ([st.Choose(K, ex.SubsetsSource(xs, n, n), span=m.HERE)], "Choose: subsets of list[Range(0, 9)] of at most 2"),
    ([m.run("known", x, r)], "Run: 'known' does not act: it is called"),
    ([m.run("unknown")], "Run: there is no function 'unknown'"),
    ([m.run("give", x, into=K)], "Run: the result is of type Range(0, 9), not RM"),
    ([m.run("fill", xs, into=m.local("z", m.DIGIT))], "Run: 'fill' has no result"),
    ([m.run("fill", m.load("log"))], "Run: the argument for 'zs' of 'fill' is no local, which it would change"),
    ([m.returns(x)], "a Return with a value, in a function without result"),
    ([m.returns(), m.TOUCH], "nothing comes here: it stands after a Return"),
    ([m.loop(m.BREAK, m.TOUCH)], "nothing comes here: it stands after a Break"),
    ([m.for_(K, ex.ValuesSource(m.RMS), m.CONTINUE, m.TOUCH)], "nothing comes here: it stands after a Continue"),
    ([m.BREAK], "a Break outside of a loop"),
    ([m.if_(m.TRUE, [m.CONTINUE])], "a Continue outside of a loop"),
    ([m.require(m.load(m.local("u", BOOL)))], "'u' is read before it has a value on every path"),
    ([m.change(m.of(m.local("u", m.LIST)), "append", x)], "'u' is read before it has a value on every path"),
    ([m.if_(m.TRUE, [m.assign(A, x)]), m.store("count", m.load(A))], "'a' is read before it has a value on every path"),
    ([m.for_(A, ex.ContainerSource(xs)), m.store("count", m.load(A))], "'a' is read before it has a value on every path"),
    ([m.loop(m.if_(m.TRUE, [m.BREAK]), m.assign(A, x)), m.store("count", m.load(A))], "'a' is read before it has a value on every path"),
    ([m.require(m.comprehension("any", BOOL, m.less(m.load(A), x), m.over(K), m.over(m.local("b", m.DIGIT), m.load(m.local("u", m.LIST)))))],
     "'a' is read before it has a value on every path|'u' is read before it has a value on every path"),
    ([m.for_(m.local("g", REF), ex.ReferenceSource(m.of(m.local("u", Ref(m.SERVERS, "self"))), "values"))], "'u' is read before it has a value on every path"),
    ([m.assign(A, x), m.assign(m.local("a", m.RMS), r)], "'a' is of type Range(0, 9) and of type RM"),
    ([m.require(m.comprehension("any", BOOL, m.TRUE, m.over(A, xs))), m.assign(A, x)], "'a' is a local of the function and one of an expression"),
    ([m.assign(A, x), m.require(m.comprehension("any", BOOL, m.TRUE, m.over(A, xs)))],
     "'a' is a local of the function and one of an expression|'a' is bound where it has a value already"),
    ([m.require(m.comprehension("any", BOOL, m.TRUE, m.over(A, xs), m.over(A, xs)))], "'a' is bound where it has a value already"),
    ([m.require(m.comprehension("any", BOOL, m.comprehension("all", BOOL, m.TRUE, m.over(A, xs)), m.over(A, xs)))],
     "'a' is bound where it has a value already"),
    ([m.require(m.comprehension("any", BOOL, m.less(m.load(A), x), m.over(K, lets=[(A, x), (A, x)])))], "'a' is bound where it has a value already"),
    ([m.assign(m.local("ys", m.LIST), m.comprehension("list", m.LIST, ex.GetItem(m.DIGIT, m.HERE, ex.Sorted(m.LIST, m.HERE, xs, False, A, x), n), m.over(A, xs)))],
     "'a' is bound where it has a value already"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "fault"), BAD_STATEMENTS, ids=[fault for _, fault in BAD_STATEMENTS])
def test_a_statement_that_does_not_fit_is_a_fault(statements: list[st.AnyStatement], fault: str) -> None:
    assert sorted(faults(with_statements(*statements))) == [f"example (two_phase.py:53): {one}" for one in fault.split("|")]


@pytest.mark.parametrize(
    "statements",
    [
        [m.if_(m.TRUE, [m.assign(A, x)], [m.returns()]), m.store("count", m.load(A))],
        [m.if_(m.TRUE, [m.assign(A, x)], [m.assign(A, x)]), m.store("count", m.load(A))],
        [m.loop(m.assign(A, x), m.if_(m.TRUE, [m.BREAK])), m.store("count", m.load(A))],
        [m.loop(m.if_(m.TRUE, [m.assign(A, x), m.BREAK]), m.if_(m.TRUE, [m.FAIL])), m.store("count", m.load(A))],
        [m.for_(K, ex.ValuesSource(m.RMS), m.if_(m.TRUE, [m.BREAK]))],
        [m.require(m.both(m.comprehension("any", BOOL, m.TRUE, m.over(A, xs)), m.comprehension("all", BOOL, m.TRUE, m.over(A, xs))))],
    ],
)
def test_a_local_that_has_a_value_on_every_path_may_be_read(statements: list[st.AnyStatement]) -> None:
    assert faults(with_statements(*statements)) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (m.store("count", x), "Store: a write to the state in a function that only reads"),
        (m.store(m.of(ALL["ref"], ex.FieldStep(0), domain=BOOL), m.TRUE), "Store: a write to the state in a function that only reads"),
        (m.change("log", "reverse"), "Change: a write to the state in a function that only reads"),
        (m.TOUCH, "Touch: in a function that only reads"),
        (m.require(m.TRUE), "Require: in a function that only reads"),
        (st.Choose(K, ex.ValuesSource(m.RMS), span=m.HERE), "Choose: in a function that only reads"),
        (m.run("give", x), "Run: in a function that only reads"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_function_that_only_reads_has_no_effect(statement: st.AnyStatement, fault: str) -> None:
    assert faults(with_statements(statement, reads=True)) == [f"example (two_phase.py:53): {fault}"]


def test_a_function_that_only_reads_may_change_its_own_locals() -> None:
    own = m.of(ALL["xs"])
    assert faults(with_statements(m.change(own, "append", x), m.store(m.of(ALL["xs"], ex.ItemStep(n), domain=m.DIGIT), x), reads=True)) == []


# ---------------------------------------------------------------- functions and rules


def result(*statements: st.AnyStatement) -> list[str]:
    return faults(m.program(m.reading("f", *statements)))


@pytest.mark.parametrize(
    "statements",
    [
        [m.returns(m.TRUE)],
        [m.if_(m.TRUE, [m.returns(m.TRUE)], [m.FAIL])],
        [m.if_(m.TRUE, [m.returns(m.TRUE)]), m.returns(m.FALSE)],
        [m.loop(m.if_(m.TRUE, [m.returns(m.TRUE)]))],
    ],
)
def test_a_function_with_a_result_returns_it_on_every_path(statements: list[st.AnyStatement]) -> None:
    assert result(*statements) == []


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [m.if_(m.TRUE, [m.returns(m.TRUE)])],
        [m.for_(K, ex.ValuesSource(m.RMS), m.returns(m.TRUE))],
        [m.loop(m.if_(m.TRUE, [m.BREAK]))],
    ],
)
def test_a_path_without_a_result_is_a_fault(statements: list[st.AnyStatement]) -> None:
    assert result(*statements) == ["f (two_phase.py:53): a path ends without a result"]


def test_a_return_of_another_type_than_the_result_is_a_fault() -> None:
    assert result(m.returns(m.number(1))) == ["f (two_phase.py:53): Return: the value is of type Range(1, 1), not bool"]
    assert result(m.returns()) == ["f (two_phase.py:53): a Return without a value"]


def test_parameters_have_names_of_their_own_and_are_not_changed_by_what_only_reads() -> None:
    twice = (m.local("p", m.LIST), m.local("p", m.LIST))
    assert faults(m.program(m.acting("f", parameters=twice))) == ["f (two_phase.py:53): two parameters are called 'p'"]
    changed = m.reading("f", parameters=(m.local("p", m.LIST, True),), result=None)
    assert faults(m.program(changed)) == ["f (two_phase.py:53): 'p' is changed, and the function only reads"]


TRUE = m.returns(m.TRUE)
BAD_RULES = [
    (m.program(actions=("gone",)), ["there is no function 'gone', which is said to be a rule"]),
    (m.program(invariants={"safe": "gone"}), ["there is no function 'gone', which is said to be a rule"]),
    (m.program(m.reading("f", TRUE), actions=("f",)), ["the action 'f' does not act", "the action 'f' has a result"]),
    (m.program(m.acting("f", m.returns(m.TRUE), result=BOOL), actions=(), terminals=("f",)), ["the rule 'f' acts, and is no action"]),
    (m.program(m.reading("f", m.returns(m.number(1)), result=m.Integers(1, 1)), reachables={"f": "f"}), ["the rule 'f' does not return a bool"]),
    (m.program(m.acting("f", parameters=(m.local("p", m.LIST, True),))), ["the rule 'f' has a parameter that is a reference"]),
    (m.program(m.reading("f", TRUE, parameters=(m.local("p", REF),)), predicates=("f",)), ["the rule 'f' has a parameter that is a reference"]),
    (m.program(m.reading("f", m.returns(m.call("f", BOOL)))), ["'f' calls itself"]),
    (m.program(m.acting("f", m.run("g")), m.acting("g", m.run("f"))), ["'f' calls itself", "'g' calls itself"]),
    (m.Program("Made", (), {"f": m.reading("g", TRUE)}, (), {}, {}, {}, (), ()), ["the function 'g' is listed as 'f'"]),
    (m.Program("Made", (m.VariableDeclaration("v", BOOL),) * 2, {}, (), {}, {}, {}, (), ()), ["two variables are called 'v'"]),
]


@pytest.mark.parametrize(("program", "found"), BAD_RULES, ids=[", ".join(found) for _, found in BAD_RULES])
def test_a_rule_that_is_none_is_a_fault(program: m.Program, found: list[str]) -> None:
    assert faults(program) == found


LOOKING = m.reading("looking", m.returns(m.equal(m.load(m.variable("count", after=True)), m.load("count"))))
ASKING = m.reading("asking", m.returns(m.call("looking", BOOL)))


def test_only_rules_about_steps_look_at_the_state_after_the_step() -> None:
    assert faults(m.program(LOOKING, ASKING, step_invariants={"asking": "asking"}, predicates=("looking",))) == []
    assert faults(m.program(LOOKING, ASKING, invariants={"asking": "asking"})) == ["the rule 'asking' looks at the state after the step"]
    asks = m.acting("step", m.require(ex.Occurs(BOOL, m.HERE, ())))
    assert faults(m.program(asks)) == ["the rule 'step' looks at the state after the step"]


def test_types_that_are_made_twice_are_the_same() -> None:
    again = m.constant(m.Integers(0, 9), 5)
    assert faults(with_statements(m.store("count", again))) == []
