"""A bool that is looked for among numbers, where 1 and True are equal, and not the same."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant


class R(Spec, deadlock=False):
    numbers: Annotated[list[Annotated[int, Range(0, 2)]], MaxLen(2)] = [1, 0]
    n: Annotated[int, Range(0, 2)] = 2
    flag: bool = True

    @action
    def find(self) -> None:
        self.n = self.numbers.index(self.flag)

    @action
    def flip(self) -> None:
        self.flag = not self.flag

    @action
    def drop(self) -> None:
        self.numbers.remove(self.flag)

    @action
    def drop_one(self) -> None:
        self.n = self.numbers.index(True) + 1
        self.numbers.remove(True)

    @invariant
    def found(self) -> bool:
        return self.n > 0
