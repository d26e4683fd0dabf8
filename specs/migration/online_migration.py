"""From store X to store Y without downtime: write to both, backfill, read from Y, write to Y alone.

This continues `dual_write.py`. There it was about the two writes; here they are taken for granted: who writes to both
stores does so in one step, and in one order. And still the way from X to Y has its traps, of two kinds. A fleet never
changes its mind at once, for every instance learns on its own, some time, that the migration has gone on. And the
backfill, the job that copies the old rows, races with the writes.

Coordinator and backfill do one thing after the other: each is a `@process`, and between two of its steps everybody else
may do something.

`Migration` is the design that works. Each class after it changes one thing, and most of them are plans that somebody
would approve:

- *The backfill races with the writes* (`CopyOverwrites`, `CheckThenSet`), even if there is but one instance. With one
  instance `CopyIfAbsent` is the remedy.
- *The fleet learns it gradually.* It is not enough that the backfill waits for the phase (`EarlyBackfill`), it must wait
  for everybody. It does, and with two instances `CopyIfAbsent` still makes Y serve a stale row: the best of these
  stories, in nine steps. And reads and writes must not move to Y together (`BigBang`).
- *On the whiteboard* there is one switch for everybody, and these three mistakes all together do no harm (`Whiteboard`).
- *What is safe for the backfill*: versions (`Migration`), a lock on the row while it is copied (`LockedCopy`), or
  compare-and-set (`CompareAndSet`), unless it compares what it looked at too late (`VersionReadLast`).
- *Who waits for everybody* waits for the one that nobody remembers (`ForgottenInstance`).
- *The way back.* While everybody writes to both, reads may go back to X (`ReversibleMigration`). Later they must not
  (`LateRollback`), unless X has been kept up to date all the time (`ReverseDualWrite`).
- *Deletes* leave something behind, a tombstone (`MigrationWithDeletes`), or the backfill brings back what was deleted
  (`NoTombstones`, `NoTombstonesInX`).

How bad it is, is said in three degrees. `reads_are_fresh` is broken if somebody, at some time, reads an old row;
`no_write_is_lost` if nobody reads the last one any more; `converges` if it stays so. And `one_store` says the first as
clients would: they cannot tell that there is more than one store.

Sources: Stripe, "Online migrations at scale" (2017), for the four phases. "Online, asynchronous schema change in F1"
(VLDB 2013), for servers that are never more than one phase apart. Shopify's Ghostferry, which has a TLA+ model, for the
copying of rows under a lock.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import (
    Range,
    Sort,
    Spec,
    Steps,
    action,
    at,
    constant,
    each,
    eventually_always,
    invariant,
    model,
    process,
    reachable,
    refines,
    require,
    restart,
    terminal,
)

WRITES = constant("WRITES", 2, min=2)  # how many writes clients ask for, deletes among them
ROLLBACKS = constant("ROLLBACKS", 1, min=1)  # how often reads go back to X at most


class Instance(Sort, size=2, symmetric=True):
    """An instance of the service."""


class Row(Sort, size=1, symmetric=True):
    """A row of the table that is moved, found by its key."""


Phase = Literal["x_only", "both_read_x", "both_read_y", "y_only"]  # where an instance writes, and where it reads
Write = Annotated[int, Range(0, WRITES)]  # writes are numbered, and the number stands for what was written


@dataclass(frozen=True)
class Tombstone:
    """What a delete has left of a row."""

    by: Write


Content = Write | Tombstone | None  # None: there is no row


def version(content: Content) -> int:
    match content:
        case None:
            return -1
        case Tombstone(by):
            return by
        case _:
            return content


class OneStore(Spec, abstract=True):
    """What clients are to believe: there is one store, and whichever instance they ask for a row, they get one answer."""

    writes: Write = 0
    answers: dict[Row, set[Write | None]] = each({0})  # that one may get; None if there is no such row

    @action
    def write(self, r: Row) -> None:
        require(self.writes < WRITES)
        self.writes += 1
        self.answers[r] = {self.writes}

    @action
    def delete(self, r: Row) -> None:
        require(self.writes < WRITES)
        self.writes += 1
        self.answers[r] = {None}


@model(distinct=69, depth=14)
@model(Instance=3, WRITES=3, distinct=204, depth=18)
@model(Row=2, WRITES=3, distinct=837, depth=17)
@model(Instance=3, Row=3, WRITES=5, distinct=77016, depth=24)
class Migration(Spec):
    """The migration that works: write to both, backfill, read from Y, write to Y alone, one after the other.

    A coordinator publishes the phase, and each instance adopts it when it gets to know of it. The next phase is
    published when everybody has adopted this one, so that no two instances are more than one phase apart. The backfill
    begins when everybody writes to both; it reads a row and writes it later, if Y has nothing newer. It copies many rows
    at the same time, each on its own.
    """

    writes: Write = 0  # so many were asked for
    acknowledged: dict[Row, Write | None] = each(0)  # the last acknowledged write; None if it was a delete
    x: dict[Row, Content] = each(0)
    y: dict[Row, Content] = each(None)
    published: Phase = "x_only"
    phase: dict[Instance, Phase] = each("x_only")

    # -------------------------------------------------- clients

    @action
    def write(self, i: Instance, r: Row) -> None:
        n = self.begin(r)
        self.acknowledged[r] = n
        if self.writes_x(i):
            self.x[r] = n
        if self.writes_y(i):
            self.y[r] = n

    def begin(self, r: Row) -> Write:
        require(self.writes < WRITES and not self.is_locked(r))
        self.writes += 1
        return self.writes

    def read(self, i: Instance, r: Row) -> Write | None:
        content = self.x[r] if self.phase_of(i) in ("x_only", "both_read_x") else self.y[r]
        return None if isinstance(content, Tombstone) else content

    def writes_x(self, i: Instance) -> bool:
        return self.phase_of(i) != "y_only"

    def writes_y(self, i: Instance) -> bool:
        return self.phase_of(i) != "x_only"

    def is_locked(self, r: Row) -> bool:
        return False

    # -------------------------------------------------- phases

    @process(fairness="weak")
    def coordinator(self) -> Steps:
        yield "write_to_both"
        self.publish("both_read_x")
        yield from self.switch()

    def switch(self) -> Steps:
        yield "read_from_y"
        require(self.is_copied())
        self.publish("both_read_y")
        yield "write_to_y_alone"
        self.publish("y_only")

    def publish(self, phase: Phase) -> None:
        require(self.everybody_follows())
        self.published = phase

    @action(fairness="weak", per="i")
    def adopt(self, i: Instance) -> None:
        require(self.phase[i] != self.published)
        self.phase[i] = self.published

    def phase_of(self, i: Instance) -> Phase:
        """What the instance believes."""
        return self.phase[i]

    def everybody_follows(self) -> bool:
        return all(self.phase_of(i) == self.published for i in Instance)

    # -------------------------------------------------- the backfill

    @process(fairness="weak")
    def backfill(self, r: Row) -> Steps:
        yield "read"
        require(self.may_backfill())
        if self.needs_copy(r):
            content = self.x[r]
            yield "write"
            self.y[r] = self.merged(content, self.y[r])

    def may_backfill(self) -> bool:
        return self.published == "both_read_x" and self.everybody_follows()

    def needs_copy(self, r: Row) -> bool:
        return True

    def merged(self, copy: Content, there: Content) -> Content:
        """Of what was read from X, and what Y has now, the newer one."""
        return copy if version(copy) > version(there) else there

    def is_copied(self) -> bool:
        return all(at(self.backfill, r) == "done" for r in Row)

    # -------------------------------------------------- promises

    @invariant
    def reads_are_fresh(self) -> bool:
        """Whichever instance a client asks, it reads the last acknowledged write."""
        return all(self.read(i, r) == self.acknowledged[r] for i in Instance for r in Row)

    @invariant
    def no_write_is_lost(self) -> bool:
        """There is always some instance that reads the last acknowledged write."""
        return all(any(self.read(i, r) == self.acknowledged[r] for i in Instance) for r in Row)

    @refines(OneStore)
    def one_store(self) -> OneStore:
        return OneStore(writes=self.writes, answers={r: {self.read(i, r) for i in Instance} for r in Row})

    def everybody_on_y(self) -> bool:
        return all(self.phase_of(i) == "y_only" for i in Instance)

    converges = eventually_always(reads_are_fresh)
    completes = eventually_always(everybody_on_y)

    @reachable
    def y_serves_alone(self) -> bool:
        """Everybody is served by Y, which has a write that X has not."""
        return self.everybody_on_y() and any(self.x[r] != self.y[r] == self.acknowledged[r] for r in Row)

    @terminal
    def migrated(self) -> bool:
        return self.writes == WRITES and self.published == "y_only" and self.everybody_follows()


# ================================================== The backfill races with the writes


@model(Instance=1, violates=("reads_are_fresh", "no_write_is_lost", "one_store", "converges"), via="backfill.write", distinct=52, depth=11)
class CopyOverwrites(Migration):
    """The backfill reads 0 from X; write 1 goes to X and to Y; the backfill writes its 0 to Y, on top of it."""

    def merged(self, copy: Content, there: Content) -> Content:
        return copy


@model(Instance=1, violates=("reads_are_fresh", "no_write_is_lost", "one_store", "converges"), via="backfill.write", distinct=50, depth=11)
class CheckThenSet(CopyOverwrites):
    """The backfill makes sure that Y has no such row, before it writes one.

    When it checks, there is none. When it writes, there is one. A check that is not one step with what it permits
    changes nothing: the story is the same as before.
    """

    def needs_copy(self, r: Row) -> bool:
        return self.y[r] is None


@model(Instance=1, distinct=37, depth=11)
@model(Instance=2, violates=("reads_are_fresh", "no_write_is_lost", "one_store", "converges"), via="backfill.write", distinct=78, depth=14)
class CopyIfAbsent(Migration):
    """The backfill leaves alone what Y already has, in one step: it is newer than the copy, is it not?

    With one instance it is. With two it need not be. While the phase was still spreading, the instance that had adopted
    it put write 1 into both stores, and then the other one put write 2 into X alone. Now everybody writes to both, and
    the backfill begins: it reads 2 from X, finds a row in Y, and skips it. Reads move to Y, and a client that has seen 2
    is told 1. Nothing crashed, nobody was early, everything was waited for, and many a backfill is written like this.
    """

    def merged(self, copy: Content, there: Content) -> Content:
        return copy if there is None else there


# ================================================== The fleet learns it gradually


@model(violates=("reads_are_fresh", "no_write_is_lost", "one_store", "converges"), distinct=153, depth=14)
class EarlyBackfill(Migration):
    """The backfill begins as soon as the phase is published, not when it is adopted.

    It copies the row, and is done. An instance that has not seen the phase yet writes 1 to X alone, behind the
    backfill's back. Nobody will ever look at that row again, until reads move to Y.
    """

    def may_backfill(self) -> bool:
        return self.published == "both_read_x"


@model(violates=("reads_are_fresh", "one_store"), distinct=57, depth=11)
class BigBang(Migration):
    """On the day of the switch, reads and writes move to Y together.

    Those who have heard of it write to Y alone, and the others still read from X. In the end all is well, and nothing is
    lost; only that for a while the answer depends on whom one asks. That is what the phase `both_read_y` is for.
    """

    def switch(self) -> Steps:
        yield "all_to_y"
        require(self.is_copied())
        self.publish("y_only")


@model(distinct=25, depth=7)
class Whiteboard(EarlyBackfill, CopyIfAbsent, BigBang, without=("adopt",)):
    """The last three mistakes at once, and nothing goes wrong: for everybody changes from one phase to the next at once.

    There is one variable for the phase, and all instances look at it whenever they do something. No fleet is like that,
    and a model that is hides what a fleet will do.
    """

    def phase_of(self, i: Instance) -> Phase:
        return self.published


# `converges` is skipped: it would hold, with or without fairness.
@model(violates="completes", skip="converges", distinct=69, depth=14)
class ForgottenInstance(Migration):
    """An instance on a host that nobody remembers never hears of the next phase, and the migration waits for it.

    Nothing bad happens, and nothing else either. Whoever waits for everybody must know who everybody is, and have a way
    to shut out those who do not answer.
    """

    @action
    def adopt(self, i: Instance) -> None:
        super().adopt(i)


# ================================================== What is safe for the backfill


@model(distinct=66, depth=14)
@model(Instance=3, Row=2, WRITES=4, distinct=2699, depth=21)
class LockedCopy(CopyOverwrites):
    """The backfill locks the row in X, copies it, and lets it go. Writes to this row wait, and need no versions."""

    def is_locked(self, r: Row) -> bool:
        return at(self.backfill, r) == "write"


@model(distinct=112, depth=18)
@model(Instance=3, Row=2, WRITES=4, distinct=10050, depth=29)
@model(Instance=3, Row=3, WRITES=4, distinct=189484, depth=35, tags="slow")
class CompareAndSet(CopyOverwrites):
    """The backfill notes which row Y has, reads from X, and puts it into Y if that still is the row there.

    If it is another one, somebody has written in between, and the backfill begins again with this row.
    """

    began_again: set[Row] = set()

    def backfill(self, r: Row) -> Steps:
        while True:
            yield "note"
            require(self.may_backfill())
            noted = self.y[r]
            yield "read"
            content = self.x[r]
            yield "compare_and_set"
            if self.y[r] == noted:
                self.y[r] = content
                return
            self.began_again.add(r)

    @reachable
    def worth_the_comparison(self) -> bool:
        """Somebody has written in between, and yet the row has been copied in the end."""
        return any(at(self.backfill, r) == "done" for r in self.began_again)


@model(Instance=1, violates=("reads_are_fresh", "no_write_is_lost", "one_store", "converges"), via="backfill.note", distinct=90, depth=15)
class VersionReadLast(CompareAndSet):
    """The same two looks in the other order: first at X, then at Y.

    The backfill reads 0 from X; write 1 goes to both; the backfill notes that Y has 1, finds it unchanged, and puts 0.
    """

    def backfill(self, r: Row) -> Steps:
        while True:
            yield "read"
            require(self.may_backfill())
            content = self.x[r]
            yield "note"
            noted = self.y[r]
            yield "compare_and_set"
            if self.y[r] == noted:
                self.y[r] = content
                return
            self.began_again.add(r)


# ================================================== The way back


@model(distinct=117, depth=17)
@model(Instance=3, Row=2, WRITES=3, ROLLBACKS=2, distinct=2567, depth=26)
class ReversibleMigration(Migration):
    """As long as everybody writes to both, reads may go back to X. This, too, is what the phase `both_read_y` is for.

    Then the coordinator begins again.
    """

    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    @action
    def roll_back(self) -> None:
        require(self.rollbacks > 0 and self.is_reversible())
        self.rollbacks -= 1
        self.published = "both_read_x"
        restart(self.coordinator)

    def is_reversible(self) -> bool:
        return self.published == "both_read_y"

    @reachable
    def second_attempt(self) -> bool:
        """Reads went back to X once, and yet everything is over in the end."""
        return self.migrated() and self.rollbacks < ROLLBACKS


@model(Instance=1, violates=("reads_are_fresh", "no_write_is_lost", "one_store"), via="roll_back", distinct=82, depth=17)
@model(Instance=2, violates=("reads_are_fresh", "no_write_is_lost", "one_store"), via="roll_back", distinct=174, depth=21)
class LateRollback(ReversibleMigration):
    """Y serves alone, there is trouble, and reads go back to X, which has missed every write since.

    The writes are still in Y, and come back when the migration is tried again. Who has read X in the meantime does not
    know that.
    """

    def is_reversible(self) -> bool:
        return self.published in ("both_read_y", "y_only")

    @reachable
    def too_late(self) -> bool:
        """An instance for which Y serves alone is told to read from X again."""
        return self.published == "both_read_x" and any(self.phase_of(i) == "y_only" for i in Instance)


@model(distinct=114, depth=17)
@model(Instance=4, Row=2, WRITES=4, ROLLBACKS=3, distinct=10825, depth=33)
class ReverseDualWrite(LateRollback, without=("y_serves_alone",)):
    """After the switch every write to Y goes to X as well, until nobody wants to go back any more.

    Now `y_only` only says who decides. It costs what the first phase has cost, and buys a way back at any time.
    """

    def writes_x(self, i: Instance) -> bool:
        return True


# ================================================== Deletes


@model(distinct=139, depth=14)
@model(Instance=3, Row=2, WRITES=4, distinct=16609, depth=21)
@model(Instance=3, Row=3, WRITES=4, distinct=217419, depth=23, tags="slow")
class MigrationWithDeletes(Migration):
    """Clients delete rows, too, and a delete leaves a tombstone in each store, which has a version like any row.

    The backfill copies tombstones like rows. Readers do not see them. They may be swept up when the migration is over,
    and not before the backfill is.
    """

    @action
    def delete(self, i: Instance, r: Row) -> None:
        n = self.begin(r)
        self.acknowledged[r] = None
        if self.writes_x(i):
            self.x[r] = self.left_in_x(n)
        if self.writes_y(i):
            self.y[r] = self.left_in_y(n)

    def left_in_x(self, n: Write) -> Content:
        return Tombstone(n)

    def left_in_y(self, n: Write) -> Content:
        return Tombstone(n)

    @invariant
    def no_resurrection(self) -> bool:
        """What was deleted is gone, whomever one asks, until somebody writes it again."""
        return all(self.read(i, r) is None for i in Instance for r in Row if self.acknowledged[r] is None)

    @reachable
    def written_again(self) -> bool:
        """Everybody is served by Y, and a row is there that had been deleted."""
        return self.everybody_on_y() and any(isinstance(self.x[r], Tombstone) and self.acknowledged[r] is not None for r in Row)


@model(
    Instance=1,
    violates=("no_resurrection", "reads_are_fresh", "no_write_is_lost", "one_store", "converges"),
    via="delete",
    distinct=78,
    depth=11,
)
class NoTombstones(MigrationWithDeletes, without=("written_again",)):
    """A delete removes the row. The backfill has read it, it is deleted from X and from Y, and the backfill writes it.

    In Y there is nothing that could tell the backfill that it is late.
    """

    def left_in_x(self, n: Write) -> Content:
        return None

    def left_in_y(self, n: Write) -> Content:
        return None


@model(
    violates=("no_resurrection", "reads_are_fresh", "no_write_is_lost", "one_store", "converges"),
    via="delete",
    distinct=171,
    depth=14,
)
class NoTombstonesInX(MigrationWithDeletes, without=("written_again",)):
    """Y is new and has tombstones; X is old, and a delete removes the row.

    While the phase is still spreading, the instance that has adopted it writes 1 to both, and the other one deletes the
    row from X alone. The backfill finds nothing in X, and so nothing to copy. Nothing in X shows that there was a
    delete, and Y keeps the row.
    """

    def left_in_x(self, n: Write) -> Content:
        return None
