"""Consensus, voting and Paxos, each of which refines the one before it (Leslie Lamport).

`Paxos` and `PaxosHowToWinATuringAward` in tlaplus/Examples.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, NamedTuple

from speccheck import Range, Sort, Spec, action, choose, constant, each, invariant, model, refines, require

BALLOTS = constant("BALLOTS", 2, min=1)

Ballot = Annotated[int, range(BALLOTS)]
MaybeBallot = Annotated[int, Range(-1, BALLOTS - 1)]


class Acceptor(Sort, size=3, symmetric=True):
    """An acceptor."""


class Value(Sort, size=2, symmetric=True):
    """A value that may be chosen."""


QUORUMS = frozenset(frozenset(q) for q in combinations(Acceptor, len(Acceptor) // 2 + 1))


@model(Value=3, distinct=4, depth=2)
class Consensus(Spec, deadlock=False):
    chosen: set[Value] = set()

    @action
    def choose_one(self, v: Value) -> None:
        require(not self.chosen)
        self.chosen = {v}

    @invariant
    def at_most_one(self) -> bool:
        return len(self.chosen) <= 1


class Vote(NamedTuple):
    ballot: Ballot
    value: Value


@model(BALLOTS=2, symmetry=True, distinct=77, depth=11)
@model(BALLOTS=3, distinct=6752, depth=16)
class Voting(Spec, deadlock=False):
    votes: dict[Acceptor, set[Vote]] = each(set())
    max_bal: dict[Acceptor, MaybeBallot] = each(-1)

    def voted_for(self, a: Acceptor, b: Ballot, v: Value) -> bool:
        return Vote(b, v) in self.votes[a]

    def did_not_vote_at(self, a: Acceptor, b: Ballot) -> bool:
        return not any(self.voted_for(a, b, v) for v in Value)

    def cannot_vote_at(self, a: Acceptor, b: Ballot) -> bool:
        return self.max_bal[a] > b and self.did_not_vote_at(a, b)

    def chosen_at(self, b: Ballot, v: Value) -> bool:
        return any(all(self.voted_for(a, b, v) for a in q) for q in QUORUMS)

    def none_other_choosable_at(self, b: Ballot, v: Value) -> bool:
        return any(all(self.voted_for(a, b, v) or self.cannot_vote_at(a, b) for a in q) for q in QUORUMS)

    def safe_at(self, b: Ballot, v: Value) -> bool:
        return all(self.none_other_choosable_at(c, v) for c in range(b))

    def shows_safe_at(self, q: Iterable[Acceptor], b: Ballot, v: Value) -> bool:
        acceptors = [a for a in Acceptor if a in q]
        return all(self.max_bal[a] >= b for a in acceptors) and any(
            (c == -1 or any(self.voted_for(a, c, v) for a in acceptors)) and all(self.did_not_vote_at(a, d) for d in range(c + 1, b) for a in acceptors)
            for c in range(-1, b)
        )

    @action
    def increase_max_bal(self, a: Acceptor, b: Ballot) -> None:
        require(b > self.max_bal[a])
        self.max_bal[a] = b

    @action
    def vote_for(self, a: Acceptor, b: Ballot, v: Value) -> None:
        require(self.max_bal[a] <= b)
        require(all(vote.ballot != b for vote in self.votes[a]))
        require(all(vote.value == v for c in Acceptor if c != a for vote in self.votes[c] if vote.ballot == b))
        require(any(self.shows_safe_at(q, b, v) for q in QUORUMS))
        self.votes[a].add(Vote(b, v))
        self.max_bal[a] = b

    @invariant
    def votes_safe(self) -> bool:
        return all(self.safe_at(vote.ballot, vote.value) for votes in self.votes.values() for vote in votes)

    @invariant
    def one_value_per_ballot(self) -> bool:
        cast = [vote for votes in self.votes.values() for vote in votes]
        return all(x.value == y.value for x in cast for y in cast if x.ballot == y.ballot)

    @refines(Consensus)
    def consensus(self) -> Consensus:
        return Consensus(chosen={v for v in Value if any(self.chosen_at(b, v) for b in range(BALLOTS))})


@dataclass(frozen=True)
class Prepare:
    ballot: Ballot


@dataclass(frozen=True)
class Promise:
    acceptor: Acceptor
    ballot: Ballot
    accepted: Vote | None


@dataclass(frozen=True)
class Propose:
    vote: Vote


@dataclass(frozen=True)
class Accept:
    acceptor: Acceptor
    vote: Vote


Message = Prepare | Promise | Propose | Accept


@model(BALLOTS=2, distinct=3921, depth=17)
class Paxos(Spec, deadlock=False):
    max_bal: dict[Acceptor, MaybeBallot] = each(-1)
    accepted: dict[Acceptor, Vote | None] = each(None)
    msgs: set[Message] = set()

    @action
    def phase_1a(self, b: Ballot) -> None:
        self.msgs.add(Prepare(b))

    @action
    def phase_1b(self, a: Acceptor) -> None:
        match choose(self.msgs):
            case Prepare(b) if b > self.max_bal[a]:
                self.max_bal[a] = b
                self.msgs.add(Promise(a, b, self.accepted[a]))
            case _:
                require(False)

    @action
    def phase_2a(self, b: Ballot, v: Value) -> None:
        require(not any(isinstance(m, Propose) and m.vote.ballot == b for m in self.msgs))
        quorum = choose(QUORUMS)
        promises = [m for m in self.msgs if isinstance(m, Promise) and m.acceptor in quorum and m.ballot == b]
        require(all(any(m.acceptor == a for m in promises) for a in quorum))
        accepted = [m.accepted for m in promises if m.accepted is not None]
        highest = max((vote.ballot for vote in accepted), default=-1)
        require(not accepted or Vote(highest, v) in accepted)
        self.msgs.add(Propose(Vote(b, v)))

    @action
    def phase_2b(self, a: Acceptor) -> None:
        m = choose(self.msgs)
        require(isinstance(m, Propose) and m.vote.ballot >= self.max_bal[a])
        assert isinstance(m, Propose)
        self.max_bal[a] = m.vote.ballot
        self.accepted[a] = m.vote
        self.msgs.add(Accept(a, m.vote))

    @refines(Voting)
    def voting(self) -> Voting:
        return Voting(
            votes={a: {m.vote for m in self.msgs if isinstance(m, Accept) and m.acceptor == a} for a in Acceptor},
            max_bal=self.max_bal,
        )
