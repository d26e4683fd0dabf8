"""Migrating from store X to store Y without downtime: write to both, backfill, then switch to Y.

Everybody's first plan: from today on every instance of the service writes to X and to Y, a job copies the old rows, and one day the service
reads from Y. This file takes the plan apart in two lessons. Each is a chain of classes, and from one class to the next one helper changes.

*Two writes* (`OneStep` to `NewestWins`). On the whiteboard, writing to both is one step. In reality an instance may crash between the writes
(`NaiveDualWrite`); and if both writes are made to happen at all costs (`RecoveringDualWrite`), two instances may still overtake each other,
with no crash at all. What helps is one order of all writes, kept by both stores: versions that Y compares (`VersionedDualWrite`), or a channel
through which every write goes (`SerializedDualWrite`).

*From X to Y* (`Migration` to `LateRollback`). Even where the two writes are one, the way from X to Y has its traps, for a fleet never changes
its mind at once: every instance learns the phase of the migration on its own, and the backfill races with the writes.

Sources: Stripe, "Online migrations at scale" (2017), for the phases. Shopify's Ghostferry, which has a TLA+ model, for copying rows that change.
"Online, asynchronous schema change in F1" (VLDB 2013), for servers that are never more than one phase apart.
"""

from typing import Annotated, ClassVar, Literal, Self

from speccheck import Range, Sort, Spec, action, choose, constant, each, invariant, model, reachable, require, step_invariant, terminal

WRITES = constant("WRITES", 2, min=2)  # how many writes clients ask for
CRASHES = constant("CRASHES", 1, min=1)  # how many crashes there are at most
ROLLBACKS = constant("ROLLBACKS", 1, min=1)  # how often reads go back to X


class Instance(Sort, size=2, symmetric=True):
    """An instance of the service."""


Store = Literal["X", "Y"]
STORES: tuple[Store, ...] = ("X", "Y")
Write = Annotated[int, Range(0, WRITES)]  # writes are numbered; the number stands for what was written


# ================================================== Two writes


class Stores(Spec, abstract=True):
    """One row in two stores. It was written long ago, by write 0."""

    latest: Write = 0  # the last write that was begun
    row: dict[Store, Write] = each(0)

    def begin(self) -> Write:
        require(self.latest < WRITES)
        self.latest += 1
        return self.latest

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = n

    def in_progress(self) -> bool:
        return False

    @invariant
    def agree_when_idle(self) -> bool:
        """When no write is in progress, X and Y hold the same. This is what permits to switch from one to the other."""
        return self.in_progress() or self.row["X"] == self.row["Y"]

    @step_invariant
    def never_goes_back(self, after: Self) -> bool:
        """No reader sees an older write after a newer one."""
        return after.row["X"] >= self.row["X"] and after.row["Y"] >= self.row["Y"]

    @reachable
    def apart(self) -> bool:
        """The stores differ for a moment: the model is fine enough to see it."""
        return self.row["X"] != self.row["Y"]

    @reachable
    def all_arrived(self) -> bool:
        return self.row["X"] == self.row["Y"] == WRITES

    @terminal
    def served(self) -> bool:
        return self.latest == WRITES and not self.in_progress()


@model(distinct=3, depth=3)
class OneStep(Stores, without=("apart",)):
    """The whiteboard: a request writes to both stores. Nothing can go wrong, because nothing can happen in between.

    Is there a transaction over both stores? Then this is the protocol. There is none? Then this model proves the wrong protocol correct.
    """

    @action
    def write(self) -> None:
        n = self.begin()
        self.put("X", n)
        self.put("Y", n)


@model(Instance=1, violates="agree_when_idle", via="crash", distinct=0, depth=0)
class NaiveDualWrite(Stores):
    """Two calls to two stores are two steps, and an instance may crash in between: X has the write, Y never gets it.

    The client sees an error, and may or may not try again. If it does not, the stores differ for ever, and the switch to Y takes back a write
    that clients have read from X.
    """

    to_do: dict[Instance, Write | None] = each(None)  # written to X, not yet to Y
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @action
    def write_x(self, i: Instance) -> None:
        require(self.to_do[i] is None)
        n = self.begin()
        self.put("X", n)
        self.to_do[i] = n

    @action
    def write_y(self, i: Instance) -> None:
        n = self.to_do[i]
        require(n is not None)
        self.put("Y", n)
        self.to_do[i] = None

    @action
    def crash(self, i: Instance) -> None:
        require(self.to_do[i] is not None and self.crashes > 0)
        self.crashes -= 1
        self.forget(i)

    def forget(self, i: Instance) -> None:
        self.to_do[i] = None

    def in_progress(self) -> bool:
        return any(n is not None for n in self.to_do.values())

    @reachable
    def survived_a_crash(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(Instance=1, distinct=0, depth=0)
@model(Instance=2, violates=("agree_when_idle", "never_goes_back"), distinct=0, depth=0)
class RecoveringDualWrite(NaiveDualWrite):
    """An instance notes durably what it has to do, and finishes it after a crash: both writes happen, always.

    One instance is safe now. With two, the one that was first at X may be last at Y, and no crash is needed for that.
    """

    def forget(self, i: Instance) -> None:
        """It is all in the log."""


@model(distinct=0, depth=0)
class VersionedDualWrite(RecoveringDualWrite):
    """Writing to X yields a version, and Y keeps what is newer: a conditional write, atomic in Y. X decides the order, Y follows."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


@model(distinct=0, depth=0)
class SerializedDualWrite(Stores):
    """All writes go through one channel, and a consumer for each store applies them in its order.

    A consumer commits its position after each write. If it crashes before that, it does the last write again, which changes nothing. It does
    not matter which instance publishes.
    """

    channel: dict[Store, set[Write]] = each(set())  # published, not yet committed by the store's consumer
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @action
    def publish(self) -> None:
        n = self.begin()
        for s in STORES:
            self.channel[s].add(n)

    @action
    def apply(self, s: Store) -> None:
        require(self.channel[s])
        n = self.next_write(s)
        self.put(s, n)
        self.channel[s].remove(n)

    @action
    def crash(self, s: Store) -> None:
        require(self.row[s] > 0 and self.crashes > 0)
        self.crashes -= 1
        self.channel[s] |= set(range(self.restart_at(s), self.row[s] + 1))

    def next_write(self, s: Store) -> Write:
        return min(self.channel[s])

    def restart_at(self, s: Store) -> Write:
        return self.row[s]

    def in_progress(self) -> bool:
        return any(self.channel.values())

    @reachable
    def survived_a_crash(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(violates=("agree_when_idle", "never_goes_back"), distinct=0, depth=0)
class UnorderedDelivery(SerializedDualWrite):
    """The queue is not one channel: it has several partitions, or several consumers for one store, and delivers in any order."""

    def next_write(self, s: Store) -> Write:
        return choose(self.channel[s])


@model(violates="never_goes_back", via="crash", distinct=0, depth=0)
class LazyCommit(SerializedDualWrite):
    """A consumer commits its position now and then, so that a crash takes it back by several writes.

    In the end the stores agree. Until then, readers see old rows come back.
    """

    def restart_at(self, s: Store) -> Write:
        return choose(range(1, self.row[s] + 1))


@model(distinct=0, depth=0)
class NewestWins(UnorderedDelivery, LazyCommit):
    """Versions repair both: any order, any number of repetitions."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


# ================================================== From X to Y

Phase = Literal["x_only", "both_read_x", "both_read_y", "y_only"]  # where an instance writes, and where it reads


@model(distinct=0, depth=0)
class Migration(Spec):
    """The migration that works: to write to both, copy what is old, read from Y, and stop writing to X are four phases.

    A coordinator publishes the phase, every instance adopts it when it gets to know of it. The next phase begins when everybody has adopted
    this one, so that no two instances are more than one phase apart. The backfill copies the row in two steps, read and write, when everybody writes to
    both, and keeps what is newer. A request that writes to both stores does so in one step here: that is the lesson above.
    """

    following: ClassVar[dict[Phase, Phase]] = {"x_only": "both_read_x", "both_read_x": "both_read_y", "both_read_y": "y_only"}

    latest: Write = 1  # the last acknowledged write; write 1 is older than the migration
    x: Write = 1
    y: Write = 0  # there is no row yet
    published: Phase = "x_only"
    phase: dict[Instance, Phase] = each("x_only")
    backfill: Literal["to do", "copying", "done"] = "to do"
    copied: Write = 0  # what the backfill has read from X
    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    @action
    def write(self, i: Instance) -> None:
        require(self.latest < WRITES)
        self.latest += 1
        if self.phase[i] != "y_only":
            self.x = self.latest
        if self.phase[i] != "x_only":
            self.y = self.latest

    def read(self, i: Instance) -> Write:
        return self.x if self.phase[i] in ("x_only", "both_read_x") else self.y

    @action
    def adopt(self, i: Instance) -> None:
        require(self.phase[i] != self.published)
        self.phase[i] = self.published

    @action
    def advance(self) -> None:
        require(self.published != "y_only" and self.everybody_follows())
        require(self.published != "both_read_x" or self.backfill == "done")
        self.published = self.following[self.published]

    @action
    def backfill_read(self) -> None:
        require(self.backfill == "to do" and self.published == "both_read_x" and self.ready_for_backfill())
        self.backfill = "copying"
        self.copied = self.x

    @action
    def backfill_write(self) -> None:
        require(self.backfill == "copying")
        self.y = self.merged(self.copied)
        self.backfill = "done"
        self.copied = 0

    def everybody_follows(self) -> bool:
        return all(p == self.published for p in self.phase.values())

    def ready_for_backfill(self) -> bool:
        return self.everybody_follows()

    def merged(self, copied: Write) -> Write:
        return max(self.y, copied)

    @invariant
    def reads_are_fresh(self) -> bool:
        """Whichever instance a client asks, it reads the last acknowledged write."""
        return all(self.read(i) == self.latest for i in Instance)

    @reachable
    def overtaken(self) -> bool:
        """A write overtakes the backfill between its two steps."""
        return self.backfill == "copying" and self.copied != self.x

    @reachable
    def y_serves_alone(self) -> bool:
        """Everything is served by Y, which has received a write that X has not."""
        return all(p == "y_only" for p in self.phase.values()) and self.y > self.x

    @terminal
    def migrated(self) -> bool:
        return self.latest == WRITES and self.published == "y_only" and self.everybody_follows()


@model(violates="reads_are_fresh", via="backfill_write", distinct=0, depth=0)
class EarlyBackfill(Migration):
    """The backfill starts as soon as the flag is flipped. An instance that has not seen it yet writes to X alone, behind the backfill's back."""

    def ready_for_backfill(self) -> bool:
        return True


@model(violates="reads_are_fresh", via="backfill_write", distinct=0, depth=0)
class CopyOverwrites(Migration):
    """The backfill writes what it has read, on top of a newer write."""

    def merged(self, copied: Write) -> Write:
        return copied


@model(violates="reads_are_fresh", via="backfill_write", distinct=0, depth=0)
class CopyIfAbsent(Migration):
    """The backfill leaves alone what is already there. It must be newer, must it not?

    No: before everybody wrote to both, one instance put write 2 into X and Y, and another one, which had not seen the flag, write 3 into X alone. The backfill
    finds a row in Y and skips it. Everybody waited for everybody, nothing crashed, and this is what most designs do.
    """

    def merged(self, copied: Write) -> Write:
        return self.y if self.y > 0 else copied
