"""The checks together: the table of them, one report for each place, and what they leave behind."""

import gc
import importlib
import pkgutil
import sys
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from speccheck.model import checks
from speccheck.model.checks import CHECKS, problems
from speccheck.model.checks.comparisons import impossible_comparisons
from speccheck.model.checks.subject import Subject, uses_of
from speccheck.model.checks.symmetry import asymmetries

Found = Callable[[str], list[str]]


def test_every_module_with_problems_is_in_the_table() -> None:
    modules = [importlib.import_module(f"speccheck.model.checks.{name}") for _, name, _ in pkgutil.iter_modules(checks.__path__)]
    assert {module.problems for module in modules if hasattr(module, "problems")} == set(CHECKS.values())
    assert all(check.__module__.endswith(f".{name}") for name, check in CHECKS.items())


def test_all_problems_of_a_spec_come_at_once_each_place_once(found_in: Found) -> None:
    assert found_in("""
        x: bool = False
        s: set[P] = set()
        t: set[P] = set()
        def work(self) -> None:
            self.y = 1
            self.t = self.s
        @action
        def a(self, p: P) -> None:
            self.work()
            LEVELS.append(p.index)
        @action
        def b(self) -> None:
            self.work()
            for v in {1, 2}: self.x = v == 1
        @invariant
        def q(self) -> bool:
            self.x = True
            return self.s
    """) == ["SC205 self.y", "SC302 self.s", "SC311 LEVELS.append(p.index)", "SC309 p.index", "SC303 {1, 2}", "SC301 self.x", "SC304 self.s"]


def test_every_problem_has_a_place_a_remedy_and_a_sentence(subject_of: Callable[[str], Subject]) -> None:
    found = problems(subject_of("x: bool = False\n@action\ndef a(self) -> None:\n    self.y = random.random()\n    self.x = choose(P) < choose(P)\n"))
    assert len(found) == 3
    assert all(error.span and error.span.line and error.span.column and error.remedy and error.message for error in found)


def test_functions_of_libraries_are_not_looked_into(subject_of: Callable[[str], Subject]) -> None:
    subject = subject_of(
        "import textwrap, copy as other\nclass T(Spec):\n    x: bool = False\n    @action\n    def a(self) -> None:\n        textwrap.dedent('x')\n"
    )
    assert [use.body.tree.name for use in uses_of(subject)] == ["a"]


def test_methods_are_taken_from_the_class_that_is_checked(found_in: Found) -> None:
    text = """
        class Base(Spec, abstract=True):
            x: bool = False
            def h(self) -> bool: return self.x
            @invariant
            def p(self) -> bool: return self.h()
        class Middle(Base, abstract=True):
            def h(self) -> bool:
                self.x = True
                return super().h()
        class T(Middle):
            def h(self) -> bool: return BODY
    """
    assert found_in(text.replace("BODY", "self.x")) == []
    assert found_in(text.replace("BODY", "super().h()")) == ["SC301 self.x"]


def test_a_spec_without_source_has_no_problems_that_could_be_seen() -> None:
    scope: dict[str, Any] = {"__name__": "nowhere"}
    exec("from speccheck import Spec, action\nclass T(Spec):\n    x: bool = False\n    @action\n    def a(self): self.y = 1\n", scope)
    from speccheck.domains.records import domains_of
    from speccheck.dsl.rules import mark_of
    from speccheck.model.checks.subject import CheckedRule
    from speccheck.source import Span

    mark = mark_of(scope["T"].a)
    assert mark is not None
    subject = Subject(scope["T"], domains_of(scope["T"]), (CheckedRule("a", "action", mark.function, {}, Span("<string>", 5)),))
    assert problems(subject) == [] and impossible_comparisons(subject) == []


@pytest.mark.parametrize("symmetric", [False, True])
def test_no_module_is_kept_alive(symmetric: bool, module_of: Callable[[str], ModuleType], subject_of: Callable[[str], Subject]) -> None:
    def check() -> weakref.ref[Any]:
        subject = subject_of(
            "x: Color = Color.RED\nm: set[Ask] = set()\nd: dict[S, bool] = each(False)\n@action\ndef a(self, s: S) -> None:\n    self.d[s] = True\n"
        )
        problems(subject)
        impossible_comparisons(subject)
        if symmetric:
            asymmetries(subject, [type(next(iter(subject.domains["d"].key_domain)))])  # type: ignore[attr-defined]
        cls = weakref.ref(subject.spec)
        sys.modules[subject.spec.__module__] = ModuleType("gone")
        return cls

    found = check()
    gc.collect()
    assert found() is None
