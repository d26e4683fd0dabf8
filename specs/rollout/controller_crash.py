"""The rollout goes well. Then the job that drives it dies, or seems to, and is started once more.

A controller deploys stage after stage, each to some more instances, lets each stage bake, and rolls back if the new
version turns out to be bad. It is a program like any other: it crashes between any two of its steps, and what it knew
is gone. So it keeps a record in a store that survives it, and writes down what it has decided before it acts on it.

Nor does anybody know that it is dead. It holds a lease, and when the lease runs out, the next controller takes over.
But the old one may just have been slow. Then it still has an order under way, which it sent when the lease was its own.
So controllers are numbered, instances refuse orders of a lower number than they have heard of, and a new controller
tells its number to all of them before it does anything else.

`Plan` is the rollout as it would be if nothing ever crashed. Two protocols look like it from outside, whatever crashes,
and always finish; that is, they are refinements of it:

- `PersistentController`, one at a time, with a record. `NobodyRestarts` to `NotesTooEarly` show what is in the record,
  and when it is written;
- `LeasedControllers`, which may be two at once. `ChecksTheLease` and `FencesWhatItTouches` show that a lease alone is
  not enough, nor half a fence.

Capacity, alarms and engineers are left out here; they are in `staged_rollout.py`.

Source: "Automating safe, hands-off deployments" (Amazon Builders' Library), for stages and bakes.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

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
    eventually_always,
    invariant,
    model,
    process,
    reachable,
    refines,
    require,
    restart,
    step_invariant,
    terminal,
    weak,
)

FLEET = constant("FLEET", 2, min=2)  # instances, in the order in which they are deployed
TAKEOVERS = constant("TAKEOVERS", 1, min=1)  # how often a controller crashes, or loses its lease

INSTANCES = range(FLEET)
STAGES = (1, FLEET)  # the canary, then all
Instance = Annotated[int, INSTANCES]
Stage = Annotated[int, Range(0, len(STAGES))]
Controller = Annotated[int, Range(0, TAKEOVERS)]  # numbered in the order in which they take over
Version = Literal["old", "new"]


def stage_of(i: Instance) -> Stage:
    """Return the stage in which an instance is deployed."""
    return next(k for k, size in enumerate(STAGES) if i < size)


class Rollout(Spec, abstract=True):
    """What can be seen from outside, and what is wanted, whoever drives it."""

    artifact: Literal["good", "bad"] = anything()
    version: dict[Instance, Version] = each("old")
    baked: Stage = 0  # how many stages have passed their bake
    condemned: bool = False  # the new version has been, and must go

    def deployed(self, k: Stage) -> bool:
        return all(self.version[i] == "new" for i in INSTANCES if stage_of(i) <= k)

    @invariant
    def no_skipped_stage(self) -> bool:
        """An instance has the new version only if all earlier stages have baked."""
        return all(self.version[i] == "old" or stage_of(i) <= self.baked for i in INSTANCES)

    @step_invariant
    def condemned_for_good(self, after: Self) -> bool:
        """What was condemned is not deployed any more, anywhere."""
        return not self.condemned or all(self.version[i] == "new" or after.version[i] == "old" for i in INSTANCES)

    @terminal
    def over(self) -> bool:
        """All have the new version, and it has baked everywhere; or it was condemned, and nobody has it."""
        if self.condemned:
            return "new" not in self.version.values()
        return "old" not in self.version.values() and self.baked == len(STAGES)

    settles = eventually_always(over)

    @reachable
    def done(self) -> bool:
        return self.over() and not self.condemned

    @reachable
    def rolled_back_late(self) -> bool:
        """It was called off when the first stage had passed."""
        return self.over() and self.condemned and self.baked > 0


@model(distinct=19, depth=8)
@model(FLEET=4, distinct=49, depth=12)
class Plan(Rollout):
    """The rollout as if nothing ever crashed: one stage after the other, each baked before the next; once condemned, back."""

    @action
    def deploy(self, i: Instance) -> None:
        require(not self.condemned and self.version[i] == "old" and stage_of(i) <= self.baked)
        self.version[i] = "new"

    @action
    def bake(self) -> None:
        require(not self.condemned and self.baked < len(STAGES) and self.deployed(self.baked))
        if self.artifact == "good":
            self.baked += 1
        else:
            self.condemned = True

    @action
    def roll_back(self, i: Instance) -> None:
        require(self.condemned and self.version[i] == "new")
        self.version[i] = "old"

    @action
    def call_off(self) -> None:
        """Somebody presses the button, and be it at the very end."""
        require(not self.condemned)
        self.condemned = True

    somebody_drives = weak(deploy, bake, roll_back, per=())


@dataclass(frozen=True)
class Order:
    """A controller tells an instance which version to run."""

    number: Controller
    instance: Instance
    version: Version


@model(distinct=132, depth=21)
@model(FLEET=5, TAKEOVERS=4, distinct=840, depth=39)
class PersistentController(Rollout):
    """A controller drives, and crashes. It is restarted, with nothing in its memory, and reads the record.

    It writes into the record what it has decided, and then acts on it. At worst a stage bakes twice.
    """

    controller: Controller = 0  # which one it is
    saved: Stage = 0  # in the record: how many stages have baked. Whether it was condemned is in the record, too
    under_way: set[Order] = set()  # sent, and not arrived

    @process(fairness="weak")
    def driver(self) -> Steps:
        """The program. A label names the step that follows, and before each of them it may crash."""
        yield from self.introduce()
        stage, failed = self.what_is_known()
        while stage < len(STAGES) and not failed:
            yield "deploy"
            require(not self.waits())
            button_pressed = choose(bool)  # somebody calls it off
            if button_pressed:
                failed = True
            elif not self.deployed(stage):
                self.send(next(i for i in INSTANCES if self.version[i] == "old"), "new")  # one after the other
            else:
                self.note_bake(stage)
                yield "bake"
                button_pressed = choose(bool)
                if self.artifact == "bad" or button_pressed:
                    failed = True
                else:
                    self.baked = max(self.baked, stage + 1)
                    yield "save"
                    stage += 1
                    self.saved = stage
        if failed:
            yield "condemn"
            self.condemned = True
            while True:
                yield "roll_back"
                require(not self.waits())
                if "new" not in self.version.values():
                    return
                self.send(next(i for i in INSTANCES if self.version[i] == "new"), "old")

    def introduce(self) -> Steps:
        """There is nobody else."""
        yield "begin"

    def what_is_known(self) -> tuple[Stage, bool]:
        """Read the record."""
        return self.saved, self.condemned

    def note_bake(self, stage: Stage) -> None:
        """A bake begins. There is nothing to write down yet."""

    # -------------------------------------------------- orders

    def send(self, i: Instance, version: Version) -> None:
        self.under_way.add(Order(self.controller, i, version))

    def waits(self) -> bool:
        return any(order.number == self.controller for order in self.under_way)

    @action(fairness="weak")
    def arrive(self) -> None:
        order = choose(self.under_way)
        self.under_way.remove(order)
        self.deliver(order)

    def deliver(self, order: Order) -> None:
        self.version[order.instance] = order.version

    # -------------------------------------------------- crashing

    @action
    def crash(self) -> None:
        """What it remembers is gone. An order that is under way is broken off: it has arrived, or it never will."""
        require(self.controller < TAKEOVERS)
        crash(self.driver)
        self.under_way = {order for order in self.under_way if order.number != self.controller}

    @action(fairness="weak")
    def restart(self) -> None:
        require(at(self.driver) == "crashed")
        self.begin()

    def begin(self) -> None:
        self.controller += 1
        restart(self.driver)

    # -------------------------------------------------- promises

    @refines(Plan, liveness=True)
    def as_planned(self) -> Plan:
        return Plan(artifact=self.artifact, version=self.version, baked=self.baked, condemned=self.condemned)

    @reachable
    def crash_survived(self) -> bool:
        return self.done() and at(self.driver) == "done" and self.controller == TAKEOVERS


# ================================================== The record


@model(violates=("settles", "as_planned"), via="crash", distinct=55, depth=14)
class NobodyRestarts(PersistentController, without=("restart", "crash_survived")):
    """The controller is a script on somebody's laptop, or a job that is started once.

    The rollout stays where it is: half of the fleet has the new version, or a bad one is on the canary and nobody
    watches it.
    """


@model(violates=("no_skipped_stage", "as_planned"), via="crash", distinct=158, depth=21)
class LooksAtTheFleet(PersistentController):
    """There is no record of the stage. Who is restarted looks around: the canary has the new version, so that stage is done.

    It was deployed. That it has baked cannot be seen from the fleet, and the next stage begins.
    """

    def what_is_known(self) -> tuple[Stage, bool]:
        return next((k for k in range(len(STAGES)) if not self.deployed(k)), len(STAGES) - 1), self.condemned


@model(violates=("condemned_for_good", "settles", "as_planned"), via="crash", distinct=166, depth=21)
class StartsOver(PersistentController):
    """Who is restarted begins at the beginning: what has been done already is found to be done, and costs nothing.

    This is true of deployments. But a rollback was under way, nobody remembers it, and what was condemned is deployed
    once more.
    """

    def what_is_known(self) -> tuple[Stage, bool]:
        return 0, False


@model(violates=("no_skipped_stage", "settles", "as_planned"), via="crash", distinct=208, depth=19)
class NotesTooEarly(PersistentController):
    """The record says that a stage is done when it is deployed, not when it has baked.

    One line too early, and it makes no difference as long as nothing crashes. Then the next stage begins; and if it was
    the last one, it never bakes at all.
    """

    def note_bake(self, stage: Stage) -> None:
        self.saved = stage + 1


# ================================================== Two at once


@model(distinct=266, depth=22)
@model(FLEET=3, distinct=404, depth=27)
@model(FLEET=3, TAKEOVERS=2, distinct=2090, depth=34)
class LeasedControllers(PersistentController):
    """A controller holds a lease, and when the lease has run out, the next one takes over. But the first is not dead.

    It does nothing more, for it looks at its lease before it does anything. But an order that it has sent is still under
    way. So the next controller tells its number to all instances before it reads the record, and they refuse what comes
    from a lower number. So does the record, which is why a save is one step here.
    """

    heard: dict[Instance, Controller] = each(0)  # the highest number that an instance has heard of

    @action
    def lose_lease(self) -> None:
        """It is slow, and is taken for dead."""
        require(at(self.driver) not in ("crashed", "done") and self.controller < TAKEOVERS)
        self.begin()

    def introduce(self) -> Steps:
        yield "begin"
        while any(n < self.controller for n in self.heard.values()):
            self.heard[next(i for i in INSTANCES if self.heard[i] < self.controller)] = self.controller
            yield "announce"

    def deliver(self, order: Order) -> None:
        if self.obeys(order):
            super().deliver(order)
            self.heard[order.instance] = max(self.heard[order.instance], order.number)

    def obeys(self, order: Order) -> bool:
        return order.number >= self.heard[order.instance]

    @reachable
    def late_order_refused(self) -> bool:
        return any(not self.obeys(order) for order in self.under_way)


@model(violates=("condemned_for_good", "settles", "as_planned"), via="lose_lease", distinct=279, depth=22)
class ChecksTheLease(LeasedControllers, without=("late_order_refused",)):
    """Each controller looks at its lease before each order. Is this not enough, so that instances may obey every order?

    Between the look and the arrival is time. The first controller sends its order and loses the lease; the second one
    calls the rollout off and sees to it that nobody has the new version; then the order arrives.
    """

    def obeys(self, order: Order) -> bool:
        return True


@model(violates=("condemned_for_good", "settles", "as_planned"), via="lose_lease", distinct=283, depth=20)
class FencesWhatItTouches(LeasedControllers):
    """Instances refuse lower numbers, but nobody tells them a number: they learn it with the orders they get.

    An instance to which the new controller has nothing to say has only heard of the old one, and obeys it.
    """

    def introduce(self) -> Steps:
        """The orders will do."""
        yield "begin"
