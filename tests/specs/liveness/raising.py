"""A closure that raises: its property is violated in the least state where it does, with the exception as the reason."""

from typing import Annotated

from speccheck import Formula, Range, Spec, action, always, eventually, leads_to, model, occurs, require, temporal


@model(distinct=4, violates=("divides", "divides_at_last", "by_action", "by_step", "while_stuttering", "with_parameter"))
class Countdown(Spec, deadlock=False):
    """From three to zero."""

    n: Annotated[int, Range(0, 3)] = 3

    @action(fairness="weak")
    def down(self) -> None:
        require(self.n > 0)
        self.n -= 1

    def divided(self) -> bool:
        return 6 // self.n > 0

    divides = always(divided)
    ends = eventually(lambda self: self.n == 0)
    divides_at_last = eventually(lambda self: self.n <= 1 and 6 // (self.n - 1) > 9)

    @temporal
    def by_action(self) -> Formula:
        """Raises at the step from 2 to 1."""
        return always(lambda: not occurs(self.down) or 6 // (self.n - 2) != 0)

    @temporal
    def by_step(self) -> Formula:
        """Raises at a step of which the search for a lasso of `eventually` would not need to know."""
        return eventually(lambda: not occurs(self.down) or (self.n == 1 and 6 // (self.n - 1) != 0))

    @temporal
    def while_stuttering(self) -> Formula:
        """Raises where the behavior stops, and nowhere else."""
        return always(lambda: occurs(self.down) or 6 // self.n > 0)

    @temporal
    def not_while_stuttering(self) -> Formula:
        """Would raise at 2 if it could stop there; it cannot."""
        return always(lambda: occurs(self.down) or 6 // (self.n - 2) != 0)

    @temporal
    def with_parameter(self, k: Annotated[int, Range(0, 2)]) -> Formula:
        return leads_to(lambda: self.n == 3, lambda: self.n == 0 and 6 // (k - 1) != 0)
