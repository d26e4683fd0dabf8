"""A loop over a list that its body changes by the name of the record that it is in is left to CPython: refused."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Spec, action, invariant


class Item(Record):
    n: Annotated[int, Range(0, 3)] = 0


class Box(Record):
    items: Annotated[list[Item], MaxLen(3)] = []


class ListByTwoNames(Spec, deadlock=False):
    boxes: Annotated[list[Box], MaxLen(1)] = [Box(items=[Item(n=0)])]

    @action
    def go(self) -> None:
        for box in self.boxes:
            items = box.items
            for item in items:
                if len(items) < 3:
                    box.items.append(Item(n=1))
                item.n = 2

    @invariant
    def few(self) -> bool:
        return len(self.boxes[0].items) < 3
