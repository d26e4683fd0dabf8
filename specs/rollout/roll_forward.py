"""Rollback, or roll forward? What to do with a bad release that has already written what the old one cannot read.

Each instance keeps data of its own on its disk, and reads all of it when it starts. The new version writes a new format.
The old version cannot read that: an instance that goes back after the first write does not come up any more, it crashes,
is started, and crashes. Rollback, the remedy for everything, makes it worse than it was, and it does so in a hurry.

The first new record is a *point of no return*. Up to there, go back; from there on there is no way but forward: stop the
rollout, so that it does not get worse, write a hotfix which reads both formats, and roll forward (`StopAndRollForward`).
How long that takes depends on somebody who writes it: without the assumption that it is written some time, nothing ends
(`NoHotfix`).

The other way is not to have such a point. A *prepare release* goes first. It reads both formats and still writes the old
one. When it is everywhere, the new version follows, and rolls back no further than to the prepare release
(`PrepareFirst`). It costs a second release, and buys a rollback at any time, without waiting for anybody.

Both must know how far they can go: see `RollsBack`, the one who looks once (`LooksOnce`), the hotfix that is a rollback
in disguise (`HotfixIsARevert`), and a rollback that goes one release too far (`BeforeThePrepareRelease`).

That instances with different versions read each other's records, too, is another matter, and a worse one; see the specs
about schema changes.

Sources: "Ensuring rollback safety during deployments" (Amazon Builders' Library), for the prepare release, which is the
first phase of a two-phase deployment.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import (
    Spec,
    action,
    anything,
    constant,
    each,
    eventually,
    eventually_always,
    invariant,
    model,
    reachable,
    require,
    terminal,
    weak,
)

FLEET = constant("FLEET", 2, min=2)  # instances

INSTANCES = range(FLEET)
Instance = Annotated[int, INSTANCES]
Version = Literal["old", "prepared", "new", "hotfix"]
Phase = Literal["deploy", "alarmed", "stopped", "roll forward", "done", "rolled back"]


@model(violates=("no_crash_loop", "recovers"), distinct=42, depth=9)
class RollsBack(Spec):
    """Everybody's pipeline: when the alarm goes off, back to the old version, everywhere and at once.

    An instance has written in the new format. It goes back, starts, cannot read its disk, and does not come up again.
    """

    reads_new_format: ClassVar[tuple[Version, ...]] = ("prepared", "new", "hotfix")

    artifact: Literal["good", "bad"] = anything()
    version: dict[Instance, Version] = each("old")
    phase: Phase = "deploy"
    has_new_records: set[Instance] = set()  # on their disks

    # -------------------------------------------------- the pipeline

    @action
    def deploy(self, i: Instance) -> None:
        require(self.phase == "deploy" and self.version[i] == self.version_before() and self.ready())
        self.version[i] = "new"

    @action
    def finish(self) -> None:
        require(self.phase == "deploy" and self.artifact == "good" and all(v == "new" for v in self.version.values()))
        self.phase = "done"

    @action
    def alarm(self) -> None:
        require(self.phase == "deploy" and self.harmful())
        self.phase = "alarmed"

    @action
    def roll_back(self, i: Instance) -> None:
        """The instance is out of rotation and writes nothing while its disk is being looked at."""
        require(self.phase == "alarmed" and self.version[i] != self.way_back() and self.can_go_back(i))
        self.version[i] = self.way_back()

    @action
    def finish_roll_back(self) -> None:
        require(self.phase == "alarmed" and all(v == self.way_back() for v in self.version.values()))
        self.phase = "rolled back"

    pipeline = weak(deploy, finish, alarm, roll_back, finish_roll_back, per=())

    def harmful(self) -> bool:
        return self.artifact == "bad" and "new" in self.version.values()

    def ready(self) -> bool:
        return True

    def version_before(self) -> Version:
        return "old"

    def way_back(self) -> Version:
        return self.version_before()

    def can_go_back(self, i: Instance) -> bool:
        """Nobody asks."""
        return True

    # -------------------------------------------------- the service

    @action
    def write(self, i: Instance) -> None:
        require(self.version[i] in ("new", "hotfix") and i not in self.has_new_records)
        self.has_new_records.add(i)

    def crash_loops(self, i: Instance) -> bool:
        return i in self.has_new_records and self.version[i] not in self.reads_new_format

    # -------------------------------------------------- promises

    @invariant
    def no_crash_loop(self) -> bool:
        """No instance runs a version that cannot read what is on its disk."""
        return not any(self.crash_loops(i) for i in INSTANCES)

    @invariant
    def one_version(self) -> bool:
        """When it is over, all instances run the same version."""
        return not self.over() or len(set(self.version.values())) == 1

    @terminal
    def over(self) -> bool:
        return self.phase in ("done", "rolled back")

    def healthy(self) -> bool:
        return not self.harmful() and self.no_crash_loop()

    terminates = eventually(over)
    recovers = eventually_always(healthy)

    @reachable
    def released(self) -> bool:
        return self.phase == "done" and self.artifact == "good"

    @reachable
    def rolled_back(self) -> bool:
        return self.phase == "rolled back"


# ================================================== Forward, if there is no way back


@model(distinct=56, depth=10)
@model(FLEET=6, distinct=17876, depth=18)
class StopAndRollForward(RollsBack):
    """Each instance that has written nothing goes back. If one has, the operator stops it all, and a hotfix is written.

    The hotfix reads what the new version has written, and goes to all instances, those that went back included.
    """

    def can_go_back(self, i: Instance) -> bool:
        return i not in self.has_new_records

    @action
    def stop(self) -> None:
        require(self.phase == "alarmed" and any(self.version[i] == "new" and not self.can_go_back(i) for i in INSTANCES))
        self.phase = "stopped"

    @action
    def hotfix_ready(self) -> None:
        require(self.phase == "stopped")
        self.phase = "roll forward"

    @action
    def roll_forward(self, i: Instance) -> None:
        require(self.phase == "roll forward" and self.version[i] != "hotfix" and self.needs_hotfix(i))
        self.version[i] = "hotfix"

    @action
    def finish_roll_forward(self) -> None:
        require(self.phase == "roll forward" and not any(self.version[i] != "hotfix" and self.needs_hotfix(i) for i in INSTANCES))
        self.phase = "done"

    operator = weak(stop, roll_forward, finish_roll_forward, per=())
    hotfix_author = weak(hotfix_ready)

    def needs_hotfix(self, i: Instance) -> bool:
        return True

    @reachable
    def rolled_forward(self) -> bool:
        return self.phase == "done" and self.artifact == "bad"

    @reachable
    def turned_round(self) -> bool:
        """One instance went back, then another one could not."""
        return self.phase == "stopped" and "old" in self.version.values()


@model(violates=("terminates", "recovers"), distinct=56, depth=10)
class NoHotfix(StopAndRollForward, without=("hotfix_author",)):
    """Nobody promises that the hotfix comes. The rollout is stopped, and the bad version stays where it is.

    This is the price of rolling forward: the way out leads over work that has not been done yet.
    """


@model(violates=("no_crash_loop", "recovers"), via="write", distinct=71, depth=10)
class LooksOnce(StopAndRollForward):
    """When the alarm goes off the operator looks whether anything has been written. Nothing has; so back it is.

    But what has not gone back yet still runs the new version, and writes.
    """

    clear: bool = False  # nothing had been written when the operator looked

    def alarm(self) -> None:
        super().alarm()
        self.clear = not self.has_new_records

    def can_go_back(self, i: Instance) -> bool:
        return self.clear or super().can_go_back(i)


@model(violates=("no_crash_loop", "recovers"), via="hotfix_ready", distinct=56, depth=10)
class HotfixIsARevert(StopAndRollForward):
    """The quickest hotfix is to take out the change that did the harm, and to release that as a new version.

    It has a higher number, and it is the old version all the same: it cannot read the new format.
    """

    reads_new_format: ClassVar[tuple[Version, ...]] = ("prepared", "new")


@model(violates="one_version", distinct=58, depth=11)
class ForwardWhereStuck(StopAndRollForward):
    """Those that can go back go back, those that cannot get the hotfix. It is over, and the fleet is of two minds."""

    def needs_hotfix(self, i: Instance) -> bool:
        return self.version[i] == "new"


# ================================================== Or always a way back


@model(distinct=48, depth=11)
@model(FLEET=5, distinct=1636, depth=23)
class PrepareFirst(RollsBack):
    """First a release that reads both formats and writes the old one; when it is everywhere, the one that writes the new.

    Its rollback leads to the prepare release, and that reads everything. Nobody has to look at a disk, and nobody has
    to write a hotfix.
    """

    @action(fairness="weak", per="i")
    def prepare(self, i: Instance) -> None:
        require(self.phase == "deploy" and self.version[i] == "old")
        self.version[i] = "prepared"

    def ready(self) -> bool:
        return "old" not in self.version.values()

    def version_before(self) -> Version:
        return "prepared"

    @reachable
    def new_records_survived(self) -> bool:
        return self.phase == "rolled back" and bool(self.has_new_records)


@model(violates=("no_crash_loop", "recovers"), distinct=56, depth=11)
class BeforeThePrepareRelease(PrepareFirst):
    """To be on the safe side, the rollback leads to what has been running for weeks: to the version before the last one."""

    def way_back(self) -> Version:
        return "old"
