"""Stuttering, and steps that change nothing, neither satisfy fairness nor need it; and every behavior may stutter, if no fairness forbids it."""

from typing import Literal

from speccheck import Spec, action, always_eventually, choose, eventually, leads_to, model, negate, occurs, require


@model(distinct=2)
class Coin(Spec, deadlock=False):
    """Heads need not ever come up in a row of tosses; but a toss that shows tails again changes nothing, and is not taken."""

    side: Literal["tails", "heads"] = "tails"

    @action(fairness="weak")
    def toss(self) -> None:
        require(self.side == "tails")
        self.side = choose(Literal["tails", "heads"])

    def heads(self) -> bool:
        return self.side == "heads"

    wins = eventually(heads)


@model(distinct=2, violates="wins")
class OtherCoin(Coin):
    """Nobody must toss: the coin stays as it is, for ever."""

    @action(fairness=None)
    def toss(self) -> None:
        super().toss()


@model(distinct=1, violates=("moves", "stirs"))
class Idle(Spec, deadlock=False):
    """A fair action that never changes anything is never possible, and never occurs."""

    on: bool = False

    @action(fairness="strong")
    def wait(self) -> None:
        self.on = self.on

    moves = eventually(lambda self: self.on)
    stirs = eventually(occurs(wait))
    rests = negate(eventually(occurs(wait)))


@model(distinct=3, violates=("arrives", "returns", "answered"))
class Walk(Spec, deadlock=False):
    """Every way leads on, and still the walker may stop anywhere: nobody said that they must not."""

    at: Literal["home", "road", "town"] = "home"

    @action
    def go(self) -> None:
        self.at = "road" if self.at == "home" else "town" if self.at == "road" else "home"

    def at_home(self) -> bool:
        return self.at == "home"

    def in_town(self) -> bool:
        return self.at == "town"

    arrives = eventually(in_town)
    returns = always_eventually(at_home)
    answered = leads_to(at_home, in_town)


@model(distinct=3)
class Hurry(Walk):
    """The same walk with fairness."""

    @action(fairness="weak")
    def go(self) -> None:
        super().go()
