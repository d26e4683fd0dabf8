"""A sort that is not ordered is used as a set of opaque values only."""

from collections.abc import Callable

import pytest

Found = Callable[[str], list[str]]

SPEC = """
class T(Spec):
    s: set[P] = set()
    t: set[R] = set()
    holder: P | None = None
    pair: tuple[P, R] = anything()
    q: Annotated[list[P], MaxLen(3)] = []
    n: Annotated[int, Range(0, 9)] = 0
    msgs: set[Ask] = set()

    @action
    def step(self, p: P, o: P, r: R) -> None:
        STATEMENT
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.n = p.index", "p.index"),
        ("o = p.next()", "p.next"),
        ("self.holder = P[0]", "P[0]"),
        ("require(p < o)", "p < o"),
        ("require(all(m.who >= p for m in self.msgs))", "m.who >= p"),
        ("x = sorted(self.s)", "sorted(self.s)"),
        ("x = min(self.s)", "min(self.s)"),
        ("x = max(p, o)", "max(p, o)"),
        ("x = self.pair[0].index", "self.pair[0].index"),
        ("x = [q.index for q in P]", "q.index"),
        ("x = choose(self.q).index", "choose(self.q).index"),
    ],
)
def test_an_unordered_sort_has_no_order_and_no_numbers(statement: str, expected: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == [f"SC309 {expected}"]


@pytest.mark.parametrize(
    "statement",
    [
        "self.n = r.index; x = r.next(); y = R[0]; require(r < R[1]); z = sorted(self.t); u = min(R)",
        "self.n = self.q.index(p); x = self.q[0]; y = list(P)",
        "require(p == o or p != o or p in self.s or self.s < set(P))",
        "x = max(self.s, key=len); y = sorted(self.q, key=str)",
        "x = self.pair[1].index; y = max(1, 2); z = sorted([3, 1])",
    ],
)
def test_ordered_sorts_and_other_uses_are_free(statement: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == []
