"""Paxos Commit (Gray and Lamport, 2006), after the module PaxosCommit of the TLA+ examples: transaction commit with an instance of Paxos for each resource manager.

Messages are kept for good: what was sent can be received again. With two resource managers, three acceptors and two ballots there are 1,321,761 states, as
TLC has published.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import Range, Record, Sort, Spec, action, choose, constant, each, invariant, model, require

BALLOTS = constant("BALLOTS", 2, min=1)

Ballot = Annotated[int, Range(0, BALLOTS - 1)]
Maybe = Annotated[int, Range(-1, BALLOTS - 1)]  # -1: no ballot yet
Vote = Literal["prepared", "aborted"]
VOTES: tuple[Vote, ...] = ("prepared", "aborted")


class RM(Sort, size=2):
    """A resource manager."""


class Acceptor(Sort, size=3):
    """An acceptor."""


@dataclass(frozen=True)
class Phase1a:
    rm: RM
    ballot: Ballot


@dataclass(frozen=True)
class Phase1b:
    rm: RM
    promised: Ballot
    ballot: Maybe
    vote: Vote | None
    acceptor: Acceptor


@dataclass(frozen=True)
class Phase2a:
    rm: RM
    ballot: Ballot
    vote: Vote


@dataclass(frozen=True)
class Phase2b:
    rm: RM
    ballot: Ballot
    vote: Vote
    acceptor: Acceptor


@dataclass(frozen=True)
class Decision:
    commit: bool


class Accepted(Record):
    """What an acceptor knows of one instance."""

    promised: Ballot = 0
    ballot: Maybe = -1
    vote: Vote | None = None


def majority(n: int) -> bool:
    return 2 * n > len(Acceptor)


@model(distinct=1_321_761, depth=28)
class PaxosCommit(Spec):
    state: dict[RM, Literal["working", "prepared", "committed", "aborted"]] = each("working")
    accepted: dict[RM, dict[Acceptor, Accepted]] = each(each(Accepted()))
    msgs: set[Phase1a | Phase1b | Phase2a | Phase2b | Decision] = set()

    @action
    def prepare(self, rm: RM) -> None:
        require(self.state[rm] == "working")
        self.state[rm] = "prepared"
        self.msgs.add(Phase2a(rm, 0, "prepared"))

    @action
    def choose_to_abort(self, rm: RM) -> None:
        require(self.state[rm] == "working")
        self.state[rm] = "aborted"
        self.msgs.add(Phase2a(rm, 0, "aborted"))

    @action
    def receive_commit(self, rm: RM) -> None:
        require(Decision(True) in self.msgs)
        self.state[rm] = "committed"

    @action
    def receive_abort(self, rm: RM) -> None:
        require(Decision(False) in self.msgs)
        self.state[rm] = "aborted"

    @action
    def phase1a(self, ballot: Ballot, rm: RM) -> None:
        require(ballot > 0)
        self.msgs.add(Phase1a(rm, ballot))

    @action
    def phase2a(self, ballot: Ballot, rm: RM) -> None:
        """The leader of a ballot proposes what a majority has voted for in the latest ballot, or to abort."""
        require(ballot > 0 and not any(Phase2a(rm, ballot, vote) in self.msgs for vote in VOTES))
        absent = choose(Acceptor)
        promises = {m for m in self.msgs if isinstance(m, Phase1b) and m.rm == rm and m.promised == ballot and m.acceptor != absent}
        require(all(any(m.acceptor == acceptor for m in promises) for acceptor in Acceptor if acceptor != absent))
        latest = max(m.ballot for m in promises)
        prepared = any(m.ballot == latest and m.vote == "prepared" for m in promises)
        self.msgs.add(Phase2a(rm, ballot, "prepared" if prepared else "aborted"))

    @action
    def phase1b(self, acceptor: Acceptor) -> None:
        m = choose({m for m in self.msgs if isinstance(m, Phase1a)})
        mine = self.accepted[m.rm][acceptor]
        require(mine.promised < m.ballot)
        mine.promised = m.ballot
        self.msgs.add(Phase1b(m.rm, m.ballot, mine.ballot, mine.vote, acceptor))

    @action
    def phase2b(self, acceptor: Acceptor) -> None:
        m = choose({m for m in self.msgs if isinstance(m, Phase2a)})
        mine = self.accepted[m.rm][acceptor]
        require(mine.promised <= m.ballot)
        mine.promised = mine.ballot = m.ballot
        mine.vote = m.vote
        self.msgs.add(Phase2b(m.rm, m.ballot, m.vote, acceptor))

    @action
    def decide(self, commit: bool) -> None:
        require(all(self.decided(rm, "prepared") for rm in RM) if commit else any(self.decided(rm, "aborted") for rm in RM))
        self.msgs.add(Decision(commit))

    def decided(self, rm: RM, vote: Vote) -> bool:
        """Return whether a majority of acceptors has voted so for rm in one ballot."""
        return any(majority(sum(Phase2b(rm, ballot, vote, acceptor) in self.msgs for acceptor in Acceptor)) for ballot in range(BALLOTS))

    @invariant
    def consistent(self) -> bool:
        return not any(self.state[a] == "committed" and self.state[b] == "aborted" for a in RM for b in RM)
