"""Passes make Programs simpler and never change what fails."""

from textwrap import dedent
from typing import Any

import pytest

from speccheck.compiler.passes import PASSES, improved
from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.failing import can_fail
from speccheck.program.printer import text, text_of, text_of_expression
from speccheck.program.program import Program
from speccheck.program.types import BOOL, INT
from speccheck.program.walk import everything_in, expressions_in
from speccheck.program.wellformed import faults
from tests.unit.program import made as m
from tests.unit.program.examples import BASE, EXPRESSIONS, LOCALS, PROGRAM, SERVER_0, STATEMENTS, low, n, one, r, s, with_statements, x, y

FALSE, TRUE, MAY_FAIL = m.FALSE, m.TRUE, m.may_fail(r)
RM0, RM1, RM2 = (m.constant(m.RMS, member) for member in m.RM)
RMS = m.constant(m.SET_OF_RM, frozenset({m.RM[0], m.RM[2]}))
FROZEN = m.constant(m.FROZEN, m.FROZEN.freeze_any(frozenset({m.RM[0]})))
WORKING = m.constant(m.PHASE, "working")
K, A, B = m.local("k", m.RMS), m.local("a", m.DIGIT), m.local("b", m.DIGIT)


def after(name: str, expression: ex.Expression) -> ex.Expression:
    """The expression as a pass leaves it; the Program is well-formed before and after."""
    program = with_statements(m.assign(m.local("result", expression.type), expression))
    assert faults(program) == []
    made = PASSES[name](program)
    assert faults(made) == []
    return next(expressions_in(made.functions["example"].body))


def shown(name: str, expression: ex.Expression) -> str:
    return text_of_expression(after(name, expression), PROGRAM)


# ---------------------------------------------------------------- fold


def op(operator: Any, left: int, right: int) -> ex.Expression:
    return m.arithmetic(operator, m.constant(INT, left), m.constant(INT, right))


FOLDED: list[tuple[ex.Expression, str, str]] = [
    (op("+", 1, 2), "1 +? 2", "3"),
    (op("//", -7, 2), "-7 //? 2", "-4"),
    (op("%", -7, 2), "-7 %? 2", "1"),
    (op("//", 1, 0), "1 //? 0", "1 //? 0"),
    (op("+", 2**63 - 1, 1), f"{2**63 - 1} +? 1", f"{2**63 - 1} +? 1"),
    (op("<<", 1, -1), "1 <<? -1", "1 <<? -1"),
    (op("<<", 1, 10**12), f"1 <<? {10**12}", f"1 <<? {10**12}"),
    (op("**", 2, 10), "2 **? 10", "1024"),
    (op("**", 2, 10**12), f"2 **? {10**12}", f"2 **? {10**12}"),
    (m.arithmetic("+", n, m.constant(INT, 0)), "n +? 0", "n"),
    (m.arithmetic("*", m.constant(INT, 1), x), "1 *? x", "x as int"),
    (m.arithmetic("-", m.constant(INT, 0), n), "0 -? n", "0 -? n"),
    (m.less(one, one), "1 < 1", "False"),
    (m.less(one, one, or_equal=True), "1 <= 1", "True"),
    (m.less(m.constant(m.RING, m.Ring[0]), m.constant(m.RING, m.Ring[2])), "Ring0 < Ring2", "True"),
    (m.equal(WORKING, m.constant(m.PHASE, "aborted")), '"working" == "aborted"', "False"),
    (m.equal(low, TRUE), "(x < y) == True", "x < y"),
    (m.equal(FALSE, low), "False == (x < y)", "not x < y"),
    (m.equal(ex.ToInteger(INT, m.HERE, low), ex.ToInteger(INT, m.HERE, MAY_FAIL)), "int(x < y) == int(waiting[r]? == (1 as Range(0, 9)))",
     "(x < y) == (waiting[r]? == 1)"),
    (m.equal(ex.ToInteger(INT, m.HERE, low), m.constant(INT, 1)), "int(x < y) == 1", "x < y"),
    (m.equal(m.constant(INT, 0), ex.ToInteger(INT, m.HERE, low)), "0 == int(x < y)", "not x < y"),
    (m.equal(ex.ToInteger(INT, m.HERE, low), m.constant(INT, 2)), "int(x < y) == 2", "int(x < y) == 2"),
    (m.negated(m.negated(low)), "not not x < y", "x < y"),
    (m.negated(TRUE), "not True", "False"),
    (m.both(TRUE, low, m.both(low, TRUE)), "True and x < y and (x < y and True)", "x < y and x < y"),
    (m.both(TRUE, TRUE), "True and True", "True"),
    (m.either(FALSE, low), "False or x < y", "x < y"),
    (m.either(low, TRUE, MAY_FAIL), "x < y or True or waiting[r]? == (1 as Range(0, 9))", "True"),
    (m.both(MAY_FAIL, FALSE, low), "waiting[r]? == (1 as Range(0, 9)) and False and x < y", "waiting[r]? == 1 and False"),
    (m.both(low, MAY_FAIL, low, FALSE), "x < y and waiting[r]? == (1 as Range(0, 9)) and x < y and False", "x < y and waiting[r]? == 1 and False"),
    (ex.IfThenElse(m.DIGIT, m.HERE, TRUE, x, m.waiting(r)), "x if True else waiting[r]?", "x"),
    (ex.IfThenElse(BOOL, m.HERE, MAY_FAIL, TRUE, FALSE), "True if waiting[r]? == (1 as Range(0, 9)) else False", "waiting[r]? == 1"),
    (ex.IfThenElse(BOOL, m.HERE, low, FALSE, TRUE), "False if x < y else True", "not x < y"),
    (ex.IfThenElse(m.DIGIT, m.HERE, low, one, one), "1 if x < y else 1", "1"),
    (ex.IfThenElse(m.DIGIT, m.HERE, MAY_FAIL, one, one), "1 if waiting[r]? == (1 as Range(0, 9)) else 1", "1 if waiting[r]? == 1 else 1"),
    (ex.ToInteger(INT, m.HERE, m.constant(m.Enumerated((True,), "True"), True)), "int(True)", "1"),
    (ex.ToInteger(INT, m.HERE, m.constant(m.Enumerated((m.Ring[2],), "Ring2"), m.Ring[2])), "int(Ring2)", "2"),
    (ex.IsOneOf(BOOL, m.HERE, RM1, frozenset({0, 2})), "RM1 in {RM0, RM2}", "False"),
    (ex.IsOneOf(BOOL, m.HERE, r, frozenset()), "r in {}", "False"),
    (ex.IsOneOf(BOOL, m.HERE, m.waiting(r), frozenset()), "waiting[r]? in {}", "waiting[r]? in {}"),
    (ex.IsOneOf(BOOL, m.HERE, r, frozenset({0, 1, 2})), "r in {RM0, RM1, RM2}", "True"),
    (ex.IsAlternative(BOOL, m.HERE, m.constant(m.MESSAGE, None), frozenset({1})), "None is None", "True"),
    (ex.IsAlternative(BOOL, m.HERE, m.constant(m.BOX, (0, (1, 2))), frozenset({1})), "[1, 2] is None", "False"),
    (ex.IsAlternative(BOOL, m.HERE, m.load("box"), frozenset({0, 1})), "box is list[Range(0, 9)] of at most 2 | None", "True"),
    (m.as_type(m.constant(m.DIGIT, 3), m.SMALL, "domain"), "3 as Range(0, 3) else domain", "3"),
    (m.as_type(m.constant(m.DIGIT, 4), m.SMALL, "domain"), "4 as Range(0, 3) else domain", "4 as Range(0, 3) else domain"),
    (m.as_type(x, m.Integers(0, 9), "domain"), "x as Range(0, 9) else domain", "x"),
    (m.as_type(x, INT, "error"), "x as int else error", "x as int"),
    (m.as_type(m.as_type(x, INT), m.DIGIT, "error"), "(x as int) as Range(0, 9) else error", "x"),
    (m.as_type(m.as_type(x, INT), m.SMALL, "error"), "(x as int) as Range(0, 3) else error", "x as Range(0, 3) else error"),
    (m.as_type(m.as_type(n, m.DIGIT, "error"), m.SMALL, "domain"), "(n as Range(0, 9) else error) as Range(0, 3) else domain",
     "(n as Range(0, 9) else error) as Range(0, 3) else domain"),
    (m.as_type(m.as_type(m.constant(m.NONE, None), m.MESSAGE), m.PREPARED, "error"), "(None as Prepared | None) as Prepared else error",
     "None as Prepared else error"),
    (ex.Length(INT, m.HERE, RMS), "len({RM0, RM2})", "2"),
    (ex.Length(INT, m.HERE, m.constant(m.BAG, frozenset({(m.RM[0], 2)}))), "len(Bag{RM0 (x2)})", "2"),
    (ex.Length(INT, m.HERE, m.load("phase")), "len(phase)", "3"),
    (ex.Length(INT, m.HERE, m.load("waiting")), "len(waiting)", "len(waiting)"),
    (ex.Contains(BOOL, m.HERE, RMS, RM1), "RM1 in {RM0, RM2}", "False"),
    (ex.Contains(BOOL, m.HERE, RMS, r), "r in {RM0, RM2}", "r in {RM0, RM2}"),
    (ex.Contains(BOOL, m.HERE, m.load("phase"), r), "r in phase", "True"),
    (ex.Contains(BOOL, m.HERE, m.constant(m.SET_OF_RM, frozenset()), r), "r in set()", "False"),
    (ex.Contains(BOOL, m.HERE, m.constant(m.LIST, ()), m.waiting(r)), "waiting[r]? in []", "waiting[r]? in {}"),
    (ex.GetItem(m.PHASE, m.HERE, m.total("working", "prepared", "aborted"), RM1), '{RM0: "working", RM1: "prepared", RM2: "aborted"}[RM1]', '"prepared"'),
    (ex.GetItem(m.DIGIT, m.HERE, m.constant(m.PARTIAL, frozenset()), RM1), "{}[RM1]?", "{}[RM1]?"),
    (ex.GetItem(m.DIGIT, m.HERE, m.constant(m.PARTIAL, frozenset()), RM1, one), "{}.get(RM1, 1)", "1"),
    (ex.GetItem(m.DIGIT, m.HERE, m.constant(m.LIST, (4, 5)), m.number(-1)), "[4, 5][-1]?", "5"),
    (ex.Table(m.DIGIT, m.HERE, RM2, ((5,), None, (7,))), "{RM0: 5, RM2: 7}[RM2]?", "7"),
    (ex.Table(m.DIGIT, m.HERE, RM1, ((5,), None, (7,))), "{RM0: 5, RM2: 7}[RM1]?", "{RM0: 5, RM2: 7}[RM1]?"),
    (ex.MakeRecord(m.PREPARED, m.HERE, (RM1, FALSE)), "Prepared(rm=RM1, late=False)", "Prepared(rm=RM1, late=False)"),
    (ex.GetField(m.RMS, m.HERE, ex.MakeRecord(m.PREPARED, m.HERE, (r, low)), 0), "Prepared(rm=r, late=x < y).rm", "r"),
    (ex.GetField(m.RMS, m.HERE, ex.MakeRecord(m.PREPARED, m.HERE, (r, MAY_FAIL)), 0), "Prepared(rm=r, late=waiting[r]? == (1 as Range(0, 9))).rm",
     "Prepared(rm=r, late=waiting[r]? == 1).rm"),
    (ex.GetField(BOOL, m.HERE, m.constant(m.PREPARED, m.Prepared(m.RM[0], True)), 1), "Prepared(rm=RM0, late=True).late", "True"),
    (ex.GetField(BOOL, m.HERE, m.constant(m.SERVER, (True, frozenset())), 0), "Server(up=True, seen=set()).up", "True"),
    (ex.SetOperation(m.SET_OF_RM, m.HERE, "|", RMS, m.constant(m.SET_OF_RM, frozenset({m.RM[1]}))), "{RM0, RM2} | {RM1}", "{RM0, RM1, RM2}"),
    (ex.SetOperation(m.FROZEN, m.HERE, "-", FROZEN, FROZEN), "{RM0} - {RM0}", "set()"),
    (ex.SetOperation(m.Sets(m.RMS, 1), m.HERE, "|", RMS, RMS), "{RM0, RM2} | {RM0, RM2}", "{RM0, RM2} | {RM0, RM2}"),
    (ex.Subset(BOOL, m.HERE, RMS, RMS, "proper"), "{RM0, RM2} < {RM0, RM2}", "False"),
    (ex.Subset(BOOL, m.HERE, FROZEN, FROZEN), "{RM0} <= {RM0}", "True"),
    (m.comprehension("any", BOOL, low, m.over(A, m.load("log"), TRUE, low)), "any(x < y for a: Range(0, 9) in log if True if x < y)",
     "any(x < y for a: Range(0, 9) in log if x < y)"),
    (m.comprehension("set", m.SET_OF_RM, m.load(K), m.over(K, m.load("done"))), "{k for k: RM in done}", "done"),
    (m.comprehension("set", m.FROZEN, m.load(K), m.over(K, m.load("done"))), "frozenset(k for k: RM in done)", "done as frozenset[RM]"),
    (m.comprehension("set", m.Sets(m.RMS, 1), m.load(K), m.over(K, m.load("done"))), "{k for k: RM in done}", "{k for k: RM in done}"),
    (m.comprehension("set", m.SET_OF_RM, m.load(K), m.over(K, m.load("done"), low)), "{k for k: RM in done if x < y}", "{k for k: RM in done if x < y}"),
    (m.comprehension("set", m.SET_OF_RM, m.load(K), m.over(K, m.load("bag"))), "{k for k: RM in bag}", "{k for k: RM in bag}"),
    (m.comprehension("list", m.LIST, m.load(A), m.over(A, m.load("log"))), "[a for a: Range(0, 9) in log]", "log"),
    (m.comprehension("list", m.LIST, m.load(A), m.over(A, ex.ContainerSource(m.load("log"), reverse=True))), "[a for a: Range(0, 9) in reversed(log)]",
     "[a for a: Range(0, 9) in reversed(log)]"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "before", "folded"), FOLDED, ids=[before for _, before, _ in FOLDED])
def test_what_is_known_is_computed_and_what_may_fail_stays(expression: ex.Expression, before: str, folded: str) -> None:
    assert text_of_expression(expression, PROGRAM) == before
    assert shown("fold", expression) == folded


def test_a_constant_record_is_one_constant() -> None:
    assert isinstance(after("fold", ex.MakeRecord(m.PREPARED, m.HERE, (RM1, FALSE))), ex.Constant)
    contains = after("fold", ex.Contains(BOOL, m.HERE, RMS, r))
    assert isinstance(contains, ex.IsOneOf) and contains.numbers == {0, 2}


# ---------------------------------------------------------------- ranges


RANGED: list[tuple[ex.Expression, str, str]] = [
    (m.arithmetic("+", x, one), "x +? 1", "x + 1"),
    (m.arithmetic("+", n, one), "n +? 1", "n +? 1"),
    (m.arithmetic("//", x, m.number(2)), "x //? 2", "x // 2"),
    (m.arithmetic("//", x, y), "x //? y", "x //? y"),
    (m.arithmetic("%", n, m.number(5)), "n %? 5", "n % 5"),
    (m.arithmetic("*", m.arithmetic("%", n, m.number(5)), x), "n %? 5 *? x", "n % 5 * x"),
    (m.as_type(m.arithmetic("%", n, m.number(4)), m.SMALL, "domain"), "n %? 4 as Range(0, 3) else domain", "n % 4 as Range(0, 3)"),
    (m.as_type(m.arithmetic("+", x, one), m.DIGIT, "domain"), "x +? 1 as Range(0, 9) else domain", "x + 1 as Range(0, 9) else domain"),
    (m.as_type(ex.Length(INT, m.HERE, m.load("log")), m.SMALL, "domain"), "len(log) as Range(0, 3) else domain", "len(log) as Range(0, 3)"),
    (m.comprehension("sum", INT, x, m.over(K), checked=True), "sum(x for k in RM)?", "sum(x for k in RM)"),
    (m.comprehension("sum", INT, n, m.over(K), checked=True), "sum(n for k in RM)?", "sum(n for k in RM)?"),
    (m.less(m.as_type(x, INT), m.constant(INT, 10)), "(x as int) < 10", "True"),
    (m.less(m.as_type(x, INT), m.constant(INT, 9)), "(x as int) < 9", "(x as int) < 9"),
    (m.less(m.constant(INT, 9), m.as_type(x, INT)), "9 < (x as int)", "False"),
    (m.less(m.as_type(x, INT), m.constant(INT, 9), or_equal=True), "(x as int) <= 9", "True"),
    (m.less(m.as_type(m.waiting(r), INT), m.constant(INT, 10)), "(waiting[r]? as int) < 10", "(waiting[r]? as int) < 10"),
    (m.equal(m.as_type(x, INT), m.constant(INT, 10)), "(x as int) == 10", "False"),
    (m.equal(m.as_type(m.waiting(r), INT), m.constant(INT, 10)), "(waiting[r]? as int) == 10", "(waiting[r]? as int) == 10"),
    (ex.IsOneOf(BOOL, m.HERE, m.as_type(m.constant(m.SMALL, 2), m.DIGIT), frozenset({7, 8})), "(2 as Range(0, 9)) in {7, 8}", "False"),
    (ex.IsOneOf(BOOL, m.HERE, m.as_type(m.load(m.local("small", m.SMALL)), m.DIGIT), frozenset(range(4))), "(small as Range(0, 9)) in {0, 1, 2, 3}", "True"),
    (ex.IsOneOf(BOOL, m.HERE, x, frozenset({7, 8})), "x in {7, 8}", "x in {7, 8}"),
    (m.less(s, s), "s < s", "s < s"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "before", "ranged"), RANGED, ids=[before for _, before, _ in RANGED])
def test_what_intervals_decide_is_not_checked_and_what_may_fail_stays(expression: ex.Expression, before: str, ranged: str) -> None:
    assert text_of_expression(expression, PROGRAM) == before
    function = m.Function("f", (*LOCALS, m.local("small", m.SMALL)), expression.type, (m.returns(expression),), False, m.HERE)
    program = m.program(function)
    made = PASSES["ranges"](program)
    assert faults(program) == faults(made) == []
    assert text_of_expression(next(expressions_in(made.functions["f"].body)), PROGRAM) == ranged


# ---------------------------------------------------------------- prune

EXECUTED = m.store("count", x)
LOG = m.load("log")
PRUNED: list[tuple[list[st.AnyStatement], str, str]] = [
    ([m.if_(TRUE, [EXECUTED], [m.FAIL])], "if True\n    count := x\nelse\n    fail assert\n", "count := x\n"),
    ([m.if_(FALSE, [EXECUTED])], "if False\n    count := x\n", "pass\n"),
    ([m.if_(low, [m.require(TRUE)])], "if x < y\n    require True\n", "pass\n"),
    ([m.if_(MAY_FAIL, [m.require(TRUE)])], "if waiting[r]? == (1 as Range(0, 9))\n    require True\n", "if waiting[r]? == (1 as Range(0, 9))\n    pass\n"),
    ([m.if_(low, [m.require(FALSE)]), EXECUTED], "if x < y\n    require False\ncount := x\n", "require not x < y\ncount := x\n"),
    ([m.if_(low, [m.require(FALSE)], [EXECUTED])], "if x < y\n    require False\nelse\n    count := x\n", "if x < y\n    require False\nelse\n    count := x\n"),
    ([m.if_(TRUE, [m.returns()]), EXECUTED], "if True\n    return\ncount := x\n", "return\n"),
    ([m.if_(low, [m.returns()], [m.FAIL]), EXECUTED], "if x < y\n    return\nelse\n    fail assert\ncount := x\n",
     "if x < y\n    return\nelse\n    fail assert\n"),
    ([m.FAIL, EXECUTED], "fail assert\ncount := x\n", "fail assert\n"),
    ([m.require(FALSE), EXECUTED], "require False\ncount := x\n", "require False\n"),
    ([m.loop(m.TOUCH), EXECUTED], "loop\n    touch\ncount := x\n", "loop\n    touch\n"),
    ([m.loop(m.if_(low, [m.BREAK])), EXECUTED], "loop\n    if x < y\n        break\ncount := x\n", "loop\n    if x < y\n        break\ncount := x\n"),
    ([m.loop(m.if_(TRUE, [m.BREAK]), m.TOUCH)], "loop\n    if True\n        break\n    touch\n", "loop\n    break\n"),
    ([m.for_(K, ex.ValuesSource(m.RMS), m.require(TRUE))], "for k in RM\n    require True\n", "pass\n"),
    ([m.for_(A, ex.RangeSource(m.waiting(r), one))], "for a: Range(0, 9) in range(waiting[r]?, 1)\n    pass\n",
     "for a: Range(0, 9) in range(waiting[r]?, 1)\n    pass\n"),
    ([m.assign(A, x), m.assign(B, m.load(A))], "a: Range(0, 9) = x\nb: Range(0, 9) = a\n", "pass\n"),
    ([m.assign(A, m.waiting(r))], "a: Range(0, 9) = waiting[r]?\n", "a: Range(0, 9) = waiting[r]?\n"),
    ([m.assign(A, x), m.store("count", m.load(A))], "a: Range(0, 9) = x\ncount := a\n", "a: Range(0, 9) = x\ncount := a\n"),
    ([m.assign(own := m.local("own", m.LIST), LOG), m.change(m.of(own), "append", x)], "own: list[Range(0, 9)] of at most 2 = log\nown.append(x)\n",
     "own: list[Range(0, 9)] of at most 2 = log\nown.append(x)\n"),
    ([m.run("give", x, into=A)], "a: Range(0, 9) = run give(x)\n", "run give(x)\n"),
    ([m.TOUCH, st.Choose(K, ex.ValuesSource(m.RMS), span=m.HERE)], "touch\nchoose k in RM\n", "touch\nchoose k in RM\n"),
]  # fmt: skip


def statements_after(name: str, program: Program) -> str:
    return dedent(text_of(PASSES[name](program).functions["example"], program).split("\n", 1)[1])


def as_action(*statements: st.AnyStatement, result: Any = None) -> Program:
    """A Program whose action runs a procedure of these statements."""
    parameters = (*LOCALS, m.local("many", m.Integers(-7, 7)))
    given = [ex.Reference(one.type, m.HERE, SERVER_0) if one.name == "ref" else m.load(one) for one in parameters]
    rule = m.acting("rule", m.run("example", *given), parameters=tuple(one for one in parameters if one.name != "ref"))
    example = m.acting("example", *statements, parameters=parameters, result=result)
    return m.program(*BASE, rule, example, actions=("prepare", "decide", "rule"))


@pytest.mark.parametrize(("statements", "before", "pruned"), PRUNED, ids=[before for _, before, _ in PRUNED])
def test_what_never_runs_or_runs_for_nothing_is_left_out(statements: list[st.AnyStatement], before: str, pruned: str) -> None:
    program = as_action(*statements)
    assert faults(program) == []
    assert dedent(text_of(program.functions["example"], program).split("\n", 1)[1]) == before
    assert statements_after("prune", program) == pruned
    assert faults(PASSES["prune"](program)) == []


def test_a_parameter_by_reference_that_is_given_a_value_keeps_it() -> None:
    p = m.local("p", m.LIST, True)
    program = m.program(
        m.acting("f", m.assign(p, LOG), parameters=(p,)), m.acting("a", m.assign(own := m.local("own", m.LIST), LOG), m.run("f", m.load(own))), actions=("a",)
    )
    assert PASSES["prune"](program) is program


def test_functions_that_nothing_calls_are_left_out() -> None:
    calls = m.reading("calls", m.returns(m.call("called", BOOL)))
    called, lonely = m.reading("called", m.returns(TRUE)), m.reading("lonely", m.returns(m.call("called", BOOL)))
    program = m.program(calls, lonely, called, m.acting("a", m.run("b")), m.acting("b"), m.acting("c"), actions=("a",), terminals=("calls",))
    assert list(PASSES["prune"](program).functions) == ["calls", "called", "a", "b"]


def test_a_call_that_is_folded_away_takes_its_function_with_it() -> None:
    known = m.reading("known", m.returns(TRUE))
    rule = m.reading("rule", m.returns(m.both(FALSE, m.call("known", BOOL))))
    assert list(improved(m.program(known, rule, terminals=("rule",))).functions) == ["rule"]


# ---------------------------------------------------------------- all of them


def examples() -> list[Any]:
    """A Program for each example, in which the example is used."""
    expressions = [*(e for e, _ in EXPRESSIONS), *(e for e, _, _ in FOLDED), *(e for e, _, _ in RANGED)]
    texts = {text_of_expression(expression, PROGRAM): expression for expression in expressions}
    about_one_state = {shown: e for shown, e in texts.items() if not shown.startswith(("after", "occurs")) and "small" not in shown}
    return [
        *(pytest.param(as_action(m.returns(expression), result=expression.type), id=shown) for shown, expression in about_one_state.items()),
        *(pytest.param(as_action(*statements), id=shown) for statements, shown in STATEMENTS),
        *(pytest.param(as_action(*statements), id=shown) for statements, shown, _ in PRUNED),
    ]


EXAMPLES = examples()


@pytest.mark.parametrize("program", EXAMPLES)
def test_a_second_run_of_a_pass_changes_nothing(program: Program) -> None:
    for name, one_pass in PASSES.items():
        made = one_pass(program)
        assert one_pass(made) is made, name


@pytest.mark.parametrize("program", EXAMPLES)
def test_every_selection_of_passes_leaves_a_program_that_none_of_them_changes(program: Program) -> None:
    for without in (frozenset[str](), *(frozenset({name}) for name in PASSES)):
        made = improved(program, without)
        assert improved(made, without) is made
        assert faults(made) == []


def test_without_any_pass_the_program_is_the_very_same() -> None:
    program = as_action(m.if_(TRUE, [EXECUTED]))
    assert improved(program, frozenset(PASSES)) is program


def test_passes_find_what_others_have_left() -> None:
    """The comparison is decided by intervals, then the branch is known, then the local has no reader."""
    rest = m.as_type(m.arithmetic("%", n, m.number(4)), m.SMALL, "domain")
    small = m.local("small", m.SMALL)
    test = m.either(m.negated(m.less(m.as_type(m.load(small), INT), m.constant(INT, 4))), FALSE)
    program = as_action(m.assign(small, rest), m.if_(test, [m.FAIL], [EXECUTED]))
    assert text_of(improved(program).functions["example"], program).split("\n", 1)[1] == "    count := x\n"


def test_a_program_that_is_not_well_formed_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"not well-formed after lowering:\nexample \(two_phase.py:53\): Assign: the value is of type RM"):
        improved(with_statements(m.assign(A, r)))


def test_a_pass_that_breaks_the_program_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(program: Program) -> Program:
        return with_statements(m.BREAK)

    monkeypatch.setitem(PASSES, "fold", breaking)
    with pytest.raises(AssertionError, match="not well-formed after fold:\n.*a Break outside of a loop"):
        improved(with_statements())


def failing(expression: ex.Expression) -> set[str]:
    """What in an expression may fail by itself, as text: constants folded."""
    return {text_of_expression(part, PROGRAM) for part in everything_in(expression) if isinstance(part, ex.Load) and can_fail(part, PROGRAM)}


@pytest.mark.parametrize(
    "around",
    [
        lambda e: m.negated(m.negated(e)),
        lambda e: m.both(TRUE, e),
        lambda e: m.both(e, FALSE),
        lambda e: m.either(low, e, TRUE),
        lambda e: m.either(e, TRUE),
        lambda e: m.equal(e, TRUE),
        lambda e: m.equal(FALSE, e),
        lambda e: ex.IfThenElse(BOOL, m.HERE, e, TRUE, TRUE),
        lambda e: ex.IfThenElse(BOOL, m.HERE, TRUE, e, low),
        lambda e: ex.GetField(m.RMS, m.HERE, ex.MakeRecord(m.PREPARED, m.HERE, (r, e)), 0),
        lambda e: ex.IsOneOf(BOOL, m.HERE, e, frozenset({0, 1})),
        lambda e: ex.IsOneOf(BOOL, m.HERE, e, frozenset()),
        lambda e: ex.ToInteger(INT, m.HERE, e),
        lambda e: m.less(m.arithmetic("*", ex.ToInteger(INT, m.HERE, e), m.constant(INT, 0)), m.constant(INT, 5)),
        lambda e: ex.Contains(BOOL, m.HERE, m.load("phase"), ex.IfThenElse(m.RMS, m.HERE, e, r, RM0)),
        lambda e: ex.Length(INT, m.HERE, ex.IfThenElse(m.TOTAL, m.HERE, e, m.load("phase"), m.total("working", "working", "working"))),
        lambda e: ex.Contains(BOOL, m.HERE, m.constant(m.SET_OF_RM, frozenset()), ex.IfThenElse(m.RMS, m.HERE, e, r, RM0)),
    ],
)  # fmt: skip
def test_no_pass_drops_what_may_fail(around: Any) -> None:
    expression = around(MAY_FAIL)
    program = as_action(m.assign(m.local("result", expression.type), expression))
    made = improved(program)
    kept = set[str]().union(*map(failing, expressions_in(made.functions["example"].body)))
    assert kept == {"waiting[r]?"}, text(made)
