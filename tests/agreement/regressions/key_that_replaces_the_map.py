"""The key of an item that is written replaces the map meanwhile: a misuse, and what is refused natively."""

from speccheck import Sort, Spec, action, copy, each, invariant


class P(Sort, size=2, ordered=True):
    """Somebody."""


class KeyThatReplacesTheMap(Spec, deadlock=False):
    flags: dict[P, bool] = each(False)

    def renewed(self) -> P:
        self.flags = copy(self.flags)
        return P[0]

    @action
    def write(self) -> None:
        self.flags[self.renewed()] = True

    @invariant
    def few(self) -> bool:
        return not all(self.flags.values())
