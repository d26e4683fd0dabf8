"""Readers and writers, served in the order in which they came.

`ReadersWriters` in tlaplus/Examples, three actors.
"""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    MaxLen,
    Sort,
    Spec,
    action,
    all_of,
    always_eventually,
    invariant,
    model,
    require,
    temporal,
)


class Actor(Sort, size=3, symmetric=True):
    """Who reads and writes."""


Request = tuple[Literal["read", "write"], Actor]


@model(distinct=21527, depth=13)
class ReadersWriters(Spec):
    readers: set[Actor] = set()
    writers: set[Actor] = set()
    waiting: Annotated[list[Request], MaxLen(2 * len(Actor))] = []

    @action(fairness="weak", per="a")
    def try_read(self, a: Actor) -> None:
        require(("read", a) not in self.waiting)
        self.waiting.append(("read", a))

    @action(fairness="weak", per="a")
    def try_write(self, a: Actor) -> None:
        require(("write", a) not in self.waiting)
        self.waiting.append(("write", a))

    @action(fairness="weak")
    def serve(self) -> None:
        require(self.waiting and not self.writers)
        match self.waiting.pop(0):
            case "read", actor:
                self.readers.add(actor)
            case "write", actor:
                require(not self.readers)
                self.writers.add(actor)

    @action(fairness="weak", per=())
    def stop(self, a: Actor) -> None:
        require(a in self.readers | self.writers)
        (self.readers if a in self.readers else self.writers).remove(a)

    @invariant
    def safe(self) -> bool:
        return not (self.readers and self.writers) and len(self.writers) <= 1

    @temporal
    def live(self, a: Actor) -> Formula:
        return all_of(
            always_eventually(lambda: a in self.readers),
            always_eventually(lambda: a in self.writers),
            always_eventually(lambda: a not in self.readers),
            always_eventually(lambda: a not in self.writers),
        )
