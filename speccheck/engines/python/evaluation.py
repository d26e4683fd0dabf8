"""The evaluation of rules on a live state: choices, and questions about actions.

A method is run from its start once for each sequence of choices (semantics 1.1). The stack holds the alternatives of each `choose` that the current run has
reached; `advance` moves to the next sequence, depth first, so sequences come in the order of their alternatives.
"""

import types
import typing
from collections.abc import Iterator
from typing import Any

from speccheck.domains.annotations import domain_of
from speccheck.domains.base import ENUMERABLE
from speccheck.domains.evaluation import Disabled
from speccheck.domains.lists import StateList
from speccheck.domains.maps import StateMap
from speccheck.domains.ordering import in_domain_order
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.sorts import SortMeta
from speccheck.dsl.statements import Subsets
from speccheck.engines.python.live import Live
from speccheck.errors import Misuse, NotRepeatable, ReadOnlyRule, SpeccheckError, UnboundedDomain, UnknownRule, WrongPlace
from speccheck.model.model import Model, Rule
from speccheck.space.space import Packed


class NeedsStep(BaseException):
    """A closure of a formula asks what step leaves the position: it must be evaluated for each step, not once for the state."""


class Chosen:
    """One `choose` that was reached: the alternative that is tried now, and those that are left."""

    __slots__ = ("rest", "value")

    def __init__(self, value: Any, rest: Iterator[Any]) -> None:
        self.value = value
        self.rest = rest


class PythonEvaluation:
    """The evaluation that `choose`, `enabled` and `occurs` talk to. `mode` is what kind of rule is running."""

    def __init__(self, model: Model) -> None:
        self.stack: list[Chosen] = []
        self.position = 0
        self.ticks = 0  # evaluations so far, for the watchdog
        self.mode = "action"
        self.lives: list[Live] = []
        self.step_target: Packed | None = None  # of the step that a step invariant looks at
        self.reached: Any = None  # called at each choose, when a step is replayed
        names = [*(rule.name for rule in model.actions), *(process.name for process in model.processes)]
        self._instances = {name: [(rule, binding) for rule in model.actions_of(name) for binding in rule.bindings()] for name in names}
        self._domains: dict[Any, tuple[Any, ...]] = {}

    # ---------------------------------------------------------------- choose

    def choose(self, alternatives: Any) -> Any:
        """Return one of the alternatives; raise Disabled when there is none."""
        if self.mode != "action":
            raise Misuse(ReadOnlyRule("choose in a rule that may only read"))
        if self.reached is not None:
            self.reached()
        if self.position == len(self.stack):
            rest = self._offered(alternatives)
            for value in rest:
                self.stack.append(Chosen(value, rest))
                break
            else:
                raise Disabled
        chosen = self.stack[self.position]
        self.position += 1
        return chosen.value

    def start(self) -> None:
        """Begin the next run of a rule."""
        self.position = 0
        self.ticks += 1

    def advance(self) -> bool:
        """Move to the next sequence of choices; False when there is none."""
        if self.position < len(self.stack):
            self.stack.clear()
            raise Misuse(NotRepeatable("a rule made fewer choices when it was run again on the same state"))
        while self.stack:
            top = self.stack[-1]
            for value in top.rest:
                top.value = value
                return True
            self.stack.pop()
        return False

    def choices(self) -> tuple[Any, ...]:
        """Return the values picked in the current run."""
        return tuple([chosen.value for chosen in self.stack])

    def _offered(self, alternatives: Any) -> Iterator[Any]:
        if isinstance(alternatives, SortMeta):
            return iter(tuple(alternatives))
        if isinstance(alternatives, Subsets):
            return iter(alternatives)
        if is_annotation(alternatives):
            return iter(self._enumerated(alternatives))
        if isinstance(alternatives, StateList):
            return iter(sorted(in_domain_order(alternatives), key=alternatives._part_domain.element.key))
        if isinstance(alternatives, StateMap):
            return iter(tuple(alternatives))
        return iter(in_domain_order(alternatives))

    def _enumerated(self, annotation: Any) -> tuple[Any, ...]:
        known = self._domains.get(annotation)
        if known is None:
            try:
                domain = domain_of(annotation)
                if domain.size > ENUMERABLE:
                    raise UnboundedDomain(f"choose over {domain.describe()}, which has {domain.size:,} values")
            except SpeccheckError as error:
                raise Misuse(error) from None
            known = self._domains[annotation] = tuple(domain)
        return known

    # ---------------------------------------------------------------- enabled, occurs

    def enabled(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Return whether some step of the action is possible now (semantics 4.3)."""
        if self.mode not in ("property", "step_property", "formula"):
            raise Misuse(WrongPlace("enabled(...) in an action, @init or constraint"))
        live = self._live_of(state)
        return any(target != live.loaded for target in self._outcomes(live, action, positional, named))

    def occurs(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Return whether the step that is looked at is a step of the action (semantics 4.2)."""
        if self.mode not in ("step_property", "formula"):
            raise Misuse(WrongPlace("occurs(...) outside a step invariant or formula"))
        if self.mode == "formula" and self.step_target is None:
            raise NeedsStep
        live = self._live_of(state)
        if self.mode == "step_property" and live is not self.lives[0]:
            raise Misuse(WrongPlace("occurs(...) on the state after the step", remedy="Write occurs(self.action): it speaks of the step out of self."))
        return any(target == self.step_target for target in self._outcomes(live, action, positional, named))

    def _live_of(self, state: Any) -> Live:
        for live in self.lives:
            if live.state is state:
                return live
        raise Misuse(WrongPlace("enabled(...) or occurs(...) on a state that is not the current one"))

    def _outcomes(self, live: Live, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Iterator[Packed | None]:
        """Yield the target of each completed evaluation that matches the arguments, and None for each that errs."""
        if action not in self._instances:
            raise Misuse(UnknownRule(f"a predicate asks about '{action}', which the spec that is checked does not have (dropped by without=?)"))
        saved = self.stack, self.position, self.mode
        live.journal.record()
        try:
            for rule, binding in self._instances[action]:
                if _matches(rule, binding, positional, named):
                    self.stack, self.mode = [], "action"
                    yield from self._runs(live, rule, binding)
        finally:
            live.journal.refuse()
            self.stack, self.position, self.mode = saved

    def _runs(self, live: Live, rule: Rule, binding: tuple[Any, ...]) -> Iterator[Packed | None]:
        more = True
        while more:
            self.start()
            try:
                rule.function(live.state, *binding)
                found: list[Packed | None] = [live.target()]
            except Disabled:
                found = []
            except (Exception, OutsideDomain, SystemExit):
                found = [None]
            finally:
                live.undo()
            yield from found
            more = self.advance()


def is_annotation(value: Any) -> bool:
    """Return whether `choose` was given a type rather than a collection of values."""
    if isinstance(value, type | types.UnionType) or typing.get_origin(value) is not None:
        return True
    return type(value).__name__ in ("TypeAliasType", "NewType")


def _matches(rule: Rule, binding: tuple[Any, ...], positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
    names = [p.name for p in rule.parameters]
    if len(positional) > len(names) or not set(named) <= set(names):
        raise Misuse(
            WrongPlace(
                f"'{rule.name}' takes {', '.join(names) or 'no parameters'}, but was given other arguments",
                remedy="Give the action's parameters, by position or name.",
            )
        )
    given = dict(zip(names, positional)) | named
    return all(given[n] == value for n, value in zip(names, binding) if n in given)
