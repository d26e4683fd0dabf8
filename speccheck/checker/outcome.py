"""Whether the end of a trace still is what the trace was kept for.

In: a machine, the states of a trace in packed form, and where the trace comes from. Out: True or False; None where the states alone do not say it: whether a
lasso violates a formula depends on fairness, which is for a check to judge.
"""

from collections.abc import Sequence
from typing import Any

from speccheck.domains.evaluation import entered
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.stepping import RuleRaised
from speccheck.model.model import Property, Rule
from speccheck.space.space import Packed
from speccheck.trace.origin import Origin


def outcome(machine: PythonMachine, states: Sequence[Packed], origin: Origin) -> bool | None:
    """Return whether the last state (or step) still violates the property, or, of a `reachable`, satisfies it; None where that cannot be said, or the model
    has no such property any more.
    """
    prop = next((one for one in machine.model.properties if one.name == origin.property and one.kind == origin.kind), None)
    if prop is None or not states:
        return None
    with entered(machine.stepper.evaluation):
        match prop.kind:
            case "deadlock":
                return not machine.stepper.steps(states[-1]) and not any(_holds(machine, rule, states, ()) for rule in machine.model.terminals)
            case "reachable":
                return any(holds(machine, prop, states, binding) for binding in _bindings(prop))
            case "invariant" | "step_invariant":
                return any(_fails(machine, prop, states, binding) for binding in _bindings(prop))
            case "refinement" | "temporal" | "domain" | "assert" | "error":
                return None


def holds(machine: PythonMachine, prop: Property, states: Sequence[Packed], binding: tuple[Any, ...]) -> bool:
    """Return what a property says of the last state, or a step invariant of the last two. Raises RuleRaised. Call inside an evaluation."""
    assert prop.rule is not None
    if prop.kind != "step_invariant":
        return _holds(machine, prop.rule, states, binding)
    stepper = machine.stepper
    stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", states[-1]
    stepper.source.load(states[-2])
    stepper.after.load(states[-1])
    stepper.after.journal.refuse()
    return stepper.holds(stepper.source, prop.rule, binding, stepper.after.state)


def _holds(machine: PythonMachine, rule: Rule, states: Sequence[Packed], binding: tuple[Any, ...]) -> bool:
    stepper = machine.stepper
    stepper.evaluation.mode = "property"
    stepper.source.load(states[-1])
    return stepper.holds(stepper.source, rule, binding)


def _fails(machine: PythonMachine, prop: Property, states: Sequence[Packed], binding: tuple[Any, ...]) -> bool:
    if prop.kind == "step_invariant" and len(states) < 2:
        return False
    try:
        return not holds(machine, prop, states, binding)
    except RuleRaised:
        return True


def _bindings(prop: Property) -> list[tuple[Any, ...]]:
    return [] if prop.rule is None else prop.rule.bindings()
