"""A key that cannot be computed is an error, whatever was to be written there."""

from typing import Annotated

from speccheck import Bag, MaxLen, Partial, Sort, Spec, action, each, invariant


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    bags: dict[bool, Annotated[Bag[P], MaxLen(1)]] = each(Bag())
    flags: Annotated[dict[bool, bool], Partial] = {}

    @action
    def put(self) -> None:
        self.bags[self.flags[True]] = Bag([*P, *P])

    @invariant
    def none(self) -> bool:
        return True
