"""A bridge with one lane: cars may cross together only if they go the same way (Younes Akhouayri).

`SingleLaneBridge` in tlaplus/Examples.
"""

from typing import Annotated

from speccheck import (
    Formula,
    MaxLen,
    Range,
    Sort,
    Spec,
    action,
    constant,
    each_by,
    invariant,
    leads_to,
    model,
    require,
    temporal,
)

LAST = constant("LAST", 8, min=3)
BRIDGE_START = constant("BRIDGE_START", 4, min=2)
BRIDGE_END = constant("BRIDGE_END", 5)

BRIDGE = range(BRIDGE_START, BRIDGE_END + 1)
Position = Annotated[int, Range(1, LAST)]


class Right(Sort, size=2, symmetric=True):
    """A car that comes from the right."""


class Left(Sort, size=2, symmetric=True):
    """A car that comes from the left."""


Car = Right | Left
CARS: tuple[Car, ...] = (*Right, *Left)


def at_start(car: Car) -> int:
    return LAST if isinstance(car, Right) else 1


@model(distinct=3605, depth=29)
@model(Right=2, Left=2, LAST=8, symmetry=True)
class Bridge(Spec):
    location: dict[Car, Position] = each_by(at_start)
    waiting: Annotated[list[Car], MaxLen(len(CARS))] = [car for car in CARS if (LAST - BRIDGE_END if isinstance(car, Right) else BRIDGE_START - 1) == 1]

    def on_bridge(self, car: Car) -> bool:
        return self.location[car] in BRIDGE

    def ahead_of(self, car: Car) -> int:
        here = self.location[car]
        match car:
            case Right():
                return here - 1 if here > 1 else LAST
            case Left():
                return here + 1 if here < LAST else 1

    def is_free(self, position: int) -> bool:
        return position not in self.location.values()

    def same_direction(self, car: Car) -> bool:
        return all(isinstance(other, Right) == isinstance(car, Right) for other in self.location if self.on_bridge(other))

    def advance(self, car: Car) -> None:
        target = self.ahead_of(car)
        if (isinstance(car, Right) and target == BRIDGE_END + 1) or (isinstance(car, Left) and target == BRIDGE_START - 1):
            self.waiting.append(car)
        self.location[car] = target

    @action(fairness="weak", per="car")
    def move_outside(self, car: Car) -> None:
        require(self.ahead_of(car) not in BRIDGE)
        self.advance(car)

    @action(fairness="weak", per="car")
    def move_inside(self, car: Car) -> None:
        require(self.on_bridge(car) and self.is_free(self.ahead_of(car)))
        self.advance(car)

    @action(fairness="weak")
    def enter(self) -> None:
        require(self.waiting)
        first = self.waiting[0]
        empty = not any(self.on_bridge(car) for car in self.location)
        require(empty or (not self.on_bridge(first) and self.same_direction(first) and self.is_free(self.ahead_of(first))))
        self.location[first] = self.ahead_of(first)
        self.waiting.pop(0)

    @invariant
    def no_two_at_one_place(self, a: Car, b: Car) -> bool:
        return not self.on_bridge(a) or self.location[a] != self.location[b] or a == b

    @invariant
    def capacity(self) -> bool:
        return sum(self.on_bridge(car) for car in self.location) < len(BRIDGE) + 1

    @invariant
    def no_collision(self, r: Right, l: Left) -> bool:
        return not (self.on_bridge(r) and self.on_bridge(l))

    @temporal
    def leaves(self, car: Car) -> Formula:
        return leads_to(lambda: self.on_bridge(car), lambda: not self.on_bridge(car))

    @temporal
    def enters(self, car: Car) -> Formula:
        return leads_to(lambda: not self.on_bridge(car), lambda: self.on_bridge(car))
