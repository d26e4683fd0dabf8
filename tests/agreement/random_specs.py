"""Random specs: source texts put together from statements that touch every kind of variable, with guards, choices, errors and constraints."""

import textwrap

from hypothesis import strategies as st

HEADER = '''
from dataclasses import dataclass
from typing import Annotated, Literal

from speccheck import Bag, MaxLen, Range, Record, Sort, Spec, action, choose, constraint, disable, each, init, invariant, require, subsets, anything


class P(Sort, size=2, symmetric=True):
    """Somebody."""


@dataclass(frozen=True)
class Note:
    who: P
    n: Annotated[int, Range(0, 1)]


class Node(Record):
    k: Annotated[int, Range(0, 1)] = 0
    seen: set[P] = set()
    bag: Annotated[Bag[P], MaxLen(2)] = Bag()


Letter = Literal["b", "a"]


class Random(Spec, deadlock=False):
    n: Annotated[int, Range(0, 2)] = 0
    s: set[P] = set()
    m: dict[P, Letter] = each("b")
    d: dict[P, bool] = {}
    q: Annotated[list[P], MaxLen(2)] = []
    o: P | None = None
    notes: Annotated[set[Note], MaxLen(2)] = set()
    nodes: dict[P, Node] = each(Node())
    t: Annotated[tuple[P, ...], MaxLen(2)] = ()
'''

GUARDS = [
    "self.n < 2", "p in self.s", "p not in self.s", 'self.m[p] == "a"', "self.q", "len(self.q) < 2", "self.o is None", "self.o == p", "p in self.d",
    "self.d.get(p, True)", "self.nodes[p].k == 0", "p in self.nodes[p].seen", "Note(p, 0) in self.notes", "len(self.t) < 2", "self.s < set(P)",
    "all(x in self.s for x in P if x != p)", "any(node.k for node in self.nodes.values())", "self.nodes[p].bag.count(p) < 2",
]  # fmt: skip

EFFECTS = [
    "self.n += 1", "self.n = choose(range(3))", "self.n = 2 - self.n", "self.s.add(p)", "self.s.discard(p)", "self.s = set()",
    "self.s = {x for x in P if x not in self.s}", "self.s |= {p}", "self.s -= {p}", "self.s = set(choose(subsets(self.s)))", 'self.m[p] = "a"', "self.m[p] = choose(Letter)",
    'self.m = {x: "b" for x in P}', "self.q.append(p)", "self.q.insert(0, p)", "self.o = self.q.pop(0)", "self.q.reverse()", "self.q = self.q[1:]", "self.o = p", "self.o = None",
    "x = choose(self.s)\nself.s.remove(x)\nself.o = x", "self.d[p] = self.n > 0", "del self.d[p]", "self.d.pop(p, None)", "self.d.clear()",
    'for x in P:\n    if x in self.s:\n        self.m[x] = "a"', "assert self.n != 2", "node = self.nodes[p]\nnode.k = 1 - node.k\nnode.seen.add(p)",
    "self.nodes[p] = Node(k=choose(range(2)))", "self.nodes[p].bag.add(p)", "self.nodes[p].bag.remove(p)", "self.notes.add(Note(p, choose([0, 1])))",
    "note = choose(self.notes)\nself.notes.remove(note)\nself.o = note.who", "self.t = (*self.t, p)", "self.t = self.t[1:]", "self.nodes[p].seen = set(self.s)",
    "disable()", "require(p not in self.s)", "for who, node in self.nodes.items():\n    node.k = 1 if who in self.s else 0", "self.nodes[p].k += 1",
    "if self.o is None:\n    self.o = choose(P)\nelse:\n    self.n = 0", "pass",
]  # fmt: skip

INVARIANTS = [
    "self.n < 2", "len(self.s) < 2", "not self.q", "self.o is None or self.o in self.s", 'all(x == "b" for x in self.m.values())', "len(self.notes) < 2",
    "sum(node.k for node in self.nodes.values()) <= 1", "len(self.t) <= 1",
]  # fmt: skip

CONSTRAINTS = ["self.n < 2", "len(self.q) + len(self.t) < 3", "len(self.notes) < 2", "True"]


@st.composite
def specs(draw: st.DrawFn) -> str:
    """Draw the text of a module that defines the spec `Random`."""
    text = HEADER
    if draw(st.booleans()):
        text = text.replace('m: dict[P, Letter] = each("b")', "m: dict[P, Letter] = anything()")
    if draw(st.booleans()):
        body = "\n".join(draw(st.lists(st.sampled_from(["self.n = choose(range(2))", "require(self.n < 2)", "self.o = choose(P)"]), min_size=1, max_size=2)))
        text += f"\n    @init\n    def start(self) -> None:\n{textwrap.indent(body, ' ' * 8)}\n"
    for number in range(draw(st.integers(1, 4))):
        guard = draw(st.sampled_from(GUARDS))
        effects = draw(st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=3))
        body = textwrap.indent("\n".join([f"require({guard})", *effects]), " " * 8)
        text += f"\n    @action\n    def act{number}(self, p: P) -> None:\n{body}\n"
    for number, predicate in enumerate(draw(st.lists(st.sampled_from(INVARIANTS), unique=True, min_size=1, max_size=3))):
        text += f"\n    @invariant\n    def inv{number}(self) -> bool:\n        return {predicate}\n"
    text += f"\n    @constraint\n    def bound(self) -> bool:\n        return {draw(st.sampled_from(CONSTRAINTS))}\n"
    return text
