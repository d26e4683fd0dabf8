"""A spanning tree of a graph, computed by its nodes (Leslie Lamport).

`SpanningTree/SpanTreeTest` in tlaplus/Examples: all graphs with four nodes.
"""

from itertools import combinations
from typing import Annotated

from speccheck import Range, Spec, action, choose, constant, each_by, eventually, init, invariant, model, require, subsets, terminal

N = constant("N", 4, min=1)
FAR = constant("FAR", N + 1, min=N)  # stands for no distance
Node = Annotated[int, range(N)]
Dist = Annotated[int, Range(0, FAR)]
ROOT = 0
PAIRS = frozenset(combinations(range(N), 2))


@model(distinct=3984, depth=4)
class SpanTree(Spec):
    edges: frozenset[tuple[Node, Node]]
    mom: dict[Node, Node] = each_by(lambda n: n)
    dist: dict[Node, Dist] = each_by(lambda n: 0 if n == ROOT else FAR)

    @init
    def any_graph(self) -> None:
        self.edges = choose(subsets(PAIRS))

    def neighbours(self, n: int) -> set[int]:
        return {m for m in range(N) if (min(m, n), max(m, n)) in self.edges}

    @action(fairness="weak", per=())
    def improve(self, n: Node, m: Node) -> None:
        require(m in self.neighbours(n) and self.dist[n] > 1 + self.dist[m])
        self.dist[n] = choose(range(self.dist[m] + 1, self.dist[n]))
        self.mom[n] = m

    @terminal
    def finished(self) -> bool:
        return all(
            self.dist[n] == 0
            if n == ROOT
            else (self.dist[n] == FAR and all(self.dist[m] == FAR for m in self.neighbours(n)))
            or (self.dist[n] < N and self.mom[n] in self.neighbours(n) and self.dist[n] == self.dist[self.mom[n]] + 1)
            for n in range(N)
        )

    @invariant
    def distances_are_upper_bounds(self) -> bool:
        return all(self.dist[n] == FAR or n == ROOT or self.dist[self.mom[n]] < self.dist[n] for n in range(N))

    ends = eventually(finished)
