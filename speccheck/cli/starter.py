"""The spec that `speccheck new` writes: small, commented, and complete enough to be changed into the real thing.

In: the name of the module and the name of the spec. Out: Python source that passes `speccheck run` and a strict type checker.
"""

TEMPLATE = '''\
"""MODULE: say here what the system does, and what must never happen.

This starter is a rolling update: servers are taken down, updated and brought back, and all the while
some server must be up. Check it with

    speccheck run MODULE.py
    speccheck run MODULE.py -D Server=5      more servers
"""

from typing import Literal

from speccheck import Sort, Spec, action, each, invariant, model, reachable, require, terminal


# A sort is a finite set of opaque values: Server0, Server1, ... `-D Server=5` makes it another size.
class Server(Sort, size=3, symmetric=True):
    """A server of the fleet."""


# A model is a spec with constants and the verdict that it must have. This spec must hold for two
# servers and for three; the counts are optional, and notice when a change alters what is checked.
@model(Server=2, distinct=8)
@model(Server=3, distinct=26)
class SPEC(Spec):
    """Servers are updated while the others serve."""

    # Annotated attributes are the variables, their annotations say which values they may have, and
    # the defaults make the initial state. `each` gives every key of a map the same value.
    servers: dict[Server, Literal["old", "down", "new"]] = each("old")

    def up(self, server: Server) -> bool:
        """Methods without a decorator are helpers."""
        return self.servers[server] != "down"

    def may_go_down(self, server: Server) -> bool:
        """Somebody else is up."""
        return any(self.up(other) for other in Server if other != server)

    # An action is an atomic step, tried for every value of its parameters in every state. Where
    # `require` finds its condition false, the step is not possible.
    @action
    def take_down(self, server: Server) -> None:
        require(self.servers[server] == "old")
        require(self.may_go_down(server))
        self.servers[server] = "down"

    @action
    def bring_up(self, server: Server) -> None:
        require(self.servers[server] == "down")
        self.servers[server] = "new"

    # An invariant is true in every reachable state; if it is not, you get the shortest way there.
    @invariant
    def available(self) -> bool:
        """Some server is up."""
        return any(self.up(server) for server in Server)

    # A reachable state keeps you honest: a spec in which nothing can happen satisfies any invariant.
    @reachable
    def finished(self) -> bool:
        """Every server can be updated."""
        return all(self.servers[server] == "new" for server in Server)

    # Any other state without a next step is reported as a deadlock.
    @terminal
    def done(self) -> bool:
        return self.finished()


# A variant that must fail, in this property and through this action: the proof that the invariant
# can be violated at all, and the reason why the real spec has its guard.
@model(Server=2, violates="available", via="take_down")
class Hasty(SPEC):
    """Nobody looks at the other servers before taking one down."""

    def may_go_down(self, server: Server) -> bool:
        return True
'''


def starter(module: str, spec: str) -> str:
    """Return the source of a starter spec."""
    return TEMPLATE.replace("MODULE", module).replace("SPEC", spec)
