"""Stepping leaves nothing behind, and questions about a step are asked of the state that it leaves."""

from collections.abc import Callable
from typing import Any

import pytest

from speccheck import Result, Spec, SpeccheckError, action, check, invariant

Checked = Callable[..., Result]


def made() -> Any:
    """A spec that stands in a function, so that its default is no constant of a module, and that is refuted."""

    class Nested(Spec, deadlock=False):
        members: dict[bool, set[bool]] = {True: {True}, False: set()}  # a default

        @action
        def leave(self) -> None:
            self.members[True].remove(True)

        @invariant
        def few(self) -> bool:
            return not self.members[False]

    return Nested


def test_a_check_that_found_a_failing_step_does_not_disturb_the_next_one() -> None:
    first, second = check(made()), check(made())
    assert first.verdicts == second.verdicts
    assert second["leave.error"].verdict.value == "VIOLATED"


@pytest.mark.parametrize(("state", "refused"), [("self", False), ("after", True)])
def test_occurs_is_asked_of_the_state_that_the_step_leaves(state: str, refused: bool, checked: Checked) -> None:
    text = f"""
        class T(Spec):
            x: bool = False
            @action
            def flip(self) -> None:
                self.x = not self.x
            @step_invariant
            def only_flips(self, after: Self) -> bool:
                return occurs({state}.flip)
    """
    if refused:
        with pytest.raises(SpeccheckError) as caught:
            checked(text)
        assert caught.value.code == "SC315"
    else:
        assert checked(text).holds
