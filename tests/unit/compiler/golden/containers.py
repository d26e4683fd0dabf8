"""Containers of all kinds, comprehensions, slices, and methods that change them."""

from typing import Annotated

from speccheck import Bag, MaxLen, Range, Sort, Spec, action, choose, invariant, require, subsets


class P(Sort, size=3):
    """Somebody."""


Small = Annotated[int, Range(0, 9)]


class Containers(Spec, deadlock=False):
    members: set[P] = set()
    few: Annotated[set[Annotated[int, Range(0, 5000)]], MaxLen(2)] = set()
    queue: Annotated[list[P], MaxLen(3)] = []
    shown: Annotated[tuple[Small, ...], MaxLen(2)] = ()
    ages: dict[P, Small] = {}
    votes: Annotated[Bag[P], MaxLen(2)] = Bag()
    groups: Annotated[set[frozenset[P]], MaxLen(2)] = set()

    @action
    def join(self, p: P) -> None:
        require(p not in self.members)
        self.members.add(p)
        self.queue.append(p)
        self.ages[p] = len(self.queue) + max(self.ages.values(), default=0)

    @action
    def leave(self) -> None:
        first = self.queue.pop(0)
        self.members.discard(first)
        del self.ages[first]
        self.shown = self.shown[1:]

    @action
    def vote(self) -> None:
        p = choose(self.members)
        self.votes.add(p)
        self.few |= {self.ages[p] * 100, 7}

    @action
    def group(self) -> None:
        some = frozenset(choose(subsets(self.members, 2)))
        self.groups.add(some)
        self.shown = (*self.shown, sum(self.ages[p] for p in some if p in self.ages))

    @action
    def tidy(self) -> None:
        for p in P:
            if p in self.ages and self.ages[p] > 3:
                self.ages[p] -= 1
        self.queue = [p for p in self.queue if p in self.members]
        self.members &= set(self.queue)

    @invariant
    def sound(self) -> bool:
        oldest = sorted(self.ages.values(), reverse=True)
        return (
            {p for p in P if p in self.ages} == self.members
            and all(a >= b for a, b in zip(oldest, oldest[1:]))
            and next((i for i, p in enumerate(self.queue) if p not in self.members), None) is None
            and len(self.votes) <= 2
        )
