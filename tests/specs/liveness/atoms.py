"""What formulas speak of: predicates, closures with and without self, `enabled` and `occurs`, as atoms and inside of predicates, with their arguments."""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    Range,
    Sort,
    Spec,
    action,
    all_of,
    always,
    always_eventually,
    any_of,
    choose,
    enabled,
    eventually,
    implies,
    leads_to,
    model,
    negate,
    occurs,
    reachable,
    release,
    require,
    step_invariant,
    temporal,
    terminal,
    until,
    weak,
)


class Door(Sort, size=2):
    """Where somebody may come in."""


@model(
    distinct=6,
    violates=(
        "never_in", "never_in_closure", "never_in_mixed", "only_door", "always_knocks", "always_knocks_closure", "stays_possible", "in_before_knock", "each_door",
    ),
)  # fmt: skip
class House(Spec):
    """Knock at a door, come in by it, leave; the door may be locked for ever from inside."""

    at: Door | None = None
    inside: bool = False
    locked: bool = False

    @action
    def knock(self, d: Door) -> None:
        require(self.at is None and not self.locked)
        self.at = d

    @action
    def come_in(self, d: Door) -> None:
        require(self.at == d and not self.inside)
        self.inside = True

    @action
    def leave(self) -> None:
        require(self.inside)
        self.at, self.inside = None, False

    @action
    def lock(self) -> None:
        require(self.inside)
        self.at, self.inside, self.locked = None, False, True

    @terminal
    def shut(self) -> bool:
        return not any(enabled(self.knock, d) for d in Door) and not enabled(self.come_in) and not enabled(self.leave)

    @reachable
    def may_come_in(self) -> bool:
        return enabled(self.come_in)

    @step_invariant
    def enters_by_the_door(self, after: "House") -> bool:
        return not occurs(self.come_in) or (self.at is not None and occurs(self.come_in, self.at) and occurs(self.come_in, d=self.at))

    comes = weak(knock, come_in, leave, lock, per=())

    def can_knock(self) -> bool:
        return enabled(self.knock)

    def outside(self) -> bool:
        return not self.inside

    # `enabled`, as an atom and inside of predicates.
    knock_or_move = always(any_of(enabled(knock), enabled(come_in), enabled(leave), lambda self: self.locked))
    same_enabled = always(all_of(implies(enabled(knock), can_knock), implies(can_knock, enabled(knock))))
    stays_possible = always_eventually(enabled(knock))

    # `occurs`, as an atom.
    never_in = always(negate(occurs(come_in)))
    after_knock = release(occurs(knock), negate(occurs(come_in)))
    in_before_knock = until(negate(occurs(knock)), occurs(come_in))
    knock_leads_in = leads_to(occurs(knock), occurs(come_in))
    always_knocks = always_eventually(occurs(knock))

    # Closures: they may combine what holds with what occurs.
    @temporal
    def never_in_closure(self) -> Formula:
        return always(lambda: not occurs(self.come_in))

    @temporal
    def never_in_mixed(self) -> Formula:
        return always(lambda: self.inside or not occurs(self.come_in))

    @temporal
    def always_knocks_closure(self) -> Formula:
        return always_eventually(lambda: occurs(self.knock))

    @temporal
    def in_means_knocked(self, d: Door) -> Formula:
        return always(lambda: not occurs(self.come_in, d) or self.at == d)

    @temporal
    def same_occurs(self, d: Door) -> Formula:
        return always(all_of(implies(occurs(self.knock, d), lambda: occurs(self.knock, d=d)), implies(lambda: occurs(self.knock, d=d), occurs(self.knock, d))))

    @temporal
    def only_door(self, d: Door) -> Formula:
        """Violated for the least door: knocking at the other one is a step of `knock`, too."""
        return always(implies(occurs(self.knock), occurs(self.knock, d=d)))

    @temporal
    def each_door(self, d: Door) -> Formula:
        return eventually(lambda d=d: self.at == d)

    @temporal
    def all_doors(self) -> Formula:
        """A loop's variable is bound by a default."""
        return any_of(*(leads_to(lambda d=d: self.at == d, lambda: self.inside) for d in Door))

    @temporal
    def locked_for_ever(self) -> Formula:
        return leads_to(lambda: self.locked, all_of(always(self.outside), always(lambda: not enabled(self.knock))))


@model(distinct=4, violates=("ends_by_tick", "ticks", "not_yet"))
class Clock(Spec, deadlock=False):
    """A tail: nothing occurs there, whatever was said before."""

    n: Annotated[int, Range(0, 3)] = 0

    @action(fairness="weak")
    def tick(self) -> None:
        require(self.n < 3)
        self.n += choose(Literal[0, 1])

    ticks = always_eventually(occurs(tick))
    ends_by_tick = always(occurs(tick))
    falls_silent = eventually(always(negate(occurs(tick))))
    ticks_until = until(occurs(tick), lambda self: self.n == 3)
    not_yet = until(occurs(tick), lambda self: self.n == 4)

    @temporal
    def silent_at_last(self) -> Formula:
        return eventually(always(lambda: not occurs(self.tick)))
