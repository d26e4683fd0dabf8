"""refused: a sum with a start asks for an order."""

from speccheck import Spec, action, invariant


class R(Spec, deadlock=False):
    a: int = 0
    s: set[bool] = {True}

    @action
    def act(self) -> None:
        self.a = sum((5 for x in {True, self.a > 2}), len(self.s))

    @invariant
    def small(self) -> bool:
        return True
