"""Maps: total and partial ones, maps of maps, their methods and views, and tables of constants."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, choose, each, invariant, require


class P(Sort, size=2):
    """Somebody."""


Small = Annotated[int, Range(0, 3)]
COST = {(0, False): 1, (0, True): 2, (1, False): 3}


class Maps(Spec, deadlock=False):
    score: dict[P, Small] = each(0)
    owner: dict[Small, P | None] = {}
    seen: dict[P, dict[P, bool]] = each(each(False))
    boxes: dict[P, Annotated[list[Small], MaxLen(2)]] = each([])

    @action
    def buy(self, p: P, n: Small) -> None:
        require(n not in self.owner)
        self.owner[n] = p
        self.score[p] += COST[n % 2, self.seen[p][p]]
        self.boxes[p].append(n)

    @action
    def sell(self, n: Small) -> None:
        owner = self.owner.pop(n)
        if owner is not None:
            self.score[owner] = max(self.score.values()) - self.score[owner]
            self.seen[owner] = {p: p != owner for p in P}
        self.owner.setdefault(0, None)

    @action
    def merge(self) -> None:
        self.owner.update({n: None for n in self.owner if n > 1})
        self.owner |= {1: choose(P)}
        left = self.owner.get(3, None)
        del self.owner[1 if left is None else 3]
        for p, box in self.boxes.items():
            if p == left:
                box.clear()

    @action
    def reset(self) -> None:
        self.owner.clear()
        self.score = {p: self.score.get(p, 0) // 2 for p in P}

    @invariant
    def owned(self) -> bool:
        by = {p: sum(1 for o in self.owner.values() if o == p) for p in P}
        return all(by[p] <= 4 and (n not in self.owner or n >= 0) for p, n in by.items()) and set(self.owner.keys()) <= {0, 1, 2, 3}

    @invariant
    def indexed(self) -> bool:
        return all(row[p] or not row[p] for row in self.seen.values() for p in row) and max(self.owner, default=0) < 4
