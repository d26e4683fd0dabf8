"""Annotations, classes, members of an ordered sort and views of constants in rules."""

from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import Range, Sort, Spec, action, choose, invariant


class Q(Sort, size=3, ordered=True):
    """A place on a ring."""


@dataclass(frozen=True)
class Note:
    who: Q


@dataclass(frozen=True)
class Ping:
    to: Q


TABLE = {1: 2, 3: 4}


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    m: Note | Ping | Literal["stop"] = "stop"
    q: Q | None = None

    @action
    def picks(self) -> None:
        self.n = choose(Annotated[int, Range(1, 2)])
        self.q = choose(Q | None)

    @action
    def tells(self) -> None:
        self.m = Note(Q[self.n]) if self.n < 2 else Ping(Q[2])

    @invariant
    def kinds(self) -> bool:
        return not isinstance(self.m, (Note, Ping)) or isinstance(self.m, Note | str)

    @invariant
    def views(self) -> bool:
        return sum(k * v for k, v in TABLE.items()) + max(TABLE.values()) == 18
