"""A list of tuples that hold a record in another tuple: there is no constant of that kind, and none is needed."""

from typing import Annotated

from speccheck import Range, Record, Spec, action, invariant, require


class Cell(Record):
    n: Annotated[int, Range(0, 1)] = 0


class TuplesWithRecords(Spec, deadlock=False):
    cells: dict[Annotated[int, Range(0, 1)], Cell] = {}

    @action
    def grow(self) -> None:
        require(len(self.cells) < 2)
        self.cells[len(self.cells)] = Cell(n=1)

    @invariant
    def keys_come_in_order(self) -> bool:
        return all([number == pair[0][0] for number, pair in enumerate(zip(self.cells.items(), (False, True)))])

    @invariant
    def firsts(self) -> bool:
        found = [one[0][0] for one in zip(self.cells.items(), (False, True))]
        return len(found) < 2
