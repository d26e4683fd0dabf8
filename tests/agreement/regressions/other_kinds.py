"""A frozenset is no set, and a tuple no list: storing one as the other leaves the domain."""

from typing import Annotated

from speccheck import MaxLen, Sort, Spec, action


class P(Sort, size=2):
    """Somebody."""


class OtherKinds(Spec, deadlock=False):
    s: set[P] = set()
    a: frozenset[P] = frozenset()
    m: dict[P, set[P]] = {}

    @action
    def store(self) -> None:
        self.s = self.a  # type: ignore[assignment]

    @action
    def put(self, p: P) -> None:
        self.m[p] = self.a | {p}  # type: ignore[assignment]


class Lists(Spec, deadlock=False):
    q: Annotated[list[P], MaxLen(2)] = []
    t: Annotated[tuple[P, ...], MaxLen(2)] = ()

    @action
    def store(self) -> None:
        self.q = self.t  # type: ignore[assignment]
