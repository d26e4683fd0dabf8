"""An argument is evaluated, and may fail, also where the function does not look at it."""

from typing import Annotated, Any

from speccheck import Range, Spec, action, invariant


def yes(anything: Any) -> bool:
    return True


def nothing(anything: Any, more: Any) -> None:
    pass


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 3

    @action
    def value(self) -> None:
        if yes(1 // (self.n - 2)):
            self.n -= 1

    @action
    def each(self) -> None:
        nothing([1 // (self.n - 1) for _ in range(2)], self.n)
        self.n = max(self.n - 1, 1)

    @invariant
    def none(self) -> bool:
        return True
