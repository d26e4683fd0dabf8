"""Arguments, defaults and operands raise also where a function, `get`, `next`, `max` or `and` does not need them, and only where Python comes to them."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, choose, invariant


class R(Spec, deadlock=False):
    b: Annotated[list[int], MaxLen(2)] = []
    p: dict[bool, int] = {}
    n: Annotated[int, Range(0, 3)] = 0

    def twice(self, x: int) -> bool:
        return x == 1 or x == 2

    def never(self, x: int) -> bool:
        return True

    @action
    def up(self) -> None:
        v = len(self.b) > 0 and self.twice(self.b[0])
        self.n = 1 if v else 2
        u = self.b[0] if len(self.b) > 1 else 7
        self.n = u - 6

    @action
    def down(self) -> None:
        self.b.append(self.n)

    @action
    def chain(self) -> None:
        if 1 < len(self.b) < self.b[0] + self.twice(self.b[1]):
            self.n = 3

    @action
    def gets(self) -> None:
        self.n = self.p.get(self.n > 0, self.b[1])

    @action
    def sets(self) -> None:
        self.p.setdefault(self.n > 0, self.b[1])

    @action
    def pops(self) -> None:
        self.p.pop(self.n > 1, self.b[0])

    @action
    def acts(self) -> None:
        v = self.n > 1 and choose([True, False])
        self.n = 1 if v else 0

    @invariant
    def a(self) -> bool:
        return len(self.b) == 0 or self.twice(self.b[0])

    @invariant
    def c(self) -> bool:
        return self.never(self.b[0])

    @invariant
    def d(self) -> bool:
        return all(self.never(x) and self.never(self.b[x]) for x in range(2))

    @invariant
    def e(self) -> bool:
        return max([1, 2], default=self.b[0]) == 2

    @invariant
    def f(self) -> bool:
        return next((x for x in (1, 2)), self.b[0]) == 1
