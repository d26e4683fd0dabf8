"""A set that is written by a comprehension has each value once, whoever goes through it."""

from typing import Annotated

from speccheck import Bag, MaxLen, Range, Sort, Spec, action, choose, each, invariant


class P(Sort, size=2):
    """Somebody."""


Small = Annotated[int, Range(0, 2)]


class SetWithFewValues(Spec, deadlock=False):
    of: dict[P, Small] = each(0)
    bag: Annotated[Bag[Small], MaxLen(2)] = Bag()

    @action
    def change(self, p: P) -> None:
        self.of[p] = choose({n % 3 for n in self.of.values()}) + 1 if self.of[p] < 2 else 0

    @action
    def collect(self) -> None:
        self.bag = Bag({self.of[p] for p in P})

    @invariant
    def sums(self) -> bool:
        return sum({self.of[p] for p in P}) < 4 and sum([n + 1 for n in {self.of[p] for p in P}]) < 5

    @invariant
    def listed(self) -> bool:
        return sorted({n // 2 for n in self.of.values()}) != [0, 1]
