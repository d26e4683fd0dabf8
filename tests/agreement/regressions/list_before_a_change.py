"""A list is one of what was there when it was made, also as the argument of a call whose next argument changes the state."""

from typing import Annotated

from speccheck import Range, Sort, Spec, action, choose, each, invariant


class P(Sort, size=2):
    """Somebody."""


def both(numbers: list[int], last: int) -> bool:
    return sum(numbers) == 0 and last == 1


class R(Spec, deadlock=False):
    count: dict[P, Annotated[int, Range(0, 2)]] = each(0)
    seen: bool = False

    def bumped(self, p: P) -> int:
        self.count[p] = 1
        return self.count[p]

    @action
    def look(self) -> None:
        p = choose(P)
        self.seen = both([self.count[q] for q in P], self.bumped(p))

    @invariant
    def never(self) -> bool:
        return not self.seen
