"""Raft: a log that is the same on all servers, written by one leader at a time.

A server that hears nothing of a leader stands for election, in a new term. Who has the votes of a majority is leader of
this term. The leader appends entries to its log and replicates the log to the others. An entry that a majority holds is
committed: all may apply it, and it must never be lost. A leader that is not the leader any more learns so from the
first server that knows a higher term.

Two rules that look like details carry the weight. A server votes only for those whose log is as complete as its own.
And a leader does not count replicas of an entry of an earlier term: it commits it together with an entry of its own.

`Raft` keeps its promises. `LogsNotCompared` and `CommitsOldTerms` drop one of these rules each (the second one is
figure 8 of the paper). `WaitsForClients` drops what follows from the second rule, that a new leader begins with an
entry of its own; everything is safe, and an old entry may wait for ever. Then servers restart: `Restarts` has what it
needs on the disk, and `VoteNotOnDisk` has not.

What is left out: a request and its answer are one step, which happens or does not. So messages are lost or late, but
never outdated. A log is replicated as a whole, and a leader appends one entry per term, which is enough for all that
can go wrong here. That a leader is elected in the end cannot be shown, for terms are bounded, and it is not certain
either: elections may fail again and again, and only random pauses make this unlikely.

Source: Ongaro and Ousterhout, "In search of an understandable consensus algorithm" (2014, extended version); section
5.4 for the two rules, section 8 for the first entry of a leader.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from speccheck import (
    Formula,
    MaxLen,
    Range,
    Record,
    Sort,
    Spec,
    action,
    choose,
    constant,
    eventually_always,
    implies,
    init,
    invariant,
    model,
    reachable,
    require,
    step_invariant,
    temporal,
    terminal,
    weak,
)

MAX_TERM = constant("MAX_TERM", 2, min=2)
MAX_LOG = constant("MAX_LOG", 2, min=1)
RESTARTS = constant("RESTARTS", 1, min=1)  # how many restarts there are at most

Term = Annotated[int, Range(1, MAX_TERM)]
Index = Annotated[int, Range(0, MAX_LOG)]


class Server(Sort, size=3, symmetric=True):
    """A server of the cluster."""


@dataclass(frozen=True)
class Entry:
    """An entry of a log is known by the term in which it was made and the leader that made it."""

    term: Term
    leader: Server


Log = Annotated[tuple[Entry, ...], MaxLen(MAX_LOG)]


class Member(Record):
    """What a server knows."""

    role: Literal["follower", "candidate", "leader"] = "follower"
    term: Term = 1
    voted_for: Server | None  # in this term
    votes: set[Server] = set()  # those that a candidate has
    log: Log = ()
    committed: Index = 0  # how many entries of the log it knows to be committed, and has applied
    holds: dict[Server, Index] = {}  # how many entries of its log a leader knows to be with others

    def last(self) -> tuple[int, int]:
        """Return what logs are compared by: the term of the last entry, then the length."""
        return (self.log[-1].term if self.log else 0, len(self.log))

    def enter(self, term: Term) -> None:
        """Hear of a term. If it is a higher one, whoever was leader or candidate is so no more."""
        if term > self.term:
            self.term = term
            self.voted_for = None
            self.follow()

    def follow(self) -> None:
        self.role = "follower"
        self.votes = set()
        self.holds = {}


def is_majority(n: int) -> bool:
    return 2 * n > len(Server)


@model(distinct=2715, depth=13)
@model(MAX_TERM=3, MAX_LOG=3, distinct=40261, depth=17)
@model(Server=5, MAX_LOG=2, symmetry=True, skip="stable_leader_commits", distinct=20098, depth=19, tags="slow")
@model(MAX_TERM=4, MAX_LOG=4, distinct=351407, depth=22, tags="slow")
class Raft(Spec):
    """The protocol, with all its rules."""

    server: dict[Server, Member]

    @init
    def first_election(self) -> None:
        """The story begins when the leader of the first term has been elected, and everybody knows."""
        leader = choose(Server)
        self.server = {s: Member(role="leader" if s == leader else "follower", voted_for=leader) for s in Server}

    # -------------------------------------------------- elections

    @action
    def stand(self, s: Server) -> None:
        """Hear nothing of a leader for too long, and stand for election."""
        me = self.server[s]
        require(me.role != "leader" and me.term < MAX_TERM)
        me.enter(me.term + 1)
        me.role = "candidate"
        me.voted_for = s
        me.votes = {s}

    @action
    def vote(self, voter: Server, candidate: Server) -> None:
        v, c = self.server[voter], self.server[candidate]
        require(voter != candidate and c.role == "candidate" and voter not in c.votes)
        require(c.term >= v.term and self.is_complete(candidate, voter))
        v.enter(c.term)
        require(v.voted_for is None)
        v.voted_for = candidate
        c.votes.add(voter)
        if is_majority(len(c.votes)):
            c.votes = set()
            c.role = "leader"

    @action(fairness="weak", per="s")
    def hear_of_term(self, s: Server, other: Server) -> None:
        """Learn from whoever knows it that there is a higher term. (A follower learns it when it votes, or later.)"""
        require(self.server[s].role != "follower" and self.server[other].term > self.server[s].term)
        self.server[s].enter(self.server[other].term)

    def is_complete(self, candidate: Server, voter: Server) -> bool:
        """Whether the candidate's log is as complete as the voter's."""
        return self.server[candidate].last() >= self.server[voter].last()

    # -------------------------------------------------- replication

    @action
    def append(self, leader: Server) -> None:
        """Append what a client asks for. An empty entry will do."""
        me = self.server[leader]
        require(me.role == "leader" and me.last() < (me.term, 0) and len(me.log) < MAX_LOG)
        me.log = (*me.log, Entry(me.term, leader))

    first_entry = weak(append, per="leader")  # each leader appends one, whether a client asks or not

    @action(fairness="weak", per=("leader", "follower"))
    def replicate(self, leader: Server, follower: Server) -> None:
        me, other = self.server[leader], self.server[follower]
        require(leader != follower and me.role == "leader" and me.term >= other.term)
        other.enter(me.term)
        other.follow()
        other.log = me.log
        other.committed = max(other.committed, me.committed)
        if me.log:
            me.holds[follower] = len(me.log)

    @action(fairness="weak", per="leader")
    def commit(self, leader: Server) -> None:
        me = self.server[leader]
        require(me.role == "leader")
        n = choose(range(me.committed + 1, len(me.log) + 1))
        require(is_majority(1 + sum(held >= n for held in me.holds.values())) and self.may_commit(leader, n))
        me.committed = n

    def may_commit(self, leader: Server, n: Index) -> bool:
        """Whether the last of these entries is of the leader's own term; then the others are safe with it."""
        me = self.server[leader]
        return me.log[n - 1].term == me.term

    # -------------------------------------------------- promises

    @invariant
    def one_leader_per_term(self) -> bool:
        terms = [m.term for m in self.server.values() if m.role == "leader"]
        return len(terms) == len(set(terms))

    @invariant
    def log_matching(self) -> bool:
        """Two logs that have an entry of one term in the same place are the same up to there."""
        members = self.server.values()
        return all(
            a.log[: n + 1] == b.log[: n + 1] for a in members for b in members for n in range(min(len(a.log), len(b.log))) if a.log[n].term == b.log[n].term
        )

    @invariant
    def leader_completeness(self) -> bool:
        """A leader has every entry that was committed in terms up to its own."""
        members = self.server.values()
        return all(a.log[: b.committed] == b.log[: b.committed] for a in members for b in members if a.role == "leader" and a.term >= b.term)

    @invariant
    def state_machine_safety(self) -> bool:
        """No two servers have applied different entries in one place."""
        members = self.server.values()
        return all(a.log[:n] == b.log[:n] for a in members for b in members for n in range(1, min(a.committed, b.committed) + 1))

    @step_invariant
    def applied_entries_stay(self, after: Self) -> bool:
        """What a server has applied stays in its log."""
        return all(after.server[s].log[: m.committed] == m.log[: m.committed] for s, m in self.server.items())

    @temporal
    def stable_leader_commits(self, s: Server) -> Formula:
        """A leader that is not deposed has all of its log committed, everywhere. (If the model has room for its entry.)"""
        return implies(eventually_always(lambda: self.server[s].role == "leader"), eventually_always(lambda: self.all_committed(s)))

    def all_committed(self, leader: Server) -> bool:
        log = self.server[leader].log
        return all(m.log == log and m.committed == len(log) for m in self.server.values())

    @terminal
    def out_of_terms(self) -> bool:
        return any(m.term == MAX_TERM for m in self.server.values())

    @reachable
    def committed_everywhere(self) -> bool:
        return all(m.committed == MAX_LOG for m in self.server.values())

    @reachable
    def two_leaders(self) -> bool:
        """In different terms. One of them does not know yet."""
        return sum(m.role == "leader" for m in self.server.values()) > 1

    @reachable
    def entry_lost(self) -> bool:
        """An entry is gone that was never committed, and the client must ask again."""
        return any(m.committed > 0 and m.log[0].term > 1 for m in self.server.values())


# ================================================== Rules left out


@model(symmetry=True, violates=("leader_completeness", "state_machine_safety", "applied_entries_stay"), distinct=603, depth=13)
class LogsNotCompared(Raft):
    """Whoever asks first has the vote.

    A leader commits an entry, with a majority. Another server, which does not have it, is elected by one that has. It
    replicates its own log over what was committed.
    """

    def is_complete(self, candidate: Server, voter: Server) -> bool:
        return True


@model(
    MAX_TERM=4,
    MAX_LOG=1,
    symmetry=True,
    skip="stable_leader_commits",
    violates=("leader_completeness", "state_machine_safety", "applied_entries_stay"),
    distinct=8074,
    depth=17,
)
class CommitsOldTerms(Raft):
    """What a majority holds is committed, of whatever term it is.

    Leader A of term 1 appends an entry, and nobody else gets it. Leader B of term 2 appends another one, and nobody
    else gets it. A is leader again in term 3, replicates its old entry to C, and takes it for committed. But B's log
    ends with an entry of a later term than theirs. In term 4 one of them votes for B, and B replicates its log over
    what was committed.

    If A had appended an entry of term 3, and a majority had that, too, nobody of them would have voted for B.
    """

    def may_commit(self, leader: Server, n: Index) -> bool:
        return True


@model(violates="stable_leader_commits", distinct=2715, depth=13)
class WaitsForClients(Raft, without=("first_entry",)):
    """A new leader waits for a client before it appends anything.

    It may not commit entries of earlier terms on their own, so they wait as well. At night no client comes, and what
    was asked for in the evening is not answered before the morning.
    """


@model(MAX_LOG=1, symmetry=True, skip="stable_leader_commits", distinct=710, depth=11)
@model(MAX_TERM=3, MAX_LOG=3, distinct=165006, depth=18, tags="slow")
class Restarts(Raft):
    """A server may restart. Its term, its vote and its log are on the disk; everything else it learns again."""

    restarts: Annotated[int, Range(0, RESTARTS)] = RESTARTS

    @action
    def restart(self, s: Server) -> None:
        require(self.restarts > 0)
        self.restarts -= 1
        self.server[s].follow()
        self.lose(s)

    def lose(self, s: Server) -> None:
        """It is all on the disk."""


@model(
    MAX_LOG=1,
    symmetry=True,
    skip="stable_leader_commits",
    violates=("one_leader_per_term", "log_matching", "leader_completeness", "state_machine_safety", "applied_entries_stay"),
    via="restart",
    distinct=1066,
    depth=14,
)
class VoteNotOnDisk(Restarts):
    """A server votes, restarts, and votes again in the same term. There are two leaders, and two logs."""

    def lose(self, s: Server) -> None:
        self.server[s].voted_for = None
