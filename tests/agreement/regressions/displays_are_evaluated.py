"""All of a tuple, and what is asked for, is evaluated before one looks for it or compares."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, choose, invariant, reachable


class R(Spec, deadlock=False):
    b: Annotated[list[int], MaxLen(2)] = []
    more: Annotated[list[int], MaxLen(1)] = []
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def up(self) -> None:
        self.n = (0, self.b[0], 1)[0] + 1

    @action
    def down(self) -> None:
        self.n = choose(range(2))

    @action
    def nothing(self) -> None:
        self.more = [*choose([()]), *[]]
        self.n = 1

    @reachable
    def counts(self) -> bool:
        return self.more.count(self.b[0]) >= 0

    @invariant
    def among(self) -> bool:
        return self.n not in (self.n + 1, self.b[0])

    @invariant
    def through(self) -> bool:
        return self.b[0] not in (x for x in self.more)

    @invariant
    def some(self) -> bool:
        return any((True, self.b[0]))

    @invariant
    def equals(self) -> bool:
        return (self.n, self.b[0]) != (5, 5)

    @invariant
    def less(self) -> bool:
        return (self.n, self.b[0]) < (5, 5)

    @invariant
    def both(self) -> bool:
        return not (self.n > 2) & (self.b[0] > 1)
