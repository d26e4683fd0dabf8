"""A write-through cache implements a linearizable memory (Leslie Lamport, "Specifying Systems", chapter 5).

`SpecifyingSystems/CachingMemory/MCWriteThroughCache` and `Liveness/MCLiveWriteThroughCache` in tlaplus/Examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import (
    Formula,
    MaxLen,
    Record,
    Sort,
    Spec,
    action,
    anything,
    constant,
    copy,
    each,
    invariant,
    leads_to,
    model,
    refines,
    require,
    strong,
    temporal,
    weak,
)

QUEUE = constant("QUEUE", 1, min=1)


class Proc(Sort, size=2):
    """A processor."""


class Adr(Sort, size=1, symmetric=True):
    """An address."""


class Val(Sort, size=2, symmetric=True):
    """What an address holds."""


@dataclass(frozen=True)
class Read:
    adr: Adr


@dataclass(frozen=True)
class Write:
    adr: Adr
    val: Val


Request = Read | Write
NoVal = Literal["NoVal"]
Content = Request | Val | NoVal
FIRST = next(iter(Proc))


class Memory(Spec, abstract=True):
    """Requests are answered by a memory that does one of them at a time."""

    memory: dict[Adr, Val] = anything()
    interface: tuple[Proc, Content] = (FIRST, "NoVal")
    control: dict[Proc, Literal["ready", "busy", "done"]] = each("ready")
    buffer: dict[Proc, Content] = each("NoVal")

    @action
    def request(self, p: Proc, r: Request) -> None:
        require(self.control[p] == "ready")
        self.interface = (p, r)
        self.buffer[p] = r
        self.control[p] = "busy"

    @action
    def do(self, p: Proc) -> None:
        require(self.control[p] == "busy")
        match self.buffer[p]:
            case Write(a, v):
                self.memory[a] = v
                self.buffer[p] = "NoVal"
            case Read(a):
                self.buffer[p] = self.memory[a]
        self.control[p] = "done"

    @action
    def respond(self, p: Proc) -> None:
        require(self.control[p] == "done")
        self.interface = (p, self.buffer[p])
        self.control[p] = "ready"

    work = weak(do, respond, per="p")


class Port(Record):
    """A processor with its cache."""

    control: Literal["ready", "busy", "waiting", "done"] = "ready"
    buffer: Content = "NoVal"
    cache: dict[Adr, Val] = {}

    def finish(self, answer: Val | NoVal) -> None:
        self.buffer = answer
        self.control = "done"

    @property
    def reading(self) -> Adr | None:
        return self.buffer.adr if isinstance(self.buffer, Read) and self.control in ("busy", "waiting") else None


@model(distinct=5196, depth=18)
class WriteThroughCache(Spec):
    memory: dict[Adr, Val] = anything()
    interface: tuple[Proc, Content] = (FIRST, "NoVal")
    ports: dict[Proc, Port] = each(Port())
    queue: Annotated[list[tuple[Proc, Request]], MaxLen(QUEUE)] = []

    def push(self, p: Proc, r: Request) -> None:
        require(len(self.queue) < QUEUE)
        self.queue.append((p, r))

    @action
    def request(self, p: Proc, r: Request) -> None:
        port = self.ports[p]
        require(port.control == "ready")
        port.buffer, port.control = r, "busy"
        self.interface = p, r

    @action(fairness="weak", per="p")
    def respond(self, p: Proc) -> None:
        port = self.ports[p]
        require(port.control == "done")
        self.interface = p, port.buffer
        port.control = "ready"

    @action
    def read_miss(self, p: Proc) -> None:
        port = self.ports[p]
        r = port.buffer
        require(port.control == "busy" and isinstance(r, Read) and r.adr not in port.cache)
        self.push(p, r)
        port.control = "waiting"

    @action
    def do_read(self, p: Proc) -> None:
        port = self.ports[p]
        a = port.reading
        require(a is not None and a in port.cache)
        port.finish(port.cache[a])

    @action
    def do_write(self, p: Proc) -> None:
        mine = self.ports[p]
        require(mine.control == "busy")
        match mine.buffer:
            case Write() as r:
                self.push(p, r)
                for q, port in self.ports.items():
                    if p == q or r.adr in port.cache:
                        port.cache[r.adr] = r.val
                mine.finish("NoVal")
            case _:
                require(False)

    def virtual_memory(self) -> dict[Adr, Val]:
        """The memory as it is when the queue has been worked off."""
        result = dict(self.memory)
        result.update({r.adr: r.val for _, r in self.queue if isinstance(r, Write)})
        return copy(result)

    @action(fairness="weak")
    def queue_step(self) -> None:
        require(self.queue)
        match self.queue[0]:
            case _, Write(adr=a, val=v):
                self.memory[a] = v
            case p, Read(adr=a):
                self.ports[p].cache[a] = self.virtual_memory()[a]
        del self.queue[0]

    @action
    def evict(self, p: Proc, a: Adr) -> None:
        port = self.ports[p]
        require(port.control != "waiting" or port.reading != a)
        port.cache.pop(a, None)

    reads = strong(read_miss, do_read, per="p")
    writes = strong(do_write, per="p")

    @invariant
    def coherence(self, p: Proc, q: Proc, a: Adr) -> bool:
        values = {self.ports[x].cache.get(a) for x in (p, q)} - {None}
        return len(values) <= 1

    @invariant
    def who_waits_reads(self, p: Proc) -> bool:
        return self.ports[p].control != "waiting" or self.ports[p].reading is not None

    @refines(Memory)
    def memory_below(self) -> Memory:
        return Memory(
            memory=self.virtual_memory(),
            interface=self.interface,
            control={p: "busy" if port.control == "waiting" else port.control for p, port in self.ports.items()},
            buffer={p: port.buffer for p, port in self.ports.items()},
        )

    @temporal
    def requests_are_answered(self, p: Proc) -> Formula:
        return leads_to(lambda: self.ports[p].control == "busy", lambda: self.ports[p].control == "ready")
