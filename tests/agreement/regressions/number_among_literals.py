"""A number or None, looked for in a container of literals: each alternative that may be in it is asked."""

from enum import Enum
from typing import Annotated, Literal

from speccheck import Bag, MaxLen, Range, Spec, action, invariant


class Color(Enum):
    RED = 1
    BLUE = 2


class NumberAmongLiterals(Spec, deadlock=False):
    digits: Annotated[Bag[Literal[3]], MaxLen(1)] = Bag([3])
    n: Annotated[int, Range(0, 4)] = 0

    @action
    def step(self) -> None:
        self.n = (self.n + 1) % 5

    @invariant
    def constant(self) -> bool:
        return next((3 for _ in Color), None) in self.digits

    @invariant
    def never_three(self) -> bool:
        return next((self.n for one in Color if one.value == 2), None) not in self.digits
