"""A linearizable memory: a processor asks, the memory does, the processor is answered (Leslie Lamport, "Specifying Systems", chapter 5).

`SpecifyingSystems/CachingMemory/MCInternalMemory` in tlaplus/Examples.
"""

from dataclasses import dataclass
from typing import Literal

from speccheck import Formula, Sort, Spec, action, anything, each, invariant, leads_to, model, require, temporal


class Proc(Sort, size=2):
    """A processor."""


class Adr(Sort, size=3, symmetric=True):
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
Answer = Val | Literal["NoVal"]
SOME_PROC = next(iter(Proc))


@model(Adr=3, Val=2, distinct=4408, depth=10)
class InternalMemory(Spec):
    mem: dict[Adr, Val] = anything()
    interface: tuple[Proc, Request | Answer] = (SOME_PROC, "NoVal")  # the last message between processors and memory
    ctl: dict[Proc, Literal["rdy", "busy", "done"]] = each("rdy")
    buf: dict[Proc, Request | Answer] = each("NoVal")

    @action
    def ask(self, p: Proc, request: Request) -> None:
        require(self.ctl[p] == "rdy")
        self.interface = (p, request)
        self.buf[p] = request
        self.ctl[p] = "busy"

    @action(fairness="weak", per="p")
    def do(self, p: Proc) -> None:
        require(self.ctl[p] == "busy")
        match self.buf[p]:
            case Read(adr):
                self.buf[p] = self.mem[adr]
            case Write(adr=adr, val=val):
                self.mem[adr] = val
                self.buf[p] = "NoVal"
            case _:
                raise AssertionError("a processor that is busy has a request")
        self.ctl[p] = "done"

    @action(fairness="weak", per="p")
    def answer(self, p: Proc) -> None:
        require(self.ctl[p] == "done")
        self.interface = (p, self.buf[p])
        self.ctl[p] = "rdy"

    @invariant
    def well_typed(self) -> bool:
        return all(isinstance(self.buf[p], Read | Write) == (self.ctl[p] == "busy") for p in Proc)

    @temporal
    def every_request_is_answered(self, p: Proc) -> Formula:
        return leads_to(lambda: self.ctl[p] == "busy", lambda: self.ctl[p] == "rdy")
