"""Whether a small graph has a fair behavior that violates a formula, decided another way: by guessing truth values.

A *guess* is a position (a state and the step that leaves it, None in a tail) with a set of `until`s that are said to hold there. Between a position and the
next an `until` must be said consistently; one that is said to hold must come true. Fairness is decided by trying for each set of strong assumptions that they
are never possible on the loop. Slow: guesses are exponential in the formula.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, TypeAlias

import networkx

from speccheck.dsl import formulas as dsl
from tests.agreement.lasso_judge import Word, satisfies
from tests.agreement.random_behaviors import Graph

Core: TypeAlias = tuple[Any, ...]  # ("atom", a), ("not", x), ("and", x, ...), ("until", x, y)
Position: TypeAlias = tuple[int, int | None]
Guess: TypeAlias = tuple[int, int | None, frozenset[Core]]


def core(formula: dsl.Formula) -> Core:
    """Return the formula in `not`, `and` and `until`."""
    match formula:
        case dsl.Atom(predicate):
            return ("atom", predicate)
        case dsl.ActionAtom(kind, action, positional, named):
            return ("atom", (kind, action, positional, named))
        case dsl.Not(operand):
            return ("not", core(operand))
        case dsl.And(operands):
            return ("and", *map(core, operands))
        case dsl.Or(operands):
            return either(*map(core, operands))
        case dsl.Implies(left, right):
            return either(("not", core(left)), core(right))
        case dsl.Always(operand):
            return globally(core(operand))
        case dsl.Eventually(operand):
            return finally_(core(operand))
        case dsl.LeadsTo(left, right):
            return globally(either(("not", core(left)), finally_(core(right))))
        case dsl.Until(left, right, weak):
            strong = ("until", core(left), core(right))
            return either(strong, globally(core(left))) if weak else strong
        case dsl.Release(left, right):
            return ("not", ("until", ("not", core(left)), ("not", core(right))))
    raise AssertionError(formula)


def either(*operands: Core) -> Core:
    return ("not", ("and", *(("not", one) for one in operands)))


def finally_(operand: Core) -> Core:
    return ("until", ("and",), operand)


def globally(operand: Core) -> Core:
    return ("not", finally_(("not", operand)))


def untils_of(formula: Core) -> list[Core]:
    """Return the `until`s of a formula, inner ones first, equal ones once."""
    found = [one for part in formula[1:] if isinstance(part, tuple) and part and part[0] in ("not", "and", "until") for one in untils_of(part)]
    return list(dict.fromkeys([*found, formula] if formula[0] == "until" else found))


class Guesses:
    """The positions of a graph with guesses about a formula."""

    def __init__(self, graph: Graph, formula: dsl.Formula) -> None:
        self.graph = graph
        self.wanted: Core = ("not", core(formula))
        self.untils = untils_of(self.wanted)
        self._known: dict[Position, list[frozenset[Core]]] = {}

    def positions(self, state: int) -> list[Position]:
        """Return what may happen in an expanded state: each step, and stuttering for ever."""
        return [(state, target) for target in (*self.graph.steps(state), None)] if state < self.graph.expanded else []

    def at(self, position: Position) -> list[frozenset[Core]]:
        """Return the sets of `until`s that may hold at a position together."""
        if position not in self._known:
            guesses: list[frozenset[Core]] = [frozenset()]
            for one in self.untils:
                guesses = [more for guess in guesses for more in self._decided(one, position, guess)]
            self._known[position] = guesses
        return self._known[position]

    def _decided(self, one: Core, position: Position, guess: frozenset[Core]) -> list[frozenset[Core]]:
        if self.value(one[2], position, guess):
            return [guess | {one}]
        return [guess, guess | {one}] if self.value(one[1], position, guess) else [guess]

    def value(self, formula: Core, position: Position, guess: frozenset[Core]) -> bool:
        match formula[0]:
            case "atom":
                return self.graph.holds(dsl.ActionAtom(*formula[1]) if isinstance(formula[1], tuple) else dsl.Atom(formula[1]), *position)
            case "not":
                return not self.value(formula[1], position, guess)
            case "and":
                return all(self.value(one, position, guess) for one in formula[1:])
            case _:
                return formula in guess

    def initial(self) -> list[Guess]:
        return [
            (*position, guess)
            for state in range(self.graph.initial)
            for position in self.positions(state)
            for guess in self.at(position)
            if self.value(self.wanted, position, guess)
        ]

    def after(self, guess: Guess) -> Iterator[Guess]:
        """Yield what may come next: an `until` that is put off must hold again."""
        state, target, said = guess
        here = (state, target)
        put_off = {u for u in self.untils if not self.value(u[2], here, said) and self.value(u[1], here, said)}
        for position in [here] if target is None else self.positions(target):
            for later in self.at(position):
                if all((u in said) == (u in later) for u in put_off):
                    yield (*position, later)

    def kept(self, guess: Guess, one: Core) -> bool:
        """Return whether an `until` is owed nothing here: it is not said to hold, or it comes true."""
        return one not in guess[2] or self.value(one[2], guess[:2], guess[2])


def some_fair_violation(graph: Graph, formula: dsl.Formula) -> bool:
    """Return whether some fair behavior from an initial state violates the formula."""
    guesses = Guesses(graph, formula)
    reached = networkx.DiGraph()
    pending = guesses.initial()
    reached.add_nodes_from(pending)
    while pending:
        guess = pending.pop()
        for later in guesses.after(guess):
            if later not in reached:
                pending.append(later)
            reached.add_edge(guess, later)
    owed = [lambda g, u=u: guesses.kept(g, u) for u in guesses.untils]
    return any(True for _ in fair_parts(reached, graph, lambda g: g[:2], owed))


def fair_parts(
    reached: "networkx.DiGraph[Any]", graph: Graph, position: Callable[[Any], Position], owed: Iterable[Callable[[Any], bool]]
) -> Iterator[set[Any]]:
    """Yield parts in which a behavior can stay for ever and be fair, and satisfy each of `owed` again and again; every such behavior stays in one of them.

    Of each behavior some strong assumptions are taken again and again; the others must not be possible. Which ones, is tried.
    """

    def enabled(one: Any, members: set[Any]) -> bool:
        return bool(graph.enabled(position(one)[0]) & members)

    def taken(one: Any, members: set[Any]) -> bool:
        return graph.takes(position(one), members)

    owed = list(owed)
    weak = [members for strength, members in graph.assumptions() if strength == "weak"]
    strong = [members for strength, members in graph.assumptions() if strength == "strong"]
    for never in map(list, subsets(range(len(strong)))):
        part = reached.subgraph([one for one in reached if not any(enabled(one, strong[i]) for i in never)])
        for component in networkx.strongly_connected_components(part):
            if len(component) == 1 and not any(part.has_edge(one, one) for one in component):
                continue
            if (
                all(any(demand(one) for one in component) for demand in owed)
                and all(any(taken(one, members) or not enabled(one, members) for one in component) for members in weak)
                and all(any(taken(one, strong[i]) for one in component) for i in range(len(strong)) if i not in never)
            ):
                yield set(component)


def subsets(items: Collection[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


def some_fair_closed_walk(graph: Graph, formula: dsl.Formula) -> bool:
    """Return the same as `some_fair_violation`, found by walking: from each guess back to itself, over every set of things seen on the way."""
    guesses = Guesses(graph, formula)
    reached: set[Guess] = set(guesses.initial())
    pending = list(reached)
    while pending:
        for later in guesses.after(pending.pop()):
            if later not in reached:
                reached.add(later)
                pending.append(later)
    return any(_closes(guesses, start) for start in reached)


@dataclass(frozen=True)
class Seen:
    """What a walk has seen: `until`s that were kept, assumptions that were enabled, not enabled, and taken."""

    kept: frozenset[int] = frozenset()
    possible: frozenset[int] = frozenset()
    impossible: frozenset[int] = frozenset()
    taken: frozenset[int] = frozenset()


def _closes(guesses: Guesses, start: Guess) -> bool:
    assumptions = guesses.graph.assumptions()
    began = (start, Seen())
    known, pending = {began}, deque([began])
    while pending:
        guess, seen = pending.popleft()
        on = {i for i, (_, members) in enumerate(assumptions) if guesses.graph.enabled(guess[0]) & members}
        more = Seen(
            seen.kept | {i for i, u in enumerate(guesses.untils) if guesses.kept(guess, u)},
            seen.possible | on,
            seen.impossible | (set(range(len(assumptions))) - on),
            seen.taken | {i for i, (_, members) in enumerate(assumptions) if guesses.graph.takes(guess[:2], members)},
        )
        for later in guesses.after(guess):
            if later == start and _content(more, len(guesses.untils), [strength for strength, _ in assumptions]):
                return True
            if (later, more) not in known:
                known.add((later, more))
                pending.append((later, more))
    return False


def _content(seen: Seen, untils: int, strengths: list[Any]) -> bool:
    fair = all(i in seen.taken or (i in seen.impossible if strength == "weak" else i not in seen.possible) for i, strength in enumerate(strengths))
    return fair and len(seen.kept) == untils


# ---------------------------------------------------------------- the common shapes


@dataclass(frozen=True)
class Reading:
    """How a counterexample of a common shape reads (semantics 6.4): it begins where `start`, stays where `stay`, and is again and again where `again`."""

    start: Callable[[int], bool]
    stay: Callable[[int], bool]
    again: Callable[[int], bool]
    at_once: bool = False


def reading(graph: Graph, operator: str, operands: tuple[dsl.Formula, ...]) -> Reading:
    """Return the reading of an operator whose operands speak of states."""

    def on(operand: dsl.Formula) -> Callable[[int], bool]:
        return lambda state: satisfies(Word(1, 0), operand, lambda atom, _: graph.holds(atom, state, None))

    def anywhere(state: int) -> bool:
        return True

    holds = on(operands[0])

    def fails(state: int) -> bool:
        return not holds(state)

    match operator:
        case "always":
            return Reading(fails, anywhere, anywhere)
        case "eventually":
            return Reading(fails, fails, anywhere, at_once=True)
        case "always_eventually":
            return Reading(fails, fails, anywhere)
        case "eventually_always":
            return Reading(anywhere, anywhere, fails)
        case "leads_to":
            goal = on(operands[1])
            return Reading(lambda s: holds(s) and not goal(s), lambda s: not goal(s), anywhere)
    raise AssertionError(operator)


def least_prefix(graph: Graph, shape: Reading) -> tuple[int, ...] | None:
    """Return the least shortest prefix to the least state in which a counterexample may stay, or None."""
    late = {s for s in range(graph.expanded) if shape.stay(s)}
    resting = _resting(graph, late, shape.again)

    # Before the counterexample begins the prefix is early, (s, 0), then late, (s, 1); where it begins it is both.
    def twins(states: Iterable[int]) -> set[tuple[int, int]]:
        return {(s, 0) for s in states if not shape.at_once} | {(s, 1) for s in states if s in late and shape.start(s)}

    def after(one: tuple[int, int]) -> set[tuple[int, int]]:
        state, layer = one
        targets = set(graph.steps(state))
        return {(t, 1) for t in targets & late} if layer else twins(targets)

    levels = [twins(range(graph.initial))]
    while levels[-1]:
        entries = [s for s, layer in levels[-1] if layer and s in resting]
        if entries:
            path = [(min(entries), 1)]
            for level in reversed(levels[:-1]):
                before = min(one for one in level if path[0] in after(one))
                path.insert(0, before)
            return tuple(state for state, _ in path)
        known = set().union(*levels)
        levels.append({later for one in levels[-1] for later in after(one)} - known)
    return None


def _resting(graph: Graph, region: set[int], again: Callable[[int], bool]) -> set[int]:
    """Return the states in which a behavior may stay for ever within a region: it goes around in it, or stutters there."""
    within: networkx.DiGraph[Any] = networkx.DiGraph()
    moves = {(s, t) for s in region for t in graph.steps(s) if t in region}
    within.add_nodes_from(moves)
    within.add_edges_from((one, other) for one in moves for other in moves if one[1] == other[0])
    around = {s for part in fair_parts(within, graph, lambda move: move, [lambda move: again(move[0])]) for s, _ in part}
    fair = set().union(*(members for _, members in graph.assumptions()))
    return around | {s for s in region if again(s) and not graph.enabled(s) & fair}
