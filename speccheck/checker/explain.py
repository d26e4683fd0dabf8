"""Explaining a verdict: why a predicate is false in a state, as pytest explains an assert, and what was at hand where a step failed.

In: a rule with the live state on which it is false, or an exception out of an action. Out: lines, each an expression with what it came to::

    not self.detected() or self.terminated()

    self.detected()               True
      self.tpos == 0              0 == 0
      self.tcolor == "white"      "white" == "white"
    self.terminated()             False
      self.active[1]              True

Nothing is raised and nothing is changed: where an explanation comes upon something that it does not understand, it ends.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from speccheck.checker.failures import users_traceback, why_raised
from speccheck.checker.reasons import Reasons
from speccheck.checker.result import Explained
from speccheck.domains.evaluation import current, entered
from speccheck.dsl.spec import Spec
from speccheck.dsl.statements import choosing
from speccheck.errors import Misuse, ReadOnlyRule
from speccheck.model.model import Rule
from speccheck.model.syntax.evaluate import scope_of
from speccheck.model.syntax.follow import follow
from speccheck.model.syntax.users import users_tree


def explain(rule: Rule, state: Any, arguments: tuple[Any, ...] = (), *, wanted: bool = False) -> tuple[Explained, ...]:
    """Return why a predicate returned `wanted` on a live state; empty where there is nothing to say, or no source.

    `arguments` are its other positional arguments: the state after the step of a step invariant, the parameters of a property.
    """
    reasons = Reasons()

    def look() -> None:
        tree = users_tree(rule.function)
        if tree is None:
            return
        scope = scope_of(tree, (state, *arguments), {})
        scope.known |= {parameter.name for parameter in rule.parameters}
        path = follow(tree, scope)
        if path.value is wanted:  # else the code is not what the source says
            reasons.followed(path)

    _safely(look, (state, *arguments))
    return reasons.told()


def explain_failure(raised: BaseException) -> tuple[Explained, ...]:
    """Return what was at hand where an action failed: why the condition of an `assert` is false, the map and the key of a KeyError, and so on."""
    reasons = Reasons()
    traces = users_traceback(raised)
    _safely(lambda: why_raised(reasons, raised, traces), [value for trace in traces for value in trace.tb_frame.f_locals.values()])
    return reasons.told()


def _safely(look: Callable[[], None], values: Iterable[Any]) -> None:
    """Look at states without a chance to change them; what is raised ends the looking."""
    states = [value for value in values if isinstance(value, Spec)]
    with ExitStack() as stack:
        for state in states:
            stack.enter_context(_refusing(state._part_journal))
        evaluation = current.get()
        # Nothing is left to choose: neither what the engine nor what `choosing` has prepared may be used up.
        stack.enter_context(choosing() if evaluation is None else entered(_Looking(evaluation)))
        try:
            look()
        except KeyboardInterrupt:
            raise
        except BaseException:  # Misuse, Disabled and the like are no Exceptions
            return


@contextmanager
def _refusing(journal: Any) -> Iterator[None]:
    log, tracking = journal.log, journal.tracking
    journal.log = _refuse
    try:
        yield
    finally:
        journal.log, journal.tracking = log, tracking


def _refuse(entry: Any) -> NoReturn:
    raise Misuse(ReadOnlyRule("an explanation changes the state"))


class _Looking:
    """The evaluation while an explanation looks around: `enabled` and `occurs` answer as before, but there is nothing to choose."""

    def __init__(self, evaluation: Any) -> None:
        self._evaluation = evaluation

    def choose(self, alternatives: Any) -> Any:
        raise Misuse(ReadOnlyRule("an explanation chooses"))

    def enabled(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        with entered(self._evaluation):
            return bool(self._evaluation.enabled(state, action, positional, named))

    def occurs(self, state: Any, action: str, positional: tuple[Any, ...], named: dict[str, Any]) -> bool:
        with entered(self._evaluation):
            return bool(self._evaluation.occurs(state, action, positional, named))
