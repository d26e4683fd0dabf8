"""`steps`: what is possible in a state, outside an engine."""

from typing import Any, NamedTuple, TypeVar

from speccheck.checker.replay import Replay
from speccheck.domains.evaluation import entered
from speccheck.domains.parts import Journal, Part
from speccheck.domains.records import domains_of
from speccheck.dsl.spec import Spec, prepare
from speccheck.engines.python.machine import PythonMachine
from speccheck.errors import UnsetVariable
from speccheck.model.select import model_of_class
from speccheck.space.space import Packed, StateSpace
from speccheck.trace.trace import Step

S = TypeVar("S", bound=Spec)


class Successor(NamedTuple):
    """A step that is possible in a state, and the state it leads to; None where the step errs (`error` says how)."""

    step: Step
    state: Any
    error: str | None = None


def steps(state: Spec) -> list[Successor]:
    """Return all steps out of a state, in the order of actions, parameters and choices: `for step, after, error in steps(TwoPhase()): ...`.

    The state is not changed; each successor is a state of its own.
    """
    cls = type(state)
    machine = PythonMachine(model_of_class(cls))
    unset = [n for n in domains_of(cls) if n not in vars(state)]
    if unset:
        raise UnsetVariable(f"'{unset[0]}' of {cls.__name__} has no value")
    packing = machine.stepper.packing
    packed = packing.pack(tuple(d.freeze(d.store(_plain(vars(state)[n]), None)) for n, d in zip(packing.names, packing.domains)))
    replay = Replay(machine, StateSpace((packed,), (-1,), (0,), False, 0))
    with entered(machine.stepper.evaluation):
        found = machine.stepper.steps(packed)
        named = [replay.named_step(packed, step.label) for step in found]
    return [
        Successor(step, None if raw.target is None else _state(cls, machine, raw.target), raw.failure.message if raw.failure else None)
        for step, raw in zip(named, found)
    ]


def _plain(value: Any) -> Any:
    return value._part_plain() if isinstance(value, Part) else value


def _state(cls: Any, machine: PythonMachine, packed: Packed) -> Any:
    state = object.__new__(cls)
    journal = Journal()
    prepare(state, journal)
    packing = machine.stepper.packing
    for name, domain, frozen in zip(packing.names, packing.domains, packing.unpack(packed)):
        state.__dict__[name] = domain.thaw(frozen, state._part_slots[name], journal)
    return state
