"""Comparisons that can never be true by their domains are found, and no others."""

from collections.abc import Callable

import pytest

from speccheck.model.checks.comparisons import impossible_comparisons
from speccheck.model.checks.subject import Subject
from speccheck.source import Span

SPEC = """
from typing import assert_never
LIMIT = 20
MODE = "fast"

class Point(NamedTuple):
    x: Literal[0, 1]
    y: Literal[0, 1]

class T(Spec):
    pc: dict[P, Literal["idle", "critical"]] = each("idle")
    n: Annotated[int, Range(0, 9)] = 0
    holder: P | None = None
    owner: P = anything()
    color: Color = Color.RED
    s: set[P] = set()
    words: set[Literal["x", "y"]] = set()
    q: Annotated[list[int], MaxLen(3)] = []
    pair: tuple[Literal["a", "b"], bool] = ("a", False)
    at: Point = Point(0, 1)
    msgs: set[Ask | Answer | Literal["stop"]] = set()
    nodes: dict[P, Node] = each(Node())
    flag: bool = False

    def is_at(self, p: P, where: Literal["idle", "critical"]) -> bool:
        return self.pc[p] == where

    @action
    def step(self, p: P, r: R) -> None:
        STATEMENT
"""

Found = Callable[[str], list[str]]


@pytest.fixture
def impossible_in(subject_of: Callable[[str], Subject], text_of: Callable[[Span], str]) -> Found:
    return lambda statement: [text_of(span) for span, _ in impossible_comparisons(subject_of(SPEC.replace("STATEMENT", statement)))]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("require(self.pc[p] == 'cirtical')", "self.pc[p] == 'cirtical'"),
        ("require('cirtical' == self.pc[p])", "'cirtical' == self.pc[p]"),
        ("require(self.pc[p] != 'cirtical')", "self.pc[p] != 'cirtical'"),
        ("require(self.pc[p] in ('idle', 'cirtical'))", "'cirtical'"),
        ("require(self.pc[p] not in ('idle', 'cirtical'))", "'cirtical'"),
        ("require('cirtical' in self.pc.values())", "'cirtical' in self.pc.values()"),
        ("require(any(pc == 'cirtical' for pc in self.pc.values()))", "pc == 'cirtical'"),
        ("require(self.n == 10)", "self.n == 10"),
        ("require(self.n == LIMIT)", "self.n == LIMIT"),
        ("require(self.n in (10, 11))", "self.n in (10, 11)"),
        ("require(self.owner is None)", "self.owner is None"),
        ("require(self.holder == r)", "self.holder == r"),
        ("require(r in self.s)", "r in self.s"),
        ("require(p in R)", "p in R"),
        ("require(self.color == 'red')", "self.color == 'red'"),
        ("require('z' in self.words)", "'z' in self.words"),
        ("require('z' not in self.words)", "'z' not in self.words"),
        ("require(self.q == ())", "self.q == ()"),
        ("require(self.s == {})", "self.s == {}"),
        ("require(self.pair == ('c', True))", "self.pair == ('c', True)"),
        ("require(self.pair[0] == 'c')", "self.pair[0] == 'c'"),
        ("require(self.at.x == 2)", "self.at.x == 2"),
        ("require(0 <= self.n == 10)", "0 <= self.n == 10"),
        ("m = choose(self.msgs); require(m == 'stopp')", "m == 'stopp'"),
        ("m = choose(self.msgs); require(m == p)", "m == p"),
        ("n = self.nodes[p]; require(n.term == 6)", "n.term == 6"),
        ("match self.pc[p]:\n            case 'idel': pass", "'idel'"),
        ("match self.pc[p]:\n            case 'idle' | 'idel': pass", "'idel'"),
        ("match (self.pc[p], self.flag):\n            case ('idel', _): pass", "'idel'"),
        ("match self.holder:\n            case R(): pass", "R()"),
        ("match choose(self.msgs):\n            case Answer(word='maybe'): pass", "'maybe'"),
        ("match choose(self.msgs):\n            case Answer(wort='yes'): pass", "Answer(wort='yes')"),
        ("match choose(self.msgs):\n            case Answer(_, 'maybe'): pass", "'maybe'"),
        ("match self.flag:\n            case None: pass", "None"),
        ("require(self.kind('a'))", "kind == 'c'"),
    ],
)
def test_a_comparison_of_values_that_have_nothing_in_common_is_found(statement: str, expected: str, impossible_in: Found) -> None:
    method = "\n\n    def kind(self, kind: Literal['a', 'b']) -> bool:\n        return kind == 'c'\n"
    assert impossible_in(statement + method) == [expected]


@pytest.mark.parametrize(
    "statement",
    [
        "require(self.pc[p] == 'critical' and self.pc[p] in ('idle', 'critical') and self.pc[p] != 'idle')",
        "require(self.n == 9 and self.n != 10 and self.n + 1 == 10 and self.n in (9, 10))",
        "require(self.holder is None or self.holder == p or self.holder in (None, p))",
        "require(self.owner is not None and self.owner != None)",
        "require(self.color == Color.RED and self.color is Color.BLUE)",
        "require(self.q == [] and self.s == set() and self.s == frozenset() and self.pair == ('a', True))",
        "require(self.s == self.nodes.keys() and self.nodes.keys() == {p})",
        "require(MODE == 'slow' or LIMIT == 3)",  # a variant of the spec that is switched off
        "require(self.is_at(p, 'idle'))",
        "x = None\n        for m in self.msgs: x = m\n        require(x == 'stop' or x is None)",
        "x = unknown(p); require(x == 'whatever' or x is None or 'y' in x)",
        "l = [1]; l.append('a'); require('a' in l or l[0] == 'a')",
        "l = []; add(l, 'a'); require('a' in l)",
        "d = {1: 'a'}; d[2] = 'b'; require('b' in d.values())",
        "require('a' in 'abc' and self.flag == 1 and self.flag == True)",
        "m = choose(self.msgs)\n        if m == 'stop': pass\n        elif isinstance(m, Ask): require(m.level == 3)\n        else: require(m.word == 'yes')",
        "match choose(self.msgs):\n            case 'stop': pass\n            case Ask(who=w, level=3): require(w == p)\n            case Answer(word='yes' | 'no'): pass\n            case _: pass",
        "match self.pc[p], self.n:\n            case 'idle', 9: pass\n            case x, y: require(x == 'idle')",
        "match unknown(p):\n            case 'x' | None: pass\n            case Ask(): pass",
        "require(self.at == (0, 1) and self.at == Point(1, 1))",
        "require([p] == [q for q in P] and [] == list(self.s) and (p, 1) == (p, self.n))",
        "require(self.loud('b') or self.loud('a'))",
        "require(self.default(p))",
        "i = 0\n        while i != 5: i += 1\n        require(i == 5)",
        "require(sum(q == p for q in P) == 1 and len(self.s) == 7)",
        "require(not {'idle', 'nothing'} <= set(self.pc.values()))",
        "require(Ask(p, 7).level == 7)",  # fields of what a rule builds are not checked
        "x = replace(choose(m for m in self.msgs if isinstance(m, Ask)), level=9); require(x.level == 9)",
    ],
)
def test_a_comparison_that_may_be_true_is_not_found(statement: str, impossible_in: Found) -> None:
    methods = """

    def loud(self, kind: Literal['a', 'b']) -> bool:
        return kind == 'a' or (kind == 'b' and self.flag)

    def default(self, p: P, other: P | None = None, strict: bool = False) -> bool:
        return other is None or other == p or strict == True
"""
    assert (
        impossible_in("import json\n        def add(l, x): l.append(x)\n        def unknown(x): return json.loads(str(x))\n        " + statement + methods)
        == []
    )


def test_the_message_says_why_and_guesses(subject_of: Callable[[str], Subject]) -> None:
    ((_, message),) = impossible_comparisons(subject_of(SPEC.replace("STATEMENT", "require(self.pc[p] == 'cirtical')")))
    assert message == "`self.pc[p] == 'cirtical'` can never be true: `self.pc[p]` is Literal['idle', 'critical']. Did you mean 'critical'?"


def test_a_method_that_several_rules_call_is_reported_once(subject_of: Callable[[str], Subject]) -> None:
    text = """
        x: Literal["a", "b"] = "a"
        def h(self) -> bool: return self.x == "c"
        @invariant
        def p(self) -> bool: return self.h()
        @invariant
        def q(self) -> bool: return self.h()
    """
    assert len(impossible_comparisons(subject_of(text))) == 1
