"""A variable that has a value on some paths only is refused by the compiler."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


class ValueOnSomePaths(Spec, deadlock=False):
    n: Annotated[int, Range(0, 4)] = 0

    @action
    def move(self) -> None:
        self.n = (self.n + 1) % 5

    @invariant
    def i(self) -> bool:
        if self.n > 1:
            x = 3
        return self.n < 1 or x == 3

    @invariant
    def j(self) -> bool:
        for k in range(self.n):
            x = k
        return self.n < 1 or x == 3
