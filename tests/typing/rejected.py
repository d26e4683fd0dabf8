"""What type checkers must reject: every line that ends in `# wrong` is an error for mypy and for pyright, and no other line is. Nothing here is run."""
# Not strict: the strict rules would find fault with such lines for another reason than the one that is meant.
# pyright: standard, reportUnusedExpression=false

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from speccheck import (
    Bag,
    Formula,
    MaxLen,
    Range,
    Record,
    Sort,
    Spec,
    Steps,
    action,
    always,
    anything,
    choose,
    constant,
    constraint,
    copy,
    each,
    each_by,
    init,
    invariant,
    leads_to,
    process,
    reachable,
    refines,
    require,
    step_invariant,
    strong,
    temporal,
    terminal,
    weak,
)

N: str = constant("N", 3)  # wrong
SIZES = constant("SIZES")  # wrong
Term = Annotated[int, Range(0, 3)]


class Proc(Sort, size=2, ordered=True):
    """An ordered sort."""


class Value(Sort, size=2):
    """Another sort."""


class Wide(Sort, width=2):  # wrong for pyright
    """A sort has a size."""


@dataclass(frozen=True)
class Entry:
    term: Term
    value: Value


class Node(Record):
    """A record."""

    term: Term = 0
    log: Annotated[list[Entry], MaxLen(2)] = []
    holder: Proc


Node(tern=1, holder=Proc[0])  # wrong
Node(1, [], Proc[0])  # wrong
Node(term="one", holder=Proc[0])  # wrong
Node()  # wrong
Node(holder=Value[0])  # wrong
copy(Node(holder=Proc[0])).tern  # wrong
print(Proc())  # wrong
Proc[0].size_of  # wrong
Proc[0] < Value[0]  # wrong
Proc["a"]  # wrong
choose(Value).foo  # wrong
choose(Proc).next().foo  # wrong
choose({1: "a"}).foo  # wrong
Entry("one", Value[0])  # wrong
Bag([1]).add("a")  # wrong
Range(0, "3")  # wrong


class Lock(Spec, abstract=True):
    """A lock."""

    holder: Proc | None = None


Lock(holdr=None)  # wrong
Lock(holder=3)  # wrong
Lock(None)  # wrong
Lock().holdr  # wrong


class Wrong(Spec, deadlocks=False):  # wrong for pyright
    """An option that does not exist."""


class Everything(Spec):
    """Defaults of the wrong type, rules that return the wrong thing."""

    flag: bool = 3  # wrong
    color: Literal["red", "green"] = "blue"  # wrong
    nodes: dict[Proc, Node] = each(3)  # wrong
    modes: dict[Proc, Literal["on", "off"]] = each("of")  # wrong
    keyed: dict[Proc, bool] = each_by(lambda p: p.foo)  # wrong
    valued: dict[Proc, bool] = each_by(lambda p: 3)  # wrong
    queue: Annotated[list[Proc], MaxLen(2)] = set()  # wrong
    free: dict[Proc, bool] = anything()
    count: Term = 0

    @init  # wrong
    def start(self) -> int:
        return 3

    @action
    def write(self, p: Proc) -> None:
        self.count = "one"  # wrong
        self.free[Value[0]] = True  # wrong
        self.free[p] = 3  # wrong
        self.modes[p] = "of"  # wrong
        self.nodes[p].term = "one"  # wrong
        self.queue.append(Value[0])  # wrong
        self.unknown(p)  # wrong

    @action(fairness="sometimes")  # wrong
    def unfair(self) -> None:
        require()  # wrong

    @action(fairness="weak")
    def fair(self) -> None:
        require(True)

    @invariant  # wrong
    def no_bool(self) -> int:
        return self.count

    @invariant  # wrong
    def forgotten(self) -> None:
        require(self.flag)

    @step_invariant  # wrong
    def after_what(self, after: Self) -> str:
        return "yes"

    @reachable  # wrong
    def some(self) -> list[int]:
        return [1]

    @constraint  # wrong
    def few(self) -> None:
        return None

    @terminal  # wrong
    def done(self) -> str:
        return ""

    @temporal  # wrong
    def no_formula(self, p: Proc) -> bool:
        return self.free[p]

    @temporal
    def formula(self, p: Proc) -> Formula:
        return leads_to(lambda: self.free[p], lambda: self.keys[p])  # wrong

    @refines(Lock)  # wrong
    def lock(self) -> Node:
        return self.nodes[Proc[0]]

    @process  # wrong
    def writer(self) -> bool:
        return True

    @process(fairness="weak")
    def other(self) -> Steps:
        yield 3  # wrong

    number = always(3)  # wrong
    more = always(write)  # wrong
    text = weak("write")  # wrong
    nothing = strong(3)  # wrong


class Narrower(Everything):
    """An override takes what the overridden rule takes."""

    def write(self, p: Value) -> None:  # wrong
        pass


def outside() -> None:
    """Actions are called with their parameters."""
    state = Everything()
    state.write()  # wrong
    state.write(3)  # wrong
    state.write(Proc[0], Proc[0])  # wrong
    state.fair(1)  # wrong
    text: str = state.lock().holder  # wrong
    print(text)
