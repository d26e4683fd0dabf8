"""The majority vote algorithm (Robert Boyer and J Strother Moore, 1981).

`Majority/MCMajority` in tlaplus/Examples: all sequences of up to five of three values.
"""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, anything, constant, invariant, model, require, terminal

BOUND = constant("BOUND", 5, min=1)


class Value(Sort, size=3, symmetric=True):
    """What is voted for."""


@model(distinct=2733, depth=6)
@model(symmetry=True, depth=6)
class Majority(Spec):
    seq: Annotated[tuple[Value, ...], MaxLen(BOUND)] = anything()
    i: Annotated[int, Range(0, BOUND)] = 0
    cand: Value = anything()
    cnt: Annotated[int, Range(0, BOUND)] = 0

    @action
    def look(self) -> None:
        require(self.i < len(self.seq))
        if self.cnt == 0:
            self.cand, self.cnt = self.seq[self.i], 1
        elif self.cand == self.seq[self.i]:
            self.cnt += 1
        else:
            self.cnt -= 1
        self.i += 1

    @terminal
    def finished(self) -> bool:
        return self.i == len(self.seq)

    def occurrences(self, v: Value) -> int:
        return self.seq[: self.i].count(v)

    @invariant
    def correct(self) -> bool:
        return not self.finished() or all(v == self.cand for v in Value if 2 * self.occurrences(v) > len(self.seq))

    @invariant
    def inductive(self) -> bool:
        return (
            self.cnt <= self.occurrences(self.cand)
            and 2 * (self.occurrences(self.cand) - self.cnt) <= self.i - self.cnt
            and all(2 * self.occurrences(v) <= self.i - self.cnt for v in Value if v != self.cand)
        )
