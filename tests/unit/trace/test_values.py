"""The JSON of values: every shape, and that nothing gets lost on the way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.values import constant_json, json_of, state_json

RM0, RM1 = Member("RM", 0, "RM0"), Member("RM", 1, "RM1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**53), -(2**53)),
        (-(2**53) - 1, "-9007199254740993"),
        ("idle", "idle"),
        (RM1, "RM1"),
        (Sequence((1, 2)), [1, 2]),
        (Sequence(()), []),
        (Tuple((1, RM0)), {"#tup": [1, "RM0"]}),
        (Set((RM0, None)), {"#set": ["RM0", None]}),
        (Bag(((RM0, 2), (RM1, 1))), {"#map": [["RM0", 2], ["RM1", 1]]}),
        (Map(((RM0, Set((1,))), (RM1, Set(())))), {"#map": [["RM0", {"#set": [1]}], ["RM1", {"#set": []}]]}),
        (Record("Prepared", (("rm", RM0),)), {"rm": "RM0"}),
        (Record("Prepared", (("rm", RM0),), tagged=True), {"tag": "Prepared", "value": {"rm": "RM0"}}),
    ],
)
def test_every_value_has_its_shape(value: Value, expected: object) -> None:
    assert json_of(value) == expected
    assert type(json_of(value)) is type(expected)


def test_a_state_is_an_object_in_the_order_of_its_variables() -> None:
    assert list(state_json({"y": 1, "x": Set(())}).items()) == [("y", 1), ("x", {"#set": []})]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (2**60, str(2**60)),
        (True, True),
        (None, None),
        ((1, "a"), {"#tup": [1, "a"]}),
        ([1, (2,)], [1, {"#tup": [2]}]),
        (frozenset({2, 1}), {"#set": [1, 2]}),
        ({"a": 1}, {"#map": [["a", 1]]}),
        (1.5, {"#unserializable": "1.5"}),
        (range(3), {"#unserializable": "range(0, 3)"}),
    ],
)
def test_constants_of_any_type_have_a_json(value: object, expected: object) -> None:
    assert constant_json(value) == expected


def values() -> st.SearchStrategy[Value]:
    leaves: st.SearchStrategy[Value] = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from([RM0, RM1])
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items)))
            | st.lists(inner, max_size=3).map(lambda items: Tuple(tuple(items)))
            | st.lists(inner, max_size=3, unique_by=repr).map(lambda items: Set(tuple(items)))
            | st.lists(st.tuples(inner, inner), max_size=3, unique_by=repr).map(lambda pairs: Map(tuple(pairs)))
            | st.lists(inner, max_size=2).map(lambda items: Record("R", tuple((f"f{i}", item) for i, item in enumerate(items)), tagged=True))
        ),
        max_leaves=8,
    )


@given(values())
def test_the_json_of_a_value_is_plain_data(value: Value) -> None:
    assert json.loads(json.dumps(json_of(value), allow_nan=False)) == json_of(value)
