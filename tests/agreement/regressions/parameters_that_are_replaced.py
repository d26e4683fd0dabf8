"""refused: a function replaces the part that was given to it, and uses it, which is a misuse."""

from speccheck import Sort, Spec, action, each, invariant


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    a: dict[P, bool] = each(False)

    def renewed(self, x: dict[P, bool]) -> bool:
        self.a = {p: not self.a[p] for p in P}
        return x == self.a

    @action
    def act(self) -> None:
        self.renewed(self.a)

    @invariant
    def none(self) -> bool:
        return True
