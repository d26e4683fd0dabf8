"""Moving a table by its log: copy the rows, follow the log, freeze the source, cut over.

The other way to move a table, without a second write. The service goes on with the source alone. A copier goes through
its rows, many at a time, and inserts them into the target; meanwhile a streamer follows the log of the source, which
has every change in its order, and applies it to the target. When all rows are copied, a ferry cuts over: it makes the
source read-only, records the position where the log ends now, asks the streamer to end when it has come so far, and
switches the service to the target. How long nobody can write is a matter of seconds, if all goes well. Each of the
three is a `@process`.

Copier and streamer do not wait for each other, so the target gets a row twice and in any order: the copy may be newer
than a change that is applied after it, or older than one that was applied before. `RowCopy` gets along with that by two
rules. The copier holds a lock on the row in the source until it is in the target, and inserts it only if it is not
there. The streamer applies a change only to a row that is as the change has found it, and skips all others
(compare-and-set). `TornRowCopy` copies without the lock, `BlindApply` applies without comparing, and `UpsertEverything`
and `UpsertMeetsDelete` do both. It turns out that the two rules are not equally important: with the lock the cut-over
is safe either way, and to compare keeps the target from going back in time before that.

The ferry has its order. `StopBeforePosition` and `PositionBeforeFreeze` exchange two neighbouring steps of it, and
`CheckedCutOver` shows what becomes of the first of these mistakes if somebody is careful. `LateStart` follows the log
from the time on when the rows are copied, as those do who take a dump first and set up replication then.

Sources: Shopify's Ghostferry and its TLA+ model, for the two rules and for the order of the cut-over. Its authors note
there that a copy of a row in two steps without a lock corrupts data, and that stopping the streamer before the position
is recorded is a race; both are variants here. In place of their queue between reading and writing the log, the streamer
here is one that may restart from an older checkpoint.
"""

from dataclasses import dataclass
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
    eventually,
    invariant,
    leads_to,
    model,
    process,
    reachable,
    require,
    step_invariant,
)

CHANGES = constant("CHANGES", 2, min=2)  # how many writes and deletes clients ask for
CRASHES = constant("CRASHES", 1, min=1)  # how often the streamer crashes at most, and restarts from an older checkpoint


class Row(Sort, size=1, symmetric=True):
    """A row of the table, found by its key."""


Content = Annotated[int, Range(0, CHANGES)] | None  # the number of the change that wrote it; None: there is no row
Position = Annotated[int, Range(0, CHANGES)]  # in the log: after so many changes


@dataclass(frozen=True)
class Change:
    """An entry of the log. Inserts, updates and deletes are all of this form."""

    row: Row
    old: Content
    new: Content


@model(distinct=256, depth=14)
@model(CHANGES=4, CRASHES=2, distinct=2814, depth=20)
@model(Row=2, distinct=1786, depth=16)
@model(Row=3, CHANGES=3, distinct=80246, depth=20)
@model(Row=3, CHANGES=4, CRASHES=2, distinct=949394, depth=24, tags="slow")
class RowCopy(Spec):
    """The design that works."""

    source: dict[Row, Content] = each(0)
    target: dict[Row, Content] = each(None)
    log: Annotated[list[Change], MaxLen(CHANGES)] = []
    streamed: Position = 0  # how far the streamer has come
    frozen: bool = False  # the source is read-only
    position: Position = 0  # where the streamer is to end
    stop_requested: bool = False
    serves: Literal["source", "target"] = "source"
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    # -------------------------------------------------- clients

    @action
    def write(self, r: Row) -> None:
        self.change(r, len(self.log) + 1)

    @action
    def delete(self, r: Row) -> None:
        require(self.source[r] is not None)
        self.change(r, None)

    def change(self, r: Row, new: Content) -> None:
        """One transaction: the row, and the entry in the log."""
        require(not self.frozen and len(self.log) < CHANGES and not self.is_locked(r))
        self.log.append(Change(r, self.source[r], new))
        self.source[r] = new

    # -------------------------------------------------- the copier

    @process(fairness="weak")
    def copier(self, r: Row) -> Steps:
        yield "read"
        content = self.source[r]
        yield "insert"
        if self.target[r] is None:
            self.target[r] = content

    def is_locked(self, r: Row) -> bool:
        """From the read to the insert."""
        return at(self.copier, r) == "insert"

    def is_copied(self) -> bool:
        return all(at(self.copier, r) == "done" for r in Row)

    # -------------------------------------------------- the streamer

    @process(fairness="weak")
    def streamer(self) -> Steps:
        yield from self.follow()

    def follow(self) -> Steps:
        while True:
            yield "next_change"
            if self.stop_requested and self.streamed >= self.position:
                return
            require(self.streamed < len(self.log))
            change = self.log[self.streamed]
            if self.applies(change):
                self.target[change.row] = change.new
            self.streamed += 1

    def applies(self, change: Change) -> bool:
        return self.target[change.row] == change.old

    @action
    def crash(self) -> None:
        """The streamer crashes, and begins again at a checkpoint, which is older."""
        require(at(self.streamer) == "follow.next_change" and self.crashes > 0)
        self.crashes -= 1
        self.streamed = choose(range(self.streamed))

    # -------------------------------------------------- the ferry

    @process(fairness="weak")
    def ferry(self) -> Steps:
        yield "freeze"
        require(self.may_begin())
        self.frozen = True
        yield "record_position"
        self.position = len(self.log)
        yield "request_stop"
        self.stop_requested = True
        yield "cut_over"
        require(at(self.streamer) == "done" and self.is_checked())
        self.serves = "target"

    def may_begin(self) -> bool:
        """All rows are copied, and the streamer follows the log."""
        return self.is_copied() and at(self.streamer) == "follow.next_change"

    def is_checked(self) -> bool:
        return True

    def is_cut_over(self) -> bool:
        return self.serves == "target"

    # -------------------------------------------------- promises

    @invariant
    def cut_over_is_safe(self) -> bool:
        """When the service has been switched to the target, the target has what the source has."""
        return not self.is_cut_over() or self.target == self.source

    @step_invariant
    def target_never_goes_back(self, after: Self) -> bool:
        """No row of the target is replaced by an older one. Somebody may be reading there already, or verifying."""
        return all(was is None or now is None or now >= was for was, now in ((self.target[r], after.target[r]) for r in Row))

    def is_frozen(self) -> bool:
        return self.frozen

    completes = eventually(is_cut_over)
    freeze_ends = leads_to(is_frozen, is_cut_over)

    @reachable
    def copy_is_newer(self) -> bool:
        """The copy has a change that the streamer has still to apply."""
        return any(self.target[change.row] == change.new is not None for change in self.log[self.streamed :])

    @reachable
    def streamer_is_first(self) -> bool:
        """The streamer has inserted a row that is still to be copied."""
        return any(self.target[r] is not None and at(self.copier, r) != "done" for r in Row)

    @reachable
    def moved(self) -> bool:
        """It is all over, after a delete and a crash."""
        return self.is_cut_over() and self.crashes < CRASHES and any(change.new is None for change in self.log)


# ================================================== Copy and apply


@model(violates="cut_over_is_safe", distinct=432, depth=14)
class TornRowCopy(RowCopy):
    """The copier reads a row, and inserts it a moment later. The row is not locked in between.

    It has read 0. The row is changed to 1; the streamer finds no row 0 in the target to change, and skips the change. Now
    the copier inserts its 0, and nobody will ever come back to this row.
    """

    def is_locked(self, r: Row) -> bool:
        return False


@model(violates="target_never_goes_back", distinct=256, depth=14)
@model(Row=2, CHANGES=3, violates="target_never_goes_back", distinct=10754, depth=18)
class BlindApply(RowCopy):
    """The streamer applies whatever comes, without comparing.

    For the cut-over this does no harm: what is applied last is what was changed last. But until then, whenever a copy is
    newer than the log, or the streamer restarts, the target goes back in time, before the eyes of whoever reads or
    verifies it.
    """

    def applies(self, change: Change) -> bool:
        return True


@model(violates="target_never_goes_back", distinct=120, depth=14)
@model(Row=2, CHANGES=3, violates="target_never_goes_back", distinct=3562, depth=18)
class UpsertEverything(TornRowCopy, BlindApply, without=("delete", "moved")):
    """No lock and no comparison, and yet the cut-over is safe, as long as nobody deletes.

    What the copier has read too early finds the row already there, put there by the streamer, and is not inserted.
    """


@model(violates=("cut_over_is_safe", "target_never_goes_back"), distinct=372, depth=14)
class UpsertMeetsDelete(TornRowCopy, BlindApply):
    """The same, and somebody deletes.

    The copier has read 0. The row is deleted, and the streamer applies that to a target that has no such row. The copier
    inserts 0: the row is back.
    """


# ================================================== The order of things


@model(violates="cut_over_is_safe", distinct=366, depth=14)
class StopBeforePosition(RowCopy):
    """The ferry asks the streamer to stop, and only then records the position.

    In between, the streamer takes the old position for the end, and has come so far long ago. It ends, and the changes
    that are still in the log are applied by nobody.
    """

    def ferry(self) -> Steps:
        yield "freeze"
        require(self.may_begin())
        self.frozen = True
        yield "request_stop"
        self.stop_requested = True
        yield "record_position"
        self.position = len(self.log)
        yield "cut_over"
        require(at(self.streamer) == "done" and self.is_checked())
        self.serves = "target"


@model(violates=("completes", "freeze_ends", "deadlock"), distinct=333, depth=14)
class CheckedCutOver(StopBeforePosition):
    """The same order, and a check before the switch: has the streamer come to the position?

    It has not, and it has ended. The data are safe, the source is read-only, and nobody can write any more until an
    engineer is awake.
    """

    def is_checked(self) -> bool:
        return self.streamed >= self.position


@model(violates="cut_over_is_safe", distinct=527, depth=14)
class PositionBeforeFreeze(RowCopy):
    """The ferry records the position and then makes the source read-only. What comes in between is behind the position."""

    def ferry(self) -> Steps:
        yield "record_position"
        require(self.may_begin())
        self.position = len(self.log)
        yield "freeze"
        self.frozen = True
        yield "request_stop"
        self.stop_requested = True
        yield "cut_over"
        require(at(self.streamer) == "done" and self.is_checked())
        self.serves = "target"


@model(violates="cut_over_is_safe", via="streamer.connect", distinct=290, depth=13)
class LateStart(RowCopy, without=("copy_is_newer", "streamer_is_first")):
    """First the rows are copied, then the streamer starts, with what comes from now on.

    What was changed in a row after it was copied, and before the streamer started, is missing.
    """

    def streamer(self) -> Steps:
        yield "connect"
        require(self.is_copied())
        self.streamed = len(self.log)
        yield from self.follow()
