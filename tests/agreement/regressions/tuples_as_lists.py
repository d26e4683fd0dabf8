"""A tuple is no list: storing one as the other leaves the domain."""

from typing import Annotated

from speccheck import MaxLen, Sort, Spec, action


class P(Sort, size=2):
    """Somebody."""


class TuplesAsLists(Spec, deadlock=False):
    q: Annotated[list[P], MaxLen(2)] = []
    t: Annotated[tuple[P, ...], MaxLen(2)] = ()

    @action
    def store(self) -> None:
        self.q = self.t  # type: ignore[assignment]
