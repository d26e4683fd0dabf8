"""Stepping: all steps out of a state, and the initial states. The definition of what a rule means.

The user's own methods run on the live state, once for each sequence of choices; what they wrote is read off and undone.
"""

import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from speccheck.domains.defaults import ABSENT
from speccheck.domains.evaluation import Disabled
from speccheck.domains.initial import initial_values
from speccheck.domains.parts import OutsideDomain
from speccheck.engines.machine import Failure, Label, Misused
from speccheck.engines.python.canonical import Canonical
from speccheck.engines.python.evaluation import PythonEvaluation
from speccheck.engines.python.live import Live
from speccheck.engines.python.packing import Packing
from speccheck.engines.watchdog import RuleTimedOut
from speccheck.errors import EndlessRecursion, Misuse, NotBool, ReadOnlyRule, RuleTimeout, SpeccheckError, UnsetVariable
from speccheck.model.model import Model, Rule
from speccheck.space.space import Packed


class RawStep(NamedTuple):
    """One completed or erring evaluation. `target` is None for one that errs; `wrote` says whether it executed a write at all."""

    action: int
    binding: tuple[Any, ...]
    choices: tuple[Any, ...]
    target: Packed | None
    failure: Failure | None
    wrote: bool

    @property
    def label(self) -> Label:
        return Label(self.action, self.binding, self.choices)


PAUSE_EVERY = 4096  # runs of rules that choose
_new = tuple.__new__  # RawStep(...) goes through a Python function; half a million of them are noticed


class Stepper:
    """A model's rules on live states: `source` is where steps start, `after` where they lead (for step invariants and constraints)."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.pause: Callable[[], None] | None = None  # called now and then while the steps of one state are taken, of which there may be millions; may raise
        self.packing = Packing(model.variables)
        self.evaluation = PythonEvaluation(model)
        self._begin()
        self.canonical = Canonical(self.packing, model.symmetric) if model.symmetry else None
        # In portions, after each of which the watchdog sees that something has ended.
        self._actions = [(n, rule.name, rule.function, some) for n, rule in enumerate(model.actions) for some in portions(rule.bindings())]

    def reset(self) -> None:
        """Begin with fresh live states, after an exception that may have left a step half way. Numbers of values stay."""
        self.source.journal.refuse()
        self._begin()

    def _begin(self) -> None:
        self.source = Live(self.model.spec, self.packing)
        self.after = Live(self.model.spec, self.packing)
        self.evaluation.lives = [self.source, self.after]
        self.evaluation.stack.clear()

    # ---------------------------------------------------------------- steps

    def steps(self, state: Packed) -> list[RawStep]:
        """Return all steps out of a state, in the order of actions, parameters and choices. Raises Misused."""
        live, evaluation = self.source, self.evaluation
        live.load(state)
        live.journal.record()
        evaluation.mode, evaluation.position = "action", 0
        entries, stack, on = live.journal.entries, evaluation.stack, live.state
        target, undo = live.target, live.undo
        found: list[RawStep] = []
        for number, name, function, bindings in self._actions:
            evaluation.ticks += 1
            for binding in bindings:
                # Most evaluations end at a guard, so this loop is what the speed of a search hangs on: no call, no attribute more than needed.
                try:
                    function(on, *binding)
                    if entries:
                        found.append(_new(RawStep, (number, binding, evaluation.choices() if stack else (), target(), None, True)))
                        undo()
                    else:
                        found.append(_new(RawStep, (number, binding, evaluation.choices() if stack else (), state, None, False)))
                except Disabled:
                    if entries:
                        undo()
                except BaseException as raised:
                    found.append(self._erring(raised, name, state, Label(number, binding, evaluation.choices())))
                while stack and self._advance(name, state, Label(number, binding)):
                    self._once_more(found, number, binding, state)
                    if self.pause is not None and evaluation.ticks % PAUSE_EVERY == 0:
                        self.pause()
        live.journal.refuse()  # a journal that still records would keep an eye on what is stored elsewhere, such as the defaults of another spec
        return found

    def each_step(self, state: Packed) -> Iterator[RawStep]:
        """Yield the steps out of a state like `steps`, one by one, for whoever looks for one among millions. Raises Misused."""
        live, evaluation = self.source, self.evaluation
        live.load(state)
        live.journal.record()
        evaluation.mode, evaluation.position = "action", 0
        found: list[RawStep] = []
        try:
            for number, name, _, bindings in self._actions:
                for binding in bindings:
                    more = True
                    while more:
                        self._once_more(found, number, binding, state)
                        yield from found
                        found.clear()
                        more = bool(evaluation.stack) and self._advance(name, state, Label(number, binding))
        finally:
            evaluation.stack.clear()
            live.journal.refuse()

    def _once_more(self, found: list[RawStep], number: int, binding: tuple[Any, ...], state: Packed) -> None:
        """Run an action again, for the next sequence of choices."""
        live, rule = self.source, self.model.actions[number]
        try:
            rule.function(live.state, *binding)
            target = live.target()
            found.append(RawStep(number, binding, self.evaluation.choices(), target, None, bool(live.journal.entries)))
        except Disabled:
            pass
        except BaseException as raised:
            found.append(self._erring(raised, rule.name, state, Label(number, binding, self.evaluation.choices())))
        live.undo()

    def _erring(self, raised: BaseException, name: str, state: Packed, label: Label) -> RawStep:
        self.source.undo()
        return RawStep(label.action, label.parameters, label.choices, None, self._failed(raised, name, state, label), True)

    def _advance(self, name: str, state: Packed, label: Label) -> bool:
        try:
            more = self.evaluation.advance()
        except Misuse as misuse:
            raise Misused(misuse.error, state, label, name) from None
        self.evaluation.start()
        return more

    def _failed(self, raised: BaseException, rule: str, state: Packed | None, label: Label | None) -> Failure:
        """Return the failure that an exception is; raise Misused where it is a misuse, and what is no business of a rule."""
        error = misuse_of(raised, rule)
        if error is not None:
            self.evaluation.stack.clear()
            raise Misused(error, state, label, rule) from raised
        match raised:
            case OutsideDomain():
                return Failure("domain", str(raised))
            case AssertionError():
                return Failure(f"{rule}.assert", described(raised))
            case MemoryError():
                raise raised
            case Exception() | SystemExit():
                return Failure(f"{rule}.error", described(raised))
        raise raised

    # ---------------------------------------------------------------- initial states

    def initial(self) -> Iterator[RawStep]:
        """Yield each completed initial evaluation, and each that errs: each combination of initial values, each sequence of choices of @init."""
        columns = [list(initial_values(self.model.spec, v.name, v.default, v.domain)) if v.default is not ABSENT else [Ellipsis] for v in self.model.variables]
        rule = self.model.init
        for frozen in product(*columns):
            if rule is None:
                yield RawStep(-1, (), (), self.packing.pack(frozen), None, True)
            else:
                yield from self._initial_runs(rule, frozen)

    def _initial_runs(self, rule: Rule, frozen: tuple[Any, ...]) -> Iterator[RawStep]:
        live, evaluation = self.source, self.evaluation
        more = True
        while more:
            evaluation.mode = "action"  # between two runs the search looks at the state that the first one gave
            live.assign(frozen)
            live.journal.record()
            evaluation.start()
            try:
                rule.function(live.state)
                live.journal.check_moved()
                unset = [v.name for v in self.model.variables if v.name not in live.values]
                if unset:
                    raise Misuse(UnsetVariable(f"'{unset[0]}' has no value after @init '{rule.name}'", span=rule.span))
                step = RawStep(-1, (), evaluation.choices(), live.whole(), None, True)
            except Disabled:
                step = None
            except BaseException as raised:
                choices = evaluation.choices()
                failure = self._failed(raised, rule.name, None, Label(-1, (), choices))
                step = RawStep(-1, (), choices, None, replace(failure, values=frozen), True)
            finally:
                live.journal.undo()
                live.journal.refuse()
                live.unload()
            if step is not None:
                yield step
            more = self.evaluation.advance()

    # ---------------------------------------------------------------- predicates

    def holds(self, live: Live, rule: Rule, binding: tuple[Any, ...], *after: Any) -> bool:
        """Return what a predicate says on a loaded state. Raises Misused, and `RuleRaised` where the predicate itself raises."""
        live.journal.refuse()
        evaluation = self.evaluation
        evaluation.ticks += 1
        try:
            answer = rule.function(live.state, *after, *binding)
        except BaseException as raised:
            if isinstance(raised, Disabled):
                raise Misused(
                    ReadOnlyRule(f"'{rule.name}' uses require, disable or choose, but may only read", span=rule.span), live.loaded, None, rule.name
                ) from None
            error = misuse_of(raised, rule.name)
            if error is not None:
                raise Misused(error, live.loaded, None, rule.name) from raised
            if isinstance(raised, MemoryError) or not isinstance(raised, Exception | OutsideDomain | SystemExit):
                raise
            raise RuleRaised(raised) from raised
        if answer is not True and answer is not False:
            error = NotBool(f"'{rule.name}' returned {short(answer)} of type {type(answer).__name__}, not a bool", span=rule.span)
            raise Misused(error, live.loaded, None, rule.name)
        return answer


def portions(bindings: list[tuple[Any, ...]], size: int = 16) -> list[list[tuple[Any, ...]]]:
    """Return a list in pieces of at most this size."""
    return [bindings[i : i + size] for i in range(0, len(bindings), size)]


class RuleRaised(Exception):
    """A predicate raised an exception of its own: for a property a violation, for other rules `<name>.error`."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(described(cause))
        self.cause = cause


def misuse_of(raised: BaseException, rule: str) -> SpeccheckError | None:
    """Return the error that an exception out of a rule stands for, with its place; None if it is a verdict."""
    from speccheck.model.places import place_of

    match raised:
        case Misuse():
            error = raised.error
            if error.span is None:
                error.span = place_of(raised)
            return error
        case RecursionError():
            return EndlessRecursion(f"'{rule}' calls itself without end", span=place_of(raised))
        case RuleTimedOut():
            return RuleTimeout(f"'{rule}' did not end", span=place_of(raised))
        case SpeccheckError():
            if raised.span is None:
                raised.span = place_of(raised)
            return raised
    return None


def described(raised: BaseException) -> str:
    """Return an exception as the last line of a traceback shows it; an assert without a message as such."""
    if isinstance(raised, AssertionError) and not raised.args:
        return "assertion failed"
    if isinstance(raised, OutsideDomain):
        return str(raised)
    return "".join(traceback.format_exception_only(type(raised), raised)).strip()


def short(value: Any, limit: int = 60) -> str:
    """Return repr(value), shortened."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
