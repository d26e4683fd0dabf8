"""An asynchronous interface: two-phase handshakes over one line (Leslie Lamport, "Specifying Systems", chapter 3).

`SpecifyingSystems/AsynchronousInterface` in tlaplus/Examples: AsynchInterface with three variables, Channel with one record.
Channel refines AsynchInterface.
"""

from typing import Literal, Self

from speccheck import Record, Sort, Spec, action, anything, choose, init, invariant, model, refines, require, step_invariant

Bit = Literal[0, 1]


class Data(Sort, size=3, symmetric=True):
    """What is sent."""


def other(bit: Bit) -> Bit:
    match bit:
        case 0:
            return 1
        case 1:
            return 0


@model(distinct=12, depth=2)
@model(Data=3, symmetry=True, distinct=4, depth=2)
class AsynchInterface(Spec):
    val: Data = anything()
    rdy: Bit
    ack: Bit

    @init
    def idle(self) -> None:
        self.rdy = self.ack = choose(Bit)

    @action
    def send(self) -> None:
        require(self.rdy == self.ack)
        self.val = choose(Data)
        self.rdy = other(self.rdy)

    @action
    def receive(self) -> None:
        require(self.rdy != self.ack)
        self.ack = other(self.ack)


class Line(Record):
    val: Data
    rdy: Bit
    ack: Bit


@model(distinct=12, depth=2)
class Channel(Spec):
    chan: Line

    @init
    def idle(self) -> None:
        bit = choose(Bit)
        self.chan = Line(val=choose(Data), rdy=bit, ack=bit)

    @action
    def send(self, d: Data) -> None:
        require(self.chan.rdy == self.chan.ack)
        self.chan = Line(val=d, rdy=other(self.chan.rdy), ack=self.chan.ack)

    @action
    def receive(self) -> None:
        require(self.chan.rdy != self.chan.ack)
        self.chan.ack = other(self.chan.ack)

    @invariant
    def bits(self) -> bool:
        return {self.chan.rdy, self.chan.ack} <= {0, 1}

    @step_invariant
    def value_is_kept_until_received(self, after: Self) -> bool:
        return self.chan.rdy == self.chan.ack or after.chan.val == self.chan.val

    @refines(AsynchInterface)
    def interface(self) -> AsynchInterface:
        c = self.chan
        return AsynchInterface(val=c.val, rdy=c.rdy, ack=c.ack)
