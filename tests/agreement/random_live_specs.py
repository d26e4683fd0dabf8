"""A random graph with fairness and a formula, written as a spec: tables say what each action may do in each state.

Formulas are written as people write them, in the class body and as methods, over methods, closures and the atoms `enabled(...)` and `occurs(...)`.
"""

import random
from dataclasses import replace

from speccheck.dsl import formulas as dsl
from speccheck.dsl.rules import Per
from tests.agreement.random_behaviors import ACTIONS, DROPPED, Fair, Graph, Instance

HEADER = '''\
from typing import Annotated

from speccheck import *

MOVES = {moves}
P, Q, R = {p}, {q}, {r}


class Case(Spec, deadlock=False):
    """The state {size} lies outside of the constraint."""

    s: Annotated[int, Range(0, {size})] = 0

    @init
    def begin(self) -> None:
        self.s = choose(range({initial}))

    @action
    def a0(self) -> None:
        self.go("a0")

    @action
    def a1(self) -> None:
        self.go("a1")

    @action
    def a2(self) -> None:
        self.go("a2")

    @action
    def a3(self, b: bool) -> None:
        self.go("a3 yes" if b else "a3 no")

    def go(self, name: str) -> None:
        target = choose(MOVES[self.s, name])
        assert target >= 0
        self.s = target

    @constraint
    def kept(self) -> bool:
        return self.s < {size}

    def p(self) -> bool:
        return self.s in P

    def q(self) -> bool:
        return self.s in Q

    def r(self) -> bool:
        return self.s in R

'''


def by_level(graph: Graph) -> tuple[Graph, list[int]]:
    """Return the reachable part of a completely expanded graph, numbered as a search does, and how many states its first levels have together."""
    assert graph.expanded == graph.size
    order, ends, level = list(range(graph.initial)), [], list(range(graph.initial))
    while level:
        ends.append(len(order))
        level = sorted({t for s in level for t in graph.steps(s)} - set(order))
        order += level
    number = {old: new for new, old in enumerate(order)}
    moves = tuple(tuple((instance, number.get(target, target)) for instance, target in graph.moves[old]) for old in order)
    return replace(graph, size=len(order), moves=moves, facts=tuple(graph.facts[old] for old in order)), ends


def cut(graph: Graph, ends: list[int], depth: int) -> Graph:
    """Return what a search leaves that stops at this depth: its last level is not expanded."""
    if depth > len(ends):
        return graph
    expanded = ends[depth - 2] if depth >= 2 else 0
    return replace(graph, size=ends[depth - 1], moves=graph.moves[:expanded], facts=graph.facts[:expanded])


def spec_of(graph: Graph, formula: dsl.Formula, rng: random.Random) -> str:
    """Return the text of a spec whose reachable states are those of the graph, with the formula as `claim`."""
    moves = {
        (s, name): [graph.size if target == DROPPED else target for i, target in graph.moves[s] if i == instance]
        for s in range(graph.size)
        for instance, name in _names()
    }
    facts = {name: {s for s in range(graph.size) if name in graph.facts[s]} for name in "pqr"}
    text = HEADER.format(moves=moves, size=graph.size, initial=graph.initial, **{name: f"frozenset({sorted(states)})" for name, states in facts.items()})
    for n, fair in enumerate(graph.fairness):
        text += f"    f{n} = {fair.strength}({', '.join(ACTIONS[a].name for a in fair.actions)}, per={_per(fair)!r})\n"
    if isinstance(formula, dsl.Atom):
        formula = dsl.all_of(formula)  # a predicate alone is no formula
    if rng.random() < 0.3:
        return text + f"    claim = {_written(formula, None)}\n"
    return text + f"\n    @temporal\n    def claim(self) -> Formula:\n        return {_claimed(formula, rng)}\n"


def _names() -> list[tuple[Instance, str]]:
    return [((0, ()), "a0"), ((1, ()), "a1"), ((2, ()), "a2"), ((3, (False,)), "a3 no"), ((3, (True,)), "a3 yes")]


def _claimed(formula: dsl.Formula, rng: random.Random) -> str:
    text = _written(formula, rng)
    return f"all_of({text})" if text.startswith("lambda") else text


def _per(fair: Fair) -> Per:
    return fair.per or ()  # type: ignore[no-any-return]


def _written(formula: dsl.Formula, rng: random.Random | None) -> str:
    """Return a formula as source text; in a method (with `rng`), parts of it without temporal operators may be closures."""
    if isinstance(formula, dsl.Atom | dsl.ActionAtom) or (rng is not None and _is_boolean(formula) and rng.random() < 0.5):
        if rng is None or (isinstance(formula, dsl.Atom | dsl.ActionAtom) and rng.random() < 0.5):
            return _atom(formula, "" if rng is None else "self.", call=False)
        return rng.choice(["lambda: {}", "lambda: bool({})"]).format(_inside(formula))
    match formula:
        case dsl.Not(operand):
            return f"negate({_written(operand, rng)})"
        case dsl.And(operands):
            return f"all_of({', '.join(_written(one, rng) for one in operands)})"
        case dsl.Or(operands):
            return f"any_of({', '.join(_written(one, rng) for one in operands)})"
        case dsl.Always(dsl.Eventually(operand)):
            return f"always_eventually({_written(operand, rng)})"
        case dsl.Eventually(dsl.Always(operand)):
            return f"eventually_always({_written(operand, rng)})"
        case dsl.Always(operand):
            return f"always({_written(operand, rng)})"
        case dsl.Eventually(operand):
            return f"eventually({_written(operand, rng)})"
        case dsl.Until(left, right, weak):
            return f"{'weak_until' if weak else 'until'}({_written(left, rng)}, {_written(right, rng)})"
        case dsl.Implies(left, right) | dsl.LeadsTo(left, right) | dsl.Release(left, right):
            name = {dsl.Implies: "implies", dsl.LeadsTo: "leads_to", dsl.Release: "release"}[type(formula)]
            return f"{name}({_written(left, rng)}, {_written(right, rng)})"
    raise AssertionError(formula)


def _is_boolean(formula: dsl.Formula) -> bool:
    match formula:
        case dsl.Atom() | dsl.ActionAtom():
            return True
        case dsl.Not(operand):
            return _is_boolean(operand)
        case dsl.And(operands) | dsl.Or(operands):
            return all(map(_is_boolean, operands))
        case dsl.Implies(left, right):
            return _is_boolean(left) and _is_boolean(right)
    return False


def _inside(formula: dsl.Formula) -> str:
    """Return a formula without temporal operators as a Python expression for a closure."""
    match formula:
        case dsl.Not(operand):
            return f"(not {_inside(operand)})"
        case dsl.And(operands):
            return f"({' and '.join(map(_inside, operands)) or 'True'})"
        case dsl.Or(operands):
            return f"({' or '.join(map(_inside, operands)) or 'False'})"
        case dsl.Implies(left, right):
            return f"(not {_inside(left)} or {_inside(right)})"
        case _:
            return _atom(formula, "self.", call=True)


def _atom(formula: dsl.Formula, prefix: str, *, call: bool) -> str:
    if isinstance(formula, dsl.Atom):
        return f"{prefix}{formula.predicate.__name__}{'()' if call else ''}"
    assert isinstance(formula, dsl.ActionAtom)
    arguments = [f"{prefix}{formula.action}", *map(repr, formula.positional), *(f"{name}={value!r}" for name, value in formula.named)]
    return f"{formula.kind}({', '.join(arguments)})"
