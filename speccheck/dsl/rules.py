"""Rules: the decorators that give a method its role.

A decorated method stays an ordinary function; its role is a `Mark` on it. An action becomes atomic outside an engine, too: when it raises, the state is as
it was before.
"""

import functools
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from speccheck.domains.evaluation import current
from speccheck.domains.overrides import user_span
from speccheck.domains.parts import shown
from speccheck.errors import BadDecorator

if TYPE_CHECKING:
    from speccheck.dsl.formulas import Formula

F = TypeVar("F", bound=Callable[..., Any])
Start = TypeVar("Start", bound=Callable[[Any], None])
Predicate = TypeVar("Predicate", bound=Callable[..., bool])
StatePredicate = TypeVar("StatePredicate", bound=Callable[[Any], bool])
Building = TypeVar("Building", bound="Callable[..., Formula]")
Generating = TypeVar("Generating", bound="Callable[..., Steps]")
S = TypeVar("S")
A = TypeVar("A")
C = TypeVar("C", bound=type)
Role = Literal["action", "init", "invariant", "step_invariant", "reachable", "constraint", "terminal", "temporal", "refinement", "process"]
Strength = Literal["weak", "strong"]
Per = str | tuple[str, ...] | Mapping[str, Any] | None
MARK = "__speccheck_mark__"


@dataclass(frozen=True)
class Mark:
    """The role of a method. `function` is the method as it was written."""

    role: Role
    function: Callable[..., Any]
    fairness: Strength | None = None
    per: Per = None
    refined: type | None = None
    liveness: bool = False
    crashes: bool = False
    daemon: bool = False


@dataclass(frozen=True)
class ModelLine:
    """One `@model(...)` line: constants and options as they were written, and where."""

    constants: Mapping[str, Any]
    options: Mapping[str, Any]
    file: str
    line: int


def mark_of(member: Any) -> Mark | None:
    """Return the mark of a class member, or None for a plain one."""
    return getattr(member, MARK, None)


def marked(mark: Mark) -> Any:
    """Return the function with its mark on it; actions are wrapped to be atomic."""
    function = mark.function
    if mark.role in ("action", "init"):
        function = _atomic(function)
    setattr(function, MARK, mark)
    return function


def _atomic(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def step(self: Any, *positional: Any, **named: Any) -> Any:
        journal = self._part_journal
        if current.get() is not None or journal.tracking:
            return function(self, *positional, **named)
        journal.record()
        try:
            result = function(self, *positional, **named)
            journal.keep()
            return result
        finally:
            journal.undo()  # nothing is left to undo after a completed step
            journal.forget()

    return step


def _role(role: Role, **options: Any) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        if not isinstance(function, FunctionType):
            raise BadDecorator(f"@{role} stands on {shown(function)}, which is no method", span=user_span())
        known = mark_of(function)
        if known is not None:
            raise BadDecorator(f"'{function.__name__}' has two roles: {known.role} and {role}", span=user_span())
        return marked(Mark(role, function, **options))

    return decorate


def _check_fairness(fairness: Any) -> None:
    if fairness not in (None, "weak", "strong"):
        raise BadDecorator(f'fairness={fairness!r}: expected "weak", "strong" or None', span=user_span())


@overload
def action(function: F, /) -> F: ...
@overload
def action(*, fairness: Strength | None = None, per: Per = None) -> Callable[[F], F]: ...
def action(function: Any = None, /, *, fairness: Strength | None = None, per: Per = None) -> Any:
    """Make a method an action: one atomic step for each value of its parameters. TLA+: a disjunct of `Next`.

    `fairness="weak"` or `"strong"` assumes that the action is taken; with parameters, `per` says for which of them each (`per="i"`, `per=()` for all of them
    together).
    """
    _check_fairness(fairness)
    decorate = _role("action", fairness=fairness, per=per)
    return decorate if function is None else decorate(function)


def init(function: Start, /) -> Start:
    """Make a method the one that completes the initial states; it may `choose` and `require`."""
    return _role("init")(function)  # type: ignore[no-any-return]


def invariant(function: Predicate, /) -> Predicate:
    """Make a predicate an invariant: true in every reachable state."""
    return _role("invariant")(function)  # type: ignore[no-any-return]


def step_invariant(function: Predicate, /) -> Predicate:
    """Make a predicate over `self` and `after` true of every step that changes something. TLA+: `[][P]_vars`."""
    return _role("step_invariant")(function)  # type: ignore[no-any-return]


def reachable(function: Predicate, /) -> Predicate:
    """Claim that some reachable state satisfies the predicate."""
    return _role("reachable")(function)  # type: ignore[no-any-return]


def constraint(function: StatePredicate, /) -> StatePredicate:
    """Bound the search: a state where the predicate is false is checked, then dropped. TLA+: CONSTRAINT."""
    return _role("constraint")(function)  # type: ignore[no-any-return]


def terminal(function: StatePredicate, /) -> StatePredicate:
    """Say which states may have no successor; any other such state is a deadlock."""
    return _role("terminal")(function)  # type: ignore[no-any-return]


def temporal(function: Building, /) -> Building:
    """Make a method that returns a formula a temporal property, for all values of its parameters."""
    return _role("temporal")(function)  # type: ignore[no-any-return]


def refines(abstract: type[A], *, liveness: bool = False) -> Callable[[Callable[[S], A]], Callable[[S], A]]:
    """Claim that the spec refines another one under the mapping that the method computes; with `liveness=True` its fairness and formulas, too."""
    if not isinstance(abstract, type):
        raise BadDecorator("@refines takes the abstract spec: @refines(Lock)", span=user_span())
    return _role("refinement", refined=abstract, liveness=liveness)


@dataclass(frozen=True)
class Label:
    """A label with a fairness of its own, made by `unfair` or `strong`."""

    name: str
    fairness: Strength | None


Steps = Generator[str | Label, None, None]


@overload
def process(function: Generating, /) -> Generating: ...
@overload
def process(*, fairness: Strength | None = None, crashes: bool = False, daemon: bool = False) -> Callable[[Generating], Generating]: ...
def process(function: Any = None, /, *, fairness: Strength | None = None, crashes: bool = False, daemon: bool = False) -> Any:
    """Make a generator method a process: `yield "label"` ends one step and names the next. PlusCal: `process`."""
    _check_fairness(fairness)
    decorate = _role("process", fairness=fairness, crashes=crashes, daemon=daemon)
    return decorate if function is None else decorate(function)


def unfair(label: str) -> Label:
    """Exempt the step at this label from its process's fairness: `yield unfair("think")`."""
    return Label(label, None)
