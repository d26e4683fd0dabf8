"""A parameter that is assigned on some paths has the given value on the others, be it a constant at the call, and be what it gets wider."""

from typing import Annotated

from speccheck import Range, Spec, action, choose, invariant

Small = Annotated[int, Range(0, 3)]


class ParameterThatIsAssigned(Spec, deadlock=False):
    b: Small = 0
    n: Annotated[int, Range(0, 9)] = 0

    @action
    def move(self) -> None:
        self.b = choose((0, 1, 2, 3))

    @action
    def widen(self, n: Small) -> None:
        if n > 1:
            n = n + 3  # noqa: PLW0642
        self.n = n

    def branch(self, x: int) -> int:
        if self.b == 2:
            x = self.b
        return x

    def loop(self, x: int) -> int:
        total = 0
        for i in range(self.b):
            total += x
            x = i
        return total + x

    def case(self, x: int) -> int:
        match self.b:
            case 2 as x:
                pass
        return x

    def wider(self, x: int) -> int:
        x = self.b
        return x

    @invariant
    def branches(self) -> bool:
        return self.branch(1) != 2

    @invariant
    def loops(self) -> bool:
        return self.loop(1) != 2

    @invariant
    def cases(self) -> bool:
        return self.case(1) != 2

    @invariant
    def widths(self) -> bool:
        return self.wider(self.b % 2) != 2
