"""An @init that fails from some of the initial values: what is said at hand of it is of those, not of the ones that were tried last."""

from typing import Annotated

from speccheck import Range, Spec, anything, init, invariant


class InitThatFailsFromOneValue(Spec, deadlock=False):
    given: tuple[Annotated[int, Range(0, 2)]] | None = anything()
    first: Annotated[int, Range(0, 2)] = 0

    @init
    def start(self) -> None:
        self.first = 1
        self.first = self.given[0]  # type: ignore[index]

    @invariant
    def small(self) -> bool:
        return self.first < 3
