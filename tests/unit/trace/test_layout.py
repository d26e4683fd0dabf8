"""Long values on several lines: nothing is lost, and it fits where it can."""

from hypothesis import given
from hypothesis import strategies as st

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value, text
from speccheck.trace.layout import NARROWEST, layout

SERVERS = [Member("Server", i, f"Server{i}") for i in range(3)]


def server(term: int) -> Record:
    return Record("Node", (("term", term), ("role", "follower"), ("voted", None)))


def test_a_value_that_fits_stands_on_one_line() -> None:
    assert layout(server(1), 80) == ['Node(term=1, role="follower", voted=None)']


def test_a_map_that_is_too_wide_has_a_line_for_each_key() -> None:
    assert layout(Map(tuple((s, server(i)) for i, s in enumerate(SERVERS))), 60) == [
        '{Server0: Node(term=0, role="follower", voted=None),',
        ' Server1: Node(term=1, role="follower", voted=None),',
        ' Server2: Node(term=2, role="follower", voted=None)}',
    ]


def test_what_does_not_fit_into_its_line_is_broken_up_too() -> None:
    assert layout(Map(((SERVERS[0], server(0)), (SERVERS[1], Bag(((1, 2),))))), 40) == [
        "{Server0: Node(term=0,",
        '               role="follower",',
        "               voted=None),",
        " Server1: Bag{1 (x2)}}",
    ]


def wide() -> st.SearchStrategy[Value]:
    leaves: st.SearchStrategy[Value] = st.integers() | st.sampled_from(SERVERS) | st.text(alphabet="ab", max_size=30)
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=5).map(lambda items: Sequence(tuple(items)))
            | st.lists(inner, max_size=5).map(lambda items: Tuple(tuple(items)))
            | st.lists(inner, max_size=5).map(lambda items: Set(tuple(items)))
            | st.lists(st.tuples(st.sampled_from(SERVERS), inner), max_size=5).map(lambda pairs: Map(tuple(pairs)))
            | st.lists(st.tuples(inner, st.integers(1, 3)), max_size=5).map(lambda pairs: Bag(tuple(pairs)))
        ),
        max_leaves=12,
    )


@given(wide(), st.integers(NARROWEST, 120))
def test_the_lines_together_are_the_text_of_the_value(value: Value, columns: int) -> None:
    assert " ".join(one.strip() for one in layout(value, columns)) == text(value)


@given(wide(), st.integers(NARROWEST, 120))
def test_a_value_is_broken_up_only_if_it_does_not_fit(value: Value, columns: int) -> None:
    assert (len(layout(value, columns)) == 1) >= (len(text(value)) <= columns)
