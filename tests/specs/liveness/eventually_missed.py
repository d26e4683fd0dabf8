"""What must happen on every way, checked on each of them: on cycles, where ways join, where the shortest way passes the goal, and where nothing goes on."""

from typing import Annotated, Literal

from speccheck import Range, Spec, action, always, any_of, choose, eventually, eventually_always, leads_to, model, require, until


@model(distinct=4, violates="signed")
class Join(Spec, deadlock=False):
    """The search gets to `filed` over the signature first; the way around it ends there, too."""

    at: Literal["desk", "signature", "shortcut", "filed"] = "desk"

    @action(fairness="weak")
    def advance(self) -> None:
        require(self.at != "filed")
        self.at = choose(Literal["signature", "shortcut"]) if self.at == "desk" else "filed"

    signed = eventually(lambda self: self.at == "signature")
    filed = eventually(lambda self: self.at == "filed")


@model(distinct=5, violates="paid")
class Detour(Spec, deadlock=False):
    """The shortest way to the end passes the goal; the least counterexample takes the longer one."""

    at: Literal["start", "till", "back door", "yard", "street"] = "start"

    @action(fairness="weak")
    def go(self) -> None:
        require(self.at != "street")
        if self.at == "start":
            self.at = choose(Literal["till", "back door"])
        else:
            self.at = "yard" if self.at == "back door" else "street"

    paid = eventually(lambda self: self.at == "till")


@model(distinct=4, violates="leaves")
class Roundabout(Spec, deadlock=False):
    """All states lie on a cycle with the exit, or lead there; going around without ever leaving is a behavior all the same."""

    at: Annotated[int, Range(0, 3)] = 0

    @action(fairness="weak")
    def drive(self) -> None:
        require(self.at < 3)
        self.at = choose([(self.at + 1) % 3, 3])

    leaves = eventually(lambda self: self.at == 3)


@model(distinct=4, violates=("calm", "calm_or_gone", "calm_at_last"))
class Pendulum(Spec, deadlock=False):
    """From some time on for ever: what is again and again undone does not stay."""

    at: Annotated[int, Range(-1, 1)] = 0
    way: Literal["up", "down"] = "up"

    @action(fairness="weak")
    def swing(self) -> None:
        if self.at == 1:
            self.way, self.at = "down", 0
        elif self.at == -1:
            self.way, self.at = "up", 0
        else:
            self.at = 1 if self.way == "up" else -1

    def low(self) -> bool:
        return self.at <= 0

    def never(self) -> bool:
        return False

    calm = eventually_always(low)
    calm_or_gone = any_of(eventually_always(low), eventually(never))
    calm_at_last = leads_to(low, always(low))
    first_up = until(low, lambda self: self.at == 1)
