"""Checking one model: engines have names, a result tells how many states, and an interrupt is one wherever it comes."""

from typing import Literal

import pytest

from speccheck import Formula, Sort, Spec, SpeccheckError, Verdict, action, check, each, eventually, invariant, temporal
from speccheck.engines.machine import Progress


class P(Sort, size=2, symmetric=True):
    """Somebody."""


class Walk(Spec, deadlock=False):
    """Everybody walks."""

    at: dict[P, Literal["here", "there"]] = each("here")

    @action
    def walk(self, p: P) -> None:
        self.at[p] = "there"

    @temporal
    def arrives(self, p: P) -> Formula:
        return eventually(lambda: self.at[p] == "there")


class Still(Spec, deadlock=False):
    """Nobody moves."""

    on: bool = False

    @invariant
    def off(self) -> bool:
        return not self.on


@pytest.mark.parametrize("engine", ["rust", "tlc", ""])
def test_an_engine_that_does_not_exist_is_a_usage_error(engine: str) -> None:
    with pytest.raises(SpeccheckError) as caught:
        check(Still, engine=engine)
    assert (caught.value.code, caught.value.message) == ("SC113", f"there is no engine '{engine}'; there are auto, python, native")


def test_one_state_is_one_state_and_two_are_states() -> None:
    assert check(Still).summary() == "Still: ok, 1 distinct state, 1 generated, depth 1"
    assert "4 distinct states" in check(Walk).summary()


def test_an_interrupt_of_the_full_exploration_beside_a_reduced_one_is_an_interrupt() -> None:
    calls: list[Progress] = []

    def progress(one: Progress) -> None:
        calls.append(one)
        if len(calls) == 3:  # the reduced exploration reports twice
            raise KeyboardInterrupt

    result = check(Walk, symmetry=True, progress=progress)
    assert len(calls) > 3
    assert result.interrupted and not result.as_expected and result["arrives"].verdict is Verdict.UNKNOWN
