"""Bags: multisets, alone and in a state."""

import copy
import pickle
from typing import Annotated

import pytest
from annotated_types import MaxLen

from speccheck.domains.bags import Bag
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.sorts import Sort
from speccheck.dsl.spec import Spec


class K(Sort, size=3):
    """Elements."""


K0, K1, K2 = K


class Net(Spec):
    msgs: Annotated[Bag[K], MaxLen(3)] = Bag([K2, K0, K2])


@pytest.fixture(params=["alone", "in a state"])
def bag(request: pytest.FixtureRequest) -> Bag[K]:
    return Bag([K2, K0, K2]) if request.param == "alone" else Net().msgs


def test_a_bag_counts(bag: Bag[K]) -> None:
    assert (len(bag), bag.count(K2), bag.count(K0), bag.count(K1)) == (3, 2, 1, 0)
    assert K0 in bag and K1 not in bag
    assert sorted(map(repr, bag)) == ["K0", "K2"]
    assert dict(bag.items()) == {K0: 1, K2: 2}


def test_adding_and_removing_are_inverse(bag: Bag[K]) -> None:
    bag.remove(K2)
    assert (len(bag), bag.count(K2)) == (2, 1)
    bag.remove(K2)
    assert K2 not in bag and list(bag) == [K0]
    bag.add(K1)
    bag.add(K2)
    assert bag == Bag([K0, K1, K2])


def test_removing_what_is_not_there_is_an_error(bag: Bag[K]) -> None:
    with pytest.raises(KeyError, match="K1"):
        bag.remove(K1)
    assert len(bag) == 3


def test_bags_are_equal_by_their_counts(bag: Bag[K]) -> None:
    assert bag == Bag([K0, K2, K2]) == copy.copy(bag) == copy.deepcopy(bag) == pickle.loads(pickle.dumps(bag)) == Bag(bag)
    assert bag != Bag([K0, K2]) and bag != [K0, K2, K2] and bag != {K0: 1, K2: 2}
    assert type(Bag(bag)) is type(copy.copy(bag)) is Bag
    with pytest.raises(TypeError):
        hash(bag)


def test_a_copy_is_independent(bag: Bag[K]) -> None:
    for made in (Bag(bag), copy.copy(bag), copy.deepcopy(bag)):
        made.add(K1)
    assert K1 not in bag


def test_a_bag_may_change_while_it_is_iterated_over(bag: Bag[K]) -> None:
    for element in bag:
        bag.remove(element)
    assert list(bag.items()) == [(K2, 1)]


def test_an_empty_bag_is_false() -> None:
    assert not Bag() and Bag([K0]) and len(Bag()) == 0 and repr(Bag()) == "Bag([])"


def test_a_bag_of_a_state_iterates_in_domain_order() -> None:
    assert list(Bag([K2, K0])) == [K2, K0]
    assert (list(Net().msgs), repr(Net().msgs)) == ([K0, K2], "Bag([K0, K2, K2])")


def test_a_bag_of_a_state_has_a_domain_and_a_capacity() -> None:
    state = Net()
    with pytest.raises(OutsideDomain, match=r"msgs: the bag would hold 4 elements, Bag\[K\] of at most 3"):
        state.msgs.add(K0)
    state.msgs.remove(K2)
    with pytest.raises(OutsideDomain, match="msgs: 'x' is outside K"):
        state.msgs.add("x")  # type: ignore[arg-type]
    assert state.msgs == Bag([K0, K2])
