"""A frozenset is no element of a list of sets, and no value of a map to sets; a set is no element of a tuple of frozensets."""

from typing import Annotated

from speccheck import MaxLen, Sort, Spec, action, each, invariant


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    a: frozenset[P] = frozenset()
    s: set[P] = set()
    d: Annotated[list[set[P]], MaxLen(2)] = []
    m: dict[P, set[P]] = each(set())
    t: Annotated[tuple[frozenset[P], ...], MaxLen(2)] = ()

    @action
    def listed(self) -> None:
        self.d = [self.a]  # type: ignore[list-item]

    @action
    def mapped(self) -> None:
        self.m = {p: self.a for p in P}  # type: ignore[misc]  # noqa: C420

    @action
    def frozen(self) -> None:
        self.t = (self.s | set(P),)  # type: ignore[assignment]

    @invariant
    def none(self) -> bool:
        return True
