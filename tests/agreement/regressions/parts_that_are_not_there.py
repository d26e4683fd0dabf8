"""A container at a key that is not there cannot be emptied, sorted or joined with another."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, choose, invariant


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    maps: dict[P, dict[P, bool]] = {}
    sets: dict[P, set[P]] = {}
    some: dict[P, Annotated[set[P], MaxLen(1)]] = {}
    lists: dict[P, Annotated[list[int], MaxLen(2)]] = {}
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def make(self, p: P) -> None:
        self.maps[p] = {p: True}
        self.sets[p] = {p}
        self.some[p] = {p}
        self.lists[p] = [2, 1]

    @action
    def clear(self, p: P) -> None:
        self.maps[p].clear()

    @action
    def join(self, p: P, q: P) -> None:
        self.sets[p] |= {q}
        self.sets[q] -= self.sets[p]

    @action
    def update(self, p: P, q: P) -> None:
        self.some[p].update([q])

    @action
    def sort(self, p: P) -> None:
        self.lists[p].sort()
        self.lists[p].append(3)

    @action
    def add(self, p: P) -> None:
        self.sets[p].add(choose(x for x in P if x in self.some))

    @invariant
    def few(self) -> bool:
        return len(self.lists) < 2
