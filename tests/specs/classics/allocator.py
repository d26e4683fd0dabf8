"""Two allocators of resources to clients (Stephan Merz, "On the logic of TLA+", 2003).

`allocator/SimpleAllocator`, `SchedulingAllocator` and `AllocatorRefinement` in tlaplus/Examples. Clients return what they hold, which is
weak fairness of returning everything at once.
"""

from typing import Annotated

from speccheck import (
    Formula,
    MaxLen,
    Sort,
    Spec,
    action,
    always_eventually,
    choose,
    each,
    invariant,
    leads_to,
    model,
    refines,
    require,
    subsets,
    temporal,
)


class Client(Sort, size=3, symmetric=True):
    """Who asks for resources."""


class Resource(Sort, size=2, symmetric=True):
    """What one client at a time can have."""


class Allocator(Spec, abstract=True):
    unsat: dict[Client, set[Resource]] = each(set())
    alloc: dict[Client, set[Resource]] = each(set())

    def available(self) -> set[Resource]:
        return set(Resource) - {r for held in self.alloc.values() for r in held}

    @action
    def request(self, c: Client) -> None:
        require(not self.unsat[c] and not self.alloc[c])
        self.unsat[c] = set(choose(subsets(Resource, 1)))

    @action
    def return_some(self, c: Client) -> None:
        self.alloc[c] -= choose(subsets(self.alloc[c], 1))

    @action(fairness="weak", per="c")
    def return_all(self, c: Client) -> None:
        require(self.alloc[c])
        self.alloc[c].clear()

    @invariant
    def mutex(self) -> bool:
        return not any(self.alloc[c] & self.alloc[d] for c in Client for d in Client if c != d)

    @temporal
    def clients_will_return(self, c: Client) -> Formula:
        return leads_to(lambda: not self.unsat[c], lambda: not self.alloc[c])

    @temporal
    def clients_will_obtain(self, c: Client, r: Resource) -> Formula:
        return leads_to(lambda: r in self.unsat[c], lambda: r in self.alloc[c])

    @temporal
    def infinitely_often_satisfied(self, c: Client) -> Formula:
        return always_eventually(lambda: not self.unsat[c])


@model(distinct=400, depth=6)
class SimpleAllocator(Allocator):
    @action(fairness="strong", per="c")
    def allocate(self, c: Client) -> None:
        granted = choose(subsets(self.available() & self.unsat[c], 1))
        self.alloc[c] |= granted
        self.unsat[c] -= granted


@model(distinct=1690, depth=7)
class SchedulingAllocator(Allocator):
    pool: set[Client] = set()
    sched: Annotated[list[Client], MaxLen(len(Client))] = []

    def request(self, c: Client) -> None:
        super().request(c)
        self.pool.add(c)

    @action(fairness="weak", per="c")
    def allocate(self, c: Client) -> None:
        require(c in self.sched)
        granted = choose(subsets(self.available() & self.unsat[c], 1))
        position = self.sched.index(c)
        require(not any(self.unsat[earlier] & granted for earlier in self.sched[:position]))
        self.alloc[c] |= granted
        self.unsat[c] -= granted
        if not self.unsat[c]:
            del self.sched[position]

    @action(fairness="weak")
    def schedule(self) -> None:
        require(self.pool)
        while self.pool:
            c = choose(self.pool)
            self.pool.remove(c)
            self.sched.append(c)

    @invariant
    def who_waits_is_known(self) -> bool:
        return {c for c in Client if self.unsat[c]} == self.pool | set(self.sched)

    @invariant
    def the_pool_has_nothing(self) -> bool:
        return all(not self.alloc[c] for c in self.pool)

    @refines(SimpleAllocator, liveness=True)
    def simple(self) -> SimpleAllocator:
        return SimpleAllocator(unsat=self.unsat, alloc=self.alloc)
