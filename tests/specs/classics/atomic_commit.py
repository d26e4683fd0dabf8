"""Atomic commitment with a simple broadcast, which may block, and with a reliable one on top, which may not (Babaoglu and Toueg, 1993).

`acp/ACP_NB_TLC` in tlaplus/Examples, with two participants.
"""

from typing import Literal, Self

from speccheck import (
    Formula,
    Record,
    Sort,
    Spec,
    action,
    all_of,
    always,
    any_of,
    anything,
    each,
    eventually,
    invariant,
    model,
    require,
    step_invariant,
    temporal,
    weak,
)

Vote = Literal["yes", "no"]
Decision = Literal["commit", "abort"]


class Process(Sort, size=2, symmetric=True):
    """A participant."""


class Mortal(Record):
    alive: bool = True
    faulty: bool = False
    decision: Decision | None = None

    def die(self) -> None:
        require(self.alive)
        self.alive, self.faulty = False, True

    @property
    def undecided(self) -> bool:
        return self.alive and self.decision is None


class Participant(Mortal):
    vote: Vote = anything()
    vote_sent: bool = False

    def abort(self) -> None:
        require(self.undecided)
        self.decision = "abort"


class Coordinator(Mortal):
    request: set[Process] = set()
    vote: dict[Process, Vote | None] = each(None)
    broadcast: dict[Process, Decision] = {}


class SimpleBroadcast(Spec, abstract=True, deadlock=False):
    participant: dict[Process, Participant] = each(Participant())
    coordinator: Coordinator = Coordinator()

    # --- the coordinator ---

    def is_waiting_for(self, p: Process) -> bool:
        c = self.coordinator
        return c.undecided and c.request == set(Process) and c.vote[p] is None

    @action
    def ask(self, p: Process) -> None:
        require(self.coordinator.alive and p not in self.coordinator.request)
        self.coordinator.request.add(p)

    @action
    def get_vote(self, p: Process) -> None:
        require(self.is_waiting_for(p) and self.participant[p].vote_sent)
        self.coordinator.vote[p] = self.participant[p].vote

    @action
    def detect_fault(self, p: Process) -> None:
        sender = self.participant[p]
        require(self.is_waiting_for(p) and not sender.alive and not sender.vote_sent)
        self.coordinator.decision = "abort"

    @action
    def make_decision(self) -> None:
        require(self.coordinator.undecided)
        votes = set(self.coordinator.vote.values())
        require(None not in votes)
        self.coordinator.decision = "commit" if votes == {"yes"} else "abort"

    @action
    def send_decision(self, p: Process) -> None:
        c = self.coordinator
        require(c.alive and c.decision is not None and p not in c.broadcast)
        c.broadcast[p] = c.decision

    coordinator_goes_on = weak(ask, get_vote, detect_fault, make_decision, send_decision, per=())

    @action
    def coordinator_dies(self) -> None:
        self.coordinator.die()

    # --- the participants ---

    @action
    def send_vote(self, p: Process) -> None:
        require(self.participant[p].alive and p in self.coordinator.request)
        self.participant[p].vote_sent = True

    @action
    def abort_on_vote(self, p: Process) -> None:
        me = self.participant[p]
        require(me.vote_sent and me.vote == "no")
        me.abort()

    @action
    def abort_unasked(self, p: Process) -> None:
        require(not self.coordinator.alive and p not in self.coordinator.request)
        self.participant[p].abort()

    @action
    def decide(self, p: Process) -> None:
        me = self.participant[p]
        require(me.undecided and p in self.coordinator.broadcast)
        me.decision = self.coordinator.broadcast[p]

    participants_go_on = weak(send_vote, abort_on_vote, abort_unasked, decide, per="p")

    @action
    def participant_dies(self, p: Process) -> None:
        self.participant[p].die()

    # --- what is wanted ---

    def decisions(self) -> set[Decision | None]:
        return {p.decision for p in self.participant.values()}

    def some_fault(self) -> bool:
        return self.coordinator.faulty or any(p.faulty for p in self.participant.values())

    @invariant
    def ac1(self) -> bool:
        return not {"commit", "abort"} <= self.decisions()

    @invariant
    def ac2(self) -> bool:
        return "commit" not in self.decisions() or all(p.vote == "yes" for p in self.participant.values())

    @invariant
    def ac3_1(self) -> bool:
        return "abort" not in self.decisions() or any(p.vote == "no" for p in self.participant.values()) or self.some_fault()

    @step_invariant
    def ac4_alt(self, after: Self) -> bool:
        return all(before.decision in (None, after.participant[p].decision) for p, before in self.participant.items())

    @temporal
    def ac4(self, p: Process) -> Formula:
        return all_of(self.stays(p, "commit"), self.stays(p, "abort"))

    def stays(self, p: Process, decision: Decision) -> Formula:
        return always(any_of(lambda: self.participant[p].decision != decision, always(lambda: self.participant[p].decision == decision)))

    @temporal
    def ac3_2(self) -> Formula:
        return eventually(lambda: None not in self.decisions() or self.some_fault())

    @invariant
    def no_recovery(self) -> bool:
        return self.coordinator.alive is not self.coordinator.faulty and all(p.alive != p.faulty for p in self.participant.values())

    @temporal
    def terminates(self) -> Formula:
        return eventually(lambda: all(p.decision is not None or p.faulty for p in self.participant.values()))


class Forwarder(Participant):
    forward: dict[Process, Decision] = {}


@model(distinct=4284, depth=19)
@model(symmetry=True, depth=19)
class ReliableBroadcast(SimpleBroadcast, without=("decide",)):
    participant: dict[Process, Forwarder] = each(Forwarder())

    @action
    def forward(self, p: Process, to: Process) -> None:
        me = self.participant[p]
        require(p != to and me.alive and p in me.forward and to not in me.forward)
        me.forward[to] = me.forward[p]

    @action
    def predecide_on_forward(self, p: Process, other: Process) -> None:
        me = self.participant[p]
        require(p != other and me.alive and p not in me.forward)
        require(p in self.participant[other].forward)
        me.forward[p] = self.participant[other].forward[p]

    @action
    def predecide(self, p: Process) -> None:
        me = self.participant[p]
        require(me.alive and p not in me.forward and p in self.coordinator.broadcast)
        me.forward[p] = self.coordinator.broadcast[p]

    @action
    def decide_nb(self, p: Process) -> None:
        me = self.participant[p]
        require(me.alive and len(me.forward) == len(Process))
        me.decision = me.forward[p]

    @action
    def abort_on_timeout(self, p: Process) -> None:
        alive = {q for q in Process if self.participant[q].alive}
        require(not self.coordinator.alive and set(self.coordinator.broadcast).isdisjoint(alive))
        require(not any(set(me.forward) & alive for me in self.participant.values() if not me.alive))
        self.participant[p].abort()

    participants_go_on = weak(
        SimpleBroadcast.send_vote,
        SimpleBroadcast.abort_on_vote,
        SimpleBroadcast.abort_unasked,
        forward,
        predecide_on_forward,
        predecide,
        decide_nb,
        abort_on_timeout,
        per="p",
    )
