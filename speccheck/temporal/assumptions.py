"""Fairness assumptions, one for each value of `per`, as sets of action instances (semantics 5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from speccheck.model.model import Assumption, Model, Rule
from speccheck.source import Span

Instance = tuple[int, tuple[Any, ...]]  # number of the action in declaration order, values of its parameters


@dataclass(frozen=True)
class FairSet:
    """One assumption: on the disjunction of these action instances. `binding` are the values of `per`, with their parameter's names."""

    name: str
    strength: Literal["weak", "strong"]
    binding: tuple[tuple[str, Any], ...]
    instances: frozenset[Instance]
    span: Span


@dataclass(frozen=True)
class FairMasks:
    """Fairness as bit sets over signals: which are weakly, which strongly fair."""

    weak: int
    strong: int

    @property
    def all(self) -> int:
        """The signals of all assumptions."""
        return self.weak | self.strong


def fair_sets(model: Model) -> tuple[FairSet, ...]:
    """Return all assumptions of a model, in declaration order, each once for every value of its `per`."""
    return tuple(one for assumption in model.assumptions for one in _of(assumption, model))


def _of(assumption: Assumption, model: Model) -> Iterator[FairSet]:
    numbers = {rule.name: n for n, rule in enumerate(model.actions)}
    members = [model.actions[numbers[name]] for name in assumption.actions if name in numbers]
    fixed = {rule.name: _fixed(assumption.per, rule) for rule in members}
    width = max((len(names) for names in fixed.values()), default=0)
    example = next((rule for rule in members if len(fixed[rule.name]) == width), None)
    names = fixed[example.name] if example is not None else ()
    domains = [next(p.domain for p in example.parameters if p.name == name) for name in names] if example is not None else []
    for values in product(*(list(domain.all_frozen()) for domain in domains)):
        instances = frozenset(
            (numbers[rule.name], binding) for rule in members for binding in rule.bindings() if _fits(rule, binding, fixed[rule.name], values)
        )
        yield FairSet(assumption.name, assumption.strength, tuple(zip(names, values)), instances, assumption.span)


def _fixed(per: Any, rule: Rule) -> tuple[str, ...]:
    """Return the parameters of one member that `per` fixes; none where the member joins every value."""
    wanted = per.get(rule.name, ()) if isinstance(per, Mapping) else per
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def _fits(rule: Rule, binding: tuple[Any, ...], fixed: tuple[str, ...], values: tuple[Any, ...]) -> bool:
    given = {parameter.name: value for parameter, value in zip(rule.parameters, binding)}
    return all(given[name] == value for name, value in zip(fixed, values))
