"""The index of a member is its own, also where it is the only value of a type."""

from speccheck import Sort, Spec, action, each, invariant


class P(Sort, size=2):
    """Somebody."""


class Place(Sort, size=3, ordered=True):
    """A place."""


class R(Spec, deadlock=False):
    here: dict[P, bool] = each(True)

    @action
    def leave(self, p: P) -> None:
        self.here[p] = False

    @invariant
    def second(self) -> bool:
        return next(Place[1] for _ in self.here).index == 1 and next((Place[2] for _ in self.here), Place[1]).index == 2
