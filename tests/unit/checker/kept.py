"""A module of small specs, each of which is refuted in another way: what traces are made of."""

from pathlib import Path

from speccheck.checker.check import check
from speccheck.trace.trace import Trace

SOURCE = '''\
"""Each of these specs is refuted in another way."""

from typing import Annotated

from speccheck import (
    Range, Sort, Spec, Steps, action, anything, choose, constant, disable, each, eventually, eventually_always, init, invariant, process, reachable, require,
    step_invariant, terminal,
)  # fmt: skip

TOP = constant("TOP", 2)


class Clerk(Sort, size=2):
    """Somebody who counts."""


class Counter(Spec):
    value: Annotated[int, Range(0, 2)] = 0
    seen: dict[Clerk, int | None] = each(None)
    done: set[Clerk] = set()

    @action
    def look(self, c: Clerk) -> None:
        require(c not in self.done and self.seen[c] is None)
        self.seen[c] = self.value

    @action
    def add(self, c: Clerk) -> None:
        seen = self.seen[c]
        if seen is None:
            disable()
        self.value = seen + 1
        self.seen[c] = None
        self.done.add(c)

    @invariant
    def nothing_lost(self) -> bool:
        return len(self.done) < len(Clerk) or self.value == len(Clerk)

    @invariant
    def served(self, c: Clerk) -> bool:
        return c not in self.done

    @reachable
    def looks(self, c: Clerk) -> bool:
        return self.seen[c] is not None

    @terminal
    def finished(self) -> bool:
        return len(self.done) == len(Clerk)


class Climb(Spec):
    height: Annotated[int, Range(0, 5)] = 0

    @action
    def up(self) -> None:
        require(self.height < TOP)
        self.height += 1

    @step_invariant
    def stays(self, after: "Climb") -> bool:
        return after.height < 2

    @reachable
    def high(self) -> bool:
        return self.height == 2

    @invariant
    def raises(self) -> bool:
        return {0: True, 1: True}[self.height]


class Over(Spec):
    height: Annotated[int, Range(0, 1)] = 0

    @action
    def up(self) -> None:
        self.height += 1


class Asserting(Spec):
    height: Annotated[int, Range(0, 5)] = 0

    @action
    def up(self) -> None:
        assert self.height < 1, "too high"
        self.height += 1


class Starting(Spec, deadlock=False):
    height: Annotated[int, Range(0, 5)]

    @init
    def start(self) -> None:
        self.height = choose(range(3))
        assert self.height < 2, "too high"

    @reachable
    def low(self) -> bool:
        return self.height == 0


class Anywhere(Spec, deadlock=False):
    height: Annotated[int, Range(0, 3)] = anything()
    jumped: bool = False

    @action
    def jump(self) -> None:
        to = choose(range(4))
        require(to > self.height + 1)
        self.height = to
        self.jumped = True

    @invariant
    def low(self) -> bool:
        return not self.jumped or self.height < 3


class Blinking(Spec):
    on: bool = False
    used: bool = False

    @action(fairness="weak")
    def begin(self) -> None:
        require(not self.used)
        self.used = True

    @action(fairness="weak")
    def toggle(self) -> None:
        require(self.used)
        self.on = not self.on

    def is_on(self) -> bool:
        return self.on

    settles = eventually_always(is_on)


class Sleeping(Spec, deadlock=False):
    on: bool = False

    @action
    def switch(self) -> None:
        require(not self.on)
        self.on = True

    def is_on(self) -> bool:
        return self.on

    wakes = eventually(is_on)


class Racing(Spec, deadlock=False):
    x: Annotated[int, Range(0, 2)] = 0

    @process
    def racer(self, c: Clerk) -> Steps:
        yield "read"
        seen: Annotated[int, Range(0, 2)] = self.x
        yield "write"
        self.x = seen + 1
        yield "end"

    @invariant
    def never_two(self) -> bool:
        return self.x < 2
'''


def module(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the module, with something else at one place, and return its path."""
    assert SOURCE.count(old) == 1 or not old, old
    path = folder / ("specs.py" if not old else "changed.py")
    path.write_text(SOURCE.replace(old, new) if old else SOURCE, encoding="utf-8")
    return path


def kept(path: Path, spec: str, prop: str, **constants: object) -> Trace:
    """Return the trace of a property of one of the specs."""
    trace = check(path, spec=spec, **constants)[prop].trace
    assert trace is not None
    return trace
