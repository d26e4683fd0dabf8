"""Whether a model may be reduced by symmetry: proven on the syntax tree, and checked on constants and initial states (semantics 7.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from speccheck.domains.evaluation import entered
from speccheck.domains.sorts import Sort
from speccheck.engines.python.stepping import Stepper
from speccheck.errors import Asymmetric, SpeccheckError, raise_all
from speccheck.model.checks.symmetry import asymmetries
from speccheck.model.collect import collect
from speccheck.model.model import Model
from speccheck.model.subjects import subject_of


def reduced(model: Model) -> Model:
    """Return the model if reduction is sound; raise Asymmetric, with every line that stands in the way, otherwise.

    What a refinement compares with must treat the members alike, too: the abstract specs are held to the same.
    """
    errors = list(_asymmetries(model, model.symmetric))
    for prop in model.properties:
        if prop.refined is not None and model.checked(prop.name):
            errors += _asymmetries(collect(prop.refined, constants=model.constants), model.symmetric)
    raise_all(errors)
    return model


def _asymmetries(model: Model, sorts: tuple[Any, ...]) -> list[SpeccheckError]:
    found: list[SpeccheckError] = list(asymmetries(subject_of(model), sorts))
    found = found or list(_constants(model, sorts))
    return found or list(_initial_states(model, sorts))


def generators(sort: Any) -> Iterator[dict[Any, Any]]:
    """Yield a transposition and a rotation, which together generate all permutations of a sort."""
    members = tuple(sort)
    yield {members[0]: members[1], members[1]: members[0]}
    if len(members) > 2:
        yield dict(zip(members, (*members[1:], members[0])))


def _constants(model: Model, sorts: tuple[Any, ...]) -> Iterator[SpeccheckError]:
    seen: set[str] = set()
    for rule in model.rules.values():
        for name in _global_names(rule.function.__code__):
            value = rule.function.__globals__.get(name, _nothing)
            if name in seen or value is _nothing or isinstance(value, type) or callable(value):
                continue
            seen.add(name)
            for sort in sorts:
                if any(renamed(value, renaming) != value for renaming in generators(sort)):
                    yield Asymmetric(f"the constant '{name}' singles out members of {sort.__name__}, and '{rule.name}' uses it", span=rule.span)


_nothing = object()


def _global_names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            yield from _global_names(inner)


def renamed(value: Any, renaming: Mapping[Any, Any]) -> Any:
    """Return a plain Python value with members of sorts replaced."""
    match value:
        case Sort():
            return renaming.get(value, value)
        case dict():
            return {renamed(k, renaming): renamed(v, renaming) for k, v in value.items()}
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*(renamed(v, renaming) for v in value))
        case list() | tuple() | set() | frozenset():
            return type(value)(renamed(v, renaming) for v in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return type(value)(**{f.name: renamed(getattr(value, f.name), renaming) for f in fields(value) if f.init})
    return value


def _initial_states(model: Model, sorts: tuple[Any, ...]) -> Iterator[SpeccheckError]:
    stepper = Stepper(model)
    with entered(stepper.evaluation):
        initial = {step.target for step in stepper.initial() if step.target is not None}
    packing = stepper.packing
    for sort in sorts:
        for renaming in generators(sort):
            for state in initial:
                frozen = tuple(d.rename(f, renaming) for d, f in zip(packing.domains, packing.unpack(state)))
                if packing.pack(frozen) not in initial:
                    odd = next(v for v, f, g in zip(model.variables, packing.unpack(state), frozen) if f != g)
                    yield Asymmetric(f"the initial value of '{odd.name}' singles out a member of {sort.__name__}", span=odd.span)
                    return
