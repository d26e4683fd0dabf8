"""The alternating bit protocol over lossy channels, and what it achieves (Leslie Lamport, "Specifying Systems", chapter 14).

`SpecifyingSystems/TLC/ABCorrectness` and `MCAlternatingBit` in tlaplus/Examples: two values, at most two messages in each channel.
"""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    MaxLen,
    Sort,
    Spec,
    action,
    anything,
    choose,
    constant,
    constraint,
    init,
    invariant,
    leads_to,
    model,
    refines,
    require,
    temporal,
)

QLEN = constant("QLEN", 2, min=1)

Bit = Literal[0, 1]


class Data(Sort, size=2):
    """What is sent."""


def flip(bit: Bit) -> Bit:
    return 0 if bit else 1


class Bits(Spec, abstract=True):
    s_bit: Bit
    s_ack: Bit
    r_bit: Bit
    sent: Data = anything()
    rcvd: Data = anything()

    @init
    def agree(self) -> None:
        self.s_bit = choose(Bit)
        self.s_ack = self.r_bit = self.s_bit


@model(distinct=20, depth=3)
class ABCorrectness(Bits):
    @action
    def send(self, d: Data) -> None:
        require(self.s_ack == self.s_bit)
        self.sent = d
        self.s_bit = flip(self.s_bit)

    @action(fairness="weak")
    def receive(self) -> None:
        require(self.r_bit != self.s_bit)
        self.r_bit = self.s_bit
        self.rcvd = self.sent

    @action(fairness="weak")
    def acknowledge(self) -> None:
        require(self.r_bit != self.s_ack)
        self.s_ack = self.r_bit


@model(distinct=240, depth=10, unknown=("correctness", "arrives"))
class AlternatingBit(Bits):
    msg_q: Annotated[list[tuple[Bit, Data]], MaxLen(QLEN + 1)] = []
    ack_q: Annotated[list[Bit], MaxLen(QLEN + 1)] = []

    @action
    def send_new_value(self, d: Data) -> None:
        require(self.s_ack == self.s_bit)
        self.sent = d
        self.s_bit = flip(self.s_bit)
        self.msg_q.append((self.s_bit, d))

    @action(fairness="weak")
    def send_again(self) -> None:
        require(self.s_ack != self.s_bit)
        self.msg_q.append((self.s_bit, self.sent))

    @action(fairness="strong")
    def receive(self) -> None:
        require(self.msg_q)
        self.r_bit, self.rcvd = self.msg_q.pop(0)

    @action(fairness="weak")
    def send_ack(self) -> None:
        self.ack_q.append(self.r_bit)

    @action(fairness="strong")
    def receive_ack(self) -> None:
        require(self.ack_q)
        self.s_ack = self.ack_q.pop(0)

    @action
    def lose_message(self) -> None:
        del self.msg_q[choose(range(len(self.msg_q)))]

    @action
    def lose_ack(self) -> None:
        del self.ack_q[choose(range(len(self.ack_q)))]

    @constraint
    def short_queues(self) -> bool:
        return max(len(self.msg_q), len(self.ack_q)) <= QLEN

    @invariant
    def bits_agree_in_time(self) -> bool:
        """What is on its way carries the present bit, or one that was acknowledged before."""
        return self.s_bit != self.s_ack or self.r_bit == self.s_bit == self.s_ack

    @temporal
    def arrives(self, d: Data) -> Formula:
        return leads_to(lambda: self.sent == d and self.s_bit != self.r_bit, lambda: self.rcvd == d)

    @refines(ABCorrectness, liveness=True)
    def correctness(self) -> ABCorrectness:
        return ABCorrectness(s_bit=self.s_bit, s_ack=self.s_ack, r_bit=self.r_bit, sent=self.sent, rcvd=self.rcvd)
