"""One assumption for each value of `per`, or one for all: what starves, and what does not."""

from typing import Literal

from speccheck import Formula, Sort, Spec, action, always_eventually, model, require, strong, temporal, weak


class Client(Sort, size=2):
    """Somebody who wants to be served."""


class Desk(Sort, size=2):
    """Where they are served."""


class Office(Spec, abstract=True, deadlock=False):
    """Whoever is served leaves at once and comes again."""

    served: Client | None = None
    by: Desk | None = None

    @action
    def serve(self, c: Client, d: Desk) -> None:
        require(self.served is None)
        self.served, self.by = c, d

    @action(fairness="weak", per=())
    def leave(self, c: Client) -> None:
        require(self.served == c)
        self.served = self.by = None

    @temporal
    def everybody(self, c: Client) -> Formula:
        return always_eventually(lambda: self.served == c)

    @temporal
    def everywhere(self, d: Desk) -> Formula:
        return always_eventually(lambda: self.by == d)

    @temporal
    def every_pair(self, c: Client, d: Desk) -> Formula:
        return always_eventually(lambda: self.served == c and self.by == d)


@model(violates=("everybody", "everywhere", "every_pair"))
class Nobody(Office):
    """No fairness of serving: all may wait for ever."""


@model(violates=("everybody", "everywhere", "every_pair"))
class Somebody(Office):
    """One assumption for all: one client at one desk is enough."""

    somebody = strong(Office.serve, per=())


@model(violates=("everywhere", "every_pair"))
class EachClient(Office):
    """One assumption for each client: always at the same desk."""

    clients = strong(Office.serve, per="c")


@model(violates=("everybody", "every_pair"))
class EachDesk(Office):
    """One assumption for each desk, its name in a tuple: always the same client."""

    desks = strong(Office.serve, per=("d",))


@model(violates="every_pair")
class EachOfBoth(Office):
    """Each client and each desk, but not each client at each desk."""

    clients = strong(Office.serve, per="c")
    desks = strong(Office.serve, per={"serve": "d"})


@model()
class EachPair(Office):
    """One assumption for each client at each desk."""

    pairs = strong(Office.serve, per=("c", "d"))


@model()
class EachPairOtherwise(Office):
    """The same, in the other order."""

    pairs = strong(Office.serve, per=("d", "c"))


@model(violates=("everybody", "everywhere", "every_pair"))
class TooWeak(Office):
    """Serving does not stay possible while another one is served."""

    pairs = weak(Office.serve, per=("c", "d"))


class Mail(Spec, abstract=True, deadlock=False):
    """Letters to and fro: `send` names its sender, `receive` its receiver, `sort_out` nobody."""

    has: dict[Client, Literal["nothing", "letter", "answer"]] = {}

    @action
    def send(self, src: Client) -> None:
        require(self.has.get(src) != "letter")
        self.has[src] = "letter"

    @action
    def receive(self, dst: Client) -> None:
        require(self.has.get(dst) == "letter")
        self.has[dst] = "answer"

    @action
    def sort_out(self) -> None:
        require(len(self.has) == len(Client))
        self.has = {}

    @temporal
    def gets_letters(self, c: Client) -> Formula:
        return always_eventually(lambda: self.has.get(c) == "letter")

    @temporal
    def gets_answers(self, c: Client) -> Formula:
        return always_eventually(lambda: self.has.get(c) == "answer")


@model(violates=("gets_letters", "gets_answers"))
class Together(Mail):
    """One assumption for both clients: the other one may do all of it."""

    post = weak(Mail.send, Mail.receive, per=())


@model(violates="gets_answers")
class Each(Mail):
    """One assumption for each client, who sends under one name and receives under another: some step of theirs is always possible. Letters may be sorted out
    before they are received, again and again.
    """

    post = weak(Mail.send, Mail.receive, per={"send": "src", "receive": "dst"})


@model()
class EachWithoutSorting(Each, without=("sort_out",)):
    """Nothing is lost."""


@model(violates=("gets_letters", "gets_answers"))
class SomebodyElse(Mail):
    """`sort_out` counts for each client. Where it is not possible, since one has nothing, both must act; where it is, both may wait while it is."""

    post = weak(Mail.send, Mail.receive, Mail.sort_out, per={"send": "src", "receive": "dst", "sort_out": ()})

    @action
    def sort_out(self) -> None:
        require(len(self.has) > 0)
        self.has = {}


@model(violates=("gets_letters", "gets_answers"))
class OneOfThem(Mail):
    """`per=()` for every member is one assumption, however it is written."""

    post = weak(Mail.send, Mail.receive, per={"send": (), "receive": ()})
