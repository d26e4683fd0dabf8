"""A number with more digits than CPython writes: refused natively, without writing it."""

from speccheck import Spec, action, invariant


class NumberOfVeryManyDigits(Spec, deadlock=False):
    flag: bool = False

    @action
    def turn(self) -> None:
        self.flag = not self.flag

    @invariant
    def small(self) -> bool:
        return all(1 << 20_000 > n for n in (0, int(self.flag)))
