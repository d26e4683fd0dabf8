"""Cases with guards, in a predicate whose every case returns: no case is taken twice, and one whose guard is false gives way to the next."""

from typing import Annotated, NamedTuple

from speccheck import Range, Spec, action, choose, invariant

Small = Annotated[int, Range(-1, 1)]


class Point(NamedTuple):
    x: Small
    y: Small


class MatchWithGuards(Spec, deadlock=False):
    at: Point = Point(0, 0)
    n: Annotated[int, Range(0, 4)] = 0

    @action
    def move(self) -> None:
        self.at = Point(choose((-1, 0, 1)), choose((-1, 0, 1)))

    @action
    def number(self) -> None:
        self.n = self.where()

    def where(self) -> int:
        match self.at:
            case (0, 0) | (1, 1):
                return 0
            case (x, y) if x == y:
                return 1
            case Point(x=-1, y=other) if other:
                return 2
            case (x, _) if x < 0:
                other = 3
            case _:
                return 4
        return other

    @invariant
    def not_three(self) -> bool:
        match (self.n, self.at.x):
            case (n, _) if n < 2:
                return True
            case (3, x):
                return x == 0
            case _:
                return True
