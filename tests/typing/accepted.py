"""What type checkers must infer: every `assert_type` is a claim that mypy and pyright check. Nothing here is run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, Never, Self, assert_type

from speccheck import (
    Bag,
    Formula,
    MaxLen,
    Partial,
    Range,
    Record,
    Sort,
    Spec,
    Steps,
    Total,
    action,
    all_of,
    always,
    anything,
    at,
    choose,
    choosing,
    constant,
    constraint,
    copy,
    crash,
    disable,
    each,
    each_by,
    enabled,
    eventually_always,
    implies,
    init,
    invariant,
    leads_to,
    model,
    occurs,
    process,
    reachable,
    refines,
    require,
    restart,
    step_invariant,
    strong,
    subsets,
    temporal,
    terminal,
    unfair,
    weak,
)

N = constant("N", 3, min=1, max=5)
NAMES: tuple[str, ...] = constant("NAMES", ("a", "b"))
LIMIT: int = constant("LIMIT", 2)
assert_type(N, int)

NODES = range(N)
Node = Annotated[int, NODES]
Term = Annotated[int, Range(0, N)]
Bit = Literal[0, 1]


class Proc(Sort, size=2, ordered=True):
    """An ordered sort."""


class Server(Sort, size=3, symmetric=True):
    """A symmetric sort."""


class Color(Enum):
    RED = 1
    GREEN = 2


@dataclass(frozen=True)
class Ping:
    src: Server


@dataclass(frozen=True)
class Pong:
    src: Server
    term: Term


Message = Ping | Pong
EVERYBODY: frozenset[Proc | Server] = frozenset(Proc) | frozenset(Server)

# A sort is the set of its members.
assert_type(Proc[0], Proc)
assert_type(Proc[-1].prev(), Proc)
assert_type(Proc[0].next().index, int)
assert_type(list(Proc), list[Proc])
assert_type(sorted(Proc), list[Proc])
assert_type(set(Server), set[Server])
assert_type(len(Server), int)
assert_type(Proc[0] < Proc[1], bool)
assert_type(Proc[0] in Proc, bool)
assert_type(max(Proc), Proc)
assert_type({p: 0 for p in Proc}, dict[Proc, int])
assert_type([(p, s) for p, s in zip(Proc, Server, strict=False)], list[tuple[Proc, Server]])
assert_type(next((p for p in Proc if p.index), None), Proc | None)
assert_type(sum(p.index for p in Proc), int)
assert_type(Range(0, 3).low, int)


class Cell(Record):
    """A record: declared fields, a keyword-only constructor."""

    WIDTH: ClassVar[int] = 3
    term: Term
    owner: Server | None = None
    log: Annotated[list[Message], MaxLen(3)] = []

    def last(self) -> Message | None:
        return self.log[-1] if self.log else None


assert_type(Cell(term=0), Cell)
assert_type(Cell(term=1, owner=None, log=[]).term, int)
assert_type(copy(Cell(term=0)), Cell)
assert_type(Cell.WIDTH, int)


class Lock(Spec, abstract=True):
    holder: Proc | None = None

    @action
    def acquire(self, p: Proc) -> None:
        require(self.holder is None)
        self.holder = p

    @action
    def release(self) -> None:
        if self.holder is None:
            disable()
        assert_type(self.holder, Proc)
        self.holder = None


def shout(name: str) -> str:
    return name.upper()


def every_second(n: Node) -> bool:
    return n % 2 == 0


@model(N=3, violates=("served", "quiet"), via="write", distinct=4, depth=3, symmetry=True, tags="slow", name="large")
@model(Server=2)
class Everything(Spec, deadlock=False, without=(), accept={"SC505": "a monitor stays as it is"}):
    """All kinds of variables and rules."""

    LIMIT = 3

    flag: bool = False
    color: Color = Color.RED
    bit: Bit = 0
    count: int = 0
    small: Annotated[int, range(N)] = 0
    holder: Proc | None = None
    cells: dict[Server, Cell] = each(Cell(term=0))
    by_key: dict[Node, bool] = each_by(lambda n: n % 2 == 0)
    by_function: dict[Node, bool] = each_by(every_second)
    matrix: dict[Proc, dict[Server, Literal["on", "off"]]] = each(each("off"))
    states: dict[Proc, Literal["idle", "busy"]] = each("idle")
    boxes: dict[Proc, set[Server]] = each(set())
    queues: dict[Proc, Annotated[list[Server], MaxLen(2)]] = each([])
    optional: dict[Proc, Server | None] = each(None)
    sparse: Annotated[dict[Proc, int], Partial] = {}
    full: Annotated[dict[Proc, int], Total] = each(0)
    free: dict[Proc, Bit] = anything()
    msgs: Annotated[Bag[Message], MaxLen(3)] = Bag()
    sent: set[Message | Literal["stop"]] = set()
    pair: tuple[Proc | None, int] = (None, 0)
    history: Annotated[tuple[Message, ...], MaxLen(3)] = ()
    unset: dict[Proc, bool]

    @init
    def start(self) -> None:
        self.unset = {p: choose(bool) for p in Proc}

    @action(fairness="weak", per="p")
    def write(self, p: Proc, s: Server) -> None:
        cell = self.cells[s]
        assert_type(cell, Cell)
        cell.term += 1
        cell.log.append(Ping(s))
        assert_type(cell.last(), Ping | Pong | None)
        self.matrix[p][s] = "on"
        self.boxes[p] |= {s}
        self.queues[p].append(s)
        self.sparse[p] = self.sparse.get(p, 0) + 1
        self.sent.add("stop")
        self.pair = (p, self.pair[1] + 1)
        self.history = (*self.history, Pong(s, 0))

    @action
    def pick(self) -> None:
        assert_type(choose(Server), Server)
        assert_type(choose(Color), Color)
        assert_type(choose(bool), bool)
        assert_type(choose(range(3)), int)
        assert_type(choose(self.boxes[Proc[0]]), Server)
        assert_type(choose(self.sparse), Proc)
        assert_type(choose(EVERYBODY), Proc | Server)
        assert_type(choose([1, 2]), int)
        assert_type(choose(s for s in Server if s in self.boxes[Proc[0]]), Server)
        assert_type(choose(subsets(Server, 1, 2)), frozenset[Server])
        m = choose(self.msgs)
        assert_type(m, Ping | Pong)
        self.msgs.remove(m)
        match m:
            case Ping(src):
                assert_type(src, Server)
                self.msgs.add(Pong(src, 0))
            case Pong(src=src, term=term):
                assert_type(term, int)
        assert_type(self.msgs.count(m), int)
        assert_type(dict(self.msgs.items()), dict[Ping | Pong, int])

    def never(self) -> Never:
        disable()

    def quiet(self) -> bool:
        return not self.flag

    def idle(self, p: Proc) -> bool:
        return self.states[p] == "idle"

    @invariant
    def bounded(self) -> bool:
        return self.count <= LIMIT and all(self.idle(p) for p in Proc)

    @invariant
    def for_each(self, p: Proc, q: Proc) -> bool:
        return p == q or self.idle(p)

    @step_invariant
    def monotone(self, after: Self) -> bool:
        assert_type(after.count, int)
        return after.count >= self.count or occurs(self.write, Proc[0]) or occurs(self.write, s=choose(Server))

    @reachable
    def seen(self) -> bool:
        return self.bounded() and self.flag

    @constraint
    def few(self) -> bool:
        return len(self.msgs) < 3

    @terminal
    def finished(self) -> bool:
        return not enabled(self.write)

    @temporal
    def served(self, p: Proc) -> Formula:
        return leads_to(lambda: self.states[p] == "busy", lambda: self.idle(p))

    @refines(Lock, liveness=True)
    def lock(self) -> Lock:
        return Lock(holder=self.holder)

    system = weak(write, pick, per=())
    mapped = strong(write, per={"write": "p"})
    settles = eventually_always(quiet)
    inline = eventually_always(lambda self: self.flag)
    bound = leads_to(quiet, lambda: True)
    mixed = implies(quiet, all_of(always(quiet), eventually_always(seen), always(lambda: True)))

    @process(fairness="weak")
    def worker(self, p: Proc) -> Steps:
        while True:
            yield unfair("think")
            require(self.idle(p))
            yield strong("work")
            yield from self.rest(p)
            yield "done_with_it"

    def rest(self, p: Proc) -> Steps:
        yield "rest"
        self.count += 1

    @process
    def single(self) -> Steps:
        yield "once"

    @action
    def kill(self, p: Proc) -> None:
        require(at(self.worker, p) == "work" and at(self.single) != "done")
        crash(self.worker, p)
        restart(self.worker, p=p)


class Quieter(Everything, without=("kill",)):
    """An undecorated override inherits its role; an inherited variable gets another default."""

    count = 5
    LIMIT = 4

    def write(self, p: Proc, s: Server) -> None:
        super().write(p, s)

    def quiet(self) -> bool:
        return True

    def lock(self) -> Lock:
        return Lock()

    again = weak(Everything.write, per="p")


def outside() -> None:
    """States are ordinary objects outside an engine."""
    state = Everything(count=2, unset={p: True for p in Proc})
    assert_type(state, Everything)
    assert_type(state.unset, dict[Proc, bool])
    assert_type(state.bounded(), bool)
    assert_type(state.served(Proc[0]), Formula)
    assert_type(state.lock(), Lock)
    assert_type(state.lock().holder, Proc | None)
    with choosing(Server, True):
        state.write(Proc[0], choose(Server))
        state.write(p=Proc[0], s=choose(Server))
    steps: Generator[Any, None, None] = state.worker(Proc[0])
    next(steps)
    predicate: Callable[[], bool] = state.quiet
    assert_type(predicate(), bool)
    members: Iterator[Proc] = iter(Proc)
    assert_type(next(members), Proc)
