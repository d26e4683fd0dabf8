"""Configuration goes to production, too: canary, revert, last known good, and the kill switch that needs none of it.

The nodes of a service read their configuration while they run. A change is everywhere in seconds, which is the beauty
of it, and it is not code, so what could happen? The author was careful, and a validator has checked it. Then a node
reads it and goes down. Which changes do that, nobody knows before some node has tried.

Two things must be true. At any time nearly all nodes are up (`quorum_up`). And when the authors are done, all nodes run
the latest configuration that they can run (`converges`): it is no way out to change nothing any more.

`CanaryPush` keeps both promises. One node tries, then the others, and what takes the canary down is taken back. Each
class after it leaves something out; `GlobalPush` leaves out the canary. `LastKnownGood` does well without one, for there
the nodes themselves do not trust what they are offered. `KillSwitch` is the way around all this in an emergency.
`RefusalsOutliveTheirChange` does well in one emergency, and fails in the second one.

Sources: the published analyses of the Cloudflare outages of November and December 2025, in which configuration was
pushed everywhere at once.
"""

from typing import Annotated

from speccheck import Range, Spec, action, choose, constant, disable, each, eventually_always, invariant, model, reachable, require, terminal, weak

FLEET = constant("FLEET", 3, min=3)  # nodes
MAX_DOWN = constant("MAX_DOWN", 1)  # how many may be down: what users put up with, not how many try first
CONFIGS = constant("CONFIGS", 2, min=2)  # how many configurations are written
RESTARTS = constant("RESTARTS", 2, min=1)  # how often a node restarts for reasons of its own
EMERGENCIES = constant("EMERGENCIES", 1, min=1)

NODES = range(FLEET)
CANARY = 0

Node = Annotated[int, NODES]
Config = Annotated[int, Range(0, CONFIGS)]  # they are numbered as they are written; 0 has been there, and is good


@model(distinct=57, depth=13)
@model(CONFIGS=3, distinct=185, depth=19)
@model(FLEET=6, CONFIGS=4, distinct=1893, depth=37)
class CanaryPush(Spec):
    """The canary tries each configuration; if it is still up after that, the configuration is released to all nodes.

    The next one is tried when everybody has the last one. So it is clear which one is to blame when an alarm goes off.
    """

    written: Config = 0
    bad: set[Config] = set()  # those that kill a node
    decided: Config = 0  # the last one that was released or taken back
    candidate: Config | None = None  # the one that is tried now
    released: set[Config] = {0}
    config: dict[Node, Config] = each(0)

    # -------------------------------------------------- author and pipeline

    @action
    def write(self) -> None:
        require(self.written < CONFIGS)
        self.written += 1
        if choose(bool):
            self.bad.add(self.written)

    @action
    def publish(self) -> None:
        require(self.candidate is None and self.decided < self.written and self.settled())
        self.candidate = self.next_config()

    @action
    def promote(self) -> None:
        if self.candidate is None:
            disable()
        require(self.proven(self.candidate))
        self.released.add(self.candidate)
        self.decided = self.candidate
        self.candidate = None

    @action
    def revert(self) -> None:
        """The latest is taken back. Nodes that are down fetch the one before, and are up again."""
        require(self.latest() > 0 and self.alarm())
        if self.candidate is None:
            self.released.remove(self.latest())
        else:
            self.decided = self.candidate
            self.candidate = None

    pipeline = weak(publish, promote, revert)

    def next_config(self) -> Config:
        return self.decided + 1

    def newest(self) -> Config:
        return max(self.released)

    def latest(self) -> Config:
        """The latest that anybody is offered."""
        return self.newest() if self.candidate is None else self.candidate

    def proven(self, v: Config) -> bool:
        """Those who try first have tried, and live."""
        return all(self.config[n] == v and not self.down(n) for n in NODES if self.tries_first(n))

    def settled(self) -> bool:
        return all(self.config[n] == self.newest() and not self.down(n) for n in NODES)

    def alarm(self) -> bool:
        """A node is down with the latest. What is down with another one just has not fetched yet."""
        return any(self.down(n) and self.config[n] == self.latest() for n in NODES)

    # -------------------------------------------------- nodes

    @action(fairness="weak", per="n")
    def fetch(self, n: Node) -> None:
        """A node that is down does it, too, when somebody or something restarts it."""
        require(self.config[n] != self.offered(n))
        self.load(n, self.offered(n))

    def tries_first(self, n: Node) -> bool:
        return n == CANARY

    def offered(self, n: Node) -> Config:
        return self.candidate if self.candidate is not None and self.tries_first(n) else self.newest()

    def load(self, n: Node, v: Config) -> None:
        self.config[n] = v

    def down(self, n: Node) -> bool:
        return self.config[n] in self.bad

    # -------------------------------------------------- promises

    @invariant
    def quorum_up(self) -> bool:
        """At most a few nodes are down."""
        return sum(self.down(n) for n in NODES) <= MAX_DOWN

    def up_to_date(self) -> bool:
        right_one = max(v for v in range(CONFIGS + 1) if v <= self.written and v not in self.bad)
        return all(self.config[n] == right_one for n in NODES)

    converges = eventually_always(up_to_date)

    @terminal
    def idle(self) -> bool:
        return self.written == self.decided == CONFIGS and self.settled()

    @reachable
    def released_everywhere(self) -> bool:
        return all(self.config[n] == CONFIGS for n in NODES) and not self.bad

    @reachable
    def bad_one_survived(self) -> bool:
        """A bad configuration has been taken back, and the one after it is everywhere."""
        return self.settled() and CONFIGS - 1 in self.bad and self.newest() == CONFIGS


@model(violates="quorum_up", distinct=132, depth=13)
class GlobalPush(CanaryPush):
    """All nodes are the canary. The alarm goes off and the change is reverted, as always, but everybody has it by then."""

    def tries_first(self, n: Node) -> bool:
        return True


@model(violates="quorum_up", distinct=147, depth=14)
class SilenceIsHealth(CanaryPush):
    """There is a canary, and the change is released if there is no alarm.

    There is no alarm, either, as long as the canary has not fetched the change.
    """

    def proven(self, v: Config) -> bool:
        return not self.alarm()


@model(violates=("converges", "deadlock"), distinct=39, depth=13)
class NobodyReverts(CanaryPush, without=("revert", "bad_one_survived")):
    """The canary is down, and the pipeline waits for somebody who looks after it.

    Only one node is down, as promised. But it stays down, and no later change gets past it.
    """


@model(violates="converges", via="revert", distinct=65, depth=15)
class OneAlarmTwoReverts(CanaryPush):
    """The change is taken back, and the alarm is still on, for it takes a moment until the canary is up again.

    So the change before is taken back, too. It was good, and nobody releases it again.
    """

    def alarm(self) -> bool:
        return any(self.down(n) for n in NODES)


@model(violates="converges", distinct=71, depth=13)
class OnlyTheLatest(CanaryPush):
    """To save time the pipeline tries only what was written last. It contains the changes before it, does it not?

    It is bad, and is taken back. The change before it was good, but has been skipped, and nobody ever gets it.
    """

    def next_config(self) -> Config:
        return self.written


# ================================================== Nodes that do not trust


class Distrust(CanaryPush, abstract=True):
    """A node loads a configuration beside the one that works, which it keeps on its disk.

    If the new one does not work it goes on with the old one, and says so. A restart does not change that.
    """

    refused: set[Node] = set()  # those that have tried the latest, and will not have it
    restarts: Annotated[int, Range(0, RESTARTS)] = RESTARTS

    def fetch(self, n: Node) -> None:
        require(n not in self.refused)
        super().fetch(n)

    def load(self, n: Node, v: Config) -> None:
        if v in self.bad:
            self.refused.add(n)
        else:
            self.config[n] = v

    def alarm(self) -> bool:
        return len(self.refused) > 0 or super().alarm()

    def revert(self) -> None:
        super().revert()
        self.refused.clear()

    @action
    def restart(self, n: Node) -> None:
        require(self.restarts > 0)
        self.restarts -= 1
        self.refused.discard(n)
        self.config[n] = self.starts_with(n)

    def starts_with(self, n: Node) -> Config:
        return self.config[n]

    @reachable
    def everybody_refused(self) -> bool:
        """The change is bad, it is everywhere, and all nodes are up."""
        return len(self.refused) == FLEET and self.restarts < RESTARTS

    @reachable
    def restart_survived(self) -> bool:
        return self.bad_one_survived() and self.restarts < RESTARTS


@model(distinct=291, depth=15)
@model(FLEET=6, CONFIGS=4, RESTARTS=4, distinct=32005, depth=41)
class LastKnownGood(Distrust, GlobalPush):
    """A global push, to nodes that know what has worked last. If they refuse a change, it is reverted as well."""


@model(violates="quorum_up", via="restart", distinct=486, depth=13)
class LastKnownGoodInMemory(LastKnownGood):
    """A node keeps the one that works in its memory. After a restart it has nothing but what it is offered.

    So a bad change does no harm until nodes restart, for whatever reason: to deploy a fix, for example.
    """

    def starts_with(self, n: Node) -> Config:
        return self.offered(n)


# ================================================== Emergencies


@model(violates="quorum_up", via="flip_kill_switch", distinct=227, depth=13)
class KillSwitch(CanaryPush):
    """In an emergency a switch turns a feature off, everywhere and at once. There is no time for a canary.

    But what the nodes get is a change of their configuration like any other, and one that is hardly ever made.
    """

    emergencies: Annotated[int, Range(0, EMERGENCIES)] = EMERGENCIES

    @action
    def flip_kill_switch(self) -> None:
        require(self.emergencies > 0 and self.candidate is None and self.decided == self.written)
        self.emergencies -= 1
        self.write()
        self.decided = self.written
        self.released.add(self.written)

    @reachable
    def switched_off(self) -> bool:
        return self.emergencies < EMERGENCIES and self.settled() and self.newest() == self.written


@model(distinct=546, depth=15)
@model(FLEET=5, CONFIGS=3, EMERGENCIES=2, distinct=55527, depth=27)
class DistrustedKillSwitch(Distrust, KillSwitch):
    """Whoever needs a way around the canary needs nodes that survive what comes that way."""

    def flip_kill_switch(self) -> None:
        super().flip_kill_switch()
        self.forget_refusals()

    def forget_refusals(self) -> None:
        """Nobody has seen this change yet. What was refused is the one before it."""
        self.refused.clear()


@model(distinct=546, depth=15)
@model(EMERGENCIES=2, violates="converges", distinct=1212, depth=15)
class RefusalsOutliveTheirChange(DistrustedKillSwitch):
    """A node says that it refuses, and does not say what. While the alarm is still on, the switch is flipped once more.

    The second change is good, and there is an alarm. So the second change is taken back, and nobody releases it again.
    A canary gives it time: the next change waits until the last one has settled. An emergency does not wait.
    """

    def forget_refusals(self) -> None:
        """The pipeline counts refusals, and has counted them well as long as changes came one by one."""
