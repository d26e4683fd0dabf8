"""A mutable part has one owner: storing it a second time is refused where that is certain."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]

SPEC = """
class T(Spec):
    s: set[P] = set()
    t: set[P] = set()
    q: Annotated[list[int], MaxLen(3)] = []
    r: Annotated[list[int], MaxLen(3)] = []
    d: dict[P, set[P]] = each(set())
    e: Annotated[dict[P, set[P]], Partial] = {}
    nodes: dict[P, Node] = each(Node())
    pool: Annotated[list[Node], MaxLen(3)] = []
    best: Node | None = None
    spare: Node | None = None
    n: Annotated[int, Range(0, 9)] = 0
    name: Literal["a", "b"] = "a"
    f: frozenset[P] = frozenset()
    pair: tuple[P, P] = anything()

    @action
    def step(self, i: P, j: P, flag: bool) -> None:
        STATEMENT
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.t = self.s", "self.s"),
        ("x = self.s; self.t = x", "x"),
        ("self.t = self.s if flag else set()", "self.s"),
        ("self.t = self.s or set()", "self.s"),
        ("self.t = (x := self.s)", "self.s"),
        ("self.s, self.t = self.t, self.s", "self.t"),
        ("self.d[i] = self.d[j]", "self.d[j]"),
        ("self.d[i] = self.s", "self.s"),
        ("self.t = self.d[i]", "self.d[i]"),
        ("self.nodes[i] = self.nodes[j]", "self.nodes[j]"),
        ("n = self.nodes[i]; self.pool.append(n)", "n"),
        ("self.pool.insert(0, self.nodes[i])", "self.nodes[i]"),
        ("self.pool.extend(self.nodes.values())", "self.nodes.values()"),
        ("self.pool += [self.nodes[i]]", "self.nodes[i]"),
        ("self.pool = [self.nodes[i]]", "self.nodes[i]"),
        ("self.pool = [n for n in self.nodes.values()]", "n"),
        ("self.pool = list(self.nodes.values())", "list(self.nodes.values())"),
        ("self.d = {p: self.s for p in P}", "self.s"),
        ("self.d = {i: self.s, j: set()}", "self.s"),
        ("self.e.setdefault(i, self.s)", "self.s"),
        ("self.e.update({i: self.s})", "self.s"),
        ("self.nodes[i].votes = self.nodes[j].votes", "self.nodes[j].votes"),
        ("self.nodes[i].votes = self.s", "self.s"),
        ("self.nodes[i] = Node(votes=self.s)", "self.s"),
        ("n = Node(); n.votes = self.s; self.nodes[i] = n", "self.s"),
        ("self.best = self.nodes[i]", "self.nodes[i]"),
        ("self.best = self.spare", "self.spare"),
        ("for n in self.nodes.values(): self.best = n", "n"),
        ("self.store(self.nodes[i])", "n"),
    ],
)
def test_storing_a_part_a_second_time_is_refused(statement: str, expected: str, found_in: Found) -> None:
    text = SPEC.replace("STATEMENT", statement) + "\n    def store(self, n: Node) -> None:\n        self.best = n\n"
    assert f"SC302 {expected}" in found_in(text)


@pytest.mark.parametrize(
    "statement",
    [
        "self.s = self.s",
        "self.s |= self.t; self.s -= {i}; self.q += self.r; self.q += [1]",
        "self.t = set(self.s); self.q = list(self.r); self.d[i] = set(self.d[j])",
        "self.t = copy(self.s); self.best = copy(self.nodes[i]); self.nodes[i] = copy(self.nodes[j])",
        "self.t = self.s | {i}; self.t = self.s.copy(); self.q = self.q[1:]; self.q = self.q + self.r",
        "self.n = self.nodes[i].term; self.name = self.name; self.f = frozenset(self.s); self.pair = self.pair",
        "n = self.nodes[i]; self.nodes[i] = n; n.term = 1",
        "self.d[i] = self.d[i]",
        "for i, n in self.nodes.items(): self.nodes[i] = n",
        "self.pool = [n for n in self.pool if n.term]",  # which of them stay where they are is not certain
        "self.best = self.pool.pop(); self.t = self.e.pop(i)",
        "x = self.e[i]; self.e.pop(i); self.t = x",  # pop moves ownership to the local
        "x = self.pool[0]; self.pool.pop(0); self.best = x",
        "x = self.s; x = set(); self.t = x",
        "x = {i}; self.t = x",
        "self.d = {p: set(self.s) for p in P}; self.pool = [copy(n) for n in self.nodes.values()]",
        "self.q.append(len(self.s)); self.s.add(i); self.q.extend(self.r)",
        "self.t = LEVELS and set()",
        "k = choose(P); self.nodes[i] = self.nodes[k]",  # perhaps the same node
        "self.q = list(LEVELS)",
        "x = [self.s]; self.n = len(x)",
        "self.n = len([n for n in self.nodes.values()]); self.pool = []",
        "self.best = None if flag else Node()",
        "m = dict(self.d); self.n = len(m[i])",
        "self.e = {p: set(v) for p, v in self.d.items()}",
    ],
)
def test_copies_fresh_values_and_immutable_ones_are_free(statement: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == []


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("self.t = self.s", "Write a copy: set(self.s)."),
        ("self.q = self.r", "Write a copy: list(self.r)."),
        ("self.nodes[i] = self.nodes[j]", "Write a copy, which is deep: copy(self.nodes[j])."),
    ],
)
def test_the_remedy_is_the_copy_to_write(statement: str, remedy: str, subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(SPEC.replace("STATEMENT", statement)))
    assert error.remedy == remedy


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("l = []; self.q = l; l.append(1)", "l.append(1)"),
        ("l = [1]; self.q = l; l[0] = 2", "l[0]"),
        ("s = {i}; self.s = s; s.discard(j)", "s.discard(j)"),
        ("s = set(self.t); self.d[i] = s; s.add(j)", "s.add(j)"),
        ("n = Node(); self.nodes[i] = n; n.term = 1", "n.term"),
        ("n = Node(); self.pool.append(n); n.term = 1", "n.term"),
        ("s = {i}; self.s = s; self.t = s", "s"),
        ("self.s = self.t = set()", "set()"),
        ("l = []; self.q = l\n        if flag:\n            l.append(1)", "l.append(1)"),
        ("for p in P:\n            s = {p}\n            self.d[p] = s\n            s.add(i)", "s.add(i)"),
    ],
)
def test_a_fresh_value_that_was_stored_is_neither_changed_nor_stored_again(statement: str, expected: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == [f"SC302 {expected}"]


@pytest.mark.parametrize(
    "statement",
    [
        "l = []; l.append(1); self.q = l",
        "l = [1]; self.q = l; self.n = l[0]; require(1 in l)",
        "l = [1]; self.q = list(l); l.append(2)",
        "l = []; self.q = l; l = []; l.append(1)",
        "l = [1]\n        if flag:\n            self.q = l\n        else:\n            l.append(2)",
        "l = [1]; self.f = frozenset(l); l.append(2)",
        "n = Node(); n.term = 1; self.nodes[i] = n; self.nodes[i].term = 2",
        "self.n = x = 3; x += 1",
        "l = LEVELS; self.q = l; self.r = l",  # a constant is copied when it is stored
    ],
)
def test_a_fresh_value_may_be_completed_before_and_read_after_it_is_stored(statement: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == []


def test_mappings_and_properties_may_share_parts(found_in: Found) -> None:
    assert (
        found_in("""
            class Abstract(Spec, abstract=True):
                s: set[P] = set()
                t: set[P] = set()
            class T(Spec):
                s: set[P] = set()
                @refines(Abstract)
                def mapped(self) -> Abstract:
                    return Abstract(s=self.s, t=self.s)
                @invariant
                def ok(self) -> bool:
                    seen = [self.s, self.s]
                    return len(seen) == 2
        """)
        == []
    )


@pytest.mark.parametrize("statement", ["self.f = self.s", "self.n = self.s", "self.best = self.s"])
def test_a_value_of_another_shape_is_left_to_the_domain(statement: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == []
