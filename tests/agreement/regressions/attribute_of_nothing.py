"""An item of a dict that has none is refused by the compiler: CPython says KeyError, whatever is asked of the item."""

from typing import Literal, NamedTuple

from speccheck import Spec, action, invariant

Letter = Literal["a", "b"]


class Pair(NamedTuple):
    left: Letter
    right: Letter


class AttributeOfNothing(Spec, deadlock=False):
    n: bool = False

    @action
    def go(self) -> None:
        self.n = not self.n

    @invariant
    def one(self) -> bool:
        v: dict[Letter, Pair] = {}
        if v["b"].right:
            assert self.n or not self.n
        return True
