"""CPython looks for the item that is written before it looks at the value: an index out of range is an error, and no violation of the domain."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant


class R(Spec, deadlock=False):
    items: Annotated[list[Annotated[int, Range(1, 3)]], MaxLen(2)] = []
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def put(self) -> None:
        self.items[1] = self.n

    @invariant
    def none(self) -> bool:
        return True
