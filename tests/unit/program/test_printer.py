"""Programs as text: what is read in golden files."""

import textwrap
from typing import get_args

import pytest

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.notation import text_of_type
from speccheck.program.printer import text, text_of, text_of_expression
from speccheck.program.types import BOOL
from speccheck.program.walk import everything_in, statements_in
from tests.unit.program import made as m
from tests.unit.program.examples import EXPRESSIONS, PROGRAM, STATEMENTS


@pytest.mark.parametrize(("expression", "shown"), EXPRESSIONS, ids=[shown for _, shown in EXPRESSIONS])
def test_an_expression_is_written_as_in_python(expression: ex.Expression, shown: str) -> None:
    assert text_of_expression(expression, PROGRAM) == shown


@pytest.mark.parametrize(("statements", "shown"), STATEMENTS, ids=[shown for _, shown in STATEMENTS])
def test_a_statement_is_written_on_one_line_with_its_blocks_below(statements: tuple[st.AnyStatement, ...], shown: str) -> None:
    _, body = text_of(m.acting("f", *statements), PROGRAM).split("\n", 1)
    assert textwrap.dedent(body) == shown


def test_the_examples_have_every_class_of_expression() -> None:
    shown = {type(part) for expression, _ in EXPRESSIONS for part in everything_in(expression)}
    assert shown == set(get_args(ex.AnyExpression))


def test_the_examples_have_every_class_of_statement() -> None:
    shown = {type(statement) for statements, _ in STATEMENTS for statement in statements_in(statements)}
    assert shown == set(get_args(st.AnyStatement))


def test_without_its_program_an_expression_has_numbers_instead_of_names() -> None:
    load = m.load(m.variable("servers", ex.KeyStep(m.constant(m.RMS, m.RM[0]), True), ex.FieldStep(1), domain=m.SET_OF_RM))
    assert text_of_expression(load) == "variable_6[RM0].1"
    assert text_of_expression(m.load(m.variable("count", after=True))) == "after.variable_2"
    assert text_of_expression(ex.Enabled(BOOL, m.HERE, ((1, ((0, m.TRUE),)),))) == "enabled(action_1(0=True))"


def test_a_type_has_its_name_or_its_values() -> None:
    shown = [
        text_of_type(one)
        for one in (
            m.RMS, m.PHASE, m.NONE, BOOL, m.Enumerated((False, True), "False, True"), m.Enumerated((m.RM[1],), "RM1"), m.Enumerated(tuple("abcdefghijklmn"), "letters, all")
        )
    ]  # fmt: skip
    letters = ", ".join(f'"{one}"' for one in "abcdefghijkl")
    assert shown == ["RM", '{"working", "prepared", "aborted"}', "None", "bool", "bool", "{RM1}", f"{{{letters}, ... 2 more}}"]


def test_a_variable_that_shares_its_name_with_a_local_is_written_with_self() -> None:
    count = m.local("count", m.DIGIT)
    function = m.acting("f", m.assign(count, m.load("count")), m.store("count", m.load(count)))
    assert text_of(function, m.program(function)).splitlines()[1:] == ["    count: Range(0, 9) = self.count", "    self.count := count"]


def test_a_program_is_its_variables_and_functions_with_what_they_are() -> None:
    rm = m.local("rm", m.RMS)
    phase = m.variable("phase", ex.KeyStep(m.load(rm), True), domain=m.PHASE)
    working = m.equal(m.load(phase), m.constant(m.PHASE, "working"))
    message = m.as_type(ex.MakeRecord(m.PREPARED, m.HERE, (m.load(rm), m.FALSE)), m.MESSAGE)
    prepare = m.acting("rm_prepare", m.require(working), m.store(phase, m.constant(m.PHASE, "prepared")), m.change("msgs", "add", message), parameters=(rm,))
    late = m.reading("late", m.returns(working), parameters=(rm,), title="TwoPhase.late")
    fill = m.acting("fill", m.change(m.of(m.local("xs", m.LIST, True)), "append", m.constant(m.DIGIT, 1)), parameters=(m.local("xs", m.LIST, True),))
    made = m.program(
        prepare, late, fill, m.reading("small", m.returns(m.TRUE)), actions=("rm_prepare",), invariants={"never_late": "late"}, constraints=("small",),
        predicates=("small", "late"),
    )  # fmt: skip
    assert text(made) == textwrap.dedent("""\
        program Made

        variable phase: dict[RM, {"working", "prepared", "aborted"}]
        variable msgs: set[Prepared | None]
        variable count: Range(0, 9)
        variable waiting: dict[RM, Range(0, 9)] (partial)
        variable log: list[Range(0, 9)] of at most 2
        variable bag: Bag[RM] of at most 2
        variable servers: dict[RM, Server]
        variable box: list[Range(0, 9)] of at most 2 | None
        variable done: set[RM]

        action rm_prepare(rm: RM)                                       # two_phase.py:53
            require phase[rm] == "working"
            phase[rm] := "prepared"
            msgs.add(Prepared(rm=rm, late=False) as Prepared | None)

        invariant never_late:, predicate late(rm: RM) -> bool           # TwoPhase.late, two_phase.py:53
            return phase[rm] == "working"

        procedure fill(var xs: list[Range(0, 9)] of at most 2)          # two_phase.py:53
            xs.append(1)

        constraint, predicate small() -> bool                           # two_phase.py:53
            return True
        """)
