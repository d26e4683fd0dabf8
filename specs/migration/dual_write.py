"""Two stores that have to hold the same: write to X and to Y, and let nothing come between.

A service moves from store X to store Y. Everybody's first plan: from today on every instance writes to both, and when Y
has everything, the service switches to Y. This file is about the first half of the plan, the two writes. The way from X
to Y is told in `online_migration.py`, and how to do without a second write in `row_copy.py`.

On the whiteboard, writing to both is one step (`OneStep`). In reality it is two, and that is where it goes wrong:

- *Two calls.* An instance may crash between them, and the stores differ for ever (`NaiveDualWrite`). And where both
  writes are made to happen at all costs (`RecoveringDualWrite`), two instances may still overtake each other, with no
  crash at all: X ends with the one write, Y with the other.
- *One order.* What helps is one order of all writes, kept by both stores: versions that Y compares
  (`VersionedDualWrite`), or a channel through which every write goes (`SerializedDualWrite`). A channel that is not one
  (`UnorderedDelivery`), or that repeats too much (`LazyCommit`), needs versions again (`NewestWins`).
- *One write.* X holds a list of what Y has still to get, in the same transaction as the row (`Outbox`). Nothing is
  lost any more; but what is sent again must not be sent late (`RequeueingOutbox`), or else needs a version
  (`VersionedOutbox`).
- *Repair.* Or leave it as it is, and let a job look for differences and remove them (`RepairJob`). It works, in the
  end; who switches to Y must know when that is (`PatientCutOver`, after and before two who do not).

Whoever does one thing after the other is a `@process` here: up to the next `yield` it is not disturbed, and at each
`yield` somebody else may come in between.

What is wanted is said twice. `agree_when_idle` is about every moment: the service may switch as soon as no write is in
progress. `converges` is about the end: once clients have stopped, and what must happen has happened, X and Y hold the
same. Only the repair job tells them apart.

Sources: Stripe, "Online migrations at scale" (2017), for dual writing as the first phase of a migration. Shopify's
Ghostferry, which has a TLA+ model, for stores of which one follows the log of the other.
"""

from collections.abc import Set
from typing import Annotated, Literal, Self

from speccheck import (
    MaxLen,
    Range,
    Sort,
    Spec,
    Steps,
    action,
    at,
    choose,
    constant,
    each,
    eventually_always,
    invariant,
    model,
    process,
    reachable,
    require,
    restart,
    step_invariant,
    terminal,
    unfair,
)

WRITES = constant("WRITES", 2, min=2)  # how many writes clients ask for
CRASHES = constant("CRASHES", 1, min=1)  # how many crashes there are at most
TIMEOUTS = constant("TIMEOUTS", 1, min=1)  # how many answers come too late at most


class Instance(Sort, size=2, symmetric=True):
    """An instance of the service."""


Store = Literal["X", "Y"]
STORES: tuple[Store, ...] = ("X", "Y")
Write = Annotated[int, Range(0, WRITES)]  # writes are numbered, and the number stands for what was written


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

    def in_sync(self) -> bool:
        return not self.in_progress() and self.row["X"] == self.row["Y"]

    # Clients stop, for WRITES is a budget. A service that is always busy is never in sync for good.
    converges = eventually_always(in_sync)

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


# ================================================== Two calls


@model(Instance=1, violates=("agree_when_idle", "converges"), via="crash", distinct=9, depth=5)
class NaiveDualWrite(Stores):
    """Two calls to two stores are two steps, and an instance may crash in between: X has the write, Y never gets it.

    The client sees an error, and may or may not try again. If it does not, the stores differ for ever, and the switch
    to Y takes back a write that others have read from X.
    """

    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @process(fairness="weak")
    def writer(self, i: Instance) -> Steps:
        while True:
            yield unfair("write_x")  # clients need not ask
            n = self.begin()
            self.put("X", n)
            yield "write_y"
            self.put("Y", n)

    @action
    def crash(self, i: Instance) -> None:
        require(at(self.writer, i) == "write_y" and self.crashes > 0)
        self.crashes -= 1
        self.come_back(i)

    def come_back(self, i: Instance) -> None:
        restart(self.writer, i)  # and n is forgotten

    def in_progress(self) -> bool:
        return any(at(self.writer, i) == "write_y" for i in Instance)

    @reachable
    def crash_survived(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(Instance=1, distinct=9, depth=6)
@model(Instance=2, violates=("agree_when_idle", "converges", "never_goes_back"), distinct=23, depth=6)
class RecoveringDualWrite(NaiveDualWrite):
    """An instance logs what it has to do before it begins, and finishes it after a crash: both writes happen, always.

    One instance is safe now. With two, the one that was first at X may be last at Y: the first instance writes 1 to X,
    the second one writes 2 to X and 2 to Y, and only then comes the 1 of the first to Y. X has 2 and Y has 1, everybody
    has been told that all went well, and no crash was needed for that.
    """

    def come_back(self, i: Instance) -> None:
        """It goes on where it was, for that is in the log."""


# ================================================== One order


@model(distinct=21, depth=6)
@model(Instance=4, WRITES=5, CRASHES=2, distinct=2356, depth=13)
class VersionedDualWrite(RecoveringDualWrite):
    """A write to X yields a version, and Y keeps what is newer, in one conditional write. X decides the order, Y follows."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


@model(distinct=96, depth=12)
@model(WRITES=8, CRASHES=4, distinct=9009, depth=45)
class SerializedDualWrite(Stores):
    """All writes go through one channel, and a consumer for each store applies them in its order.

    A consumer writes to its store, and then tells the channel so: it commits. If it crashes in between, it does that
    write again, which changes nothing. It does not matter which instance publishes. The price is that both stores are
    late: who has written does not find it in X at once.
    """

    channel: dict[Store, set[Write]] = each(set())  # published, and not yet committed by the consumer for the store
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @action
    def publish(self) -> None:
        n = self.begin()
        for s in STORES:
            self.channel[s].add(n)

    @process(fairness="weak")
    def consumer(self, s: Store) -> Steps:
        applied: frozenset[Write] = frozenset()  # and not yet committed
        while True:
            yield "apply"
            waiting = self.channel[s] - applied
            require(waiting)
            n = self.next_of(waiting)
            self.put(s, n)
            applied |= {n}
            if self.commits_now(waiting):
                yield "commit"
                self.channel[s] -= applied
                applied = frozenset()

    @action
    def crash(self, s: Store) -> None:
        require(self.crashes > 0)
        self.crashes -= 1
        restart(self.consumer, s)

    def next_of(self, waiting: Set[Write]) -> Write:
        return min(waiting)

    def commits_now(self, waiting: Set[Write]) -> bool:
        return True

    def in_progress(self) -> bool:
        return any(self.channel.values())

    @reachable
    def crash_survived(self) -> bool:
        return self.all_arrived() and self.crashes < CRASHES


@model(violates=("agree_when_idle", "converges", "never_goes_back"), distinct=260, depth=12)
class UnorderedDelivery(SerializedDualWrite):
    """The channel is not one: it has several partitions, or a store has several consumers, and the order is lost."""

    def next_of(self, waiting: Set[Write]) -> Write:
        return choose(waiting)


@model(violates="never_goes_back", via="crash", distinct=166, depth=10)
class LazyCommit(SerializedDualWrite):
    """A consumer commits now and then (and when all is done), so that a crash takes it back by several writes.

    In the end the stores agree. Until then, readers see old rows come back.
    """

    def commits_now(self, waiting: Set[Write]) -> bool:
        return len(waiting) == 1 or choose(bool)


@model(distinct=378, depth=10)
@model(WRITES=4, CRASHES=2, distinct=98307, depth=17)
class NewestWins(UnorderedDelivery, LazyCommit):
    """Versions repair both: any order, any number of repetitions."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


# ================================================== One write


@model(distinct=18, depth=9)
@model(WRITES=8, TIMEOUTS=4, distinct=513, depth=33)
class Outbox(Stores):
    """An instance writes to X alone, and in the same transaction, into another table of X, what Y has still to get.

    A relay empties that table, the outbox, into Y, in its order. An instance may crash when it likes. The relay strikes
    out what Y has confirmed; if the answer comes too late, or the relay crashes before it has struck it out, it sends
    the same once more, before all others.
    """

    outbox: Annotated[list[Write], MaxLen(WRITES)] = []
    timeouts: Annotated[int, Range(0, TIMEOUTS)] = TIMEOUTS

    @action
    def write(self) -> None:
        n = self.begin()
        self.put("X", n)
        self.outbox.append(n)

    @process(fairness="weak")
    def relay(self) -> Steps:
        while True:
            yield "send"
            require(self.outbox)
            self.put("Y", self.outbox[0])
            yield "strike_out"
            self.outbox.pop(0)

    @action
    def time_out(self) -> None:
        """Y has it, and the relay does not know."""
        require(at(self.relay) == "strike_out" and self.timeouts > 0)
        self.timeouts -= 1
        self.postpone()
        restart(self.relay)

    def postpone(self) -> None:
        """It stays at the head, and the others wait."""

    def in_progress(self) -> bool:
        return bool(self.outbox)

    @reachable
    def sent_twice(self) -> bool:
        return self.all_arrived() and not self.in_progress() and self.timeouts < TIMEOUTS


@model(violates=("agree_when_idle", "converges", "never_goes_back"), via="time_out", distinct=23, depth=9)
class RequeueingOutbox(Outbox):
    """What was not confirmed goes to the back of the queue, lest it hold up the others.

    Write 1 is sent, and its answer is late; write 2 is sent; write 1 is sent again, and is what Y has from now on.
    """

    def postpone(self) -> None:
        self.outbox.append(self.outbox.pop(0))


@model(distinct=22, depth=9)
@model(WRITES=6, TIMEOUTS=3, distinct=2388, depth=25)
class VersionedOutbox(RequeueingOutbox):
    """The entry has the version of the row, and Y keeps what is newer. Then the order of the queue does not matter."""

    def put(self, s: Store, n: Write) -> None:
        self.row[s] = max(self.row[s], n)


# ================================================== Repair


@model(Instance=1, violates=("agree_when_idle", "never_goes_back"), distinct=30, depth=8)
@model(Instance=2, violates=("agree_when_idle", "never_goes_back"), distinct=78, depth=7)
class RepairJob(NaiveDualWrite):
    """The naive dual write, and a job that compares the stores again and again, and writes to Y what it has read from X.

    Crashes, overtaking: whatever has set the stores apart, once clients have stopped they are the same some time. Until
    then they are not, and the job makes mistakes of its own: what it has read may be old when it writes it. It finds
    that out the next time.
    """

    @process(fairness="weak")
    def job(self) -> Steps:
        while True:
            yield "read"
            require(self.row["X"] != self.row["Y"] and self.repairs())
            found = self.row["X"]
            yield "write"
            self.put("Y", found)

    def repairs(self) -> bool:
        return True

    @reachable
    def needed(self) -> bool:
        """The last write is missing in Y, and nobody is about to bring it, except for the job."""
        return self.row["Y"] < self.row["X"] == WRITES and not self.in_progress() and at(self.job) == "write"


@model(violates=("cut_over_is_safe", "converges"), via="crash", distinct=164, depth=8)
class ImpatientCutOver(RepairJob, without=("agree_when_idle", "never_goes_back")):
    """The day of the switch: writes are stopped for a moment, those in progress finish, and the service switches to Y.

    That X and Y differ now and then has been accepted; what is asked is that they do not at the switch. But an instance
    has crashed between its two writes, and nobody asks the job whether there is anything left to repair. After the
    switch it is too late: now it is X that gets out of date, and nothing is copied from there any more.
    """

    serves: Store = "X"
    frozen: bool = False  # writes have been stopped

    def begin(self) -> Write:
        require(not self.frozen)
        return super().begin()

    @process
    def switch(self) -> Steps:
        yield "freeze"
        self.frozen = True
        yield "cut_over"
        require(self.has_drained() and self.is_clean())
        self.serves = "Y"

    def has_drained(self) -> bool:
        """Nothing is under way to Y, neither from an instance nor from the job."""
        return not self.in_progress() and at(self.job) == "read"

    def is_clean(self) -> bool:
        return True

    def repairs(self) -> bool:
        return self.serves == "X"

    @invariant
    def cut_over_is_safe(self) -> bool:
        """When the service has switched to Y, Y has what X had."""
        return self.serves == "X" or self.row["X"] == self.row["Y"]

    @reachable
    def switched(self) -> bool:
        return self.serves == "Y" and self.all_arrived() and self.crashes < CRASHES

    @terminal
    def over(self) -> bool:
        return self.serves == "Y"


@model(distinct=161, depth=8)
@model(Instance=4, WRITES=5, CRASHES=3, distinct=78654, depth=14)
class PatientCutOver(ImpatientCutOver, without=("agree_when_idle", "never_goes_back")):
    """The switch waits until the job has nothing to do and finds no difference. Until then nobody can write."""

    def is_clean(self) -> bool:
        return self.row["X"] == self.row["Y"]


@model(violates=("cut_over_is_safe", "converges"), distinct=190, depth=9)
class UndrainedCutOver(PatientCutOver, without=("agree_when_idle", "never_goes_back")):
    """X and Y are the same, so why wait any longer? Because of what is still under way.

    One instance has written 1 to X, the other one 2 to X and to Y. The stores agree, writes are stopped, the service
    switches to Y. Then the 1 of the first instance arrives there.
    """

    def has_drained(self) -> bool:
        return True
