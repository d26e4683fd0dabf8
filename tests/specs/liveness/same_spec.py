"""One spec, written in many ways: every way gives the same verdict and the same lasso."""

from typing import Annotated, Literal

from speccheck import (
    Formula,
    Range,
    Spec,
    action,
    always,
    always_eventually,
    choose,
    disable,
    each,
    enabled,
    eventually,
    eventually_always,
    implies,
    leads_to,
    model,
    negate,
    release,
    require,
    temporal,
    until,
    weak,
    weak_until,
)

Light = Literal["red", "green", "broken"]


@model(distinct=3, violates="goes")
class Plain(Spec, deadlock=False):
    """A light that turns green again and again, unless it breaks."""

    light: Light = "red"

    @action(fairness="weak")
    def turn(self) -> None:
        require(self.light != "broken")
        self.light = "green" if self.light == "red" else "red"

    @action
    def crack(self) -> None:
        require(self.light == "red")
        self.light = "broken"

    def green(self) -> bool:
        return self.light == "green"

    goes = always_eventually(green)


@model(distinct=3, violates="goes")
class Disabling(Plain):
    """`disable()` for `require`."""

    @action(fairness="weak")
    def turn(self) -> None:
        if self.light == "broken":
            disable()
        self.light = "green" if self.light == "red" else "red"


@model(distinct=3, violates="goes")
class Choosing(Plain):
    """A choice of what comes next; an empty one disables."""

    @action(fairness="weak")
    def turn(self) -> None:
        after: dict[Light, set[Light]] = {"red": {"green", "red"}, "green": {"red"}, "broken": set()}
        self.light = choose(after[self.light])


@model(distinct=3, violates="goes")
class Late(Plain):
    """A guard behind the write."""

    @action(fairness="weak")
    def turn(self) -> None:
        before = self.light
        self.light = "green" if before == "red" else "red"
        require(before != "broken")


@model(distinct=3, violates="goes")
class WithParameter(Plain, without=("turn",)):
    """A parameter instead of a condition."""

    @action
    def turn_to(self, wanted: Literal["red", "green"]) -> None:
        require(self.light != "broken")
        self.light = wanted

    turns = weak(turn_to, per=())


@model(distinct=3, violates="goes")
class TwoActions(Plain, without=("turn",)):
    """An action for each way, and a group for both."""

    @action
    def turn_green(self) -> None:
        require(self.light == "red")
        self.light = "green"

    @action
    def turn_red(self) -> None:
        require(self.light == "green")
        self.light = "red"

    turns = weak(turn_green, turn_red)


@model(distinct=3, violates="goes")
class Grouped(Plain):
    """Fairness by a group instead of the decorator."""

    @action(fairness=None)
    def turn(self) -> None:
        super().turn()

    turns = weak(Plain.turn)


@model(distinct=3, violates="goes")
class Twice(Plain):
    """The same assumption twice."""

    turns = weak(Plain.turn, per=())


@model(distinct=3, violates="goes")
class Idling(Plain):
    """A step that changes nothing, fair or not, makes no difference."""

    @action(fairness="strong")
    def idle(self) -> None:
        self.light = self.light


@model(distinct=3, violates="goes")
class Nested(Plain):
    """Always and eventually, written out."""

    goes = always(eventually(Plain.green))


@model(distinct=3, violates="goes")
class Negated(Plain):
    """Not from some time on never."""

    goes = negate(eventually_always(lambda self: not self.green()))


@model(distinct=3, violates="goes")
class Leading(Plain):
    """Whatever is, leads to green."""

    goes = leads_to(lambda self: True, Plain.green)


@model(distinct=3, violates="goes")
class Implying(Plain):
    """Always, if not green, then green in the end."""

    goes = always(implies(lambda self: self.light != "green", eventually(Plain.green)))


@model(distinct=3, violates="goes")
class Method(Plain):
    """A method with a closure."""

    @temporal
    def goes(self) -> Formula:
        return always_eventually(lambda: self.light == "green")


@model(distinct=3, violates="goes")
class Function(Plain):
    """A method with a function inside."""

    @temporal
    def goes(self) -> Formula:
        def is_green() -> bool:
            return self.light == "green"

        return always_eventually(is_green)


@model(distinct=3, violates="goes")
class Bound(Plain):
    """A method with a method."""

    @temporal
    def goes(self) -> Formula:
        return always(eventually(self.green))


@model(distinct=3, violates="goes")
class InARecord(Plain, without=("turn", "crack")):
    """The same light in a map, with more states to come and go."""

    lights: dict[Annotated[int, Range(0, 0)], Light] = each("red")

    @action(fairness="weak")
    def turn_it(self) -> None:
        require(self.lights[0] != "broken")
        self.lights[0] = "green" if self.lights[0] == "red" else "red"

    @action
    def crack_it(self) -> None:
        require(self.lights[0] == "red")
        self.lights[0] = "broken"

    @temporal
    def goes(self) -> Formula:
        return always_eventually(lambda: self.lights[0] == "green")


@model(distinct=3, violates=("by_until", "by_weak_until", "by_release", "by_possibility"))
class Otherwise(Plain, without=("goes",)):
    """Formulas that say the same with other operators need an automaton: the same verdict."""

    def anything(self) -> bool:
        return True

    def nothing(self) -> bool:
        return False

    by_until = release(nothing, until(anything, Plain.green))
    by_weak_until = weak_until(until(anything, Plain.green), nothing)
    by_release = always(negate(release(nothing, lambda self: not self.green())))
    by_possibility = always_eventually(enabled(Plain.turn))
