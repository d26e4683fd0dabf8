"""Walking finds every part, and rebuilding changes nothing else."""

import pytest

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.printer import text_of, text_of_expression
from speccheck.program.types import BOOL
from speccheck.program.walk import (
    bound_by,
    called_by,
    children,
    everything_in,
    expressions_in,
    expressions_of,
    rebuilt,
    rebuilt_block,
    rebuilt_program,
    rebuilt_statement,
    rules_of,
)
from tests.unit.program import made as m
from tests.unit.program.examples import EXPRESSIONS, PROGRAM, STATEMENTS, one, with_statements, x

PARTS = [part for part, _ in EXPRESSIONS]
IDS = [shown for _, shown in EXPRESSIONS]


def same(expression: ex.Expression) -> ex.Expression:
    return expression


@pytest.mark.parametrize("expression", PARTS, ids=IDS)
def test_an_expression_whose_parts_do_not_change_is_the_very_same(expression: ex.Expression) -> None:
    assert rebuilt(expression, same) is expression


def copied(expression: ex.Expression) -> ex.Expression:
    """A constant is made anew, so that all that holds one is, too."""
    if isinstance(expression, ex.Constant):
        return ex.Constant(expression.type, expression.span, expression.value)
    return rebuilt(expression, copied)


@pytest.mark.parametrize("expression", PARTS, ids=IDS)
def test_an_expression_that_is_made_anew_is_written_as_before(expression: ex.Expression) -> None:
    again = copied(expression)
    assert text_of_expression(again, PROGRAM) == text_of_expression(expression, PROGRAM)
    has_constants = any(isinstance(part, ex.Constant) for part in everything_in(expression))
    assert (again is not expression) == has_constants


@pytest.mark.parametrize("expression", PARTS, ids=IDS)
def test_each_child_is_replaced_once(expression: ex.Expression) -> None:
    hole = ex.Load(BOOL, m.HERE, m.of(m.local("hole", BOOL)))
    replaced = rebuilt(expression, lambda child: hole)
    assert children(replaced) == (hole,) * len(children(expression))


def test_children_come_in_the_order_of_their_evaluation() -> None:
    k, a = m.local("k", m.RMS), m.local("a", m.DIGIT)
    loads = [m.load(m.local(name, m.DIGIT)) for name in "abcdefg"]
    generator = ex.Generator((a,), ex.RangeSource(loads[0], loads[1]), ((k, loads[2]),), (loads[3],))
    made = ex.Comprehension(m.PARTIAL, m.HERE, "map", (generator,), loads[5], loads[4], loads[6])
    assert list(children(made)) == loads


def test_a_place_is_made_of_its_root_its_keys_and_its_indices() -> None:
    root, key, index = m.load(m.local("root", m.DIGIT)), m.load(m.local("key", m.DIGIT)), m.load(m.local("index", m.DIGIT))
    steps = (ex.KeyStep(key, False), ex.FieldStep(0), ex.ItemStep(index), ex.AlternativeStep(1))
    assert children(ex.Load(BOOL, m.HERE, ex.Place(root, steps, BOOL))) == (root, key, index)


@pytest.mark.parametrize("statements", [statements for statements, _ in STATEMENTS], ids=[shown for _, shown in STATEMENTS])
def test_a_block_whose_parts_do_not_change_is_the_very_same(statements: tuple[st.AnyStatement, ...]) -> None:
    assert rebuilt_block(statements, same) is statements
    for statement in statements:
        assert rebuilt_statement(statement, same, lambda block: block) is statement


@pytest.mark.parametrize("statements", [statements for statements, _ in STATEMENTS], ids=[shown for _, shown in STATEMENTS])
def test_a_block_that_is_made_anew_is_written_as_before(statements: tuple[st.AnyStatement, ...]) -> None:
    again = rebuilt_block(statements, copied)
    assert text_of(m.acting("f", *again), PROGRAM) == text_of(m.acting("f", *statements), PROGRAM)
    constants = [part for part in expressions_in(statements) if isinstance(part, ex.Constant)]
    assert not {id(part) for part in constants} & {id(part) for part in expressions_in(again)}


def test_a_statement_may_become_several_or_none() -> None:
    block = (m.if_(m.TRUE, [m.TOUCH, m.store("count", x)]), m.TOUCH)
    twice = rebuilt_block(block, same, lambda one: (one, one) if isinstance(one, st.Store) else () if isinstance(one, st.Touch) else (one,))
    assert text_of(m.acting("f", *twice), PROGRAM).splitlines()[1:] == ["    if True", "        count := x", "        count := x"]


def test_the_expressions_of_a_statement_are_not_those_of_its_blocks() -> None:
    test, value = m.TRUE, one
    statement = m.if_(test, [m.store("count", value)])
    assert expressions_of(statement) == (test,)
    assert list(expressions_in((statement,))) == [test, value]


def test_locals_are_bound_by_statements_and_by_expressions() -> None:
    a, b, k = m.local("a", m.DIGIT), m.local("b", m.DIGIT), m.local("k", m.RMS)
    assert bound_by(m.assign(a, one)) == (a,)
    assert bound_by(m.store(m.of(m.local("xs", m.LIST)), one)) == ()
    assert bound_by(m.run("give", one)) == ()
    assert bound_by(m.for_((k, b), ex.ValuesSource(m.RMS))) == (k, b)
    assert bound_by(m.comprehension("any", BOOL, m.TRUE, m.over(k, lets=[(a, one)]), m.over(b))) == (k, a, b)
    assert bound_by(ex.Sorted(m.LIST, m.HERE, m.load("log"), False, a, m.load(a))) == (a,)


def test_what_is_called_is_found_in_expressions_and_statements() -> None:
    function = m.acting("f", m.if_(m.negated(m.call("known", BOOL)), [m.run("give", m.call("other", m.DIGIT))]), m.run("give", one))
    assert called_by(function) == ("known", "give", "other")


def test_every_rule_is_listed_once() -> None:
    program = m.program(
        actions=("a",), invariants={"i": "f", "j": "f"}, step_invariants={"s": "g"}, reachables={"r": "h"}, constraints=("c",), predicates=("h",)
    )
    assert rules_of(program) == ("a", "f", "g", "h", "c")


def test_a_program_whose_functions_do_not_change_is_the_very_same() -> None:
    program = with_statements(m.TOUCH)
    assert rebuilt_program(program, lambda function: function) is program
