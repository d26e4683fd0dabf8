"""A container that was emptied is still the same container; a loop goes through the range that was when it began."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant


class R(Spec, deadlock=False):
    b: Annotated[list[int], MaxLen(2)] = []
    m: dict[bool, int] = {}
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def act(self) -> None:
        part = self.b
        part.clear()
        part.append(self.n)

    @action
    def keys(self) -> None:
        part = self.m
        part[self.n > 1] = 1
        part.clear()
        part[self.n > 0] = self.n

    @action
    def up(self) -> None:
        for i in range(self.n % 3 + 1):
            self.n = (self.n + i + 1) % 4

    @invariant
    def small(self) -> bool:
        return True
