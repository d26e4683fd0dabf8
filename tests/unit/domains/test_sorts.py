"""Sorts: finite sets of opaque values."""

import copy
import pickle
from typing import Any

import pytest

from speccheck.domains.evaluation import entered
from speccheck.domains.overrides import Overrides, Text, loading
from speccheck.domains.sorts import Sort
from speccheck.errors import BadOverride, BadSort, Misuse, SortMisuse


class RM(Sort, size=3, symmetric=True):
    """A resource manager."""


class Node(Sort, size=3, ordered=True):
    """A ring."""

    def is_first(self) -> bool:
        return self.index == 0


class Other(Sort, size=3, ordered=True):
    """Another ring."""


class One(Sort, size=1):
    """A single member."""


def test_a_sort_is_the_set_of_its_members() -> None:
    members = list(RM)
    assert len(RM) == len(members) == 3 and bool(RM)
    assert [repr(member) for member in members] == ["RM0", "RM1", "RM2"]
    assert all(member in RM and member not in Node for member in members)
    assert "RM0" not in RM and 0 not in RM and RM not in RM
    assert all(isinstance(member, RM) for member in members)
    assert [RM[0], RM[-1]] == [members[0], members[2]]
    assert repr(RM) == "<sort RM of 3>"
    with pytest.raises(IndexError):
        _ = RM[3]


def test_members_are_equal_to_themselves_only() -> None:
    assert len({*RM, *RM, *Node}) == 6
    assert RM[0] == RM[0] != RM[1]
    assert RM[0] != Node[0]


def test_members_cannot_be_made_or_given_attributes() -> None:
    with pytest.raises(TypeError, match="members of the sort RM are not made but picked"):
        RM()  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        RM[0].colour = "red"  # type: ignore[attr-defined]


def test_copies_of_a_member_are_the_member() -> None:
    assert all(made is RM[1] for made in (copy.copy(RM[1]), copy.deepcopy(RM[1]), pickle.loads(pickle.dumps(RM[1]))))
    assert copy.deepcopy({"key": [RM[1]]})["key"][0] is RM[1]


def test_an_ordered_sort_is_a_ring_with_an_order() -> None:
    a, b, c = Node
    assert a < b < c and c > b > a and a <= a >= a and not a < a
    assert [a.next(), b.next(), c.next()] == [b, c, a]
    assert [a.prev(), b.prev(), c.prev()] == [c, a, b]
    assert [member.index for member in Node] == [0, 1, 2]
    assert sorted([c, a, b]) == [a, b, c] and max(Node) is c
    assert One[0].next() is One[0].prev() is One[0]
    assert a.is_first() and not b.is_first()


def test_members_of_different_sorts_have_no_order() -> None:
    with pytest.raises(TypeError, match="'<' not supported between Node0 and Other0"):
        _ = Node[0] < Other[0]
    with pytest.raises(TypeError, match="'>=' not supported between Node0 and 3"):
        _ = Node[0] >= 3  # type: ignore[operator]


@pytest.mark.parametrize("use", ["a < b", "a <= b", "a > b", "a >= b", "sorted(RM)", "max(RM)"])
def test_members_of_an_unordered_sort_have_no_order_anywhere(use: str) -> None:
    for inside, error in ((None, SortMisuse), (object(), Misuse)):
        with entered(inside), pytest.raises(error, match="between members of RM, a sort that is not ordered"):
            eval(use, {"RM": RM, "a": RM._members[0], "b": RM._members[1]})


@pytest.mark.parametrize(
    ("use", "what"),
    [("a.index", "'index' on RM0"), ("a.next()", "'next()' on RM0"), ("a.prev()", "'prev()' on RM0"), ("RM[1]", "RM[1] names a member of a sort")],
)
def test_a_rule_cannot_tell_members_of_an_unordered_sort_apart(use: str, what: str) -> None:
    names = {"RM": RM, "a": RM._members[0]}
    eval(use, names)  # outside, members may be named
    with entered(object()), pytest.raises(Misuse) as caught:
        eval(use, names)
    assert isinstance(caught.value.error, SortMisuse) and what in caught.value.error.message
    assert "ordered=True" in caught.value.error.remedy


def test_a_rule_may_name_members_of_an_ordered_sort() -> None:
    with entered(object()):
        assert (Node[1].index, Node[1].next(), Node[0] < Node[1]) == (1, Node[2], True)


def declared(text: str) -> Any:
    namespace: dict[str, Any] = {"Sort": Sort, "RM": RM, "__name__": "declared"}
    exec(compile(f"\n\n{text}", "declared.py", "exec"), namespace)
    return namespace


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class rm(Sort, size=2): ...", "sort 'rm' does not begin with a capital"),
        ("class S(Sort): ...", "sort 'S' has no size"),
        ("class S(Sort, size=0): ...", "sort 'S' has size 0, which is no positive integer"),
        ("class S(Sort, size=-1): ...", "sort 'S' has size -1, which is no positive integer"),
        ("class S(Sort, size=True): ...", "sort 'S' has size True, which is no positive integer"),
        ("class S(Sort, size='3'): ...", "sort 'S' has size '3', which is no positive integer"),
        ("class S(RM, size=2): ...", "sort 'S' derives from another class than Sort"),
        ("class S(Sort, int, size=2): ...", "sort 'S' derives from another class than Sort"),
        ("class S(Sort, size=2, symmetric=True, ordered=True): ...", "sort 'S' is ordered, so its members cannot be interchangeable"),
        ("class S(Sort, size=2):\n    colour = 1", "sort 'S' has an attribute of its own: 'colour'; keep what belongs to a member in a map: dict[Sort, ...]"),
        ("class S(Sort, size=2):\n    colour: int", "sort 'S' has an attribute of its own: 'colour'; keep what belongs to a member in a map: dict[Sort, ...]"),
    ],
)
def test_a_bad_sort_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadSort) as caught:
        declared(text)
    assert caught.value.message == message and caught.value.remedy
    assert caught.value.span is not None and (caught.value.span.file, caught.value.span.line) == ("declared.py", 3)


def test_the_size_is_overridden_like_a_constant() -> None:
    load = Overrides(values={"S": Text("4"), "T": 2}, modules={"declared"})
    token = loading.set(load)
    try:
        made = declared("class S(Sort, size=2): ...\nclass T(Sort, size=9): ...\nclass U(Sort, size=3): ...")
    finally:
        loading.reset(token)
    assert [len(made[name]) for name in "STU"] == [4, 2, 3]
    assert load.consumed == {"S", "T"}


def test_an_overridden_size_must_be_a_size() -> None:
    for value, error in ((Text("many"), BadOverride), (Text("0"), BadSort), (2.5, BadOverride)):
        token = loading.set(Overrides(values={"S": value}, modules={"declared"}))
        try:
            with pytest.raises(error):
                declared("class S(Sort, size=2): ...")
        finally:
            loading.reset(token)
