"""A cache beside a database: who fills it, who empties it, and the stale value that stays.

A reader looks into the cache. If the row is not there, it reads the database and puts what it has read into the cache.
A writer writes to the database and then deletes the row from the cache, so that the next reader finds the new one. Each
of these is a step of its own, on another machine. Everybody has built this, and it goes wrong once in a million times:
a row that was changed long ago is still the old one in the cache, and stays so until somebody deletes it by hand.

1. `CacheAside`: a slow reader puts an old value into the cache after the writer has deleted it.
2. `Leases` are the cure: with a miss the cache gives out a lease, a delete takes back all leases for the row, and who
   has no lease may not fill.
3. `DeleteThenWrite` and `UpdateInPlace` change what the writer does. Leases do not help there.
4. `WriterCrashes` between its two steps, and nobody deletes. `DeleteFromLog` is the cure: who deletes is not the
   writer, but somebody who follows the database's log, and does not lose his place in it.
5. `TimeToLive` cures nothing, and limits the damage of everything. Most have it, and most have nothing else.

Source: Nishtala and others, "Scaling Memcache at Facebook" (2013), for deletes after writes, leases, and deletes that
are driven by the database's log.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import Range, Sort, Spec, action, constant, disable, each, eventually_always, invariant, model, reachable, require, terminal, weak

WRITES = constant("WRITES", 2, min=1)  # how many writes there are
CRASHES = constant("CRASHES", 1, min=1)


class Reader(Sort, size=1, symmetric=True):
    """Somebody who needs the row."""


class Writer(Sort, size=2, symmetric=True):
    """Somebody who changes it."""


Write = Annotated[int, Range(0, WRITES)]  # writes are numbered, and the number stands for what was written
Place = Literal["database", "cache"]


@model(WRITES=1, Writer=1, violates=("fresh_when_idle", "converges"), distinct=18, depth=6)
class CacheAside(Spec):
    """One reader and one write are enough.

    The reader does not find the row in the cache, and reads the database. Then something delays it. The writer writes,
    and deletes from the cache what is not there. The reader goes on, and puts the old value into the cache.
    """

    order: ClassVar[tuple[Place, Place]] = ("database", "cache")  # in which a writer does its two steps

    latest: Write = 0
    database: Write = 0
    cache: Write | None = None
    leases: set[Reader] = set()  # those who have missed since the last delete
    reading: dict[Reader, Write | Literal["idle", "missed"]] = each("idle")  # or what was read from the database
    writing: dict[Writer, Write | None] = each(None)  # of which write one step is done

    # -------------------------------------------------- reading

    @action
    def miss(self, r: Reader) -> None:
        require(self.reading[r] == "idle" and self.cache is None)
        self.reading[r] = "missed"
        self.leases.add(r)

    @action
    def read(self, r: Reader) -> None:
        require(self.reading[r] == "missed")
        self.reading[r] = self.database

    @action
    def fill(self, r: Reader) -> None:
        value = self.reading[r]
        if value == "idle" or value == "missed":
            disable()
        self.reading[r] = "idle"
        if self.may_fill(r):
            self.cache = value
        self.leases.discard(r)

    def may_fill(self, r: Reader) -> bool:
        return True

    # -------------------------------------------------- writing

    @action
    def write(self, w: Writer) -> None:
        self.database = self.next_step(w, "database")

    @action
    def tell_cache(self, w: Writer) -> None:
        self.change_cache(self.next_step(w, "cache"))

    cache_is_told = weak(tell_cache, per="w")

    def next_step(self, w: Writer, place: Place) -> Write:
        n = self.writing[w]
        if n is None:
            require(place == self.order[0] and self.latest < WRITES)
            self.latest += 1
            self.writing[w] = self.latest
            return self.latest
        require(place == self.order[1])
        self.writing[w] = None
        return n

    def change_cache(self, n: Write) -> None:
        """Delete the row, and take back the leases."""
        self.cache = None
        self.leases.clear()

    # -------------------------------------------------- promises

    def fresh(self) -> bool:
        return self.cache is None or self.cache == self.database

    def idle(self) -> bool:
        return all(reading == "idle" for reading in self.reading.values()) and all(n is None for n in self.writing.values())

    @invariant
    def fresh_when_idle(self) -> bool:
        """When nobody is reading or writing, the cache has the last value, or none."""
        return not self.idle() or self.fresh()

    converges = eventually_always(fresh)  # the writes end; then no old value may stay in the cache

    @terminal
    def all_written(self) -> bool:
        return self.latest == WRITES and self.idle()

    @reachable
    def filled(self) -> bool:
        """All is written, and the last value is in the cache."""
        return self.all_written() and self.cache == self.database == WRITES

    @reachable
    def stale_for_a_moment(self) -> bool:
        """Between the two steps of a write the cache has the old value. Nothing here prevents that."""
        return not self.fresh()


@model(distinct=83, depth=8)
@model(Reader=3, Writer=2, WRITES=3, distinct=16038, depth=14)
class Leases(CacheAside):
    """Who has missed before a delete may not fill after it."""

    def may_fill(self, r: Reader) -> bool:
        return r in self.leases


@model(WRITES=1, Writer=1, violates=("fresh_when_idle", "converges"), distinct=19, depth=6)
class DeleteThenWrite(Leases):
    """Deletes first, so that nobody sees the old value after the write.

    A reader misses right after the delete, reads the old value from the database, and fills the cache with it. Its
    lease is good. Then the writer writes.
    """

    order: ClassVar[tuple[Place, Place]] = ("cache", "database")


@model(WRITES=1, Writer=1, distinct=14, depth=5)
@model(violates=("fresh_when_idle", "converges"), distinct=66, depth=7)
class UpdateInPlace(Leases):
    """Does not delete the row from the cache, but puts the new value there, which saves a miss.

    With one writer it is right. Two writers write to the database in one order, and to the cache in the other.
    """

    def change_cache(self, n: Write) -> None:
        self.cache = n
        self.leases.clear()


@model(WRITES=1, Writer=1, violates=("fresh_when_idle", "converges"), via="crash", distinct=23, depth=6)
class WriterCrashes(Leases):
    """A writer may crash after it has written, and before it has deleted. The old value stays in the cache."""

    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @action
    def crash(self, w: Writer) -> None:
        require(self.writing[w] is not None and self.crashes > 0)
        self.crashes -= 1
        self.lose(w)

    def lose(self, w: Writer) -> None:
        self.writing[w] = None

    @reachable
    def crash_survived(self) -> bool:
        return self.filled() and self.crashes < CRASHES


@model(distinct=162, depth=9)
@model(Reader=3, Writer=2, WRITES=3, CRASHES=2, distinct=48022, depth=16)
class DeleteFromLog(WriterCrashes):
    """What was written is in the log of the database. Somebody follows the log, and deletes.

    After a crash he begins where he was, or a little before. To delete twice does no harm.
    """

    def lose(self, w: Writer) -> None:
        """It is in the log."""


@model(violates="fresh_when_idle", distinct=131, depth=8)
class TimeToLive(WriterCrashes, without=("cache_is_told",)):
    """Each entry expires some time, so that no old value stays for ever, whoever crashes. Until then it is there."""

    @action(fairness="weak")
    def expire(self) -> None:
        require(self.cache is not None)
        self.cache = None
