"""Quicksort and binary search, each with its invariant (Leslie Lamport, "Proving safety properties").

`LoopInvariance/MCQuicksort` and `MCBinarySearch` in tlaplus/Examples.
"""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from speccheck import (
    Formula,
    MaxLen,
    Range,
    Spec,
    Steps,
    action,
    at,
    choose,
    constant,
    eventually,
    init,
    invariant,
    model,
    process,
    require,
    temporal,
    terminal,
)

MAX_LEN = constant("MAX_LEN", 4, min=1)
VALUES = constant("VALUES", 3, min=1)

Value = Annotated[int, Range(1, VALUES)]
Index = Annotated[int, range(MAX_LEN)]


class Part(NamedTuple):
    first: Index
    last: Index

    def size(self) -> int:
        return self.last - self.first + 1

    def splits(self) -> Iterable[int]:
        return range(self.first, self.last)


@model(VALUES=3, MAX_LEN=4, distinct=4548, depth=9)
class Quicksort(Spec):
    seq: Annotated[list[Value], MaxLen(MAX_LEN)]
    original: Annotated[list[Value], MaxLen(MAX_LEN)]
    unsorted: set[Part]

    @init
    def any_sequence(self) -> None:
        n = choose(range(1, MAX_LEN + 1))
        self.seq = [choose(range(1, VALUES + 1)) for _ in range(n)]
        self.original = self.seq.copy()
        self.unsorted = {Part(0, n - 1)}

    @process(fairness="weak")
    def sort(self) -> Steps:
        while True:
            yield "a"
            if not self.unsorted:
                return
            part = choose(self.unsorted)
            self.unsorted.remove(part)
            if part.size() > 1:
                self.partition(part)

    def partition(self, part: Part) -> None:
        pivot = choose(part.splits())
        before = self.seq[part.first : part.last + 1]
        after: list[int] = []
        while before:
            x = choose(before)
            before.remove(x)
            after.append(x)
        middle = pivot + 1 - part.first
        require(max(after[:middle]) <= min(after[middle:]))
        self.seq = self.seq[: part.first] + after + self.seq[part.last + 1 :]
        self.unsorted |= {Part(part.first, pivot), Part(pivot + 1, part.last)}

    @invariant
    def sorted_in_the_end(self) -> bool:
        return at(self.sort) != "done" or self.seq == sorted(self.original)

    @invariant
    def permutation(self) -> bool:
        return sorted(self.seq) == sorted(self.original)

    def parts(self) -> set[Part]:
        """What is left to do, and single places for the rest."""
        rest = {Part(i, i) for i in range(len(self.seq)) if not any(p.first <= i <= p.last for p in self.unsorted)}
        return self.unsorted | rest

    @invariant
    def parts_are_a_partition(self) -> bool:
        return sum(p.size() for p in self.parts()) == len(self.seq)

    @invariant
    def parts_are_sorted(self) -> bool:
        return all(
            self.seq[i] <= self.seq[j]
            for p in self.parts()
            for q in self.parts()
            if p.last < q.first
            for i in range(p.first, p.last + 1)
            for j in range(q.first, q.last + 1)
        )

    @temporal
    def ends(self) -> Formula:
        return eventually(lambda: at(self.sort) == "done")


@model(VALUES=5, MAX_LEN=8, distinct=27953, depth=6)
class BinarySearch(Spec):
    seq: Annotated[list[Value], MaxLen(MAX_LEN)]
    wanted: Value
    low: Annotated[int, Range(0, MAX_LEN)] = 0
    high: Annotated[int, Range(-1, MAX_LEN - 1)] = -1
    result: Index | None = None
    done: bool = False

    @init
    def any_sorted_sequence(self) -> None:
        seq: list[int] = []
        for _ in range(choose(range(1, MAX_LEN + 1))):
            seq.append(choose(range(seq[-1] if seq else 1, VALUES + 1)))
        self.seq = seq
        self.wanted = choose(Value)
        self.high = len(seq) - 1

    @action(fairness="weak")
    def look(self) -> None:
        require(not self.done)
        if self.low > self.high or self.result is not None:
            self.done = True
            return
        middle = (self.low + self.high) // 2
        found = self.seq[middle]
        if found == self.wanted:
            self.result = middle
        elif self.wanted < found:
            self.high = middle - 1
        else:
            self.low = middle + 1

    @terminal
    def is_done(self) -> bool:
        return self.done

    @invariant
    def correct(self) -> bool:
        if not self.done:
            return True
        if self.wanted in self.seq:
            return self.result is not None and self.seq[self.result] == self.wanted
        return self.result is None

    @invariant
    def stays_between(self) -> bool:
        return self.done or self.wanted not in self.seq or self.wanted in self.seq[self.low : self.high + 1]

    ends = eventually(is_done)
