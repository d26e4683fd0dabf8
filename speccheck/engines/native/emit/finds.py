"""Finds: what can be noted about a state, numbered. Those of erring steps come first, so that the runtime of a model sees at a glance whether a step erred."""

from dataclasses import dataclass
from typing import Any, Literal

from speccheck.model.model import Model
from speccheck.program.program import Program

FindKind = Literal["domain", "error", "assert", "silent", "deadlock", "violated", "witness"]


@dataclass(frozen=True)
class Find:
    """Something that can be found in a state.

    `name` is the property that it refutes or that it is a witness of (`domain`, `<action>.error`, `deadlock` ...), of a silent step the action. `binding` are
    the parameters of a `witness`.
    """

    number: int
    kind: FindKind
    name: str
    binding: tuple[Any, ...] = ()


class Finds:
    """The finds of a model by kind and name."""

    def __init__(self, program: Program, model: Model) -> None:
        self.all: list[Find] = []
        self._numbers: dict[tuple[str, str, tuple[Any, ...]], int] = {}
        self._add("domain", "domain")
        for name in program.actions:
            self._add("error", f"{name}.error")
            self._add("assert", f"{name}.assert")
        self.erring = len(self.all)  # the finds of erring steps are those below
        for name in program.actions:
            self._add("silent", name)
        self._add("deadlock", "deadlock")
        for name in (*program.terminals, *program.constraints):
            self._add("error", f"{name}.error")
        for name in program.mappings:
            self._add("error", f"{name}.error")
        for name in (*program.invariants, *program.step_invariants, *program.reachables, *program.mappings):
            self._add("violated", name)
        for name in program.reachables:
            rule = next(one for one in model.properties if one.name == name).rule
            for binding in rule.bindings() if rule is not None else [()]:
                self._add("witness", name, binding)

    def _add(self, kind: FindKind, name: str, binding: tuple[Any, ...] = ()) -> None:
        key = (kind, name, binding)
        if key not in self._numbers:
            self._numbers[key] = len(self.all)
            self.all.append(Find(len(self.all), kind, name, binding))

    def number(self, kind: FindKind, name: str, binding: tuple[Any, ...] = ()) -> int:
        """Return the number of a find."""
        return self._numbers[kind, name, binding]
