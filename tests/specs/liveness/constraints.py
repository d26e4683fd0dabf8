"""A constraint cuts behaviors away; it never makes a temporal property true."""

from typing import Annotated

from speccheck import Range, Spec, action, always, always_eventually, constraint, eventually, model, require


@model(unknown=("gets_there", "stays_low", "comes_back"), distinct=3)
class Ladder(Spec, deadlock=False):
    """The only step out of the last kept state is dropped. It stays possible: stopping there is not fair, and nothing is known about the way on."""

    height: Annotated[int, Range(0, 9)] = 0

    @action(fairness="weak")
    def climb(self) -> None:
        require(self.height < 9)
        self.height += 1

    @constraint
    def near_the_ground(self) -> bool:
        return self.height < 3

    def low(self) -> bool:
        return self.height < 3

    def at_the_top(self) -> bool:
        return self.height == 9

    gets_there = eventually(at_the_top)
    stays_low = always(low)
    comes_back = always_eventually(low)


@model(violates="gets_there", unknown=("stays_low", "comes_back"), distinct=3)
class Lazy(Ladder):
    """Nobody must climb: stopping within the constraint is a violation all the same, and what is not refuted stays unknown."""

    @action(fairness=None)
    def climb(self) -> None:
        super().climb()


@model(unknown=("gets_there", "stays_low", "comes_back"), distinct=0)
class Underground(Ladder):
    """The only initial state is dropped: nothing is left, and nothing is proven."""

    height = 5


@model(violates="climb.error", distinct=3)
class Broken(Ladder, without=("near_the_ground",)):
    """A step that errs has no successor, but it is possible: stopping before it is not fair. No behavior is left, and the error is what is shown."""

    @action(fairness="weak")
    def climb(self) -> None:
        if self.height == 2:
            raise ValueError("the rung broke")
        self.height += 1
