"""Temporal formulas as data, and fairness groups.

    leads_to(waiting, served)  ->  Always(Or(Not(Atom(waiting)), Eventually(Atom(served))))

Operators take formulas, predicates (methods and closures) and the atoms `enabled(...)` and `occurs(...)`. What they build says nothing yet about any state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

from speccheck.domains.evaluation import Building, current, misused
from speccheck.domains.overrides import user_span
from speccheck.dsl.rules import Label, Per, Strength, mark_of
from speccheck.errors import BadFairness, FormulaMisuse, WrongPlace


class Formula:
    """A temporal formula: a set of behaviors, not a bool."""

    __slots__ = ()

    def _refuse(self, what: str) -> Any:
        error = FormulaMisuse(f"{what} on a temporal formula")
        raise misused(error)

    def __bool__(self) -> bool:
        self._refuse("a truth value (and, or, not, if)")
        raise AssertionError

    def __eq__(self, other: object) -> bool:
        self._refuse("==")
        raise AssertionError

    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False)
class Atom(Formula):
    """A predicate of the current state: a method (taken by name on the class that is checked) or a closure."""

    predicate: Callable[..., bool]


@dataclass(frozen=True, eq=False)
class ActionAtom(Formula):
    """`enabled(action, ...)` or `occurs(action, ...)` of the current position."""

    kind: str  # "enabled" or "occurs"
    action: str
    positional: tuple[Any, ...]
    named: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, eq=False)
class Not(Formula):
    """The formula does not hold."""

    operand: Formula


@dataclass(frozen=True, eq=False)
class And(Formula):
    """All operands hold; none: true."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, eq=False)
class Or(Formula):
    """Some operand holds; none: false."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, eq=False)
class Implies(Formula):
    """The left side holds only if the right side does; kept apart from Or for the finding "never exercised"."""

    left: Formula
    right: Formula


@dataclass(frozen=True, eq=False)
class Always(Formula):
    """From here on for ever."""

    operand: Formula


@dataclass(frozen=True, eq=False)
class Eventually(Formula):
    """Now or some time later."""

    operand: Formula


@dataclass(frozen=True, eq=False)
class LeadsTo(Formula):
    """Whenever the left side holds, the right side holds then or later."""

    left: Formula
    right: Formula


@dataclass(frozen=True, eq=False)
class Until(Formula):
    """The right side comes to hold, and the left side holds up to then; `weak`: or the left side holds for ever."""

    left: Formula
    right: Formula
    weak: bool = False


@dataclass(frozen=True, eq=False)
class Release(Formula):
    """The right side holds up to and including the moment when the left side does, if ever."""

    left: Formula
    right: Formula


@dataclass(frozen=True)
class Fairness:
    """A fairness group: one assumption on the disjunction of the actions, or one for each value of `per`."""

    strength: Strength
    actions: tuple[Any, ...]
    per: Per


# bool stands here for type checkers only: `enabled` and `occurs` are bools inside predicates and atoms outside.
Operand: TypeAlias = Formula | Callable[[Any], bool] | Callable[[], bool] | bool


def formula(operand: Operand) -> Formula:
    """Return an operand as a formula; FormulaMisuse for a bool."""
    if isinstance(operand, Formula):
        return operand
    if callable(operand) and not isinstance(operand, type):
        return Atom(operand)
    error = FormulaMisuse(f"an operator was given {operand!r}", remedy="Give it a predicate: a method without the call, or `lambda: ...`.")
    raise misused(error)


def always(operand: Operand, /) -> Formula:
    """From here on for ever. TLA+: `[]P`."""
    return Always(formula(operand))


def eventually(operand: Operand, /) -> Formula:
    """Now or some time later. TLA+: `<>P`."""
    return Eventually(formula(operand))


def leads_to(left: Operand, right: Operand, /) -> Formula:
    """Whenever `left` holds, `right` holds then or later. TLA+: `P ~> Q`."""
    return LeadsTo(formula(left), formula(right))


def always_eventually(operand: Operand, /) -> Formula:
    """Again and again. TLA+: `[]<>P`."""
    return Always(Eventually(formula(operand)))


def eventually_always(operand: Operand, /) -> Formula:
    """From some time on for ever. TLA+: `<>[]P`."""
    return Eventually(Always(formula(operand)))


def until(left: Operand, right: Operand, /) -> Formula:
    """`right` comes to hold, and `left` holds up to then. LTL: `P U Q`."""
    return Until(formula(left), formula(right))


def weak_until(left: Operand, right: Operand, /) -> Formula:
    """`left` holds until `right` does, or for ever. LTL: `P W Q`."""
    return Until(formula(left), formula(right), weak=True)


def release(left: Operand, right: Operand, /) -> Formula:
    """`right` holds up to and including the moment when `left` does, if ever. LTL: `P R Q`."""
    return Release(formula(left), formula(right))


def implies(left: Operand, right: Operand, /) -> Formula:
    """If `left` holds here, so does `right`. TLA+: `P => Q`."""
    return Implies(formula(left), formula(right))


def all_of(*operands: Operand) -> Formula:
    """Every operand holds. TLA+: `/\\`."""
    return And(tuple(map(formula, operands)))


def any_of(*operands: Operand) -> Formula:
    """Some operand holds. TLA+: `\\/`."""
    return Or(tuple(map(formula, operands)))


def negate(operand: Operand, /) -> Formula:
    """The operand does not hold. TLA+: `~P`."""
    return Not(formula(operand))


def weak(*actions: Callable[..., Any], per: Per = None) -> Fairness:
    """Assume weak fairness of the disjunction of the actions, for each value of `per`. TLA+: `WF_vars(A \\/ B)`."""
    return Fairness("weak", _actions(actions), per)


@overload
def strong(label: str, /) -> Label: ...
@overload
def strong(*actions: Callable[..., Any], per: Per = None) -> Fairness: ...
def strong(*actions: Any, per: Per = None) -> Any:
    """Assume strong fairness of the disjunction of the actions, for each value of `per`. TLA+: `SF_vars(A \\/ B)`.

    In a process, `yield strong("label")` adds strong fairness of the step at that label.
    """
    if len(actions) == 1 and isinstance(actions[0], str):
        return Label(actions[0], "strong")
    return Fairness("strong", _actions(actions), per)


def _actions(actions: tuple[Any, ...]) -> tuple[Any, ...]:
    if not actions:
        raise BadFairness("a fairness group without actions", span=user_span())
    for one in actions:
        mark = mark_of(one)
        if mark is None or mark.role not in ("action", "process"):
            raise BadFairness(f"a fairness group holds {getattr(one, '__name__', one)!r}, which is no action", span=user_span())
    return actions


def enabled(action: Callable[..., Any], /, *positional: Any, **named: Any) -> bool:
    """Some step of the action is possible now and changes the state, or errs. TLA+: `ENABLED <<A>>_vars`.

    A bool inside predicates of properties, terminal and reachable; an atom where a formula is built. Omitted parameters are existential.
    """
    return _atom("enabled", action, positional, named)  # type: ignore[no-any-return]


def occurs(action: Callable[..., Any], /, *positional: Any, **named: Any) -> bool:
    """The step that leaves the current position changes the state and is a step of the action. TLA+: `<<A>>_vars`.

    A bool inside step invariants and closures of formulas; an atom where a formula is built.
    """
    return _atom("occurs", action, positional, named)  # type: ignore[no-any-return]


def _atom(kind: str, action: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
    mark = mark_of(action)
    if mark is None or mark.role not in ("action", "process"):
        error = FormulaMisuse(f"{kind}(...) was given {getattr(action, '__name__', action)!r}, which is no action")
        raise misused(error)
    evaluation, state = current.get(), getattr(action, "__self__", None)
    if evaluation is None and state is not None and not isinstance(state, type):
        raise WrongPlace(f"{kind}(...) outside an engine", remedy="Use `steps(state)`, which lists the possible steps.")
    if evaluation is None or isinstance(evaluation, Building):
        return ActionAtom(kind, mark.function.__name__, positional, tuple(sorted(named.items())))
    ask = evaluation.enabled if kind == "enabled" else evaluation.occurs
    return ask(state, mark.function.__name__, positional, named)
