"""Scalars, guards, arithmetic, branches, loops, and what may fail."""

from enum import Enum
from typing import Annotated, Literal

from speccheck import Range, Sort, Spec, action, anything, choose, constraint, disable, each, invariant, reachable, require, step_invariant, terminal

TABLE = {"low": 1, "high": 3}


class Lamp(Sort, size=2):
    """A lamp."""


class Ring(Sort, size=2, ordered=True):
    """A place on a ring."""


class Mode(Enum):
    AUTOMATIC = 1
    MANUAL = 2


class Scalars(Spec):
    n: Annotated[int, Range(0, 5)] = 0
    total: Annotated[int, Range(0, 20)] = 0
    level: Literal["low", "high"] = "low"
    mode: Mode = Mode.AUTOMATIC
    on: dict[Lamp, bool] = each(False)
    chosen: Lamp | None = None
    place: Ring = anything()

    @action
    def count(self) -> None:
        require(self.n < 5)
        self.n += TABLE[self.level]
        self.total = self.total * 2 + self.n - 3

    @action
    def switch(self, lamp: Lamp) -> None:
        if self.on[lamp] and self.mode is Mode.MANUAL:
            self.on[lamp] = False
        elif self.chosen == lamp:
            disable()
        else:
            self.on[lamp], self.chosen = not self.on[lamp], lamp

    @action
    def walk(self) -> None:
        steps = 0
        while steps < self.n:
            steps += 1
            if steps == 3:
                break
            self.place = self.place.next()
        assert steps < 5

    @action
    def pick(self) -> None:
        self.mode = choose(Mode)
        k = choose(range(self.n))
        self.n = k // (self.n - 4)

    @constraint
    def bounded(self) -> bool:
        return self.total < 12

    @terminal
    def lit(self) -> bool:
        return all(self.on.values())

    @invariant
    def some(self) -> bool:
        return 0 <= self.n <= 5 or self.place.index > 0

    @step_invariant
    def grows(self, after: "Scalars") -> bool:
        return after.total >= self.total or after.n % 2 == 0

    @reachable
    def reached(self, lamp: Lamp) -> bool:
        return self.chosen == lamp and sum(self.on[one] for one in Lamp) == 2
