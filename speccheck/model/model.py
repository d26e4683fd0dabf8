"""Model: one spec, closed. Constants are bound, every variable and parameter has a Domain, rules have their functions, properties their expectation.

Nothing here knows about engines. A Model is frozen and printable, and has a digest that says whether two of them are the same.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from speccheck.domains.base import Domain
from speccheck.dsl.formulas import Formula
from speccheck.model.acceptances import Acceptance
from speccheck.source import Span
from speccheck.trace.origin import Kind as Kind


@dataclass(frozen=True)
class Variable:
    """A variable of the spec, in declaration order; `default` is what the class says (a value, ABSENT, Each, EachBy or Anything)."""

    name: str
    domain: Domain
    default: Any
    span: Span


@dataclass(frozen=True)
class Parameter:
    """A parameter of a rule, quantified over its finite domain."""

    name: str
    domain: Domain


@dataclass(frozen=True)
class Rule:
    """A method with a role. `function` is the user's own function, called with the state (and the parameters)."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    span: Span
    doc: str = ""

    def bindings(self) -> list[tuple[Any, ...]]:
        """Return all values of the parameters, in domain order."""
        rows: list[tuple[Any, ...]] = [()]
        for parameter in self.parameters:
            rows = [(*row, value) for row in rows for value in parameter.domain.all_frozen()]
        return rows


@dataclass(frozen=True)
class Process:
    """A process, which became actions: one for the step at each label. `fair` are those that its fairness is about, `strong` those with one of their own."""

    name: str
    parameters: tuple[Parameter, ...]
    labels: tuple[str, ...]
    steps: tuple[str, ...]
    fair: tuple[str, ...]
    strong: tuple[str, ...]
    daemon: bool
    span: Span


@dataclass(frozen=True)
class Property:
    """Something that must hold. `rule` evaluates it (None for deadlock and for formulas written as attributes), `formula` is set for the latter."""

    name: str
    kind: Kind
    span: Span
    rule: Rule | None = None
    formula: Formula | None = None
    refined: type | None = None
    liveness: bool = False
    doc: str = ""


@dataclass(frozen=True)
class Assumption:
    """A fairness assumption, from a decorator or a group: one on the disjunction of the actions, or one for each value of `per` (semantics 5)."""

    name: str
    strength: Literal["weak", "strong"]
    actions: tuple[str, ...]
    per: Any
    span: Span


@dataclass(frozen=True)
class Expectation:
    """What a `@model` line says must come out. `stated` is False for `-D` and `check(..., N=3)`: then nothing but HOLDS is expected and counts are free."""

    violates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    distinct: int | None = None
    depth: int | None = None


@dataclass(frozen=True)
class Model:
    """One spec with its constants, ready to be given to an engine."""

    spec: type[Any]
    name: str  # "DualWrite[Instance=2]"
    file: str
    line: int
    doc: str
    constants: Mapping[str, Any]  # all constants and sort sizes
    overridden: tuple[str, ...]
    variables: tuple[Variable, ...]
    actions: tuple[Rule, ...]
    init: Rule | None
    constraints: tuple[Rule, ...]
    terminals: tuple[Rule, ...]
    properties: tuple[Property, ...]  # in declaration order; "deadlock" last where it is checked
    assumptions: tuple[Assumption, ...]
    processes: tuple[Process, ...]
    expectation: Expectation
    symmetric: tuple[Any, ...]  # the sorts that allow reduction
    symmetry: bool = False  # whether reduction was asked for
    tags: tuple[str, ...] = ()
    selected: tuple[str, ...] | None = None  # the properties to check (None: all)
    source: str = ""  # the text of the modules, for the digest
    rules: Mapping[str, Rule] = field(default_factory=dict)  # every rule by name
    acceptances: tuple[Acceptance, ...] = ()  # the findings that are kept on purpose

    @property
    def digest(self) -> str:
        """A hash of the sources, the constants and the class: equal digests, equal models."""
        parts = [self.source, self.spec.__qualname__, repr(sorted(self.constants.items())), repr(self.symmetry)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def actions_of(self, name: str) -> tuple[Rule, ...]:
        """Return the action of this name, or the steps of the process; empty if there is neither."""
        process = next((p for p in self.processes if p.name == name), None)
        names = (name,) if process is None else process.steps
        return tuple(rule for rule in self.actions if rule.name in names)

    def checked(self, name: str) -> bool:
        """Return whether the property of this name is selected."""
        return self.selected is None or name in self.selected
