"""Where a terminal predicate fails, nobody says that there is a deadlock."""

from typing import Annotated

from speccheck import Range, Spec, action, require, terminal


class R(Spec):
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def more(self) -> None:
        require(self.n < 2)
        self.n += 1

    @terminal
    def over(self) -> bool:
        assert self.n < 2
        return True
