"""The coffee can problem (David Gries, "The Science of Programming", 1981, there ascribed to Carel Scholten).

Two beans are drawn. Of one colour: they are thrown away, and a black one is put in. Of two: the white one is put back. `CoffeeCan` in tlaplus/Examples.
"""

from typing import Annotated, Self

from speccheck import Range, Record, Spec, action, anything, constant, eventually, implies, init, model, require, step_invariant, terminal

BEANS = constant("BEANS", 100, min=1)

Count = Annotated[int, Range(0, BEANS)]


class Can(Record):
    black: Count
    white: Count

    def __len__(self) -> int:
        return self.black + self.white

    def draw(self, *, black: int = 0, white: int = 0) -> None:
        require(self.black >= black and self.white >= white)
        self.black -= black
        self.white -= white


@model(distinct=5150, depth=1)
class CoffeeCan(Spec):
    can: Can = anything()

    @init
    def some_beans(self) -> None:
        require(1 <= len(self.can) <= BEANS)

    @action(fairness="weak")
    def two_black(self) -> None:
        self.can.draw(black=2)
        self.can.black += 1

    @action(fairness="weak")
    def two_white(self) -> None:
        self.can.draw(white=2)
        self.can.black += 1

    @action(fairness="weak")
    def one_of_each(self) -> None:
        self.can.draw(black=1, white=1)
        self.can.white += 1

    @terminal
    def one_bean(self) -> bool:
        return len(self.can) == 1

    def black_bean(self) -> bool:
        return self.can.black == 1 and self.can.white == 0

    def white_bean(self) -> bool:
        return self.can.black == 0 and self.can.white == 1

    def even(self) -> bool:
        return self.can.white % 2 == 0

    def odd(self) -> bool:
        return not self.even()

    @step_invariant
    def fewer_and_fewer(self, after: Self) -> bool:
        return len(after.can) < len(self.can)

    @step_invariant
    def parity_of_white_stays(self, after: Self) -> bool:
        return after.even() == self.even()

    ends = eventually(one_bean)
    ends_black = implies(even, eventually(black_bean))
    ends_white = implies(odd, eventually(white_bean))
