"""Temporal properties that nothing puts to the test, and fairness that no verdict rests on, are found."""

import textwrap
from pathlib import Path

import pytest

from speccheck import check

SPEC = """
from typing import Annotated
from speccheck import *


class P(Sort, size=2):
    "somebody"


class A(Spec, deadlock=False):
    n: Annotated[int, Range(0, 2)] = 0

    @action(fairness="weak")
    def up(self) -> None:
        require(self.n < 2)
        self.n += 1

    @action(fairness="weak")
    def stay(self) -> None:
        self.n = self.n

    def top(self) -> bool:
        return self.n == 2

    {formulas}
"""


def _codes(tmp_path: Path, formulas: str) -> list[str]:
    file = tmp_path / "spec.py"
    file.write_text(SPEC.replace("{formulas}", textwrap.indent(textwrap.dedent(formulas), "    ").strip()))
    return [f.code for f in check(file).findings if f.code in ("SC506", "SC507", "SC508")]


def test_a_leads_to_whose_left_side_never_holds_is_found(tmp_path: Path) -> None:
    assert "SC506" in _codes(tmp_path, "p = leads_to(lambda self: self.n > 2, top)")
    assert "SC506" not in _codes(tmp_path, "p = leads_to(lambda self: self.n > 1, top)")


def test_an_implies_whose_left_side_never_holds_is_found_wherever_it_stands(tmp_path: Path) -> None:
    assert "SC507" in _codes(tmp_path, "p = always(implies(lambda self: self.n > 2, eventually(top)))")
    assert "SC507" not in _codes(tmp_path, "p = always(implies(lambda self: self.n > 0, eventually(top)))")


def test_a_left_side_that_holds_for_one_binding_is_put_to_the_test(tmp_path: Path) -> None:
    formulas = """
        @temporal
        def p(self, k: Annotated[int, Range(1, {most})]) -> Formula:
            return leads_to(lambda: self.n == k + 1, self.top)
    """
    assert "SC506" not in _codes(tmp_path, formulas.replace("{most}", "4"))
    assert "SC506" in _codes(tmp_path, formulas.replace("Range(1, {most})", "Range(2, 4)"))


@pytest.mark.parametrize(("formula", "expected"), [("p = eventually(top)", ["SC508"]), ("p = always(lambda self: self.n < 3)", ["SC508", "SC508"])])
def test_fairness_without_which_everything_holds_as_well_is_found(tmp_path: Path, formula: str, expected: list[str]) -> None:
    assert _codes(tmp_path, formula) == expected
