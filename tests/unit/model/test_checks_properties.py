"""Predicates that certainly return no bool are refused."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]

SPEC = """
class T(Spec):
    x: bool = False
    n: Annotated[int, Range(0, 9)] = 0
    bit: Literal[0, 1] = 0
    s: set[P] = set()
    q: Annotated[list[int], MaxLen(3)] = []
    word: Literal["a", "b"] = "a"
    one: Node = Node()
    maybe: Literal[True, False, None] = None

    def helper(self) -> bool:
        return self.x
    def number(self) -> int:
        return len(self.q)
    def forgot(self) -> None:
        self.x == True

    DECORATOR
    def p(self) -> bool:
        BODY
"""


def spec(body: str, decorator: str = "@invariant") -> str:
    return SPEC.replace("DECORATOR", decorator).replace("BODY", body)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("self.n", "self.n"),
        ("self.bit", "self.bit"),
        ("self.s", "self.s"),
        ("self.s & {P}", "self.s & {P}"),
        ("self.word", "self.word"),
        ("len(self.q)", "len(self.q)"),
        ("None", "None"),
        ("1", "1"),
        ("'yes'", "'yes'"),
        ("[self.x]", "[self.x]"),
        ("(self.x, self.x)", "(self.x, self.x)"),
        ("{p for p in P}", "{p for p in P}"),
        ("(self.x for p in P)", "(self.x for p in P)"),
        ("self.helper", "self.helper"),
        ("self.number()", "self.number()"),
        ("self.forgot()", "self.forgot()"),
        ("self.x and self.s", "self.s"),
        ("not self.x or self.q", "self.q"),
        ("True if self.x else self.n", "self.n"),
        ("self.n + 1", "self.n + 1"),
        ("self.one", "self.one"),
        ("self.one.votes", "self.one.votes"),
        ("lambda: self.x", "lambda: self.x"),
        ("always(lambda: self.x)", "always(lambda: self.x)"),
        ("f'{self.x}'", "f'{self.x}'"),
        ("sum(1 for p in P)", "sum(1 for p in P)"),
        ("self", "self"),
    ],
)
def test_a_predicate_that_returns_no_bool_is_refused(value: str, expected: str, found_in: Found) -> None:
    assert found_in(spec(f"return {value}")) == [f"SC304 {expected}"]


@pytest.mark.parametrize("decorator", ["@reachable", "@constraint", "@terminal"])
def test_every_predicate_answers(decorator: str, found_in: Found) -> None:
    assert found_in(spec("return self.n", decorator)) == ["SC304 self.n"]


def test_a_forgotten_return_is_reported_at_the_def_line(subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(spec("self.n < 3")))
    assert error.code == "SC304" and error.message == "'p' returns nothing" and error.span is not None


@pytest.mark.parametrize(
    ("value", "remedy"), [("self.helper", "Call it: self.helper()."), ("self.s", "Write `not self.s` or `len(self.s) > 0`, or compare it.")]
)
def test_the_remedy_says_what_to_write(value: str, remedy: str, subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(spec(f"return {value}")))
    assert error.remedy == remedy


@pytest.mark.parametrize(
    "body",
    [
        "return self.x",
        "return self.n == 1 and self.x or not self.s",
        "return self.x and self.helper()",
        "return self.q and self.x",  # the queue may have been looked at before
        "return self.s <= {p for p in P} and all(p in self.s for p in P) and any(self.q)",
        "return bool(self.s) or isinstance(self.n, int)",
        "return (self.n == 1) & self.x | (self.n > 3)",
        "return self.maybe",
        "if self.x:\n            return True\n        elif self.n:\n            return False\n        return self.n > 3",
        "if self.x:\n            return True",  # without an answer on some path only
        "raise NotImplementedError",
        "while True:\n            pass",
        "def inner():\n            return 1\n        return inner() == 1",
        "ok = self.n\n        ok = self.x\n        return ok",
        "return min(self.x, True)",
        "return self.x is True",
        "return {True: self.x}[True]",
        "return next((v > 1 for v in self.q), False)",
    ],
)
def test_a_predicate_that_may_return_a_bool_is_free(body: str, found_in: Found) -> None:
    assert found_in(spec(body)) == []


def test_methods_that_formulas_name_answer_too(found_in: Found) -> None:
    assert found_in("n: Literal[0, 1] = 0\ndef settled(self) -> bool:\n    return self.n\np = eventually(settled)\n") == ["SC304 self.n"]
