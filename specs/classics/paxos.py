"""Paxos: a few replicas agree on one value, whatever fails, as long as a majority of them is there.

The value may be who is the leader, what the next entry of a log is, or which configuration is in force. Once it is
chosen it stays chosen, and there is never another one. There are no clocks and no assumptions about how long a message
takes: whoever believes that something must be done about it may try, in a numbered attempt, a *ballot*.

First phase: the proposer of a ballot asks the replicas to *promise* that they take no part in lower ballots any more.
With its promise a replica says for what it has voted last. Second phase: with promises from a majority the proposer
proposes a value; if any of them had voted, it must be the value of their highest vote. A replica votes for it unless it
has promised a higher ballot. What a majority votes for in one ballot is chosen.

`Consensus` says what is wanted, `Paxos` implements it. `HalfIsEnough`, `OwnValueFirst` and `ForgetsItsPromise` each
leave out one rule, and two values are chosen. `Crashes` shows what Paxos survives, and what it does not. In these specs
there are only so many ballots, and the highest one succeeds. In reality there is always a higher one: `Duel` shows two
proposers who outbid each other for ever, and `OneProposer` why there is a leader.

`Consensus` and `Paxos` have the grain of `PaxosHowToWinATuringAward/MCConsensus` (4 states on 2 levels, three values)
and `PaxosHowToWinATuringAward/MCPaxosTiny` (3,921 states on 17 levels; three acceptors, two values, two ballots) in the
TLA+ examples (tlaplus/Examples), and the same numbers.

Sources: Leslie Lamport, "The part-time parliament" (1998) and "Paxos made simple" (2001).
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from speccheck import (
    Range,
    Sort,
    Spec,
    action,
    anything,
    choose,
    constant,
    disable,
    each,
    eventually,
    invariant,
    model,
    reachable,
    refines,
    require,
    subsets,
    terminal,
)

BALLOTS = constant("BALLOTS", 2, min=1)
CRASHES = constant("CRASHES", 1, min=1)  # how many replicas crash at most, and do not come back
RESTARTS = constant("RESTARTS", 1, min=1)

Ballot = Annotated[int, range(BALLOTS)]


class Replica(Sort, size=3, symmetric=True):
    """An acceptor: it promises and votes, and what it has promised and voted for is on its disk."""


class Value(Sort, size=2, symmetric=True):
    """What may be chosen. Each proposer may have its own idea."""


MAJORITY = len(Replica) // 2 + 1


@dataclass(frozen=True)
class Vote:
    """What a replica has accepted."""

    ballot: Ballot
    value: Value


@dataclass(frozen=True)
class Promise:
    """What a replica answers to the proposer of a ballot."""

    replica: Replica
    ballot: Ballot
    voted: Vote | None


@model(Value=3, distinct=4, depth=2)
class Consensus(Spec):
    """What is wanted: one value is chosen, once, for ever."""

    chosen: set[Value] = set()

    @action(fairness="weak", per=())
    def decide(self, v: Value) -> None:
        require(not self.chosen)
        self.chosen.add(v)

    @invariant
    def agreement(self) -> bool:
        """No two values are chosen."""
        return len(self.chosen) <= 1

    @terminal
    def decided(self) -> bool:
        return bool(self.chosen)

    decides = eventually(decided)


@model(distinct=3921, depth=17)
@model(BALLOTS=3, symmetry=True, skip="decides", distinct=17153, depth=25)
@model(BALLOTS=3, distinct=185369, depth=25, tags="slow")
@model(Replica=5, BALLOTS=2, symmetry=True, skip="decides", distinct=5811, depth=25, tags="slow")
class Paxos(Spec):
    """Messages may be late, and overtake each other. To receive one is to look at what was sent.

    That everybody looks some time is fairness, and safety does not depend on it.
    """

    quorum: ClassVar[int] = MAJORITY

    begun: set[Ballot] = set()
    promised: dict[Replica, Ballot | None] = each(None)  # the highest ballot in which a replica has taken part
    voted: dict[Replica, Vote | None] = each(None)  # its last vote
    promises: set[Promise] = set()
    proposed: dict[Ballot, Value | None] = each(None)
    votes: dict[Replica, set[Vote]] = each(set())

    @action(fairness="weak", per="b")
    def begin(self, b: Ballot) -> None:
        """Somebody asks all replicas for their promise."""
        require(b not in self.begun)
        self.begun.add(b)

    @action(fairness="weak", per=("r", "b"))
    def promise(self, r: Replica, b: Ballot) -> None:
        require(self.is_up(r) and b in self.begun and self.promised[r] != b and self.takes_part(r, b))
        self.promised[r] = b
        self.promises.add(Promise(r, b, self.voted[r]))

    @action(fairness="weak", per="b")
    def propose(self, b: Ballot, v: Value) -> None:
        require(self.proposed[b] is None)
        quorum = choose(subsets({m.replica for m in self.promises if m.ballot == b}, self.quorum, self.quorum))
        require(self.may_propose(v, {m.voted for m in self.promises if m.ballot == b and m.replica in quorum}))
        self.proposed[b] = v

    @action(fairness="weak", per=("r", "b"))
    def vote(self, r: Replica, b: Ballot) -> None:
        v = self.proposed[b]
        if v is None:
            disable()
        require(self.is_up(r) and Vote(b, v) not in self.votes[r] and self.takes_part(r, b))
        self.promised[r] = b
        self.voted[r] = Vote(b, v)
        self.votes[r].add(Vote(b, v))

    def takes_part(self, r: Replica, b: Ballot) -> bool:
        promised = self.promised[r]
        return promised is None or b >= promised

    def may_propose(self, v: Value, last: set[Vote | None]) -> bool:
        """Whether a value is that of the highest of the last votes; where there are none, any value may be proposed."""
        ballots = [b for b in range(BALLOTS) if any(Vote(b, w) in last for w in Value)]
        return not ballots or Vote(ballots[-1], v) in last

    def is_up(self, r: Replica) -> bool:
        return True

    def chosen(self) -> set[Value]:
        return {v for v in Value if any(sum(Vote(b, v) in self.votes[r] for r in Replica) >= self.quorum for b in range(BALLOTS))}

    @invariant
    def agreement(self) -> bool:
        """No two values are chosen."""
        return len(self.chosen()) <= 1

    @terminal
    def decided(self) -> bool:
        return bool(self.chosen())

    decides = eventually(decided)

    @refines(Consensus)
    def consensus(self) -> Consensus:
        return Consensus(chosen=self.chosen())

    @reachable
    def decided_late(self) -> bool:
        """A value is chosen in the last ballot, and somebody had voted in an earlier one."""
        return self.decided() and any({vote.ballot for vote in votes} == set(range(BALLOTS)) for votes in self.votes.values())


@model(Replica=2, violates=("agreement", "consensus"), distinct=721, depth=13)
class HalfIsEnough(Paxos):
    """Two data centres, a replica in each, and one is enough to go on if the other one cannot be reached.

    Then each of them goes on. What matters about majorities is that any two of them have a replica in common.
    """

    quorum: ClassVar[int] = len(Replica) // 2


@model(violates=("agreement", "consensus"), distinct=5329, depth=17)
class OwnValueFirst(Paxos):
    """A proposer asks for promises, and then proposes what it had in mind, whatever the replicas had voted for.

    A value is chosen in ballot 0. The proposer of ballot 1 hears of one vote for it, and cannot know whether that was
    the one that decided. It does not matter, it thinks, and another value is chosen.
    """

    def may_propose(self, v: Value, last: set[Vote | None]) -> bool:
        return True


@model(symmetry=True, skip="decides", violates=("agreement", "consensus"), via="restart", distinct=2276, depth=19)
class ForgetsItsPromise(Paxos):
    """Votes are on the disk, promises in memory: they seemed to be a mere formality.

    A replica promises ballot 1, says that it has not voted, restarts, and votes in ballot 0. The proposer of ballot 1
    counts on its promise: what it had heard then is no longer true.
    """

    restarts: Annotated[int, Range(0, RESTARTS)] = RESTARTS

    @action
    def restart(self, r: Replica) -> None:
        last = self.voted[r]
        require(self.restarts > 0 and self.promised[r] is not None)
        self.restarts -= 1
        self.promised[r] = last.ballot if last else None


@model(BALLOTS=1, CRASHES=1, distinct=292, depth=10)
@model(BALLOTS=1, CRASHES=2, violates=("deadlock", "decides"), via="crash", distinct=511, depth=11)
class Crashes(Paxos):
    """Replicas crash and do not come back. A minority does no harm. Without a majority nothing is decided any more.

    That is the price, and it is right: those who are left cannot know what the others have decided.
    """

    down: set[Replica] = set()

    @action
    def crash(self, r: Replica) -> None:
        require(r not in self.down and len(self.down) < CRASHES)
        self.down.add(r)

    def is_up(self, r: Replica) -> bool:
        return r not in self.down

    @reachable
    def crash_survived(self) -> bool:
        return self.decided() and bool(self.down)


# ================================================== Why there is a leader


class Proposer(Sort, size=2):
    """Somebody who begins ballots."""


@model(violates="decides", distinct=83, depth=7)
class Duel(Spec):
    """Two proposers outbid each other for ever. Nothing goes wrong, and nothing is decided.

    A has the promises of a majority. Before it can propose, B has begun a higher ballot and has them. A begins a still
    higher one, and so on. Everybody is fair, and no step is possible for long.

    How high a ballot is does not matter here, but whose is the highest. That makes endless bidding a finite model.
    """

    highest: Proposer | None = None  # whose ballot is
    promised: dict[Replica, Proposer | None] = each(None)  # whose ballot was the highest when a replica last looked
    chosen: Proposer | None = None

    @action(fairness="weak", per="p")
    def begin(self, p: Proposer) -> None:
        """Begin a ballot that is higher than all others."""
        require(self.chosen is None and self.highest != p and self.may_begin(p))
        self.highest = p

    @action(fairness="weak", per="r")
    def promise(self, r: Replica) -> None:
        require(self.chosen is None and self.promised[r] != self.highest)
        self.promised[r] = self.highest

    @action(fairness="weak", per="p")
    def propose(self, p: Proposer) -> None:
        """Propose, and have the votes of all who have not promised a higher ballot since."""
        require(self.chosen is None and sum(self.promised[r] == p for r in Replica) >= MAJORITY)
        self.chosen = p

    def may_begin(self, p: Proposer) -> bool:
        return True

    @terminal
    def decided(self) -> bool:
        return self.chosen is not None

    decides = eventually(decided)

    @reachable
    def outbid(self) -> bool:
        """Both were in each other's way, and yet one of them succeeds."""
        return self.decided() and set(Proposer) <= set(self.promised.values())


@model(distinct=26, depth=6)
class OneProposer(Duel, without=("outbid",)):
    """There is a leader, and only the leader begins ballots.

    Who it is may be found out in any way, for Paxos is safe with two leaders, too: they merely are in each other's way.
    """

    leader: Proposer = anything()

    def may_begin(self, p: Proposer) -> bool:
        return p == self.leader
