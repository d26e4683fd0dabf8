"""The recorded steps of a search: what the search for lassos walks on.

For each expanded state its changing steps to kept states, each with a bit set that says which *signals* it is a step of, and the bit set of the signals that
are enabled there. A signal is a set of action instances that a fairness assumption or an atom speaks of. Parallel steps are merged by union (semantics 6.5);
enabledness comes from the evaluations themselves, so steps that are dropped or err count, although they are not stored.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from speccheck.engines.python.stepping import RawStep
from speccheck.space.space import Packed

Instance = tuple[int, tuple[Any, ...]]  # number of the action, values of its parameters


class StepGraph:
    """Steps by source, in the order of target numbers. `signals` gives the bit set of each action instance."""

    def __init__(self, signals: Mapping[Instance, int]) -> None:
        self._signals = signals
        self._offsets = array("q", [0])
        self._targets = array("q")
        self._masks = array("q")
        self._mask_numbers: dict[int, int] = {}
        self._mask_values: list[int] = []
        self.enabled: list[int] = []
        self._renumbered = 0  # how many states have steps with final numbers only

    @property
    def expanded(self) -> int:
        """How many states have their steps recorded: those of lower numbers."""
        return len(self.enabled)

    def record(self, state: Packed, steps: Sequence[RawStep], numbers: Mapping[Packed, int]) -> None:
        """Note the steps out of the next state; `numbers` has every kept state, those of the next level by a provisional number."""
        enabled, signals = 0, self._signals
        found: dict[int, int] = {}
        for step in steps:
            target = step.target
            if target is not None and target == state:
                continue
            mask = signals.get((step.action, step.binding), 0)
            enabled |= mask
            number = -1 if target is None else numbers.get(target, -1)
            if number >= 0:
                found[number] = found.get(number, 0) | mask
        for number, mask in found.items():
            self._targets.append(number)
            self._masks.append(self._number_of(mask))
        self._offsets.append(len(self._targets))
        self.enabled.append(enabled)

    def renumber(self, first: int, order: Sequence[int]) -> None:
        """Replace provisional numbers: `first + i` becomes `order[i]`. Numbers below `first` stay."""
        for i in range(self._offsets[self._renumbered], len(self._targets)):
            if self._targets[i] >= first:
                self._targets[i] = order[self._targets[i] - first]
        self._renumbered = len(self.enabled)

    def steps(self, source: int) -> Iterator[tuple[int, int]]:
        """Yield (target, signals) for each changing step to a kept state."""
        masks = self._mask_values
        for i in range(self._offsets[source], self._offsets[source + 1]):
            yield self._targets[i], masks[self._masks[i]]

    def _number_of(self, mask: int) -> int:
        number = self._mask_numbers.get(mask)
        if number is None:
            number = self._mask_numbers[mask] = len(self._mask_values)
            self._mask_values.append(mask)
        return number
