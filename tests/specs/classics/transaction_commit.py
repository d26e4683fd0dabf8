"""Two-phase commit refines transaction commit (Jim Gray and Leslie Lamport, "Consensus on Transaction Commit", 2006).

`transaction_commit/TCommit` and `TwoPhase` in tlaplus/Examples, three resource managers.
"""

from enum import Enum
from typing import NamedTuple

from speccheck import Sort, Spec, action, each, invariant, model, reachable, refines, require


class RM(Sort, size=3, symmetric=True):
    """A resource manager."""


class State(Enum):
    WORKING = "working"
    PREPARED = "prepared"
    COMMITTED = "committed"
    ABORTED = "aborted"


class Verdict(Enum):
    COMMIT = 1
    ABORT = 2


class Prepared(NamedTuple):
    rm: RM


@model(distinct=34, depth=7)
class TCommit(Spec, deadlock=False):
    rm_state: dict[RM, State] = each(State.WORKING)

    def can_commit(self) -> bool:
        return all(state in (State.PREPARED, State.COMMITTED) for state in self.rm_state.values())

    def not_committed(self) -> bool:
        return all(state is not State.COMMITTED for state in self.rm_state.values())

    @action
    def prepare(self, rm: RM) -> None:
        require(self.rm_state[rm] is State.WORKING)
        self.rm_state[rm] = State.PREPARED

    @action
    def decide_commit(self, rm: RM) -> None:
        require(self.rm_state[rm] is State.PREPARED and self.can_commit())
        self.rm_state[rm] = State.COMMITTED

    @action
    def decide_abort(self, rm: RM) -> None:
        require(self.rm_state[rm] in {State.WORKING, State.PREPARED} and self.not_committed())
        self.rm_state[rm] = State.ABORTED

    @invariant
    def consistent(self) -> bool:
        return not any(self.rm_state[a] is State.ABORTED and self.rm_state[c] is State.COMMITTED for a in RM for c in RM)

    @reachable
    def all_committed(self) -> bool:
        return set(self.rm_state.values()) == {State.COMMITTED}


@model(distinct=288, depth=11)
@model(symmetry=True, distinct=80, depth=11)
class TwoPhase(Spec, deadlock=False):
    rm_state: dict[RM, State] = each(State.WORKING)
    decision: Verdict | None = None
    prepared: frozenset[RM] = frozenset()
    msgs: frozenset[Prepared | Verdict] = frozenset()

    def send(self, message: Prepared | Verdict) -> None:
        self.msgs = self.msgs | {message}

    @action
    def tm_receive_prepared(self, rm: RM) -> None:
        require(self.decision is None and Prepared(rm) in self.msgs)
        self.prepared |= {rm}

    @action
    def tm_decide(self, verdict: Verdict) -> None:
        require(self.decision is None)
        match verdict:
            case Verdict.COMMIT:
                require(len(self.prepared) == len(RM))
            case Verdict.ABORT:
                pass
        self.decision = verdict
        self.send(verdict)

    @action
    def rm_prepare(self, rm: RM) -> None:
        require(self.rm_state[rm] is State.WORKING)
        self.rm_state[rm] = State.PREPARED
        self.send(Prepared(rm))

    @action
    def rm_choose_to_abort(self, rm: RM) -> None:
        require(self.rm_state[rm] is State.WORKING)
        self.rm_state[rm] = State.ABORTED

    @action
    def rm_receive(self, rm: RM, verdict: Verdict) -> None:
        require(verdict in self.msgs)
        self.rm_state[rm] = State.COMMITTED if verdict is Verdict.COMMIT else State.ABORTED

    @refines(TCommit)
    def commit(self) -> TCommit:
        return TCommit(rm_state=self.rm_state)
