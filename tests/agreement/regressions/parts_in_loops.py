"""Loops over parts that the body changes, and names of patterns that denote what was matched."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from speccheck import MaxLen, Range, Sort, Spec, action, choose, invariant


class P(Sort, size=2, ordered=True):
    """Somebody."""


Small = Annotated[int, Range(0, 1)]


@dataclass(frozen=True)
class Put:
    by: P
    n: Small


class R(Spec, deadlock=False):
    who: P | None = None
    boxes: dict[P, Annotated[list[Small], MaxLen(2)]] = {P[0]: [], P[1]: [1]}
    message: Put | Literal["stop"] = "stop"

    @action
    def pick(self) -> None:
        self.who = choose((None, *P))

    @action
    def put(self, p: P) -> None:
        self.message = Put(p, 0)

    @action
    def empty(self) -> None:
        for p, box in self.boxes.items():
            if p == self.who:
                box.clear()
            else:
                box.append(0)
        for box in self.boxes.values():
            box.reverse()

    @action
    def take(self) -> None:
        match self.message:
            case Put(n=0) as none if self.who is None:
                self.message = replace(none, n=1)
            case Put() as put if put.by == self.who:
                self.message = replace(put, n=put.n - 1)
            case Put() as put:
                self.message = put.by and replace(put, by=self.who)

    @invariant
    def short(self) -> bool:
        return len(self.boxes[P[1]]) < 2 or self.message == "stop"
