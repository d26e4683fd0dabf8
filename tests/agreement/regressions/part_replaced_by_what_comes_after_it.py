"""A part of the state that an index, an argument or another operand replaces before it is used: that is a misuse, and what is refused natively."""

from speccheck import Sort, Spec, action, each, invariant


class P(Sort, size=2, ordered=True):
    """Somebody."""


class PartReplacedByWhatComesAfterIt(Spec, deadlock=False):
    next: dict[P, P] = each(P[0])

    def turned(self) -> P:
        self.next = {p: P[1] for p in P}
        return P[0]

    @action
    def update(self, p: P) -> None:
        self.next.update({self.turned(): p})

    @invariant
    def somebody(self) -> bool:
        return self.next[P[0]] in P
