"""Changing a format that others read: prepare, activate, clean up, each of which can be rolled back.

Producers send messages to consumers. Both have several instances, and are deployed separately. One day the messages get
another format, and who knows only one of the two cannot parse the other. No fleet changes its mind at once, so it takes
three releases. *Prepare*: consumers learn to read both. *Activate*: producers write the new format. *Clean up*:
consumers forget the old one. At every moment, whoever may get to read something must be able to parse it; on the way
back as well, for each of these releases is one that somebody may have to roll back at night. The upgrade-downgrade test
of a release tries one way there and one way back. This spec, with the rollbacks in it, tries all of them.

*Forward* (`MessageQueue` to `FencedProducer`): what must be waited for, and by whom. *And back* (`Reversible` to
`RollBackPreparationAtOnce`): a rollback is a change, too, and waits for the same things in the reverse order. *Rows
instead of messages* (`Table` to `EarlyRewrite`): a queue forgets what has been read, a table does not. Nothing drains,
and a job has to rewrite it. *One service* (`OneService`, `TwoApart`): the same where everybody reads and writes, with
the rule in its general form. Neighbouring versions get along, and no others need to.

Sources: "Ensuring rollback safety during deployments" (Amazon Builders' Library), for prepare and activate as two
deployments, and for the upgrade-downgrade test. "Online, asynchronous schema change in F1" (VLDB 2013), for the rule
that no two servers are more than one version apart.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import Bag, MaxLen, Range, Sort, Spec, action, constant, each, eventually_always, invariant, model, reachable, require, terminal, weak

QUEUE = constant("QUEUE", 2, min=2)  # how many messages are under way at most
ROLLBACKS = constant("ROLLBACKS", 2, min=2)  # how often the operator rolls back a release at most
ZOMBIES = constant("ZOMBIES", 1, min=1)  # how often a producer comes back as what it was long ago


class Producer(Sort, size=2, symmetric=True):
    """An instance of the service that writes."""


class Consumer(Sort, size=2, symmetric=True):
    """An instance of the service that reads."""


class Row(Sort, size=2, symmetric=True):
    """A row of a table, where the producers write into one."""


class Instance(Sort, size=2, symmetric=True):
    """An instance of a service that reads and writes."""


Format = Literal["old", "new"]
Reads = Literal["old only", "both", "new only"]

FORMATS: tuple[Format, ...] = ("old", "new")
PARSES: dict[Reads, tuple[Format, ...]] = {"old only": ("old",), "both": ("old", "new"), "new only": ("new",)}


class FormatChange(Spec, abstract=True):
    """The three releases. Where that which is written stays, and for how long, is left to the specs below.

    A release sets a target, and the instances are deployed one after the other. The new format has to prove itself then,
    until it is declared final: the producers will not go back, and the consumers may rely on it.
    """

    producer_target: Format = "old"  # what is being deployed to the producers
    consumer_target: Reads = "old only"  # and to the consumers
    producer: dict[Producer, Format] = each("old")
    consumer: dict[Consumer, Reads] = each("old only")
    final: bool = False

    # -------------------------------------------------- releases

    @action
    def prepare(self) -> None:
        require(self.consumer_target == "old only")
        self.consumer_target = "both"

    @action
    def activate(self) -> None:
        require(self.producer_target == "old" and "new" in PARSES[self.consumer_target] and self.consumers_are_prepared())
        self.producer_target = "new"

    @action
    def declare_final(self) -> None:
        require(not self.final and self.activated())
        self.final = True

    @action
    def clean_up(self) -> None:
        require(self.consumer_target == "both" and self.settled() and self.old_is_gone())
        self.consumer_target = "new only"

    @action
    def deploy_consumer(self, c: Consumer) -> None:
        require(self.consumer[c] != self.consumer_target)
        self.consumer[c] = self.consumer_target

    @action
    def deploy_producer(self, p: Producer) -> None:
        require(self.producer[p] != self.producer_target)
        self.producer[p] = self.producer_target

    releases = weak(prepare, activate, declare_final, clean_up)
    deployments = weak(deploy_consumer, deploy_producer, per=())

    # -------------------------------------------------- what a release waits for

    def consumers_are_prepared(self) -> bool:
        return all("new" in PARSES[self.consumer[c]] for c in Consumer)

    def activated(self) -> bool:
        return self.producer_target == "new" and all(self.producer[p] == "new" for p in Producer)

    def settled(self) -> bool:
        return self.final

    def old_is_gone(self) -> bool:
        return not self.remains("old")

    def remains(self, f: Format) -> bool:
        """Whether something was written in this format that may yet be read."""
        raise NotImplementedError

    # -------------------------------------------------- promises

    @invariant
    def everything_can_be_parsed(self) -> bool:
        """Whichever consumer gets to read what is there, it is able to parse it."""
        return all(f in PARSES[self.consumer[c]] for f in FORMATS if self.remains(f) for c in Consumer)

    @terminal
    def cleaned_up(self) -> bool:
        return self.activated() and all(self.consumer[c] == "new only" for c in Consumer)

    def no_old_remains(self) -> bool:
        return not self.remains("old")

    completes = eventually_always(cleaned_up)
    old_disappears = eventually_always(no_old_remains)

    @reachable
    def both_formats_at_once(self) -> bool:
        return self.remains("old") and self.remains("new")

    @reachable
    def only_new_is_left(self) -> bool:
        return self.cleaned_up() and self.remains("new") and not self.remains("old")


# ================================================== Forward


@model(distinct=54, depth=13)
@model(Producer=6, Consumer=6, QUEUE=6, distinct=2702, depth=29)
class MessageQueue(FormatChange):
    """The change that works, for messages in a queue. Any consumer may get any message, in any order.

    All consumers are prepared before a producer sends the first message in the new format, and they clean up when the
    last one in the old format has been read.
    """

    queue: Annotated[Bag[Format], MaxLen(QUEUE)] = Bag()

    @action
    def send(self, p: Producer) -> None:
        require(len(self.queue) < QUEUE and self.accepts(self.producer[p]))
        self.queue.add(self.producer[p])

    @action(fairness="weak", per="f")
    def receive(self, c: Consumer, f: Format) -> None:
        """No message stays in the queue for ever, whatever overtakes it."""
        require(f in self.queue)
        self.queue.remove(f)

    def accepts(self, f: Format) -> bool:
        return True

    def remains(self, f: Format) -> bool:
        return f in self.queue


@model(Producer=1, violates="everything_can_be_parsed", via="deploy_consumer", distinct=63, depth=8)
class BigBang(MessageQueue, without=("activate", "clean_up")):
    """One release for everybody: from today on the format is the new one.

    A message was sent before that. The consumer that gets it has been deployed since, and knows the new format only.
    """

    def prepare(self) -> None:
        require(self.consumer_target == "old only")
        self.consumer_target = "new only"
        self.producer_target = "new"


@model(Producer=1, violates="everything_can_be_parsed", via="activate", distinct=102, depth=10)
class ActivateEarly(MessageQueue):
    """The activation is released when the preparation has been released, not when it has arrived everywhere.

    The first producer sends in the new format, and a consumer that is still waiting for its deployment gets it.
    """

    def consumers_are_prepared(self) -> bool:
        return True


@model(Producer=1, violates="everything_can_be_parsed", via="clean_up", distinct=54, depth=12)
class CleanUpWithoutDraining(MessageQueue):
    """All producers write the new format, all is well, and the consumers forget the old one.

    But nobody has looked at the queue: a message from before the activation is still in it.
    """

    def old_is_gone(self) -> bool:
        return True


@model(Producer=1, violates="completes", distinct=42, depth=12)
class CleanUpWhenEmpty(MessageQueue):
    """To be on the safe side, the cleanup waits until the queue is empty.

    Nothing breaks, and nothing gets done: producers do not stop sending, and whenever somebody looks there is a message.
    It is the old ones that have to be gone. Whoever wants to know that needs a metric by format.
    """

    def old_is_gone(self) -> bool:
        return not self.queue


@model(Producer=1, violates="everything_can_be_parsed", via="restart_from_old_image", distinct=114, depth=14)
class ReturningProducer(MessageQueue):
    """All is done, or nearly, when a producer comes back as what it was before all this.

    It was scaled up from an old image, or a host was away and boots again. It will be deployed soon; until then it sends
    what the consumers have forgotten.
    """

    zombies: Annotated[int, Range(0, ZOMBIES)] = ZOMBIES

    @action
    def restart_from_old_image(self, p: Producer) -> None:
        require(self.producer[p] == "new" and self.zombies > 0)
        self.zombies -= 1
        self.producer[p] = "old"

    @reachable
    def returns_after_all(self) -> bool:
        """Everything was cleaned up."""
        others_done = self.final and all(self.consumer[c] == "new only" for c in Consumer)
        return others_done and any(self.producer[p] == "old" for p in Producer)


@model(distinct=132, depth=15)
@model(Producer=4, Consumer=3, QUEUE=3, ZOMBIES=2, distinct=1224, depth=22)
class FencedProducer(ReturningProducer):
    """As soon as the activation is final, the queue refuses what is in the old format.

    First the fence, then the look at the queue, then the cleanup: what is gone must not be able to come back.
    """

    def accepts(self, f: Format) -> bool:
        return f == "new" or not self.final


# ================================================== And back


class Rollbacks(FormatChange, abstract=True):
    """The operator may roll back each release, the last one first, also while it is being deployed.

    The cleanup may be undone at any time; the activation until it is final, which is what the cleanup waits for; the
    preparation when all producers write the old format again, and nothing remains of the new one.
    """

    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    @action
    def roll_back_preparation(self) -> None:
        require(self.consumer_target == "both" and self.producer_target == "old" and self.rollbacks > 0)
        require(all(self.producer[p] == "old" for p in Producer) and self.new_is_gone())
        self.rollbacks -= 1
        self.consumer_target = "old only"

    @action
    def roll_back_activation(self) -> None:
        require(self.producer_target == "new" and not self.final and self.rollbacks > 0)
        self.rollbacks -= 1
        self.producer_target = "old"

    @action
    def roll_back_cleanup(self) -> None:
        require(self.consumer_target == "new only" and self.rollbacks > 0)
        self.rollbacks -= 1
        self.consumer_target = "both"

    def new_is_gone(self) -> bool:
        return not self.remains("new")

    @reachable
    def preparation_is_undone(self) -> bool:
        """It is rolled back halfway, and has been deployed to some consumers."""
        return self.consumer_target == "old only" and any(self.consumer[c] == "both" for c in Consumer)

    @reachable
    def activation_is_undone(self) -> bool:
        return self.producer_target == "old" and any(self.producer[p] == "new" for p in Producer)

    @reachable
    def cleanup_is_undone(self) -> bool:
        return self.consumer_target == "both" and any(self.consumer[c] == "new only" for c in Consumer)

    @reachable
    def second_attempt(self) -> bool:
        return self.cleaned_up() and self.rollbacks < ROLLBACKS


@model(distinct=246, depth=17)
@model(Producer=5, Consumer=5, QUEUE=5, ROLLBACKS=6, distinct=13794, depth=37)
class Reversible(Rollbacks, MessageQueue):
    """The change that works for messages in a queue, in both directions."""


@model(Producer=1, violates="everything_can_be_parsed", via="roll_back_activation", distinct=483, depth=18)
class CleanUpBeforeFinal(Reversible):
    """All producers write the new format, nothing old is left in the queue, and the consumers clean up. Why wait?

    Because the producers belong to another team, which rolls back its last release for a reason of its own. That was the
    activation. The producers send in the old format again, and there are consumers that have forgotten it.
    """

    def settled(self) -> bool:
        return self.activated()


@model(Producer=1, violates="everything_can_be_parsed", via="roll_back_preparation", distinct=207, depth=16)
class RollBackPreparationAtOnce(Reversible):
    """The activation is rolled back, the producers are waited for, and then the preparation is rolled back.

    The order is right, but a message in the new format is still in the queue. What has to drain on the way there has
    to drain on the way back.
    """

    def new_is_gone(self) -> bool:
        return True


# ================================================== Rows instead of messages


@model(distinct=31, depth=13)
@model(Producer=3, Consumer=3, Row=3, distinct=101, depth=17)
class Table(FormatChange):
    """The change that works for rows of a table. A row keeps its format until somebody writes it again.

    With most rows nobody ever does. So a job goes through the table, once the activation is final, and writes each row
    in the new format. The cleanup waits for the job, and not for the traffic.
    """

    row: dict[Row, Format] = each("old")
    rewritten: set[Row] = set()  # how far the job is

    @action
    def write(self, p: Producer, r: Row) -> None:
        require(self.row[r] != self.producer[p])
        self.row[r] = self.producer[p]

    @action(fairness="weak", per=())
    def rewrite(self, r: Row) -> None:
        require(r not in self.rewritten and self.may_rewrite())
        self.row[r] = "new"
        self.rewritten.add(r)

    def may_rewrite(self) -> bool:
        return self.final

    def old_is_gone(self) -> bool:
        return all(r in self.rewritten for r in Row)

    def remains(self, f: Format) -> bool:
        return any(self.row[r] == f for r in Row)


@model(distinct=141, depth=17)
@model(Producer=4, Consumer=3, Row=3, ROLLBACKS=3, distinct=1104, depth=24)
class ReversibleTable(Rollbacks, Table):
    """With rollbacks. When a row has got the new format, the preparation cannot be undone until it has the old one again."""


@model(Producer=1, violates=("everything_can_be_parsed", "old_disappears"), via="clean_up", distinct=30, depth=12)
class CleanUpWithoutRewriting(Table, without=("rewrite",)):
    """The same three releases as for a queue, and a consumer that reads a row which nobody has written for years."""

    def old_is_gone(self) -> bool:
        return True


@model(Producer=1, violates=("completes", "old_disappears"), distinct=18, depth=12)
class WaitForTheLastRow(Table, without=("rewrite",)):
    """The cleanup waits until the last old row has been written again. This is safe, and may take for ever."""

    def old_is_gone(self) -> bool:
        return self.no_old_remains()


@model(Producer=1, violates=("everything_can_be_parsed", "old_disappears"), via="rewrite", distinct=62, depth=14)
class EarlyRewrite(Table):
    """The job begins when the activation is released, not when it has arrived everywhere.

    A producer that is still waiting for its deployment writes a row in the old format, behind the back of the job.
    """

    def may_rewrite(self) -> bool:
        return self.producer_target == "new"


# ================================================== One service

Version = Annotated[int, Range(0, 3)]  # 0: before; 1: prepared; 2: activated; 3: cleaned up

WRITTEN_BY: tuple[Format, ...] = ("old", "old", "new", "new")
PARSED_BY: tuple[tuple[Format, ...], ...] = (("old",), ("old", "new"), ("old", "new"), ("new",))


@model(distinct=228, depth=16)
@model(Instance=5, QUEUE=5, ROLLBACKS=6, distinct=13647, depth=36)
class OneService(Spec):
    """The same for a service that reads what it has written, so that each release goes to the same instances.

    There are four versions now, and neighbours read each other's messages: this is what the upgrade-downgrade test of
    each release has shown. So the next version is released, or the last one rolled back, when it is the neighbour of
    all that run, and is able to read all that is under way.
    """

    apart: ClassVar[int] = 1  # how far an instance may be from the version that is being deployed

    target: Version = 0
    version: dict[Instance, Version] = each(0)
    queue: Annotated[Bag[Format], MaxLen(QUEUE)] = Bag()
    rollbacks: Annotated[int, Range(0, ROLLBACKS)] = ROLLBACKS

    @action(fairness="weak")
    def release(self) -> None:
        require(self.target < 3 and self.everybody_is_close_to(self.target + 1) and self.parses_what_is_there(self.target + 1))
        self.target += 1

    @action
    def roll_back(self) -> None:
        require(self.target > 0 and self.everybody_is_close_to(self.target - 1) and self.parses_what_is_there(self.target - 1))
        require(self.rollbacks > 0)
        self.rollbacks -= 1
        self.target -= 1

    @action(fairness="weak", per=())
    def deploy(self, i: Instance) -> None:
        require(self.version[i] != self.target)
        self.version[i] = self.target

    @action
    def send(self, i: Instance) -> None:
        require(len(self.queue) < QUEUE)
        self.queue.add(WRITTEN_BY[self.version[i]])

    @action(fairness="weak", per="f")
    def receive(self, i: Instance, f: Format) -> None:
        require(f in self.queue)
        self.queue.remove(f)

    def everybody_is_close_to(self, v: Version) -> bool:
        return all(abs(self.version[i] - v) <= self.apart for i in Instance)

    def parses_what_is_there(self, v: Version) -> bool:
        return all(f in PARSED_BY[v] for f in self.queue)

    @invariant
    def everything_can_be_parsed(self) -> bool:
        """Whichever instance gets to read a message, it is able to parse it."""
        return all(f in PARSED_BY[self.version[i]] for f in self.queue for i in Instance)

    def cleaned_up(self) -> bool:
        return all(self.version[i] == 3 for i in Instance)

    completes = eventually_always(cleaned_up)

    @reachable
    def both_formats_at_once(self) -> bool:
        return "old" in self.queue and "new" in self.queue

    @reachable
    def rolled_back_halfway(self) -> bool:
        """A release is rolled back while it is being deployed."""
        return any(self.version[i] == self.target + 1 for i in Instance) and any(self.version[i] == self.target for i in Instance)

    @reachable
    def second_attempt(self) -> bool:
        return self.cleaned_up() and self.rollbacks < ROLLBACKS


@model(violates="everything_can_be_parsed", via="release", distinct=570, depth=14)
class TwoApart(OneService):
    """The pipeline does not wait for an instance that is slow, or seems to be gone, if it has only missed one release.

    With the next release it is two versions behind. Nobody has tested these two side by side, for no release leads from
    the one to the other. The new one sends in the new format, of which the old one has never heard.
    """

    apart: ClassVar[int] = 2
