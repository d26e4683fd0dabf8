"""A cat hides in one of several boxes in a row and moves to a box beside it every night; one box may be opened each day.

`Moving_Cat_Puzzle` in tlaplus/Examples, with five and with six boxes.
"""

from typing import Annotated, Literal

from speccheck import Range, Spec, action, anything, choose, constant, eventually, model

BOXES = constant("BOXES", 6, min=3)
Box = Annotated[int, Range(1, BOXES)]


@model(BOXES=5, distinct=30, depth=1)
@model(BOXES=6, distinct=48, depth=1)
class Cat(Spec):
    cat: Box = anything()
    observed: Annotated[int, Range(2, BOXES - 1)] = anything()
    direction: Literal["left", "right"] = anything()

    @action(fairness="weak")
    def night_and_day(self) -> None:
        self.cat = choose(b for b in (self.cat - 1, self.cat + 1) if b in range(1, BOXES + 1))
        match self.direction:
            case "right" if self.observed == BOXES - 1:
                self.direction = "left"
            case "right":
                self.observed += 1
            case "left" if self.observed == 2:
                self.direction = "right"
            case "left":
                self.observed -= 1

    def is_found(self) -> bool:
        return self.cat == self.observed

    found = eventually(is_found)
