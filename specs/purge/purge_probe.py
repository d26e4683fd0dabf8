"""A probe for the purge: again and again a user is made up, purged, and looked for everywhere.

The purge of `user_data_purge.py` works today. Tomorrow a release breaks it, and nobody notices: what should be gone
is nothing that anybody misses, and the purge says itself that all is well. So there is a probe. It creates a user,
waits until the user's data are everywhere, requests a purge, waits for the certificate, and then looks into every
store itself. What it finds there, or a purge that takes too long, is an alarm, and somebody repairs the store in
question.

A release may break the purge of a store in three ways. The worker still acknowledges but no longer erases; it
hangs; or there is a new store of which the purge has never heard. The probe must find each of them, and must not
cry wolf.

`PurgeProbe` does so. Each class after it is a probe that runs, is green, and finds nothing, or not all, or too
much. A monitor is a program as well, and one that is wrong looks like a system that is right.
"""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    Range,
    Sort,
    Spec,
    action,
    choose,
    constant,
    each,
    eventually_always,
    invariant,
    leads_to,
    model,
    reachable,
    require,
    temporal,
    terminal,
)

REGRESSIONS = constant("REGRESSIONS", 1, min=1)  # how many releases break something


class Store(Sort, size=2, symmetric=True):
    """A store that has data of users."""


Defect = Literal["only acknowledges", "hangs", "unknown to the purge"]


@model(distinct=101, depth=16)
@model(Store=1, REGRESSIONS=3, distinct=100, depth=24)
@model(Store=5, REGRESSIONS=3, distinct=43895, depth=30)
class PurgeProbe(Spec):
    """The probe that finds every defect. It never ends, and neither does the life of a purge."""

    defect: dict[Store, Defect | None] = each(None)  # what a release has done to the purge of a store
    regressions: Annotated[int, Range(0, REGRESSIONS)] = REGRESSIONS

    run: Literal["none", "created", "requested", "certified"] = "none"
    data: set[Store] = set()  # where the data of the made-up user are
    suppressed: bool = False  # there was a request for this user, and nobody takes its data any more
    acknowledged: set[Store] = set()
    alarms: set[Store] = set()

    # -------------------------------------------------- the system

    @action
    def release(self, s: Store) -> None:
        require(self.regressions > 0 and self.defect[s] is None)
        self.regressions -= 1
        self.defect[s] = choose(Defect)

    @action(fairness="weak", per="s")
    def spread(self, s: Store) -> None:
        """What is known of a user arrives in all stores, some time."""
        require(self.run == "created" and not self.suppressed and s not in self.data)
        self.data.add(s)

    @action(fairness="weak", per="s")
    def purge(self, s: Store) -> None:
        require(self.run == "requested" and s not in self.acknowledged and self.defect[s] in (None, "only acknowledges"))
        self.acknowledged.add(s)
        if self.defect[s] is None:
            self.data.discard(s)

    @action(fairness="weak")
    def certify(self) -> None:
        require(self.run == "requested" and not self.missing())
        self.run = "certified"

    def missing(self) -> set[Store]:
        """Whose acknowledgement the purge still waits for."""
        return {s for s in Store if self.known(s) and s not in self.acknowledged}

    def known(self, s: Store) -> bool:
        return self.defect[s] != "unknown to the purge"

    @action(fairness="weak", per="s")
    def repair(self, s: Store) -> None:
        """Somebody gets the alarm."""
        require(s in self.alarms)
        self.alarms.remove(s)
        self.defect[s] = None

    # -------------------------------------------------- the probe

    @action(fairness="weak")
    def create(self) -> None:
        """While there is an alarm there is no point in another one."""
        require(self.run == "none" and not self.alarms and self.due())
        self.run = "created"
        self.choose_user()

    def due(self) -> bool:
        """Every hour, for ever."""
        return True

    def choose_user(self) -> None:
        """A new one each time."""
        self.suppressed = False

    @action(fairness="weak")
    def request(self) -> None:
        require(self.run == "created" and self.may_request())
        self.run = "requested"
        self.suppressed = True

    def may_request(self) -> bool:
        """There is something to purge in every store: the probe has seen it there."""
        return len(self.data) == len(Store)

    @action(fairness="weak")
    def look(self) -> None:
        require(self.run == "certified")
        self.end({s for s in Store if self.looks_into(s) and s in self.data})

    def looks_into(self, s: Store) -> bool:
        """Into all that the company has. The list is not the one that the purge works with."""
        return True

    @action(fairness="weak")
    def time_out(self) -> None:
        """It is long overdue: nothing is late any more, what has not acknowledged yet hangs."""
        require(self.run == "requested" and self.overdue())
        self.end(self.missing())

    def overdue(self) -> bool:
        missing = self.missing()
        return len(missing) > 0 and all(self.defect[s] == "hangs" for s in missing)

    def end(self, alarms: set[Store]) -> None:
        self.alarms = alarms
        self.run = "none"
        self.data = set()
        self.acknowledged = set()

    # -------------------------------------------------- promises

    @temporal
    def detected(self, s: Store) -> Formula:
        """Whatever a release has done to the purge of a store, some time there is an alarm for it."""
        return leads_to(lambda: self.defect[s] is not None, lambda: s in self.alarms)

    def purge_works(self) -> bool:
        return all(d is None for d in self.defect.values())

    works_in_the_end = eventually_always(purge_works)

    @invariant
    def no_false_alarm(self, s: Store) -> bool:
        return s not in self.alarms or self.defect[s] is not None

    @reachable
    def found(self, d: Defect) -> bool:
        return any(self.defect[s] == d for s in self.alarms)

    @reachable
    def all_is_well(self) -> bool:
        """Everything was repaired, and another run begins."""
        return self.run == "created" and self.regressions == 0 and self.purge_works()


# ================================================== Probes that are green


@model(violates=("detected", "works_in_the_end", "found"), distinct=97, depth=16)
class TrustsTheCertificate(PurgeProbe):
    """The probe is content with the certificate: it asks the purge whether the purge works."""

    def looks_into(self, s: Store) -> bool:
        return False


@model(violates=("detected", "works_in_the_end", "found"), distinct=99, depth=16)
class SameListOfStores(PurgeProbe):
    """The probe looks into the stores that the purge knows, for the two share the list.

    The store that was added and forgotten is on neither list. This is the defect that is made most easily.
    """

    def looks_into(self, s: Store) -> bool:
        return self.known(s)


@model(violates=("detected", "works_in_the_end"), distinct=145, depth=12)
class RequestsTooEarly(PurgeProbe):
    """The probe requests the purge as soon as it has created the user, whose data have not arrived everywhere yet.

    They never will, since there is a request. The probe finds nothing where nothing has ever been.
    """

    def may_request(self) -> bool:
        return True


@model(violates=("detected", "works_in_the_end", "deadlock"), distinct=100, depth=11)
class SameUserAgain(PurgeProbe):
    """The probe uses the same user every time. That user is on the suppression list since the first run.

    No store takes its data any more. A probe that waits until they are everywhere waits for ever, and is silent;
    one that does not wait would be green for ever.
    """

    def choose_user(self) -> None:
        """It is always the same."""


@model(violates=("detected", "works_in_the_end", "found", "deadlock"), distinct=99, depth=17)
class NoDeadline(PurgeProbe, without=("time_out",)):
    """The probe waits for the certificate. A purge that hangs gives none, and where there is no result none is bad."""


@model(violates=("detected", "works_in_the_end"), distinct=92, depth=10)
class PartOfTheLaunch(PurgeProbe, without=("all_is_well",)):
    """The probe was a test, and ran until the purge was launched. Then came the first release."""

    def due(self) -> bool:
        return self.regressions == REGRESSIONS

    @terminal
    def nobody_looks(self) -> bool:
        return self.run == "none" and not self.due()


# ================================================== A probe that cries wolf


@model(violates=("no_false_alarm", "detected", "works_in_the_end"), via="time_out", distinct=119, depth=16)
class ImpatientProbe(PurgeProbe):
    """The deadline is shorter than a purge may take. The alarms are false, and the defects are not found.

    A run that is given up says nothing about the stores that were fast: one that only acknowledges is never looked
    into.
    """

    def overdue(self) -> bool:
        return len(self.missing()) > 0
