"""Rolling out a new version in stages: canary, bake, alarm, rollback, hotfix.

A pipeline deploys a new artifact to a fleet: first to one instance, the canary, then to more and more of them. It takes
an instance out of rotation only if the others can carry the load. After each stage it lets the new version bake until
it has served enough requests, and watches the health of the service and of its neighbours. If an alarm goes off, the
pipeline rolls back by itself or pages an engineer, who tries again (some alarms are false), rolls back, or calls an
operator, who stops the rollout and rolls forward with a hotfix.

The artifact is good, or bad in one of three ways, and the pipeline cannot know in which: it fails at once; it fails
after some requests, like a leak; or it is in perfect health and hurts a service downstream. Three things must be true
all the time: enough instances are in rotation; a bad artifact is on few of them; and when all is over, all run the same
version, and not a bad one.

`StagedRollout` keeps these promises. Each class after it leaves out one precaution, and breaks one of them. Then
instances may crash, too, which asks for more precautions (`SpareForFailures` has them all).

Sources: "Automating safe, hands-off deployments" and "Ensuring rollback safety during deployments" (Amazon Builders'
Library), for waves, bakes that count requests, and alarms that roll back. Hillel Wayne, "Modeling zero-downtime
deployments", for the capacity.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import Range, Spec, action, anything, constant, disable, each, invariant, model, reachable, require, terminal

FLEET = constant("FLEET", 4, min=3)  # instances
MIN_SERVING = constant("MIN_SERVING", 3)  # how many of them the traffic needs
MAX_BAD = constant("MAX_BAD", 1)  # how many may be bad: what users put up with, not what the first stage happens to be
BAKE_REQUESTS = constant("BAKE_REQUESTS", 2)  # how many requests the new version must have served in a stage
SHOWS_AFTER = constant("SHOWS_AFTER", 2)  # how many requests it takes until a slow failure shows
RETRIES = constant("RETRIES", 1, min=1)  # how often the engineer may try again
FALSE_ALARMS = constant("FALSE_ALARMS", 1, min=1)
CRASHES = constant("CRASHES", 1, min=1)

INSTANCES = range(FLEET)  # in the order in which they are deployed; 0 is the canary
Instance = Annotated[int, INSTANCES]
Version = Literal["old", "new", "hotfix"]
Artifact = Literal["good", "fails at once", "fails after requests", "hurts downstream"]
Phase = Literal["deploy", "bake", "alarmed", "paged", "stopped", "roll back", "done", "rolled back"]


@model(distinct=1350, depth=46)
@model(BAKE_REQUESTS=1, violates=("blast_radius", "ends_clean", "bad_artifact_removed"), distinct=869, depth=37)
class StagedRollout(Spec):
    """The rollout with all precautions, for a fleet in which nothing crashes.

    A bake is as good as it is long: in the second model the failure shows after twice as many requests, and gets through.
    """

    stages: ClassVar[tuple[int, ...]] = (1, 2, FLEET)  # on how many instances the new version is after each stage

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
    def take_out(self) -> None:
        i = next((i for i in INSTANCES if self.its_turn(i) and self.serves(i) and self.version[i] != self.goal), None)
        if i is None:
            disable()
        require(self.moving() and self.room_without(i))
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
        require(self.phase == "bake" and self.requests < BAKE_REQUESTS)
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
        return self.requests >= BAKE_REQUESTS

    def present(self) -> bool:
        """Whether all serve that have been deployed."""
        return all(self.serves(i) for i in INSTANCES if self.its_turn(i))

    def bad(self) -> int:
        """On how many serving instances the bad artifact is."""
        return sum(self.serves(i) and self.version[i] == "new" for i in INSTANCES) if self.artifact != "good" else 0

    def symptoms(self) -> bool:
        return self.own_symptoms() or self.symptoms_downstream()

    def own_symptoms(self) -> bool:
        slow = self.artifact == "fails after requests" and self.requests >= SHOWS_AFTER
        return self.bad() > 0 and (self.artifact == "fails at once" or slow)

    def symptoms_downstream(self) -> bool:
        return self.bad() > 0 and self.artifact == "hurts downstream" and self.requests >= SHOWS_AFTER

    # -------------------------------------------------- when something goes wrong

    @action
    def alarm(self) -> None:
        require(self.phase in ("deploy", "bake") and self.symptoms())
        self.phase = "alarmed"

    @action
    def false_alarm(self) -> None:
        """Somebody else's trouble looks like ours."""
        require(self.phase in ("deploy", "bake") and self.false_alarms > 0 and not self.symptoms())
        self.false_alarms -= 1
        self.phase = "alarmed"

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
    def roll_back(self) -> None:
        """The pipeline does so by itself, or the engineer."""
        require(self.phase in ("alarmed", "paged"))
        self.goal = "old"
        self.phase = "roll back"

    @action
    def finish_roll_back(self) -> None:
        require(self.phase == "roll back" and self.deployed())
        self.phase = "rolled back"

    @action
    def stop(self) -> None:
        """The engineer calls the operator."""
        require(self.phase == "paged" and self.goal == "new")
        self.phase = "stopped"

    @action
    def roll_forward(self) -> None:
        """The hotfix goes the same way as everything: canary first."""
        require(self.phase == "stopped")
        self.goal = "hotfix"
        self.stage = 0
        self.requests = 0
        self.phase = "deploy"

    # -------------------------------------------------- promises

    @invariant
    def capacity(self) -> bool:
        """Enough instances are in rotation."""
        return sum(self.serves(i) for i in INSTANCES) >= MIN_SERVING

    @invariant
    def blast_radius(self) -> bool:
        """A bad artifact is on few instances."""
        return self.bad() <= MAX_BAD

    @invariant
    def ends_clean(self) -> bool:
        """When it is over, all instances that serve run the same version, and no bad one."""
        return not self.over() or (self.bad() == 0 and all(self.version[i] == self.goal for i in INSTANCES if self.serves(i)))

    @terminal
    def over(self) -> bool:
        return self.phase in ("done", "rolled back")

    @reachable
    def all_is_well(self) -> bool:
        return self.phase == "done" and self.goal == "new" and self.retries == RETRIES

    @reachable
    def false_alarm_survived(self) -> bool:
        """The alarm was false, the engineer tried again, and the new version is everywhere."""
        return self.phase == "done" and self.goal == "new" and self.false_alarms < FALSE_ALARMS

    @reachable
    def bad_artifact_removed(self) -> bool:
        return self.phase == "rolled back" and self.artifact == "fails after requests" and self.false_alarms == FALSE_ALARMS

    @reachable
    def hotfix_everywhere(self) -> bool:
        return self.phase == "done" and self.goal == "hotfix" and self.artifact == "fails at once"


# ================================================== Precautions left out


@model(violates="capacity", distinct=1938, depth=46)
class BatchTooLarge(StagedRollout):
    """Two at a time is faster. But what counts is not how many are out, it is how many are left."""

    def room_without(self, i: Instance) -> bool:
        return len(self.out) < 2


@model(violates="blast_radius", distinct=1863, depth=42)
class AllAtOnce(StagedRollout, without=("promote",)):
    """One stage, without a canary, but with the same bake and the same alarms. They find out when it is too late."""

    stages: ClassVar[tuple[int, ...]] = (FLEET,)


@model(violates=("blast_radius", "ends_clean"), distinct=3933, depth=44)
class NoBake(StagedRollout):
    """There is a canary, and nobody looks at it: when a stage is deployed, the next one begins.

    Even what fails at once gets on if the pipeline is faster than the alarm.
    """

    def may_promote(self) -> bool:
        return True


@model(violates=("blast_radius", "ends_clean"), distinct=2832, depth=44)
class TimedBake(StagedRollout):
    """A bake takes an hour, whatever happens in it. At night nothing does, and an hour without requests shows nothing."""

    def baked(self) -> bool:
        return True


@model(violates=("blast_radius", "ends_clean"), distinct=1217, depth=46)
class OwnSignalsOnly(StagedRollout):
    """The pipeline watches the service that it deploys, which is in perfect health. It is the service downstream that is not."""

    def symptoms(self) -> bool:
        return self.own_symptoms()


@model(violates="ends_clean", distinct=1154, depth=42)
class RollBackThisStage(StagedRollout):
    """The rollback undoes the stage in which the alarm went off, and leaves the earlier ones with the new version."""

    def rolls_back(self, i: Instance) -> bool:
        before = self.stages[self.stage - 1] if self.stage > 0 else 0
        return i >= before


# ================================================== Instances crash, too


@model(violates="capacity", via="crash", distinct=6371, depth=44)
@model(MIN_SERVING=2, violates="capacity", via="crash", distinct=11049, depth=44)
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

    @action
    def recover(self, i: Instance) -> None:
        require(i in self.crashed)
        self.crashed.remove(i)

    @reachable
    def crash_survived(self) -> bool:
        return self.phase == "done" and self.goal == "new" and not self.crashed and self.crashes < CRASHES


@model(MIN_SERVING=2, distinct=6371, depth=44)
class SpareForFailures(RolloutWithCrashes):
    """The pipeline leaves one instance to spare for a crash, and waits while there is none.

    This takes two instances more than the traffic needs. With one, it would wait for ever.
    """

    def room_without(self, i: Instance) -> bool:
        return sum(self.serves(j) for j in INSTANCES if j != i) > MIN_SERVING


@model(MIN_SERVING=2, violates="blast_radius", via="crash", distinct=7711, depth=43)
class SilenceIsHealth(SpareForFailures):
    """A stage has passed if it shows no symptoms. A canary that is down shows none, and comes back with all of them."""

    def present(self) -> bool:
        return True


@model(MIN_SERVING=2, violates=("blast_radius", "ends_clean"), via="crash", distinct=8269, depth=43)
class CrashedAreSkipped(SpareForFailures):
    """What is down cannot be deployed, so the pipeline goes on without it.

    If that is the canary, nothing has been tried before the next stage; and what was down during a rollback comes back
    with the version that was rolled back.
    """

    def deployed(self) -> bool:
        return not self.out and all(self.version[i] == self.goal for i in INSTANCES if self.its_turn(i) and self.serves(i))
