"""A fairness assumption that means something else than it says is refused."""

import textwrap
from pathlib import Path

import pytest

from speccheck.errors import BadFairness, SpeccheckError
from speccheck.model.select import models_of_file

SPEC = """
from speccheck import *


class P(Sort, size=2): "somebody"


class Q(Sort, size=3): "something"


class A(Spec):
    x: bool = False

    @action
    def a(self, p: P) -> None:
        self.x = True

    @action
    def b(self, q: Q) -> None:
        self.x = True

    @action
    def c(self) -> None:
        self.x = True

    group = {group}
"""


def _errors(tmp_path: Path, group: str) -> list[SpeccheckError]:
    file = tmp_path / "spec.py"
    file.write_text(textwrap.dedent(SPEC).replace("{group}", group))
    try:
        models_of_file(str(file), {})
    except SpeccheckError as error:
        return list(error.errors)
    return []


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ('weak(a, b, per={"a": "p", "b": "q"})', "different domains"),
        ('weak(a, c, per={"a": "p", "d": "p"})', "'d', which is not in the group"),
        ('weak(a, b, per={"a": "p"})', "which parameter of 'b'"),
        ('weak(a, per="q")', "no parameter of this name"),
        ("weak(a)", "does not say per what"),
    ],
)
def test_a_group_whose_per_does_not_fit_its_actions_is_refused(tmp_path: Path, group: str, words: str) -> None:
    (error,) = _errors(tmp_path, group)
    assert isinstance(error, BadFairness)
    assert words in error.message


@pytest.mark.parametrize(
    "group", ['weak(a, c, per={"a": "p"})', 'weak(a, b, per={"a": "p", "b": ()})', "weak(a, b, c, per=())", "weak(c)", 'strong(a, per="p")']
)
def test_a_group_whose_per_fits_is_accepted(tmp_path: Path, group: str) -> None:
    assert _errors(tmp_path, group) == []
