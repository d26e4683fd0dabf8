"""What may or may not be a number is compared with something that fails: it fails although there is no number to compare it with."""

from speccheck import Spec, action, invariant


class R(Spec, deadlock=False):
    a: bool | None = None
    b: dict[bool, bool] = {}
    n: int = 0

    @action
    def count(self) -> None:
        self.n = (self.n + 1) % 3

    @action
    def fill(self) -> None:
        self.b[True] = self.n == 1

    @invariant
    def left(self) -> bool:
        return self.a != (self.n != self.b[True])

    @invariant
    def right(self) -> bool:
        return (self.n == self.b[True]) != self.a
