"""Two-phase commit: all participants of a transaction commit, or none does.

First phase: the coordinator collects the votes. A participant that has voted yes is ready: it is able to commit and
able to abort, and has given away the right to choose. Second phase: the coordinator decides, commit only if everybody
has voted yes, and tells everybody. Its decision is in its log before anybody hears of it, for it may crash.

`AtomicCommit` says what is wanted, without a coordinator: it sees all participants at once. `TwoPhaseCommit` implements
it, whatever crashes, and everybody finishes. `MajorityCommit` and `DecisionNotLogged` break a rule, and pay for it.
`NoRecovery` breaks none: it shows the price of the protocol, that a coordinator that does not come back leaves those
who are ready waiting for ever; and `ImpatientParticipant`, that there is no way to avoid it on the cheap. That is why
protocols without a single coordinator were invented.

`AtomicCommit` is `TCommit` of Gray and Lamport. For three participants it has 34 states on 7 levels, as
`transaction_commit/TCommit` in the TLA+ examples (tlaplus/Examples).

Sources: Jim Gray, "Notes on data base operating systems" (1978); Bernstein, Hadzilacos and Goodman, "Concurrency
control and recovery in database systems" (1987), chapter 7; Gray and Lamport, "Consensus on transaction commit" (2006).
"""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    Range,
    Sort,
    Spec,
    action,
    constant,
    each,
    eventually,
    invariant,
    model,
    reachable,
    refines,
    require,
    temporal,
    terminal,
    weak,
)

CRASHES = constant("CRASHES", 1, min=1)  # how often the coordinator crashes at most


class Participant(Sort, size=3, symmetric=True):
    """A database that takes part in the transaction."""


class Transaction(Spec, abstract=True):
    """What everybody sees of a transaction, however it is committed."""

    state: dict[Participant, Literal["working", "ready", "committed", "aborted"]] = each("working")

    @invariant
    def agreement(self) -> bool:
        """Nobody has committed what somebody else has aborted."""
        return not {"committed", "aborted"} <= set(self.state.values())

    @terminal
    def over(self) -> bool:
        return all(self.has_finished(p) for p in Participant)

    @reachable
    def committed_everywhere(self) -> bool:
        return set(self.state.values()) == {"committed"}

    def has_finished(self, p: Participant) -> bool:
        return self.state[p] in ("committed", "aborted")


@model(Participant=3, distinct=34, depth=7)
@model(Participant=5, distinct=274, depth=11)
class AtomicCommit(Transaction):
    """What is wanted. A participant acts on what all the others are doing, which it cannot know without a protocol."""

    @action
    def get_ready(self, p: Participant) -> None:
        require(self.state[p] == "working")
        self.state[p] = "ready"

    @action
    def commit(self, p: Participant) -> None:
        require(self.state[p] == "ready" and all(s in ("ready", "committed") for s in self.state.values()))
        self.state[p] = "committed"

    @action
    def abort(self, p: Participant) -> None:
        require(not self.has_finished(p) and "committed" not in self.state.values())
        self.state[p] = "aborted"


@model(Participant=2, distinct=116, depth=10)
@model(Participant=3, distinct=464, depth=13)
@model(Participant=6, CRASHES=2, distinct=62527, depth=24)
class TwoPhaseCommit(Transaction):
    """The protocol. Messages may be late, but arrive: to receive one is to look, later, at the state of the sender.

    Nothing obliges a participant to vote, or its vote to arrive in time. It is enough that the coordinator decides some
    time, comes back from a crash, and reaches everybody.
    """

    yes: set[Participant] = set()  # the votes that the coordinator has in its memory
    decision: Literal["commit", "abort"] | None = None
    up: bool = True  # the coordinator is
    crashes: Annotated[int, Range(0, CRASHES)] = CRASHES

    @action
    def vote_yes(self, p: Participant) -> None:
        require(self.state[p] == "working")
        self.state[p] = "ready"

    @action
    def vote_no(self, p: Participant) -> None:
        require(self.state[p] == "working")
        self.state[p] = "aborted"

    @action
    def receive_yes(self, p: Participant) -> None:
        require(self.up and self.decision is None and self.state[p] == "ready" and p not in self.yes)
        self.yes.add(p)

    @action
    def decide_commit(self) -> None:
        require(self.up and self.decision is None and self.may_commit())
        self.decision = "commit"

    @action
    def decide_abort(self) -> None:
        """Somebody has voted no, or it has taken too long."""
        require(self.up and self.decision is None)
        self.decision = "abort"

    decide = weak(decide_commit, decide_abort)

    @action(fairness="weak", per="p")
    def learn(self, p: Participant) -> None:
        require(self.up and self.decision is not None and not self.has_finished(p))
        self.state[p] = "committed" if self.decision == "commit" else "aborted"

    @action
    def crash(self) -> None:
        require(self.up and self.crashes > 0)
        self.up = False
        self.crashes -= 1
        self.yes = set()
        self.lose_decision()

    @action(fairness="weak")
    def recover(self) -> None:
        require(not self.up)
        self.up = True

    def may_commit(self) -> bool:
        return len(self.yes) == len(Participant)

    def lose_decision(self) -> None:
        """It is in the log."""

    @temporal
    def finishes(self, p: Participant) -> Formula:
        """Everybody commits or aborts some time, and may release its locks."""
        return eventually(lambda: self.has_finished(p))

    @refines(AtomicCommit)
    def atomic(self) -> AtomicCommit:
        return AtomicCommit(state=self.state)

    @reachable
    def crash_survived(self) -> bool:
        return self.committed_everywhere() and self.up and self.crashes < CRASHES


@model(violates=("agreement", "atomic"), distinct=608, depth=13)
class MajorityCommit(TwoPhaseCommit):
    """Elsewhere a majority is enough. Here the participants are no replicas: each has a part of the work to do."""

    def may_commit(self) -> bool:
        return len(self.yes) * 2 > len(Participant)


@model(Participant=2, violates=("agreement", "atomic"), via="crash", distinct=116, depth=12)
class DecisionNotLogged(TwoPhaseCommit):
    """The coordinator tells its decision before it has logged it. Back from a crash, it knows nothing and decides again."""

    def lose_decision(self) -> None:
        self.decision = None


@model(Participant=2, violates=("deadlock", "finishes"), via="crash", distinct=67, depth=9)
class NoRecovery(TwoPhaseCommit, without=("recover", "crash_survived")):
    """The coordinator does not come back. Who is ready may not commit, may not abort, and holds its locks for ever.

    This is so although now everybody votes, sooner or later.
    """

    votes = weak(TwoPhaseCommit.vote_yes, TwoPhaseCommit.vote_no, per="p")


@model(Participant=2, violates=("agreement", "atomic"), via="give_up", distinct=154, depth=10)
class ImpatientParticipant(TwoPhaseCommit):
    """The obvious remedy: who has waited too long aborts. But a coordinator that is slow looks like one that is gone."""

    @action
    def give_up(self, p: Participant) -> None:
        require(self.state[p] == "ready")
        self.state[p] = "aborted"
