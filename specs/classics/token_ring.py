"""A token ring that repairs itself, whatever state it is in.

Nodes on a ring take turns: who has the token may do what only one may do at a time, and passes the token on. What if
there are two tokens one day, or none, because a node was restored from an old backup, a bit has flipped, or somebody
has "fixed" something by hand? One can try to think of all that may happen. Or one can build the ring so that it does
not matter: from every state it comes to a right one by itself, and stays there. It is *self-stabilizing*.

1. `TokenAsFlag` is the ring that everybody would build. If there is no token, there never will be. A `Watchdog` makes a
   new one; but two tokens stay two.
2. `TokenRing` has no token that could be lost or copied. Each node has a counter, and sees that of the node before it.
   Who differs from the node before it has the token, and passes it on by copying that counter. Node 0 differs: it
   has the token when its counter equals that of the last node, and passes it on by counting.
3. `AllAlike` does without the exception, and does not work. Nor do counters that are too short: node 0 must some time
   come to a number that nobody else has; when this number is back, it has swept away all others.
4. `Faults`: something is broken while the ring runs, and it recovers.

There is no initial state that the checker may begin with, so all states are initial, and all are on the first level.

`TokenRing` has the grain of `ewd426/TokenRing` in the TLA+ examples (tlaplus/Examples), and has the same 46,656 states on
one level, 248,832 generated, for six nodes and six numbers.

Source: Edsger W. Dijkstra, "Self-stabilizing systems in spite of distributed control" (1974, first in EWD 426).
"""

from typing import Annotated, Self

from speccheck import (
    Formula,
    Range,
    Spec,
    action,
    always_eventually,
    anything,
    constant,
    eventually_always,
    invariant,
    model,
    reachable,
    require,
    step_invariant,
    temporal,
    weak,
)

NODES = constant("NODES", 4, min=2)
NUMBERS = constant("NUMBERS", 4, min=2)  # how far a counter counts before it begins again
FAULTS = constant("FAULTS", 1, min=1)

RING = range(NODES)
Node = Annotated[int, RING]
Number = Annotated[int, range(NUMBERS)]


class Ring(Spec, abstract=True):
    """What is wanted of a ring, however it knows who has the token."""

    def has_token(self, n: Node) -> bool:
        raise NotImplementedError

    def pass_token(self, n: Node) -> None:
        raise NotImplementedError

    @action
    def pass_on(self, n: Node) -> None:
        require(self.has_token(n))
        self.pass_token(n)

    # Of those who have a token, somebody passes it on some time. More fairness than that is not needed.
    progress = weak(pass_on, per=())

    def tokens(self) -> int:
        return sum(self.has_token(n) for n in RING)

    def one_token(self) -> bool:
        return self.tokens() == 1

    @invariant
    def there_is_a_token(self) -> bool:
        return self.tokens() > 0

    @step_invariant
    def one_stays_one(self, after: Self) -> bool:
        """A ring that is right remains so."""
        return not self.one_token() or after.one_token()

    stabilizes = eventually_always(one_token)

    @temporal
    def has_its_turn(self, n: Node) -> Formula:
        return always_eventually(lambda: self.has_token(n))

    @reachable
    def too_many(self) -> bool:
        return self.tokens() > 1


@model(violates=("deadlock", "there_is_a_token", "stabilizes", "has_its_turn"), distinct=16, depth=1)
class TokenAsFlag(Ring):
    """The token is a flag, and to pass it on is to take it down here and put it up there.

    It works until the day on which two flags are up, or none. From then on it does not work any more.
    """

    flag: dict[Node, bool] = anything()

    def has_token(self, n: Node) -> bool:
        return self.flag[n]

    def pass_token(self, n: Node) -> None:
        self.flag[n] = False
        self.flag[(n + 1) % NODES] = True


@model(violates=("there_is_a_token", "stabilizes"), distinct=16, depth=1)
class Watchdog(TokenAsFlag):
    """If there is no token a watchdog makes a new one. It is never in error, which is more than real ones can say.

    Two tokens remain two all the same, each one step behind the other, as long as none catches up.
    """

    @action(fairness="weak", per=())
    def make_token(self, n: Node) -> None:
        require(self.tokens() == 0)
        self.flag[n] = True


@model(distinct=256, depth=1)
@model(NUMBERS=3, distinct=81, depth=1)
@model(NUMBERS=2, violates="stabilizes", distinct=16, depth=1)
@model(NODES=5, NUMBERS=3, violates="stabilizes", distinct=243, depth=1)
@model(NODES=6, NUMBERS=6, distinct=46656, depth=1)
class TokenRing(Ring):
    """Dijkstra's ring. One number less than there are nodes is enough, and one less than that is not."""

    counter: dict[Node, Number] = anything()

    def has_token(self, n: Node) -> bool:
        before = self.counter[(n - 1) % NODES]
        return self.counter[n] == before if self.counts(n) else self.counter[n] != before

    def pass_token(self, n: Node) -> None:
        before = self.counter[(n - 1) % NODES]
        self.counter[n] = (before + 1) % NUMBERS if self.counts(n) else before

    def counts(self, n: Node) -> bool:
        return n == 0


@model(violates=("deadlock", "there_is_a_token", "stabilizes", "has_its_turn"), distinct=256, depth=1)
class AllAlike(TokenRing):
    """All nodes copy, and none counts. Then all have the same number one day, and nobody has the token.

    Somebody must be different. If all are alike and the ring is in a state that looks the same from everywhere, nobody
    can know that it is his turn.
    """

    def counts(self, n: Node) -> bool:
        return False


@model(violates="one_stays_one", via="corrupt", distinct=512, depth=2)
@model(FAULTS=2, violates="one_stays_one", via="corrupt", distinct=768, depth=3)
class Faults(TokenRing):
    """A counter gets any value at any time. The ring is wrong then, and right again some time after the last fault."""

    faults: Annotated[int, Range(0, FAULTS)] = FAULTS

    @action
    def corrupt(self, n: Node, number: Number) -> None:
        require(self.faults > 0 and self.counter[n] != number)
        self.counter[n] = number
        self.faults -= 1
