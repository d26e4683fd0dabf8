"""Two enactors and one record: the stale plan that is applied last, and the cleanup that deletes the plan in use.

A planner writes plans, one after the other: where traffic is to go from now on. An enactor puts a plan into effect. It
takes the latest one, applies it by pointing a record at it, and deletes the plans that are older. There are several
enactors, so that it goes on when one is down, and all of them do the same, each on its own. Whoever follows the record
to a plan that has been deleted gets nothing at all.

An enactor may be slow: any time may pass between two of its steps, and a lot may happen meanwhile. If it then applies
what it has taken, it puts an old plan into effect; and the other one, which has applied a later plan, is about to delete
the old ones.

`Enactors` is the protocol that works: an enactor applies its plan unless there is a later one in effect, and does this
in one step, as a compare-and-set. `Naive` does not compare. `CheckThenApply` compares in one step and applies in the
next one, which is no better. `WideMargin` and `DeleteWhatIsNotInUse` repair the cleanup and not the stale plan.
`AlreadyApplied` compares a little too strictly. `OneAtomicStep` is the naive protocol again, in a model that is too
coarse to show what is wrong with it.

Source: the published analyses of the outage in AWS us-east-1 of October 2025, in which a stale plan was applied and the
active plan was deleted.
"""

from typing import Annotated, ClassVar, Self

from speccheck import (
    Range,
    Sort,
    Spec,
    Steps,
    action,
    at,
    choose,
    constant,
    eventually_always,
    invariant,
    model,
    process,
    reachable,
    refines,
    require,
    restart,
    step_invariant,
    terminal,
)

PLANS = constant("PLANS", 2, min=2)  # how many plans are written
CRASHES = constant("CRASHES", 1, min=1)  # how often an enactor crashes at most


class Enactor(Sort, size=2, symmetric=True):
    """A process that puts plans into effect."""


Plan = Annotated[int, Range(0, PLANS)]  # numbered as they are written; 0 is the one of the beginning


class Record(Spec, abstract=True):
    """What those see who follow the record: plans come into effect one after the other, and old ones go away."""

    kept: set[Plan] = {0}
    active: Plan = 0

    @action
    def write_plan(self) -> None:
        v = choose(range(PLANS + 1))
        require(v > max(self.kept))
        self.kept.add(v)

    @action
    def advance(self) -> None:
        """To a later plan. Some old ones may go away in the same step."""
        v = choose(self.kept)
        require(v > self.active)
        self.active = v
        self.delete_old()

    @action
    def delete_old(self) -> None:
        oldest = choose(self.kept)
        require(oldest <= self.active)
        self.kept = {v for v in self.kept if v >= oldest}


@model(distinct=217, depth=12)
@model(PLANS=3, distinct=739, depth=13)
@model(Enactor=3, distinct=1321, depth=14)
@model(Enactor=4, PLANS=3, CRASHES=2, distinct=89706, depth=20)
@model(Enactor=4, PLANS=4, CRASHES=3, distinct=545200, depth=23, tags="slow")
class Enactors(Spec):
    """The protocol that works: compare-and-set. After a crash an enactor knows nothing, and takes the latest plan again."""

    margin: ClassVar[int] = 0  # how many plans before the one that was applied the cleanup leaves alone

    written: Plan = 0
    kept: set[Plan] = {0}  # the plans that have not been deleted
    active: Plan = 0  # what the record points at
    crashes: Annotated[int, Range(0, CRASHES)] = 0  # counted upwards: of two traces of one length the one without is shown

    @action
    def write_plan(self) -> None:
        require(self.written < PLANS)
        self.written += 1
        self.kept.add(self.written)

    @process(fairness="weak")
    def enactor(self, e: Enactor) -> Steps:
        """A label names the step that follows. A step is done in one go; before it, any time may pass."""
        plan: Plan = 0
        while True:
            yield "take"
            require(plan < self.written)
            plan = self.written
            yield "apply"
            if self.can_apply(plan):
                self.active = plan
                yield "clean_up"
                self.clean_up(plan)

    def can_apply(self, plan: Plan) -> bool:
        """From the plan in effect and its own an enactor knows what to change. If one of them is gone, it gives up."""
        return {self.active, plan} <= self.kept and self.wins(plan)

    def clean_up(self, plan: Plan) -> None:
        self.kept = {v for v in self.kept if not self.too_old(v, plan)}

    @action
    def crash(self, e: Enactor) -> None:
        """And it is started again, with nothing in its memory."""
        require(at(self.enactor, e) != "take" and self.crashes < CRASHES)
        self.crashes += 1
        restart(self.enactor, e)

    def wins(self, v: Plan) -> bool:
        return v >= self.active

    def too_old(self, v: Plan, applied: Plan) -> bool:
        return v < applied - self.margin

    # -------------------------------------------------- promises

    @invariant
    def active_plan_is_kept(self) -> bool:
        """Nobody deletes the plan in effect."""
        return self.active in self.kept

    @step_invariant
    def never_goes_back(self, after: Self) -> bool:
        """No plan comes into effect after a later one."""
        return after.active >= self.active

    def latest_is_active(self) -> bool:
        return self.active == self.written and self.active in self.kept

    def old_ones_are_gone(self) -> bool:
        return all(v >= self.written - self.margin for v in self.kept)

    converges = eventually_always(latest_is_active)
    tidies_up = eventually_always(old_ones_are_gone)

    @refines(Record)
    def record(self) -> Record:
        """Many enactors look like one."""
        return Record(kept=self.kept, active=self.active)

    @terminal
    def done(self) -> bool:
        return self.written == PLANS and all(at(self.enactor, e) == "take" for e in Enactor)

    @reachable
    def slow_one(self) -> bool:
        """One enactor is about to apply a plan, another one has applied its own."""
        where = [at(self.enactor, e) for e in Enactor]
        return "apply" in where and "clean_up" in where

    @reachable
    def crash_survived(self) -> bool:
        return self.done() and self.latest_is_active() and self.old_ones_are_gone() and self.crashes > 0


@model(violates=("active_plan_is_kept", "never_goes_back", "converges", "record"), via="enactor.apply", distinct=247, depth=12)
class Naive(Enactors):
    """An enactor applies what it has taken.

    One of them takes plan 1, and is slow. The other one takes plan 2 and applies it. Then the first one applies plan 1,
    and the second one, in its cleanup, deletes what is older than its plan 2. Now the record points at nothing; and as
    no enactor knows any more what there is to change, none of them repairs it.
    """

    def wins(self, v: Plan) -> bool:
        return True


@model(violates=("active_plan_is_kept", "never_goes_back", "converges", "record"), via="enactor.check", distinct=438, depth=16)
class CheckThenApply(Naive):
    """An enactor checks that its plan is not stale before it applies it. It may be slow between the two."""

    def enactor(self, e: Enactor) -> Steps:
        plan: Plan = 0
        while True:
            yield "take"
            require(plan < self.written)
            plan = self.written
            yield "check"
            if plan < self.active:
                continue
            yield "apply"
            if self.can_apply(plan):
                self.active = plan
                yield "clean_up"
                self.clean_up(plan)


@model(PLANS=2, violates=("never_goes_back", "record"), via="enactor.apply", distinct=193, depth=11)
@model(PLANS=3, violates=("active_plan_is_kept", "never_goes_back", "converges", "record"), via="enactor.apply", distinct=705, depth=14)
class WideMargin(Naive):
    """The cleanup leaves alone one plan more: nobody is as slow as that.

    With two plans this seems to help. It takes three to see that it does not: whoever is slow enough for one plan is
    slow enough for two.
    """

    margin: ClassVar[int] = 1


@model(violates=("never_goes_back", "record"), via="enactor.apply", distinct=272, depth=13)
class DeleteWhatIsNotInUse(Naive):
    """The cleanup deletes what is older than the plan in effect, whichever that is now, and never the plan in effect.

    The outage does not happen. Stale plans are applied all the same, and stay in effect until somebody applies a later one.
    """

    def too_old(self, v: Plan, applied: Plan) -> bool:
        return v < self.active - self.margin


@model(violates="tidies_up", via="crash", distinct=231, depth=13)
class AlreadyApplied(Enactors):
    """An enactor gives up unless its plan is later than the one in effect. If it is the same, all has been done.

    Not all: an enactor has applied the plan, and crashed before its cleanup. Back again it takes the plan once more, finds
    that it is in effect already, and gives up. So does the other one, and nobody deletes the old plans.
    """

    def wins(self, v: Plan) -> bool:
        return v > self.active


@model(distinct=14, depth=5)
@model(Enactor=3, PLANS=3, distinct=100, depth=7)
class OneAtomicStep(Naive, without=("crash", "slow_one", "crash_survived")):
    """The naive protocol with two labels less, and all is well: it is all one step, so that an enactor is never slow.

    Does it hold a lock all the time, one that it cannot lose? Then this is the protocol. If not, this is a model that
    proves the wrong protocol correct.
    """

    def enactor(self, e: Enactor) -> Steps:
        plan: Plan = 0
        while True:
            yield "take"
            require(plan < self.written)
            plan = self.written
            if self.can_apply(plan):
                self.active = plan
                self.clean_up(plan)
