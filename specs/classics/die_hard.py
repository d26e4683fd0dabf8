"""Die Hard: measure four litres with a jug of three and a jug of five.

In "Die Hard with a Vengeance" (1995) the heroes stand at a fountain with two jugs and must put exactly four litres on a
scale, or a bomb goes off. A jug can be filled, emptied, or poured into the other one until that is full. It is the
first example of most courses on TLA+, and a way to let a model checker solve puzzles: claim that there is no solution,
and read the counterexample. The shortest one has six steps.
"""

from typing import Annotated, Literal

from speccheck import Range, Spec, action, constant, each, invariant, model, require

SMALL = constant("SMALL", 3, min=1)
BIG = constant("BIG", 5, min=1)
GOAL = constant("GOAL", 4)

Jug = Literal["small", "big"]
CAPACITY: dict[Jug, int] = {"small": SMALL, "big": BIG}


@model(violates="no_solution", distinct=16, depth=8)
@model(SMALL=7, BIG=11, GOAL=6, violates="no_solution", distinct=36, depth=18)
@model(BIG=6, distinct=6, depth=3)
class DieHard(Spec):
    """With jugs of three and six litres there is no solution: all that can be measured is a multiple of three."""

    litres: dict[Jug, Annotated[int, Range(0, max(SMALL, BIG))]] = each(0)

    @action
    def fill(self, jug: Jug) -> None:
        require(self.litres[jug] < CAPACITY[jug])
        self.litres[jug] = CAPACITY[jug]

    @action
    def empty(self, jug: Jug) -> None:
        require(self.litres[jug] > 0)
        self.litres[jug] = 0

    @action
    def pour(self, source: Jug, target: Jug) -> None:
        poured = min(self.litres[source], CAPACITY[target] - self.litres[target])
        require(source != target and poured > 0)
        self.litres[source] -= poured
        self.litres[target] += poured

    @invariant
    def no_solution(self) -> bool:
        """No jug ever holds the goal."""
        return GOAL not in self.litres.values()
