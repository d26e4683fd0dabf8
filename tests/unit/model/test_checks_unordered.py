"""The order of a set that a rule builds, or that is a constant, is refused wherever it would matter."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]

SPEC = """
class T(Spec):
    s: set[P] = set()
    nums: set[Annotated[int, Range(0, 3)]] = set()
    f: frozenset[P] = frozenset()
    q: Annotated[list[int], MaxLen(9)] = []
    d: Annotated[dict[P, int], Partial] = {}
    b: Annotated[Bag[P], MaxLen(2)] = Bag()
    done: bool = False

    def built(self) -> set[int]:
        return {v for v in self.nums if v}

    @action
    def step(self, p: P) -> None:
        STATEMENT
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("for v in {1, 2}: pass", "{1, 2}"),
        ("for v in set(self.nums): pass", "set(self.nums)"),
        ("for v in self.nums | {1}: pass", "self.nums | {1}"),
        ("for v in self.s - {p}: pass", "self.s - {p}"),
        ("for v in self.nums.union([1]): pass", "self.nums.union([1])"),
        ("for v in self.f & self.f: pass", "self.f & self.f"),
        ("for v in self.built(): pass", "self.built()"),
        ("for v in NAMES: pass", "NAMES"),
        ("for v in {n for n in self.nums}: pass", "{n for n in self.nums}"),
        ("s = set(self.nums); l = list(s)", "s"),
        ("l = tuple({1, 2})", "{1, 2}"),
        ("l = [v for v in {1, 2}]", "{1, 2}"),
        ("l = [*NAMES]", "NAMES"),
        ("x = next(iter({1, 2}))", "iter({1, 2})"),
        ("x = next((v for v in self.nums | {1} if v), None)", "(v for v in self.nums | {1} if v)"),
        ("for i, v in enumerate({1, 2}): pass", "{1, 2}"),
        ("l = list(zip(self.q, NAMES))", "NAMES"),
        ("a, b = {1, 2}", "{1, 2}"),
        ("s = {1, 2}; x = s.pop()", "s"),
        ("d = {v: 1 for v in {1, 2}}\n        for k in d: pass", "d"),
        ("d = {v: 1 for v in NAMES}\n        for k, v in d.items(): pass", "d.items()"),
        ("self.q.extend({1, 2})", "{1, 2}"),
        ("self.q += {1, 2}", "{1, 2}"),
        ("x = max({1, 2}, key=lambda v: v % 2)", "{1, 2}"),
        ("x = sorted(NAMES, key=len)", "NAMES"),
        ("x = '-'.join(NAMES)", "NAMES"),
        ("l = list(map(str, {1, 2}))", "map(str, {1, 2})"),
        ("for v in copy(self.s): pass", "copy(self.s)"),
        ("for v in dict.fromkeys({1, 2}): pass", "dict.fromkeys({1, 2})"),
        ("show({1, 2})", "values"),
    ],
)
def test_a_use_of_the_order_of_an_unordered_set_is_refused(statement: str, expected: str, found_in: Found) -> None:
    text = "def show(values: Any) -> None:\n    for v in values: print(v)\n" + SPEC.replace("STATEMENT", statement)
    assert found_in(text) == [f"SC303 {expected}"]


@pytest.mark.parametrize(
    "statement",
    [
        "for v in self.s: pass",
        "for v in self.d: pass\n        for k, v in self.d.items(): pass\n        for v in self.b: pass\n        for v in self.f: pass",
        "for v in P: pass\n        for v in P if self.s else self.s: pass",
        "for v in sorted({1, 2}): pass",
        "for v in P:\n            if v in {p}: pass",
        "x = any(v for v in {1, 2}) or all(v for v in NAMES) or 1 in {1, 2}",
        "x = len({1, 2}) + sum({1, 2}) + sum(v for v in {1, 2}) + min({1, 2}) + max(v for v in {1, 2})",
        "x = choose({1, 2}); y = choose(v for v in NAMES); z = choose({v for v in self.s})",
        "x = {1, 2} <= {3} or {1} == set(self.nums); require({1, 2})",
        "s = {v + 1 for v in {1, 2}}; t = frozenset(s | {3}) & NAMES; d = {v: 1 for v in s}; x = d[1]",
        "x = sorted(v for v in {1, 2}); y = sorted([v for v in {1, 2}]); z = sorted(list({1, 2})); u = set(list({1}))",
        "x = len([v for v in NAMES]); y = sum([v for v in {1, 2}]); z = any([v for v in {1}])",
        "self.nums = {1, 2}; self.nums |= NAMES; self.nums.update({1, 2}); self.nums = set(self.built())",
        "for v in list(self.s): pass\n        for v in tuple(self.nums): pass\n        l = [v for v in self.s]",
        "s = set(self.nums); s = sorted(s)\n        for v in s: pass",
        "for v in unknown(): pass\n        l = list(unknown())",
        "for v in {p}: pass",  # one element has one order
        "for k in {v: 1 for v in self.s}: pass\n        for k in {1: 1, 2: 2}: pass",
        "self.s.pop(); x = self.s; x.pop()",
        "for v in copy(self.q): pass\n        for v in dict(self.d): pass",
        "x = list(map(str, self.s)); y = list(reversed(self.q)); z = [*self.s, *P]; u = {*NAMES, *{1}}",
        "for q in subsets(self.s): pass",
        "x = max(self.s, key=id); y = sorted(self.q, key=lambda v: -v)",
        "x = set().union(v for v in {1, 2}); y = {1}.issubset([v for v in {1, 2}])",
        "show({1, 2})",
    ],
)
def test_ordered_collections_and_order_independent_uses_are_free(statement: str, found_in: Found) -> None:
    text = "import json\ndef unknown() -> Any:\n    return json.loads('[]')\ndef show(values: Any) -> None:\n    print(len(values))\n"
    assert found_in(text + SPEC.replace("STATEMENT", statement)) == []


def test_the_remedy_depends_on_whether_the_elements_have_an_order(subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(SPEC.replace("STATEMENT", "for v in self.s | {p}: pass")))
    assert error.remedy == "Iterate over the sort: for x in P if x in self.s | {p}."
    (error,) = problems(subject_of(SPEC.replace("STATEMENT", "for v in {1, 2}: pass")))
    assert error.remedy.startswith("Iterate over sorted({1, 2})")


def test_a_set_that_a_parameter_only_claims_to_be_may_be_one_of_the_state(found_in: Found) -> None:
    text = "def show(values: set[P]) -> None:\n    for v in values: print(v)\n" + SPEC.replace("STATEMENT", "show(self.s)")
    assert found_in(text) == []
