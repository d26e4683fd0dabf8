"""refused: what a chain of comparisons leaves out is not chosen."""

from speccheck import Spec, action, choose, invariant


class R(Spec, deadlock=False):
    n: int = 0

    @action
    def act(self) -> None:
        if self.n > 1 > choose(range(2)):
            self.n = 1

    @invariant
    def none(self) -> bool:
        return self.n == 0
