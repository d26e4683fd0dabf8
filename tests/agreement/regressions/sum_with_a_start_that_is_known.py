"""A sum of a set with a start that only a computation gives: CPython cannot see that it is a number, and asks for an order; refused natively."""

from speccheck import Spec, action, invariant


class SumWithAStartThatIsKnown(Spec, deadlock=False):
    flag: bool = False

    @action
    def turn(self) -> None:
        self.flag = not self.flag

    @invariant
    def small(self) -> bool:
        return sum((int(one) for one in {self.flag}), min(range(2))) < 2
