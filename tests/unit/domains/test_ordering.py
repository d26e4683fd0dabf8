"""The order in which `choose` offers alternatives that are no domain (semantics 1.1)."""

import random
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Range
from speccheck.domains.bags import Bag
from speccheck.domains.evaluation import entered
from speccheck.domains.ordering import in_domain_order
from speccheck.domains.sorts import Sort
from speccheck.dsl.spec import Spec
from speccheck.errors import Misuse, Unhashable


class K(Sort, size=3):
    """Members."""


K0, K1, K2 = K


class Colour(Enum):
    RED = 1
    BLUE = 0


@dataclass(frozen=True)
class Note:
    who: K
    n: int


class Pair(NamedTuple):
    a: int
    b: int


ORDERED: list[Any] = [
    None,
    False,
    True,
    -3,
    2,
    10,
    "",
    "Z",
    "a",
    "é",
    Colour.RED,
    Colour.BLUE,
    K0,
    K1,
    Note(K0, 5),
    Note(K1, 2),
    Pair(1, 9),
    Pair(2, 0),
    (),
    (7,),
    (1, 1),
    (1, "a"),
    frozenset(),
    frozenset({3}),
    frozenset({1, 2}),
    frozenset({1, "a"}),
]


def test_values_without_a_domain_are_ordered_by_type_and_then_within_it() -> None:
    for seed in range(20):
        shuffled = random.Random(seed).sample(ORDERED, len(ORDERED))
        assert in_domain_order(shuffled) == ORDERED
        assert in_domain_order(iter(shuffled)) == in_domain_order(set(shuffled)) == in_domain_order(dict.fromkeys(shuffled)) == ORDERED


def test_equal_alternatives_are_merged_into_the_first() -> None:
    assert [type(value) for value in in_domain_order([1, True, 1.0, 0, False])] == [int, int]


def test_sorts_enums_and_ranges_have_their_own_order() -> None:
    assert in_domain_order(K) == [K0, K1, K2]
    assert in_domain_order(Colour) == [Colour.RED, Colour.BLUE]
    assert in_domain_order(range(3, 0, -1)) == [1, 2, 3] and in_domain_order(range(2)) == [0, 1]


class World(Spec):
    words: set[Literal["z", "a"]] = {"a", "z"}
    frozen: frozenset[Literal["z", "a"]] = frozenset({"a", "z"})
    row: Annotated[list[Literal["z", "a"]], MaxLen(4)] = ["a", "z", "a"]
    bag: Annotated[Bag[Literal["z", "a"]], MaxLen(4)] = Bag(["a", "z", "a"])
    total: dict[Literal["z", "a"], bool] = {"a": True, "z": False}
    partial: dict[Literal["z", "b", "a"], bool] = {"a": True, "z": False}
    rows: Annotated[list[Annotated[list[Annotated[int, Range(0, 1)]], MaxLen(1)]], MaxLen(1)] = [[]]


@pytest.mark.parametrize("name", ["words", "frozen", "row", "bag", "total", "partial"])
def test_containers_of_a_state_offer_their_elements_in_the_order_of_their_domain(name: str) -> None:
    assert in_domain_order(getattr(World(), name)) == ["z", "a"]


def test_a_container_that_a_rule_builds_offers_its_elements_in_natural_order() -> None:
    assert in_domain_order(Bag(["z", "a"])) == in_domain_order({"z", "a"}) == in_domain_order(["z", "a", "z"]) == ["a", "z"]


def test_what_is_not_hashable_cannot_be_chosen() -> None:
    with pytest.raises(Unhashable, match=r"choose was offered \[1\], which is not hashable"):
        in_domain_order([[1]])
    with entered(object()), pytest.raises(Misuse) as caught:
        in_domain_order(World().rows)
    assert caught.value.error.message == "choose was offered a mutable part of the state, which is not hashable"


def test_classes_are_values_like_any_other() -> None:
    assert in_domain_order([Note, K, Colour]) == in_domain_order([Colour, Note, K])
