"""Values with equal keys stay in the order given, which a set may not have; CPython says so (SC303): refused."""

from speccheck import Sort, Spec, action, invariant, require


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    s: set[P] = set()

    @action
    def act(self, p: P) -> None:
        t = (self.s | {p}) if len(self.s) < 2 else self.s
        require(sorted(t, key=lambda x: x == p)[-1] == p)
        self.s.add(p)

    @invariant
    def all_of_them(self) -> bool:
        return len(self.s) < 3
