"""Leader election on a ring: whose identity comes back has won.

Nodes know their own identity and the next node, and nothing else, not even how many they are. Some of them, any number,
want to be leader. Each of these sends its identity around the ring. A node that hears of a better one gives up, and
passes it on; a candidate that hears of a worse one swallows it. Only the best identity of all gets around.

1. `Ring` elects one leader, the best of the candidates.
2. `ForwardsEverything` does not swallow, and the wrong one wins. `NeverGivesUp` swallows all, and nobody wins.
3. `ClonedIdentity`: two nodes come from one image, with its identity in it. Both win, by the book.
4. `LossyRing` loses a message, and waits for ever. `TriesAgain` is the cure; that the messages now come twice must do no
   harm, and does none.

`Ring` has the grain of `chang_roberts/MCChangRoberts` in the TLA+ examples (tlaplus/Examples), and has the same 137
states on 10 levels for three nodes.

Source: Chang and Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations of
processes" (1979).
"""

from typing import Annotated, Literal

from speccheck import (
    Range,
    Spec,
    action,
    anything,
    choose,
    constant,
    each,
    eventually,
    implies,
    invariant,
    model,
    reachable,
    require,
    terminal,
)

NODES = constant("NODES", 3, min=2)
LOSSES = constant("LOSSES", 1, min=1)  # how many messages are lost at most

RING = range(NODES)
Node = Annotated[int, RING]
Identity = Annotated[int, RING]  # the lower, the better


@model(distinct=137, depth=10)
@model(NODES=4, distinct=823, depth=15)
@model(NODES=6, distinct=40261, depth=28)
class Ring(Spec):
    """The algorithm. Messages arrive some time, in any order."""

    wants: dict[Node, bool] = anything()  # who wants to be leader
    role: dict[Node, Literal["asleep", "candidate", "follower", "leader"]] = each("asleep")
    inbox: dict[Node, set[Identity]] = each(set())

    @action(fairness="weak", per="n")
    def wake_up(self, n: Node) -> None:
        require(self.role[n] == "asleep")
        if self.wants[n]:
            self.role[n] = "candidate"
            self.pass_on(n, self.identity(n))
        else:
            self.role[n] = "follower"

    @action(fairness="weak", per=("n", "identity"))
    def receive(self, n: Node, identity: Identity) -> None:
        require(self.role[n] != "asleep" and identity in self.inbox[n])
        self.inbox[n].remove(identity)
        if self.role[n] == "follower":
            self.pass_on(n, identity)
        elif identity == self.identity(n):
            self.role[n] = "leader"
        elif self.is_better(identity, n):
            self.role[n] = "follower"
            self.pass_on(n, identity)
        else:
            self.meet_worse(n, identity)

    def pass_on(self, n: Node, identity: Identity) -> None:
        self.inbox[(n + 1) % NODES].add(identity)

    def identity(self, n: Node) -> Identity:
        return n

    def is_better(self, identity: Identity, n: Node) -> bool:
        return identity < self.identity(n)

    def meet_worse(self, n: Node, identity: Identity) -> None:
        """Swallow it."""

    @invariant
    def one_leader(self) -> bool:
        return sum(role == "leader" for role in self.role.values()) <= 1

    @invariant
    def best_wins(self) -> bool:
        """No candidate was better than the leader."""
        leaders = [self.identity(n) for n in RING if self.role[n] == "leader"]
        return not leaders or max(leaders) == min(self.identity(n) for n in RING if self.wants[n])

    def somebody_wants(self) -> bool:
        return any(self.wants.values())

    def elected(self) -> bool:
        return "leader" in self.role.values()

    elects = implies(somebody_wants, eventually(elected))

    @terminal
    def over(self) -> bool:
        return self.elected() or not self.somebody_wants()

    @reachable
    def all_wanted(self) -> bool:
        """All were candidates, and there is a leader."""
        return all(self.wants.values()) and self.elected()


@model(violates="best_wins", distinct=197, depth=13)
class ForwardsEverything(Ring):
    """A candidate passes on worse identities as well, out of courtesy.

    One of them may be home before its owner has heard of a better one. Then the wrong node is leader, for a time.
    """

    def meet_worse(self, n: Node, identity: Identity) -> None:
        self.pass_on(n, identity)


@model(violates=("deadlock", "elects"), distinct=107, depth=7)
class NeverGivesUp(Ring, without=("all_wanted",)):
    """A candidate thinks that nobody is better, and swallows every identity but its own. So does the next one."""

    def is_better(self, identity: Identity, n: Node) -> bool:
        return False


@model(violates=("one_leader", "best_wins"), distinct=123, depth=9)
class ClonedIdentity(Ring):
    """The last node was cloned from the one before it. Each takes the other's identity for its own, and has won.

    That identities are unique is an assumption about the world. Those that were made when an image was built, or that
    somebody has written into a configuration, are not.
    """

    def identity(self, n: Node) -> Identity:
        return min(n, NODES - 2)


@model(violates=("deadlock", "elects"), via="lose", distinct=248, depth=10)
class LossyRing(Ring):
    """A message may be lost: the network has dropped it, or its receiver has restarted. If it was the best, nobody wins."""

    losses: Annotated[int, Range(0, LOSSES)] = LOSSES

    @action
    def lose(self, n: Node) -> None:
        require(self.losses > 0)
        self.inbox[n].remove(choose(self.inbox[n]))
        self.losses -= 1


@model(distinct=856, depth=16)
@model(NODES=4, LOSSES=2, distinct=22661, depth=29)
class TriesAgain(LossyRing):
    """Who is still a candidate after a while sends its identity once more.

    It cannot know whether the first one was lost or is late, so there may be two of it, also after the election.
    """

    @action(fairness="weak", per="n")
    def send_again(self, n: Node) -> None:
        require(self.role[n] == "candidate")
        self.pass_on(n, self.identity(n))
