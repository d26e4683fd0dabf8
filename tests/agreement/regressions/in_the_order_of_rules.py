"""Violations that are found at one level stand in the order of the rules."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, constraint, invariant, require


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    b: Annotated[list[int], MaxLen(2)] = []

    @action
    def up(self) -> None:
        self.n += 1

    @action
    def late(self) -> None:
        require(self.n == 2)
        self.b[1] = 2

    @action
    def later(self) -> None:
        require(self.n == 1)
        assert self.b

    @constraint
    def bound(self) -> bool:
        return self.b[self.n] == 0 if self.n > 0 else True

    @invariant
    def small(self) -> bool:
        return True
