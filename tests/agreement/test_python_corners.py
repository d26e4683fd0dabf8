"""Corners of Python that look as if they meant something else: natively they are what they are in CPython, or the rule is not compiled."""

import textwrap

import pytest

from tests.agreement.native_agreement import compared_text

SPEC = '''
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Literal, NamedTuple

from speccheck import MaxLen, Range, Record, Sort, Spec, action, anything, choose, each, invariant, require

class P(Sort, size=2):
    """Somebody."""

P0, P1 = P

class Level(IntEnum):
    LOW = 3
    HIGH = 1

class Mode(StrEnum):
    X = "x"
    Y = "y"

class Pair(NamedTuple):
    k: bool
    n: Annotated[int, Range(0, 3)] = 0

@dataclass(frozen=True)
class Given:
    x: bool
    y: bool = field(kw_only=True, default=True)

@dataclass(frozen=True)
class Computed:
    x: bool
    y: bool = field(init=False, default=True)

Small = Annotated[int, Range(0, 3)]

class Box(Record):
    x: Small = 0

    def bump(self, by: int) -> None:
        self.x = (self.x + by) % 4

class Shelf(Record):
    boxes: Annotated[list[Box], MaxLen(2)] = [Box(), Box(x=2)]

class S(Spec, deadlock=False):
    n: Annotated[int, Range(0, 9)] = 0
    k: Small = 1
    f: bool = False
    q: Annotated[list[Small], MaxLen(3)] = [1, 2]
    s: set[bool] = {True}
    d: dict[P, Small] = {}
    t: dict[P, Small] = each(1)
    level: Level = Level.LOW
    mode: Mode = Mode.X
    pair: Pair = Pair(False)
    given: Given = Given(False)
    shelf: Shelf = Shelf()
    a: Small | None = anything()
    b: Literal[1, 2] | None = anything()
    c: bool | Annotated[int, Range(2, 3)] = anything()

    def helper(self) -> set[bool]:
        found = {x for x in self.s}
        found.add(False)
        return found

    @action
    def rule(self) -> None:
        require(self.n == 0)
{body}

    @invariant
    def untouched(self) -> bool:
        return self.n == 0 and self.k == 1
'''

COMPILED = [
    "self.n = 5 if self.c == self.k + 1 else 6",
    "self.n = 5 if self.c == self.f else 6",
    "self.n = 5 if self.c == 3 else 6",
    "self.n = 5 if self.c == True else 6",
    "self.n = 5 if self.c in (self.k, self.k + 2) else 6",
    "self.n = 5 if self.c in {3: 1, True: 2} else 6",
    "self.n = [4, 5, 6, 7][self.c]",
    "self.n = 5 if self.c else 6",
    "self.n = 5 if (self.c, 1) == (self.k, 1) else 6",
    "require((self.k if self.f else self.q) and (self.a or 1))\nself.n = 1",
    "self.given = replace(self.given, y=False)\nself.n = 1 + self.given.y",
    "q = self.q\nq.append(3)\nq = [x + 1 for x in q if x != 3]\nq.append(0)\nself.n = sum(q) + len(self.q)",
    "q = self.q\nx = len(q)\nq = [x]\nif self.f:\n    q = [3]\nq[0] += 1\nself.n = q[0] + len(self.q)",
    "q = [5]\nq = self.q\nq.append(3)\nfor x in q:\n    self.n += x",
    "for i, x in enumerate(self.q):\n    self.q[i] = (x + 1) % 4\nself.n = 1 + self.q[1]",
    "for i, x in enumerate(self.q, 1):\n    self.q[-1] = (x + i) % 4\nself.n = 1 + self.q[1]",
    "for x in self.q:\n    self.q[1] = 3 - x\nself.n = 1 + self.q[1]",
    "t = []\nfor x in range(70):\n    t.append(x)\nself.n = len(t) // 10",
    "t = ()\nfor x in range(70):\n    t = (*t, x)\nself.n = len(t) // 10",
    "t = [1]\nt = t + [2]\nself.n = len(t)",
    "for box in self.shelf.boxes:\n    box.x += 1\nself.n = 1 + self.shelf.boxes[1].x",
    "for i, box in enumerate(self.shelf.boxes):\n    box.bump(i + 1)\nself.n = 5 + self.shelf.boxes[1].x",
    "shelf = self.shelf\nfor box in shelf.boxes:\n    box.bump(1)\nself.n = 1 + shelf.boxes[0].x",
    "for p in self.t:\n    self.t[p] = 2\nself.n = sum(self.t.values())",
    "for p in self.t.keys():\n    self.t[p] += 1\nself.n = sum(self.t.values())",
    "for p, x in self.t.items():\n    self.t[P1] = x + 1\nself.n = self.t[P1]",
    "for x in self.t.values():\n    self.t[P1] = 3 - x\nself.n = 1 + self.t[P1]",
    "for p, x in self.t.items():\n    if x:\n        self.t[P0] = 0\n        continue\n    self.t[p] = 1\nself.n = 5 + self.t[P0]",
    "c = {}\nfor x in self.q:\n    c[x] = c.get(x, 0) + 1\nself.n = len(c) + c[1]",
    "best = None\nfor x in self.q:\n    if best is None or x > best:\n        best = x\nself.n = best",
    "a, b = None, 0\nfor x in self.q:\n    a, b = b + x, a or 1\nself.n = a + b",
    "self.n = len([x for x, y in zip(self.q, self.q, strict=False) if x == y])",
    "x, y = 1, 3\nx, y = y, x\nself.n = 2 * x + y",
    "x, y = self.q[0], self.q[1]\nif x < y:\n    x, y = y, x\nself.n = 2 * x + y",
    "x, y = 1, 1\nfor _ in range(2):\n    x, y = x + y, x\nself.n = 2 * x + y",
    "x, y = [1], [2]\nx, y = y, x\nself.n = 2 * x[0] + y[0]",
    "x, y = 1, 2\nmatch (x, y):\n    case (y, x):\n        pass\nself.n = 2 * x + y",
    "before, now = 1, 1\nfor x in self.q:\n    before, now = now, x\nself.n = 2 * before + now",
    "x = 2\nfor _ in range(x):\n    x = x + 1\nself.n = x",
    "if self.k and self.k % 2 == 1:\n    self.n = 1",
    "require(self.q and self.k and self.f or self.k)\nself.n = 1",
    "x = self.k - 1\nwhile not (x and self.f) and x < 2:\n    x += 1\nself.n = x",
    "self.n = sum(1 for x in self.q if x and x % 2)",
    "self.n = 1 + all(x and x < 3 for x in self.q)",
    "self.n = 2 if (self.k if self.f else self.q) else 1",
    "self.n = len(self.helper())",
    "found = self.helper()\nfound.discard(True)\nself.n = len(found) + 1",
    "for x in self.q:\n    if x == 3:\n        break\nelse:\n    self.n = 1",
    "x = 0\nfor x in self.q:\n    if x == 2:\n        break\nelse:\n    self.n = 1\nself.k = x",
    "x = 0\nwhile x < 3:\n    x += 1\n    if x == 2:\n        break\nelse:\n    self.n = 9\nself.k = x",
    "x = 0\nwhile x < 3:\n    x += 1\n    for y in range(x):\n        if y == 1:\n            break\n    else:\n        continue\n    self.n += 1",
    "self.n = {1: 5, 3: 6}[self.level]",
    "self.n = {'x': 5, 'y': 6}[self.mode]",
    "self.n = {1: 5, 0: 6}[self.f]",
    "self.n = {1: 5, 0: 6}.get(self.level, 7)",
    "self.n = 5 if self.mode == 'x' else 6",
    "self.n = self.c + 1",
    "self.n = 5 if self.c < 3 else 6",
    "self.given = Given(True, y=False)\nself.n = 1 + Given(self.f).y",
    "require(self.a is not None and self.b is not None)\nself.n = self.a + self.b",
    "self.n = 1 + (self.a + (self.b or 0))",
    "require(self.b is not None)\nself.n = 1 + self.b % 2",
    "self.n = 1 + sum(x for x in (self.a, self.b) if x is not None)",
    "self.n = 1 + sum(x for x in (self.a, self.b))",
    "self.f = min(self.f, not self.f)\nself.n = 1",
    "self.f = max(x > 1 for x in self.q)\nself.n = 1",
    "self.n = 1 + min((len(self.q), 4), (5, 2))[0]",
]

REFUSED = [  # what is refused, and why
    ("self.n = 5 if [self.c] == [self.k] else 6", "a comparison of list[bool | Range(2, 3)] of at most 1 with list[Range(0, 3)] of at most 1"),
    ("self.n = 5 if self.c == self.a else 6", "a comparison of bool | Range(2, 3) with Range(0, 3) | None"),
    ("self.n = 5 if self.c in self.q else 6", "whether <bool> is in a container of Range(0, 3)"),
    ("for y in (x + 1 for x in self.q):\n    self.q[0] = 0\n    self.n += y", "a loop over something that its body may change"),
    ("for p, x in ((p, x + 1) for p, x in self.t.items()):\n    self.t[p] = 0\n    self.n += x", "a loop over something that its body may change"),
    ("for i, x in ((i, x) for i, x in enumerate(self.q) if x):\n    self.q[0] = 0\n    self.n += x", "a loop over something that its body may change"),
    ("for i, x in enumerate(self.q):\n    self.q[i] = x\n    self.q.append(1)\nself.n = 1", "a loop over something that its body may change"),
    ("q = self.q\nfor x in self.q:\n    q.append(x)\nself.n = 1", "a loop over something that its body may change"),
    ("for x in self.q:\n    self.q = [x]\nself.n = 1", "a loop over something that its body may change"),
    ("for box in self.shelf.boxes:\n    self.shelf.boxes.append(box)\nself.n = 1", "a loop over something that its body may change"),
    ("for box in self.shelf.boxes:\n    self.shelf = Shelf()\n    box.bump(1)\nself.n = 1", "a loop over something that its body may change"),
    ("for p in self.t:\n    self.t = {P0: 0, P1: self.n}\nself.n = 1", "a loop over something that its body may change"),
    ("for p in self.d:\n    self.d[p] = 2\nself.n = 1", "a loop over something that its body may change"),
    ("self.n = len(list(zip(self.q, (1, 2), strict=True)))", "this call of zip"),
    ("for x, y in zip(self.q, (1, 2, 3), strict=True):\n    self.n = 1", "this call of zip"),
    ("self.n = len(list(zip()))", "this call of zip"),
    ("self.k = min(1, self.f)", "the minimum of bools beside something else"),
    ("self.k = max(self.f, 0)", "the maximum of bools beside something else"),
    ("self.k = min([self.f, 0])", "a value that may be bool or Range(0, 0)"),
    ("self.f = max((x > 1 for x in self.q), default=0)", "the maximum of bools beside something else"),
    ("self.pair = replace(self.pair, k=True)", "replace of Pair"),
    ("self.s = frozenset({True})", "frozenset({True}) stored as set[bool]"),
    ("self.k = min(self.k, 1, default=3)", "this call of min"),
    ("self.n = len(x for x in self.q)", "the length of an iterator"),
    ("self.n = next(self.q)", "next of list[Range(0, 3)] of at most 3, which is no iterator"),
    ("self.q = list(reversed(x for x in self.q))", "reversed of an iterator"),
    ("self.n = len(list(reversed(self.s)))", "reversed of set[bool]"),
    ("self.n = self.q.index(2, 1)", "'index' with these arguments"),
    ("self.n = 1 + Computed(self.f).y", "'Computed', which has a field that is not given when it is made"),
    ("self.q.append()", "'append' with these arguments"),
    ("self.s.add(True, False)", "'add' with these arguments"),
    ("self.n = len(self.q, self.s)", "this call of len"),
    ("self.n = self.d.get()", "'get' with these arguments"),
    ("self.f = self.c | self.f", "| of bool | Range(2, 3) and bool"),
]


def spec(body: str) -> str:
    return SPEC.replace("{body}", textwrap.indent(body, "        "))


@pytest.mark.parametrize("body", COMPILED)
def test_compiled_rules_are_what_cpython_runs(body: str) -> None:
    found = compared_text(spec(body))
    assert found.kind == "agree", found


@pytest.mark.parametrize(("body", "construct"), REFUSED)
def test_what_is_something_else_in_cpython_is_left_to_it(body: str, construct: str) -> None:
    found = compared_text(spec(body))
    assert (found.kind, found.construct) == ("refused", f"{construct} is not compiled"), found
