"""Generators over a set without order that nothing goes through at once ask for its order in CPython, which says so (SC303): refused."""

from speccheck import Sort, Spec, action, invariant, require


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    s: set[P] = set()

    @action
    def act(self, p: P) -> None:
        t = self.s | {p}
        g = (x for x in t)
        require(any(x == p for x in g))
        self.s.add(p)

    @invariant
    def all_of_them(self) -> bool:
        return len(self.s) < 3
