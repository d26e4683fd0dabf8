"""What a step changed: the deepest path that tells the story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.diff import state_changes
from speccheck.trace.formats.text import change_lines
from speccheck.trace.styled import plain_text

A, B, C = (Member("N", i, f"N{i}") for i in range(3))


def node(term: int, log: tuple[Value, ...] = ()) -> Record:
    return Record("Node", (("term", term), ("log", Sequence(log))))


def told(before: Value, after: Value) -> list[str]:
    return plain_text(change_lines(state_changes({"x": before}, {"x": after}))).splitlines()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 2, ["x: 1 -> 2"]),
        (None, A, ["x: None -> N0"]),
        ("a", Record("R", (("f", 1),)), ['x: "a" -> R(f=1)']),
        (Record("R", (("f", 1),)), Record("S", (("f", 1),)), ["x: R(f=1) -> S(f=1)"]),
        (node(2), node(3), ["x.term: 2 -> 3"]),
        (node(2, (1,)), node(3, (1, 2)), ["x.term: 2 -> 3", "x.log: + 2"]),
        (Map(((A, node(2)), (B, node(2)))), Map(((A, node(2)), (B, node(3)))), ["x[N1].term: 2 -> 3"]),
        (Map(((A, 1),)), Map(((B, 2),)), ["x: - N0: 1", "x: + N1: 2"]),
        (Map((("a", 1),)), Map((("a", 2),)), ['x["a"]: 1 -> 2']),
        (Set((A,)), Set((A, Tuple((B, 1)))), ["x: + (N1, 1)"]),
        (Set((A, B)), Set((C,)), ["x: - N0", "x: - N1", "x: + N2"]),
        (Map(((A, Set(())),)), Map(((A, Set((B,))),)), ["x[N0]: + N1"]),
        (Bag(()), Bag(((A, 1),)), ["x: + N0"]),
        (Bag(((A, 1),)), Bag(((A, 3), (B, 1))), ["x: + N0 (x2)", "x: + N1"]),
        (Bag(((A, 3),)), Bag(((A, 1),)), ["x: - N0 (x2)"]),
        (Tuple((1, 2)), Tuple((1, 3)), ["x[1]: 2 -> 3"]),
        (Tuple((1, 2)), Tuple((3, 4)), ["x: (1, 2) -> (3, 4)"]),
    ],
)
def test_a_change_is_told_at_its_deepest_path(before: Value, after: Value, expected: list[str]) -> None:
    assert told(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((), (1,), ["x: + 1"]),
        ((1,), (1, 2), ["x: + 2"]),
        ((1,), (1, 2, 3), ["x: + 2 (at 1)", "x: + 3"]),
        ((1,), (2, 1), ["x: + 2 (first)"]),
        ((1, 3), (1, 2, 3), ["x: + 2 (at 1)"]),
        ((1,), (), ["x: - 1"]),
        ((1, 2), (2,), ["x: - 1 (first)"]),
        ((1, 2), (1,), ["x: - 2 (last)"]),
        ((1, 2, 3), (1, 3), ["x: - 2 (at 1)"]),
        ((1, 1), (1,), ["x: - 1"]),
        ((2, 1, 1), (2, 1), ["x: - 1"]),
        ((1, 2), (1, 1, 2), ["x: + 1"]),
        ((1, 2, 1), (1, 2), ["x: - 1 (last)"]),
        ((1, 2), (3,), ["x: [1, 2] -> [3]"]),
        ((1, 2, 3), (1, 5, 3), ["x[1]: 2 -> 5"]),
        ((1, 2), (2, 3), ["x: [1, 2] -> [2, 3]"]),
        ((node(1), node(2)), (node(1), node(3)), ["x[1].term: 2 -> 3"]),
    ],
)
def test_a_list_says_what_was_appended_removed_or_replaced(before: tuple[Value, ...], after: tuple[Value, ...], expected: list[str]) -> None:
    assert told(Sequence(before), Sequence(after)) == expected


def test_variables_come_in_the_order_of_the_state() -> None:
    changes = state_changes({"b": 1, "a": 1, "c": 1}, {"b": 2, "a": 2, "c": 1})
    assert plain_text(change_lines(changes)) == "b: 1 -> 2\na: 1 -> 2\n"


def test_a_step_without_a_change_says_so() -> None:
    assert told(1, 1) == ["nothing changes"]


def small_values() -> st.SearchStrategy[Value]:
    members = (A, B, C)
    number = st.integers(0, 2)
    counts = st.tuples(*(st.integers(0, 3) for _ in members))
    return st.one_of(
        number,
        st.lists(number, max_size=4).map(lambda items: Sequence(tuple(items))),
        counts.map(lambda ns: Set(tuple(m for m, n in zip(members, ns, strict=True) if n > 1))),
        counts.map(lambda ns: Map(tuple((m, n) for m, n in zip(members, ns, strict=True) if n < 3))),
        counts.map(lambda ns: Bag(tuple((m, n) for m, n in zip(members, ns, strict=True) if n))),
        st.tuples(number, number).map(Tuple),
    )


@given(small_values(), small_values())
def test_there_is_a_change_exactly_where_two_states_differ(before: Value, after: Value) -> None:
    assert (state_changes({"x": before}, {"x": after}) == []) == (before == after)
