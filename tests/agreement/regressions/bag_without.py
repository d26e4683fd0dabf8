"""What cannot be in a bag is not there when it is removed."""

from typing import Annotated, Literal

from speccheck import Bag, MaxLen, Range, Spec, action, invariant

Digit = Literal[3, -1]


class R(Spec, deadlock=False):
    d: Annotated[Bag[tuple[Digit, Digit]], MaxLen(2)] = Bag()
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def put(self) -> None:
        self.d.add((3, -1))

    @action
    def drop(self) -> None:
        self.n += 1
        self.d.remove((self.n, -1))  # type: ignore[arg-type]

    @invariant
    def small(self) -> bool:
        return True
