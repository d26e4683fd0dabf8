"""Lists and bags without elements are joined, copied and sorted."""

from typing import Annotated

from speccheck import Bag, MaxLen, Range, Spec, action, invariant


class R(Spec, deadlock=False):
    q: Annotated[list[int], MaxLen(2)] = []
    b: Annotated[Bag[int], MaxLen(2)] = Bag()
    t: Annotated[tuple[int, ...], MaxLen(3)] = ()
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def joins(self) -> None:
        self.q = ([] if self.t else []) + [self.n]  # noqa: RUF034
        self.t = (*(), *self.t, self.n)
        self.b = Bag()

    @action
    def sorts(self) -> None:
        for x in sorted(set()):
            self.n = x
        self.n = (self.n + len(Bag())) % 4 + len(sorted(self.q)) - len(self.q)

    @invariant
    def small(self) -> bool:
        return True
