"""A bounded queue between threads, and the wake-up that reaches the wrong one.

Producers put items into a queue that holds only so many, consumers get them. Who finds the queue full, or empty, waits
on a condition variable; who has put or got something wakes somebody. It is on the first pages of every book on threads,
and was wrong in many programs that ran well for years: whether it can go wrong depends on how many threads there are
and how long the queue is, and that it does go wrong, on the schedule.

1. `NotifyOne`: producers and consumers wait on one condition variable, and one thread is woken, any one. A wake-up that
   was meant for a producer may reach a consumer, which finds nothing to do, and waits again. Then all wait. This can
   happen if there are more than twice as many threads as the queue has places, and not otherwise: a test with one
   producer and one consumer will never find it. (This is so for all sizes of up to six threads.) And in a queue that is
   long enough one of them may still be passed over for ever, while the others are woken again and again.
2. `NotifyAll` wakes all of them; those who find nothing to do wait again. It is right, and it costs.
3. `TwoConditions`: producers wait on one condition variable, consumers on another one, and one thread is woken, of the
   other kind. It is right, and cheap; but one of them may be woken again and again, and another one never
   (`InOrderOfArrival` cures that).
4. `LooksWithoutLock` and `IfInsteadOfWhile` are the two other mistakes that everybody makes once.

Sources: Michel Charpentier, "An example of debugging Java with a model checker"; Markus Kuppe, `BlockingQueue`, which
tells the story as a tutorial on TLA+. The puzzle is older: challenge fourteen of extreme programming, on the C2 wiki.
"""

from typing import Annotated

from speccheck import (
    Formula,
    MaxLen,
    Range,
    Sort,
    Spec,
    Steps,
    always_eventually,
    at,
    choose,
    constant,
    invariant,
    leads_to,
    model,
    process,
    reachable,
    require,
    temporal,
)

CAPACITY = constant("CAPACITY", 1, min=1)


class Producer(Sort, size=2, symmetric=True):
    """A thread that puts items into the queue."""


class Consumer(Sort, size=1, symmetric=True):
    """A thread that gets them."""


Thread = Producer | Consumer
Items = Annotated[int, Range(0, CAPACITY)]
THREADS = len(Producer) + len(Consumer)


@model(Producer=1, Consumer=1, distinct=8, depth=5)
@model(Producer=2, Consumer=2, CAPACITY=2, distinct=99, depth=11)
@model(Producer=2, Consumer=1, CAPACITY=1, violates=("deadlock", "somebody_is_awake", "items_move", "woken_some_time"), distinct=38, depth=9)
@model(Producer=3, Consumer=2, CAPACITY=2, violates=("deadlock", "somebody_is_awake", "items_move", "woken_some_time"), distinct=1034, depth=27)
@model(Producer=3, Consumer=2, CAPACITY=3, violates="woken_some_time", distinct=350, depth=15)
class NotifyOne(Spec):
    """One condition variable, and `notify` wakes any one thread.

    A step is what a thread does while it holds the lock of the queue. To wait releases the lock, and takes it again.

    Two producers, one consumer, one place. A producer fills the queue, and both wait. The consumer empties it, wakes one
    producer, finds the queue empty, and waits. The producer fills it again, and wakes - the other producer. That finds
    the queue full, and waits, and so does the first one. Now all wait, and the queue is full.
    """

    items: Items = 0
    asleep: Annotated[list[Thread], MaxLen(THREADS)] = []  # in the order in which they began to wait

    @process(fairness="weak")
    def producer(self, p: Producer) -> Steps:
        while True:
            yield "put"
            while self.items == CAPACITY:
                yield from self.wait(p)
            self.items += 1
            self.notify(p)

    @process(fairness="weak")
    def consumer(self, c: Consumer) -> Steps:
        while True:
            yield "get"
            while self.items == 0:
                yield from self.wait(c)
            self.items -= 1
            self.notify(c)

    def wait(self, t: Thread) -> Steps:
        self.asleep.append(t)
        yield "wake_up"
        require(t not in self.asleep)

    def notify(self, by: Thread) -> None:
        for t in self.whom_to_wake(by):
            self.asleep.remove(t)

    def whom_to_wake(self, by: Thread) -> list[Thread]:
        return [choose(self.asleep)] if self.asleep else []

    @invariant
    def somebody_is_awake(self) -> bool:
        return len(self.asleep) < THREADS

    @temporal
    def items_move(self, n: Items) -> Formula:
        """Again and again there are more or less items in the queue: some are put, and some are got."""
        return always_eventually(lambda: self.items != n)

    @temporal
    def woken_some_time(self, t: Thread) -> Formula:
        """Who waits is woken some time. (Whether it finds something to do then is another question.)"""
        return leads_to(lambda: t in self.asleep, lambda: t not in self.asleep)

    @reachable
    def full(self) -> bool:
        return self.items == CAPACITY

    @reachable
    def producer_was_woken(self) -> bool:
        return any(at(self.producer, p) == "wait.wake_up" and p not in self.asleep for p in Producer)


@model(distinct=26, depth=7)
@model(Producer=4, Consumer=3, CAPACITY=2, distinct=2055, depth=14)
class NotifyAll(NotifyOne):
    """Wake everybody. Most of them find nothing to do, and wait again."""

    def whom_to_wake(self, by: Thread) -> list[Thread]:
        return list(self.asleep)


@model(Producer=1, violates=("deadlock", "somebody_is_awake", "items_move", "woken_some_time"), distinct=26, depth=7)
class LooksWithoutLock(NotifyAll):
    """Looks whether the queue is empty, and then takes the lock to wait. In between things change.

    The consumer sees that the queue is empty. The producer fills it, and wakes nobody, for nobody waits. It finds the
    queue full, and waits. Now the consumer waits for a wake-up that has been.
    """

    def wait(self, t: Thread) -> Steps:
        yield "fall_asleep"
        self.asleep.append(t)
        yield "wake_up"
        require(t not in self.asleep)


@model(violates="domain", distinct=26, depth=7)
class IfInsteadOfWhile(NotifyAll):
    """Who was woken does not look again: it was woken because there is room, was it not?

    A producer waits for room. The consumer makes room, and wakes it. Before it runs the other producer has filled the
    queue again. So it puts an item into a full queue; elsewhere somebody gets one from an empty queue.
    """

    def producer(self, p: Producer) -> Steps:
        while True:
            yield "put"
            if self.items == CAPACITY:
                yield from self.wait(p)
            self.items += 1
            self.notify(p)

    def consumer(self, c: Consumer) -> Steps:
        while True:
            yield "get"
            if self.items == 0:
                yield from self.wait(c)
            self.items -= 1
            self.notify(c)


def of_other_kind(threads: list[Thread], by: Thread) -> list[Thread]:
    return [t for t in threads if isinstance(t, Producer) != isinstance(by, Producer)]


@model(violates="woken_some_time", distinct=30, depth=8)
class TwoConditions(NotifyOne):
    """A condition variable for each kind: a producer wakes a consumer, and a consumer a producer."""

    def whom_to_wake(self, by: Thread) -> list[Thread]:
        others = of_other_kind(self.asleep, by)
        return [choose(others)] if others else []


@model(distinct=30, depth=8)
@model(Producer=4, Consumer=4, CAPACITY=3, distinct=15382, depth=21)
class InOrderOfArrival(TwoConditions):
    """The one that has waited longest is woken. Many condition variables do so, few promise it."""

    def whom_to_wake(self, by: Thread) -> list[Thread]:
        return of_other_kind(self.asleep, by)[:1]
