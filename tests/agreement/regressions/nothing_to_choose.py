"""Choosing from nothing disables the step."""

from typing import Annotated

from speccheck import Range, Spec, action, choose


class R(Spec, deadlock=True):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def act(self) -> None:
        choose(set())
        self.n = 1
