"""Migrating from store X to store Y without downtime: write to both, backfill, then switch to Y.

Everybody's first plan: from today on every instance of the service writes to X and to Y, a job copies the old rows,
and one day the service reads from Y. This file takes the plan apart in two lessons. Each is a chain of classes, and
from one class to the next one helper changes.

*Two writes* (`OneStep` to `NewestWins`). On the whiteboard, writing to both is one step. In reality an instance may
crash between the writes (`NaiveDualWrite`); and where both writes are made to happen at all costs
(`RecoveringDualWrite`), two instances may still overtake each other, with no crash at all. What helps is one order of
all writes, kept by both stores: versions that Y compares (`VersionedDualWrite`), or a channel through which every
write goes (`SerializedDualWrite`).

*From X to Y* (`Migration` to `LateRollback`). Even where the two writes are one, the way from X to Y has its traps: a
fleet never changes its mind at once, for every instance learns the phase of the migration on its own; and the backfill
races with the writes.

Deletes are left out. With them Y needs tombstones, or the backfill brings back what was deleted.

Sources: Stripe, "Online migrations at scale" (2017), for the phases. Shopify's Ghostferry, which has a TLA+ model, for
copying rows that change. "Online, asynchronous schema change in F1" (VLDB 2013), for servers that are never more than
one phase apart.
"""

from typing import Annotated, ClassVar, Literal, Self

from speccheck import Range, Sort, Spec, action, choose, constant, disable, each, invariant, model, reachable, require, step_invariant, terminal

WRITES = constant("WRITES", 2, min=2)  # how many writes clients ask for
CRASHES = constant("CRASHES", 1, min=1)  # how many crashes there are at most
ROLLBACKS = constant("ROLLBACKS", 1, min=1)  # how often reads go back to X at most


class Instance(Sort, size=2, symmetric=True):
    """An instance of the service."""


Store = Literal["X", "Y"]
STORES: tuple[Store, ...] = ("X", "Y")
Write = Annotated[int, Range(0, WRITES)]  # writes are numbered, and the number stands for what was written


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
    """The whiteboard: a request writes to both stores. Nothing goes wrong, for nothing can happen in between.

    Is there a transaction over both stores? Then this is the protocol. There is none? Then this proves the wrong
    protocol correct.
    """

    @action
    def write(self) -> None:
        n = self.begin()
        self.put("X", n)
        self.put("Y", n)


@model(Instance=1, violates="agree_when_idle", via="crash", distinct=9, depth=5)
class NaiveDualWrite(Stores):
    """Two calls to two stores are two steps, and an instance may crash in between: X has the write, Y never gets it.

    The client sees an error, and may or may not try again. If it does not, the stores differ for ever, and the switch
    to Y takes back a write that others have read from X.
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
        if n is None:
            disable()
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
    def crash_survived(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(Instance=1, distinct=9, depth=6)
@model(Instance=2, violates=("agree_when_idle", "never_goes_back"), distinct=23, depth=6)
class RecoveringDualWrite(NaiveDualWrite):
    """An instance logs what it has to do before it begins, and finishes it after a crash: both writes happen, always.

    One instance is safe now. With two, the one that was first at X may be last at Y, and no crash is needed for that.
    """

    def forget(self, i: Instance) -> None:
        """It is all in the log."""


@model(distinct=21, depth=6)
@model(Instance=3, WRITES=4, CRASHES=2, distinct=355, depth=11)
class VersionedDualWrite(RecoveringDualWrite):
    """A write to X yields a version, and Y keeps what is newer, in one conditional write. X decides the order, Y follows."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


@model(distinct=41, depth=9)
@model(WRITES=4, CRASHES=2, distinct=345, depth=16)
class SerializedDualWrite(Stores):
    """All writes go through one channel, and a consumer for each store applies them in its order.

    A consumer commits its position after each write. If it crashes in between, it does that write again, which changes
    nothing. It does not matter which instance publishes.
    """

    channel: dict[Store, set[Write]] = each(set())  # published, and not yet committed by the consumer for the store
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
    def crash_survived(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(violates=("agree_when_idle", "never_goes_back"), distinct=101, depth=9)
class UnorderedDelivery(SerializedDualWrite):
    """The channel is not one: it has several partitions, or a store has several consumers, and the order is lost."""

    def next_write(self, s: Store) -> Write:
        return choose(self.channel[s])


@model(violates="never_goes_back", via="crash", distinct=47, depth=9)
class LazyCommit(SerializedDualWrite):
    """A consumer commits its position now and then, so that a crash takes it back by several writes.

    In the end the stores agree. Until then, readers see old rows come back.
    """

    def restart_at(self, s: Store) -> Write:
        return choose(range(1, self.row[s] + 1))


@model(distinct=67, depth=9)
@model(WRITES=3, CRASHES=2, distinct=586, depth=13)
class NewestWins(UnorderedDelivery, LazyCommit):
    """Versions repair both: any order, any number of repetitions."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


# ================================================== From X to Y

Phase = Literal["x_only", "both_read_x", "both_read_y", "y_only"]  # where an instance writes, and where it reads


@model(distinct=69, depth=14)
@model(Instance=3, WRITES=3, distinct=204, depth=18)
class Migration(Spec):
    """The migration that works: write to both, backfill, read from Y, write to Y alone, one after the other.

    A coordinator publishes the phase, and each instance adopts it when it gets to know of it. The next phase is
    published when everybody has adopted this one, so that no two instances are more than one phase apart. The backfill
    begins when everybody writes to both; it reads the row and writes it later, if Y has nothing newer. That both
    writes happen, and in one order, is taken for granted here: it was the first lesson.
    """

    following: ClassVar[dict[Phase, Phase]] = {"x_only": "both_read_x", "both_read_x": "both_read_y", "both_read_y": "y_only"}

    latest: Write = 0  # the last acknowledged write
    x: Write = 0
    y: Write | None = None  # no row yet
    published: Phase = "x_only"
    phase: dict[Instance, Phase] = each("x_only")
    backfill: Literal["to do", "copying", "done"] = "to do"
    copied: Write | None = None  # what the backfill has read from X

    @action
    def write(self, i: Instance) -> None:
        require(self.latest < WRITES)
        self.latest += 1
        if self.phase[i] != "y_only":
            self.x = self.latest
        if self.phase[i] != "x_only":
            self.y = self.latest

    def read(self, i: Instance) -> Write | None:
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
        if self.copied is None:
            disable()
        self.y = self.merged(self.copied)
        self.backfill = "done"
        self.copied = None

    def everybody_follows(self) -> bool:
        return all(p == self.published for p in self.phase.values())

    def ready_for_backfill(self) -> bool:
        return self.everybody_follows()

    def merged(self, copied: Write) -> Write:
        return copied if self.y is None else max(self.y, copied)

    @invariant
    def reads_are_fresh(self) -> bool:
        """Whichever instance a client asks, it reads the last acknowledged write."""
        return all(self.read(i) == self.latest for i in Instance)

    @reachable
    def overtaken(self) -> bool:
        """A write overtakes the backfill between its two steps."""
        return self.copied is not None and self.copied != self.x

    @reachable
    def y_serves_alone(self) -> bool:
        """Everybody is served by Y, which has a write that X has not."""
        return all(p == "y_only" for p in self.phase.values()) and self.x < self.latest == self.y

    @terminal
    def migrated(self) -> bool:
        return self.latest == WRITES and self.published == "y_only" and self.everybody_follows()


@model(violates="reads_are_fresh", via="backfill_write", distinct=153, depth=14)
class EarlyBackfill(Migration):
    """The backfill begins as soon as the phase is published, not when it is adopted.

    An instance that has not seen it yet writes to X alone, behind the backfill's back.
    """

    def ready_for_backfill(self) -> bool:
        return True


@model(violates="reads_are_fresh", via="backfill_write", distinct=96, depth=14)
class CopyOverwrites(Migration):
    """The backfill writes what it has read, on top of what has been written since."""

    def merged(self, copied: Write) -> Write:
        return copied


@model(violates="reads_are_fresh", via="backfill_write", distinct=78, depth=14)
class CopyIfAbsent(Migration):
    """The backfill leaves alone what Y already has: it is newer, is it not?

    It need not be. While the phase was still spreading, one instance put write 1 into both stores, then another one
    write 2 into X alone. The backfill waits for everybody, finds a row in Y, and skips it. Nothing crashed, nobody was
    early, and many a backfill is written like this.
    """

    def merged(self, copied: Write) -> Write:
        return copied if self.y is None else self.y


@model(violates="reads_are_fresh", distinct=57, depth=11)
class BigBang(Migration):
    """On the day of the switch, reads and writes move to Y together.

    Those who have heard of it write to Y alone, and the others still read from X.
    """

    following: ClassVar[dict[Phase, Phase]] = {"x_only": "both_read_x", "both_read_x": "y_only"}


@model(distinct=114, depth=16)
@model(Instance=3, WRITES=3, ROLLBACKS=2, distinct=480, depth=22)
class ReversibleMigration(Migration):
    """As long as everybody writes to both, reads may go back to X. This is what the phase `both_read_y` is for."""

    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    @action
    def roll_back(self) -> None:
        require(self.rollbacks > 0 and self.reversible())
        self.rollbacks -= 1
        self.published = "both_read_x"

    def reversible(self) -> bool:
        return self.published == "both_read_y"

    @reachable
    def second_attempt(self) -> bool:
        """Reads went back to X once, and yet Y serves alone in the end."""
        return self.y_serves_alone() and self.rollbacks < ROLLBACKS


@model(violates="reads_are_fresh", via="roll_back", distinct=168, depth=20)
class LateRollback(ReversibleMigration):
    """Y serves alone, there is trouble, and reads go back to X, which has missed every write since."""

    def reversible(self) -> bool:
        return self.published in ("both_read_y", "y_only")
