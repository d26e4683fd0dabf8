"""Prisoners and two switches (Leslie Lamport, after a puzzle of Car Talk).

`Prisoners` in tlaplus/Examples, four prisoners.
"""

from typing import Annotated

from speccheck import Range, Sort, Spec, action, anything, each, eventually, invariant, model


class Other(Sort, size=3):
    """A prisoner who does not count."""


@model(distinct=214, depth=14)
class Prisoners(Spec):
    switch_a_up: bool = anything()
    switch_b_up: bool = anything()
    times_switched: dict[Other, Annotated[int, Range(0, 2)]] = each(0)
    count: Annotated[int, Range(0, 2 * len(Other) + 1)] = 0

    @action(fairness="weak", per="i")
    def other_step(self, i: Other) -> None:
        if not self.switch_a_up and self.times_switched[i] < 2:
            self.switch_a_up = True
            self.times_switched[i] += 1
        else:
            self.switch_b_up = not self.switch_b_up

    @action(fairness="weak")
    def counter_step(self) -> None:
        if self.switch_a_up:
            self.switch_a_up = False
            self.count += 1
        else:
            self.switch_b_up = not self.switch_b_up

    def done(self) -> bool:
        return self.count == 2 * len(Other)

    @invariant
    def safety(self) -> bool:
        return not self.done() or all(n > 0 for n in self.times_switched.values())

    @invariant
    def count_invariant(self) -> bool:
        one_if_up = 1 if self.switch_a_up else 0
        switched = sum(self.times_switched.values())
        return self.count in (switched - one_if_up, switched - one_if_up + 1)

    liveness = eventually(done)
