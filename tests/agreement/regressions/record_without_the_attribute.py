"""An attribute that one of two records lacks is a misuse of the spec, not an error of the model."""

from typing import Annotated

from speccheck import MaxLen, Range, Record, Spec, action, invariant


class Listed(Record):
    items: Annotated[list[bool], MaxLen(2)] = []


class Counted(Record):
    n: Annotated[int, Range(0, 2)] = 0


class RecordWithoutTheAttribute(Spec, deadlock=False):
    part: Listed | Counted | None = None

    @action
    def other(self) -> None:
        self.part = Listed() if self.part is None else Counted()

    @action
    def append(self) -> None:
        self.part.items.append(True)  # type: ignore[union-attr]

    @invariant
    def short(self) -> bool:
        return not isinstance(self.part, Listed) or len(self.part.items) < 2
