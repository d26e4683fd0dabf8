"""Properties: of states, of steps, of behaviors and of another spec; fairness, and sorts whose members are alike."""

from typing import Annotated

from speccheck import (
    Formula,
    Range,
    Sort,
    Spec,
    action,
    always,
    always_eventually,
    constraint,
    each,
    enabled,
    eventually,
    implies,
    invariant,
    leads_to,
    occurs,
    reachable,
    refines,
    require,
    step_invariant,
    strong,
    temporal,
    terminal,
    until,
    weak,
)  # fmt: skip


class P(Sort, size=3, symmetric=True):
    """Somebody."""


class Counter(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def count(self) -> None:
        require(self.n < 3)
        self.n += 1


class Meeting(Spec):
    come: dict[P, bool] = each(False)
    speaker: P | None = None
    spoken: Annotated[int, Range(0, 3)] = 0

    @action(fairness="weak", per="p")
    def arrive(self, p: P) -> None:
        require(not self.come[p])
        self.come[p] = True

    @action
    def speak(self, p: P) -> None:
        require(self.come[p] and self.speaker is None)
        self.speaker = p
        self.spoken += 1

    @action
    def stop(self) -> None:
        require(self.speaker is not None)
        self.speaker = None

    goes_on = weak(speak, stop, per=())
    opened = strong(arrive, per="p")

    @constraint
    def few(self) -> bool:
        return self.spoken < 3

    @terminal
    def over(self) -> bool:
        return all(self.come.values()) and self.spoken == 2

    @invariant
    def present(self, p: P) -> bool:
        return self.speaker != p or self.come[p]

    @invariant
    def possible(self) -> bool:
        return enabled(self.stop) == (self.speaker is not None)

    @step_invariant
    def stays(self, after: "Meeting", p: P) -> bool:
        return after.come[p] >= self.come[p] and (after.come[p] == self.come[p] or occurs(self.arrive, p))

    @reachable
    def heard(self, p: P) -> bool:
        return self.speaker == p and self.spoken == 2

    @temporal
    def starts(self, p: P) -> Formula:
        return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p))

    @temporal
    def quiet(self) -> Formula:
        return implies(always_eventually(lambda: self.speaker is None), until(lambda: self.spoken == 0, lambda: any(self.come.values())))

    @temporal
    def safe(self) -> Formula:
        return always(implies(lambda: self.spoken == 2, eventually(self.over)))

    @refines(Counter)
    def counted(self) -> Counter:
        return Counter(n=sum(self.come[p] for p in P))
