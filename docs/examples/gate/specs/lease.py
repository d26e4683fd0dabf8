"""A lease with a fencing token: only the client that was leased last may write.

A lease expires by the clock of the service. The client that held it may not notice: it was paused, and goes on as if nothing
had happened. Therefore every lease has a token, a number that grows, and the storage refuses a token older than one that it
has seen.
"""

from typing import Annotated, Self

from speccheck import Range, Sort, Spec, action, constant, each, model, reachable, require, step_invariant, terminal

LEASES = constant("LEASES", 3, min=1)


class Client(Sort, size=2):
    """Somebody who wants to write."""


@model()
@model(Client=3, LEASES=5, tags="slow")
class Lease(Spec):
    """Every write carries its token, and the storage looks at it."""

    holder: Client | None = None
    issued: Annotated[int, Range(0, LEASES)] = 0  # the last token
    token: dict[Client, Annotated[int, Range(0, LEASES)]] = each(0)  # that a client believes in; 0: none
    seen: Annotated[int, Range(0, LEASES)] = 0  # the token of the last write

    @action
    def acquire(self, c: Client) -> None:
        require(self.holder is None and self.issued < LEASES)
        self.issued += 1
        self.holder = c
        self.token[c] = self.issued

    @action
    def expire(self) -> None:
        """The client is not told."""
        require(self.holder is not None)
        self.holder = None

    @action
    def write(self, c: Client) -> None:
        require(self.token[c] > 0 and self.token[c] != self.seen and self.accepts(self.token[c]))
        self.seen = self.token[c]

    def accepts(self, token: int) -> bool:
        return token >= self.seen

    @step_invariant
    def in_order(self, after: Self) -> bool:
        """No write overwrites one of a later lease."""
        return after.seen >= self.seen

    @reachable
    def last_lease_writes(self) -> bool:
        return self.seen == LEASES

    @terminal
    def all_leases_used(self) -> bool:
        return self.issued == LEASES and self.holder is None


@model(violates="in_order", via="expire")
class WithoutToken(Lease):
    """The storage believes whoever writes: a client that was paused overwrites what a later one has written."""

    def accepts(self, token: int) -> bool:
        return True
