"""Chameneos meet two at a time and change their colours (Claude Kaiser and Jean-François Pradat-Peyre, 2003).

`Chameneos` in tlaplus/Examples, four of them and four meetings.
"""

from enum import Enum
from typing import Annotated

from speccheck import Range, Sort, Spec, action, anything, constant, each, init, invariant, model, require, terminal

MEETINGS = constant("MEETINGS", 4, min=1)


class Color(Enum):
    BLUE = "blue"
    RED = "red"
    YELLOW = "yellow"
    FADED = "faded"


COLORS = (Color.BLUE, Color.RED, Color.YELLOW)


class Chameneo(Sort, size=4, symmetric=True):
    """A creature."""


def complement(one: Color, other: Color) -> Color:
    """Return the colour that both get."""
    if one is other:
        return one
    return next(color for color in COLORS if color not in (one, other))


@model(distinct=34534, depth=13, tags="slow")
@model(symmetry=True, depth=13)
class Chameneos(Spec):
    color: dict[Chameneo, Color] = anything()
    met: dict[Chameneo, Annotated[int, Range(0, MEETINGS)]] = each(0)
    waiting: Chameneo | None = None
    meetings: Annotated[int, Range(0, MEETINGS)] = 0

    @init
    def nobody_has_faded(self) -> None:
        require(Color.FADED not in self.color.values())

    @action
    def meet(self, c: Chameneo) -> None:
        require(self.color[c] is not Color.FADED)
        if self.waiting is None:
            if self.meetings < MEETINGS:
                self.waiting = c
            else:
                self.color[c] = Color.FADED
        else:
            other = self.waiting
            require(other != c)
            self.color[c] = self.color[other] = complement(self.color[c], self.color[other])
            self.met[c] += 1
            self.met[other] += 1
            self.meetings += 1
            self.waiting = None

    @terminal
    def all_faded(self) -> bool:
        return all(color is Color.FADED for color in self.color.values())

    @invariant
    def two_in_each_meeting(self) -> bool:
        return sum(self.met.values()) == 2 * self.meetings
