"""Sets, frozensets and bags: their methods, algebra and relations."""

from typing import Annotated

from speccheck import Bag, MaxLen, Range, Sort, Spec, action, choose, copy, invariant, reachable


class P(Sort, size=3, ordered=True):
    """Somebody."""


class Sets(Spec, deadlock=False):
    here: set[P] = set(P)
    there: set[P] = set()
    pairs: Annotated[set[tuple[P, P]], MaxLen(2)] = set()
    quorum: frozenset[P] = frozenset()
    votes: Annotated[Bag[Annotated[int, Range(0, 2)]], MaxLen(3)] = Bag()

    @action
    def move(self, p: P) -> None:
        self.here.remove(p)
        self.there.add(p)
        if p.index:
            self.pairs.add((p.prev(), p))

    @action
    def back(self) -> None:
        self.here.update(self.there, (P[0],))
        self.there -= self.here - {P[2]}
        self.here.symmetric_difference_update(self.there)

    @action
    def agree(self) -> None:
        self.quorum = frozenset(self.here) ^ self.quorum
        self.pairs = {(p, q) for p, q in self.pairs if p in self.quorum or q in self.quorum}

    @action
    def vote(self) -> None:
        n = len(self.here & self.there) % 3
        self.votes.add(n)
        if self.votes.count(n) > 1:
            self.votes.remove(n)

    @action
    def restart(self) -> None:
        first, choice = min(self.there), choose(P)
        others = copy(self.there)
        others.discard(first)
        self.here = {first, *others}
        self.there.clear()
        self.votes = Bag(p.index for p in P if p <= choice)

    @invariant
    def related(self) -> bool:
        return (
            self.here.isdisjoint(self.there)
            and self.here | self.there <= set(P)
            and not self.quorum > self.here.union(self.there)
            and {P[0]}.issubset(self.here | self.there)
            and (P[0], P[2]) not in self.pairs
        )

    @reachable
    def counted(self) -> bool:
        return len(self.votes) == sum(1 for n in self.votes) == 1 and any(n in self.votes for n in range(3))
