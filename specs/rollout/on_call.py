"""An alarm in the middle of the night: try again, roll back, or sleep on?

The new version is on the canary, the alarm goes off, and the pipeline pages the engineer. The alarm may be transient:
a dependency had a hiccup, and the version is good. Then the right thing is to try again, and a rollback would be a
nuisance, for the release is lost. Or the version is bad. Then it has to go, and each attempt shows it to users again.
From the alarm alone nobody can tell.

`OnCall` gets both right. The engineer tries again as often as transient alarms are to be expected, then rolls back, and
never ignores a page. The other classes ask what each part of this is worth:

- Does the engineer have to answer? `NeverAnswers`, and without anybody `RollsBackUnanswered`, `NobodyIsPaged`.
- Why try again at all? `RollsBackAtOnce`.
- Why not try again as long as there is hope? `TriesForEver`, and what it would take, `GivesUpSomeTime`. This is weak
  and strong fairness, in one word of a spec.
- What has a page to do with the next one? `MutedAlarm`.

The bake is long enough to show whatever is wrong, and the fleet is a single instance, the canary: stages and capacity
are the matter of `staged_rollout.py`.

Source: "Automating safe, hands-off deployments" (Amazon Builders' Library), for alarms that roll back without waiting
for anybody.
"""

from typing import Annotated, Literal

from speccheck import (
    Range,
    Spec,
    action,
    anything,
    constant,
    eventually,
    eventually_always,
    invariant,
    model,
    reachable,
    require,
    strong,
    terminal,
    weak,
)

TRANSIENT_ALARMS = constant("TRANSIENT_ALARMS", 1, min=1)  # how many alarms have nothing to do with the new version
RETRIES = constant("RETRIES", 1, min=1)  # how often the engineer tries again


@model(distinct=21, depth=8)
@model(RETRIES=2, TRANSIENT_ALARMS=2, distinct=37, depth=11)
@model(RETRIES=2, TRANSIENT_ALARMS=3, violates="good_stays", distinct=43, depth=11)
class OnCall(Spec):
    """The engineer tries again a few times, then rolls back.

    A retry budget is a guess about transient alarms. In the last model there is one more of them than expected, and a
    good version is rolled back. This is a nuisance, but what is not a guess stays true: it ends, and nothing bad stays.
    """

    artifact: Literal["good", "bad"] = anything()  # what the new version is; nobody knows
    version: Literal["old", "new"] = "old"  # on the canary
    phase: Literal["deploy", "bake", "paged", "roll back", "done", "rolled back"] = "deploy"
    retries: Annotated[int, Range(0, RETRIES)] = RETRIES  # what is left of them
    transients: Annotated[int, Range(0, TRANSIENT_ALARMS)] = 0  # so far

    # -------------------------------------------------- the pipeline

    @action
    def deploy(self) -> None:
        require(self.phase == "deploy")
        self.version = "new"
        self.phase = "bake"

    @action
    def promote(self) -> None:
        require(self.phase == "bake" and not self.symptoms())
        self.phase = "done"

    @action
    def alarm(self) -> None:
        require(self.phase == "bake" and self.symptoms())
        self.react()

    @action
    def transient_alarm(self) -> None:
        require(self.phase == "bake" and self.transients < TRANSIENT_ALARMS and self.audible())
        self.transients += 1
        self.react()

    @action
    def finish_roll_back(self) -> None:
        require(self.phase == "roll back")
        self.version = "old"
        self.phase = "rolled back"

    pipeline = weak(deploy, promote, alarm, finish_roll_back)

    def symptoms(self) -> bool:
        return self.artifact == "bad" and self.audible()

    def audible(self) -> bool:
        """Whether anybody would hear the alarm."""
        return True

    def react(self) -> None:
        self.phase = "paged"

    # -------------------------------------------------- the engineer

    @action
    def retry(self) -> None:
        require(self.phase == "paged" and self.hopeful())
        self.retries = max(self.retries - 1, 0)
        self.phase = "deploy"

    @action
    def roll_back(self) -> None:
        require(self.phase == "paged" and self.convinced())
        self.phase = "roll back"

    engineer = weak(retry, roll_back)

    def hopeful(self) -> bool:
        return self.retries > 0

    def convinced(self) -> bool:
        return self.retries == 0

    # -------------------------------------------------- promises

    @invariant
    def no_bad_done(self) -> bool:
        """What is promoted is good."""
        return self.phase != "done" or self.artifact == "good"

    @invariant
    def good_stays(self) -> bool:
        """Nobody rolls back a good version because of a transient alarm."""
        return self.phase != "rolled back" or self.artifact == "bad"

    @terminal
    def over(self) -> bool:
        return self.phase in ("done", "rolled back")

    def nothing_bad(self) -> bool:
        return self.version == "old" or self.artifact == "good"

    terminates = eventually(over)
    bad_removed = eventually_always(nothing_bad)

    @reachable
    def transient_alarm_survived(self) -> bool:
        return self.phase == "done" and self.transients > 0

    @reachable
    def bad_rolled_back(self) -> bool:
        return self.phase == "rolled back" and self.artifact == "bad" and self.transients == 0


# ================================================== Nobody answers


@model(violates=("terminates", "bad_removed"), distinct=21, depth=8)
class NeverAnswers(OnCall, without=("engineer",)):
    """The engineer may answer the page, but need not: the phone is silent, and the rollout waits for ever.

    What waits is not harmless. The bad version is on the canary, and stays there.
    """


@model(violates="good_stays", distinct=27, depth=8)
class RollsBackUnanswered(OnCall, without=("engineer",)):
    """If nobody answers in time, the pipeline rolls back by itself.

    Now nothing has to be assumed of anybody. The price is a good version that is lost when nobody looks at a transient
    alarm.
    """

    @action(fairness="weak")
    def page_times_out(self) -> None:
        require(self.phase == "paged")
        self.phase = "roll back"


@model(violates="good_stays", distinct=11, depth=4)
class NobodyIsPaged(OnCall, without=("retry", "roll_back", "engineer", "transient_alarm_survived")):
    """Every alarm rolls back at once. No version survives a transient alarm, but no night is disturbed either."""

    def react(self) -> None:
        self.phase = "roll back"


# ================================================== How often to try again


@model(violates="good_stays", via="transient_alarm", distinct=27, depth=8)
class RollsBackAtOnce(OnCall):
    """The engineer may roll back at the first alarm. It is quick and it is safe, and the release is lost for nothing."""

    def convinced(self) -> bool:
        return True


@model(violates=("terminates", "bad_removed"), via="retry", distinct=21, depth=8)
class TriesForEver(OnCall):
    """There is no retry budget: whenever the alarm goes off, the engineer may give up, or hope and try again.

    To roll back is possible again and again, at every page. But it does not stay possible, for a retry takes the chance
    away, and then the next alarm brings it back. Weak fairness promises nothing to what is possible now and then:
    retry, deploy, alarm, for ever, and the bad version is on the canary all the time.
    """

    resolve = weak(OnCall.roll_back)

    def hopeful(self) -> bool:
        return True


@model(distinct=21, depth=8)
@model(RETRIES=2, TRANSIENT_ALARMS=2, distinct=37, depth=11)
class GivesUpSomeTime(TriesForEver):
    """Strong fairness: who may give up again and again does so some time.

    This repairs the spec. Does it repair the night? It says that hope ends, and not when; a retry budget says when, can
    be written into the pipeline, and gets along with weak fairness.
    """

    resolve = strong(OnCall.roll_back)


# ================================================== The second page


@model(violates=("no_bad_done", "bad_removed"), via="retry", distinct=32, depth=9)
class MutedAlarm(OnCall):
    """Who answers a page mutes the alarm, so that it does not go off again while it is being looked at.

    Then the retry bakes in silence. The pipeline hears nothing, takes it for health, and promotes the bad version.
    """

    muted: bool = False

    def retry(self) -> None:
        super().retry()
        self.muted = True

    @action
    def mute_ends(self) -> None:
        """After an hour, say. The bake may be over by then."""
        require(self.muted)
        self.muted = False

    def audible(self) -> bool:
        return not self.muted
