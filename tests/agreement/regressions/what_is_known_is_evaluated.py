"""A comparison, a length or a truth that is known by the types is evaluated all the same: what it asks about may not be there."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Spec, action, each, invariant


class Box(Record):
    k: Annotated[int, Range(0, 2)] = 0
    total: dict[bool, bool] = each(False)


class R(Spec, deadlock=False):
    boxes: Annotated[list[Box], MaxLen(2)] = [Box()]
    sets: Annotated[list[set[bool]], MaxLen(2)] = []
    n: Annotated[int, Range(0, 2)] = 0

    @action
    def asks(self) -> None:
        "a" in self.sets[1]  # noqa: B015
        self.n = 1

    @action
    def looks(self) -> None:
        self.sets[1]
        self.n = 2

    @action
    def puts(self) -> None:
        self.boxes.append(Box(k=len(self.boxes[1].total)))

    @action
    def drops(self) -> None:
        self.sets[0].discard("a")  # type: ignore[arg-type]
        self.n = 1

    @invariant
    def truth(self) -> bool:
        return any(True for _ in range(2) if self.boxes[self.n])

    @invariant
    def empty(self) -> bool:
        return self.boxes[1].k not in ()  # noqa: RUF060

    @invariant
    def kind(self) -> bool:
        return isinstance(self.boxes[1], Box)
