"""Formulas on the engine: what they may speak of, and what is refused, with a place and a way out."""

from collections.abc import Callable

import pytest

from speccheck import Result, Verdict
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.errors import FormulaMisuse, NotBool, ReadOnlyRule, RuleTimeout, SpeccheckError, UnknownRule, WrongPlace
from speccheck.model.model import Model

COUNTER = """
class C(Sort, size=2):
    pass

class Counter(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    on: bool = False

    @action(fairness="weak")
    def up(self) -> None:
        require(self.n < 3)
        self.n += 1

    @action
    def put(self, c: C) -> None:
        self.on = not self.on

    def high(self) -> bool:
        return self.n == 3

    def exactly(self, k: int) -> bool:
        return self.n == k

    def number(self) -> int:
        return self.n

    {}
"""

METHOD = """
    @temporal
    def claim(self) -> Formula:
        {}
"""


def spec(*lines: str) -> str:
    return COUNTER.format("\n    ".join(lines))


def method(*lines: str) -> str:
    return COUNTER.format(METHOD.format("\n        ".join(lines)).strip())


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (
            method("return always(lambda: self.on) if self.n else always(self.high)"),
            FormulaMisuse,
            "the variable 'n' is read while the formula 'claim' is built",
        ),
        (method("k = self.number()", "return always(lambda: k == 3)"), FormulaMisuse, "'claim' reads a variable while the formula is built"),
        (method("return [always(self.high)][5]"), FormulaMisuse, "'claim' raised while its formula was built: IndexError: list index out of range"),
        (method("return lambda: True"), FormulaMisuse, "'claim' returned <function Counter.claim.<locals>.<lambda>>, which is no formula"),
        (method("return eventually(self.exactly)"), FormulaMisuse, "an operator was given 'exactly', which takes more than the state"),
        (spec("claim = eventually(exactly)"), FormulaMisuse, "an operator was given 'exactly', which takes more than the state"),
        (method("return eventually(lambda one, other: True)"), FormulaMisuse, "which takes more than the state"),
        (method("return always(enabled(self.high))"), FormulaMisuse, "enabled(...) was given 'high', which is no action"),
        (method("return always(enabled(self.put, 7))"), WrongPlace, "7 is no value of 'c' (C)"),
        (method("return always(enabled(self.put, [7]))"), WrongPlace, "[7] is no value of 'c' (C)"),
        (spec("claim = always(occurs(put, True))"), WrongPlace, "True is no value of 'c' (C)"),
        (method("return always(occurs(self.put, *C))"), WrongPlace, "'put' takes c, but was given other arguments"),
        (method("return always(occurs(self.put, d=1))"), WrongPlace, "'put' takes c, but was given other arguments"),
        (method("return always(lambda: self.n)"), NotBool, "'<lambda>' returned 0 of type int, not a bool"),
        (method('return always(lambda: setattr(self, "n", 2) is None)'), ReadOnlyRule, "a rule that may only read changes the state"),
    ],
)
def test_a_misused_formula_is_refused_with_its_place(checked: Callable[..., Result], text: str, error: type[SpeccheckError], words: str) -> None:
    with pytest.raises(error) as refused:
        checked(text)
    one = refused.value.errors[0]
    assert words in str(one)
    assert one.span is not None and one.span.file.endswith("spec.py")


@pytest.mark.parametrize(
    ("dropped", "line"),
    [("high_enough", "claim = eventually(high_enough)"), ("jump", "claim = eventually(occurs(jump))"), ("jump", "claim = always(negate(enabled(jump)))")],
)
def test_a_formula_that_names_what_the_class_drops_is_refused(checked: Callable[..., Result], dropped: str, line: str) -> None:
    text = spec(
        "@reachable\n    def high_enough(self) -> bool:\n        return self.n > 2\n",
        "@action\n    def jump(self) -> None:\n        require(self.n == 0)\n        self.n = 3\n",
        line,
    )
    with pytest.raises(UnknownRule) as refused:
        checked(text.replace("class Counter(Spec, ", "class Counter(Spec, abstract=True, ") + f"\nclass Less(Counter, without=({dropped!r},)):\n    pass\n")
    assert f"names '{dropped}', which Less drops (without=)" in str(refused.value) and refused.value.errors[0].span is not None


def test_a_closure_that_does_not_end_is_refused(checked: Callable[..., Result]) -> None:
    with pytest.raises(RuleTimeout):
        checked(method("return always(lambda: any(False for _ in iter(int, 1)))"), budget=Budget(rule_seconds=0.2))


# ---------------------------------------------------------------- accepted


@pytest.mark.parametrize(
    "text",
    [
        spec("claim = eventually(high)"),
        spec("claim = eventually(lambda self: self.n == 3)"),
        spec("claim = all_of(*[eventually((lambda k: lambda self: self.n == k)(k)) for k in range(4)])"),
        method("return eventually(self.high)"),
        method("return eventually(lambda: self.high())"),
        method("return eventually(lambda state: state.n == 3)"),
        method("return all_of(*[eventually(lambda k=k: self.n == k) for k in range(4)])"),
        method("from functools import partial", "return eventually(partial(self.exactly, 3))"),
        method("class Three:", "    def __call__(this) -> bool:", "        return self.n == 3", "return eventually(Three())"),
        method("return eventually(lambda: not enabled(self.up))"),
        method("return eventually(negate(enabled(self.up)))"),
        method("return all_of(eventually(self.high), until(lambda: self.n < 3, self.high))"),
    ],
)
def test_predicates_may_be_written_in_many_ways(checked: Callable[..., Result], text: str) -> None:
    assert checked(text)["claim"].verdict is Verdict.HOLDS
    assert checked(text.replace('fairness="weak"', "fairness=None"))["claim"].verdict is Verdict.VIOLATED


@pytest.mark.parametrize("operator", ["all_of", "any_of"])
def test_an_operator_may_have_a_thousand_operands(checked: Callable[..., Result], operator: str) -> None:
    many = f"{operator}(*[eventually(lambda k=k: self.n == k % 4) for k in range(1000)])"
    assert checked(method(f"return {many}"))["claim"].verdict is Verdict.HOLDS
    if operator == "any_of":  # to refute that not all of them come true takes an automaton that remembers which did
        assert checked(method(f"return negate({many})"))["claim"].verdict is Verdict.VIOLATED


def test_closures_do_not_see_what_an_interrupted_rule_left_behind(models: Callable[..., list[Model]]) -> None:
    idle = method("return always(lambda: not self.on)").replace("self.on = not self.on", "disable()")
    machine = machine_of(models(idle)[0])
    found = machine.explore(Budget())
    interrupted = machine.stepper.source
    interrupted.journal.record()
    interrupted.state.on = True
    machine.stepper.reset()
    assert machine.find_lassos(found) == {}


def test_a_function_of_the_module_is_not_mistaken_for_a_method_of_its_name(checked: Callable[..., Result]) -> None:
    module = "def on_top(state) -> bool:\n    return state.n == 3\n\nfrom_outside = on_top\n"
    text = spec("claim = eventually(from_outside)", "", "def on_top(self) -> bool:\n        return False")
    assert checked(module + text)["claim"].verdict is Verdict.HOLDS


# ---------------------------------------------------------------- findings


def test_a_left_side_that_asks_what_occurs_is_not_said_to_hold_never(checked: Callable[..., Result]) -> None:
    result = checked(method("return leads_to(lambda: occurs(self.up), self.high)"))
    assert result["claim"].verdict is Verdict.HOLDS
    assert [finding for finding in result.findings if finding.code == "SC506"] == []
    never = checked(method("return leads_to(lambda: self.n == 2 and self.n == 3, self.high)"))
    assert [finding.code for finding in never.findings if finding.code == "SC506"] == ["SC506"]
