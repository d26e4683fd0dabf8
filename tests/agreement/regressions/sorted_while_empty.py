"""A list of the rule's own, sorted by a key: refused, as CPython empties it while it is sorted."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant


class R(Spec, deadlock=False):
    numbers: Annotated[list[Annotated[int, Range(0, 2)]], MaxLen(2)] = [1, 0]

    @action
    def sort(self) -> None:
        own = [1, 0]
        own.sort(key=lambda n: own.count(n) * n)
        self.numbers = own

    @invariant
    def unsorted(self) -> bool:
        return self.numbers[0] == 1
