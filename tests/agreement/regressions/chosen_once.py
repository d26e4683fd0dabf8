"""A target of an augmented assignment is chosen once, and so are the elements of a tuple with stars."""

from typing import Annotated

from speccheck import Range, Record, Sort, Spec, action, choose, each, invariant


class P(Sort, size=2):
    """Somebody."""


class Inner(Record):
    s: set[P] = set()
    n: Annotated[int, Range(0, 3)] = 0


class R(Spec, deadlock=False):
    b: dict[P, Inner] = each(Inner())

    @action
    def act(self, p: P) -> None:
        self.b[choose(self.b)].s ^= {p}

    @action
    def tuples(self) -> None:
        t = (*(0, 1), choose(range(2)))
        u = (*t, *self.b[choose(P)].s)
        self.b[choose(P)].n = t[2] + len(u) % 2

    @action
    def count(self) -> None:
        self.b[choose(P)].n += 1

    @invariant
    def small(self) -> bool:
        return True
