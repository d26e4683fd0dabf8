"""A list comprehension is made as a whole, whatever becomes of its elements."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Spec, action, invariant


class Box(Record):
    f: Annotated[int, Range(0, 2)] = 0


class R(Spec, deadlock=False):
    a: Annotated[list[int], MaxLen(1)] = []
    c: Box | None = None
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def act(self) -> None:
        for _ in [self.c.f for _ in range(2)]:  # type: ignore[union-attr]
            self.n = 1
            break

    @action
    def make(self) -> None:
        self.c = Box()
        self.a = [self.n for _ in [self.a[x] for x in range(self.n)]]
        self.n = (self.n + 1) % 3

    @invariant
    def some(self) -> bool:
        return any([True or self.a[x] == 0 for x in range(2)]) and any([x == 0 or self.a[x] == 0 for x in range(2)])  # noqa: C419, SIM222

    @invariant
    def first(self) -> bool:
        return next((x for x in [1 + 0 * self.a[y] for y in range(2)]), 0) == 1
