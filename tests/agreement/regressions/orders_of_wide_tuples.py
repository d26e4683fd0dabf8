"""A field of one value beside one of 64 bits: its place is beyond the word, and it takes none."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


class WideTuples(Spec, deadlock=False):
    left: Annotated[int, Range(0, 3)] = 1
    a: int = 0

    @action
    def go(self) -> None:
        self.left = 2

    @invariant
    def greater(self) -> bool:
        return (self.left, self.a) > (2, self.a - 1)
