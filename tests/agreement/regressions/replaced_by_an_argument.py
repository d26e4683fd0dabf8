"""refused: an argument replaces the part that is changed, which is a misuse."""

from typing import Annotated

from speccheck import Bag, MaxLen, Sort, Spec, action, each, invariant


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    c: dict[P, Annotated[Bag[P], MaxLen(2)]] = each(Bag())

    def renewed(self, p: P) -> P:
        self.c[p] = Bag()
        return p

    @action
    def act(self, p: P) -> None:
        self.c[p].add(self.renewed(p))

    @invariant
    def small(self) -> bool:
        return True
