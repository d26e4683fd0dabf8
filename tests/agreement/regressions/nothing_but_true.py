"""A bool that is looked for where nothing but True, or nothing but False, can be."""

from speccheck import Sort, Spec, action, invariant, require


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    here: set[P] = set()
    flag: bool = False

    @action
    def fill(self, p: P) -> None:
        require(self.here.isdisjoint(self.here) in set(True for _ in P))
        self.here.add(p)

    @action
    def flip(self) -> None:
        require(self.flag not in [True for p in P if p in self.here])
        self.flag = not self.flag

    @invariant
    def known(self) -> bool:
        return not self.flag or self.flag in {False for p in P if p in self.here} or self.flag in {p: 1 for p in (True,)} or not self.here
