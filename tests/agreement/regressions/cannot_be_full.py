"""A list that cannot be full, in a function that cannot fail."""

from typing import Annotated

from speccheck import Range, Spec, invariant, reachable


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 3

    @reachable
    def found(self) -> bool:
        found = False
        for x in (self.n,):
            found = x == 2
        return found

    @invariant
    def small(self) -> bool:
        return True
