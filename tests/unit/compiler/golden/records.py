"""Messages, nested records, methods that change them, matching, super(), and temporal formulas."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from speccheck import Formula, Range, Record, Sort, Spec, action, choose, each, enabled, invariant, leads_to, occurs, refines, require, step_invariant, temporal


class Node(Sort, size=2):
    """A node."""


Term = Annotated[int, Range(0, 2)]


@dataclass(frozen=True)
class Ask:
    to: Node
    term: Term


@dataclass(frozen=True)
class Answer:
    to: Node
    yes: bool


class Member(Record):
    role: Literal["follower", "leader"] = "follower"
    term: Term = 0
    friends: set[Node] = set()

    def grow(self, term: Term) -> None:
        self.term = max(self.term, term)
        self.friends = set()


class Leader(Spec, deadlock=False):
    who: Node | None = None

    @action
    def elect(self, n: Node) -> None:
        require(self.who is None)
        self.who = n


class Election(Spec, deadlock=False):
    members: dict[Node, Member] = each(Member())
    net: set[Ask | Answer | Literal["stop"]] = set()

    @action(fairness="weak", per="n")
    def ask(self, n: Node) -> None:
        me = self.members[n]
        require(me.term < 2 and "stop" not in self.net)
        me.grow(me.term + 1)
        for other in Node:
            if other != n:
                self.net.add(Ask(other, me.term))

    @action
    def receive(self) -> None:
        message = choose(self.net)
        match message:
            case Ask(to, term) if self.members[to].term <= term:
                self.handle(self.members[to], message)
            case Answer(to=to, yes=True):
                self.members[to].role = "leader"
            case Ask() | Answer():
                self.net.remove(message)
            case _:
                self.net = set()

    def handle(self, member: Member, message: Ask) -> None:
        member.grow(message.term)
        self.net.add(Answer(message.to, member.role == "follower"))
        self.net.discard(replace(message, term=0))

    @invariant
    def typed(self) -> bool:
        return all(isinstance(one, Ask | Answer) or one == "stop" for one in self.net)

    @step_invariant
    def only_receiving_leads(self, after: "Election") -> bool:
        return after.members == self.members or occurs(self.receive) or occurs(self.ask)

    @temporal
    def led(self, n: Node) -> Formula:
        return leads_to(lambda: enabled(self.ask, n), lambda: self.members[n].term > 0)

    @refines(Leader)
    def leader(self) -> Leader:
        return Leader(who=next((n for n in Node if self.members[n].role == "leader"), None))


class Careful(Election):
    def handle(self, member: Member, message: Ask) -> None:
        if message.term > 0:
            super().handle(member, message)
