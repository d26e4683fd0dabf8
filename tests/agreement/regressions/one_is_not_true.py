"""A number that is compared with True by `is`: refused, as 1 and True are equal, and not the same."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 2)] = 2

    @action
    def count(self) -> None:
        self.n = (self.n + 1) % 3

    @invariant
    def no_bool(self) -> bool:
        return self.n is not True
