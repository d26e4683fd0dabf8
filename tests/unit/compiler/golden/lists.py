"""Lists and sequences: their methods, items, slices, order, and what is made of them."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, choose, invariant, require


class P(Sort, size=2, ordered=True):
    """Somebody."""


Small = Annotated[int, Range(0, 3)]


class Lists(Spec, deadlock=False):
    queue: Annotated[list[Small], MaxLen(3)] = []
    shown: Annotated[tuple[P, ...], MaxLen(2)] = ()
    boxes: Annotated[list[Annotated[list[P], MaxLen(2)]], MaxLen(2)] = [[], []]

    @action
    def fill(self, n: Small) -> None:
        require(n not in self.queue)
        self.queue.insert(1, n)
        self.boxes[n % 2].append(P[0])

    @action
    def change(self) -> None:
        self.queue[-1] += 1
        self.queue.reverse()
        del self.queue[0]
        self.queue.extend((0, 1))

    @action
    def drop(self) -> None:
        last = self.queue.pop()
        self.queue.remove(self.queue.index(last))
        self.shown = (*self.shown[-1:], P[last % 2])

    @action
    def rearrange(self) -> None:
        self.queue.sort(key=lambda n: -n)
        self.queue += [choose(self.queue)]
        self.queue = self.queue[::-1][1:] + self.queue[:1]
        for box in self.boxes:
            if len(box) > 1:
                box.clear()

    @action
    def empty(self) -> None:
        self.boxes = [[p for p in box if p != P[1]] for box in self.boxes]
        self.shown += tuple(p.next() for box in self.boxes for p in box)

    @invariant
    def ordered(self) -> bool:
        most = max(self.queue, key=lambda n: (n % 2, n), default=0)
        least = min(self.queue, key=abs, default=0)
        down = sorted(self.queue, reverse=True)
        return least <= 3 and self.queue.count(most) <= 1 and down[:1] >= self.queue[:1] and self.shown[:1] <= (P[1],)

    @invariant
    def few(self) -> bool:
        return len([n for n in self.queue if n > 1]) + len(self.shown) < 4

    @invariant
    def paired(self) -> bool:
        return sum(a < b for a, b in zip(self.queue, self.queue[1:])) < 3 and all(i < 2 or n > 0 for i, n in enumerate(reversed(self.queue)))
