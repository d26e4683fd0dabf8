"""Fairness, groups, methods and formulas of a base class, in the classes derived from it."""

from typing import Annotated

from speccheck import Range, Spec, action, always, eventually, model, occurs, require, strong, weak


@model(distinct=3)
class Base(Spec, deadlock=False):
    """A counter that goes up, and may be set back twice."""

    n: Annotated[int, Range(0, 2)] = 0

    @action(fairness="weak")
    def up(self) -> None:
        require(self.n < 2)
        self.n += 1

    def done(self) -> bool:
        return self.n == 2

    ends = eventually(done)


@model(distinct=3)
class Undecorated(Base):
    """An undecorated override keeps role and fairness."""

    def up(self) -> None:
        super().up()


@model(distinct=3, violates="ends")
class Restated(Base):
    """A decorated override restates everything: this one is not fair."""

    @action
    def up(self) -> None:
        super().up()


@model(distinct=3, violates="ends")
class Removed(Base):
    """`fairness=None` says so."""

    @action(fairness=None)
    def up(self) -> None:
        super().up()


@model(distinct=3)
class Regrouped(Removed):
    """A group of the class below gives it back. `Removed.up` and `Base.up` name the same action: that of the class that is checked."""

    again = weak(Base.up)


@model(distinct=3, violates="ends")
class Back(Base):
    """All assumptions on an action hold together, inherited ones too; going back is not fair, and may happen for ever."""

    @action
    def back(self) -> None:
        require(self.n == 1)
        self.n = 0

    both = strong(Base.up, back)


@model(distinct=3)
class Strict(Back):
    """Strong fairness of every single step up."""

    @action
    def jump(self) -> None:
        require(self.n == 1)
        self.n = 2

    jumps = strong(jump)


@model(distinct=3, violates="ends")
class Dropped(Strict, without=("jump", "jumps")):
    """Without the rule and its group, as before."""


@model(distinct=3)
class Group(Base):
    """A group of an action that a class below drops."""

    @action(fairness=None)
    def up(self) -> None:
        super().up()

    @action
    def leap(self) -> None:
        require(self.n == 0)
        self.n = 2

    moves = weak(up, leap)


@model(distinct=3)
class WithoutLeap(Group, without=("leap",)):
    """The group still holds of what is left of it."""


@model(distinct=2)
class WithoutUp(Group, without=("up",)):
    """And of the other half."""


@model(distinct=3, violates="ends")
class Overridden(Base):
    """A formula takes the predicate by name from the class that is checked: here 2 is not the end."""

    def done(self) -> bool:
        return self.n > 5


@model(distinct=3, violates="ends")
class Redefined(Base):
    """A formula of the same name replaces the one below."""

    ends = always(lambda self: self.n < 2)


@model(distinct=2, violates=("ends", "never_up"))
class OverriddenAction(Base):
    """So do `occurs` and `enabled`: what counts is the action of the class that is checked."""

    never_up = always(lambda self: self.n == 0)
    starts = eventually(occurs(Base.up))

    def up(self) -> None:
        require(self.n == 0)
        self.n = 1
