"""Rules are proven to treat the members of a symmetric sort alike, or refused; what is proven is checked by exchanging members in random states."""

import itertools
import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from speccheck.domains.evaluation import Disabled
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import domains_of
from speccheck.model.checks.subject import Subject
from speccheck.model.checks.symmetry import asymmetries
from speccheck.source import Span

SPEC = """
@dataclass(frozen=True)
class Msg:
    src: S
    dst: S
    level: Annotated[int, Range(0, 3)] = 0

class Box(Record):
    owner: S | None = None
    seen: set[S] = set()
    n: Annotated[int, Range(0, 99)] = 0

    def take(self, s: S) -> None:
        self.owner = s
        self.seen.add(s)

ALL = frozenset(S)
TURNS = {s: 0 for s in S}
FIRST = list(S)[0]
ORDER = tuple(S)
PAIR = (FIRST, 1)

class Config:
    leader = FIRST
CONFIG = Config()

def first(s: S) -> S:
    return s

def collect(values: set[S], s: S) -> None:
    values.add(s)

def push(values: list[S], s: S) -> None:
    values.append(s)

class T(Spec):
    pc: dict[S, Literal["a", "b"]] = each("a")
    num: dict[S, Annotated[int, Range(0, 99)]] = each(0)
    boxes: dict[S, Box] = each(Box())
    links: dict[S, S | None] = each(None)
    grid: dict[S, dict[S, bool]] = each(each(False))
    some: Annotated[dict[S, Literal[1, 2]], Partial] = {}
    seen: set[S] = set()
    other: set[S] = set()
    msgs: Annotated[set[Msg], MaxLen(2)] = set()
    bag: Annotated[Bag[S], MaxLen(9)] = Bag()
    q: Annotated[list[S], MaxLen(9)] = []
    ints: Annotated[list[Annotated[int, Range(0, 3)]], MaxLen(3)] = []
    small: set[Literal[1, 2, 3]] = set()
    leader: S | None = None
    n: Annotated[int, Range(0, 99)] = 0
    flag: bool = False
    word: Literal["x", "y"] = "x"

    def count(self) -> int:
        return sum(pc == "a" for pc in self.pc.values())
    def mark(self, s: S) -> None:
        self.pc[s] = "b"
    def add(self, s: S) -> None:
        self.n += 1
        self.seen.add(s)
    def remember(self, s: S) -> None:
        self.leader = s
    def working(self) -> list[S]:
        return [s for s in S if self.pc[s] == "a"]
    def rest(self) -> Any:
        return (s for s in S)
    def total(self) -> int:
        return sum(self.num.values())
    def weigh(self, v: int) -> int:
        return 1 if self.leader == FIRST else v
    def pick(self, s: S = FIRST) -> S:
        return s

    @action
    def step(self, i: S, j: S) -> None:
        STATEMENT
"""

Found = Callable[[str], list[str]]


@pytest.fixture
def asymmetric_in(subject_of: Callable[[str], Subject], text_of: Callable[[Span], str]) -> Found:
    def found(statement: str) -> list[str]:
        subject = subject_of(SPEC.replace("STATEMENT", statement.replace("\n", "\n        ")))
        sort = next(type(member) for member in subject.domains["pc"].key_domain)  # type: ignore[attr-defined]
        return [text_of(error.span) for error in asymmetries(subject, [sort]) if error.span]

    return found


ALIKE = [
    "self.pc[i] = 'b'",
    "require(self.pc[i] == 'a' and i != j and j not in self.seen)",
    "self.leader = i; self.links[i] = j; self.grid[i][j] = True; self.some[i] = 1",
    "self.seen.add(i); self.seen |= {j}; self.seen -= self.other; self.seen.discard(i)",
    "self.seen = set(S); self.seen = {s for s in S if s != i}; self.seen = set(ALL) - {i}",
    "self.pc = {s: 'b' if s == i else 'a' for s in S}",
    "self.n = sum(pc == 'a' for pc in self.pc.values()) + len(self.seen) + self.count()",
    "require(all(self.pc[s] == 'a' for s in S) or any(s in self.seen for s in self.other))",
    "require(self.seen <= self.other and self.seen < ALL and {i} <= set(self.links.values()))",
    "self.n = max(self.num.values()); self.n = min([v for v in self.num.values()]); self.n = sum(self.num.values())",
    "self.ints = sorted(v % 4 for v in self.num.values())[:3]",
    "self.q.append(i); self.q.insert(0, j); self.q.remove(i); x = self.q[0]; self.q.pop(0)",
    "self.n = self.q.index(i) if i in self.q else 0; self.q = self.q[1:] + [i]",
    "for s in self.q: self.leader = s",  # the order of a list is part of the value
    "for v in self.ints: self.word = 'x' if v else 'y'",
    "self.bag.add(i); self.n = self.bag.count(j)",
    "self.msgs = {Msg(i, j, 2)}; self.msgs.add(Msg(i, j))\nrequire(Msg(j, i) not in self.msgs)",
    "b = self.boxes[i]; b.take(j); b.n += 1; self.boxes[j].owner = i",
    "leaders = [b.n for b in self.boxes.values() if b.owner == i]; require(len(leaders) == len(set(leaders)))",
    "x = list(S); self.n = len(x); self.flag = i in x; y = {s for s in x}",
    "self.n = len(self.working()); self.flag = i in self.working(); self.seen = set(self.working())",
    "self.flag = not [s for s in S if self.pc[s] == 'b']",
    "self.n = TURNS[i]; self.leader = first(i); self.flag = i == first(j)",
    "assert self.n < 100, f'{i} has {self.n}'",
    "match self.leader:\n    case None: self.leader = i\n    case s: self.links[s] = i",
    "x = [b for b in self.boxes.values()]; self.n = sum(b.n for b in x)",
    "for s in S: self.pc[s] = 'b'",
    "for s in S: self.mark(s)",
    "for s in S: self.add(s)",
    "for s in S:\n    if s in self.seen:\n        self.num[s] += 1\n    else:\n        self.num[s] = 0",
    "for s in self.seen: self.n += 1",
    "for s in self.seen:\n    k = self.num[s] + 1\n    self.num[s] = k % 100",
    "for b in self.boxes.values(): b.n += 1",
    "for s, b in self.boxes.items():\n    b.owner = s\n    self.seen.add(s)",
    "for s in S:\n    for t in S: self.grid[s][t] = s == t",
    "for s in S:\n    if self.pc[s] == 'a': continue\n    self.flag = True",
    "total = 0\nfor v in self.num.values(): total += v\nself.n = total % 100",
    "found = set()\nfor s in S:\n    if self.pc[s] == 'a': found.add(s)\nself.seen = found",
    "ok = True\nfor s in S: ok &= self.pc[s] == 'a'\nself.flag = ok",
    "ok = False\nfor s in S:\n    if s in self.seen: ok = True\nself.flag = ok",
    "for s in self.seen: self.other.discard(s)",
    "for m in self.msgs: self.seen.add(m.dst)",
    "for s in S: require(self.pc[s] == 'a' or s == i)",
    "for k, v in self.some.items(): self.num[k] = v",
    "for v in self.small: self.n = v",  # no members take part in this order
    "self.ints = [v for v in self.small]",
    "for s in sorted(self.small): self.n = s",
    "x = min(self.small) if self.small else 1; self.n = x",
    "self.links = {s: (i if s == j else None) for s in S}",
    "d = {s: self.num[s] for s in S}; self.n = d[i]; self.num = d",
    "self.num = {s: v for s, v in self.num.items()}; x = {(s, 1): s for s in S}; y = {v: 0 for v in self.num.values()}",
    "self.pc = dict.fromkeys(S, 'b'); self.num = dict(self.num)",
    "x = T(links={s: None for s in S}, n=3); self.links = x.links",
    "x = [m for m in self.msgs if m.level]; y = [m.level for m in x if m.src != i]; self.n = max((v for v in y), default=0)",
    "self.seen.update(s for s in S if s != i); self.other = self.seen.union([i])",
    "x = frozenset(s for s in S); self.flag = x == ALL",
    "require(isinstance(i, S)); self.n = abs(-3) + divmod(7, 2)[0]",
    "while self.q: self.seen.add(self.q.pop())",
    "self.leader = None if self.leader == i else self.leader",
    "for s in S:\n    self.boxes[s].seen |= {s}\n    self.boxes[s].n = len(self.boxes[s].seen)",
    "x, y = i, j; self.leader = y",
    "self.pc = dict.fromkeys(S, 'b'); self.num = dict.fromkeys(list(S), 0)",
    "x = dict(self.num); x.update({i: 1}); x.update(self.num); self.num = x",
    "for s in S: self.n += len(self.seen)",
    "for s in S:\n    new = {t for t in S if t != s}\n    new.discard(i)\n    self.boxes[s].seen = new",
    "x = sorted(self.ints, key=lambda v: -v); self.ints = x",
    "self.seen = set(list(S)[:]); self.n = len(list(S)[::-1])",
    "self.q = self.q[1:]; self.ints = self.ints[:2]; x = sorted(self.num.values())[:2]; self.n = sum(x)",
    "require(i in iter(S)); self.n = len(set(map(lambda s: self.num[s], S)))",
    "self.ints = [v for v in map(lambda v, w: v, self.ints, self.ints)]",
    "self.flag = any((v := self.num[s]) > 1 and v < 9 for s in S)",
    "x = {v for s in S if (v := self.num[s]) > 1}; self.n = len(x)",
    "x = [y := v for v in self.ints]; self.n = y",
    "self.n = sum(len(b.seen) for b in self.boxes.values()) + sum(self.some.values()) + sum(1 for s in S if s in self.seen)",
    "self.n = sum(self.pc[s] == 'a' and s in self.seen for s in S) + sum(abs(v) for v in self.num.values()) + sum(self.grid[s][i] for s in S)",
    "self.n = sum(self.total() for s in self.seen) + sum(b.n * 2 - 1 if b.owner == i else 0 for b in self.boxes.values()) + sum(map(len, [self.q]))",
    "g = iter(self.q); self.flag = i in g; self.n = len(list(g))",
]

DIFFERENT = [
    ("self.leader = FIRST", "FIRST"),
    ("require(i == ORDER[0])", "ORDER"),
    ("x = PAIR[1]", "PAIR"),
    ("self.leader = CONFIG.leader", "CONFIG"),
    ("self.leader = Config.leader", "Config.leader"),
    ("self.leader = self.pick()", "def pick(self, s: S = FIRST) -> S:"),
    ("x = list(S)[0]", "list(S)"),
    ("self.leader = next(iter(S))", "next(iter(S))"),
    ("self.leader = next((s for s in S if self.pc[s] == 'a'), None)", "next((s for s in S if self.pc[s] == 'a'), None)"),
    ("x, y, z = S", "S"),
    ("x, *y = self.seen", "self.seen"),
    ("self.q = list(S)", "list(S)"),
    ("self.q = [s for s in S]", "[s for s in S]"),
    ("self.q = [*self.seen]", "[*self.seen]"),
    ("self.q.extend(self.seen)", "self.q.extend(self.seen)"),
    ("self.q += self.seen", "self.seen"),
    ("self.q = self.working()", "self.working()"),
    ("self.ints = [v for v in self.some.values()]", "[v for v in self.some.values()]"),
    ("x = [v for v in self.num.values()]; self.n = x[0]", "x"),
    ("x = {v: 1 for v in self.num.values()}; self.n = next(iter(x))", "next(iter(x))"),
    ("self.leader = self.seen.pop()", "self.seen.pop()"),
    ("self.some.popitem()", "self.some.popitem()"),
    ("self.leader = sorted(S, key=lambda s: self.num[s])[0]", "sorted(S, key=lambda s: self.num[s])"),
    ("self.leader = max(S, key=lambda s: self.num[s])", "max(S, key=lambda s: self.num[s])"),
    ("self.n = max([(v, 1) for v in self.num.values()], key=lambda p: p[1])[0]", "max([(v, 1) for v in self.num.values()], key=lambda p: p[1])"),
    ("self.word = 'x' if str(i) == 'S0' else 'y'", "str(i)"),
    ("self.word = 'x' if f'{i}' == 'S0' else 'y'", "i"),
    ("self.word = 'x' if '%s' % i == 'S0' else 'y'", "'%s' % i"),
    ("self.n = hash(i)", "hash(i)"),
    ("self.n = id(i)", "id(i)"),
    ("self.n = i._index", "i._index"),
    ("x = list(enumerate(S))", "enumerate(S)"),
    ("x = dict(zip(S, [1, 2, 3]))", "zip(S, [1, 2, 3])"),
    ("x = unknown(i)", "unknown"),
    ("x = random.choice([i, j])", "random.choice([i, j])"),
    ("print(*S); x = max(*S)", "print(*S)"),
    ("require((i, 1) < (j, 2))", "(i, 1) < (j, 2)"),
    ("for s in S: self.leader = s", "self.leader"),
    ("for s in S: self.remember(s)", "S"),
    ("for s in S: self.q.append(s)", "self.q.append(s)"),
    ("for s in S:\n    if self.pc[s] == 'a': break", "break"),
    ("for s in self.seen:\n    self.leader = s\n    return", "return"),
    ("for s in S: last = s\nself.leader = last", "last"),
    ("for s in S: pass\nself.leader = s", "s"),
    ("last = None\nfor s in S:\n    if last is None: last = s", "last"),
    ("for s in S: self.n = self.num[s]", "self.n"),
    ("for s in S: self.n = self.n * 2 + self.num[s]", "self.n"),
    ("for s in S:\n    self.n += 1\n    self.num[s] = self.n", "self.n"),
    ("for s in S: self.pc[s] = self.pc[i]", "self.pc[i]"),
    ("for s in S:\n    if all(v == 0 for v in self.num.values()): self.num[s] = 1", "self.num"),
    ("for s in S:\n    if len(self.seen) < 2: self.seen.add(s)", "self.seen"),
    ("for s in S:\n    self.other.add(s)\n    self.other.discard(i)", "self.other.discard(i)"),
    ("for s in S: self.word = 'x' if s == i else 'y'", "self.word"),
    ("for s in S:\n    self.word = 'x'\n    if s == i: self.word = 'y'", "self.word"),
    ("for v in self.links.values():\n    if v is not None: self.num[v] = self.n\n    self.n += 1", "self.n"),
    ("for k, v in self.links.items():\n    if v is not None: self.links[v] = k", "self.links[v]"),
    ("acc = []\nfor s in S: acc.append(s)\nself.q = acc", "acc.append(s)"),
    ("d = {}\nfor s in S: d[self.num[s]] = s\nself.leader = d.get(1)", "d[self.num[s]]"),
    ("self.leader = {0: s for s in S if s != i}[0]", "{0: s for s in S if s != i}"),
    ("x = {self.num[s]: s for s in S}; self.leader = x.get(1)", "{self.num[s]: s for s in S}"),
    ("x = {v: k for k, v in self.links.items()}; self.leader = x[None]", "{v: k for k, v in self.links.items()}"),
    ("x = {n: t for s in S for n, t in [(1, self.links[s])]}", "{n: t for s in S for n, t in [(1, self.links[s])]}"),
    ("x = {s: t for s in S for t in S if s != t}; self.links = x", "{s: t for s in S for t in S if s != t}"),
    ("x = dict.fromkeys(S, 0); self.leader = next(iter(x))", "next(iter(x))"),
    ("n = 0\nfor s in S:\n    n += 1\n    self.num[s] = n", "n"),
    ("k = 0\nfor s in S:\n    self.num[s] = k\n    k = 1", "k"),
    ("import json", "import json"),
    ("with open('x') as f: pass", "with open('x') as f: pass"),
    ("x = i.__hash__()", "i.__hash__"),
    ("for m in self.msgs: self.num[m.src] = m.level", "self.num[m.src]"),
    ("x = sum([[s] for s in S], [])", "sum([[s] for s in S], [])"),
    ("x = {tuple(s for s in S)}", "tuple(s for s in S)"),
    ("x = tuple(self.seen) == (i, j)", "tuple(self.seen)"),
    ("x = [s for s in S if s != i]; self.leader = x.pop()", "x"),
    ("it = iter(S); self.leader = next(it)", "next(it)"),
    ("while self.seen: self.leader = self.seen.pop()", "self.seen.pop()"),
    ("x = S.__iter__()", "S.__iter__()"),
    ("x = list(dict.fromkeys(S))[0]", "list(dict.fromkeys(S))"),
    ("x = dict((self.num[s], s) for s in S); self.leader = x.get(1)", "((self.num[s], s) for s in S)"),
    ("x = {self.num[s]: s for s in S}; self.leader = x.get(1)", "{self.num[s]: s for s in S}"),
    ("x = {}; x.update((self.num[s], s) for s in S); self.leader = x.get(1)", "((self.num[s], s) for s in S)"),
    ("x = list(map(self.mark, S))", "map(self.mark, S)"),
    ("x = [self.remember(s) for s in S]", "self.remember(s)"),
    ("x = all(self.q.append(s) is None for s in S)", "self.q.append(s)"),
    ("x = list(map(lambda s: self.q.append(s), S))", "map(lambda s: self.q.append(s), S)"),
    ("x = sorted(self.ints, key=self.weigh)", "sorted(self.ints, key=self.weigh)"),
    ("acc = []\nfor s in S: push(acc, s)\nself.q = acc", "S"),
    ("acc = set()\nfor s in S: collect(acc, s)\nself.seen = acc", "S"),
    ("acc = set()\nfor s in S:\n    self.grid[j][s] = i in acc\n    acc.add(i)", "acc.add(i)"),
    ("for t in self.q:\n    for t in S: pass\n    self.num[t] = 1", "t"),
    ("acc = []\nfor s in S:\n    x = acc\n    x.append(s)\nself.q = acc", "x.append(s)"),
    ("for s in S: self.grid[s][j] = self.grid[i][s]", "self.grid[i][s]"),
    ("for s in S: self.num[s] = self.total()", "S"),
    ("for s in S: self.n += self.num[s] - 3", "self.n"),
    ("for s in S:\n    self.n += 1\n    self.n -= self.num[s]", "self.n"),
    ("self.seen = set(list(S)[1:])", "list(S)"),
    ("self.n = sum(list(self.num.values())[:1])", "list(self.num.values())"),
    ("x = [s for s in S if self.pc[s] == 'a'][:1]; self.seen = set(x)", "[s for s in S if self.pc[s] == 'a']"),
    ("self.seen = set(self.working()[:1])", "self.working()"),
    ("x = list(S) + [i]; self.seen = set(x[2:])", "x"),
    ("x = {v: 1 for v in self.num.values()}; self.n = sum(list(x)[:1])", "list(x)"),
    ("self.seen = set(list(S)[::2])", "list(S)"),
    ("g = (s for s in S); x = any(t == i for t in g); self.n = len(list(g))", "(s for s in S)"),
    ("g = iter(S); x = i in g; self.n = len(list(g))", "iter(S)"),
    ("g = map(lambda s: s, S); require(i in g); self.seen = set(g)", "map(lambda s: s, S)"),
    ("g = filter(lambda s: True, S); require(i in g); self.seen = set(g)", "filter(lambda s: True, S)"),
    ("g = reversed(list(S)); require(i in g); self.seen = set(g)", "reversed(list(S))"),
    ("g = self.rest(); require(i in g); self.seen = set(g)", "self.rest()"),
    (
        "g = (s for s in S) if self.flag else (s for s in self.seen); require(i in g); self.seen = set(g)",
        "(s for s in S) if self.flag else (s for s in self.seen)",
    ),
    ("x = i in (g := iter(S)); self.seen = set(g)", "iter(S)"),
    ("g = h = iter(S); x = i in g; self.n = len(list(h))", "iter(S)"),
    ("for g in [iter(S)]:\n    require(i in g)\n    self.seen = set(g)", "iter(S)"),
    ("self.msgs = set(map(lambda s, n: Msg(s, s, n), S, [0, 1]))", "map(lambda s, n: Msg(s, s, n), S, [0, 1])"),
    ("self.seen = {s for s in map(lambda n, s: s, self.ints, S)}", "map(lambda n, s: s, self.ints, S)"),
    ("x = [last := s for s in S]; self.leader = last", "last := s"),
    ("x = any(self.pc[(w := s)] == 'a' for s in S); self.leader = w", "w := s"),
    ("y = 0; x = [y := y * 2 + self.num[s] for s in S]; self.n = y % 100", "y := y * 2 + self.num[s]"),
    ("y = None; x = {(y, y := s) for s in S}", "y := s"),
    ("y = 0; x = {y for s in S if y < 3 and (y := self.num[s]) > 0}", "y := self.num[s]"),
    ("v = 0; x = {v for s in S if self.pc[s] == 'a' or (v := self.num[s]) > 0}", "v := self.num[s]"),
    ("v = 0; x = {v if self.flag else (v := self.num[s]) for s in S}", "v := self.num[s]"),
    ("v = 0; x = any([v for t in self.seen if (v := self.num[s])] for s in S)", "v := self.num[s]"),
    ("self.flag = sum(0.1 * v for v in self.num.values()) > 0.6", "sum(0.1 * v for v in self.num.values())"),
    ("x = [v / 3 for v in self.num.values()]; self.flag = sum(x) > 1", "sum(x)"),
    ("boxes = [self.boxes[i]]\nboxes.append(self.boxes[j])\nfor s in S:\n    for b in boxes: b.owner = s", "b.owner"),
]


@pytest.mark.parametrize("statement", ALIKE)
def test_a_rule_that_treats_members_alike_is_proven(statement: str, asymmetric_in: Found) -> None:
    assert asymmetric_in(statement) == []


@pytest.mark.parametrize(("statement", "expected"), DIFFERENT)
def test_a_rule_that_may_tell_members_apart_is_refused(statement: str, expected: str, asymmetric_in: Found) -> None:
    assert expected in asymmetric_in(statement)


@pytest.mark.parametrize("statement", ALIKE)
def test_what_is_proven_commutes_with_every_exchange_of_members(statement: str, module_of: Callable[[str], ModuleType]) -> None:
    """next(π s) = π next(s), for random states s and all permutations π."""
    module = module_of(SPEC.replace("STATEMENT", statement.replace("\n", "\n        ")))
    members, chance = list(module.S), random.Random(0)
    domains = domains_of(module.T)
    renamings = [dict(zip(members, order)) for order in itertools.permutations(members)]
    for _ in range(8):
        state = {name: domain.unrank(chance.randrange(domain.size)) for name, domain in domains.items()}
        i, j = chance.choice(members), chance.choice(members)
        here = after(module.T, domains, state, i, j)
        for renaming in renamings:
            moved = {name: domains[name].rename(value, renaming) for name, value in state.items()}
            there = after(module.T, domains, moved, renaming[i], renaming[j])
            assert there == (here if isinstance(here, str) else {name: domains[name].rename(value, renaming) for name, value in here.items()})


def after(spec: Any, domains: Any, state: dict[str, Any], i: Any, j: Any) -> dict[str, Any] | str:
    """The state after the step, or the name of what it raised."""
    made = spec(**{name: domains[name].plain(value) for name, value in state.items()})
    try:
        made.step(i, j)
    except (Exception, Disabled, OutsideDomain) as error:
        return type(error).__name__
    return {name: domain.freeze(getattr(made, name)) for name, domain in domains.items()}


def rules_of(text: str) -> str:
    return SPEC.replace("STATEMENT", "pass") + text


@pytest.fixture
def asymmetric_rules(subject_of: Callable[[str], Subject], text_of: Callable[[Span], str]) -> Found:
    def found(text: str) -> list[str]:
        subject = subject_of(rules_of(text))
        sort = next(type(member) for member in subject.domains["pc"].key_domain)  # type: ignore[attr-defined]
        return [text_of(error.span) for error in asymmetries(subject, [sort]) if error.span]

    return found


def test_predicates_formulas_and_constraints_are_proven_too(asymmetric_rules: Found) -> None:
    text = """
    @invariant
    def p(self) -> bool:
        return self.leader != FIRST
    @constraint
    def c(self) -> bool:
        return next(iter(self.seen), None) is None
    @temporal
    def t(self, s: S) -> Formula:
        return leads_to(lambda: self.pc[s] == "a", lambda: self.leader == FIRST)
    @step_invariant
    def v(self, after: Self) -> bool:
        return all(after.num[s] >= self.num[s] for s in S)
    @temporal
    def u(self, s: S) -> Formula:
        return always(enabled(self.step, s, s))
    """
    assert asymmetric_rules(text) == ["FIRST", "next(iter(self.seen), None)", "iter(self.seen)", "FIRST"]


def test_members_in_formulas_written_as_attributes_are_refused(asymmetric_rules: Found) -> None:
    assert asymmetric_rules("\n    happens = eventually(enabled(step, FIRST))\n") != []
    assert asymmetric_rules("\n    happens = eventually(enabled(step))\n") == []


def test_the_initial_states_are_compared_elsewhere(asymmetric_rules: Found) -> None:
    assert asymmetric_rules("\n    @init\n    def start(self) -> None:\n        self.leader = FIRST\n") == []


def test_a_sort_that_is_not_reduced_may_be_used_as_one_likes(subject_of: Callable[[str], Subject]) -> None:
    assert asymmetries(subject_of(SPEC.replace("STATEMENT", "self.leader = FIRST")), []) == []
