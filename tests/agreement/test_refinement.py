"""Refinement with liveness agrees with a brute force on random pairs of specs: every short lasso is mapped, destuttered, and judged."""

import random
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from speccheck import Verdict
from speccheck.checker.check import check_model
from speccheck.checker.result import PropertyResult
from speccheck.dsl import formulas as dsl
from speccheck.dsl.rules import Strength
from speccheck.model.select import models_of_file
from tests.agreement.lasso_judge import Word, is_fair, satisfies

Position: TypeAlias = tuple[int, int | None]  # a state and the target of the step that leaves it, None in a tail
Moves: TypeAlias = dict[str, tuple[tuple[int, ...], ...]]  # action -> state -> targets

LONGEST = 8  # states of the lassos that are judged where none should be a violation
SPEC = """
from typing import Annotated
from speccheck import *

MAP = {mapping}
MOVES = {moves}
ABSTRACT = {abstract}
FACTS = {facts}


class Abstract(Spec, deadlock=False):
    t: Annotated[int, Range(0, {abstract_top})] = anything()
{abstract_actions}
    def p(self) -> bool:
        return FACTS["p"][self.t]

    def q(self) -> bool:
        return FACTS["q"][self.t]

{properties}


class Concrete(Spec, deadlock=False):
    s: Annotated[int, Range(0, {top})]

    @init
    def start(self) -> None:
        self.s = choose({initial})
{actions}
    @refines(Abstract, liveness=True)
    def abstract(self) -> Abstract:
        return Abstract(t=MAP[self.s])
"""
ACTION = """
    @action{fairness}
    def {name}(self) -> None:
        self.{variable} = choose({table}[{name!r}][self.{variable}])
"""


@dataclass(frozen=True)
class Actions:
    """Actions by tables, some of them fair."""

    moves: Moves
    fair: dict[str, Strength]

    def enabled(self, name: str, state: int) -> bool:
        return any(target != state for target in self.moves[name][state])

    def takes(self, name: str, position: Position) -> bool:
        state, target = position
        return target is not None and target in self.moves[name][state]

    def targets(self, state: int) -> list[int]:
        return sorted({target for rows in self.moves.values() for target in rows[state]} - {state})

    def unfair(self, loop: list[Position]) -> Iterator[str]:
        """Yield the actions whose assumption a loop violates."""
        for name, strength in self.fair.items():
            if not is_fair(strength, [self.enabled(name, state) for state, _ in loop], [self.takes(name, position) for position in loop]):
                yield name

    def text(self, table: str, variable: str) -> str:
        def fairness(name: str) -> str:
            return f'(fairness="{self.fair[name]}")' if name in self.fair else ""

        return "".join(ACTION.format(name=name, fairness=fairness(name), table=table, variable=variable) for name in self.moves)


@dataclass(frozen=True)
class Pair:
    """A concrete spec, an abstract one, and the mapping; every step refines."""

    mapping: tuple[int, ...]
    initial: tuple[int, ...]
    concrete: Actions
    abstract: Actions
    facts: dict[str, tuple[bool, ...]]
    formulas: dict[str, tuple[str, dsl.Formula]]

    def text(self) -> str:
        properties = textwrap.indent("\n".join(f"{name} = all_of({text})" for name, (text, _) in self.formulas.items()), "    ")
        return SPEC.format(
            mapping=self.mapping, moves=self.concrete.moves, abstract=self.abstract.moves, facts=self.facts, initial=self.initial, properties=properties,
            actions=self.concrete.text("MOVES", "s"), abstract_actions=self.abstract.text("ABSTRACT", "t"),
            top=len(self.mapping) - 1, abstract_top=len(self.facts["p"]) - 1,
        )  # fmt: skip

    def checked(self, folder: Path) -> PropertyResult:
        file = folder / "pair.py"
        file.write_text(self.text())
        return check_model(models_of_file(str(file), {})[0][-1])["abstract"]

    def mapped(self, prefix: list[Position], loop: list[Position]) -> tuple[list[Position], int]:
        """Return the positions of the mapped behavior without its stuttering, and where its loop begins."""
        seen = [[(self.mapping[s], self.mapping[t]) for s, t in part if t is not None and self.mapping[s] != self.mapping[t]] for part in (prefix, loop)]
        tail: list[Position] = [] if seen[1] else [(self.mapping[loop[-1][0]], None)]
        return [*seen[0], *seen[1], *tail], len(seen[0])

    def broken(self, prefix: list[Position], loop: list[Position]) -> set[str]:
        """Return the names of what the abstract spec demands and the behavior does not keep."""
        positions, start = self.mapped(prefix, loop)

        def holds(atom: Any, place: int) -> bool:
            state, _ = position = positions[place]
            if isinstance(atom, dsl.Atom):
                return self.facts[atom.predicate.__name__][state]
            return self.abstract.enabled(atom.action, state) if atom.kind == "enabled" else self.abstract.takes(atom.action, position)

        word = Word(len(positions), start)
        return {*self.abstract.unfair(positions[start:]), *(name for name, (_, one) in self.formulas.items() if not satisfies(word, one, holds))}

    def fair_lassos(self) -> Iterator[tuple[list[Position], list[Position]]]:
        """Yield all fair lassos with so many states."""
        pending = [(state,) for state in self.initial]
        while pending:
            path = pending.pop()
            steps: list[Position] = list(zip(path, path[1:]))
            closed = [(steps[:i], steps[i:]) for i in range(len(steps)) if path[i] == path[-1]]
            yield from (one for one in [(steps, [(path[-1], None)]), *closed] if not list(self.concrete.unfair(one[1])))
            if len(path) < LONGEST:
                pending += [(*path, target) for target in self.concrete.targets(path[-1])]


def random_pair(rng: random.Random, size: int = 4, abstract_size: int = 3) -> Pair:
    mapping = tuple(rng.randrange(abstract_size) for _ in range(size))
    moves = {f"a{n}": tuple(_targets(rng, size, [0, 1, 1, 2]) for _ in range(size)) for n in range(rng.randint(1, 3))}
    rows = {f"b{n}": [set(_targets(rng, abstract_size, [0, 0, 1, 1, 2])) for _ in range(abstract_size)] for n in range(rng.randint(1, 2))}
    for source, target in {(mapping[s], mapping[t]) for table in moves.values() for s in range(size) for t in table[s]}:
        if source != target and not any(target in row[source] for row in rows.values()):
            rows[rng.choice(list(rows))][source].add(target)
    abstract = {name: tuple(tuple(sorted(one)) for one in row) for name, row in rows.items()}
    facts = {name: tuple(rng.random() < 0.5 for _ in range(abstract_size)) for name in "pq"}
    formulas = {f"f{n}": _formula(rng, rng.randint(1, 3), list(rows)) for n in range(rng.choice([0, 0, 1, 1, 2]))}
    initial = tuple(sorted({rng.randrange(size) for _ in range(rng.randint(1, 2))}))
    return Pair(mapping, initial, Actions(moves, _fairness(rng, moves, [None, "weak", "strong"])),
                Actions(abstract, _fairness(rng, abstract, [None, None, "weak", "strong"])), facts, formulas)  # fmt: skip


def _targets(rng: random.Random, size: int, counts: list[int]) -> tuple[int, ...]:
    return tuple(sorted({rng.randrange(size) for _ in range(rng.choice(counts))}))


def _fairness(rng: random.Random, moves: Moves, choices: list[Strength | None]) -> dict[str, Strength]:
    return {name: strength for name in moves if (strength := rng.choice(choices)) is not None}


def p(state: Any) -> bool:
    raise NotImplementedError


def q(state: Any) -> bool:
    raise NotImplementedError


UNARY = (dsl.negate, dsl.always, dsl.eventually, dsl.always_eventually, dsl.eventually_always)
BINARY = (dsl.all_of, dsl.any_of, dsl.implies, dsl.leads_to, dsl.until, dsl.weak_until, dsl.release)


def _formula(rng: random.Random, depth: int, actions: list[str]) -> tuple[str, dsl.Formula]:
    """Return a formula as text and as data."""
    kind = rng.random()
    if depth == 0 or kind < 0.15:
        if rng.random() < 0.6:
            return rng.choice([("p", dsl.Atom(p)), ("q", dsl.Atom(q))])
        about, action = rng.choice(["enabled", "occurs"]), rng.choice(actions)
        return f"{about}({action})", dsl.ActionAtom(about, action, (), ())
    make: Any = rng.choice(UNARY if kind < 0.5 else BINARY)
    parts = [_formula(rng, depth - 1, actions) for _ in range(1 if kind < 0.5 else 2)]
    return f"{make.__name__}({', '.join(text for text, _ in parts)})", make(*(one for _, one in parts))


def shown_lasso(result: PropertyResult) -> tuple[list[Position], list[Position]]:
    """Return the positions of a counterexample's prefix and loop."""
    trace = result.trace
    assert trace is not None
    assert trace.loop_start is not None
    states: list[Any] = [state["s"] for state in trace.states]
    positions = [(source, target if step.action is not None else None) for source, target, step in zip(states, states[1:], trace.steps)]
    return positions[: trace.loop_start], positions[trace.loop_start :]


def named(result: PropertyResult) -> str:
    """Return the name of what the reason says to be violated."""
    assert result.reason is not None
    words = result.reason.removeprefix("the mapped behavior violates ").split(" of Abstract")[0]
    return words.removeprefix("the weak fairness of ").removeprefix("the strong fairness of ").strip("'")


@pytest.mark.parametrize("seed", range(30))
def test_what_a_refinement_demands_is_what_every_mapped_behavior_keeps(seed: int, tmp_path: Path) -> None:
    for number in range(10):
        pair = random_pair(random.Random(10 * seed + number))
        result = pair.checked(tmp_path)
        if result.verdict is Verdict.HOLDS:
            assert [lasso for lasso in pair.fair_lassos() if pair.broken(*lasso)] == [], pair
            continue
        assert result.verdict is Verdict.VIOLATED, pair
        prefix, loop = shown_lasso(result)
        assert (prefix or loop)[0][0] in pair.initial, pair
        assert all(target is None or target in pair.concrete.targets(source) for source, target in (*prefix, *loop)), pair
        assert list(pair.concrete.unfair(loop)) == [], pair
        assert named(result) in pair.broken(prefix, loop), pair


def test_the_random_pairs_are_of_every_kind(tmp_path: Path) -> None:
    kinds = set()
    for seed in range(60):
        pair = random_pair(random.Random(seed))
        result = pair.checked(tmp_path)
        demanding = bool(pair.abstract.fair or pair.formulas)
        if result.verdict is Verdict.HOLDS:
            kinds.add(("holds", demanding))
        else:
            _, loop = shown_lasso(result)
            kinds.add(("tail" if loop[0][1] is None else "loop", len({pair.mapping[state] for state, _ in loop}) > 1))
    assert kinds == {("holds", True), ("holds", False), ("tail", False), ("loop", False), ("loop", True)}
