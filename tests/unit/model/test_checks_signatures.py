"""Two members of one name, generators that are no processes, and actions that answer False."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ("x: bool = False\n@invariant\ndef p(self) -> bool: return True\n@invariant\ndef p(self) -> bool: return self.x", "p"),
        ("x: bool = False\ndef h(self) -> bool: return True\ndef h(self) -> bool: return False", "h"),
        ("x: bool = False\nx: Literal[1, 2] = 1", "x: Literal[1, 2] = 1"),
        ("x: bool = False\ny: bool = False\ndef ok(self) -> bool: return self.x\np = eventually(ok)\np = always(ok)", "p = always(ok)"),
    ],
)
def test_a_second_member_of_one_name_is_refused(members: str, expected: str, found_in: Found) -> None:
    assert found_in(members) == [f"SC207 {expected}"]


def test_the_message_names_both_lines(subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of("x: bool = False\ndef h(self) -> bool: return True\ndef h(self) -> bool: return False"))
    assert error.span is not None
    assert error.message == f"'h' of T is declared twice: a method in line {error.span.line - 1} and a method in line {error.span.line}"


def test_records_inside_the_state_are_looked_at_too(found_in: Found) -> None:
    text = """
        class Box(Record):
            n: Literal[1, 2] = 1
            def m(self) -> int: return 1
            def m(self) -> int: return 2
        class T(Spec):
            boxes: dict[P, Box] = each(Box())
    """
    assert found_in(text) == ["SC207 m"]


@pytest.mark.parametrize(
    "members",
    [
        "x: bool\nx = True\n@init\ndef start(self) -> None: self.x = False",
        "x: bool = False\n@property\ndef y(self) -> int: return 1\n@y.setter\ndef y(self, v: int) -> None: ...",
        "x: bool = False\nif True:\n    def h(self) -> int: return 1\nelse:\n    def h(self) -> int: return 2",
        "x: bool = False\nLIMIT = 1\nLIMIT = LIMIT + 1",
        "x: bool = False\ndef a(self) -> None: self.x = True\na = action(a)",
        "x: bool = False\nfrom typing import overload\n@overload\ndef h(self, v: int) -> int: ...\n@overload\ndef h(self, v: str) -> str: ...\ndef h(self, v): return v",
    ],
)
def test_what_has_one_name_on_purpose_is_free(members: str, found_in: Found) -> None:
    assert found_in(members) == []


def test_a_subclass_may_redefine_what_it_inherits(found_in: Found) -> None:
    text = """
        class Base(Spec, abstract=True):
            x: bool = False
            @action
            def a(self) -> None: self.x = True
        class T(Base):
            x: bool = True
            def a(self) -> None: self.x = False
    """
    assert found_in(text) == []


@pytest.mark.parametrize("decorator", ["action", "invariant", "terminal", "init"])
def test_a_rule_that_yields_but_is_no_process_is_refused(decorator: str, found_in: Found) -> None:
    assert found_in(f"x: bool = False\n@{decorator}\ndef a(self) -> Any:\n    yield 'label'\n    self.x = True\n")[0] == "SC208 yield 'label'"


def test_an_async_rule_is_refused(subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of("x: bool = False\n@action\nasync def a(self) -> None:\n    self.x = True\n"))
    assert error.code == "SC208" and "async" in error.message


@pytest.mark.parametrize(
    "members",
    [
        "x: bool = False\n@process\ndef a(self) -> Any:\n    yield 'label'\n    self.x = True",
        "x: bool = False\ndef each_one(self) -> Any:\n    yield 1\n@invariant\ndef p(self) -> bool:\n    return all(v for v in self.each_one())",
        "x: bool = False\n@action\ndef a(self) -> None:\n    def inner(): yield 1\n    self.x = any(inner())",
    ],
)
def test_processes_and_generators_for_iteration_are_free(members: str, found_in: Found) -> None:
    assert found_in(members) == []


def test_an_action_that_answers_false_is_refused(found_in: Found) -> None:
    assert found_in("x: bool = False\n@action\ndef a(self) -> Any:\n    if self.x:\n        return False\n    self.x = True\n") == ["SC208 return False"]


def test_an_action_that_is_called_for_its_answer_is_free(found_in: Found) -> None:
    assert found_in("x: bool = False\n@action\ndef a(self) -> bool:\n    if self.x:\n        return False\n    self.x = True\n    return True\n") == []


def test_an_action_may_return_early_and_a_method_may_return_a_value(found_in: Found) -> None:
    assert found_in("x: bool = False\ndef h(self) -> bool: return False\n@action\ndef a(self) -> None:\n    if self.h(): return\n    return None\n") == []
