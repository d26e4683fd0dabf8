"""A shift that is always beyond 64 bits."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant, reachable


class R(Spec, deadlock=False):
    n: Annotated[int, Range(1, 3)] = 1
    m: int = 0

    @action
    def up(self) -> None:
        self.n += 1

    @action
    def shift(self) -> None:
        self.m = (self.n << 63) >> 62

    @reachable
    def found(self) -> bool:
        return self.n << 63 > 0

    @invariant
    def small(self) -> bool:
        return True
