"""Purging the data of one user from the whole stack: stores, cache, search index, backups.

A user asks for erasure, which is a right (GDPR, article 17). The data are in the primary store; in the search
index, which events feed; perhaps in a cache, which readers fill; and in last night's backup. An orchestrator puts
the user on the suppression list, has a worker purge each store, tries again what fails, and when all stores have
acknowledged it tells the user that it is done. The backups are left to expire.

To delete is the smaller part. The stack is full of machinery whose only purpose is that no data get lost: events
that arrive late, readers that fill the cache, restores. Each piece brings the data back, long after they were
purged and acknowledged, for it knows nothing of the request. That is what the suppression list is for: whoever is
about to write data of a user asks it first. And it has to outlive everything that still knows the user, or it was
there for nothing.

Read `UserDataPurge` first, it has all precautions. Each class after it leaves out one. The purge has gone wrong if
the user was told that it is done and it is not; if the data stay, or come back; or if the case can never be closed.
`OneStore` is what the user has in mind: one store, with a button. The whole stack refines it, or it does not.

`purge_probe.py` goes on from here: how to find out that one of the precautions got lost on the way.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import (
    Range,
    Spec,
    action,
    always,
    constant,
    disable,
    invariant,
    leads_to,
    model,
    reachable,
    refines,
    require,
    terminal,
)

CHANGES = constant("CHANGES", 1, min=1)  # how often the user changes something before the request
FAILURES = constant("FAILURES", 1, min=1)  # how often a worker fails to purge a store
RESTORES = constant("RESTORES", 1, min=1)  # how often the primary store is restored from a backup

Store = Literal["primary", "cache", "index"]
STORES: tuple[Store, ...] = ("primary", "cache", "index")
EVERYTHING = ("certified_means_erased", "erased_for_good", "backups_expire", "forgotten", "one_store")


@dataclass(frozen=True)
class Backup:
    """A backup of the primary store that has the data of the user."""

    suppressed: bool  # the user was on the suppression list that night


class OneStore(Spec, abstract=True):
    """What the user has in mind: one store. What was erased stays erased, and who is told so may rely on it."""

    data: bool = True
    case: Literal["none", "open", "certified"] = "none"

    @action
    def ask(self) -> None:
        require(self.case == "none")
        self.case = "open"

    @action(fairness="weak")
    def erase(self) -> None:
        require(self.case == "open")
        self.data = False

    @action(fairness="weak")
    def certify(self) -> None:
        require(self.case == "open" and not self.data)
        self.case = "certified"


@model(distinct=1016, depth=13)
@model(CHANGES=2, FAILURES=2, RESTORES=2, distinct=4779, depth=17)
class UserDataPurge(Spec):
    """The purge with all precautions."""

    data: dict[Store, bool] = {"primary": True, "cache": False, "index": True}  # where the user's data are
    changes: Annotated[int, Range(0, CHANGES)] = CHANGES
    events: Annotated[int, Range(0, CHANGES)] = 0  # on the way to the index, each with the user's data
    filling: bool = False  # a reader has read the data, and is about to put them into the cache
    backup: Backup | None = None
    restores: Annotated[int, Range(0, RESTORES)] = RESTORES

    case: Literal["none", "open", "certified", "closed"] = "none"
    suppressed: bool = False  # the user is on the suppression list
    acknowledged: set[Store] = set()  # purged, say the workers
    failures: Annotated[int, Range(0, FAILURES)] = FAILURES

    # -------------------------------------------------- the stack, which loses nothing

    @action
    def change(self) -> None:
        """The primary store is written, and publishes an event. After the request the account is locked."""
        require(self.case == "none" and self.changes > 0)
        self.changes -= 1
        self.events += 1

    @action(fairness="weak")
    def index_event(self) -> None:
        require(self.events > 0)
        self.events -= 1
        if self.admits("index"):
            self.data["index"] = True

    @action
    def read(self) -> None:
        """Somebody looks at the user's page, which is not in the cache."""
        require(self.data["primary"] and not self.data["cache"] and not self.filling)
        self.filling = True

    @action(fairness="weak")
    def fill_cache(self) -> None:
        require(self.filling)
        self.filling = False
        if self.admits("cache"):
            self.data["cache"] = True

    @action
    def back_up(self) -> None:
        require(self.data["primary"] and self.backup is None)
        self.backup = Backup(self.suppressed)

    @action(fairness="weak")
    def expire(self) -> None:
        require(self.backup is not None)
        self.backup = None

    @action
    def restore(self) -> None:
        """One step, for the store is down meanwhile: load the backup, erase again what was erased before, serve."""
        if self.backup is None:
            disable()
        require(self.restores > 0)
        self.restores -= 1
        self.suppressed = self.list_after_restore(self.backup)
        self.data["primary"] = self.admits("primary")

    def list_after_restore(self, backup: Backup) -> bool:
        """The suppression list is kept elsewhere."""
        return self.suppressed

    def admits(self, s: Store) -> bool:
        """Whether data of the user may be written to the store: everybody who writes asks."""
        return not self.suppressed

    # -------------------------------------------------- the purge

    @action
    def ask(self) -> None:
        """The user asks for erasure."""
        require(self.case == "none")
        self.case = "open"
        self.suppressed = True

    @action(fairness="weak", per="s")
    def purge(self, s: Store) -> None:
        require(self.to_purge(s))
        self.data[s] = False
        self.acknowledged.add(s)

    @action
    def fail_to_purge(self, s: Store) -> None:
        require(self.to_purge(s) and self.failures > 0)
        self.failures -= 1
        self.after_failure(s)

    @action(fairness="weak")
    def certify(self) -> None:
        """The user is told that it is done."""
        require(self.case == "open" and self.may_certify())
        self.case = "certified"

    @action(fairness="weak")
    def close(self) -> None:
        """The suppression list says that there was such a user, so it forgets, too."""
        require(self.case == "certified" and self.may_close())
        self.case = "closed"
        self.suppressed = False

    def to_purge(self, s: Store) -> bool:
        return self.case != "none" and s not in self.acknowledged

    def after_failure(self, s: Store) -> None:
        """It stays on the worker's list."""

    def may_certify(self) -> bool:
        return len(self.acknowledged) == len(STORES)

    def may_close(self) -> bool:
        """Nothing that writes knows the user any more. In practice: the retention of queues and backups is over."""
        return self.events == 0 and not self.filling and self.backup is None

    # -------------------------------------------------- promises

    def requested(self) -> bool:
        return self.case != "none"

    def erased(self) -> bool:
        return not any(self.data.values())

    def no_backup(self) -> bool:
        return self.backup is None

    def closed(self) -> bool:
        return self.case == "closed"

    @invariant
    def certified_means_erased(self) -> bool:
        return not self.certified() or self.erased()

    erased_for_good = leads_to(requested, always(erased))
    backups_expire = leads_to(requested, always(no_backup))
    forgotten = leads_to(requested, closed)

    @refines(OneStore, liveness=True)
    def one_store(self) -> OneStore:
        return OneStore(data=not self.erased(), case="certified" if self.case == "closed" else self.case)

    @terminal
    def certified(self) -> bool:
        return self.case in ("certified", "closed")

    @reachable
    def erased_in_spite_of_all(self) -> bool:
        """A worker failed, the primary store was restored, an event and a reader were late: all is erased."""
        late = self.events > 0 and self.filling
        return self.certified() and self.erased() and late and self.failures < FAILURES and self.restores < RESTORES

    @reachable
    def case_closed(self) -> bool:
        return self.closed() and self.changes == 0 and self.failures == 0 and self.restores == 0


# ================================================== The purge does not do what it says


@model(violates=("certified_means_erased", "one_store"), distinct=1344, depth=14)
class CertifiedTooEarly(UserDataPurge):
    """The primary store is where the data live, so when it has acknowledged the user is told that it is done.

    The rest follows, on most days before anybody looks. But an answer was given that was not true yet.
    """

    def may_certify(self) -> bool:
        return "primary" in self.acknowledged


@model(violates=EVERYTHING, via="fail_to_purge", distinct=1417, depth=14)
class FailureDropped(UserDataPurge):
    """A worker that fails logs an error, and goes on to the next store. At the end of the list it is done.

    If it is the primary store that kept the data, then every night's backup has them, too.
    """

    def after_failure(self, s: Store) -> None:
        self.acknowledged.add(s)


@model(violates=("erased_for_good", "backups_expire", "forgotten", "one_store", "deadlock"), via="fail_to_purge", distinct=1291, depth=12)
class FailureParked(UserDataPurge, without=("erased_in_spite_of_all", "case_closed")):
    """What fails is parked, for somebody to look at, and nobody does. The purge hangs, and the data stay.

    No invariant is broken. The user is told nothing that is not true, for the user is never told anything.
    """

    parked: set[Store] = set()

    def after_failure(self, s: Store) -> None:
        self.parked.add(s)

    def to_purge(self, s: Store) -> bool:
        return super().to_purge(s) and s not in self.parked


# ================================================== Who writes without asking


@model(violates=("certified_means_erased", "erased_for_good", "one_store"), via="index_event", distinct=1194, depth=13)
class IndexDoesNotAsk(UserDataPurge):
    """A change is on its way to the index when the user asks. The index is purged, and then the event arrives.

    Whoever reads the event applies it: that is what consumers do. The row is back, and nobody will purge it again.
    """

    def admits(self, s: Store) -> bool:
        return s == "index" or super().admits(s)


@model(violates=("certified_means_erased", "erased_for_good", "one_store"), via="fill_cache", distinct=1240, depth=15)
class CacheDoesNotAsk(UserDataPurge):
    """A reader finds the data in the primary store, then both are purged, then the reader fills the cache.

    The same happens without a slow reader if the cache is purged first, while the primary store still has the data.
    """

    def admits(self, s: Store) -> bool:
        return s == "cache" or super().admits(s)


@model(violates=("certified_means_erased", "erased_for_good", "one_store"), via="fill_cache", distinct=916, depth=15)
class CachePurgedLast(CacheDoesNotAsk):
    """So the cache is purged after the primary store, when nobody finds anything any more to fill it with.

    The slow reader did find something, and its counterexample stays. The order of the purges makes the gap smaller;
    what closes it is to ask at the moment of the write.
    """

    def to_purge(self, s: Store) -> bool:
        return super().to_purge(s) and (s != "cache" or "primary" in self.acknowledged)


@model(violates=EVERYTHING, via="restore", distinct=1076, depth=16)
class RestoreDoesNotAsk(UserDataPurge):
    """The primary store is restored from last night's backup, and serves as it was last night, the user included.

    The purge is over, so nobody purges it again, and the next backup has the user as well.
    """

    def admits(self, s: Store) -> bool:
        return s == "primary" or super().admits(s)


# ================================================== What the suppression list has to survive


@model(violates=EVERYTHING, via="restore", distinct=1600, depth=16)
class ListInPrimaryStore(UserDataPurge):
    """Everybody asks the suppression list. It is a table of the primary store, and a restore takes it back as well.

    The restored store is asked to erase again what is on the list of last night, which does not have the user yet.
    """

    def list_after_restore(self, backup: Backup) -> bool:
        return backup.suppressed


@model(violates=("certified_means_erased", "erased_for_good", "backups_expire", "one_store"), via="close", distinct=1224, depth=15)
class ListTrimmedEarly(UserDataPurge):
    """The list says that there was such a user, so it is cleared as soon as the user was told that it is done.

    Events, readers and backups that know the user are still about, and now nobody stops them.
    """

    def may_close(self) -> bool:
        return True


@model(violates=("backups_expire", "forgotten"), via="back_up", distinct=751, depth=12)
class BackupsKept(UserDataPurge, without=("expire", "case_closed")):
    """Backups are kept, for one never knows. So are the user's data, and the entry in the list must be, too.

    The live stores are as clean as they were promised to be, which is why nobody notices.
    """
