"""refused: 1 and True are one key of a map, and the native engine does not say so."""

from typing import Annotated

from speccheck import Range, Spec, action, each, invariant


class R(Spec, deadlock=False):
    b: dict[bool, int] = each(0)
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def up(self) -> None:
        self.n += 1

    @invariant
    def a(self) -> bool:
        return self.n not in self.b
