"""The states of a native search whose steps are known as a graph: numbers are those of the Python engine."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from speccheck.domains.layout import StateLayout
from speccheck.engines.native.graph import NativeGraph
from speccheck.engines.native.space import with_parents
from speccheck.space.space import Packed, Path, StateSpace


class NumberedSpace:
    """What a native search has found: see StateSpace. Takes the place of a NativeSpace where there is a graph."""

    def __init__(self, graph: NativeGraph, layout: StateLayout, pack: Callable[[tuple[Any, ...]], Packed], complete: bool) -> None:
        self.graph, self.layout, self.pack, self.complete = graph, layout, pack, complete
        self.levels, self.expanded = graph.levels, graph.expanded
        self.states = _States(self)

    def __len__(self) -> int:
        return len(self.graph)

    @property
    def depth(self) -> int:
        """The number of levels."""
        return len(self.levels)

    def mention(self, bits: int, level: int) -> int:
        """Return the number of a state of a level."""
        return self.graph.number_of(bits)

    def packed(self, number: int) -> Packed:
        """Return a state as the Python engine has it."""
        return self.pack(self.layout.decode(self.graph.state(number)))

    def level_of(self, number: int) -> int:
        """Return the level of a state, initial ones being level 1."""
        return bisect_right(self.levels, number)

    def path_to(self, number: int) -> Path:
        """Return the least shortest path from an initial state to a state: backwards, at each level the least state with a step to the next one."""
        numbers = [number]
        for level in range(self.level_of(number) - 1, 0, -1):
            before = self.graph.search.before(level, self.graph.state(numbers[-1]))
            assert before is not None, "a state was reached that no step leads to"
            numbers.append(self.graph.number_of(before))
        return Path(tuple(reversed(numbers)))

    def enumerated(self, targets: Callable[[Packed], list[Packed]]) -> StateSpace:
        """Return all states, each with its least predecessor; `targets` are those of a state's steps."""
        ends = (*self.levels[1:], len(self))
        levels = ([self.packed(number) for number in range(first, end)] for first, end in zip(self.levels, ends, strict=True))
        return with_parents(levels, self.levels, targets, self.complete, self.expanded)

    def close(self) -> None:
        """Give the memory of graph and search back; stories can no longer be told."""
        self.graph.close()
        self.graph.search.close()


class _States(Sequence[Packed]):
    """All states, by number."""

    def __init__(self, space: NumberedSpace) -> None:
        self._space = space

    def __len__(self) -> int:
        return len(self._space)

    def __getitem__(self, number: Any) -> Any:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._space.packed(number)
