"""A list is evaluated, and may fail, also where only its length matters, or nothing of it."""

from typing import Annotated

from speccheck import Partial, Sort, Spec, action, each, reachable


class P(Sort, size=2):
    """Somebody."""


class R(Spec, deadlock=False):
    a: Annotated[dict[bool, dict[P, bool]], Partial] = {}
    b: dict[P, bool] = each(False)

    @action
    def statement(self, p: bool) -> None:
        [self.a[p] for _ in self.b]  # noqa: B018

    @action
    def variable(self, p: bool) -> None:
        unused = [self.a[p] for _ in self.b]  # noqa: F841

    @action
    def length(self, p: bool) -> None:
        if len({self.a[p][q] for q in self.b}) < 1:
            self.b = {p: True for p in P}  # noqa: C420

    @reachable
    def some(self) -> bool:
        return bool([self.a[True][q] for q in self.b])
