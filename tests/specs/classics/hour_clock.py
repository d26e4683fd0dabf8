"""A clock that shows the hour, and one that never stops (Leslie Lamport, "Specifying Systems", chapters 2 and 8).

`SpecifyingSystems/HourClock` and `SpecifyingSystems/Liveness` in tlaplus/Examples. HourClock2 says the same with
another next-state relation, so that each refines the other.
"""

from typing import Annotated

from speccheck import Formula, Range, Spec, action, always_eventually, anything, model, occurs, refines, temporal

Hour = Annotated[int, Range(1, 12)]


@model(distinct=12, depth=1)
class HourClock(Spec):
    hr: Hour = anything()

    @action
    def tick(self) -> None:
        self.hr = self.hr + 1 if self.hr != 12 else 1


@model(distinct=12, depth=1)
class HourClock2(Spec):
    hr: Hour = anything()

    @action
    def tick(self) -> None:
        self.hr = (self.hr % 12) + 1

    @refines(HourClock)
    def clock(self) -> HourClock:
        return HourClock(hr=self.hr)


@model(distinct=12, depth=1)
class LiveHourClock(HourClock):
    @action(fairness="weak")
    def tick(self) -> None:
        super().tick()

    @temporal
    def ticks(self) -> Formula:
        return always_eventually(occurs(self.tick))

    @temporal
    def all_times(self, h: Hour) -> Formula:
        return always_eventually(lambda: self.hr == h)


@model(distinct=12, depth=1)
class LiveHourClock2(HourClock2):
    @action(fairness="weak")
    def tick(self) -> None:
        super().tick()

    @refines(LiveHourClock, liveness=True)
    def live_clock(self) -> LiveHourClock:
        return LiveHourClock(hr=self.hr)
