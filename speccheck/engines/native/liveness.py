"""The temporal properties of a model on the native engine: claims that the Python engine has built, on the graph of a native search.

Answers are those of `engines/python/temporal.py`, lassos included. What a predicate says when it raises, CPython is asked for. A predicate that may ask
`occurs` is compiled twice, with a step and without one; whether it speaks of steps is known when the states were looked at, as in the Python engine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from speccheck.compiler.refusals import refuse
from speccheck.dsl.formulas import ActionAtom, Formula
from speccheck.engines.machine import Refuted, Unfinished
from speccheck.engines.native.graph import MOST_MARKS, NativeGraph, Tables
from speccheck.model.model import Model
from speccheck.temporal.assumptions import Instance
from speccheck.temporal.automaton import Automaton
from speccheck.temporal.claims import Claim, over_steps
from speccheck.temporal.ltl import Ltl
from speccheck.temporal.vocabulary import Vocabulary, atoms_of


@dataclass(frozen=True)
class SeenGraph:
    """What the claims were judged on."""

    graph: NativeGraph

    def letter(self, number: int) -> int:
        """Return the bit set of the atoms of states that hold in a state."""
        return self.graph.letter(number)


class NativeTemporal:
    """The claims of a model's temporal properties, and the search for what violates them: what the checker uses of the Python engine's TemporalSearch, which is
    the `definition`.
    """

    def __init__(self, definition: Any) -> None:
        self.definition = definition
        self.model: Model = definition.model
        self.vocabulary: Vocabulary = definition.vocabulary
        self.claims: tuple[Claim, ...] = definition.claims
        for claim in self.claims:
            if isinstance(claim.counterexample, Automaton) and claim.counterexample.marks > MOST_MARKS:
                refuse(f"a formula with more than {MOST_MARKS} untils", claim.property.span)
        self.seen: SeenGraph | None = None
        self.step_atoms: frozenset[int] = frozenset()  # the predicates that speak of steps, once that is known

    def predicates(self) -> list[int]:
        """Return the numbers of the atoms that are predicates of states, in the order in which the compiled letter has them."""
        return [n for n, atom in enumerate(self.vocabulary.atoms) if not isinstance(atom, ActionAtom)]

    def tables(self, instances: Sequence[Instance], asking: Sequence[int] = ()) -> Tables:
        """Return what a graph must know; `instances` are the action instances in the order of the compiled model, `asking` the predicates, by number in the
        compiled letter, that may ask for the step.
        """
        predicates = self.predicates()
        signals = self.vocabulary.signals_of()
        kinds: dict[str, dict[int, int]] = {"enabled": {}, "occurs": {}}
        for number, signal in self.vocabulary.atom_signals.items():
            atom = self.vocabulary.atoms[number]
            assert isinstance(atom, ActionAtom)
            kinds[atom.kind][number] = signal
        return Tables(
            self.vocabulary.signal_count,
            len(self.vocabulary.atoms),
            [signals.get(one, 0) for one in instances],
            predicates,
            kinds["enabled"],
            kinds["occurs"],
            [predicates[number] for number in asking],
            self.vocabulary.fairness().all,
        )

    def refuted(self, graph: NativeGraph, packed: Callable[[int], Any]) -> dict[str, Refuted]:
        """Return what is violated, by property; `packed` gives a state, by its number, as the Python engine has it. Raises Unfinished with what was found."""
        found: dict[str, Refuted] = {}
        if not self.claims:
            return found
        self.seen = SeenGraph(graph)
        self.step_atoms = graph.asking
        self.claims = tuple(over_steps(claim, self.vocabulary) if self.speaks_of_steps(claim.formula) else claim for claim in self.claims)
        raised = graph.raised()
        for claim in self.claims:
            name = claim.property.name
            try:
                if name not in found and (one := self._refuted(claim, graph, raised, packed)) is not None:
                    found[name] = one
            except Unfinished as cut:
                raise Unfinished(cut.reason, found) from None
        return found

    def _refuted(self, claim: Claim, graph: NativeGraph, raised: Mapping[int, int], packed: Callable[[int], Any]) -> Refuted | None:
        name, binding = claim.property.name, claim.binding
        own = {atom: raised[atom] for atom in atoms_of(claim.formula, self.vocabulary) if atom in raised}
        if own:
            number = min(own.values())
            targets = [packed(target) for target, _ in graph.steps(number)] if self.step_atoms else []
            words = self.definition.raised_in(packed(number), [atom for atom, at in own.items() if at == number], targets)
            return Refuted(name, binding, None, number, words)
        lasso = graph.violating_lasso(claim.counterexample, self.vocabulary.fairness())
        return None if lasso is None else Refuted(name, binding, lasso)

    # ---------------------------------------------------------------- what findings ask

    def speaks_of_steps(self, formula: Formula) -> bool:
        """Return whether some closure of a formula asks what occurs; known once there is a graph."""
        return not self.step_atoms.isdisjoint(atoms_of(formula, self.vocabulary))

    def somewhere(self, condition: Ltl) -> bool:
        """Return whether a condition of states holds in some state that was seen."""
        assert self.seen is not None
        return self.seen.graph.somewhere(condition) >= 0

    def matters(self, name: str, held: tuple[Claim, ...]) -> bool:
        """Return whether one of the claims that hold is violated without the fairness assumption of this name."""
        assert self.seen is not None
        without, graph = self.vocabulary.fairness(without=name), self.seen.graph
        return any(graph.violating_lasso(claim.counterexample, without) is not None for claim in held)
