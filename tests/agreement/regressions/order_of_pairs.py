"""What `zip` pairs has an order, whoever goes through the pairs; CPython misses it where a set may have none (SC303): refused."""

from speccheck import Sort, Spec, action, invariant, require


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    s: set[P] = set()

    @action
    def act(self, p: P) -> None:
        t = (self.s | {p}) if len(self.s) < 2 else self.s
        require(any(x == y for x, y in zip(t, t, strict=False)))
        self.s.add(p)

    @invariant
    def all_of_them(self) -> bool:
        return len(self.s) < 3
