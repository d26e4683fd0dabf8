"""The types of everything in a trace, as a file that is to be read back says them.

In: a Trace. Out: Declarations, and their JSON; members of sorts stand apart, once for the whole trace::

    {"sorts": {"RM": {"RM0": 0, "RM1": 1}},
     "types": {"variables": {"rm_state": "dict[RM, str]"}, "parameters": {"prepare": {"rm": "RM"}}, "choices": {}, "binding": {}}}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from speccheck.trace.trace import Step, Trace
from speccheck.trace.type_text import type_text
from speccheck.trace.types import NEVER, Type, joined, sorts_of, type_of, type_of_all
from speccheck.trace.values import Json


@dataclass(frozen=True)
class Declarations:
    """Types by name: of variables, of an action's parameters, of what an action chose (by number), and of the parameters of the property."""

    variables: Mapping[str, Type] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Type, ...]] = field(default_factory=dict)
    binding: Mapping[str, Type] = field(default_factory=dict)

    @property
    def types(self) -> list[Type]:
        """All types."""
        by_action = [type_ for types in self.parameters.values() for type_ in types.values()]
        chosen = [type_ for types in self.choices.values() for type_ in types]
        return [*self.variables.values(), *by_action, *chosen, *self.binding.values()]


def declarations_of(trace: Trace) -> Declarations:
    """Return the least types that have all values of the trace."""
    steps = [step for step in (*trace.taken, *((trace.failed_step,) if trace.failed_step else ())) if step.action is not None]
    return Declarations(
        {name: type_of_all(state[name] for state in trace.states) for name in trace.variables},
        _parameters(steps),
        _choices(steps),
        {} if trace.origin is None else {name: type_of(value) for name, value in trace.origin.binding},
    )


def declarations_json(declared: Declarations) -> dict[str, Json]:
    """Return the declarations as two entries of a JSON object."""
    members: dict[str, dict[int, str]] = {}
    for type_ in declared.types:
        for sort in sorts_of(type_):
            members.setdefault(sort.name, {}).update(sort.members)
    return {
        "types": {
            "variables": _texts(declared.variables),
            "parameters": {action: _texts(types) for action, types in declared.parameters.items() if types},
            "choices": {action: [type_text(type_) for type_ in types] for action, types in declared.choices.items() if types},
            "binding": _texts(declared.binding),
        },
        "sorts": {name: {member: index for index, member in sorted(known.items())} for name, known in members.items()},
    }


def _texts(types: Mapping[str, Type]) -> dict[str, str]:
    return {name: type_text(type_) for name, type_ in types.items()}


def _parameters(steps: list[Step]) -> dict[str, dict[str, Type]]:
    found: dict[str, dict[str, Type]] = {}
    for step in steps:
        types = found.setdefault(step.action or "", {})
        for name, value in step.parameters:
            types[name] = joined(types.get(name, NEVER), type_of(value))
    return found


def _choices(steps: list[Step]) -> dict[str, tuple[Type, ...]]:
    found: dict[str, tuple[Type, ...]] = {}
    for step in steps:
        types = (type_of(choice.value) for choice in step.choices)
        found[step.action or ""] = tuple(joined(*pair) for pair in zip_longest(found.get(step.action or "", ()), types, fillvalue=NEVER))
    return found
