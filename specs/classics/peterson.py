"""Peterson's algorithm: two instances share a resource, and have nothing but variables that both can read and write.

No lock service, no compare-and-set, no instruction that reads and writes at once. An instance that wants the resource
raises its flag, gives way to the other one, and waits until the other one's flag is down or the other one has given
way, too. Every line is needed, and their order as well, which is hard to see by looking at it: two instances and six
lines have 42 states, more than people can keep in their head, and few for a checker.

`Lock` says what a lock is, with the promise that who waits is served. `Peterson` implements it. `FlagAfterTurn`,
`NoTurn`, `LookThenRaise` and `NoFlag` change the order or leave something out, and are broken in different ways: both
have the resource; both wait for ever; one waits for another who does not come.

What you would do in practice: use the lock that your platform offers. What stays is the lesson of `LookThenRaise`. A
script that looks whether a lock file is there, and creates it if not, is the same program.

`Lock` and `Peterson` have the grain of `locks_auxiliary_vars/Lock` (12 states, 5 levels) and
`locks_auxiliary_vars/Peterson` (42 states, 11 levels) in the TLA+ examples (tlaplus/Examples), and the same numbers.

Source: Gary L. Peterson, "Myths about the mutual exclusion problem" (1981).
"""

from typing import Literal

from speccheck import (
    Formula,
    Sort,
    Spec,
    Steps,
    action,
    at,
    each,
    invariant,
    leads_to,
    model,
    process,
    reachable,
    refines,
    require,
    temporal,
    unfair,
)


class Instance(Sort, size=2, ordered=True):
    """One of the two; `i.next()` is the other one."""


Phase = Literal["elsewhere", "wants", "works", "leaves"]


class MutualExclusion(Spec, abstract=True):
    """What is wanted, in words."""

    def wants(self, i: Instance) -> bool:
        raise NotImplementedError

    def has(self, i: Instance) -> bool:
        raise NotImplementedError

    @invariant
    def one_at_a_time(self) -> bool:
        return sum(self.has(i) for i in Instance) <= 1

    @temporal
    def served(self, i: Instance) -> Formula:
        """Who wants the resource has it some time."""
        return leads_to(lambda: self.wants(i), lambda: self.has(i))

    @reachable
    def one_waits(self) -> bool:
        return any(self.has(i) and self.wants(i.next()) for i in Instance)


@model(distinct=12, depth=5)
class Lock(MutualExclusion):
    """What is wanted, as a program: to get the lock is one step, and strong fairness says that nobody is passed over."""

    phase: dict[Instance, Phase] = each("elsewhere")

    @action
    def want(self, i: Instance) -> None:
        """Nothing obliges an instance to want the resource."""
        require(self.phase[i] == "elsewhere")
        self.phase[i] = "wants"

    @action(fairness="strong", per="i")
    def acquire(self, i: Instance) -> None:
        require(self.wants(i) and not any(self.has(j) for j in Instance))
        self.phase[i] = "works"

    @action(fairness="weak", per="i")
    def finish(self, i: Instance) -> None:
        require(self.phase[i] == "works")
        self.phase[i] = "leaves"

    @action(fairness="weak", per="i")
    def release(self, i: Instance) -> None:
        require(self.phase[i] == "leaves")
        self.phase[i] = "elsewhere"

    def wants(self, i: Instance) -> bool:
        return self.phase[i] == "wants"

    def has(self, i: Instance) -> bool:
        return self.phase[i] in ("works", "leaves")


@model(distinct=42, depth=11)
class Peterson(MutualExclusion):
    """The program as it is in the paper. A label names the step that follows, and each line is a step."""

    flag: dict[Instance, bool] = each(False)
    turn: Instance = Instance[0]  # who goes first if both want

    @process(fairness="weak")
    def program(self, i: Instance) -> Steps:
        while True:
            yield unfair("want")  # the resource, one day: nothing obliges an instance to
            yield from self.way_in(i)
            yield "work"
            yield "leave"
            self.flag[i] = False

    def way_in(self, i: Instance) -> Steps:
        yield "raise_flag"
        self.flag[i] = True
        yield "give_way"
        self.turn = i.next()
        yield "look"  # again and again, until it is possible to go on
        require(self.may_go_on(i))

    def may_go_on(self, i: Instance) -> bool:
        return not self.flag[i.next()] or self.turn == i

    def wants(self, i: Instance) -> bool:
        return at(self.program, i).startswith("way_in.")

    def has(self, i: Instance) -> bool:
        return at(self.program, i) in ("work", "leave")

    @refines(Lock, liveness=True)
    def lock(self) -> Lock:
        return Lock(phase={i: self.seen_as(i) for i in Instance})

    def seen_as(self, i: Instance) -> Phase:
        match at(self.program, i):
            case "want":
                return "elsewhere"
            case "work":
                return "works"
            case "leave":
                return "leaves"
            case _:
                return "wants"


@model(violates=("one_at_a_time", "lock"), distinct=72, depth=13)
class FlagAfterTurn(Peterson):
    """Two lines change places. Compilers and processors do that, unless they are told not to.

    A gives way. B gives way, raises its flag, sees that A's is down, and has the resource. Then A raises its flag, sees
    that B has given way, and has it, too.
    """

    def way_in(self, i: Instance) -> Steps:
        yield "give_way"
        self.turn = i.next()
        yield "raise_flag"
        self.flag[i] = True
        yield "look"
        require(self.may_go_on(i))


@model(violates=("deadlock", "served", "lock"), distinct=42, depth=11)
class NoTurn(Peterson):
    """Flags alone: both raise theirs, each sees the other's, and both wait for ever, out of politeness."""

    def may_go_on(self, i: Instance) -> bool:
        return not self.flag[i.next()]


@model(violates=("one_at_a_time", "served", "lock"), distinct=25, depth=9)
class LookThenRaise(NoTurn):
    """Flags alone, and first the look, then the flag: what everybody writes who has never heard of the problem.

    A sees that no flag is up. So does B. Then both raise theirs, and both have the resource. Between a look and what is
    done about it there is always room for somebody else. And one of them can be passed over for ever.
    """

    def way_in(self, i: Instance) -> Steps:
        yield "look"
        require(self.may_go_on(i))
        yield "raise_flag"
        self.flag[i] = True


@model(violates=("served", "lock"), distinct=21, depth=9)
class NoFlag(Peterson):
    """Turns alone: who has given way waits until the other one gives way. That one may come back next week, or never."""

    def may_go_on(self, i: Instance) -> bool:
        return self.turn == i
