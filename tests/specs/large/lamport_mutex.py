"""Lamport's mutual exclusion with a queue for each pair of processes (Lamport, 1978), after the module LamportMutex of the TLA+ examples.

A process asks all others, waits until each has acknowledged, and enters when its request beats all those it knows. Clocks grow without end; the model
leaves out what lies behind states with a clock above `MAX_CLOCK`. With three processes and a clock of 6 there are 724,274 states, as TLC has published.
"""

from dataclasses import dataclass
from typing import Annotated

from speccheck import MaxLen, Range, Sort, Spec, action, constant, constraint, each, invariant, model, require

MAX_CLOCK = constant("MAX_CLOCK", 6, min=1)

Clock = Annotated[int, Range(1, MAX_CLOCK + 1)]
Asked = Annotated[int, Range(0, MAX_CLOCK + 1)]  # the clock of a request; 0: there is none


class Process(Sort, size=3, ordered=True):
    """A process; of two requests with one clock the lower process wins."""


@dataclass(frozen=True)
class Request:
    clock: Clock


@dataclass(frozen=True)
class Ack:
    pass


@dataclass(frozen=True)
class Release:
    pass


Queue = Annotated[list[Request | Ack | Release], MaxLen(3)]


@model(distinct=724_274, depth=61)
class LamportMutex(Spec, deadlock=False):
    clock: dict[Process, Clock] = each(1)
    asked: dict[Process, dict[Process, Asked]] = each(each(0))  # asked[p][q]: the request of q that p knows
    acks: dict[Process, set[Process]] = each(set())
    network: dict[Process, dict[Process, Queue]] = each(each([]))  # network[p][q]: what p sent to q
    critical: set[Process] = set()

    @action
    def request(self, p: Process) -> None:
        require(self.asked[p][p] == 0)
        self.asked[p][p] = self.clock[p]
        self.acks[p] = {p}
        for q in Process:
            if q != p:
                self.network[p][q].append(Request(self.clock[p]))

    @action
    def receive(self, p: Process, q: Process) -> None:
        require(self.network[q][p])
        match self.network[q][p].pop(0):
            case Request(clock=clock):
                self.asked[p][q] = clock
                self.clock[p] = max(clock, self.clock[p]) + 1
                self.network[p][q].append(Ack())
            case Ack():
                self.acks[p].add(q)
            case Release():
                self.asked[p][q] = 0

    @action
    def enter(self, p: Process) -> None:
        require(len(self.acks[p]) == len(Process) and all(self.beats(p, q) for q in Process if q != p))
        self.critical.add(p)

    @action
    def leave(self, p: Process) -> None:
        require(p in self.critical)
        self.critical.remove(p)
        self.asked[p][p] = 0
        self.acks[p] = set()
        for q in Process:
            if q != p:
                self.network[p][q].append(Release())

    def beats(self, p: Process, q: Process) -> bool:
        """Return whether p's request comes before the one of q that p knows."""
        theirs = self.asked[p][q]
        return theirs == 0 or (self.asked[p][p], p) < (theirs, q)

    @constraint
    def clocks_are_bounded(self) -> bool:
        return all(clock <= MAX_CLOCK for clock in self.clock.values())

    @invariant
    def mutex(self) -> bool:
        return len(self.critical) <= 1
