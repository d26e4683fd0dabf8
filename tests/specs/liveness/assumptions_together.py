"""Assumptions never contradict each other: whatever is fair, some behavior is, so nothing impossible is ever proven."""

from typing import Annotated

from speccheck import Formula, Range, Sort, Spec, action, always_eventually, eventually, model, require, strong, temporal, weak


class P(Sort, size=3):
    """Somebody who takes turns."""


@model(P=2, violates="impossible", distinct=9)
@model(P=3, violates="impossible", distinct=12)
class Turns(Spec, deadlock=False):
    """Weak and strong fairness of the same steps, of each and of all, and of steps that exclude each other."""

    turn: P | None = None
    spins: Annotated[int, Range(0, 2)] = 0

    @action(fairness="strong", per="p")
    def take(self, p: P) -> None:
        require(self.turn is None)
        self.turn = p

    @action(fairness="strong", per="p")
    def give(self, p: P) -> None:
        require(self.turn == p)
        self.turn = None

    @action(fairness="weak")
    def spin(self) -> None:
        self.spins = (self.spins + 1) % 3

    anybody = strong(take, give, per=())
    everybody = weak(take, give, spin, per={"take": "p", "give": "p"})

    def never(self) -> bool:
        return False

    impossible = eventually(never)
    spins_again = always_eventually(lambda self: self.spins == 2)

    @temporal
    def has_it_again(self, p: P) -> Formula:
        return always_eventually(lambda: self.turn == p)


@model(violates=("impossible", "first"))
class Rivals(Spec, deadlock=False):
    """Two fair steps that undo each other's chance: each of them is taken again and again, or never possible again."""

    n: Annotated[int, Range(0, 3)] = 0

    @action(fairness="strong")
    def left(self) -> None:
        require(self.n in (0, 2))
        self.n += 1

    @action(fairness="strong")
    def right(self) -> None:
        require(self.n == 0)
        self.n = 2

    @action(fairness="strong")
    def back(self) -> None:
        require(self.n in (1, 3))
        self.n = 0

    def never(self) -> bool:
        return False

    impossible = eventually(never)
    first = eventually(lambda self: self.n == 1)
    both = always_eventually(lambda self: self.n == 2)
