"""A tuple or None, and another tuple in place of None."""

from typing import Annotated

from speccheck import MaxLen, Range, Spec, action, invariant

Small = Annotated[int, Range(0, 2)]


class TupleOrNothing(Spec, deadlock=False):
    seen: Annotated[tuple[Small, ...], MaxLen(2)] | None = None
    n: Small = 0

    @action
    def see(self) -> None:
        self.seen = None if self.seen is not None and len(self.seen) == 2 else (*(self.seen or ()), self.n)

    @action
    def count(self) -> None:
        self.n = max(*(self.n, 1), 2) if self.seen else (self.n + 1) % 3

    @invariant
    def ascending(self) -> bool:
        return self.seen is None or len(self.seen) < 2 or self.seen[0] <= self.seen[-1]

    @invariant
    def some(self) -> bool:
        return bool(self.seen) == (self.seen is not None and self.seen != ())
