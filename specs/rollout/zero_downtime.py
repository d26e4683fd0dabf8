"""Updating a fleet without downtime, and so that all servers which can be reached run the same version.

A load balancer sends requests to the servers that are in rotation. To update a server means to stop it and to start it
again with the new version, and whoever is being served by it in that moment is cut off. Three things are wanted:

- *zero downtime*: at any time enough servers are in rotation and up;
- *same version*: those that are in rotation and up run the same version, so that no user sees the old and the new one
  in turn, and nothing that the new version writes is read by the old one;
- *nobody cut off*: a server that is stopped serves nobody.

The first and the second are easy to have, each without the other: `AllAtOnce` and `Rolling`. `SplitSwap`, which some
call blue and green, has all of them. It needs a fleet of which one half can carry the load, a balancer that swaps in one
step, and patience with requests that are in progress. The last classes take one of these away each.

What the same version costs is capacity. Most fleets do not pay for it: they roll, and see to it that the two versions
get along (`staged_rollout.py`, and the specs about schema changes).

Source: Hillel Wayne, "Modeling zero-downtime deployments".
"""

from typing import Annotated, Literal

from speccheck import Spec, Steps, action, at, constant, each, eventually, invariant, model, process, reachable, require, terminal, weak

SERVERS = constant("SERVERS", 2, min=2)
MIN_SERVING = constant("MIN_SERVING", 1, min=1)  # how many servers the load needs

FLEET = range(SERVERS)
GREEN = range(SERVERS // 2)  # the half that is updated first
BLUE = range(SERVERS // 2, SERVERS)
Server = Annotated[int, FLEET]


class Update(Spec, abstract=True):
    """Servers behind a load balancer. How they are updated is a matter of the subclasses."""

    rotation: set[Server] = set(FLEET)  # where the balancer sends requests
    version: dict[Server, Literal["old", "new"]] = each("old")
    down: set[Server] = set()
    busy: set[Server] = set()  # serve a request right now

    def serving(self) -> set[Server]:
        return self.rotation - self.down

    def others(self, s: Server) -> int:
        """How many serve without this one."""
        return len(self.serving() - {s})

    # -------------------------------------------------- users

    @action
    def request(self, s: Server) -> None:
        require(s in self.serving() and s not in self.busy)
        self.busy.add(s)

    @action
    def respond(self, s: Server) -> None:
        require(s in self.busy and s not in self.down)
        self.busy.remove(s)

    requests_end = weak(respond, per="s")

    # -------------------------------------------------- updating

    @process(fairness="weak")
    def update(self, s: Server) -> Steps:
        """What is done to one server. All of them are updated at the same time, as far as they let each other."""
        yield "take_out"
        require(self.may_take_out(s))
        self.rotation.discard(s)
        yield "stop"
        require(self.drained(s))
        self.down.add(s)
        yield "start_new"
        self.down.remove(s)
        self.busy.discard(s)  # whoever it was has given up
        self.version[s] = "new"
        yield "put_back"
        require(self.may_put_back(s))
        self.rotation.add(s)

    def may_take_out(self, s: Server) -> bool:
        """Whether the others can carry the load."""
        return self.others(s) >= MIN_SERVING

    def drained(self, s: Server) -> bool:
        return s not in self.busy

    def may_put_back(self, s: Server) -> bool:
        return True

    # -------------------------------------------------- promises

    @invariant
    def zero_downtime(self) -> bool:
        return len(self.serving()) >= MIN_SERVING

    @invariant
    def same_version(self) -> bool:
        """Whichever server a request is sent to, the version is the same."""
        return len({self.version[s] for s in self.serving()}) <= 1

    @invariant
    def nobody_cut_off(self) -> bool:
        return not self.down & self.busy

    @terminal
    def all_updated(self) -> bool:
        return self.rotation == set(FLEET) and not self.down and all(v == "new" for v in self.version.values())

    updated = eventually(all_updated)

    @reachable
    def request_in_progress(self) -> bool:
        """A server is out of rotation, and still serves somebody who came before that."""
        return any(s in self.busy and s not in self.rotation for s in FLEET)


# ================================================== One of them, or the other


@model(violates=("zero_downtime", "nobody_cut_off"), distinct=12, depth=5)
@model(SERVERS=3, violates=("zero_downtime", "nobody_cut_off"), distinct=24, depth=6)
class AllAtOnce(Update, without=("update", "requests_end", "request_in_progress")):
    """At night, in a maintenance window: stop everything, start everything.

    All run the same version, while any run at all.
    """

    @action(fairness="weak")
    def stop_all(self) -> None:
        require(not self.down and not self.all_updated())
        self.down = set(FLEET)

    @action(fairness="weak")
    def start_all(self) -> None:
        require(self.down)
        self.down = set()
        self.busy = set()
        for s in FLEET:
            self.version[s] = "new"


@model(violates="same_version", distinct=48, depth=11)
@model(SERVERS=3, MIN_SERVING=2, violates="same_version", distinct=256, depth=16)
class Rolling(Update):
    """One server after the other: out of rotation, drained, updated, and back into rotation, beside those that are old."""


# ================================================== Both


@model(distinct=44, depth=12)
@model(SERVERS=3, distinct=280, depth=17)
@model(SERVERS=6, MIN_SERVING=3, distinct=34496, depth=32)
@model(SERVERS=4, MIN_SERVING=3, violates="zero_downtime", distinct=1168, depth=22)
class SplitSwap(Update):
    """One half leaves the rotation and is updated, then it is swapped with the other half, which is updated and joins it.

    In the last model one half cannot carry the load. A fleet that is as large as it must be has no half to spare.
    """

    def may_take_out(self, s: Server) -> bool:
        """The green half at once; the blue half when it has been swapped out."""
        return s in GREEN or s not in self.rotation

    def may_put_back(self, s: Server) -> bool:
        """Beside servers of the new version only. (One that was swapped in is in rotation already.)"""
        return all(self.version[r] == "new" for r in self.rotation)

    @process(fairness="weak")
    def balancer(self) -> Steps:
        """It has one list of servers, and replaces it."""
        yield "swap"
        require(self.green_is_ready())
        self.rotation = set(GREEN)

    def green_is_ready(self) -> bool:
        return all(at(self.update, s) == "put_back" for s in GREEN)


# ================================================== What the swap needs


@model(violates="same_version", distinct=48, depth=13)
class AddsFirst(SplitSwap):
    """The balancer cannot replace the list, it can add and remove. So the new half is added, then the old one removed."""

    def balancer(self) -> Steps:
        yield "add"
        require(self.green_is_ready())
        self.rotation |= set(GREEN)
        yield "remove"
        self.rotation -= set(BLUE)


@model(violates="zero_downtime", distinct=68, depth=13)
class RemovesFirst(SplitSwap):
    """The other way round: the old half is removed, then the new one added. In between there is nobody."""

    def balancer(self) -> Steps:
        yield "remove"
        require(self.green_is_ready())
        self.rotation -= set(BLUE)
        yield "add"
        self.rotation |= set(GREEN)


@model(violates="nobody_cut_off", via="update.stop", distinct=50, depth=12)
class StopsAtOnce(SplitSwap, without=("requests_end",)):
    """Out of rotation, so out of use? New requests do not come; those that have come are still being served.

    Long requests, open connections and cached addresses make the time in between longer than one thinks.
    """

    def drained(self, s: Server) -> bool:
        return True


@model(violates="updated", distinct=44, depth=12)
class RequestsDoNotEnd(SplitSwap, without=("requests_end",)):
    """The drain waits until the last request is done, and a stream or a forgotten connection is never done.

    So a drain needs a limit, and a limit cuts somebody off: here the second promise is weighed against the update.
    """
