"""Where a behavior stays for ever, every assumption is judged on that part alone, not on what surrounded it before something was cut away."""

from typing import Literal

from speccheck import Spec, action, eventually, model, require


@model(distinct=4)
class Patrol(Spec, deadlock=False):
    """Whoever climbs again and again must lie down at last; and whoever is in the yard again and again must climb again and again.

    The component {gate, yard, tower} takes `climb`, but not `lie_down`. What is left without the tower does not take `climb` any more.
    """

    at: Literal["gate", "yard", "tower", "bed"] = "gate"

    @action(fairness="weak")
    def enter(self) -> None:
        self.go("gate", "yard")

    @action
    def leave(self) -> None:
        self.go("yard", "gate")

    @action(fairness="strong")
    def climb(self) -> None:
        self.go("yard", "tower")

    @action
    def descend(self) -> None:
        self.go("tower", "yard")

    @action(fairness="strong")
    def lie_down(self) -> None:
        self.go("tower", "bed")

    def go(self, here: str, there: Literal["gate", "yard", "tower", "bed"]) -> None:
        require(self.at == here)
        self.at = there

    def in_bed(self) -> bool:
        return self.at == "bed"

    rests = eventually(in_bed)


@model(distinct=4, violates="rests", via=("climb", "descend"))
class Sleepless(Patrol):
    """Lying down need only happen if it stays possible: up and down again for ever."""

    @action(fairness="weak")
    def lie_down(self) -> None:
        self.go("tower", "bed")


@model(distinct=4, violates="rests", via="leave")
class Afraid(Patrol):
    """Climbing need only happen if it stays possible: gate and yard for ever. That does not take `climb`, and need not."""

    @action(fairness="weak")
    def climb(self) -> None:
        self.go("yard", "tower")


@model(distinct=4, violates="rests", via="descend")
class Kept(Patrol, without=("leave",)):
    """Without the gate the cut leaves single states, which are no cycles. Weak fairness of the way to bed is not enough."""

    @action(fairness="weak")
    def lie_down(self) -> None:
        self.go("tower", "bed")
