"""Building an index on a table that is in use: absent, delete-only, write-only, public.

Many servers read and write the same table, and each has a copy of the schema. An index is added to it. From then on a
server that knows of the index maintains it with each row that it writes, and answers queries from it; one that does not
know of it goes on as before. They all write the same data, and so they corrupt it together. An entry of the index is an
*orphan* if its row is gone. It is *missing* if its row is there, and somebody answers queries from the index.

So on its way a server goes through two states in which the index is there and is not there. *Delete-only*: with a row
its entry is deleted, but no entry is made. *Write-only*: entries are made as well, but nobody reads them. When all
servers are here, a backfill makes the entries of the old rows; only then the index becomes *public*. Servers in
neighbouring states do each other no harm. Others do, so no two servers may be more than one state apart.

`OnlineIndex` is the protocol, and the four classes after it leave something out. `DroppedIndex` is the way back, and
`WipeEarly` a shortcut. In `LeasedIndex` servers are cut off from whoever publishes the schema: it cannot know whether
they have followed. To wait for them takes too long (`WaitForEverybody`), not to wait is dangerous (`TakenForDead`), and
a lease is the way out.

Source: "Online, asynchronous schema change in F1" (VLDB 2013), for the states, the rule and the leases.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import Range, Sort, Spec, action, constant, each, eventually_always, invariant, model, reachable, require, weak

CUTS = constant("CUTS", 1, min=1)  # how often a server is cut off at most


class Server(Sort, size=2, symmetric=True):
    """A server of the database."""


class Key(Sort, size=2, symmetric=True):
    """The key of a row, and of its entry in the index."""


State = Literal["absent", "delete-only", "write-only", "public"]


@model(distinct=83, depth=14)
@model(Server=3, distinct=151, depth=17)
@model(Server=4, Key=3, distinct=775, depth=22)
class OnlineIndex(Spec):
    """The protocol, for servers that all get to know of the next state, each in its time.

    The next state is published when everybody is in this one. Whoever inserts or deletes a row does it together with its
    entry, in one transaction. So does the backfill: it goes through the keys, and looks at each one once.
    """

    following: ClassVar[dict[State, State]] = {"absent": "delete-only", "delete-only": "write-only", "write-only": "public"}

    row: set[Key] = set()  # the keys that are in the table
    entry: set[Key] = set()  # and those that are in the index
    published: State = "absent"
    state: dict[Server, State] = each("absent")
    backfilled: set[Key] = set()  # how far the backfill is

    # -------------------------------------------------- traffic

    @action
    def insert(self, s: Server, k: Key) -> None:
        require(self.serves(s) and k not in self.row)
        self.row.add(k)
        if self.state[s] in ("write-only", "public"):
            self.entry.add(k)

    @action
    def delete(self, s: Server, k: Key) -> None:
        require(self.serves(s) and k in self.row)
        self.row.remove(k)
        if self.state[s] != "absent":
            self.entry.discard(k)

    def serves(self, s: Server) -> bool:
        return True

    # -------------------------------------------------- schema change

    @action
    def publish_next(self) -> None:
        require(self.published != "public" and self.everybody_follows())
        require(not self.public_is_next() or all(k in self.backfilled for k in Key))
        self.published = self.following[self.published]

    @action
    def backfill(self, k: Key) -> None:
        require(self.public_is_next() and self.may_backfill() and k not in self.backfilled)
        self.backfilled.add(k)
        if k in self.row:
            self.entry.add(k)

    @action(fairness="weak", per="s")
    def adopt(self, s: Server) -> None:
        require(self.hears(s) and self.state[s] != self.published)
        self.state[s] = self.published

    schema_change = weak(publish_next, backfill, per=())

    def hears(self, s: Server) -> bool:
        return True

    def public_is_next(self) -> bool:
        return self.published != "public" and self.following[self.published] == "public"

    def follows(self, s: Server) -> bool:
        return self.state[s] == self.published

    def everybody_follows(self) -> bool:
        return all(self.follows(s) for s in Server)

    def may_backfill(self) -> bool:
        return self.everybody_follows()

    # -------------------------------------------------- promises

    @invariant
    def no_orphan(self) -> bool:
        """There is no entry without its row."""
        return self.entry <= self.row

    @invariant
    def no_missing_entry(self) -> bool:
        """Who answers from the index finds every row."""
        return self.row <= self.entry or not any(self.serves(s) and self.state[s] == "public" for s in Server)

    def completed(self) -> bool:
        return self.published == "public" and all(self.state[s] == "public" for s in Server if self.serves(s))

    completes = eventually_always(completed)

    @reachable
    def backfill_needed(self) -> bool:
        """A row from before the index was known has no entry when the backfill is about to begin."""
        return self.public_is_next() and self.everybody_follows() and not self.row <= self.entry

    @reachable
    def index_is_in_use(self) -> bool:
        return self.completed() and len(self.entry) > 0

    @reachable
    def neighbours(self) -> bool:
        """A server answers from the index, and another one does not know yet that it may."""
        return any(self.state[s] == "public" for s in Server) and any(self.state[s] != "public" for s in Server)


# ================================================== What may not be left out


@model(Key=1, violates="no_orphan", via="delete", distinct=31, depth=10)
class SkipDeleteOnly(OnlineIndex):
    """Straight to write-only: what should be the use of a state in which nobody makes an entry?

    One server is there, and inserts a row with its entry. Another one has not heard of the index, and deletes the row.
    Nobody will ever look for that entry again.
    """

    following: ClassVar[dict[State, State]] = {"absent": "write-only", "write-only": "public"}


@model(Key=1, violates="no_missing_entry", via="insert", distinct=25, depth=9)
class SkipWriteOnly(OnlineIndex):
    """When all servers know of the index, the backfill makes the entries of the old rows, and the index becomes public.

    But a row that is inserted in the meantime is no old row, and the server that inserts it makes no entry.
    """

    following: ClassVar[dict[State, State]] = {"absent": "delete-only", "delete-only": "public"}


@model(Key=1, violates="no_missing_entry", via="backfill", distinct=45, depth=12)
class EarlyBackfill(OnlineIndex):
    """The backfill begins when write-only is published, not when everybody is there.

    A server that is still in delete-only inserts a row after the backfill has looked for it.
    """

    def may_backfill(self) -> bool:
        return True


@model(Key=1, violates=("no_orphan", "no_missing_entry"), distinct=80, depth=11)
class TwoApart(OnlineIndex):
    """The next state is published when everybody is in this one, or in the one before. A straggler shall not hold it up.

    Then the straggler is in absent when the first one is in write-only, as if delete-only had been left out; or later
    on it is in delete-only when the first one is in public, as if write-only had been.
    """

    def follows(self, s: Server) -> bool:
        return self.state[s] == self.published or self.following[self.state[s]] == self.published


# ================================================== And back


@model(distinct=431, depth=20)
@model(Server=4, Key=4, distinct=37679, depth=34)
class DroppedIndex(OnlineIndex):
    """The index is dropped, or its building is given up: the same states, in the reverse order.

    In between all entries are wiped out. This is done in delete-only, when nobody makes an entry any more.
    """

    preceding: ClassVar[dict[State, State]] = {"public": "write-only", "write-only": "delete-only", "delete-only": "absent"}

    dropping: bool = False
    wiped: set[Key] = set()  # how far the wipe is

    @action
    def drop(self) -> None:
        require(not self.dropping and self.published != "absent")
        self.dropping = True

    def publish_next(self) -> None:
        require(not self.dropping)
        super().publish_next()

    def backfill(self, k: Key) -> None:
        require(not self.dropping)
        super().backfill(k)

    @action
    def publish_previous(self) -> None:
        require(self.dropping and self.published != "absent" and self.everybody_follows())
        require(self.published != "delete-only" or all(k in self.wiped for k in Key))
        self.published = self.preceding[self.published]

    @action
    def wipe(self, k: Key) -> None:
        require(self.dropping and self.published == "delete-only" and self.may_wipe() and k not in self.wiped)
        self.wiped.add(k)
        self.entry.discard(k)

    way_back = weak(publish_previous, wipe, per=())

    def may_wipe(self) -> bool:
        return self.everybody_follows()

    def completed(self) -> bool:
        return self.dropped() if self.dropping else super().completed()

    @reachable
    def dropped(self) -> bool:
        return self.dropping and not self.entry and self.published == "absent" and self.everybody_follows()

    @reachable
    def given_up(self) -> bool:
        """The index is dropped while it is being backfilled."""
        return self.dropping and self.public_is_next() and len(self.backfilled) > 0


@model(Key=1, violates=("no_orphan", "completes"), via="wipe", distinct=147, depth=18)
class WipeEarly(DroppedIndex):
    """The wipe begins when delete-only is published, not when everybody is there.

    A server that is still in write-only makes an entry behind its back. It is there when nobody knows of the index any
    more, and stays when its row is deleted.
    """

    def may_wipe(self) -> bool:
        return True


# ================================================== Servers are cut off


@model(distinct=620, depth=16)
@model(Server=4, Key=2, CUTS=3, distinct=55144, depth=26)
class LeasedIndex(OnlineIndex):
    """A server has a lease on its state of the schema, and renews it all the time. Without a lease it does not serve.

    A server that is cut off hears of nothing, and nobody hears of it; clients may reach it all the same. When its lease
    has expired, it need not be waited for. If it comes back after that, it first gets the state that is published now.
    """

    cut: set[Server] = set()  # cut off from whoever publishes the schema
    expired: set[Server] = set()  # without a lease
    cuts: Annotated[int, Range(0, CUTS)] = CUTS

    @action
    def cut_off(self, s: Server) -> None:
        require(s not in self.cut and self.cuts > 0)
        self.cuts -= 1
        self.cut.add(s)

    @action(fairness="weak", per="s")
    def expire(self, s: Server) -> None:
        require(s in self.cut and s not in self.expired)
        self.expired.add(s)

    @action
    def come_back(self, s: Server) -> None:
        require(s in self.cut)
        self.cut.remove(s)
        if s in self.expired:
            self.expired.remove(s)
            self.state[s] = self.published

    def serves(self, s: Server) -> bool:
        return s not in self.expired

    def hears(self, s: Server) -> bool:
        return s not in self.cut

    def follows(self, s: Server) -> bool:
        return self.state[s] == self.published or self.given_up_on(s)

    def given_up_on(self, s: Server) -> bool:
        return s in self.expired

    @reachable
    def went_on_without(self) -> bool:
        """The index is public, and a server that is cut off has never heard of it."""
        return any(self.state[s] == "public" for s in Server) and any(self.state[s] == "absent" for s in Server)

    @reachable
    def came_back(self) -> bool:
        return self.completed() and not self.cut and self.cuts < CUTS


@model(Key=1, violates="completes", via="cut_off", distinct=186, depth=14)
class WaitForEverybody(LeasedIndex, without=("went_on_without",)):
    """The schema change waits for everybody, with or without a lease. A server that does not come back stops it for ever."""

    def given_up_on(self, s: Server) -> bool:
        return False


@model(Key=1, violates=("no_orphan", "no_missing_entry"), via="cut_off", distinct=359, depth=14)
class TakenForDead(LeasedIndex):
    """Who does not answer is dead, and need not be waited for.

    It is not dead. Its lease has not expired yet, it goes on serving by a schema from the day before yesterday.
    """

    def given_up_on(self, s: Server) -> bool:
        return s in self.cut
