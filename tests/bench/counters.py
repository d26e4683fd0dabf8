"""Counters modulo 10 that move one at a time: ten to the power of their number states, and tiny actions."""

from typing import Annotated

from speccheck import Range, Sort, Spec, action, each, invariant


class Counter(Sort, size=7):
    """A counter."""


class Counters(Spec):
    c: dict[Counter, Annotated[int, Range(0, 9)]] = each(0)

    @action
    def up(self, i: Counter) -> None:
        self.c[i] = (self.c[i] + 1) % 10

    @invariant
    def in_range(self) -> bool:
        return all(value <= 9 for value in self.c.values())
