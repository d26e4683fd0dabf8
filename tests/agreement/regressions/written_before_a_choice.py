"""A choice after what may have written, where nobody asks whether it did."""

from typing import Annotated

from speccheck import MaxLen, Spec, action, choose, each, invariant


class R(Spec, deadlock=False):
    e: dict[bool, Annotated[list[int], MaxLen(2)]] = each([])
    n: int = 3

    @action
    def inherited(self) -> None:
        part = self.e
        if part[True]:
            part[True].remove(5)
        self.n = choose(range(4))

    @action
    def put(self) -> None:
        self.e[True].append(self.n)

    @invariant
    def small(self) -> bool:
        return True
