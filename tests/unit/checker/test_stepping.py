"""A spec outside an engine: initial states, steps, and what properties say."""

from pathlib import Path
from typing import Any

import pytest

from speccheck import load
from speccheck.checker.stepping import Start, holds, initial_states, steps, texts
from speccheck.errors import BadUsage
from tests.unit.checker.kept import module


@pytest.fixture
def specs(tmp_path: Path) -> Any:
    return load(module(tmp_path))


def test_the_initial_states_are_those_of_defaults_and_choices_in_order(specs: Any) -> None:
    assert [texts(state) for state, _ in initial_states(specs.Counter)] == [{"value": "0", "seen": "{Clerk0: None, Clerk1: None}", "done": "set()"}]
    assert [texts(state)["height"] for state, _ in initial_states(specs.Anywhere)] == ["0", "1", "2", "3"]


def test_an_initial_evaluation_that_errs_says_how(specs: Any) -> None:
    *completed, erring = initial_states(specs.Starting)
    assert [texts(state) for state, _ in completed] == [{"height": "0"}, {"height": "1"}]
    assert erring == Start(None, "AssertionError: too high")


def test_a_process_stands_at_its_first_label_in_the_initial_state(specs: Any) -> None:
    ((state, _),) = initial_states(specs.Racing)
    assert texts(state) == {"x": "0", "racer.pc": '{Clerk0: "read", Clerk1: "read"}', "racer.seen": "{}"}
    assert [step.label for step, _, _ in steps(state)] == ["racer.read(c=Clerk0)", "racer.read(c=Clerk1)"]


def test_states_that_were_stepped_to_can_be_asked_for_their_values_and_properties(specs: Any) -> None:
    state = specs.Counter()
    for call in ("look(c=Clerk0)", "add(c=Clerk0)"):
        state = next(after for step, after, _ in steps(state) if step.label == call)
    assert texts(state) == {"value": "1", "seen": "{Clerk0: None, Clerk1: None}", "done": "{Clerk0}"}
    assert holds(state, "nothing_lost") and holds(state, "served", c="Clerk1") and not holds(state, "served", c="Clerk0")


def test_a_step_invariant_is_asked_of_two_states(specs: Any) -> None:
    states = [specs.Climb(height=height) for height in (0, 1, 2)]
    assert holds(states[0], "stays", states[1]) and not holds(states[1], "stays", states[2])


def test_what_a_property_raises_is_raised(specs: Any) -> None:
    with pytest.raises(KeyError):
        holds(specs.Climb(height=2), "raises")


@pytest.mark.parametrize(
    ("name", "binding", "message"),
    [
        ("nothing_lots", {}, "Counter has no property 'nothing_lots' that is a method. Did you mean 'nothing_lost'?"),
        ("served", {}, "'served' has no parameters ()"),
        ("served", {"c": "Clerk9"}, "'served' has no parameters (c=Clerk9)"),
        ("served", {"c": "Clerk0", "d": "1"}, "'served' has no parameters (c=Clerk0, d=1)"),
    ],
)
def test_another_property_or_another_binding_is_a_usage_error(specs: Any, name: str, binding: dict[str, str], message: str) -> None:
    with pytest.raises(BadUsage) as caught:
        holds(specs.Counter(), name, **binding)
    assert caught.value.message == message
