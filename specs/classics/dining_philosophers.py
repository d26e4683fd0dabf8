"""Dining philosophers: workers that need two locks each, in a circle.

Philosophers sit around a table, with one fork between any two of them. Most of the time they think. Who is hungry needs
both forks beside his plate, eats, and puts them down. Read worker for philosopher and lock for fork, and it is a
service whose requests lock two rows, two accounts or two hosts.

Each class is the next idea that somebody has, in the order in which people usually have them.

1. `GreedyPhilosophers` take the left fork, then the right one. One day all hold one fork: a deadlock.
2. `PolitePhilosophers` put the first fork down again if they cannot get the second. Nobody is stuck, everybody is
   busy, and nobody eats: a livelock.
3. `OrderedForks` is the cure that is most in use: all take the fork with the lower number first. Now somebody always
   eats, but not everybody does: a philosopher can be passed over for ever by a quick neighbour. That is starvation.
4. `QueuedForks` cure that, too: who waits for a fork gets it some time, as with a lock that has a queue.
5. `StuckHolder`: somebody never puts his forks down. `ExpiringForks` are the usual remedy, and worse than the disease.
6. `Waiter`: instead of an order, one who lets one less begin than there are chairs. Starvation is the same, and so is
   its cure (`QueuedWaiter`).
7. `DirtyForks` need neither an order, nor a waiter, nor a queue, for who has eaten gives way.

`DirtyForks` is the algorithm of Chandy and Misra in the grain of `DiningPhilosophers` in the TLA+ examples
(tlaplus/Examples), and has the same 67 states on 29 levels for five philosophers.

Sources: Edsger W. Dijkstra, "Hierarchical ordering of sequential processes" (1971), for the problem; Chandy and Misra,
"The drinking philosophers problem" (1984), for the dirty forks.
"""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    Record,
    Spec,
    action,
    constant,
    each,
    each_by,
    invariant,
    leads_to,
    model,
    occurs,
    reachable,
    require,
    strong,
    temporal,
    weak,
)

SEATS = constant("SEATS", 3, min=2)

CHAIRS = range(SEATS)
Philosopher = Annotated[int, CHAIRS]
Fork = Annotated[int, CHAIRS]  # fork p lies to the left of philosopher p


def right_of(p: Philosopher) -> Fork:
    """Return the fork to the right of a philosopher. It has the number of the neighbour there."""
    return (p + 1) % SEATS


class Table(Spec, abstract=True):
    """What is wanted, however the forks are shared."""

    state: dict[Philosopher, Literal["thinking", "hungry", "holds one", "eating", "full"]] = each("thinking")

    def hungry(self, p: Philosopher) -> bool:
        return self.state[p] in ("hungry", "holds one")

    def begins(self, p: Philosopher) -> bool:
        """Whether the step is the one with which a philosopher begins to eat."""
        raise NotImplementedError

    @invariant
    def neighbours_do_not_eat(self) -> bool:
        """A fork is in use by one philosopher at a time."""
        return not any(self.state[p] == self.state[right_of(p)] == "eating" for p in CHAIRS)

    @temporal
    def somebody_eats(self) -> Formula:
        """While anybody is hungry, somebody begins to eat. If not, it is a deadlock or a livelock."""
        return leads_to(lambda: any(self.hungry(p) for p in CHAIRS), lambda: any(self.begins(p) for p in CHAIRS))

    @temporal
    def everybody_eats(self, p: Philosopher) -> Formula:
        """Who is hungry eats some time. If not, it is starvation."""
        return leads_to(lambda: self.hungry(p), lambda: self.state[p] == "eating")

    @reachable
    def all_others_wait(self) -> bool:
        """One eats, and all the others want to."""
        return "eating" in self.state.values() and all(self.hungry(p) or self.state[p] == "eating" for p in CHAIRS)


@model(violates=("deadlock", "somebody_eats", "everybody_eats"), distinct=45, depth=7)
class GreedyPhilosophers(Table):
    """Left fork first, then the right one. If all take their left fork, each waits for his neighbour, for ever."""

    holder: dict[Fork, Philosopher | None] = each(None)

    @action
    def get_hungry(self, p: Philosopher) -> None:
        """Nothing obliges a philosopher to be hungry."""
        require(self.state[p] == "thinking")
        self.state[p] = "hungry"

    @action
    def take_first(self, p: Philosopher) -> None:
        require(self.state[p] == "hungry" and self.may_take(self.first(p)) and self.may_begin())
        self.holder[self.first(p)] = p
        self.state[p] = "holds one"

    @action
    def take_second(self, p: Philosopher) -> None:
        require(self.state[p] == "holds one" and self.may_take(self.second(p)))
        self.holder[self.second(p)] = p
        self.state[p] = "eating"

    @action
    def put_down(self, p: Philosopher) -> None:
        require(self.state[p] == "eating")
        self.drop(p, self.first(p))
        self.drop(p, self.second(p))
        self.state[p] = "thinking"

    # Any lock promises as much: it is taken some time if it stays free and somebody wants it. And nobody eats for ever.
    first_lock = weak(take_first, per="p")
    second_lock = weak(take_second, per="p")
    release = weak(put_down, per="p")

    def first(self, p: Philosopher) -> Fork:
        return p

    def second(self, p: Philosopher) -> Fork:
        return right_of(p) if self.first(p) == p else p

    def may_take(self, f: Fork) -> bool:
        return self.holder[f] is None

    def may_begin(self) -> bool:
        return True

    def drop(self, p: Philosopher, f: Fork) -> None:
        if self.holder[f] == p:
            self.holder[f] = None

    def begins(self, p: Philosopher) -> bool:
        return occurs(self.take_second, p)


@model(violates=("somebody_eats", "everybody_eats"), via="put_back", distinct=45, depth=7)
class PolitePhilosophers(GreedyPhilosophers):
    """Who does not get the second fork puts the first one back, and tries again: a transaction that is rolled back.

    There is no deadlock any more. But all take a fork, those who look see that the other one is taken, put theirs back,
    take it again, and so on, each in the way of the next. In a real system one of them is a little faster some time.
    Until then all are busy and nothing is done, and load makes it worse; hence random pauses between retries.
    """

    @action(fairness="weak", per="p")
    def put_back(self, p: Philosopher) -> None:
        require(self.state[p] == "holds one" and not self.may_take(self.second(p)))
        self.drop(p, self.first(p))
        self.state[p] = "hungry"


@model(violates="everybody_eats", distinct=42, depth=7)
@model(SEATS=4, violates="everybody_eats", distinct=150, depth=9)
class OrderedForks(GreedyPhilosophers):
    """All take the fork with the lower number first, so that nobody can wait in a circle.

    Of all forks that are held look at the highest: its holder has all he needs, or the other one is free. So somebody
    always eats. Not everybody: while a philosopher waits for a fork, his neighbour puts it down and takes it again
    before he looks. The fork is free again and again, but never for long, and weak fairness promises nothing to those
    who look at the wrong moment.
    """

    def first(self, p: Philosopher) -> Fork:
        return min(p, right_of(p))


@model(distinct=42, depth=7)
@model(SEATS=4, distinct=150, depth=9)
@model(SEATS=6, distinct=1902, depth=13)
class QueuedForks(OrderedForks):
    """Ordered forks, and each is a lock with a queue: what somebody waits for is not given to others for ever.

    The queue is not in the model. Strong fairness is what it promises: what is possible again and again happens.
    """

    first_lock = strong(GreedyPhilosophers.take_first, per="p")
    second_lock = strong(GreedyPhilosophers.take_second, per="p")


@model(violates=("somebody_eats", "everybody_eats"), distinct=42, depth=7)
class StuckHolder(QueuedForks, without=("release",)):
    """Somebody never puts his forks down: he hangs, or has crashed with the locks in his hand. His neighbours starve."""


@model(violates="neighbours_do_not_eat", distinct=272, depth=16)
class ExpiringForks(StuckHolder, without=("release",)):
    """A fork that is held for too long counts as free, for its holder must be dead. He is not, he eats slowly.

    A lock that expires gets rid of the wait, and of what the lock was for. What is safe is a lock that gives out a
    number each time, and a store that refuses the lower number: then who has lost his lock learns it when he writes.
    """

    def may_take(self, f: Fork) -> bool:
        return True


@model(violates="everybody_eats", distinct=44, depth=7)
class Waiter(GreedyPhilosophers):
    """Left fork first, but a waiter lets nobody begin if all the others have begun.

    One philosopher at least finds both forks, then. The waiter is a limit on concurrency, as a pool of connections is.
    """

    def may_begin(self) -> bool:
        return sum(self.state[p] in ("holds one", "eating") for p in CHAIRS) < SEATS - 1


@model(distinct=44, depth=7)
@model(SEATS=4, distinct=160, depth=9)
class QueuedWaiter(Waiter):
    """The waiter, and locks with a queue."""

    first_lock = strong(GreedyPhilosophers.take_first, per="p")
    second_lock = strong(GreedyPhilosophers.take_second, per="p")


# ================================================== Without an order


class OwnedFork(Record):
    """A fork is always in somebody's hands. Who has eaten with it has made it dirty."""

    owner: Philosopher
    clean: bool = False


@model(distinct=19, depth=17)
@model(SEATS=5, distinct=67, depth=29)
class DirtyForks(Table):
    """A fork that is dirty is cleaned and given to the neighbour; a clean one is kept until its owner has eaten.

    So who has eaten is behind both of his neighbours, and is not before them again until they have eaten. In the
    beginning philosopher 0 has two forks and philosopher 1 has none, so that "who is before whom" is no circle.

    All of it is weakly fair, also to be hungry again: who only thinks would not look at his forks.
    """

    state = each("hungry")
    fork: dict[Fork, OwnedFork] = each_by(lambda f: OwnedFork(owner=0 if f == 1 else f))

    @action
    def start_eating(self, p: Philosopher) -> None:
        require(self.state[p] == "hungry" and all(self.fork[f].owner == p and self.fork[f].clean for f in (p, right_of(p))))
        self.state[p] = "eating"

    @action
    def stop_eating(self, p: Philosopher) -> None:
        require(self.state[p] == "eating")
        self.state[p] = "full"
        self.fork[p].clean = False
        self.fork[right_of(p)].clean = False

    @action
    def give_way(self, p: Philosopher) -> None:
        """One fork at a time."""
        require(self.state[p] == "hungry" and self.gives_a_fork(p))

    @action
    def start_thinking(self, p: Philosopher) -> None:
        require(self.state[p] == "full")
        self.gives_a_fork(p)
        self.state[p] = "thinking"

    @action
    def get_hungry(self, p: Philosopher) -> None:
        require(self.state[p] == "thinking")
        self.state[p] = "hungry"

    philosopher = weak(start_eating, stop_eating, give_way, start_thinking, get_hungry, per="p")

    def gives_a_fork(self, p: Philosopher) -> bool:
        """Give a dirty fork to the neighbour, if there is one; the left fork before the right one."""
        for f, neighbour in ((p, (p - 1) % SEATS), (right_of(p), right_of(p))):
            if self.fork[f].owner == p and not self.fork[f].clean:
                self.fork[f].owner = neighbour
                self.fork[f].clean = True
                return True
        return False

    def begins(self, p: Philosopher) -> bool:
        return occurs(self.start_eating, p)
