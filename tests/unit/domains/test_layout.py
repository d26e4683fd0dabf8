"""The layout of values as bits, on random annotations: numbers are unique, below their count, as wide as they say, and in order where they say so."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from annotated_types import MaxLen
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.layout import MapCode, MaskCode, NoLayout, RecordCode, SlotsCode, UnionCode, code_of, layout_of
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from tests.unit.domains.drawn import ANNOTATIONS

MANY = settings(max_examples=300, deadline=None)


class RM(Sort, size=4):
    pass


class Pair(NamedTuple):
    rm: RM
    flag: bool


@dataclass(frozen=True)
class Long:
    a: int
    b: int


class Node(Record):
    up: bool = True
    term: Annotated[int, Range(0, 4)] = 0


# Some that are wide, or too many to look at all of their values.
LARGE: list[Any] = [
    int, Long, Long | None, tuple[int, Pair, int], Annotated[list[Long], MaxLen(3)], Annotated[tuple[int, ...], MaxLen(2)], set[Annotated[int, Range(0, 99)]],
    Annotated[set[int], MaxLen(3)], Annotated[Bag[Long], MaxLen(2)], Annotated[dict[RM, int], Total], Annotated[dict[RM, int], Partial],
    Annotated[dict[RM, Long], Partial], Annotated[dict[Pair, Node], Partial], Annotated[dict[RM, Annotated[list[Node], MaxLen(3)]], Total], Node | Annotated[list[int], MaxLen(2)] | None,
    Annotated[dict[frozenset[RM], Pair], Partial],
]  # fmt: skip


def some_values(domain: Any, draw: Any) -> list[Any]:
    return [domain.unrank(draw(st.integers(0, domain.size - 1))) for _ in range(5)]


@MANY
@given(ANNOTATIONS)
def test_every_value_has_a_number_of_its_own(annotation: Any) -> None:
    domain = domain_of(annotation)
    code = code_of(domain)
    frozen = list(domain.all_frozen())
    numbers = [code.encode(one) for one in frozen]
    assert [code.decode(number) for number in numbers] == frozen
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number < code.count for number in numbers)
    assert (code.count - 1).bit_length() == code.bits


@MANY
@given(ANNOTATIONS)
def test_numbers_that_say_so_are_in_domain_order(annotation: Any) -> None:
    domain = domain_of(annotation)
    code = code_of(domain)
    numbers = [code.encode(one) for one in domain.all_frozen()]
    in_order = all(a < b for a, b in pairwise(numbers))
    assert in_order or not code.monotone


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LARGE), st.data())
def test_large_values_come_back_from_their_numbers(annotation: Any, data: Any) -> None:
    domain = domain_of(annotation)
    code = code_of(domain)
    values = sorted(some_values(domain, data.draw), key=domain.key)
    numbers = [code.encode(one) for one in values]
    assert [code.decode(number) for number in numbers] == values
    assert all(number < code.count for number in numbers)
    assert not code.monotone or numbers == sorted(numbers)
    assert all((a == b) == (x == y) for a, x in zip(values, numbers, strict=True) for b, y in zip(values, numbers, strict=True))


@MANY
@given(st.lists(ANNOTATIONS, min_size=1, max_size=4), st.data())
def test_the_number_of_a_state_holds_the_numbers_of_its_variables(annotations: list[Any], data: Any) -> None:
    domains = tuple(map(domain_of, annotations))
    layout = layout_of(domains)
    state = tuple(domain.unrank(data.draw(st.integers(0, domain.size - 1))) for domain in domains)
    number = layout.encode(state)
    assert layout.decode(number) == state and number < 1 << layout.bits <= 1 << 64 * layout.words
    for code, shift, value in zip(layout.codes, layout.shifts, state, strict=True):
        assert number >> shift & ((1 << code.bits) - 1) == code.encode(value)


def test_a_domain_has_one_code() -> None:
    domain = domain_of(Pair)
    assert code_of(domain) is code_of(domain)


def test_the_parts_of_a_value_lie_where_its_code_says() -> None:
    mutable = code_of(domain_of(Node))
    assert isinstance(mutable, RecordCode)
    number = mutable.encode((True, 3))
    assert [number >> shift & ((1 << one.bits) - 1) for one, shift in zip(mutable.fields, mutable.shifts, strict=True)] == [1, 3]
    dense = code_of(domain_of(Pair))
    assert isinstance(dense, RecordCode) and dense.count == 8 and dense.strides == (2, 1)
    union = code_of(domain_of(Pair | Literal["x"] | None))
    assert isinstance(union, UnionCode) and union.offsets == (0, 8, 9) and union.count == 10
    items = code_of(domain_of(Annotated[list[RM], MaxLen(3)]))
    assert isinstance(items, SlotsCode) and items.encode((list(RM)[3], list(RM)[1])) == 2 << 6 | 3 << 4 | 1 << 2
    mask = code_of(domain_of(set[RM]))
    assert isinstance(mask, MaskCode) and mask.encode(frozenset(list(RM)[1:3])) == 0b0110


@pytest.mark.parametrize(
    ("value", "width", "present"), [(Literal["a", "b", "c"], 2, 1), (bool, 2, 1), (Node, 5, 16), (set[RM], 5, 16), (Long, 129, 1 << 128), (int, 65, 1 << 64)]
)
def test_a_slot_of_a_partial_map_is_0_where_the_key_is_missing_and_keeps_parts_in_their_places(value: Any, width: int, present: int) -> None:
    code = code_of(domain_of(Annotated[dict[RM, value], Partial]))
    assert isinstance(code, MapCode) and (code.slot_bits, code.present) == (width, present)
    key, frozen = list(RM)[1], code.value.domain.unrank(1)
    number = code.encode(frozenset({(key, frozen)}))
    assert number == code.value.encode(frozen) + present << code.slot_shift(1)
    if code.value.domain.mutable:
        assert number >> code.slot_shift(1) & (present - 1) == code.value.encode(frozen)


def test_a_map_of_too_many_keys_has_no_layout() -> None:
    digits = Annotated[int, Range(0, 99)]
    with pytest.raises(NoLayout, match="10,000 keys"):
        code_of(domain_of(Annotated[dict[tuple[digits, digits], bool], Partial]))  # type: ignore[valid-type]
