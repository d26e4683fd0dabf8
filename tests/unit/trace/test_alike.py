"""Values that look the same in JSON are alike, and no others."""

import json

import pytest
from hypothesis import assume, given

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.alike import likeness, likenesses
from speccheck.trace.formats.json import trace_json
from speccheck.trace.reading import traces_in
from speccheck.trace.trace import Trace
from tests.unit.trace.drawn import traces

RM0, RM1 = Member("RM", 0, "RM0"), Member("RM", 1, "RM1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RM0, "RM0"),
        (Set((RM0, RM1)), Set(("RM1", "RM0"))),
        (Bag(((RM0, 2),)), Map((("RM0", 2),))),
        (Map(((1, RM0), (2, RM1))), Map(((2, "RM1"), (1, "RM0")))),
        (Sequence((1,), immutable=True), Sequence((1,))),
        (Record("Node", (("a", 1), ("b", RM0))), Record("", (("b", "RM0"), ("a", 1)))),
    ],
)
def test_what_looks_the_same_is_alike(one: Value, other: Value) -> None:
    assert likeness(one) == likeness(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (1, "1"),
        (None, "None"),
        (Sequence((1, 2)), Sequence((2, 1))),
        (Sequence((1,)), Tuple((1,))),
        (Sequence((1,)), Set((1,))),
        (Set((1, True)), Set((1,))),
        (Record("A", (("a", 1),), tagged=True), Record("B", (("a", 1),), tagged=True)),
        (Record("A", (("a", 1),), tagged=True), Record("A", (("a", 1),))),
    ],
)
def test_what_looks_different_is_not(one: Value, other: Value) -> None:
    assert likeness(one) != likeness(other)


@given(traces())
def test_the_states_of_a_trace_are_alike_to_those_that_are_read_without_their_types(trace: Trace) -> None:
    data = {name: part for name, part in trace_json(trace).items() if name not in ("types", "sorts", "origin")}
    assume(not any(isinstance(one, str) and one.lstrip("-").isdigit() for one in leaves(data["states"])))  # an integer beyond 2^53 is a string there
    (back,) = traces_in(json.dumps(data))
    assert [likenesses(state) for state in back.states] == [likenesses(state) for state in trace.states]


def leaves(data: object) -> list[object]:
    if isinstance(data, dict):
        return [inner for one in data.values() for inner in leaves(one)]
    return [inner for one in data for inner in leaves(one)] if isinstance(data, list) else [data]
