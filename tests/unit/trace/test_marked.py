"""What is new in a value is marked where it stands, and nothing of the value is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value, text
from speccheck.trace.layout import NARROWEST
from speccheck.trace.marked import marked_lines
from speccheck.trace.styled import Line, width
from tests.unit.trace.drawn import types, value

A, B, C = (Member("N", i, f"N{i}") for i in range(3))
MARKS = {"value": "{}", "plain": "{}", "added": "+{}+", "removed": "-{}-", "after": "!{}!"}


def shown(line: Line) -> str:
    return "".join(MARKS[style].format(words) for words, style in line)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (1, 1, "1"),
        (1, 2, "!2!"),
        (None, Record("R", (("f", 1),)), "!R(f=1)!"),
        (Record("R", (("f", 1), ("g", 2))), Record("R", (("f", 1), ("g", 3))), "R(f=1, g=!3!)"),
        (Record("R", (("f", 1),)), Record("S", (("f", 1),)), "!S(f=1)!"),
        (Map(((A, 1), (B, 2))), Map(((A, 1), (B, 3))), "{N0: 1, N1: !3!}"),
        (Map(((A, 1),)), Map(((A, 1), (B, 3))), "{N0: 1, +N1: 3+}"),
        (Map(((A, 1), (B, 3))), Map(((A, 1),)), "{N0: 1, -N1: 3-}"),
        (Map(((A, 1),)), Map(()), "{-N0: 1-}"),
        (Set((A, B)), Set((B, C)), "{N1, +N2+, -N0-}"),
        (Set(()), Set((A,)), "{+N0+}"),
        (Set(()), Set(()), "set()"),
        (Bag(((A, 1),)), Bag(((A, 2), (B, 1))), "Bag{!N0! (x2), +N1+}"),
        (Bag(((A, 2),)), Bag(()), "Bag{-N0 (x2)-}"),
        (Sequence((1, 2)), Sequence((1, 2, 3)), "[1, 2, +3+]"),
        (Sequence((1, 2, 3)), Sequence((1, 3)), "[1, -2-, 3]"),
        (Sequence((1, 2)), Sequence((1, 3)), "[1, !3!]"),
        (Sequence((1, 2)), Sequence(()), "[-1-, -2-]"),
        (Tuple((1, 2)), Tuple((1, 3)), "(1, !3!)"),
        (Tuple((1,)), Tuple((1, 3)), "!(1, 3)!"),
        (Map(((A, Set((B,))),)), Map(((A, Set((B, C))),)), "{N0: {N1, +N2+}}"),
    ],
)
def test_what_is_new_is_marked_at_its_place(before: Value, after: Value, marked: str) -> None:
    (line,) = marked_lines(before, after, 100)
    assert shown(line) == marked


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Value, Value]:
    type_ = draw(types())
    return value(draw, type_), value(draw, type_)


@given(pairs(), st.integers(NARROWEST, 120))
def test_without_its_marks_and_what_is_gone_a_value_is_its_text(pair: tuple[Value, Value], columns: int) -> None:
    _, after = pair
    whole = " ".join("".join(words for words, _ in line).strip() for line in marked_lines(after, after, columns))
    assert "".join(whole.split()) == "".join(text(after).split())


@given(pairs(), st.integers(NARROWEST, 120))
def test_a_value_has_marks_exactly_where_it_is_new(pair: tuple[Value, Value], columns: int) -> None:
    before, after = pair
    styles = {style for line in marked_lines(before, after, columns) for _, style in line}
    assert bool(styles & {"added", "removed", "after"}) == (before != after)


def test_elements_fill_the_lines_that_a_value_needs() -> None:
    lines = marked_lines(Sequence(()), Sequence(tuple(range(30))), 40)
    assert ["".join(words for words, _ in line) for line in lines] == [
        "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,",
        " 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,",
        " 22, 23, 24, 25, 26, 27, 28, 29]",
    ]
    assert all(width(line) <= 40 for line in lines)


def test_what_does_not_fit_into_its_line_is_broken_up_at_its_place() -> None:
    node = Record("Node", (("role", "follower"), ("term", 1), ("voted", None)))
    lines = marked_lines(Map(((A, node), (B, node))), Map(((A, node), (B, node))), 40)
    assert ["".join(words for words, _ in line) for line in lines] == [
        '{N0: Node(role="follower", term=1,',
        "          voted=None),",
        ' N1: Node(role="follower", term=1,',
        "          voted=None)}",
    ]
