"""Slush, the simplest consensus protocol of the Avalanche family. `SlushProtocol/SlushSmall` in tlaplus/Examples."""

from dataclasses import dataclass
from enum import StrEnum

from speccheck import Sort, Spec, Steps, choose, constant, each, invariant, model, process, require, subsets

ITERATIONS = constant("ITERATIONS", 2, min=0)
SAMPLE = constant("SAMPLE", 2, min=1)
THRESHOLD = constant("THRESHOLD", 2, min=1)


class Node(Sort, size=3, symmetric=True):
    """A host; it runs one process that asks and one that answers."""


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Query:
    src: Node
    dst: Node
    color: Color


@dataclass(frozen=True, slots=True)
class Reply:
    src: Node
    dst: Node
    color: Color


@dataclass(frozen=True)
class Terminated:
    node: Node


Message = Query | Reply | Terminated


@model(ITERATIONS=1, distinct=274678, depth=43, tags="slow")
class Slush(Spec):
    pick: dict[Node, Color | None] = each(None)
    messages: set[Message] = set()

    def terminated(self) -> bool:
        return self.messages == {Terminated(n) for n in Node}

    def queries(self, n: Node) -> set[Query]:
        return {m for m in self.messages if isinstance(m, Query) and m.dst == n}

    def replies(self, n: Node) -> set[Reply]:
        return {m for m in self.messages if isinstance(m, Reply) and m.dst == n}

    @process
    def answer(self, me: Node) -> Steps:
        while True:
            yield "loop"
            if self.terminated():
                return
            yield "wait"
            require(self.queries(me) or self.terminated())
            if self.terminated():
                continue
            yield "respond"
            query = choose(self.queries(me))
            color = self.pick[me] or query.color
            self.pick[me] = color
            self.messages.remove(query)
            self.messages.add(Reply(me, query.src, color))

    @process
    def ask(self, me: Node) -> Steps:
        yield "require"
        require(self.pick[me] is not None)
        done = 0
        while True:
            yield "execute"
            if done >= ITERATIONS:
                break
            yield "query"
            sample: frozenset[Node] = choose(subsets({n for n in Node if n != me}, SAMPLE, SAMPLE))
            mine = self.pick[me]
            assert mine is not None
            self.messages |= {Query(me, n, mine) for n in sample}
            yield "tally"
            replies = self.replies(me)
            require({r.src for r in replies} >= sample)
            replies = {r for r in replies if r.src in sample}
            for color in Color:
                if sum(r.color == color for r in replies) >= THRESHOLD:
                    self.pick[me] = color
                    break
            self.messages -= replies
            done += 1
        yield "terminate"
        self.messages.add(Terminated(me))

    @process
    def client(self) -> Steps:
        while True:
            yield "loop"
            if None not in self.pick.values():
                break
            yield "assign"
            n, color = choose(Node), choose(Color)
            if not self.pick[n]:
                self.pick[n] = color

    @invariant
    def one_query_at_a_time(self) -> bool:
        return all(len({m for m in self.messages if isinstance(m, Query | Reply) and n in (m.src, m.dst)}) <= 2 * SAMPLE * len(Node) for n in Node)
