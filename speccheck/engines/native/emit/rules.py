"""Functions that only read, and those that act for others: the functions of the Program but for its actions."""

from typing import TYPE_CHECKING

from speccheck.engines.native.emit import statements
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import place_comment
from speccheck.program.program import Function as Rule

if TYPE_CHECKING:
    from speccheck.engines.native.emit.unit import Unit


def reader(unit: "Unit", rule: Rule, name: str, stepless: bool = False) -> Function:
    """Return a function that reads the state, or both states of a step, and returns a value; a `stepless` one fails where it would ask for the step."""
    assert rule.result is not None
    f = _begun(unit, rule, "reads")
    f.stepless = stepless
    states = [f"{unit.state_type}s"] + ([f"{unit.state_type}after"] if unit.analysis.reads_after(rule.name) and not stepless else [])
    return _written(f, rule, name, states)


def actor(unit: "Unit", rule: Rule, name: str) -> Function:
    """Return a function that writes, requires or chooses for the actions that call it."""
    f = _begun(unit, rule, "acts")
    writes = unit.analysis.writes(rule.name)
    states = ["u64 *t", "int *wrote"] if writes else [f"{unit.state_type}t"]
    if writes and not unit.wide:
        f.states["self"] = "(*t)"
    if unit.analysis.chooses(rule.name):
        states.append("struct sc_choices *choices")
    return _written(f, rule, name, states)


def _begun(unit: "Unit", rule: Rule, kind: str) -> Function:
    f = Function(unit, "reads" if kind == "reads" else "acts", "" if rule.result is None else ctype(rule.result))
    f.may_fail = unit.analysis.fails(rule.name)
    f.remark = f.said = place_comment(rule.span) or f"/* {rule.name} */"
    return f


def _written(f: Function, rule: Rule, name: str, states: list[str]) -> Function:
    parameters = [f.parameter(one) for one in rule.parameters]
    fail = ["int *fail"] if f.unit.analysis.fails(rule.name) else []
    f.head = f"static {f.result or 'void'} {name}({', '.join([*states, *parameters, *fail])})"
    statements.body(f, rule.body)
    if f.path is not None and f.result:
        f.line(f.return_nothing())
    return f
