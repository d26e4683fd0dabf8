"""A name that an inner case captures although its guard is false, and that is read behind it, inside an outer case that captures it, too."""

from typing import Annotated

from speccheck import Range, Spec, action, choose, invariant

Small = Annotated[int, Range(0, 3)]


class CaptureInsideACase(Spec, deadlock=False):
    a: Small = 0
    b: tuple[Small, Small] = (0, 0)
    out: Small = 0

    @action
    def move(self) -> None:
        self.b = (choose((0, 1)), choose((0, 1)))
        self.a = 3

    @action
    def go(self) -> None:
        self.out = self.got()

    def got(self) -> int:
        match self.a:
            case n:
                match self.b:
                    case (n, 0) if n > 2:
                        return 0
                    case _:
                        pass
                return n

    @invariant
    def ends(self) -> bool:
        return self.out in (0, 3)
