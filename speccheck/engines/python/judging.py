"""Judging a state or a step that is loaded: which predicates are false there, which are true, and which raise.

The search asks this of every state that it visits, a simulation of every state that a random run passes.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from speccheck.engines.python.live import Live
from speccheck.engines.python.stepping import RuleRaised, Stepper
from speccheck.model.model import Property, Rule

Bound = tuple[Property, Rule, tuple[Any, ...]]  # a property, its rule, and values for the rule's parameters


class Judged(NamedTuple):
    """A property for which something was found, and the binding for which it was; `raised` is what its predicate raised, in words."""

    property: Property
    rule: Rule
    binding: tuple[Any, ...]
    raised: str | None


def bound(properties: Iterable[Property], kind: str) -> list[Bound]:
    """Return the properties of a kind with each of their bindings."""
    return [(p, p.rule, binding) for p in properties if p.kind == kind and p.rule is not None for binding in p.rule.bindings()]


def refuted(stepper: Stepper, live: Live, predicates: Iterable[Bound], *after: Any) -> Iterator[Judged]:
    """Yield the predicates that are False on a loaded state, and those that raise; `after` is the state that the step leads to, for step invariants."""
    for prop, rule, binding in predicates:
        try:
            if stepper.holds(live, rule, binding, *after):
                continue
            raised = None
        except RuleRaised as error:
            raised = str(error)
        yield Judged(prop, rule, binding, raised)


def witnessed(stepper: Stepper, live: Live, predicates: Iterable[Bound]) -> Iterator[Judged]:
    """Yield the predicates that are True on a loaded state, and those that raise."""
    for prop, rule, binding in predicates:
        try:
            if not stepper.holds(live, rule, binding):
                continue
            raised = None
        except RuleRaised as error:
            raised = str(error)
        yield Judged(prop, rule, binding, raised)
