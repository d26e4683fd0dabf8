"""Mutable values with two names: natively they are what they are in CPython, or the rule is not compiled."""

import textwrap

import pytest

from tests.agreement.native_agreement import compared_text, construct_of

SPEC = """
from typing import Annotated
from speccheck import MaxLen, Record, Spec, action, copy, each, invariant, require

class R(Record):
    q: Annotated[list[int], MaxLen(3)] = []
    s: set[bool] = set()

class S(Spec, deadlock=False):
    q: Annotated[list[int], MaxLen(3)] = [1]
    m: dict[bool, Annotated[list[int], MaxLen(3)]] = each([])
    r: R = R()
    rs: Annotated[list[R], MaxLen(3)] = []
    qs: Annotated[list[Annotated[list[int], MaxLen(3)]], MaxLen(3)] = [[1], [2]]
    n: int = 0

    def made(self) -> list[int]:
        c = [1]
        c.append(2)
        return c

    def same(self, c: list[int]) -> list[int]:
        return c

    def grown(self, c: list[int]) -> list[int]:
        c.append(3)
        return c

    def kept(self) -> list[int]:
        c = [1]
        self.q = c
        return c

    def wrapped(self) -> list[list[int]]:
        c = [1]
        d = [c]
        return d

    def two(self, c: list[int], d: list[int]) -> None:
        c[0] = 5
        d[0] = c[0] + d[0]

    def logs(self) -> list[list[int]]:
        return [self.m[b] for b in (False, True)]

    def link(self, a: list[list[int]], c: list[int]) -> None:
        a.append(c)

    def picked(self, a: list[int], b: list[int]) -> list[int]:
        if self.n == 0:
            return a
        return b

    def both(self, c: list[int]) -> R:
        return R(q=c)

    @action
    def a(self) -> None:
        require(self.n == 0)
{body}

    @invariant
    def i(self) -> bool:
        return self.n == 0
"""

REFUSED = [
    "c = [1]; r = R(q=c); c.append(2); self.r = r; self.n = len(r.q)",
    "c = [1]; d = [c]; c.append(2); self.n = len(d[0])",
    "c = [1]; d = {True: c}; c.append(2); self.n = len(d[True])",
    "c = [1]; d = [c, c]; d[0].append(2); self.n = len(d[1])",
    "c = [1]; d = [c for _ in range(2)]; d[0].append(2); self.n = len(d[1])",
    "a = [[1], [2]]; b = a[:1]; b[0].append(3); self.n = len(a[0])",
    "a = [[1], [2]]; b = a + [[3]]; b[0].append(3); self.n = len(a[0])",
    "a = {1: [1]}; b = dict(a); b[1].append(3); self.n = len(a[1])",
    "a = R(q=[1]); b = a; b.q.append(3); self.n = len(a.q)",
    "a = R(q=[1]); b = a.q; b.append(3); self.n = len(a.q)",
    "c = [1]; x = self.same(c); x.append(3); self.n = len(c)",
    "c = [1]; x = self.grown(c); x.append(3); self.n = len(c)",
    "x = self.kept(); x.append(3); self.n = len(x)",
    "c = [1]; x = self.both(c); x.q.append(3); self.n = len(c)",
    "c = [1]; x = self.both(c); c.append(3); self.n = len(x.q)",
    "a = [[1], [2]]; b = a if self.n == 0 else [[3]]; b[0].append(3); self.n = len(a[0])",
    "a = [1]; b = a or [2]; b.append(3); self.n = len(a)",
    "a = [[1], [2]]; (x, y) = a; x.append(3); self.n = len(a[0])",
    "a = [1]; x, y = a, a; x.append(3); self.n = len(y)",
    "c = [1]; self.rs = [R(q=c), R(q=c)]; self.rs[0].q.append(2); self.n = len(self.rs[1].q)",
    "c = [1]; self.qs = [c, c]; self.n = 1",
    "d = self.qs[:1]; d[0].append(2); self.n = len(self.qs[0])",
    "d = dict(self.m); d[True].append(2); self.n = len(self.m[True])",
    "d = [x for x in self.qs]; d[0].append(2); self.n = len(self.qs[0])",
    "d = self.qs + [[1]]; d[0].append(2); self.n = len(self.qs[0])",
    "d = {True: self.q}; d[True].append(2); self.n = len(self.q)",
    "a = [[1], [2]]; a.append(a[0]); a[0].append(3); self.n = len(a[2])",
    "a = [[1], [2]]; self.qs = a[:1]; a[0].append(2); self.n = 1",
    "x = self.made(); self.q = x; x.append(4); self.n = len(x)",
    "x = self.made(); y = x; y.append(4); self.n = len(x)",
    "a = R(q=[1])\nmatch a:\n    case R(q=b):\n        b.append(4)\nself.n = len(a.q)",
    "c = [1]\nfor b in (False, True):\n    self.m[b] = c\nself.n = 1",
    "self.qs = self.qs[1:]; self.n = 1",
    "self.qs = [self.qs[1], self.qs[0]]; self.n = 1",
    "d = [self.q, [4]]; self.q.append(3); self.n = len(d[0])",
    "a = [1]; b = (a, 1); a = [5, 6]; self.n = len(b[0])",
    "a = b = self.made(); a[0] = 5; self.n = b[0]",
    "a = [1]; self.two(a, a); self.n = a[0]",
    "a = [1]; b = a or [2]; b[0] = 7; self.n = a[0]",
    "a = [[1], [2]]; b = a[:1]; b[0][0] = 7; self.n = a[0][0]",
    "d = {b: self.m[b] for b in (False, True)}; self.m[True].append(1); self.n = len(d[True])",
    "d = self.logs(); d[0].append(1); self.n = len(self.m[False])",
    "d = self.logs(); self.m[False].append(1); self.n = len(d[0])",
    "a = [1]; b = [2]; a, b = b, a; a[0] = 7; self.n = a[0] + b[0]",
    "best = [1]\nfor k in range(3):\n    new = [k, k]\n    best = new\n    new[0] = 9\nself.n = best[0]",
    "c = R(q=[1]); self.rs.append(c); c.q.append(3); self.n = 1",
    "a = [1]\nd = {}\nfor k in (1, 2):\n    d[k] = a\nd[1][0] = 7\nself.n = d[2][0]",
    "c = [5]; a = [[0]]; self.link(a, c); a[1][0] = 6; self.n = c[0]",
    "a = [1]; b = self.same(a); b[0] = 6; self.n = a[0]",
    "a = [1]; b = self.picked(a, [2]); b[0] = 6; self.n = a[0]",
    "c = [1]\nfor k in (1, 2):\n    self.qs.append(c)\nself.n = 1",
    "c = self.q; d = [c, [5]]; c[0] = 9; self.n = d[0][0]",
    "c = self.q if self.n == 0 else [4]; c[0] = 9; self.n = self.q[0] + c[0]",
    "c = max(self.q, [0]); c[0] = 9; self.n = self.q[0]",
]

COMPILED = [
    "a = [[1], [2]]; b = copy(a); b[0].append(3); self.n = len(a[0])",
    "a = R(q=[1]); b = copy(a); b.q.append(3); self.n = len(a.q)",
    "x = self.made(); x.append(3); self.n = len(x)",
    "c = [1]; self.q = c; self.n = len(c)",
    "d = copy(self.qs); d[0].append(2); self.n = len(d[0]) + len(self.qs[0])",
    "a = [[1], [2]]; self.qs = a; self.n = 1",
    "a = [[1], [2]]; self.qs = a[:1]; self.n = len(a[0])",
    "a = [[1], [2]]; a[0].append(5); self.qs = a[:1]; self.n = len(a[0])",
    "x = self.made(); self.q = x; self.n = len(x)",
    "a = [1]; b = (a, 1); a.append(3); self.n = len(b[0])",
    "a = [[1], [2]]; b = a[:1]; self.n = b[0][0]",
    "a = [1]; a = a or [2]; a[0] = 7; self.n = a[0]",
    "x = self.made(); x[0] = 7; self.n = x[0]",
    "c = [1]; self.q = c; self.q.append(2); self.n = len(self.q) + len(c)",
    "d = {b: self.m[b] for b in (False, True)}; self.n = len(d[True])",
    "d = self.logs(); self.n = len(d[0])",
    "c = [1]\nif self.n == 0:\n    self.q = c\nelse:\n    self.r = R(q=c)\nself.n = 1",
    "best = [1]\nfor k in range(3):\n    new = [k, k]\n    if len(new) > len(best):\n        best = new\nself.n = len(best)",
    "c = R(q=[1]); c.q.append(2); self.rs = [c]; self.n = 1",
    "c = R(q=[1]); self.rs.append(c); self.rs[0].q.append(3); self.n = 1",
    "c = R(); c.s.add(True); self.r = c; self.n = 1",
    "a = {True}; b = set(a); b.add(False); self.n = len(a)",
    "a = {True}; b = a; self.n = len(b)",
    "a = {True}; b = a | {False}; b.discard(True); self.n = len(a)",
    "a = [[0]]; self.link(a, [5]); a[1][0] = 6; self.n = a[1][0]",
    "a = [1]; b = self.picked(a, [2]); self.n = b[0]",
    "a = [3]; t = (a, [4]); t[0][0] = 5; self.n = a[0]",
    "c = copy(self.q); c[0] = 9; self.n = self.q[0] + c[0]",
    "c = list(self.q); c[0] = 9; self.q = c; self.n = self.q[0]",
    "c = self.q[:]; c[0] = 9; self.n = self.q[0] + c[0]",
    "c = self.q + []; c[0] = 9; self.n = self.q[0] + c[0]",
    "c = [x for x in self.rs if x.q]; self.n = len(c) + 1",
    "c = [x.q for x in self.rs]; self.n = len(c) + 1",
]

SHARED = {
    "a change of a mutable value that has another name, too",
    "a mutable value that is passed twice",
    "a mutable value that is stored a second time",
    "a part of the state that is stored in a second place",
    "a tuple with the value of '...', which gets another one elsewhere",
    "'...', which may be changed after it was stored",
}


def spec(body: str) -> str:
    return SPEC.replace("{body}", textwrap.indent(body, "        "))


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_changed_under_one_of_two_names_is_left_to_cpython(body: str) -> None:
    found = compared_text(spec(body))
    assert (found.kind, construct_of(found.construct) in SHARED) == ("refused", True), found


@pytest.mark.parametrize("body", COMPILED)
def test_what_has_one_name_or_is_not_changed_is_compiled(body: str) -> None:
    assert compared_text(spec(body)).kind == "agree"
