"""Random small graphs with fairness and a formula, and how they look to the search for lassos.

A graph is what a bounded search of a spec may leave: states by number, those below `expanded` with all evaluations out of them (to kept states, to the state
itself, to a dropped state, erring), some of which make the same step. Nothing here uses what it is to test, but for `behaviors_of`, which hands a graph over.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeAlias

from speccheck.domains.scalars import Enumerated
from speccheck.dsl import formulas as dsl
from speccheck.dsl.rules import Strength
from speccheck.engines.machine import Failure, Lasso
from speccheck.engines.python.liveness import Behaviors, violating_lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import RawStep
from speccheck.model.model import Assumption, Parameter, Property, Rule
from speccheck.source import Span
from speccheck.temporal.claims import Claim, claim_of
from speccheck.temporal.vocabulary import Vocabulary

Instance: TypeAlias = tuple[int, tuple[Any, ...]]  # number of the action, values of its parameters

SPAN = Span("random", 1)
ACTIONS = (
    Rule("a0", print, (), SPAN),
    Rule("a1", print, (), SPAN),
    Rule("a2", print, (), SPAN),
    Rule("a3", print, (Parameter("b", Enumerated((False, True), "bool")),), SPAN),
)
INSTANCES: tuple[Instance, ...] = ((0, ()), (1, ()), (2, ()), (3, (False,)), (3, (True,)))
ERRS, DROPPED = -1, -2  # targets that are no kept states


def p(state: Any) -> bool:
    raise NotImplementedError


def q(state: Any) -> bool:
    raise NotImplementedError


def r(state: Any) -> bool:
    raise NotImplementedError


P, Q, R = dsl.Atom(p), dsl.Atom(q), dsl.Atom(r)


@dataclass(frozen=True)
class Fair:
    """An assumption as a spec states it: on whole actions, by number, together or for each value of `per`."""

    strength: Strength
    actions: tuple[int, ...]
    per: Any = ()

    def sets(self) -> list[set[Instance]]:
        """Return the sets of instances that are fair, each of them."""
        members = [i for i in INSTANCES if i[0] in self.actions]
        if not self.per:
            return [set(members)]
        return [{i for i in members if i[0] != 3 or i[1] == (value,)} for value in (False, True)]


@dataclass(frozen=True)
class Graph:
    """What a search left. `moves[s]` are the evaluations out of an expanded state, `facts[s]` the names of the predicates that hold there."""

    size: int
    initial: int
    moves: tuple[tuple[tuple[Instance, int], ...], ...]
    facts: tuple[frozenset[str], ...]
    fairness: tuple[Fair, ...]

    @property
    def expanded(self) -> int:
        return len(self.moves)

    def steps(self, state: int) -> dict[int, set[Instance]]:
        """Return the changing steps to kept states, each with what it is a step of."""
        found: dict[int, set[Instance]] = {}
        for instance, target in self.moves[state] if state < self.expanded else ():
            if target >= 0 and target != state:
                found.setdefault(target, set()).add(instance)
        return found

    def enabled(self, state: int) -> set[Instance]:
        """Return the instances of which some evaluation changes the state or errs."""
        return {instance for instance, target in self.moves[state] if target != state}

    def takes(self, position: tuple[int, int | None], members: set[Instance]) -> bool:
        """Return whether the step that leaves a position is a step of one of these."""
        state, target = position
        return target is not None and bool(self.steps(state)[target] & members)

    def assumptions(self) -> list[tuple[Strength, set[Instance]]]:
        return [(fair.strength, one) for fair in self.fairness for one in fair.sets()]

    def holds(self, atom: Any, state: int, target: int | None) -> bool:
        """Return whether an atom holds at a position; the target of its step is None in a tail."""
        if isinstance(atom, dsl.Atom):
            return atom.predicate.__name__ in self.facts[state]
        members = {i for i in INSTANCES if ACTIONS[i[0]].name == atom.action and (not _argument(atom) or i[1] == _argument(atom))}
        if atom.kind == "enabled":
            return bool(self.enabled(state) & members)
        return target is not None and bool(self.steps(state)[target] & members)


def _argument(atom: dsl.ActionAtom) -> tuple[Any, ...]:
    return atom.positional or tuple(value for _, value in atom.named)


# ---------------------------------------------------------------- at random


def random_graph(rng: random.Random, most: int = 8) -> Graph:
    size = rng.randint(1, most)
    expanded = size if rng.random() < 0.8 else rng.randint(0, size)
    initial = rng.randint(1, min(3, size)) if rng.random() < 0.97 else 0
    busy = rng.choice([1, 2, 2, 3, 4])  # how many evaluations out of a state, about
    restless = rng.random() < 0.6  # few behaviors stop
    fewest = 1 if restless else 0
    moves = tuple(tuple(_move(rng, state, size) for _ in range(rng.randint(fewest, 2 * busy))) for state in range(expanded))
    likely = rng.choice([0.2, 0.5, 0.8])
    facts = tuple(frozenset(name for name in "pqr" if rng.random() < likely) for _ in range(expanded))
    fairness = [_fair(rng, "weak") for _ in range(rng.randint(0, 3))] + [_fair(rng, "strong") for _ in range(rng.randint(0, 3))]
    if restless:
        fairness.append(Fair("weak", (0, 1, 2, 3)))
    rng.shuffle(fairness)
    return Graph(size, initial, moves, facts, tuple(fairness))


def _move(rng: random.Random, state: int, size: int) -> tuple[Instance, int]:
    instance, kind = rng.choice(INSTANCES), rng.random()
    if kind < 0.8:
        return instance, rng.randrange(size)
    return instance, state if kind < 0.9 else ERRS if kind < 0.95 else DROPPED


def _fair(rng: random.Random, strength: Strength) -> Fair:
    kind = rng.random()
    if kind < 0.2:
        return Fair(strength, (3,), rng.choice(["b", ("b",), {"a3": "b"}]))
    actions = tuple(sorted(rng.sample(range(4), rng.randint(1, 3))))
    if kind < 0.4 and 3 in actions:
        return Fair(strength, actions, {"a3": "b"} | {ACTIONS[n].name: () for n in actions if n != 3})
    return Fair(strength, actions)


Atoms: TypeAlias = Callable[[random.Random], dsl.Formula]


def state_atom(rng: random.Random) -> dsl.Formula:
    return rng.choice((P, Q, R)) if rng.random() < 0.8 else _action_atom(rng, "enabled")


def any_atom(rng: random.Random) -> dsl.Formula:
    return state_atom(rng) if rng.random() < 0.7 else _action_atom(rng, "occurs")


def _action_atom(rng: random.Random, kind: str) -> dsl.ActionAtom:
    number = rng.randrange(4)
    if number < 3 or rng.random() < 0.3:
        return dsl.ActionAtom(kind, f"a{number}", (), ())
    value = rng.random() < 0.5
    return rng.choice((dsl.ActionAtom(kind, "a3", (value,), ()), dsl.ActionAtom(kind, "a3", (), (("b", value),))))


def random_boolean(rng: random.Random, depth: int, atom: Atoms) -> dsl.Formula:
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        return atom(rng)
    if kind < 0.6:
        return dsl.negate(random_boolean(rng, depth - 1, atom))
    make = rng.choice((dsl.all_of, dsl.any_of, dsl.implies))
    return make(random_boolean(rng, depth - 1, atom), random_boolean(rng, depth - 1, atom))


COMMON = (dsl.always, dsl.eventually, dsl.always_eventually, dsl.eventually_always, dsl.leads_to)


def random_common(rng: random.Random, atom: Atoms = state_atom) -> tuple[str, tuple[dsl.Formula, ...], dsl.Formula]:
    """Return a formula of one of the common shapes: its operator, its operands and itself."""
    make = rng.choice(COMMON)
    operands = tuple(random_boolean(rng, 2, atom) for _ in range(2 if make is dsl.leads_to else 1))
    return make.__name__, operands, make(*operands)  # type: ignore[operator]


UNARY = (dsl.negate, dsl.always, dsl.eventually, dsl.always_eventually, dsl.eventually_always)
BINARY = (dsl.all_of, dsl.any_of, dsl.implies, dsl.leads_to, dsl.until, dsl.weak_until, dsl.release)


def random_formula(rng: random.Random, depth: int, atom: Atoms = any_atom) -> dsl.Formula:
    """Return a formula of any operators."""
    kind = rng.random()
    if depth == 0 or kind < 0.1:
        return atom(rng)
    if kind < 0.15:
        return rng.choice((dsl.all_of, dsl.any_of))(*(random_formula(rng, depth - 1, atom) for _ in range(rng.choice((0, 1, 3)))))
    if kind < 0.2:
        return random_common(rng, atom)[2]
    if kind < 0.45:
        return rng.choice(UNARY)(random_formula(rng, depth - 1, atom))
    return rng.choice(BINARY)(random_formula(rng, depth - 1, atom), random_formula(rng, depth - 1, atom))


def shown(formula: dsl.Formula) -> str:
    """Return a formula as text."""
    match formula:
        case dsl.Atom(predicate):
            return str(predicate.__name__)
        case dsl.ActionAtom(kind, action, positional, named):
            return f"{kind}({', '.join([action, *map(str, positional), *(f'{n}={v}' for n, v in named)])})"
        case dsl.And(operands) | dsl.Or(operands):
            return f"{type(formula).__name__.lower()}({', '.join(map(shown, operands))})"
        case dsl.Until(left, right, weak):
            return f"({shown(left)} {'W' if weak else 'U'} {shown(right)})"
        case _:
            inner = [getattr(formula, name) for name in formula.__dataclass_fields__]  # type: ignore[attr-defined]
            return f"{type(formula).__name__.lower()}({', '.join(map(shown, inner))})"


# ---------------------------------------------------------------- handed over


def behaviors_of(graph: Graph, formula: dsl.Formula) -> tuple[Claim, Behaviors]:
    """Return the formula as a claim, and the graph as what its counterexample is searched in."""
    stated = tuple(Assumption(f"f{n}", one.strength, tuple(ACTIONS[a].name for a in one.actions), one.per, SPAN) for n, one in enumerate(graph.fairness))
    model = SimpleNamespace(spec=object, actions=ACTIONS, assumptions=stated, actions_of=lambda name: tuple(a for a in ACTIONS if a.name == name))
    vocabulary = Vocabulary(model)  # type: ignore[arg-type]
    claim = claim_of(Property("claim", "temporal", SPAN, formula=formula), (), formula, vocabulary)
    recorded = StepGraph(vocabulary.signals_of())
    numbers = {(state,): state for state in range(graph.size)}
    for state, moves in enumerate(graph.moves):
        recorded.record((state,), [_raw(*move) for move in moves], numbers)
    of_states = [n for n, atom in enumerate(vocabulary.atoms) if isinstance(atom, dsl.Atom) or atom.kind == "enabled"]
    letters = [_bits(n for n in of_states if graph.holds(vocabulary.atoms[n], state, None)) for state in range(graph.expanded)]
    occurring = [(n, signal) for n, signal in vocabulary.atom_signals.items() if n not in of_states]
    return claim, Behaviors(
        recorded,
        range(graph.initial),
        vocabulary.fairness(),
        vocabulary.signal_count,
        letters.__getitem__,
        lambda source, target, signals: _bits(n for n, signal in occurring if signals >> signal & 1),
    )


def found_lasso(graph: Graph, formula: dsl.Formula) -> Lasso | None:
    """Return what the search for lassos says."""
    claim, behaviors = behaviors_of(graph, formula)
    return violating_lasso(claim.counterexample, behaviors)


def _raw(instance: Instance, target: int) -> RawStep:
    failure = Failure("a.error", "raised") if target == ERRS else None
    return RawStep(*instance, (), None if target == ERRS else (target,), failure, True)


def _bits(numbers: Any) -> int:
    return sum({1 << n for n in numbers})
