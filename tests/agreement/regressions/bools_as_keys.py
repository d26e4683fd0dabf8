"""Bools are looked up in maps and sets of bools, numbers in those of literals."""

from typing import Annotated, Literal

from speccheck import MaxLen, Range, Spec, action, each, invariant

Digit = Literal[3, -1]


class R(Spec, deadlock=False):
    s: set[Digit] = {3}
    m: dict[Digit, bool] = each(False)
    b: dict[bool, int] = {}
    n: Annotated[int, Range(-2, 4)] = 0
    q: Annotated[list[set[Digit]], MaxLen(2)] = []

    @action
    def up(self) -> None:
        self.n += 1

    @action
    def put(self) -> None:
        self.b[self.n > 1] = self.n

    @invariant
    def a(self) -> bool:
        return self.n not in self.s

    @invariant
    def c(self) -> bool:
        return self.n not in self.m

    @invariant
    def d(self) -> bool:
        return (self.n > 2) not in self.b

    @invariant
    def e(self) -> bool:
        return self.n + 10 not in self.q[0]

    @invariant
    def f(self) -> bool:
        return (self.n == 3) == self.m.get(self.n, False)  # type: ignore[call-overload]
