"""The story of an `@init` that fails: of the initial values, choices and writes with which it does."""

from pathlib import Path

import pytest

from speccheck import check

FAILING = """
from typing import Annotated

from speccheck import Range, Spec, anything, choose, init, invariant


class Failing(Spec, deadlock=False):
    given: Annotated[int, Range(0, 3)] = anything()
    first: Annotated[int, Range(0, 3)] = 0

    @init
    def start(self) -> None:
        self.first = choose(range(3))
        assert self.given != 1 or self.first != 2

    @invariant
    def small(self) -> bool:
        return self.first < 4
"""


@pytest.mark.parametrize("engine", ["python", "auto"])
def test_what_is_said_at_hand_is_of_the_values_with_which_it_fails(tmp_path: Path, engine: str) -> None:
    (tmp_path / "failing.py").write_text(FAILING, encoding="utf-8")
    result = check(tmp_path / "failing.py", engine=engine)
    found = result["start.assert"]
    assert found.verdict.value == "VIOLATED" and result.distinct == 11
    assert {one.expression: one.value for one in found.explanation} == {"self.given != 1": "1 == 1", "self.first != 2": "2 == 2"}
