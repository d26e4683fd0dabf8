"""A constraint with numbers of more than 64 bits, for which CPython is asked, and in which something else fails then: that is an error of the constraint."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, constraint, invariant


class ConstraintThatFailsBeyond64Bits(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    first: Annotated[list[bool], MaxLen(1)] = []

    @action
    def count(self) -> None:
        self.n = min(self.n + 1, 3)

    @constraint
    def bound(self) -> bool:
        large = self.n << 63
        return large >= 0 and self.first[self.n - 2]

    @invariant
    def small(self) -> bool:
        return self.n < 4
