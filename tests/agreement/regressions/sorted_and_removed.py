"""Lists sorted by a key, and elements removed that may be nothing the list can contain."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, choose, invariant


class P(Sort, size=2):
    """Somebody."""


Small = Annotated[int, Range(0, 2)]


class R(Spec, deadlock=False):
    queue: Annotated[list[Small], MaxLen(2)] = []
    people: Annotated[list[P], MaxLen(1)] = []
    who: P | None = None

    @action
    def fill(self, n: Small) -> None:
        self.queue.append(n)

    @action
    def pick(self) -> None:
        self.who = choose((None, *P))

    @action
    def arrange(self, down: bool) -> None:
        if down:
            self.queue.sort(key=lambda n: (n == 1, n), reverse=True)
        else:
            self.queue.sort(key=lambda n: self.queue.count(n))

    @action
    def come(self, p: P) -> None:
        self.people.append(p)

    @action
    def leave(self) -> None:
        self.people.remove(self.who)
        self.queue.remove(choose((None, 0, 4)))

    @invariant
    def known(self) -> bool:
        nobody = self.who if self.queue else None
        least = nobody if self.people else self.who
        return (nobody == self.who or nobody is None) and least in {None, *P} and (nobody,) != (self.who, 1)
