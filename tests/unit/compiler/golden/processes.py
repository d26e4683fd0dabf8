"""Processes: labels in a loop, locals that live on, at, crash and restart, a generator that is called."""

from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, Steps, action, at, choose, invariant, process, require, restart, strong, unfair


class P(Sort, size=2):
    """Somebody."""


class Processes(Spec):
    lock: P | None = None
    log: Annotated[list[P], MaxLen(2)] = []
    rounds: Annotated[int, Range(0, 2)] = 0

    @process(fairness="weak", crashes=True)
    def writer(self, p: P) -> Steps:
        while True:
            yield unfair("idle")
            n = choose(range(1, 3))
            yield from self.acquire(p)
            while n > 0 and len(self.log) < 2:
                yield "write"
                self.log.append(p)
                n -= 1
            yield "release"
            self.lock = None

    def acquire(self, p: P) -> Steps:
        yield strong("wait")
        require(self.lock is None)
        self.lock = p

    @process
    def reader(self) -> Steps:
        for p in P:
            yield "read"
            require(p in self.log)
            self.log.remove(p)
        yield "end"
        if self.rounds < 2:
            self.rounds += 1

    @action
    def again(self, p: P) -> None:
        require(at(self.writer, p) == "crashed")
        if self.lock == p:
            self.lock = None
        restart(self.writer, p)

    @invariant
    def exclusive(self) -> bool:
        return sum(at(self.writer, p) in ("write", "release") for p in P) <= 1
