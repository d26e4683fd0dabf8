"""The vocabulary of a model's temporal properties: numbered atoms, and numbered signals.

An *atom* is what a formula speaks of at a position. A *signal* is a set of action instances; of a step one asks whether it is a step of the signal, of a state
whether the signal is enabled there. Fairness assumptions and the atoms `enabled(...)` and `occurs(...)` are signals, so that one bit set on each recorded step
answers all of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from speccheck.dsl.formulas import ActionAtom, Atom, Formula
from speccheck.errors import UnknownRule, WrongPlace
from speccheck.model.model import Model
from speccheck.temporal.assumptions import FairMasks, FairSet, Instance, fair_sets


class Vocabulary:
    """Numbers atoms and signals as they turn up; equal ones once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.assumptions: tuple[FairSet, ...] = fair_sets(model)
        self._signals: dict[frozenset[Instance], int] = {}
        self.atoms: list[Atom | ActionAtom] = []
        self._atom_numbers: dict[Any, int] = {}
        self._known: dict[ActionAtom, int] = {}  # the very objects: their instances are many
        self.atom_signals: dict[int, int] = {}  # number of an action atom -> number of its signal
        self.assumption_signals = tuple(self.signal(one.instances) for one in self.assumptions)

    def signal(self, instances: frozenset[Instance]) -> int:
        """Return the number of a set of action instances."""
        return self._signals.setdefault(instances, len(self._signals))

    @property
    def signal_count(self) -> int:
        """How many signals there are."""
        return len(self._signals)

    def fairness(self, without: str | None = None) -> FairMasks:
        """Return the assumptions as sets of signals, but for those of a name."""
        masks = {"weak": 0, "strong": 0}
        for assumption, signal in zip(self.assumptions, self.assumption_signals):
            if assumption.name != without:
                masks[assumption.strength] |= 1 << signal
        return FairMasks(masks["weak"], masks["strong"])

    def number(self, atom: Atom | ActionAtom) -> int:
        """Return the number of an atom."""
        match atom:
            case Atom(predicate):
                return self._numbered(predicate, atom)
            case ActionAtom():
                if atom not in self._known:
                    self._known[atom] = self._of_actions(atom, self._instances(atom))
                return self._known[atom]

    def set_atom(self, kind: str, instances: frozenset[Instance]) -> int:
        """Return the number of the atom `enabled` or `occurs` of a set of action instances, such as a fairness assumption's."""
        return self._of_actions(ActionAtom(kind, "", (), ()), instances)

    def _of_actions(self, atom: ActionAtom, instances: frozenset[Instance]) -> int:
        number = self._numbered((atom.kind, instances), atom)
        self.atom_signals[number] = self.signal(instances)
        return number

    def _numbered(self, key: Any, atom: Atom | ActionAtom) -> int:
        if key not in self._atom_numbers:
            self._atom_numbers[key] = len(self.atoms)
            self.atoms.append(atom)
        return self._atom_numbers[key]

    def signals_of(self) -> Mapping[Instance, int]:
        """Return for each action instance the bit set of the signals that it belongs to."""
        masks: dict[Instance, int] = {}
        for instances, number in self._signals.items():
            for instance in instances:
                masks[instance] = masks.get(instance, 0) | 1 << number
        return masks

    def _instances(self, atom: ActionAtom) -> frozenset[Instance]:
        rules = self.model.actions_of(atom.action)
        if not rules:
            message = f"{atom.kind}(...) names '{atom.action}', which {self.model.spec.__name__} drops (without=)"
            raise UnknownRule(message, remedy=f"Drop the property, too, or keep '{atom.action}'.")
        rule = rules[0]  # the steps of a process have the same parameters
        names = [p.name for p in rule.parameters]
        given = dict(zip(names, atom.positional)) | dict(atom.named)
        if len(atom.positional) > len(names) or not set(given) <= set(names):
            remedy = "Give the action's parameters, by position or name."
            raise WrongPlace(f"{atom.kind}(...): '{atom.action}' takes {', '.join(names) or 'no parameters'}, but was given other arguments", remedy=remedy)
        for parameter in rule.parameters:
            if parameter.name in given and not parameter.domain.contains(given[parameter.name]):
                message = f"{atom.kind}({atom.action}, ...): {given[parameter.name]!r} is no value of '{parameter.name}' ({parameter.domain.describe()})"
                raise WrongPlace(message, remedy="Give a value of the parameter's domain: for another one no step is a step of the action.")
        numbers = [self.model.actions.index(one) for one in rules]
        return frozenset((number, b) for number in numbers for b in rule.bindings() if all(given[n] == v for n, v in zip(names, b) if n in given))


def atoms_of(formula: Any, vocabulary: Vocabulary) -> Iterator[int]:
    """Yield the numbers of a formula's atoms."""
    if isinstance(formula, Atom | ActionAtom):
        yield vocabulary.number(formula)
    elif isinstance(formula, tuple):
        for one in formula:
            yield from atoms_of(one, vocabulary)
    elif isinstance(formula, Formula):
        for name in formula.__dataclass_fields__:  # type: ignore[attr-defined]
            yield from atoms_of(getattr(formula, name), vocabulary)
