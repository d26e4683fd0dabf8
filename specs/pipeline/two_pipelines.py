"""Two pipelines into one production, two changes into one main branch: green and green need not make green.

A test says that something works together with all the rest, as the rest was when the test began. Two tests at the
same time do not know of each other, so each may be right about a world that is gone when its result is used. No
better test helps. What does is the same in both halves of this file: one at a time; or to look, in the very step
that lets the change in, whether its test is still about what is there.

*Code and configuration* have a pipeline each, and have to fit. With a lock the two take turns (`TwoPipelines`).
Without it each is tested with what the other is about to replace (`Unserialised`), unless the deployment insists on
a test with what is live (`RetestAtDeployment`). The lock has lessons of its own: its holder may stall, and a lock
that expires excludes nobody (`LockExpires`) unless who has lost it is turned away at the door (`Fenced`). And a
rollback is a deployment as well (`ReversiblePipelines`).

*Changes* are merged into main, and main has to stay green. That every branch is green is not enough
(`MergeWhenGreen`): it has to be green on top of what main is now (`UpToDateBranch`), or of what it will be
(`MergeQueue`).
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from speccheck import (
    Formula,
    MaxLen,
    Range,
    Sort,
    Spec,
    action,
    any_of,
    anything,
    constant,
    each,
    eventually,
    eventually_always,
    init,
    invariant,
    leads_to,
    model,
    reachable,
    require,
    step_invariant,
    temporal,
    terminal,
)

VERSIONS = constant("VERSIONS", 1, min=1)  # how many new versions each of the two pipelines has
STALLS = constant("STALLS", 1, min=1)  # how often a pipeline stalls
ROLLBACKS = constant("ROLLBACKS", 1, min=1)

# ================================================== Code and configuration

Pipeline = Literal["code", "configuration"]
PIPELINES: tuple[Pipeline, ...] = ("code", "configuration")
OTHER: dict[Pipeline, Pipeline] = {"code": "configuration", "configuration": "code"}
Version = Annotated[int, Range(0, VERSIONS)]  # 0 is what is live when it all begins


@dataclass(frozen=True)
class Pair:
    """A version of the code and one of the configuration."""

    code: Version
    configuration: Version


@model(distinct=31, depth=5)
@model(VERSIONS=4, distinct=1813, depth=17)
class TwoPipelines(Spec):
    """A pipeline holds a lock from its test to its deployment, so that what it has tested with stays live."""

    clash: Pair | None = anything()  # what does not work together; nobody knows
    live: dict[Pipeline, Version] = each(0)
    candidate: dict[Pipeline, Version] = each(0)  # the version that was tested last
    stage: dict[Pipeline, Literal["idle", "tested"]] = each("idle")
    tested_with: dict[Pipeline, Version] = each(0)  # the version of the other that was live in the test
    lock: Pipeline | None = None

    @init
    def works_today(self) -> None:
        require(self.clash != self.in_production())

    @action(fairness="weak", per="p")
    def test(self, p: Pipeline) -> None:
        """The next version is tested with what is live. What does not work is rejected."""
        require(self.stage[p] == "idle" and self.candidate[p] < VERSIONS)
        self.acquire(p)
        self.candidate[p] += 1
        self.tested_with[p] = self.live[OTHER[p]]
        self.stage[p] = "tested"
        if self.fails(p):
            self.finish(p)

    def fails(self, p: Pipeline) -> bool:
        mine, other = self.candidate[p], self.tested_with[p]
        return self.clash == (Pair(mine, other) if p == "code" else Pair(other, mine))

    @action(fairness="weak", per="p")
    def deploy(self, p: Pipeline) -> None:
        require(self.stage[p] == "tested" and self.may_deploy(p))
        self.live[p] = self.candidate[p]
        self.finish(p)

    def may_deploy(self, p: Pipeline) -> bool:
        """It was tested. What else should there be to ask?"""
        return True

    def finish(self, p: Pipeline) -> None:
        self.stage[p] = "idle"
        self.tested_with[p] = 0  # no longer of interest
        if self.lock == p:
            self.lock = None

    def start_over(self, p: Pipeline) -> None:
        """The same version is tested again."""
        self.candidate[p] -= 1
        self.finish(p)

    def acquire(self, p: Pipeline) -> None:
        require(self.lock is None)
        self.lock = p

    def in_production(self) -> Pair:
        return Pair(self.live["code"], self.live["configuration"])

    @invariant
    def compatible(self) -> bool:
        """What is in production works together."""
        return self.in_production() != self.clash

    @temporal
    def delivered(self, p: Pipeline) -> Formula:
        """All versions get to production, or are rejected."""
        return eventually(lambda: self.at_the_end(p))

    def at_the_end(self, p: Pipeline) -> bool:
        return self.candidate[p] == VERSIONS and self.stage[p] == "idle"

    @terminal
    def over(self) -> bool:
        return all(self.at_the_end(p) for p in PIPELINES)

    @reachable
    def all_deployed(self) -> bool:
        return self.over() and all(v == VERSIONS for v in self.live.values())

    @reachable
    def rejected(self, p: Pipeline) -> bool:
        """Both would work, but not together: who comes second is rejected."""
        only_the_other = self.live[p] < VERSIONS and self.live[OTHER[p]] == VERSIONS
        return self.over() and only_the_other and self.clash == Pair(VERSIONS, VERSIONS)


@model(violates="compatible", distinct=38, depth=5)
class Unserialised(TwoPipelines):
    """Nobody has told the pipelines of each other.

    The code is tested with the old configuration, and the configuration with the old code. Both work, both are
    deployed, and what runs now was never tested.
    """

    def acquire(self, p: Pipeline) -> None:
        pass


@model(distinct=37, depth=5)
@model(VERSIONS=6, distinct=29962, depth=25)
class RetestAtDeployment(Unserialised):
    """No lock, but the deployment is conditional: it is done if what is live is what the candidate was tested with.

    If not, the candidate is tested again. That happens only if the other one got through, so one of them always
    does.
    """

    def may_deploy(self, p: Pipeline) -> bool:
        return self.up_to_date(p)

    def up_to_date(self, p: Pipeline) -> bool:
        return self.tested_with[p] == self.live[OTHER[p]]

    @action(fairness="weak", per="p")
    def test_again(self, p: Pipeline) -> None:
        require(self.stage[p] == "tested" and not self.up_to_date(p))
        self.start_over(p)


@model(violates="compatible", distinct=60, depth=7)
class LooksBeforeDeployment(RetestAtDeployment):
    """The pipeline looks whether its test is up to date, and if so it deploys. In between the other one does."""

    has_looked: set[Pipeline] = set()

    @action(fairness="weak", per="p")
    def look(self, p: Pipeline) -> None:
        require(self.stage[p] == "tested" and self.up_to_date(p) and p not in self.has_looked)
        self.has_looked.add(p)

    def may_deploy(self, p: Pipeline) -> bool:
        return p in self.has_looked

    def finish(self, p: Pipeline) -> None:
        super().finish(p)
        self.has_looked.discard(p)


# -------------------------------------------------- a holder of the lock may stall


@model(violates="delivered", via="stall", distinct=68, depth=7)
class HolderStalls(TwoPipelines):
    """A pipeline stalls while it holds the lock, perhaps for ever: the machine is gone, or somebody has to approve.

    Everything is safe, and the other pipeline waits. That one of them stalls is no excuse for the other.
    """

    stalled: set[Pipeline] = set()
    stalls: Annotated[int, Range(0, STALLS)] = STALLS

    @action
    def stall(self, p: Pipeline) -> None:
        require(self.stage[p] == "tested" and p not in self.stalled and self.stalls > 0)
        self.stalls -= 1
        self.stalled.add(p)

    @action
    def wake_up(self, p: Pipeline) -> None:
        require(p in self.stalled)
        self.stalled.remove(p)

    def may_deploy(self, p: Pipeline) -> bool:
        return p not in self.stalled

    def delivered(self, p: Pipeline) -> Formula:
        return any_of(super().delivered(p), eventually_always(lambda: p in self.stalled))

    @reachable
    def stall_survived(self) -> bool:
        return self.over() and self.stalls < STALLS


@model(violates="compatible", via="wake_up", distinct=113, depth=8)
class LockExpires(HolderStalls):
    """So the lock expires, after more time than any deployment takes. Nobody tells the one that has lost it.

    It wakes up, goes on where it was, and deploys what was tested with a world that is gone.
    """

    @action(fairness="weak")
    def expire(self) -> None:
        require(self.lock is not None and self.lock in self.stalled)
        self.lock = None


@model(distinct=114, depth=7)
@model(VERSIONS=4, STALLS=4, distinct=82725, depth=25)
class Fenced(LockExpires):
    """Production itself asks for the lock, in the step that takes the deployment. Who has lost it starts over."""

    def may_deploy(self, p: Pipeline) -> bool:
        return super().may_deploy(p) and self.lock == p

    @action(fairness="weak", per="p")
    def turned_away(self, p: Pipeline) -> None:
        require(self.stage[p] == "tested" and p not in self.stalled and self.lock != p)
        self.start_over(p)


# -------------------------------------------------- there is trouble, and a pipeline rolls back


@dataclass(frozen=True)
class Deployment:
    """What was deployed, and what it replaced."""

    pipeline: Pipeline
    replaced: Version


@model(distinct=51, depth=6)
@model(VERSIONS=3, ROLLBACKS=4, distinct=14917, depth=17)
class ReversiblePipelines(TwoPipelines):
    """A rollback waits for the lock, and undoes what was deployed last, by either: production is what it was before.

    It is not tested, for it has been live. Any other pair of old versions would need a test like a pair of new
    ones.
    """

    deployments: Annotated[list[Deployment], MaxLen(2 * VERSIONS)] = []
    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    def deploy(self, p: Pipeline) -> None:
        replaced = self.live[p]
        super().deploy(p)
        self.deployments.append(Deployment(p, replaced))

    @action
    def roll_back(self, p: Pipeline) -> None:
        own = [d for d in self.deployments if d.pipeline == p]
        require(own and self.rollbacks > 0 and self.its_turn() and self.may_undo(own[-1]))
        self.rollbacks -= 1
        self.live[p] = own[-1].replaced
        self.deployments.remove(own[-1])

    def its_turn(self) -> bool:
        return self.lock is None

    def may_undo(self, d: Deployment) -> bool:
        return d == self.deployments[-1]

    @reachable
    def rolled_back(self) -> bool:
        return self.over() and self.rollbacks == 0


@model(violates="compatible", via="roll_back", distinct=53, depth=6)
class UndoesItsOwn(ReversiblePipelines):
    """The code makes trouble, and is rolled back to what worked yesterday, with another configuration."""

    def may_undo(self, d: Deployment) -> bool:
        return True


@model(violates="compatible", via="roll_back", distinct=57, depth=6)
class UrgentRollback(ReversiblePipelines):
    """A rollback is urgent, and waits for no lock. It takes away what the other pipeline is just testing with."""

    def its_turn(self) -> bool:
        return True


# ================================================== Changes


class Change(Sort, size=2, symmetric=True):
    """A change that somebody wants to have in main."""


Changes = frozenset[Change]


@model(distinct=139, depth=7)
@model(Change=3, distinct=10763, depth=10)
class UpToDateBranch(Spec):
    """A change is merged if it is green on top of what main is at this moment; if main has moved, it is tested again.

    It is safe, and slow: each merge sends all others back to their tests.
    """

    red: set[Changes] = anything()  # main with these changes does not work; nobody knows
    state: dict[Change, Literal["draft", "open", "green", "red", "merged", "rejected"]] = each("draft")
    tested_on: dict[Change, Changes] = each(frozenset())  # on top of which changes

    @init
    def works_today(self) -> None:
        require(frozenset() not in self.red)

    def main(self) -> Changes:
        return frozenset(c for c in Change if self.state[c] == "merged")

    @action
    def propose(self, c: Change) -> None:
        require(self.state[c] == "draft")
        self.state[c] = "open"

    @action(fairness="weak", per="c")
    def test(self, c: Change) -> None:
        require(self.state[c] == "open")
        self.tested_on[c] = self.base(c)
        self.state[c] = "red" if self.base(c) | {c} in self.red else "green"

    def base(self, c: Change) -> Changes:
        """What the change has to work with."""
        return self.main()

    @action(fairness="weak", per="c")
    def test_again(self, c: Change) -> None:
        require(self.state[c] in ("green", "red") and not self.up_to_date(c))
        self.decide(c, "open")

    def up_to_date(self, c: Change) -> bool:
        return self.tested_on[c] == self.base(c)

    @action(fairness="weak", per="c")
    def merge(self, c: Change) -> None:
        require(self.state[c] == "green" and self.may_merge(c))
        self.decide(c, "merged")

    @action(fairness="weak", per="c")
    def reject(self, c: Change) -> None:
        require(self.state[c] == "red" and self.may_reject(c))
        self.decide(c, "rejected")

    def may_merge(self, c: Change) -> bool:
        return self.up_to_date(c)

    def may_reject(self, c: Change) -> bool:
        return self.up_to_date(c)

    def decide(self, c: Change, what: Literal["open", "merged", "rejected"]) -> None:
        self.state[c] = what
        self.tested_on[c] = frozenset()

    @invariant
    def main_is_green(self) -> bool:
        return self.main() not in self.red

    @step_invariant
    def rejected_for_its_own_fault(self, after: Self) -> bool:
        """What is rejected does not work with main."""
        return all(self.main() | {c} in self.red for c in Change if self.state[c] == "red" and after.state[c] == "rejected")

    @temporal
    def decided(self, c: Change) -> Formula:
        return leads_to(lambda: self.state[c] == "open", lambda: self.state[c] in ("merged", "rejected"))

    @terminal
    def over(self) -> bool:
        return all(s in ("merged", "rejected") for s in self.state.values())

    @reachable
    def all_merged(self) -> bool:
        return all(s == "merged" for s in self.state.values())

    @reachable
    def rejected_in_spite_of_green(self) -> bool:
        """A change works alone, and is rejected because of another one that was merged before it."""
        return any(s == "rejected" and frozenset({c}) not in self.red for c, s in self.state.items())


@model(violates="main_is_green", distinct=140, depth=7)
class MergeWhenGreen(UpToDateBranch):
    """Each branch was green when it was tested. One renames a function, another one calls it, and main is red.

    Text does not conflict, so nobody is asked. All who branch off now have a main that does not work.
    """

    def may_merge(self, c: Change) -> bool:
        return True


@model(distinct=171, depth=7)
@model(Change=3, distinct=19867, depth=10)
class MergeQueue(UpToDateBranch):
    """Changes queue up, and each is tested on top of main and all that is before it in the queue, at the same time.

    They are merged in this order. If all goes well nothing is tested twice. If one is rejected, then all behind it
    were tested with something that is not there, and are tested again.
    """

    queue: Annotated[list[Change], MaxLen(len(Change))] = []

    def propose(self, c: Change) -> None:
        super().propose(c)
        self.queue.append(c)

    def base(self, c: Change) -> Changes:
        return self.main() | frozenset(self.queue[: self.queue.index(c)])

    def is_next(self, c: Change) -> bool:
        return self.queue[0] == c

    def may_merge(self, c: Change) -> bool:
        return self.is_next(c) and self.up_to_date(c)

    def may_reject(self, c: Change) -> bool:
        return self.is_next(c) and self.up_to_date(c)

    def decide(self, c: Change, what: Literal["open", "merged", "rejected"]) -> None:
        super().decide(c, what)
        if what != "open":
            self.queue.remove(c)

    @reachable
    def tested_ahead(self) -> bool:
        """All are green before the first one is merged."""
        return all(s == "green" for s in self.state.values())


@model(violates="main_is_green", via="reject", distinct=173, depth=7)
class ResultsKept(MergeQueue):
    """A change is rejected, and the results of those behind it are kept: they were green, were they not?

    They were green together with it. One of them needs it, and is merged without it.
    """

    def may_merge(self, c: Change) -> bool:
        return self.is_next(c)


@model(violates="rejected_for_its_own_fault", distinct=181, depth=7)
class RejectedOnSight(MergeQueue):
    """What is red is rejected at once. It is red because of one before it, which will not be merged at all."""

    def may_reject(self, c: Change) -> bool:
        return True


@model(violates=("decided", "deadlock"), distinct=131, depth=7)
class StuckQueue(MergeQueue, without=("reject", "test_again", "rejected_in_spite_of_green")):
    """What is red stays in the queue until its author has repaired it. The author is asleep, and all others wait."""
