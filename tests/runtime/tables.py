"""Random graphs as tables for the model table.c, and as what the Python engine's search for lassos walks on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from speccheck.dsl import formulas as dsl
from speccheck.engines.machine import Failure, Lasso
from speccheck.engines.native.graph import Tables, postfix
from speccheck.engines.python.liveness import Behaviors, violating_lasso
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import RawStep
from speccheck.model.model import Assumption, Property, Rule
from speccheck.temporal.automaton import Automaton
from speccheck.temporal.claims import Claim, Shape, claim_of
from speccheck.temporal.vocabulary import Vocabulary
from tests.agreement.random_behaviors import ACTIONS, DROPPED, ERRS, INSTANCES, SPAN, Graph, P, Q, R

VALUES = 4096
NONE = 0xFFFFFFFF
NUMBERS = {instance: 61 * n + 3 for n, instance in enumerate(INSTANCES)}  # of instances in the table: beyond a word, too
IDLE = tuple(Rule(f"idle{n}", print, (), SPAN) for n in range(70))  # actions that are never possible


@dataclass(frozen=True)
class Table:
    """A graph as table.c has it, with a domain order of its own; `last` is the level that is not expanded, 0 if there is none. What `raises` are bits of p, q, r. With
    `asking`, r is a predicate that asks what occurs: it holds at a step, or at rest, if the sum of the values of both states is divisible by three.
    """

    graph: Graph
    values: tuple[int, ...]
    ranks: tuple[int, ...]
    raises: tuple[int, ...]
    last: int
    asking: bool = False

    def holds_at(self, source: int, target: int) -> bool:
        """Return whether r holds at the step from one place to another, or where nothing happens any more."""
        return self.asking and (self.values[source] + self.values[target]) % 3 == 0 and not self.raises[source] >> 2 & 1

    def moves(self, place: int) -> tuple[tuple[Any, int], ...]:
        return self.graph.moves[place] if place < self.graph.expanded else ()

    def facts(self, place: int) -> frozenset[str]:
        return self.graph.facts[place] if place < self.graph.expanded else frozenset()

    def levels(self) -> list[list[int]]:
        """Return the places by level, in domain order: their numbers are their positions."""
        levels, known = [], set[int]()
        fresh = set(range(self.graph.initial))
        while fresh:
            known |= fresh
            levels.append(sorted(fresh, key=lambda place: self.ranks[place]))
            if len(levels) == self.last:
                break
            fresh = {target for place in levels[-1] for _, target in self.moves(place) if target >= 0} - known
        return levels

    def behaviors(self, vocabulary: Vocabulary) -> Behaviors:
        """Return the same for the Python engine."""
        levels = self.levels()
        places = [place for level in levels for place in level]
        numbers = {(place,): number for number, place in enumerate(places)}
        expanded = len(places) - (len(levels[-1]) if levels and len(levels) == self.last else 0)
        recorded = StepGraph(vocabulary.signals_of())
        for place in places[:expanded]:
            recorded.record((place,), [_raw(*move) for move in self.moves(place)], numbers)
        signals, kinds = vocabulary.atom_signals, {n: atom.kind for n, atom in enumerate(vocabulary.atoms) if isinstance(atom, dsl.ActionAtom)}
        letters = [
            sum(
                1 << vocabulary.number(one)
                for n, one in enumerate((P, Q, R))
                if "pqr"[n] in self.facts(place) and not self.raises[place] >> n & 1 and not (self.asking and n == 2)
            )
            | sum(1 << n for n, kind in kinds.items() if kind == "enabled" and recorded.enabled[number] >> signals[n] & 1)
            for number, place in enumerate(places[:expanded])
        ]
        occurring = [(n, signals[n]) for n, kind in kinds.items() if kind == "occurs"]
        return Behaviors(
            recorded,
            range(len(levels[0]) if levels else 0),
            vocabulary.fairness(),
            vocabulary.signal_count,
            letters.__getitem__,
            lambda source, target, taken: (
                sum(1 << n for n, signal in occurring if taken >> signal & 1) | self.holds_at(places[source], places[target]) << vocabulary.number(R)
            ),
        )


def _raw(instance: Any, target: int) -> RawStep:
    if target == ERRS:
        return RawStep(*instance, (), None, Failure("error", ""), False)
    return RawStep(*instance, (), (target,) if target != DROPPED else (-9,), None, True)


def random_table(rng: random.Random, graph: Graph) -> Table:
    size = graph.size + 1  # the last place is dropped
    values = rng.sample(range(VALUES), size)
    ranks = list(values) if rng.random() < 0.5 else rng.sample(range(size), size)
    raises = [rng.randrange(8) if rng.random() < 0.1 else 0 for _ in range(size)] if rng.random() < 0.3 else [0] * size
    return Table(graph, tuple(values), tuple(ranks), tuple(raises), rng.choice((0, 0, 0, 1, 2, 3)))


def spoken(graph: Graph, formulas: Sequence[dsl.Formula], idle: int) -> tuple[list[Claim], Vocabulary]:
    """Return formulas as claims. Before what they speak of come `idle` assumptions and atoms that nothing depends on: the others get large numbers."""
    stated = [Assumption(f"i{n}", "weak", (one.name,), (), SPAN) for n, one in enumerate(IDLE[:idle])]
    stated += [Assumption(f"f{n}", one.strength, tuple(ACTIONS[a].name for a in one.actions), one.per, SPAN) for n, one in enumerate(graph.fairness)]
    actions = (*ACTIONS, *IDLE)
    model = SimpleNamespace(spec=object, actions=actions, assumptions=tuple(stated), actions_of=lambda name: tuple(a for a in actions if a.name == name))
    vocabulary = Vocabulary(model)  # type: ignore[arg-type]
    for n in range(idle):
        vocabulary.number(dsl.Atom(lambda state, n=n: n))
    for one in (P, Q, R):
        vocabulary.number(one)
    return [claim_of(Property("claim", "temporal", SPAN, formula=formula), (), formula, vocabulary) for formula in formulas], vocabulary


def tables_of(vocabulary: Vocabulary, asking: bool = False) -> Tables:
    signals = vocabulary.signals_of()
    by_number = {number: signals.get(instance, 0) for instance, number in NUMBERS.items()}
    kinds = {n: atom.kind for n, atom in enumerate(vocabulary.atoms) if isinstance(atom, dsl.ActionAtom)}
    of = {kind: {n: vocabulary.atom_signals[n] for n in kinds if kinds[n] == kind} for kind in ("enabled", "occurs")}
    predicates = [vocabulary.number(one) for one in (P, Q, R)]
    instances = [by_number.get(n, 0) for n in range(300)]
    steps = ([vocabulary.number(R)], vocabulary.fairness().all) if asking else ([], 0)
    return Tables(vocabulary.signal_count, len(vocabulary.atoms), instances, predicates, of["enabled"], of["occurs"], *steps)


# ---------------------------------------------------------------- as numbers


def case_numbers(table: Table, claims: Sequence[Claim], vocabulary: Vocabulary, workers: int, steps: int, row_cache: int, memory: int) -> list[int]:
    """Return a case as lassos.c reads it."""
    tables, graph = tables_of(vocabulary, table.asking), table.graph
    signals = tables.signal_count + len(tables.asking)
    size = graph.size + 1
    numbers = [size]
    for place in range(size):
        holds = sum(1 << n for n, name in enumerate("pqr") if name in table.facts(place))
        numbers += [table.values[place], table.ranks[place], place < graph.size, holds, table.raises[place]]
    for place in range(size):
        moves = table.moves(place)
        numbers.append(len(moves))
        for instance, target in moves:
            numbers += [NUMBERS[instance], NONE if target == ERRS else graph.size if target == DROPPED else target]
    numbers += [graph.initial, *range(graph.initial), table.last, workers, steps, row_cache, memory]
    signal_words, atom_words = (max(1, (n + 63) // 64) for n in (signals, tables.atom_count))
    numbers += [signals, tables.atom_count, len(NUMBERS)]
    for number in NUMBERS.values():
        numbers += [number, *_words(tables.signals_of[number], signal_words)]
    numbers += [*tables.predicates, len(tables.enabled), *(n for pair in tables.enabled.items() for n in pair)]
    numbers += [*(_words(tables.obliging, signal_words) if table.asking else ()), len(claims)]
    fair = vocabulary.fairness()
    for claim in claims:
        numbers += [
            *_words(fair.weak, signal_words),
            *_words(fair.strong, signal_words),
            *_counterexample(claim.counterexample, tables, atom_words, signal_words),
        ]
    return list(map(int, numbers))


def _words(bits: int, words: int) -> list[int]:
    return [bits >> 64 * word & 0xFFFFFFFFFFFFFFFF for word in range(words)]


def _counterexample(one: Shape | Automaton, tables: Tables, atom_words: int, signal_words: int) -> list[int]:
    if isinstance(one, Shape):
        codes = [postfix(part)[0] for part in (one.start, one.stay, one.again)]
        return [0, one.at_once, *(n for code in codes for n in (len(code), *code))]
    numbers = [1, len(one.moves), one.marks, *(sum(map(len, one.moves[:q])) for q in range(len(one.moves) + 1))]
    signals = {**tables.occurring, **tables.step_signals}
    for move in (move for row in one.moves for move in row):
        states, steps = [], []
        for atoms in (move.demanded, move.forbidden):
            of_steps = [n for n in signals if atoms >> n & 1]
            states += _words(atoms & ~sum(1 << n for n in of_steps), atom_words)
            steps += _words(sum(1 << signals[n] for n in of_steps), signal_words)
        numbers += [move.target, move.marks, *states, *steps]
    return numbers


# ---------------------------------------------------------------- what must come out


def expected_lines(table: Table, claims: Sequence[Claim], vocabulary: Vocabulary) -> list[str]:
    """Return what lassos.c must tell, by the Python engine."""
    behaviors = table.behaviors(vocabulary)
    graph = behaviors.graph
    places = [place for level in table.levels() for place in level]
    unasked = [bool(table.asking and not list(graph.steps(s)) and not behaviors.quiet(s)) for s in range(graph.expanded)]  # r is never asked there
    raised = [next((s for s in range(graph.expanded) if table.raises[places[s]] >> n & 1 and not (n == 2 and unasked[s])), -1) for n in range(3)]
    own = vocabulary.signal_count  # the signal of r
    signal_digits, atom_digits = (16 * max(1, (n + 63) // 64) for n in (own + table.asking, len(vocabulary.atoms)))
    rows = [sorted((t, signals | table.holds_at(places[s], places[t]) << own) for t, signals in graph.steps(s)) for s in range(graph.expanded)]
    letters = [behaviors.letter(s) | table.holds_at(places[s], places[s]) << vocabulary.number(R) for s in range(graph.expanded)]
    lines = [" ".join(map(str, ["graph", len(places), graph.expanded, sum(map(len, rows)), *raised]))]
    for state, row in enumerate(rows):
        steps = "".join(f" {target} {signals:0{signal_digits}x}" for target, signals in row)
        lines.append(f"state {graph.enabled[state]:0{signal_digits}x} {letters[state]:0{atom_digits}x}{steps}")
    return lines + [_told(violating_lasso(claim.counterexample, behaviors)) for claim in claims]


def _told(lasso: Lasso | None) -> str:
    return "code 1" if lasso is None else " ".join(map(str, ["code 0", *lasso.prefix, "|", *lasso.loop]))
