"""A tuple is no element of a list of lists, even one with the right elements."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant

Digit = Annotated[int, Range(0, 2)]


class R(Spec, deadlock=False):
    pairs: Annotated[list[Annotated[list[Digit], MaxLen(2)]], MaxLen(2)] = []

    @action
    def paired(self) -> None:
        self.pairs = [(1, 2)]  # type: ignore[list-item]

    @invariant
    def none(self) -> bool:
        return True
