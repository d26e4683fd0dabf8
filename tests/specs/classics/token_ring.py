"""Self-stabilization of a ring of counters: in the end one token goes around (Edsger W. Dijkstra, EWD 426, 1974).

`ewd426/TokenRing` in tlaplus/Examples, six nodes and six values.
"""

from typing import Annotated

from speccheck import Spec, action, always_eventually, anything, constant, eventually_always, model, require, weak

N = constant("N", 6, min=2)
M = constant("M", 6, min=2)
Node = Annotated[int, range(N)]


@model(N=6, M=6, distinct=46656, depth=1, tags="slow")
@model(N=4, M=4, distinct=256, depth=1)
@model(N=4, M=2, distinct=16, depth=1, violates="stabilizes")
class TokenRing(Spec):
    c: dict[Node, Annotated[int, range(M)]] = anything()

    def has_token(self, i: Node) -> bool:
        if i == 0:
            return self.c[0] == self.c[N - 1]
        return self.c[i] != self.c[i - 1]

    def at_the_first(self) -> bool:
        return self.has_token(0)

    def unique_token(self) -> bool:
        return sum(self.has_token(i) for i in range(N)) == 1

    @action
    def create_token(self) -> None:
        require(self.has_token(0))
        self.c[0] = (self.c[N - 1] + 1) % M

    @action
    def pass_token(self, i: Node) -> None:
        require(i != 0 and self.has_token(i))
        self.c[i] = self.c[i - 1]

    progress = weak(create_token, pass_token, per=())
    stabilizes = eventually_always(unique_token)
    moves = always_eventually(at_the_first)
