"""The highest of a sequence of numbers, as in a tutorial on proofs.

`LearnProofs/MCFindHighest` in tlaplus/Examples: up to three numbers below five.
"""

from typing import Annotated, Literal

from speccheck import MaxLen, Range, Spec, action, anything, constant, invariant, model, require, terminal

MAX_LENGTH = constant("MAX_LENGTH", 3)
MAX_NAT = constant("MAX_NAT", 4)


@model(distinct=742, depth=5)
class Highest(Spec):
    f: Annotated[tuple[Annotated[int, Range(0, MAX_NAT)], ...], MaxLen(MAX_LENGTH)] = anything()
    h: Annotated[int, Range(-1, MAX_NAT)] = -1
    i: Annotated[int, Range(1, MAX_LENGTH + 1)] = 1
    pc: Literal["lb", "done"] = "lb"

    @action
    def lb(self) -> None:
        require(self.pc == "lb")
        if self.i > len(self.f):
            self.pc = "done"
            return
        self.h = max(self.h, self.f[self.i - 1])
        self.i += 1

    @terminal
    def done(self) -> bool:
        return self.pc == "done"

    @invariant
    def index(self) -> bool:
        return 1 <= self.i <= len(self.f) + 1

    @invariant
    def correct(self) -> bool:
        return self.pc != "done" or all(self.h >= n for n in self.f)
