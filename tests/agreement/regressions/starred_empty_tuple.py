"""An empty tuple that may fail is gone through: that it fails would be lost, so it is refused."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


class R(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def count(self) -> None:
        self.n = (self.n + 1) % 4

    @invariant
    def some(self) -> bool:
        return bool((*max(() for _ in range(self.n)), 1))
