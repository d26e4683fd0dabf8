"""A terminal predicate raises in a dead end that is found after the first deadlock."""

from typing import Annotated

from speccheck import Range, Spec, action, require, terminal


class R(Spec):
    n: Annotated[int, Range(0, 5)] = 0
    x: bool = False

    @action
    def up(self) -> None:
        require(self.n < 5 and not self.x)
        self.n += 1

    @action
    def end(self) -> None:
        require(not self.x)
        self.x = True

    @terminal
    def fine(self) -> bool:
        return 6 // (3 - self.n) == 99
