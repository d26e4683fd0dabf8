"""An operation that always leaves 64 bits is one for CPython, after constants were folded too."""

from typing import Annotated, Self

from speccheck import Range, Spec, action, step_invariant


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def more(self) -> None:
        self.n = min(self.n + 1, 2)

    @step_invariant
    def grows(self, after: Self) -> bool:
        big = bool(after) << 63
        return after.n < 2 or big == 0
