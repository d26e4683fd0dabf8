"""A tuple is not looked for among tuples of another length."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant


class TupleOfAnotherLength(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def step(self) -> None:
        self.n = (self.n + 1) % 4

    @invariant
    def shorter(self) -> bool:
        lists = [()]
        return (self.n,) not in lists  # type: ignore[comparison-overlap]

    @invariant
    def one_of_them(self) -> bool:
        return (self.n, 2) not in {(1, 2), (2, 3)}
