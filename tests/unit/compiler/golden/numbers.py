"""Numbers: every operator, what may be beyond 64 bits, bools as numbers, and assignments of all kinds."""

from typing import Annotated

from speccheck import Range, Spec, action, choose, invariant

PRICES = (1, 2, 4)
NAMES = {0: "none", 1: "one"}


class Numbers(Spec, deadlock=False):
    a: Annotated[int, Range(0, 6)] = 1
    b: Annotated[int, Range(-3, 3)] = -1
    large: int = 1
    odd: bool = True

    @action
    def compute(self) -> None:
        self.b = (self.a * 2 - 7) // (self.b or 2) % 4
        self.a = self.a & 5 | 2 ^ self.a >> 1
        self.large = 1 << self.a

    @action
    def outgrow(self) -> None:
        self.large = (self.large * self.large + 5) % 7 - -(self.b**2)

    @action
    def measure(self) -> None:
        quotient, rest = divmod(self.a, 3)
        self.a = abs(quotient - rest) + max(self.b, 0) + min(rest, 2, self.a)
        self.odd = self.a % 2 == 1

    @action
    def assign(self, odd: bool) -> None:
        low = high = self.a
        low -= 1
        high += odd + self.odd
        self.a, self.b = (low if low > 0 else 0), -self.b
        self.odd ^= odd
        price: int = PRICES[self.a % 3]
        self.a = min(price + int(high > 5), 6)

    @action
    def pick(self) -> None:
        self.a = choose(range(self.b, 7, 2))
        self.a <<= 1
        self.b |= 1

    @invariant
    def bounded(self) -> bool:
        return (-2 <= self.b < self.a + 3 != self.large % 5 and (self.large > 0) <= self.odd) or not (self.odd or bool(self.a))

    @invariant
    def named(self, n: Annotated[int, Range(0, 1)]) -> bool:
        return NAMES[n] != "two" and NAMES.get(self.a, "many") != "two" and ~self.a < 0 and +self.a == self.a
