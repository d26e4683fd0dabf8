"""The alternating bit protocol: one message at a time over a line that loses some.

The sender repeats its message until it is acknowledged. The receiver acknowledges again and again what it received
last. So there are copies of everything, and each side must tell a copy of the old from the new. One bit is enough for
that: a message carries a bit that changes from one message to the next, and so does an acknowledgement. It is the
smallest form of what every protocol has that repeats: a sequence number, a request id, an idempotency key.

1. `Handover` says what is wanted: what was sent is received, and only then the next is sent.
2. `AlternatingBit` implements it, and what was sent arrives.
3. `AckWithoutBit`: any acknowledgement will do. `SendsOnce` does not repeat. `UnluckyLine` loses every copy.
   `OvertakingLine` delivers in another order; then one bit is not enough, and no number that comes round again is.

Lines are short: a full one takes nothing more.

`Handover` and `AlternatingBit` have the grain of `SpecifyingSystems/TLC/ABCorrectness` (20 states on 3 levels) and
`SpecifyingSystems/TLC/MCAlternatingBit` (240 states on 10 levels) in the TLA+ examples (tlaplus/Examples), with two
values and two places in each line, and the same numbers.

Sources: Bartlett, Scantlebury and Wilkinson, "A note on reliable full-duplex transmission over half-duplex links"
(1969); Leslie Lamport, "Specifying Systems" (2002), chapter 14.
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
    init,
    invariant,
    leads_to,
    model,
    reachable,
    refines,
    require,
    strong,
    temporal,
    weak,
)

LENGTH = constant("LENGTH", 2, min=1)  # how many messages are on a line at most

Bit = Literal[0, 1]


class Data(Sort, size=2):
    """What is sent."""


Message = tuple[Bit, Data]


def other(bit: Bit) -> Bit:
    return 0 if bit else 1


class Ends(Spec, abstract=True):
    """The two ends of the line."""

    bit: Bit  # of the message that is sent now, or was sent last
    acknowledged: Bit  # the last that the sender has heard of
    received: Bit  # of the last message that was received
    sent: Data = anything()
    got: Data = anything()

    @init
    def quiet(self) -> None:
        """All bits agree: whatever was sent before has been received and acknowledged."""
        self.bit = choose(Bit)
        self.acknowledged = self.received = self.bit

    def waits(self) -> bool:
        """Whether the sender waits for an acknowledgement."""
        return self.bit != self.acknowledged

    @invariant
    def acknowledged_means_received(self) -> bool:
        return self.waits() or self.received == self.bit

    @temporal
    def arrives(self, d: Data) -> Formula:
        return leads_to(lambda: self.bit != self.received and self.sent == d, lambda: self.bit == self.received and self.got == d)

    @temporal
    def goes_on(self) -> Formula:
        """The sender does not wait for ever."""
        return leads_to(lambda: self.waits(), lambda: not self.waits())


@model(distinct=20, depth=3)
class Handover(Ends):
    """What is wanted, as if the ends could see each other. Nothing obliges the sender to have anything to send."""

    @action
    def send(self, d: Data) -> None:
        require(not self.waits())
        self.sent = d
        self.bit = other(self.bit)

    @action(fairness="weak")
    def receive(self) -> None:
        require(self.bit != self.received)
        self.received = self.bit
        self.got = self.sent

    @action(fairness="weak")
    def acknowledge(self) -> None:
        require(self.received != self.acknowledged)
        self.acknowledged = self.received


@model(distinct=240, depth=10)
@model(LENGTH=6, distinct=2520, depth=18)
class AlternatingBit(Ends):
    """The protocol."""

    messages: Annotated[list[Message], MaxLen(LENGTH)] = []
    acknowledgements: Annotated[list[Bit], MaxLen(LENGTH)] = []

    @action
    def send(self, d: Data) -> None:
        require(not self.waits() and len(self.messages) < LENGTH)
        self.sent = d
        self.bit = other(self.bit)
        self.messages.append((self.bit, d))

    @action(fairness="weak")
    def send_again(self) -> None:
        require(self.waits() and len(self.messages) < LENGTH)
        self.messages.append((self.bit, self.sent))

    @action
    def receive(self) -> None:
        """Take a message. If it is a copy of the one before, nothing changes by it."""
        require(self.messages)
        self.received, self.got = self.messages.pop(self.which(len(self.messages)))

    @action(fairness="weak")
    def acknowledge(self) -> None:
        require(len(self.acknowledgements) < LENGTH)
        self.acknowledgements.append(self.received)

    @action
    def receive_acknowledgement(self) -> None:
        require(self.acknowledgements)
        self.acknowledged = self.heard(self.acknowledgements.pop(0))

    # The line lets something through now and then.
    luck = strong(receive)
    luck_back = strong(receive_acknowledgement)

    @action
    def lose_message(self) -> None:
        self.messages.pop(choose(range(len(self.messages))))

    @action
    def lose_acknowledgement(self) -> None:
        self.acknowledgements.pop(choose(range(len(self.acknowledgements))))

    def which(self, n: int) -> int:
        """Return which of so many messages arrives next."""
        return 0

    def heard(self, bit: Bit) -> Bit:
        """Return what the sender takes for acknowledged."""
        return bit

    @refines(Handover, liveness=True)
    def handover(self) -> Handover:
        return Handover(bit=self.bit, acknowledged=self.acknowledged, received=self.received, sent=self.sent, got=self.got)

    @reachable
    def copies(self) -> bool:
        """The line is full of copies of one message."""
        return len(self.messages) == LENGTH and len(set(self.messages)) == 1


@model(violates=("acknowledged_means_received", "arrives", "handover"), distinct=1640, depth=20)
class AckWithoutBit(AlternatingBit):
    """An acknowledgement says "received", and not what.

    The receiver acknowledges the last message once more, as it does all the time. The sender, which has just sent the
    next one, takes this for its acknowledgement, and forgets a message that may be lost.
    """

    def heard(self, bit: Bit) -> Bit:
        return self.bit


@model(violates=("arrives", "goes_on", "handover"), via="lose_message", distinct=96, depth=5)
class SendsOnce(AlternatingBit, without=("send_again", "copies")):
    """A message that is lost is not sent again. The sender waits for ever for an acknowledgement of it."""


@model(violates=("arrives", "goes_on", "handover"), via="lose_message", distinct=240, depth=10)
class UnluckyLine(AlternatingBit):
    """The sender sends again and again, and the line loses every copy: to receive one is weakly fair only.

    A copy on the line is not there for long, so weak fairness promises nothing. No protocol can do without the
    assumption that a message that is sent again and again arrives some time.
    """

    luck = weak(AlternatingBit.receive)


@model(violates=("acknowledged_means_received", "arrives", "handover"), distinct=1784, depth=28)
class OvertakingLine(AlternatingBit):
    """A message may overtake another one, as it may where there are several ways, connections or partitions.

    An old copy stays on the line while the next message comes and goes. Then it arrives, with the right bit, and is
    taken for the one after the next.
    """

    def which(self, n: int) -> int:
        return choose(range(n))
