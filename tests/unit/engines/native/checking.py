"""Check a Program on random states, both narrow and wide ones."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from speccheck.domains.base import Domain
from speccheck.program.expressions import Expression
from speccheck.program.program import Function
from speccheck.program.types import INT
from tests.unit.engines.native.built import Variables, Within, acting, model_of, program_of, reading, store, when
from tests.unit.engines.native.judged import (
    agree_on_expansion,
    agree_on_kept,
    agree_on_letter,
    agree_on_order,
    agree_on_step,
    agree_on_step_letter,
    agree_on_visit,
)
from tests.unit.engines.native.loaded import Loaded

Built = Callable[[Variables], Iterable[Function]]


def random_state(variables: Variables, source: random.Random) -> tuple[Any, ...]:
    return tuple(random_value(one.domain, source) for one in variables.declarations)


def random_value(domain: Domain, source: random.Random) -> Any:
    if source.random() < 0.3:
        return domain.unrank(min(domain.size - 1, source.randrange(4)))
    return domain.unrank(source.randrange(domain.size))


def widths(domains: dict[str, Any]) -> list[Variables]:
    """The variables in a narrow state if they fit, and in a wide one, at an odd place."""
    return [Variables(**domains), Variables(pad=INT, bit=bool, **domains, more=INT)]


def agree(
    domains: dict[str, Any], built: Built, rounds: int = 40, seed: int = 1, states: Iterable[dict[str, Any]] = (), wide: bool | None = None, **roles: Any
) -> list[Loaded]:
    """Compile functions over some variables, and compare with the interpreter on states. Functions that act are actions, others invariants, but for `roles`."""
    all_loaded = []
    for variables in widths(domains)[0 if wide is not True else 1 : 2 if wide is not False else 1]:
        functions = list(built(variables))
        named = {name for names in roles.values() for name in names}
        actions = roles.get("actions", [one.name for one in functions if one.acts and one.name not in named])
        invariants = roles.get("invariants", [one.name for one in functions if not one.acts and one.name not in named])
        known = {k: v for k, v in roles.items() if k not in ("actions", "invariants", "called")}
        program = program_of(variables, *functions, actions=actions, invariants=invariants, **known)
        loaded = Loaded(program, model_of(program))
        all_loaded.append(loaded)
        source = random.Random(seed)
        before = random_state(variables, source)
        for state in [*fixed(variables, states, source), *(random_state(variables, source) for _ in range(rounds))]:
            agree_on_expansion(loaded, state)
            agree_on_visit(loaded, state)
            agree_on_order(loaded, before, state)
            agree_on_order(loaded, state, state)
            agree_on_step(loaded, before, state)
            agree_on_kept(loaded, state)
            if program.predicates:
                agree_on_letter(loaded, state)
            if loaded.emitted.asking:
                agree_on_step_letter(loaded, before, state)
                agree_on_step_letter(loaded, state, state)
            before = tuple(a if source.random() < 0.5 else b for a, b in zip(state, random_state(variables, source)))
    return all_loaded


def fixed(variables: Variables, states: Iterable[dict[str, Any]], source: random.Random) -> Iterable[tuple[Any, ...]]:
    for given in states:
        state = random_state(variables, source)
        yield tuple(one.domain.freeze_any(given[one.name]) if one.name in given else value for one, value in zip(variables.declarations, state, strict=True))


def agree_on_value(domains: dict[str, Any], expression: Callable[[Variables], Expression], result: Any = None, **options: Any) -> list[Loaded]:
    """Compare the value of an expression: an action writes it to a variable `out`."""
    (plain, _) = widths({**domains, "out": bool})
    type_ = expression(plain).type if result is None else result
    return agree({**domains, "out": type_}, lambda v: [acting("probe", [], store(v.place("out"), expression(v)))], **options)


def agree_on_values(cases: Iterable[tuple[dict[str, Any], Callable[[Variables], Expression]]]) -> list[Loaded]:
    """Compare the values of several expressions in one wide state."""
    all_domains: dict[str, Any] = {}
    expressions = []
    for i, (domains, expression) in enumerate(cases):
        (plain, _) = widths({**domains, "out": bool})
        all_domains |= {f"c{i}_{name}": one for name, one in domains.items()} | {f"c{i}_out": expression(plain).type}
        expressions.append(expression)

    def built(v: Variables) -> Iterable[Function]:
        views = [Within(v, f"c{i}_") for i in range(len(expressions))]
        return [acting(f"probe_{i}", [], store(view.place("out"), one(view))) for i, (view, one) in enumerate(zip(views, expressions, strict=True))]

    return agree(all_domains, built, wide=True)


__all__ = ["agree", "agree_on_value", "reading", "when"]
