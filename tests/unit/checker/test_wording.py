"""Values and comparisons as an explanation writes them."""

from collections import deque
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Annotated, Any, NamedTuple

import pytest

from speccheck import Bag, MaxLen, Range, Record, Sort, Spec, each
from speccheck.checker.wording import difference, fact, shortened, value_text


class P(Sort, size=3):
    """A process."""


A, B, C = P  # type: ignore[misc]


class Level(IntEnum):
    LOW = 1


class Color(Enum):
    RED = "r"


@dataclass(frozen=True)
class Msg:
    src: P
    text: str


class Pair(NamedTuple):
    who: P
    n: int


class Node(Record):
    term: Annotated[int, Range(0, 9)] = 0
    log: Annotated[list[int], MaxLen(3)] = []


class State(Spec):
    nodes: dict[P, Node] = each(Node())
    held: set[P] = set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (2.5, "2.5"),
        ('say "hi"', '"say \\"hi\\""'),
        (Level.LOW, "LOW"),
        (Color.RED, "RED"),
        (B, "P1"),
        (P, "P"),
        (int, "int"),
        ((), "()"),
        ((1,), "(1,)"),
        ([B, None], "[P1, None]"),
        (set(), "set()"),
        (frozenset({C, A}), "{P0, P2}"),
        ({3, 1, 2}, "{1, 2, 3}"),
        ({"b": {2, 1}, "a": None}, '{"a": None, "b": {1, 2}}'),
        ({B: 1, A: 2}.values(), "[1, 2]"),
        ({B: 1, A: 2}.keys(), "{P0, P1}"),
        ({B: 1, A: 2}.items(), "{P0: 2, P1: 1}"),
        (Msg(A, "x"), 'Msg(src=P0, text="x")'),
        (Pair(A, 1), "Pair(who=P0, n=1)"),
        (Bag([B, A, B]), "Bag{P0, P1 (x2)}"),
        (Node(term=2), "Node(term=2, log=[])"),
        (range(3), "range(0, 3)"),
        (deque([1]), "deque([1])"),
    ],
)
def test_a_value_is_written_as_in_python_but_in_domain_order(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_an_object_without_a_text_of_its_own_shows_no_address() -> None:
    assert value_text(object()) == "<object object>"


def test_a_part_that_was_replaced_says_so() -> None:
    state = State()
    node = state.nodes[A]
    state.nodes[A] = Node(term=1)
    assert value_text([node]) == "[<a part that was replaced>]"


def test_a_state_is_written_with_its_variables() -> None:
    assert value_text(State(held={C, B}), 1000).endswith("held={P1, P2})")


@pytest.mark.parametrize("length", range(95, 120))
def test_a_long_text_loses_its_middle_and_nothing_else(length: int) -> None:
    text = "".join(chr(ord("a") + i % 26) for i in range(length))
    short = shortened(text)
    assert len(short) <= 100
    begin, dots, end = short.partition(" ... ")
    assert short == text if length <= 100 else dots and text.startswith(begin) and text.endswith(end) and end


@pytest.mark.parametrize(
    ("word", "left", "right", "told"),
    [
        ("==", 3, 4, "3 != 4"),
        ("!=", 4, 4, "4 == 4"),
        ("<", 4, 4, "4 >= 4"),
        ("<=", 3, 4, "3 <= 4"),
        ("is", A, B, "P0 is not P1"),
        ("is not", None, None, "None is None"),
        ("in", A, {B}, "P0 not in {P1}"),
        ("not in", B, {B}, "P1 in {P1}"),
        ("<=", {A}, {B}, "{P0} not <= {P1}"),
        ("<", {A}, {A}, "both are {P0}"),
        ("<", {A, B}, {A}, "{P0, P1} >= {P0}"),
        ("==", {A, B, C}, {A, B, C, None}, "{P0, P1, P2} != {None, P0, P1, P2}"),
        ("==", [1, 2, 3, 4], [1, 2, 4, 4], "[1, 2, 3, 4] != [1, 2, 4, 4]; [2]: 3 != 4"),
        ("issubset", {A}, {B}, "{P0} not issubset {P1}"),
        ("<", float("nan"), 1, "nan not < 1"),
    ],
)
def test_what_is_told_of_a_comparison_is_what_is_true(word: str, left: Any, right: Any, told: str) -> None:
    assert fact(word, left, right) == (told, True)


def test_long_values_are_told_by_their_difference() -> None:
    many = [Msg(p, "a long text indeed") for p in P]
    assert fact("==", many, [*many[:2], None]) == ('[2]: Msg(src=P2, text="a long text indeed") != None', False)
    assert fact("<=", set(many), set(many[:2])) == ('left only: Msg(src=P2, text="a long text indeed")', False)
    told, complete = fact("in", Msg(A, "x"), many)
    assert told.startswith('Msg(src=P0, text="x") not in [Msg(src=P0, ') and not complete


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ({A, B}, {B, C}, "left only: P0; right only: P2"),
        ({1, 2, 3, 4, 5}, set(), "left only: 1, 2, 3 and 2 more"),
        ({A: 1, B: 2}, {A: 1, C: 2}, "left only: P1; right only: P2"),
        ({A: [1, 2]}, {A: [1, 3]}, "[P0][1]: 2 != 3"),
        ({A: {B: 1}}, {A: {}}, "[P0] left only: P1"),
        ([1], [1, 2], "1 elements, not 2"),
        ((1, (2, 3)), (1, (2, 4)), "[1][1]: 3 != 4"),
        (Node(term=1, log=[1]), Node(term=2, log=[2]), ".term: 1 != 2; .log[0]: 1 != 2"),
        (list(range(9)), list(range(1, 10)), "[0]: 0 != 1; [1]: 1 != 2; [2]: 2 != 3; and 6 more"),
        (1, 2, ""),
        ([1], (1,), ": [1] != (1,)"),
    ],
)
def test_the_difference_of_collections_says_where_they_differ(left: Any, right: Any, told: str) -> None:
    assert difference("==", left, right) == told
