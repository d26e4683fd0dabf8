"""Formulas used as values, and values used as formulas, are refused."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]

SPEC = """
class T(Spec):
    x: bool = False
    waiting: dict[P, bool] = each(False)

    @action
    def go(self, c: P) -> None:
        self.waiting[c] = True

    def ok(self) -> bool:
        return self.x

    def served(self, c: P) -> bool:
        return not self.waiting[c]

    def inner(self) -> Formula:
        return always(self.ok)

    always_ok = always(ok)

    @temporal
    def rule(self, c: P) -> Formula:
        BODY
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return always(self.ok) and eventually(self.ok)", "always(self.ok) and eventually(self.ok)"),
        ("return self.inner() or always(self.ok)", "self.inner() or always(self.ok)"),
        ("return not always(self.ok)", "not always(self.ok)"),
        ("f = always(self.ok)\n        if f: return f\n        return negate(f)", "f"),
        ("f = always(self.ok)\n        return negate(f) if f == 1 else f", "f == 1"),
        ("return eventually(self.ok())", "self.ok()"),
        ("return leads_to(self.ok, self.served(c))", "self.served(c)"),
        ("return always(self.waiting[c])", "self.waiting"),
        ("return always(self.x is True)", "self.x"),
        ("return always(lambda: self.x) if self.x else negate(self.ok)", "self.x"),
        ("x = self.always_ok and self.inner()\n        return x", "self.always_ok and self.inner()"),
    ],
)
def test_a_formula_is_no_value_and_a_value_is_no_formula(body: str, expected: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("BODY", body)) == [f"SC313 {expected}"]


@pytest.mark.parametrize(
    "body",
    [
        "return leads_to(lambda: self.waiting[c] and not self.x, lambda: not self.waiting[c])",
        "return all_of(always(self.ok), eventually(self.ok), negate(self.inner()), any_of(lambda: self.served(c)))",
        "return always(enabled(self.go, c))",
        "return implies(self.ok, eventually(occurs(self.go, c)))",
        "f = always(self.ok) if len(P) > 1 else eventually(self.ok)\n        return f",
        "def waits():\n            return self.waiting[c]\n        return eventually(waits)",
        "return always(self.always_ok)",
        "return self.inner()",
    ],
)
def test_formulas_over_predicates_closures_and_atoms_are_free(body: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("BODY", body)) == []


@pytest.mark.parametrize(
    ("argument", "remedy"),
    [("self.ok()", "Give the predicate itself: self.ok, without the call."), ("self.served(c)", "Give the predicate itself: lambda: self.served(c).")],
)
def test_the_remedy_for_a_called_predicate_is_the_predicate(argument: str, remedy: str, subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(SPEC.replace("BODY", f"return eventually({argument})")))
    assert error.remedy == remedy
