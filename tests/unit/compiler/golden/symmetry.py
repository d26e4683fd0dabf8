"""Members that are alike: what makes a state canonical, and what is found of a property that speaks of each of them."""

from typing import Annotated

from speccheck import MaxLen, Sort, Spec, action, each, invariant, model, reachable, require


class P(Sort, size=3, symmetric=True):
    """Somebody."""


@model(symmetry=True)
class Symmetry(Spec, deadlock=False):
    waiting: dict[P, bool] = each(False)
    served: set[P] = set()
    likes: dict[P, P | None] = each(None)
    queue: Annotated[list[P], MaxLen(2)] = []

    @action
    def come(self, p: P, q: P) -> None:
        require(not self.waiting[p] and len(self.queue) < 2)
        self.waiting[p] = True
        self.likes[p] = q
        self.queue.append(p)

    @action
    def serve(self) -> None:
        p = self.queue.pop(0)
        self.waiting[p] = False
        self.served.add(p)

    @invariant
    def served_once(self, p: P) -> bool:
        return not (self.waiting[p] and p in self.served) or self.likes[p] is not None

    @reachable
    def loved(self, p: P) -> bool:
        return all(self.likes[q] == p for q in P)
