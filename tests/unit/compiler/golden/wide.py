"""A state of many words: large sets as masks and as lists, records in lists, and parts that cross words."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Sort, Spec, action, choose, each, invariant, require


class Site(Sort, size=40, ordered=True):
    """A place."""


SEEN = (Site[0], Site[20], Site[39])


class Task(Record):
    at: Site | None = None
    cost: Annotated[int, Range(0, 1000)] = 0
    after: set[Annotated[int, Range(0, 30)]] = set()


class Wide(Spec, deadlock=False):
    visited: set[Site] = set()
    near: Annotated[set[tuple[Site, Site]], MaxLen(3)] = set()
    tasks: Annotated[list[Task], MaxLen(2)] = []
    load: dict[Site, bool] = each(False)
    total: int = 0

    @action
    def visit(self) -> None:
        site = choose(SEEN)
        require(site not in self.visited and len(self.visited) < 2)
        self.near |= {(site, other) for other in self.visited}
        self.visited.add(site)

    @action
    def plan(self, n: Annotated[int, Range(0, 1)]) -> None:
        require(not self.tasks or self.tasks[-1].at is not None)
        self.tasks.append(Task(cost=500 * n, after=set(range(n, 30, 7))))

    @action
    def begin(self) -> None:
        require(self.total < 3)
        for task in self.tasks:
            if task.at is None:
                task.at = min(self.visited, key=lambda site: len({a for a, b in self.near if b == site}), default=None)
                task.after -= {0, 7}
                self.total += task.cost + len(task.after)

    @invariant
    def apart(self) -> bool:
        return all(a != b for a, b in self.near) and sum(self.load.values()) == 0 and self.total < 2000
