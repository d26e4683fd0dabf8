"""Rolling out a new version in stages: canary, bake, alarm, rollback, hotfix.

A pipeline deploys a new artifact to a fleet: first to one instance, the canary, then to more and more of them. It takes
an instance out of rotation only if the others can carry the load. After each stage it lets the new version bake until
it has served enough requests, and watches the health of the service and of its neighbours. If an alarm goes off, the
pipeline rolls back by itself or pages an engineer, who tries again (some alarms are false), gives up and rolls back, or
has an operator stop the rollout and waits for a hotfix, which then goes the same way. And somebody may call it all off
at any time.

The artifact is good, or bad in one of three ways, and the pipeline cannot know in which: it fails at once; it fails
after some requests, like a leak; or it is in perfect health and hurts a service downstream. What is promised:

- at any time enough instances are in rotation, a bad artifact is on few of them, and there is a way back;
- no stage is skipped;
- some time it is over, and then all run the same version, and not a bad one.

The last promise rests on what others do, and the spec says on what: the pipeline goes on if it can (`pipeline`), there
are requests (`traffic`), and an engineer who is paged does something about it (`engineer`).

`StagedRollout` keeps the promises. Each class after it leaves out one precaution or one assumption, and breaks one of
them. The first ones may be read in any order. Those about the question how long a bake takes, `NoTraffic` to
`BakeTimeout`, are one story. Then the rollout learns to roll forward (`RolloutWithHotfix`), and then instances crash,
which asks for more precautions (`SpareForFailures` has them all).

The engineer's night is told in `on_call.py`, what happens if the pipeline itself crashes in `controller_crash.py`. There
are regions in `multi_region.py`, and changes that cannot be rolled back in `roll_forward.py`.

Sources: "Automating safe, hands-off deployments" and "Ensuring rollback safety during deployments" (Amazon Builders'
Library), for waves, bakes that count requests, and alarms that roll back. Hillel Wayne, "Modeling zero-downtime
deployments", for the capacity.
"""

from typing import Annotated, ClassVar, Literal, Self

from speccheck import (
    Range,
    Spec,
    action,
    anything,
    choose,
    constant,
    each,
    enabled,
    eventually,
    eventually_always,
    invariant,
    model,
    reachable,
    require,
    step_invariant,
    terminal,
    weak,
)

FLEET = constant("FLEET", 4, min=3)  # instances
MIN_SERVING = constant("MIN_SERVING", 3, min=1)  # how many of them the traffic needs
MAX_BAD = constant("MAX_BAD", 1, min=0)  # how many may be bad: what users put up with, not what the first stage happens to be
BAKE_REQUESTS = constant("BAKE_REQUESTS", 2, min=1)  # how many requests the new version must have served in a stage
SHOWS_AFTER = constant("SHOWS_AFTER", 2, min=1)  # how many requests it takes until a slow failure shows
RETRIES = constant("RETRIES", 1, min=1)  # how often the engineer may try again
FALSE_ALARMS = constant("FALSE_ALARMS", 1, min=1)
CRASHES = constant("CRASHES", 1, min=1)

INSTANCES = range(FLEET)  # in the order in which they are deployed; 0 is the canary
Instance = Annotated[int, INSTANCES]
Version = Literal["old", "new", "hotfix"]  # there is a hotfix in `RolloutWithHotfix` only
Artifact = Literal["good", "fails at once", "fails after requests", "hurts downstream"]
Phase = Literal["deploy", "bake", "alarmed", "paged", "stopped", "roll back", "done", "rolled back"]  # so is "stopped"


@model(distinct=545, depth=33)
@model(FLEET=8, MIN_SERVING=6, BAKE_REQUESTS=3, distinct=3613, depth=52)
@model(BAKE_REQUESTS=1, violates=("blast_radius", "ends_clean", "bad_removed", "bad_artifact_removed"), distinct=754, depth=30)
class StagedRollout(Spec):
    """The rollout with all precautions, for a fleet in which nothing crashes.

    A bake is as good as it is long: in the last model the failure shows after twice as many requests, and gets through.
    """

    stages: ClassVar[tuple[int, ...]] = (1, 2, FLEET)  # on how many instances the new version is after each stage
    bakes: ClassVar[tuple[int, ...]] = (BAKE_REQUESTS, BAKE_REQUESTS, BAKE_REQUESTS)  # how many requests each stage must have served

    artifact: Artifact = anything()  # what the new version is; nobody knows
    phase: Phase = "deploy"
    goal: Version = "new"
    stage: Annotated[int, Range(0, 2)] = 0
    version: dict[Instance, Version] = each("old")
    out: set[Instance] = set()  # taken out of rotation
    requests: Annotated[int, Range(0, BAKE_REQUESTS)] = 0  # served in this bake
    retries: Annotated[int, Range(0, RETRIES)] = RETRIES
    false_alarms: Annotated[int, Range(0, FALSE_ALARMS)] = FALSE_ALARMS

    # -------------------------------------------------- deploying

    @action
    def take_out(self, i: Instance) -> None:
        """One after the other, the canary first."""
        require(self.moving() and i == self.next_one() and self.room_without(i))
        self.out.add(i)

    @action
    def bring_up(self, i: Instance) -> None:
        """If it is no longer its turn, the instance comes back with the version that it had."""
        require(self.moving() and i in self.out)
        self.out.remove(i)
        if self.its_turn(i):
            self.version[i] = self.goal

    def moving(self) -> bool:
        return self.phase in ("deploy", "roll back")

    def next_one(self) -> Instance | None:
        return next((i for i in INSTANCES if self.its_turn(i) and self.serves(i) and self.version[i] != self.goal), None)

    def its_turn(self, i: Instance) -> bool:
        return self.rolls_back(i) if self.phase == "roll back" else i < self.stages[self.stage]

    def rolls_back(self, i: Instance) -> bool:
        return True

    def serves(self, i: Instance) -> bool:
        return i not in self.out

    def room_without(self, i: Instance) -> bool:
        """Whether the others can carry the load."""
        return sum(self.serves(j) for j in INSTANCES if j != i) >= MIN_SERVING

    def deployed(self) -> bool:
        return not self.out and all(self.version[i] == self.goal for i in INSTANCES if self.its_turn(i))

    # -------------------------------------------------- baking

    @action
    def start_bake(self) -> None:
        require(self.phase == "deploy" and self.deployed())
        self.phase = "bake"

    @action
    def request(self) -> None:
        """One of the instances that have been deployed serves it."""
        require(self.phase == "bake" and self.requests < self.bakes[self.stage])
        require(any(self.serves(i) for i in INSTANCES if self.its_turn(i)))
        self.requests += 1

    @action
    def promote(self) -> None:
        require(self.phase == "bake" and self.may_promote() and self.stage < len(self.stages) - 1)
        self.stage += 1
        self.requests = 0
        self.phase = "deploy"

    @action
    def finish(self) -> None:
        require(self.phase == "bake" and self.may_promote() and self.stage == len(self.stages) - 1)
        self.phase = "done"

    def may_promote(self) -> bool:
        return self.baked() and self.present() and not self.symptoms()

    def baked(self) -> bool:
        return self.requests >= self.bakes[self.stage]

    def present(self) -> bool:
        """Whether all serve that have been deployed."""
        return all(self.serves(i) for i in INSTANCES if self.its_turn(i))

    # -------------------------------------------------- health

    def quality(self, v: Version) -> Artifact:
        return self.artifact if v == "new" else "good"

    def bad(self) -> int:
        """On how many serving instances a bad version is."""
        return sum(self.serves(i) and self.quality(self.version[i]) != "good" for i in INSTANCES)

    def symptoms(self) -> bool:
        return self.own_symptoms() or self.symptoms_downstream()

    def own_symptoms(self) -> bool:
        return self.shows("fails at once", 0) or self.shows("fails after requests", SHOWS_AFTER)

    def symptoms_downstream(self) -> bool:
        return self.shows("hurts downstream", SHOWS_AFTER)

    def shows(self, failure: Artifact, requests: int) -> bool:
        """Whether what is being deployed fails in this way, and has served so many requests."""
        serves = any(self.serves(i) and self.version[i] == self.goal for i in INSTANCES)
        return serves and self.quality(self.goal) == failure and self.requests >= requests

    # -------------------------------------------------- when something goes wrong

    @action
    def alarm(self) -> None:
        require(self.interruptible() and self.symptoms())
        self.phase = "alarmed"

    @action
    def false_alarm(self) -> None:
        """Somebody else's trouble looks like ours."""
        require(self.interruptible() and self.false_alarms > 0 and not self.symptoms())
        self.false_alarms -= 1
        self.phase = "alarmed"

    @action
    def call_off(self) -> None:
        """Somebody presses the button, alarm or no alarm."""
        require(self.may_call_off())
        self.begin_roll_back()

    def may_call_off(self) -> bool:
        return self.interruptible()

    def interruptible(self) -> bool:
        return self.phase in ("deploy", "bake")

    @action
    def roll_back(self) -> None:
        """The pipeline does so by itself."""
        require(self.phase == "alarmed")
        self.begin_roll_back()

    def begin_roll_back(self) -> None:
        self.goal = "old"
        self.phase = "roll back"

    @action
    def finish_roll_back(self) -> None:
        require(self.phase == "roll back" and self.deployed())
        self.phase = "rolled back"

    @action
    def page(self) -> None:
        require(self.phase == "alarmed")
        self.phase = "paged"

    @action
    def retry(self) -> None:
        """The engineer takes it for a false alarm, and lets the stage bake once more."""
        require(self.phase == "paged" and self.retries > 0)
        self.retries -= 1
        self.requests = 0
        self.phase = "deploy"

    @action
    def give_up(self) -> None:
        """The engineer rolls back."""
        require(self.phase == "paged")
        self.begin_roll_back()

    # -------------------------------------------------- who is relied on

    pipeline = weak(take_out, bring_up, start_bake, promote, finish, alarm, page, roll_back, finish_roll_back, per=())
    traffic = weak(request)
    engineer = weak(retry, give_up)

    # -------------------------------------------------- promises

    @invariant
    def capacity(self) -> bool:
        """Enough instances are in rotation."""
        return sum(self.serves(i) for i in INSTANCES) >= MIN_SERVING

    @invariant
    def blast_radius(self) -> bool:
        """A bad version is on few instances."""
        return self.bad() <= MAX_BAD

    @invariant
    def way_back(self) -> bool:
        """From the first new instance on until it is over, the pipeline, the engineer or the button can begin to roll back."""
        under_way = not self.over() and self.phase != "roll back" and any(v != "old" for v in self.version.values())
        return not under_way or enabled(self.roll_back) or enabled(self.give_up) or enabled(self.call_off)

    @step_invariant
    def no_skipped_stage(self, after: Self) -> bool:
        """A stage begins after the one before it, and when that is on all its instances."""
        on_all = all(self.version[i] == self.goal for i in range(self.stages[self.stage]))
        return after.stage <= self.stage or (after.stage == self.stage + 1 and on_all)

    @invariant
    def ends_clean(self) -> bool:
        """When it is over, all instances that serve run the same version, and no bad one."""
        return not self.over() or (self.bad() == 0 and all(self.version[i] == self.goal for i in INSTANCES if self.serves(i)))

    @terminal
    def over(self) -> bool:
        return self.phase in ("done", "rolled back")

    terminates = eventually(over)

    def nothing_bad(self) -> bool:
        return self.bad() == 0

    bad_removed = eventually_always(nothing_bad)

    # -------------------------------------------------- what must be possible

    @reachable
    def all_is_well(self) -> bool:
        return self.phase == "done" and self.goal == "new" and self.retries == RETRIES

    @reachable
    def false_alarm_survived(self) -> bool:
        """The alarm was false, the engineer tried again, and the new version is everywhere."""
        return self.phase == "done" and self.goal == "new" and self.false_alarms < FALSE_ALARMS

    @reachable
    def bad_artifact_removed(self) -> bool:
        return self.phase == "rolled back" and self.artifact == "fails after requests" and self.requests >= SHOWS_AFTER


# ================================================== Precautions left out


@model(violates="capacity", distinct=766, depth=33)
class BatchTooLarge(StagedRollout):
    """Two at a time is faster. But what counts is not how many are out, it is how many are left.

    The first stages have a single instance to deploy each, so that all goes well until the last stage; or until somebody
    calls it off. Then the instance that is being deployed is still out, and the rollback takes out the canary as well.
    """

    def room_without(self, i: Instance) -> bool:
        return len(self.out) < 2


@model(violates="blast_radius", distinct=850, depth=28)
class AllAtOnce(StagedRollout, without=("promote",)):
    """One stage, without a canary, but with the same bake and the same alarms. They find out when it is too late."""

    stages: ClassVar[tuple[int, ...]] = (FLEET,)


@model(violates=("blast_radius", "ends_clean", "bad_removed"), distinct=768, depth=33)
class OwnSignalsOnly(StagedRollout):
    """The pipeline watches the service that it deploys, which is in perfect health. It is the service downstream that is not.

    All bakes are long enough, no alarm goes off, and the bad version ends up everywhere.
    """

    def symptoms(self) -> bool:
        return self.own_symptoms()


@model(violates="ends_clean", distinct=461, depth=29)
class RollBackThisStage(StagedRollout):
    """The rollback undoes the stage in which the alarm went off, and leaves the earlier ones with the new version."""

    def rolls_back(self, i: Instance) -> bool:
        before = self.stages[self.stage - 1] if self.stage > 0 else 0
        return i >= before


@model(violates="way_back", distinct=428, depth=34)
class StagesAreNotInterrupted(StagedRollout):
    """The pipeline looks at alarms, and at the button, when it is between two stages: one change at a time.

    A stage of some hundred instances takes an hour. For that hour all that anybody can do is to watch.
    """

    def interruptible(self) -> bool:
        return self.phase == "bake"


# ================================================== How long does a bake take?


@model(distinct=489, depth=31)
class ShorteningBakes(StagedRollout):
    """Confidence grows, so the bakes get shorter. The first one, on the canary, is in full, and that is what matters here.

    This is so because each failure of this model shows on one instance. What shows only under the load of many is not
    found by a canary, however long it bakes.
    """

    bakes: ClassVar[tuple[int, ...]] = (BAKE_REQUESTS, 1, 1)


@model(violates="blast_radius", distinct=654, depth=32)
class LengtheningBakes(StagedRollout):
    """The other way round: a glance at the canary, for it is a single instance, and a long look when it is everywhere."""

    bakes: ClassVar[tuple[int, ...]] = (1, BAKE_REQUESTS, BAKE_REQUESTS)


@model(violates=("terminates", "bad_removed"), distinct=545, depth=33)
class NoTraffic(StagedRollout, without=("traffic",)):
    """At night there may be no requests, and a bake that counts them does not end.

    Nor does it if nobody uses yet what has been deployed. And that is not just slow: a bad version stays on the canary,
    for nobody ever finds out.
    """


@model(violates=("blast_radius", "ends_clean", "bad_removed"), distinct=1221, depth=32)
class TimedBake(NoTraffic, without=("traffic",)):
    """So a bake takes an hour, whatever happens in it. Now it ends. But an hour without requests shows nothing."""

    def baked(self) -> bool:
        return True


@model(violates=("blast_radius", "ends_clean", "bad_removed"), distinct=1539, depth=32)
class NoBake(TimedBake, without=("traffic",)):
    """There is a canary, and nobody looks at it: when a stage is deployed, the next one begins.

    Even what fails at once gets on if the pipeline is faster than the alarm.
    """

    def may_promote(self) -> bool:
        return True


@model(distinct=709, depth=34)
class BakeTimeout(NoTraffic, without=("traffic",)):
    """A bake counts requests, and has a time limit. If the time is up before the requests are there, that is an alarm.

    To know nothing is no reason to go on. Somebody looks at it, or it is rolled back, and nothing has to be assumed of
    the traffic any more.
    """

    @action(fairness="weak")
    def time_out(self) -> None:
        require(self.phase == "bake" and not self.baked())
        self.phase = "alarmed"

    @reachable
    def nobody_came(self) -> bool:
        return self.phase == "rolled back" and self.requests == 0 and self.false_alarms == FALSE_ALARMS


# ================================================== Rolling forward


@model(distinct=2733, depth=45)
@model(FLEET=8, MIN_SERVING=6, BAKE_REQUESTS=3, RETRIES=2, FALSE_ALARMS=2, distinct=79480, depth=71)
class RolloutWithHotfix(StagedRollout):
    """The engineer may also have the rollout stopped where it is, and ask for a hotfix.

    The hotfix goes the same way as everything, canary first. It is written in a hurry, and may be bad, too.
    """

    hotfix: Artifact = "good"  # what the hotfix is, once it is written

    @action
    def stop(self) -> None:
        """The engineer calls the operator, who stops the rollout."""
        require(self.phase == "paged" and self.goal == "new")
        self.phase = "stopped"

    @action(fairness="weak")
    def roll_forward(self) -> None:
        """The hotfix is ready."""
        require(self.phase == "stopped")
        self.hotfix = choose(("good", "fails at once"))
        self.goal = "hotfix"
        self.stage = self.first_stage_of_hotfix()
        self.requests = 0
        self.phase = "deploy"

    def first_stage_of_hotfix(self) -> int:
        return 0

    def may_call_off(self) -> bool:
        return self.interruptible() or self.phase == "stopped"

    def quality(self, v: Version) -> Artifact:
        return self.hotfix if v == "hotfix" else super().quality(v)

    @reachable
    def hotfix_everywhere(self) -> bool:
        return self.phase == "done" and self.goal == "hotfix" and self.artifact == "fails at once"

    @reachable
    def bad_hotfix_removed(self) -> bool:
        return self.phase == "rolled back" and self.hotfix == "fails at once"


@model(violates=("blast_radius", "no_skipped_stage"), via="roll_forward", distinct=3030, depth=37)
class ExpressHotfix(RolloutWithHotfix):
    """It is urgent, it is a single line, and there is no time for a canary: the hotfix goes everywhere at once."""

    def first_stage_of_hotfix(self) -> int:
        return len(self.stages) - 1


@model(violates=("terminates", "bad_removed"), via="stop", distinct=2733, depth=45)
class HotfixNeverComes(RolloutWithHotfix):
    """To stop is no end. The bad version stays where it is until the hotfix is written, and nobody says when that is."""

    @action  # which may happen, but need not
    def roll_forward(self) -> None:
        super().roll_forward()


# ================================================== Instances crash, too


@model(violates="capacity", via="crash", distinct=2762, depth=31)
@model(FLEET=5, violates="capacity", via="crash", distinct=7287, depth=35)
class RolloutWithCrashes(StagedRollout):
    """An instance may crash at any time, and recovers with the version that it had.

    The fleet has one instance more than the traffic needs; the deployment takes it, and none is left for a crash. Two
    more do not help by themselves: the pipeline takes what it can get.
    """

    stages: ClassVar[tuple[int, ...]] = (1, FLEET)  # two are enough here

    crashed: set[Instance] = set()
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    def serves(self, i: Instance) -> bool:
        return i not in self.out and i not in self.crashed

    @action
    def crash(self, i: Instance) -> None:
        require(self.serves(i) and self.crashes > 0)
        self.crashes -= 1
        self.crashed.add(i)

    @action(fairness="weak", per="i")
    def recover(self, i: Instance) -> None:
        require(i in self.crashed)
        self.crashed.remove(i)

    @reachable
    def crash_survived(self) -> bool:
        return self.phase == "done" and self.goal == "new" and not self.crashed and self.crashes < CRASHES


@model(FLEET=5, distinct=3582, depth=35)
@model(FLEET=8, MIN_SERVING=5, CRASHES=2, distinct=32013, depth=49)
class SpareForFailures(RolloutWithCrashes):
    """The pipeline leaves an instance to spare for each crash that there may be at a time, and waits while there is none.

    For one crash this takes two instances more than the traffic needs. With one it would wait for ever.
    """

    def room_without(self, i: Instance) -> bool:
        return sum(self.serves(j) for j in INSTANCES if j != i) >= MIN_SERVING + CRASHES


@model(FLEET=5, violates=("terminates", "bad_removed"), via="crash", distinct=3582, depth=35)
class NobodyRepairs(SpareForFailures):
    """What has crashed stays down. The spare is used up, and the pipeline waits for another one that never comes.

    The rollback waits, too: the bad version stays, because to remove it would take an instance out of rotation.
    """

    @action  # which may happen, but need not
    def recover(self, i: Instance) -> None:
        super().recover(i)


@model(FLEET=5, violates="blast_radius", via="crash", distinct=4523, depth=38)
class SilenceIsHealth(SpareForFailures):
    """A stage has passed if it shows no symptoms. A canary that is down shows none, and comes back with all of them."""

    def present(self) -> bool:
        return True


@model(FLEET=5, violates=("blast_radius", "no_skipped_stage", "ends_clean", "bad_removed"), via="crash", distinct=4690, depth=38)
class CrashedAreSkipped(SpareForFailures):
    """What is down cannot be deployed, so the pipeline goes on without it.

    If that is the canary, nothing has been tried before the next stage; and what was down during a rollback comes back
    with the version that was rolled back.
    """

    def deployed(self) -> bool:
        return not self.out and all(self.version[i] == self.goal for i in INSTANCES if self.its_turn(i) and self.serves(i))
