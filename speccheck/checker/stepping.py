"""A spec outside an engine: its initial states, what is possible in a state, and what a property says there.

In: a class or a state. Out: states of their own, which are looked at and stepped on without a search; what the tests are made of that `speccheck trace convert
-o test_x.py` writes::

    for step, after, error in steps(TwoPhase()): ...
    holds(state, "served", c="Client1")
"""

from typing import Any, NamedTuple, TypeVar

from speccheck.checker import outcome
from speccheck.checker.replay import Replay
from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import text
from speccheck.domains.parts import Journal, Part
from speccheck.domains.records import domains_of
from speccheck.dsl.spec import Spec, prepare
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.stepping import RuleRaised
from speccheck.errors import BadUsage, UnsetVariable, did_you_mean
from speccheck.model.select import model_of_class
from speccheck.space.space import Packed, StateSpace
from speccheck.trace.trace import Step

S = TypeVar("S", bound=Spec)


class Successor(NamedTuple):
    """A step that is possible in a state, and the state it leads to; None where the step errs (`error` says how)."""

    step: Step
    state: Any
    error: str | None = None


class Start(NamedTuple):
    """An initial state; None where the evaluation of @init errs (`error` says how)."""

    state: Any
    error: str | None = None


def initial_states(spec: type[Spec]) -> list[Start]:
    """Return all initial states of a class, in order: those that the defaults and the choices of @init give."""
    machine = PythonMachine(model_of_class(spec))
    found = dict.fromkeys((raw.target, raw.failure.message if raw.failure else None) for raw in machine.initial())
    return [Start(None if target is None else _state(machine, target), error) for target, error in found]


def steps(state: Spec) -> list[Successor]:
    """Return all steps out of a state, in the order of actions, parameters and choices: `for step, after, error in steps(TwoPhase()): ...`.

    The state is not changed; each successor is a state of its own.
    """
    machine, packed = _loaded(state)
    replay = Replay(machine, StateSpace((packed,), (-1,), (0,), False, 0))
    with entered(machine.stepper.evaluation):
        found = machine.stepper.steps(packed)
        named = [replay.named_step(packed, step.label) for step in found]
    return [
        Successor(step, None if raw.target is None else _state(machine, raw.target), raw.failure.message if raw.failure else None)
        for step, raw in zip(named, found)
    ]


def texts(state: Spec) -> dict[str, str]:
    """Return the variables of a state as a trace shows them."""
    machine, packed = _loaded(state)
    return {name: text(value) for name, value in machine.stepper.packing.neutral(packed).items()}


def holds(state: Spec, name: str, after: Spec | None = None, **binding: str) -> bool:
    """Return what a property says of a state, or a step invariant of it and the state after the step; what it raises is raised.

    `binding` are its parameters as text, as a trace shows them.
    """
    machine, packed = _loaded(state)
    prop = next((one for one in machine.model.properties if one.name == name and one.rule is not None), None)
    if prop is None or prop.rule is None:
        raise BadUsage(f"{machine.model.name} has no property '{name}' that is a method.{did_you_mean(name, [one.name for one in machine.model.properties])}")
    states = [packed] if after is None else [packed, machine.stepper.packing.pack(_frozen(machine, after))]
    named = ({p.name: text(p.domain.neutral(v)) for p, v in zip(prop.rule.parameters, values)} for values in prop.rule.bindings())
    values = next((values for texts, values in zip(named, prop.rule.bindings()) if texts == binding), None)
    if values is None:
        raise BadUsage(f"'{name}' has no parameters ({', '.join(f'{n}={t}' for n, t in binding.items())})")
    try:
        with entered(machine.stepper.evaluation):
            return outcome.holds(machine, prop, states, values)
    except RuleRaised as raised:
        raise raised.cause from None


def _loaded(state: Spec) -> tuple[PythonMachine, Packed]:
    """The machine of a state's class, and the state in packed form."""
    machine = PythonMachine(model_of_class(type(state)))
    return machine, machine.stepper.packing.pack(_frozen(machine, state))


def _frozen(machine: PythonMachine, state: Spec) -> tuple[Any, ...]:
    cls = machine.model.spec
    if type(state) is not cls:  # the class has processes, which are started here
        state = cls(**{name: _plain(value) for name, value in vars(state).items()})
    unset = [n for n in domains_of(cls) if n not in vars(state)]
    if unset:
        raise UnsetVariable(f"'{unset[0]}' of {cls.__name__} has no value")
    packing = machine.stepper.packing
    return tuple(d.freeze(d.store(_plain(vars(state)[n]), None)) for n, d in zip(packing.names, packing.domains))


def _plain(value: Any) -> Any:
    return value._part_plain() if isinstance(value, Part) else value


def _state(machine: PythonMachine, packed: Packed) -> Any:
    cls: Any = machine.model.spec
    state = object.__new__(cls)
    journal = Journal()
    prepare(state, journal)
    packing = machine.stepper.packing
    for name, domain, frozen in zip(packing.names, packing.domains, packing.unpack(packed)):
        state.__dict__[name] = domain.thaw(frozen, state._part_slots[name], journal)
    return state
