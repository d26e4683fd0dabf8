"""A case that would take anything, if its guard were not false for sure: the next case is asked."""

from speccheck import Spec, action, invariant


class GuardThatIsFalse(Spec):
    chosen: set[bool] = set()
    late: bool = False

    @action
    def go(self) -> None:
        number = 0 if self.late else 1
        match number:
            case _ if False:
                pass
            case 0:
                self.chosen.remove(True)
            case other if not True:
                self.chosen.add(bool(other))
            case 1:
                self.chosen.add(False)

    @action
    def turn(self) -> None:
        self.late = not self.late

    @invariant
    def nothing_is_chosen(self) -> bool:
        return not self.chosen
