"""A field of a record that may not be there: whether it is there is asked before the value is looked at, and after it is computed."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Spec, action, choose, invariant

Small = Annotated[int, Range(0, 2)]


class Inner(Record):
    n: Small = 0


class Box(Record):
    n: Small = 0
    inner: Inner | None = None


class R(Spec, deadlock=False):
    box: Box | None = None
    items: Annotated[list[Small], MaxLen(1)] = []
    boxes: dict[bool, Box | None] = {True: None}

    @action
    def make(self) -> None:
        self.box = Box(inner=Inner()) if choose((True, False)) else Box()
        self.items = [1]

    @action
    def drop(self) -> None:
        self.box = None
        self.boxes[False] = Box()

    @action
    def grow(self) -> None:
        self.box.n += 1

    @action
    def put(self, n: Small) -> None:
        self.box.inner.n = self.items[0] + n

    @action
    def far(self, b: bool) -> None:
        self.box.n = 7 if b else choose((0, 9))

    @action
    def other(self, b: bool) -> None:
        self.boxes[b].n = self.items.pop() + 1

    @invariant
    def small(self) -> bool:
        return self.box is None or self.box.n < 2 or self.box.inner is None or self.box.inner.n < 2
