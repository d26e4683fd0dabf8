"""A reusable barrier of two waiting chambers, by a lock and two semaphores; it refines an abstract barrier.

`barriers/Barriers` and `Barrier` in tlaplus/Examples.
"""

from enum import Enum
from typing import Annotated

from speccheck import Range, Sort, Spec, Steps, action, at, each, invariant, model, process, refines, require


class Proc(Sort, size=6, symmetric=True):
    """A process."""


N = len(Proc)
Count = Annotated[int, Range(0, N)]


class Gate(Enum):
    IN = 1
    OUT = 2


@model(distinct=64, depth=7)
class Barrier(Spec):
    waiting: set[Proc] = set()

    @action
    def arrive(self, p: Proc) -> None:
        require(p not in self.waiting)
        self.waiting.add(p)

    @action
    def leave_all(self) -> None:
        require(self.waiting == set(Proc))
        self.waiting.clear()


@model(distinct=29279, depth=93)
class Barriers(Spec):
    locked: bool = False
    gates: dict[Gate, Count] = each(0)
    inside: Count = 0

    def lock(self) -> None:
        require(not self.locked)
        self.locked = True

    def wait(self, gate: Gate) -> None:
        require(self.gates[gate] > 0)
        self.gates[gate] -= 1

    def chamber(self, gate: Gate, step: int, full: int) -> Steps:
        yield "lock"
        self.lock()
        yield "count"
        self.inside += step
        yield "test"
        if self.inside == full:
            yield "open"
            self.gates[gate] += N
        yield "unlock"
        self.locked = False
        yield "wait"
        self.wait(gate)

    @process
    def proc(self, p: Proc) -> Steps:
        while True:
            yield "work"
            yield from self.chamber(Gate.IN, +1, N)
            yield from self.chamber(Gate.OUT, -1, 0)

    def in_critical_section(self, p: Proc) -> bool:
        return at(self.proc, p).split(".")[-1] in {"count", "test", "open", "unlock"}

    def count_at(self, labels: tuple[str, ...]) -> int:
        return sum(at(self.proc, p) in labels for p in Proc)

    @invariant
    def lock_is_exclusive(self) -> bool:
        return sum(self.in_critical_section(p) for p in Proc) == self.locked

    @invariant
    def one_gate_is_closed(self) -> bool:
        return not all(self.gates.values())

    @invariant
    def inside_counts(self) -> bool:
        return self.inside == self.count_at(("chamber.test", "chamber.open", "chamber.unlock", "chamber.wait", "chamber2.lock", "chamber2.count"))

    @invariant
    def gates_flush(self) -> bool:
        first = self.count_at(("work", "chamber.lock", "chamber.count", "chamber.test", "chamber.open", "chamber.unlock", "chamber.wait"))
        return self.gates[Gate.IN] in (0, first) and self.gates[Gate.OUT] in (0, N - first)

    def arrived(self, p: Proc) -> bool:
        match at(self.proc, p):
            case "work":
                return False
            case "chamber2.unlock" | "chamber2.wait":
                return self.gates[Gate.OUT] == 0
            case _:
                return True

    @refines(Barrier)
    def barrier(self) -> Barrier:
        return Barrier(waiting={p for p in Proc if self.arrived(p)})
