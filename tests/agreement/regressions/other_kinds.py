"""A frozenset is no set: storing one as the other leaves the domain."""

from speccheck import Sort, Spec, action


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
