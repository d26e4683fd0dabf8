"""What a rule may say besides plain Python, outside an engine."""

from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Range
from speccheck.domains.bags import Bag
from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.sorts import Sort
from speccheck.dsl.processes import at, crash, restart
from speccheck.dsl.rules import action
from speccheck.dsl.spec import Spec
from speccheck.dsl.statements import choose, choosing, copy, disable, require, subsets
from speccheck.errors import ChooseOutside, Misuse, Unhashable, WrongPlace


class K(Sort, size=3):
    """Members."""


K0, K1, K2 = K


class Colour(Enum):
    RED = 1
    BLUE = 2


class Net(Spec):
    msgs: Annotated[Bag[K], MaxLen(3)] = Bag([K2, K0])
    seen: set[K] = set()

    @action
    def receive(self) -> None:
        message = choose(self.msgs)
        self.msgs.remove(message)
        if choose([True, False]):
            self.seen.add(message)


# ---------------------------------------------------------------- require, disable


@pytest.mark.parametrize("condition", [False, 0, None, [], "", set()])
def test_require_disables_when_the_condition_is_false(condition: object) -> None:
    with pytest.raises(Disabled):
        require(condition)


@pytest.mark.parametrize("condition", [True, 1, [0], "x", {1}])
def test_require_does_nothing_when_the_condition_is_true(condition: object) -> None:
    require(condition)


def test_disable_always_disables() -> None:
    with pytest.raises(Disabled):
        disable()


def test_no_handler_of_exceptions_in_a_rule_swallows_a_disabled_step() -> None:
    with pytest.raises(Disabled):
        try:
            require(False)
        except Exception:
            pytest.fail("swallowed")


# ---------------------------------------------------------------- choose


def test_choices_are_taken_from_choosing_one_by_one() -> None:
    state = Net()
    with choosing(K2, True):
        state.receive()
    assert (state.msgs, state.seen) == (Bag([K0]), {K2})
    with choosing(K0, False):
        state.receive()
    assert (state.msgs, state.seen) == (Bag(), {K2})


@pytest.mark.parametrize(
    ("alternatives", "answer"),
    [
        (K, K1),
        (bool, False),
        (Colour, Colour.BLUE),
        (Literal["a", "b"], "b"),
        (Annotated[int, Range(0, 3)], 3),
        (int, 2**40),
        (K | None, None),
        ([1, 2, 3], 2),
        (range(3), 0),
        ({"x", "y"}, "y"),
        ({K0: 1}, K0),
        ((n * n for n in range(4)), 9),
        (subsets([1, 2]), frozenset({1, 2})),
        (set[Literal["a"]], {"a"}),
    ],
)
def test_anything_that_can_be_chosen_can_be_answered(alternatives: Any, answer: Any) -> None:
    with choosing(answer):
        assert choose(alternatives) == answer


@pytest.mark.parametrize("alternatives", [K, [1, 2], Literal["a"], Annotated[int, Range(0, 3)], subsets([1]), {K0}])
def test_an_answer_that_is_no_alternative_is_an_error(alternatives: Any) -> None:
    with choosing("nothing"), pytest.raises(ChooseOutside, match=r"choosing\(\.\.\.\) says 'nothing', which is none of the alternatives"):
        choose(alternatives)


@pytest.mark.parametrize("alternatives", [[], set(), {}, range(0), subsets([1], 2), (x for x in ())])
def test_nothing_to_pick_disables_the_step(alternatives: Any) -> None:
    with choosing(1), pytest.raises(Disabled):
        choose(alternatives)
    with pytest.raises(Disabled):
        choose(list(alternatives) if not isinstance(alternatives, dict) else alternatives)


def test_choose_needs_an_answer_outside_an_engine() -> None:
    with pytest.raises(ChooseOutside, match="choose was called outside an engine"):
        choose(K)
    with choosing(K0), pytest.raises(ChooseOutside, match=r"more calls of choose than values in choosing"):
        _ = choose(K), choose(K)
    with pytest.raises(ChooseOutside, match="choose was called outside an engine"):
        choose(K)  # the answers end with the block


def test_answers_may_be_nested() -> None:
    with choosing(K0, K1):
        assert choose(K) is K0
        with choosing(K2):
            assert choose(K) is K2
        assert choose(K) is K1


def test_what_is_not_hashable_cannot_be_chosen() -> None:
    with choosing([1]), pytest.raises(Unhashable):
        choose([[1]])


def test_an_action_whose_choice_is_refused_has_not_happened() -> None:
    state = Net()
    with choosing(K2), pytest.raises(ChooseOutside):
        state.receive()
    assert state == Net()


# ---------------------------------------------------------------- subsets, copy


def test_subsets_come_by_size_and_then_in_order() -> None:
    assert [*subsets("ba")] == [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
    assert [*subsets(K, 2)] == [frozenset({K0, K1}), frozenset({K0, K2}), frozenset({K1, K2}), frozenset(K)]
    assert [*subsets(K, 1, 1)] == [frozenset({k}) for k in K]
    assert [*subsets({3, 1, 2}, 0, 0)] == [frozenset()] and [*subsets([], 1)] == []
    assert [*subsets([1, 1, 1])] == [frozenset(), frozenset({1})]
    assert [*subsets([1], -5, 9)] == [frozenset(), frozenset({1})]


def test_subsets_are_made_one_at_a_time() -> None:
    first = iter(subsets(range(10_000)))
    assert [next(first), next(first)] == [frozenset(), frozenset({0})]


def test_subsets_can_be_enumerated_again() -> None:
    some = subsets([2, 1])
    assert list(some) == list(some) and len(list(some)) == 4


def test_a_copy_belongs_to_nobody() -> None:
    state = Net()
    made = copy(state.msgs)
    made.add(K1)
    assert (type(made), state.msgs) == (Bag, Bag([K2, K0]))


# ---------------------------------------------------------------- processes


@pytest.mark.parametrize("statement", [at, crash, restart])
def test_statements_about_processes_need_a_running_process(statement: Any) -> None:
    with pytest.raises(WrongPlace):
        statement(len)
    with entered(object()), pytest.raises(Misuse):
        statement(len)
