"""The evaluation of a rule that is going on in this thread, if any.

Statements such as `choose` are free functions, and members of a sort behave differently inside a rule, so both ask here. An engine enters an evaluation
once for a whole search, not once for each step. Outside (unit tests, notebooks, module level) there is none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from speccheck.errors import Misuse, ReadOnlyRule, SpeccheckError


class Evaluation(Protocol):
    """What a rule may ask of the engine that runs it."""

    def choose(self, alternatives: Any) -> Any:
        """Return one of the alternatives; raise Disabled when there is none."""

    def enabled(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Return whether some step of the action is possible now (semantics 4.3)."""

    def occurs(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Return whether the step that is looked at is a step of the action (semantics 4.2)."""


class Disabled(BaseException):
    """The step that was being tried is not possible: a `require` was false, or a `choose` had nothing to pick."""


class Building:
    """The evaluation while a temporal formula is built: there is no current state and nothing to choose."""

    def choose(self, alternatives: Any) -> Any:
        """Refuse: there is no step."""
        raise Misuse(ReadOnlyRule("choose in a temporal formula"))


current: ContextVar[Any] = ContextVar("speccheck_evaluation", default=None)


def misused(error: SpeccheckError) -> BaseException:
    """Return what to raise for a misuse: inside an engine a `Misuse`, which no `except Exception` of a rule swallows; outside the error itself."""
    return error if current.get() is None else Misuse(error)


@contextmanager
def entered(evaluation: Any) -> Iterator[None]:
    """Make an evaluation the current one of this thread for the length of a with block."""
    token = current.set(evaluation)
    try:
        yield
    finally:
        current.reset(token)
