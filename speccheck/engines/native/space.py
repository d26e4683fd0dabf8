"""The states of a native search, by number, as the rest of the tool knows them.

States lie in the runtime as bits, a level in no particular order. A state that a story needs gets a number when it is first mentioned; whoever needs all of
them asks for `enumerated`, which is the same as what the Python engine gives.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any

from speccheck.domains.layout import StateLayout
from speccheck.engines.native.library import NativeSearch
from speccheck.space.space import Packed, Path, StateSpace


class NativeSpace:
    """What a native search has found: see StateSpace. Numbers are those of this object, in the order in which states were mentioned."""

    def __init__(
        self, search: NativeSearch, layout: StateLayout, pack: Callable[[tuple[Any, ...]], Packed], sizes: Sequence[int], complete: bool, expanded: int
    ) -> None:
        self.search, self.layout, self.pack = search, layout, pack
        self.complete, self.expanded = complete, expanded
        self.levels = tuple(accumulate(sizes, initial=0))[:-1]
        self._count = sum(sizes)
        self._mentioned: list[tuple[int, int]] = []  # number -> (bits, level)
        self._numbers: dict[tuple[int, int], int] = {}
        self.states = _States(self)

    def __len__(self) -> int:
        return self._count

    @property
    def depth(self) -> int:
        """The number of levels."""
        return len(self.levels)

    def mention(self, bits: int, level: int) -> int:
        """Return the number of a state of a level."""
        key = (bits, level)
        if key not in self._numbers:
            self._numbers[key] = len(self._mentioned)
            self._mentioned.append(key)
        return self._numbers[key]

    def packed(self, bits: int) -> Packed:
        """Return a state as the Python engine has it."""
        return self.pack(self.layout.decode(bits))

    def level_of(self, number: int) -> int:
        """Return the level of a state, initial ones being level 1."""
        return self._mentioned[number][1]

    def path_to(self, number: int) -> Path:
        """Return the least shortest path from an initial state to a state: backwards, at each level the least state with a step to the next one."""
        numbers = [number]
        bits, level = self._mentioned[number]
        while level > 1:
            level -= 1
            before = self.search.before(level, bits)
            assert before is not None, "a state was reached that no step leads to"
            bits = before
            numbers.append(self.mention(bits, level))
        return Path(tuple(reversed(numbers)))

    def enumerated(self, targets: Callable[[Packed], list[Packed]]) -> StateSpace:
        """Return all states numbered as the Python engine numbers them; `targets` are those of a state's steps."""
        levels = ([self.packed(bits) for bits in self.search.level_states(level)] for level in range(1, self.depth + 1))
        return with_parents(levels, self.levels, targets, self.complete, self.expanded)

    def close(self) -> None:
        """Give the memory of the search back; stories can no longer be told."""
        self.search.close()


def with_parents(
    levels: Iterable[Sequence[Packed]], firsts: tuple[int, ...], targets: Callable[[Packed], list[Packed]], complete: bool, expanded: int
) -> StateSpace:
    """Return the space of these states, level by level in domain order, with the least predecessor of each."""
    states: list[Packed] = []
    parents = array("q")
    before = 0
    for level in levels:
        first = len(states)
        states += level
        numbers = {state: first + i for i, state in enumerate(level)}
        parents.extend([-1] * len(level))
        for parent in range(before, first):
            for target in targets(states[parent]):
                number = numbers.get(target, -1)
                if number >= 0 and parents[number] < 0:
                    parents[number] = parent
        before = first
    return StateSpace(states, parents, firsts, complete, expanded)


class _States(Sequence[Packed]):
    """The mentioned states, by number."""

    def __init__(self, space: NativeSpace) -> None:
        self._space = space

    def __len__(self) -> int:
        return len(self._space._mentioned)

    def __getitem__(self, number: Any) -> Any:
        return self._space.packed(self._space._mentioned[number][0])
