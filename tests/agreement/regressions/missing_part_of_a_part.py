"""Something that its container does not take is put into a part that is not there: that there is no such part is told first."""

from typing import Annotated

from speccheck import MaxLen, Record, Sort, Spec, action, each, invariant


class Q(Sort, size=3):
    """A place."""


class Box(Record):
    ways: Annotated[set[Annotated[tuple[Q, ...], MaxLen(2)]], MaxLen(2)] = set()
    stops: Annotated[list[Annotated[tuple[Q, ...], MaxLen(2)]], MaxLen(2)] = []


class MissingPartOfAPart(Spec, deadlock=False):
    boxes: Annotated[list[Box], MaxLen(1)] = []
    by_place: dict[Q, Box] = each(Box())
    at: tuple[Q] | None = None
    filled: bool = False

    @action
    def set_of_an_item(self) -> None:
        self.boxes[0].ways.add(tuple(Q))

    @action
    def list_of_an_item(self) -> None:
        self.boxes[0].stops.append(tuple(Q))

    @action
    def behind_a_key_that_fails(self) -> None:
        assert self.at is None
        self.by_place[self.at[0]].stops.insert(0, tuple(Q))  # type: ignore[index]

    @invariant
    def empty(self) -> bool:
        return not self.filled
