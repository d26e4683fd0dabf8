"""Nothing is added to a part of a record that is not there: it is an error all the same."""

from typing import Annotated

from speccheck import Range, Record, Sort, Spec, action, each, invariant


class Q(Sort, size=2):
    """A member."""


class Box(Record):
    more: dict[Q, Annotated[int, Range(0, 2)]] = each(0)


class UpdateOfNothing(Spec, deadlock=False):
    box: Box | None = None
    names: set[Q] = set()

    @action
    def step(self) -> None:
        self.box.more |= {q: 0 for q in Q if q in self.names}  # type: ignore[union-attr]

    @invariant
    def empty(self) -> bool:
        return not self.names
