"""A function that returns nothing is called for what may fail in it."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


def check(n: int) -> None:
    assert n < 2, "too many"


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def more(self) -> None:
        self.n = min(self.n + 1, 3)

    @invariant
    def few(self) -> bool:
        check(self.n)
        return True
