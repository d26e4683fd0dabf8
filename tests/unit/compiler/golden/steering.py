"""What ends or repeats a step: guards, choices in all places, loops, jumps, and what fails."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, choose, disable, invariant, require, subsets


class P(Sort, size=3, ordered=True):
    """Somebody."""


Small = Annotated[int, Range(0, 4)]


class Steering(Spec, deadlock=False):
    turn: P | None = None
    ready: set[P] = set()
    n: Small = 0
    seen: Annotated[list[P], MaxLen(3)] = []

    @action
    def prepare(self, p: P) -> None:
        """A guard, a way out, and a write that may change nothing."""
        require(p not in self.ready or self.n > 3)
        if self.turn == p:
            self.ready |= set()
            return
        self.ready.add(p)

    @action
    def draw(self) -> None:
        """Choices where a value is wanted: of a condition, of one branch, of a domain."""
        if choose((True, False)) and self.n < 4:
            self.turn = choose(self.ready) if self.ready else None
        self.n = choose(Small)

    @action
    def split(self) -> None:
        some = choose(subsets(self.ready, 1, 2))
        self.ready -= some
        if not self.ready and self.n == 0:
            disable()

    @action
    def search(self) -> None:
        """Jumps out of loops, and a loop through what it changes."""
        for i, p in enumerate(self.seen):
            if p not in self.ready:
                continue
            if i > 0:
                self.n = i
                break
        for p in (p for p in P if p in self.ready):
            for _ in range(2):
                if p == self.turn:
                    self.ready.discard(p)
                    break
        for p in reversed(P):
            if p in self.ready:
                return
        self.seen.clear()

    @action
    def count(self) -> None:
        n = self.n
        while True:
            n = n // 2
            if n < 1:
                break
            self.n -= 1
        while self.n > 3:
            self.n -= 2

    @action
    def check(self) -> None:
        assert len(self.seen) < 3, f"{len(self.seen)} were seen"
        if self.n == 4:
            raise ValueError("there is no more")
        if self.turn is not None:
            self.seen.append(self.turn)

    @invariant
    def found(self) -> bool:
        for p in P:
            if p in self.ready and p in self.seen:
                return self.n >= 1
        return True
