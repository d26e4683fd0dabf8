"""StateSpace: the reachable states by number, as packed tuples, and how to walk back to an initial state.

States are numbered level by level, within a level in domain order, so a number means the same on every run and on every engine. `parents[n]` is the least
predecessor on the level before (-1 for an initial state), which makes every path walked backwards a shortest one, and the least of those (semantics 3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Packed = tuple[int, ...]


@dataclass(frozen=True)
class Path:
    """State numbers from an initial state on; consecutive ones are joined by a step."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class StateSpace:
    """What a search has found. `levels[k]` is the number of the first state of level k + 1; `complete` says that every state was expanded."""

    states: Sequence[Packed]
    parents: Sequence[int]
    levels: tuple[int, ...]
    complete: bool
    expanded: int  # the states below this number were expanded

    def __len__(self) -> int:
        return len(self.states)

    @property
    def depth(self) -> int:
        """The number of levels."""
        return len(self.levels)

    def enumerated(self, targets: Callable[[Packed], list[Packed]]) -> "StateSpace":
        """Return the space with every state numbered, as this one is; an engine that keeps states otherwise needs the targets of a state's steps for it."""
        return self

    def level_of(self, number: int) -> int:
        """Return the level of a state, initial ones being level 1."""
        from bisect import bisect_right

        return bisect_right(self.levels, number)

    def path_to(self, number: int) -> Path:
        """Return the least shortest path from an initial state to a state."""
        numbers = [number]
        while (number := self.parents[number]) >= 0:
            numbers.append(number)
        return Path(tuple(reversed(numbers)))
