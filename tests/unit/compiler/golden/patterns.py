"""Unions, optional values and tuples: every kind of pattern, isinstance, and parts of a union that change."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Literal, NamedTuple

from speccheck import MaxLen, Range, Record, Sort, Spec, action, choose, invariant


class P(Sort, size=2):
    """Somebody."""


class Color(Enum):
    RED = 1
    BLUE = 2


Small = Annotated[int, Range(0, 2)]


@dataclass(frozen=True)
class Put:
    by: P
    n: Small = 0


class Pair(NamedTuple):
    left: P
    right: Color


class Box(Record):
    n: Small = 0


class Patterns(Spec, deadlock=False):
    message: Put | Pair | P | Literal["stop", 7] | None = None
    path: Annotated[tuple[Small, ...], MaxLen(2)] = ()
    point: tuple[P, bool] = (P[0], False)
    box: Box | None = Box()
    color: Color = Color.RED

    @action
    def send(self, p: P) -> None:
        self.message = choose((Put(p), Pair(p, self.color), p, "stop", 7))
        self.path = (*self.path, 0)[-2:]

    @action
    def receive(self) -> None:
        match self.message:
            case Put(by, n) as put if n < 2:
                self.message = replace(put, by=by, n=n + 1)
            case Pair(left, right=Color.RED):
                self.point = (left, True)
            case P() as p:
                self.message = Put(p, n=1)
            case "stop" | 7:
                self.message = None
            case None:
                self.box = None if self.box is None else Box(n=2)
            case other:
                self.color = Color.BLUE if isinstance(other, Pair) else Color.RED

    @action
    def walk(self) -> None:
        match self.path, self.color:
            case (), _:
                self.path = (1,)
            case (n,), Color.BLUE:
                self.path = (n, n)
            case (0, last), _:
                self.path = (last,)
            case _:
                self.color = Color.BLUE

    @action
    def turn(self) -> None:
        who, turned = self.point
        match turned:
            case True:
                self.point = who, False
            case False if self.box is not None:
                self.box.n += 1

    @invariant
    def typed(self) -> bool:
        return isinstance(self.message, Put | Pair | P | str | int) or self.message is None

    @invariant
    def named(self) -> bool:
        return not isinstance(self.message, Pair) or (self.message.left in P and self.message.right.name in ("RED", "BLUE") and self.color.value < 3)
