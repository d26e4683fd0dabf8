"""From a commit to production: review, build, pre-production, production.

An author pushes commits, a reviewer reads one and approves it, it is merged, built into an artifact, tested in
pre-production, and deployed. The pipeline promises that what runs in production was read by a second person, and
that it was tested. A third promise is easily forgotten: what was merged gets there, or is rejected, in the end.

The first two are about one thing, this commit, this artifact, and are broken where the thing is exchanged on the
way. The author pushes another commit after the approval (`StaleApproval`), or during the review
(`ApprovesTheHead`). The artifact is built again for production (`RebuiltForProduction`), or takes the short way
(`SkipsPreProduction`). The third is broken where somebody is never content (`UntilItIsGreen`).

All these are about one change. In `BusyPipeline` there are many, and they are merged faster than they are tested:
who always tests the newest never finishes (`NewestOnly`), or needs long nights (`ShortNights`, `LongNights`).

Source: "Automating safe, hands-off deployments" (Amazon Builders' Library), for the phases.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from speccheck import (
    Range,
    Spec,
    action,
    anything,
    constant,
    disable,
    invariant,
    leads_to,
    model,
    reachable,
    require,
    terminal,
    weak,
)

PUSHES = constant("PUSHES", 2, min=2)  # how many commits the author pushes at most
RETRIES = constant("RETRIES", 1, min=1)  # how often a test that failed is tried again
ENVIRONMENTS = constant("ENVIRONMENTS", 2, min=1)  # how many environments are before production in the busy pipeline

Commit = Annotated[int, Range(0, PUSHES)]  # the commits of the change are numbered; 0 is none


@dataclass(frozen=True)
class Artifact:
    """What a build makes of a commit. Another build makes another one of it: compilers and dependencies move on."""

    commit: Commit
    build: Literal["first", "second"] = "first"


# ================================================== One change


@model(distinct=44, depth=13)
@model(PUSHES=6, RETRIES=4, distinct=1885, depth=31)
class DeliveryPipeline(Spec):
    """The pipeline in which the approval, the test and the deployment are about the same thing."""

    head: Commit = 0  # pushed last
    reading: Commit = 0  # on the reviewer's screen
    read: set[Commit] = set()  # by the reviewer, and found good
    approved: Commit = 0  # according to the page of the change

    stage: Literal["review", "merged", "built", "failed", "tested", "rejected", "in production"] = "review"
    artifact: Artifact | None = None
    tested: set[Artifact] = set()  # in pre-production, and found good
    retries: Annotated[int, Range(0, RETRIES)] = RETRIES
    production: Artifact | None = None  # None is what was there before

    # -------------------------------------------------- review

    @action
    def push(self) -> None:
        require(self.stage == "review" and self.head < PUSHES)
        self.head += 1

    @action
    def begin_review(self) -> None:
        require(self.stage == "review" and self.reading == 0 and self.head > 0 and self.head not in self.read)
        self.reading = self.head

    @action
    def approve(self) -> None:
        require(self.stage == "review" and self.reading > 0)
        self.read.add(self.reading)
        self.approved = self.approval()
        self.reading = 0

    def approval(self) -> Commit:
        """It is for the commit that was read, whatever has been pushed since."""
        return self.reading

    @action
    def merge(self) -> None:
        require(self.stage == "review" and self.approved > 0 and self.approval_is_valid())
        self.stage = "merged"

    def approval_is_valid(self) -> bool:
        return self.approved == self.head

    # -------------------------------------------------- build and pre-production

    @action(fairness="weak")
    def build(self) -> None:
        require(self.stage == "merged")
        self.artifact = Artifact(self.head)
        self.stage = "built"

    @action
    def test_succeeds(self) -> None:
        if self.artifact is None:
            disable()
        require(self.stage == "built")
        self.tested.add(self.artifact)
        self.stage = "tested"

    @action
    def test_fails(self) -> None:
        """The artifact is broken, or the test is."""
        require(self.stage == "built")
        self.stage = "failed"

    test = weak(test_succeeds, test_fails)

    @action
    def retry(self) -> None:
        """Somebody presses the button, or nobody does."""
        require(self.stage == "failed" and self.may_retry())
        self.retries = max(self.retries - 1, 0)
        self.stage = "built"

    def may_retry(self) -> bool:
        return self.retries > 0

    @action(fairness="weak")
    def reject(self) -> None:
        require(self.stage == "failed")
        self.stage = "rejected"

    # -------------------------------------------------- production

    @action(fairness="weak")
    def deploy(self) -> None:
        if self.artifact is None:
            disable()
        require(self.may_deploy())
        self.production = self.deployed(self.artifact)
        self.stage = "in production"

    def may_deploy(self) -> bool:
        return self.stage == "tested"

    def deployed(self, artifact: Artifact) -> Artifact:
        """The very same."""
        return artifact

    # -------------------------------------------------- promises

    @invariant
    def only_reviewed_code_in_production(self) -> bool:
        return self.production is None or self.production.commit in self.read

    @invariant
    def only_tested_artifacts_in_production(self) -> bool:
        return self.production is None or self.production in self.tested

    def merged(self) -> bool:
        return self.stage != "review"

    @terminal
    def over(self) -> bool:
        return self.stage in ("in production", "rejected")

    delivered = leads_to(merged, over)

    @reachable
    def second_attempt(self) -> bool:
        """Another commit was pushed after a review had begun, and that one is in production, after a retry."""
        return self.production is not None and self.production.commit == PUSHES and len(self.read) > 1 and self.retries == 0

    @reachable
    def rejected(self) -> bool:
        return self.stage == "rejected"


@model(violates="only_reviewed_code_in_production", via="push", distinct=66, depth=13)
class StaleApproval(DeliveryPipeline):
    """The change was approved, and stays approved, whatever the author pushes afterwards.

    It is a small fix for what the reviewer has asked for. It always is.
    """

    def approval_is_valid(self) -> bool:
        return True


@model(violates="only_reviewed_code_in_production", via="push", distinct=68, depth=13)
class ApprovesTheHead(DeliveryPipeline):
    """An approval of an older commit does not count. But the button approves whatever is there when it is pressed.

    The author pushes while the reviewer is reading, and the page does not say so.
    """

    def approval(self) -> Commit:
        return self.head


@model(violates="only_tested_artifacts_in_production", distinct=44, depth=13)
class RebuiltForProduction(DeliveryPipeline):
    """Each phase builds the commit itself. The commit was tested, but what runs was built after the test."""

    def deployed(self, artifact: Artifact) -> Artifact:
        return replace(artifact, build="second")


@model(violates="only_tested_artifacts_in_production", distinct=94, depth=13)
class SkipsPreProduction(DeliveryPipeline):
    """There is a short way, for hotfixes: when it burns, nobody has the time for a test.

    When it burns, people make more mistakes, too.
    """

    hotfix: bool = anything()

    def may_deploy(self) -> bool:
        return super().may_deploy() or (self.hotfix and self.stage == "built")


@model(violates="delivered", via="retry", distinct=44, depth=13)
class UntilItIsGreen(DeliveryPipeline):
    """The test is known to be flaky, so it is tried again until it succeeds. On a broken artifact it never does.

    Somebody may give up each time, and for each time that is one more try: the change is neither in nor out.
    """

    def may_retry(self) -> bool:
        return True


# ================================================== Many changes

Environment = Annotated[int, range(ENVIRONMENTS)]


@model(distinct=26, depth=11)
@model(ENVIRONMENTS=5, distinct=47, depth=17)
class BusyPipeline(Spec):
    """One change of many. All that has been merged becomes a candidate, and goes from environment to environment.

    What is merged meanwhile waits for the next candidate. It does not matter how much that is.
    """

    ours: Literal["open", "merged", "in production"] = "open"
    waiting: bool = False  # something was merged that is not in the candidate
    candidate: Literal["none", "without ours", "with ours"] = "none"
    passed: Annotated[int, Range(0, ENVIRONMENTS)] = 0  # how many environments the candidate has passed

    @action
    def merge_ours(self) -> None:
        require(self.ours == "open")
        self.ours = "merged"
        self.waiting = True
        self.after_merge()

    @action
    def merge_another(self) -> None:
        require(not self.waiting)
        self.waiting = True
        self.after_merge()

    def after_merge(self) -> None:
        """The candidate goes on."""

    @action(fairness="weak")
    def build(self) -> None:
        require(self.candidate == "none" and self.waiting)
        self.candidate = "with ours" if self.ours == "merged" else "without ours"
        self.waiting = False

    @action(fairness="weak", per="e")
    def test(self, e: Environment) -> None:
        require(self.candidate != "none" and self.passed == e)
        self.passed += 1

    @action(fairness="weak")
    def deploy(self) -> None:
        require(self.passed == ENVIRONMENTS)
        if self.candidate == "with ours":
            self.ours = "in production"
        self.drop_candidate()

    def drop_candidate(self) -> None:
        self.candidate = "none"
        self.passed = 0

    def merged(self) -> bool:
        return self.ours == "merged"

    def in_production(self) -> bool:
        return self.ours == "in production"

    delivered = leads_to(merged, in_production)

    @reachable
    def late(self) -> bool:
        """Our change was merged after a candidate had set out."""
        return self.merged() and self.candidate == "without ours"


@model(violates="delivered", via="merge_another", distinct=14, depth=10)
class NewestOnly(BusyPipeline, without=("late",)):
    """A candidate that is not the newest any more is not worth the machines: it is dropped, and the newest is built.

    That is in order as long as the merges pause now and then. The more of them there are, and the longer the tests
    take, the less often anything gets to production: on the busiest days nothing at all.
    """

    def after_merge(self) -> None:
        self.drop_candidate()


@model(ENVIRONMENTS=1, distinct=11, depth=8)
@model(ENVIRONMENTS=2, violates="delivered", via="merge_another", distinct=14, depth=10)
class ShortNights(NewestOnly, without=("late",)):
    """Nobody merges at night, and a night is long enough for a test.

    This is strong fairness: a test that is possible again and again is completed again and again. It is a promise
    about those who merge, not about the pipeline. Where there is one environment it is enough. Where there are two,
    it is always the first one that is completed.
    """

    @action(fairness="strong", per=())
    def test(self, e: Environment) -> None:
        super().test(e)

    @action(fairness="strong")
    def deploy(self) -> None:
        super().deploy()


@model(distinct=14, depth=10)
@model(ENVIRONMENTS=5, distinct=23, depth=16)
class LongNights(ShortNights, without=("late",)):
    """A night is long enough for the test in each environment, one after the other, now and then."""

    @action(fairness="strong", per="e")
    def test(self, e: Environment) -> None:
        super().test(e)
