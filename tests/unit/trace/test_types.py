"""The types that values have: the least ones, as one writes them, and as Apalache does."""

import pytest
from hypothesis import given

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.trace.type1 import type1
from speccheck.trace.type_text import type_from, type_text
from speccheck.trace.types import NEVER, Type, joined, sorts_of, type_of, type_of_all
from tests.unit.trace.drawn import types

RM0, RM1 = Member("RM", 0, "RM0"), Member("RM", 1, "RM1")


def said(*values: Value) -> str:
    return type_text(type_of_all(values))


@pytest.mark.parametrize(
    ("values", "text", "apalache"),
    [
        ((), "Never", None),
        ((True, False), "bool", "Bool"),
        ((1,), "int", "Int"),
        (("a",), "str", "Str"),
        ((RM0, RM1), "RM", "Str"),
        ((None,), "None", None),
        ((None, 1), "int | None", None),
        ((1, "a", None, True), "int | str | bool | None", None),
        ((Sequence((1,)),), "list[int]", "Seq(Int)"),
        ((Sequence(("a",), immutable=True),), "tuple[str, ...]", "Seq(Str)"),
        ((Sequence(()),), "list[Never]", None),
        ((Sequence(()), Sequence((1,))), "list[int]", "Seq(Int)"),
        ((Tuple((1, RM0)),), "tuple[int, RM]", "<<Int, Str>>"),
        ((Tuple(()),), "tuple[()]", None),
        ((Set((RM0,)),), "set[RM]", "Set(Str)"),
        ((Bag(((RM0, 2),)),), "Bag[RM]", "(Str -> Int)"),
        ((Map(((RM0, Set((1,))),)),), "dict[RM, set[int]]", "(Str -> Set(Int))"),
        ((Record("Node", (("term", 1), ("log", Sequence(("x",))))),), "Node(term=int, log=list[str])", "{term: Int, log: Seq(Str)}"),
        ((Record("Node", ()),), "Node()", None),
        ((Record("Ping", (("n", 1),), tagged=True),), "tagged[Ping(n=int)]", "Ping({n: Int})"),
        (
            (Record("Ping", (("n", 1),), tagged=True), Record("Pong", (("m", "a"),), tagged=True)),
            "tagged[Ping(n=int)] | tagged[Pong(m=str)]",
            "Ping({n: Int}) | Pong({m: Str})",
        ),
        ((Record("Ping", (("n", 1),), tagged=True), None), "tagged[Ping(n=int)] | None", None),
    ],
)
def test_the_type_of_values_is_written_as_an_annotation_and_as_apalache_does_where_it_can(values: tuple[Value, ...], text: str, apalache: str | None) -> None:
    found = type_of_all(values)
    assert (type_text(found), type1(found)) == (text, apalache)


def test_a_union_mentions_each_alternative_once_with_all_that_was_seen_of_it() -> None:
    one, other = Set((RM0,)), Map(((1, None),))
    assert said(one, other, Set((RM1, None)), Map(((2, "a"),))) == "set[RM | None] | dict[int, str | None]"
    assert [sort.members for sort in sorts_of(type_of_all([one, Set((RM1,))]))] == [((0, "RM0"), (1, "RM1"))]


@given(types(), types())
def test_joining_is_symmetric_up_to_the_order_and_changes_nothing_twice(one: Type, other: Type) -> None:
    both = joined(one, other)
    assert joined(both, both) == both and joined(both, one) == both and joined(NEVER, one) == joined(one, NEVER)


@given(types())
def test_a_type_that_was_written_is_read_as_it_was(type_: Type) -> None:
    sorts = {sort.name: sort.members for sort in sorts_of(type_)}
    assert type_from(type_text(type_), sorts) == type_


@pytest.mark.parametrize("text", ["", "x", "list", "list[int", "1", "int + str", "dict[int]", "Bag[int, int]", "Vote(3)", "tagged[int]", "set[...]", "f()()"])
def test_another_text_is_no_type(text: str) -> None:
    with pytest.raises(ValueError, match="is no type"):
        type_from(text, {})


def test_two_records_of_one_name_are_told_apart_by_their_fields() -> None:
    assert said(Record("R", (("a", 1),)), Record("R", (("b", 1),))) == "R(a=int) | R(b=int)"
    assert type_of(Record("R", (("a", 1),))) != type_of(Record("R", (("a", 1),), tagged=True))
