"""The least of some numbers, with a default that is none: what it is compared with is never asked for its order."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant, require

Small = Annotated[int, Range(0, 3)]


class LeastOfNothing(Spec, deadlock=False):
    numbers: Annotated[list[Small], MaxLen(2)] = []
    least: Small | None = None

    @action
    def add(self, n: Small) -> None:
        require(len(self.numbers) < 2)
        self.numbers.append(n)

    @action
    def find_least(self) -> None:
        self.least = min((n for n in self.numbers if n > 1), default=None)

    @action
    def find_most(self) -> None:
        self.least = max((n - 1 for n in self.numbers if n > 1), default=self.least)

    @invariant
    def not_three(self) -> bool:
        return min(self.numbers, default=None) != 3 and max(self.numbers, key=lambda n: -n, default=None) != 2
