"""Rolling out over regions, in waves: the one with the least traffic first, and never into all of them at once.

Regions are there so that one may fail. They fail together if the same bad version is in all of them, so it must not be,
before it has shown itself somewhere. A driver deploys wave after wave, the first one a single region, with the least
traffic; after each wave it waits until each region of it has served users with the new version; and when there is an
alarm, or somebody calls it off, it rolls back, everywhere.

In the meantime life goes on. Regions are evacuated, for maintenance or because a cable is cut, and others serve their
users. The driver dies between any two of its steps, and is restarted.

How much harm a bad version does is counted in users, not in regions (`blast_radius`): region 0 has one part of the
traffic, region 1 has two, and so on. What users put up with is a constant of its own, `MAX_EXPOSED`, and does not follow
from the waves.

`Waves` keeps all promises. Then come plans that differ from it in the waves (`AllAtOnce`, `LargestFirst`,
`FirstWaveOfTwo`), in the bake, in the rollback, in what happens when a region is evacuated, and in what becomes of a
driver that died. The last one, `OnlyUnderLoad`, breaks no rule, and shows what no order of regions can do.

Within a region a deployment is one step here; `staged_rollout.py` looks inside. `controller_crash.py` has a driver that
remembers something, and forgets it; here all that it has to know is in the record.

Source: "Automating safe, hands-off deployments" (Amazon Builders' Library), for waves, and for bakes that count requests.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import (
    Range,
    Spec,
    Steps,
    action,
    anything,
    at,
    choose,
    constant,
    crash,
    each,
    eventually,
    eventually_always,
    invariant,
    model,
    process,
    reachable,
    require,
    restart,
    weak,
)

REGIONS = constant("REGIONS", 4, min=4)  # region r has r + 1 parts of the traffic
MAX_EXPOSED = constant("MAX_EXPOSED", 2)  # how many parts of the traffic may meet a bad version
EVACUATIONS = constant("EVACUATIONS", 1, min=1)
DEATHS = constant("DEATHS", 1, min=1)  # how often the driver dies

ALL = tuple(range(REGIONS))
Region = Annotated[int, range(REGIONS)]


@model(distinct=2436, depth=22)
@model(REGIONS=6, DEATHS=2, EVACUATIONS=2, distinct=114105, depth=32)
@model(REGIONS=7, DEATHS=2, EVACUATIONS=2, distinct=499239, depth=35, tags="slow")
class Waves(Spec):
    """One region, then another one, then all others. What the driver has to know after a death is in a record."""

    waves: ClassVar[tuple[tuple[Region, ...], ...]] = ((0,), (1,), ALL[2:])

    artifact: Literal["good", "bad"] = anything()
    version: dict[Region, Literal["old", "new"]] = each("old")
    wave: Annotated[int, Range(0, 2)] = 0  # this, whether it is called off, and what has been observed, is in the record
    called_off: bool = False  # by the driver, or by somebody
    observed: set[Region] = set()  # where users have met the new version in this wave
    proven: bool = False  # some wave has been observed in full
    away: set[Region] = set()  # evacuated
    evacuations: Annotated[int, Range(0, EVACUATIONS)] = 0  # so far
    deaths: Annotated[int, Range(0, DEATHS)] = 0  # of the driver, so far

    # -------------------------------------------------- the driver

    @process(fairness="weak")
    def driver(self) -> Steps:
        """A label names the step that follows, and before each of them the driver may die."""
        yield "find_out"
        self.find_out()
        while not self.called_off:
            if self.behind():
                yield "deploy"  # the regions of a wave come in any order
                if not self.called_off:
                    r = choose(self.behind())
                    self.version[r] = "new"
            else:
                yield "bake"
                require(self.called_off or self.symptoms() or self.has_baked())
                if self.symptoms():  # the rollback begins by itself
                    self.called_off = True
                elif not self.called_off:
                    self.proven |= self.observed >= set(self.waves[self.wave])
                    self.observed = set()
                    if self.wave == len(self.waves) - 1:
                        return
                    self.wave += 1
        while self.ahead():
            yield "roll_back"
            r = choose(self.ahead())
            self.version[r] = "old"

    def find_out(self) -> None:
        """It is all in the record."""

    def behind(self) -> list[Region]:
        """What is left of the wave."""
        return [r for r in self.waves[self.wave] if self.version[r] == "old"]

    def ahead(self) -> list[Region]:
        """What is left of the rollback."""
        return [r for r in ALL if self.version[r] == "new" and self.in_scope(r)]

    def in_scope(self, r: Region) -> bool:
        return True

    def has_baked(self) -> bool:
        return all(self.is_fine(r) for r in self.waves[self.wave])

    def is_fine(self, r: Region) -> bool:
        return r in self.observed

    # -------------------------------------------------- users

    @action
    def observe(self, r: Region) -> None:
        """Users of a region of this wave meet the new version, and what it does to them can be seen."""
        require(at(self.driver) == "bake" and r in self.waves[self.wave] and self.serves(r) and r not in self.observed)
        self.observed.add(r)

    traffic = weak(observe, per="r")

    def serves(self, r: Region) -> bool:
        return r not in self.away

    def hurts(self, r: Region) -> bool:
        """Whether users who are served in this region suffer from a bad version."""
        return self.version[r] == "new" and self.artifact == "bad"

    def symptoms(self) -> bool:
        return any(self.hurts(r) for r in self.observed)

    def exposed(self) -> int:
        """How many parts of the traffic suffer."""
        return sum(r + 1 for r in ALL if self.hurts(r if self.serves(r) else self.heir(r)))

    # -------------------------------------------------- what else happens

    @action
    def call_off(self) -> None:
        """Somebody presses the button."""
        require(not self.called_off and not self.over())
        self.called_off = True

    @action
    def evacuate(self, r: Region) -> None:
        """For some reason or other. Where another region is evacuated already, this one has to stay."""
        require(not self.away and self.evacuations < EVACUATIONS)
        self.evacuations += 1
        self.away.add(r)

    @action
    def come_back(self, r: Region) -> None:
        require(r in self.away)
        self.away.remove(r)

    regions_recover = weak(come_back, per="r")

    def heir(self, r: Region) -> Region:
        """Who serves the users of an evacuated region: the largest one where nothing is being tried."""
        others = [s for s in reversed(ALL) if s != r]
        return next((s for s in others if s not in self.waves[self.wave]), others[0])

    @action
    def die(self) -> None:
        require(self.deaths < DEATHS)
        self.deaths += 1
        crash(self.driver)

    @action(fairness="weak")
    def restart(self) -> None:
        require(at(self.driver) == "crashed")
        restart(self.driver)

    # -------------------------------------------------- promises

    @invariant
    def blast_radius(self) -> bool:
        """Few users meet a bad version."""
        return self.exposed() <= MAX_EXPOSED

    @invariant
    def low_traffic_first(self) -> bool:
        """No region is ahead of one with less traffic, except in the same wave."""
        if self.called_off or self.over():
            return True
        ahead = ((r, s) for r in ALL for s in ALL[:r] if self.version[r] == "new" and self.version[s] == "old")
        return all(self.wave_of(r) == self.wave_of(s) for r, s in ahead)

    def wave_of(self, r: Region) -> int:
        return next(k for k, wave in enumerate(self.waves) if r in wave)

    @invariant
    def never_everywhere_unbaked(self) -> bool:
        """What has not been proven anywhere is not everywhere."""
        return self.proven or "old" in self.version.values()

    @invariant
    def no_split_fleet(self) -> bool:
        """When it is over, all regions run the same version."""
        return not self.over() or len(set(self.version.values())) == 1

    def over(self) -> bool:
        return at(self.driver) == "done"

    terminates = eventually(over)

    def nobody_suffers(self) -> bool:
        return self.exposed() == 0

    bad_removed = eventually_always(nobody_suffers)

    @reachable
    def everywhere(self) -> bool:
        """In spite of a death and an evacuation."""
        return self.over() and not self.called_off and self.deaths == DEATHS and self.evacuations == EVACUATIONS

    @reachable
    def bad_rolled_back(self) -> bool:
        return self.over() and self.called_off and self.artifact == "bad" and bool(self.observed)


# ================================================== Other waves


@model(violates=("blast_radius", "never_everywhere_unbaked"), distinct=14196, depth=20)
class AllAtOnce(Waves):
    """One wave. It is tested, it is the same software everywhere, and so it fails everywhere."""

    waves: ClassVar[tuple[tuple[Region, ...], ...]] = (ALL,)


@model(violates="blast_radius", distinct=2976, depth=21)
class FirstWaveOfTwo(Waves):
    """The two smallest regions together. Each is small; both are more than users put up with."""

    waves: ClassVar[tuple[tuple[Region, ...], ...]] = (ALL[:2], ALL[2:])


@model(violates=("blast_radius", "low_traffic_first"), distinct=2244, depth=22)
class LargestFirst(Waves):
    """Where most users are most is learned, and soonest."""

    waves: ClassVar[tuple[tuple[Region, ...], ...]] = (ALL[-1:], ALL[1:-1], ALL[:1])


# ================================================== Bake and rollback


@model(violates=("blast_radius", "never_everywhere_unbaked", "bad_removed"), distinct=6492, depth=21)
class NextWaveAtOnce(Waves, without=("traffic", "regions_recover")):
    """One region at a time, and no bake: the next wave begins when this one is deployed.

    Seen from the dashboard this is a careful rollout. But all that it does is to take longer.
    """

    def has_baked(self) -> bool:
        return True


@model(violates="no_split_fleet", via="call_off", distinct=1212, depth=20)
class RollBackThisWave(Waves):
    """The rollback undoes the wave in which there was trouble. The regions before it keep the new version, for they are fine.

    They are, and now there are two versions for as long as nobody notices; and the next rollout begins with a fleet of
    which half was never rolled back.
    """

    def in_scope(self, r: Region) -> bool:
        return r in self.waves[self.wave]


# ================================================== Regions are evacuated


@model(violates="blast_radius", via="evacuate", distinct=2620, depth=21)
class EvacuatedHasBaked(Waves, without=("regions_recover",)):
    """The bake waits for the users of each region of the wave, except where there are none, or it would wait for long.

    The only region of the first wave is evacuated. It has no users, and no alarms; the next wave begins; and when the
    users come back, two regions are bad.
    """

    def is_fine(self, r: Region) -> bool:
        return r in self.observed or r in self.away


@model(violates="blast_radius", via="evacuate", distinct=2436, depth=22)
class EvacuatedNextDoor(Waves):
    """The users of an evacuated region go to the nearest one. Nobody asks what is being tried there right now.

    The first wave was chosen because few users are there. This is only true until others are sent there.
    """

    def heir(self, r: Region) -> Region:
        return r - 1 if r > 0 else 1


# ================================================== The driver dies


@model(violates=("terminates", "bad_removed"), via="die", distinct=1230, depth=20)
class NobodyRestarts(Waves, without=("restart", "everywhere")):
    """The driver runs on the laptop of somebody who goes home. Some regions have the new version, some do not."""


@model(violates=("blast_radius", "low_traffic_first"), via="die", distinct=3300, depth=24)
class LooksAtTheRegions(Waves):
    """There is no record. The new driver goes on with the first wave that is not complete.

    The first wave is complete, so that is the second one. That the first one has not baked cannot be seen, nor that a
    rollback was under way.
    """

    def find_out(self) -> None:
        incomplete = (k for k, wave in enumerate(self.waves) if any(self.version[r] == "old" for r in wave))
        self.wave = next(incomplete, len(self.waves) - 1)
        self.observed = set()
        self.called_off = False


# ================================================== What cannot be found in a small region


@model(violates="blast_radius", distinct=4452, depth=22)
class OnlyUnderLoad(Waves):
    """The version is bad where there is much traffic, and good elsewhere. The small regions prove nothing.

    Then the last waves are first ones. They need what the first one needed: a canary of their own, and more waves.
    """

    def hurts(self, r: Region) -> bool:
        return super().hurts(r) and r >= 2
