"""The laws of domains, on random annotations: what `drawn` says in words of Python, a Domain must say in numbers and bits."""

import copy
import pickle
import random
from itertools import pairwise
from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck.domains import neutral
from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.parts import FREE, Journal, OutsideDomain, Part, Slot
from speccheck.domains.records import Record
from tests.unit.domains.drawn import ANNOTATIONS, RM, SCALARS, Node, Ring, Server, Vote, all_values, count, exact, lookalikes, renamed, renamings

RENAMINGS = renamings(RM, Server)

# Domains far too large to look at: numbering has to work without enumerating.
LARGE: list[Any] = [
    int,
    tuple[int, bool, int],
    Annotated[list[int], MaxLen(3)],
    Annotated[tuple[RM, ...], MaxLen(60)],
    Annotated[list[int], MaxLen(300)],
    Annotated[set[int], MaxLen(4)],
    frozenset[Annotated[int, Range(0, 150)]],
    Annotated[Bag[tuple[RM, int]], MaxLen(5)],
    Annotated[dict[Annotated[int, Range(0, 30)], int], Total],
    Annotated[dict[Annotated[int, Range(0, 30)], Annotated[set[RM], MaxLen(2)] | None], Partial],
    set[tuple[Server, bool, Annotated[int, Range(0, 49)]]],
    Annotated[list[Annotated[dict[RM, Node], Partial]], MaxLen(9)],
    Literal["a"] | int | Vote,
]


def frozen_values(domain: Domain) -> list[Any]:
    return list(domain.all_frozen())


def live(domain: Domain, value: Any) -> Any:
    return domain.store(value, Slot("x", Journal()))


def parts_in(value: Any) -> list[Part]:
    """Return the part and all parts in it."""
    if not isinstance(value, Part):
        return []
    return [value, *(part for child in value._part_children() for part in parts_in(child))]


# ---------------------------------------------------------------- numbering


@settings(max_examples=300)
@given(ANNOTATIONS)
def test_a_domain_has_exactly_the_values_that_its_annotation_denotes_in_their_order(annotation: Any) -> None:
    domain = domain_of(annotation)
    assert [exact(value) for value in domain] == [exact(value) for value in all_values(annotation)]


@given(ANNOTATIONS)
def test_the_size_is_the_number_of_values(annotation: Any) -> None:
    assert domain_of(annotation).size == count(annotation) == len(frozen_values(domain_of(annotation)))


@given(ANNOTATIONS)
def test_index_and_value_are_inverse_to_each_other(annotation: Any) -> None:
    domain = domain_of(annotation)
    values = [domain.value(index) for index in range(domain.size)]
    assert [exact(value) for value in values] == [exact(value) for value in all_values(annotation)]
    assert [domain.index(value) for value in values] == list(range(domain.size))
    assert [domain.rank(domain.unrank(index)) for index in range(domain.size)] == list(range(domain.size))


@given(ANNOTATIONS)
def test_keys_are_ordered_as_the_values_are(annotation: Any) -> None:
    domain = domain_of(annotation)
    keys = [domain.key(frozen) for frozen in domain.all_frozen()]
    assert all(a < b for a, b in pairwise(keys))


@pytest.mark.parametrize("annotation", LARGE, ids=str)
def test_large_domains_are_numbered_without_being_enumerated(annotation: Any) -> None:
    domain, rng = domain_of(annotation), random.Random(7)
    indices = sorted({0, domain.size - 1, *(rng.randrange(domain.size) for _ in range(30)), *(rng.randrange(domain.size.bit_length() * 9) for _ in range(9))})
    frozen = [domain.unrank(index) for index in indices]
    assert [domain.rank(one) for one in frozen] == indices
    assert [domain.index(domain.plain(one)) for one in frozen] == indices
    assert all(domain.key(a) < domain.key(b) for a, b in pairwise(frozen))


@pytest.mark.parametrize("annotation", [*SCALARS, *LARGE], ids=str)
def test_the_bits_are_just_enough_to_number_all_values(annotation: Any) -> None:
    domain = domain_of(annotation)
    assert domain.size <= 2**domain.bits and (domain.bits == 0 or 2 ** (domain.bits - 1) < domain.size)


@given(ANNOTATIONS)
def test_there_is_no_value_before_the_first_or_after_the_last(annotation: Any) -> None:
    domain = domain_of(annotation)
    for index in (-1, domain.size, domain.size + 7):
        with pytest.raises(IndexError):
            domain.value(index)


# ---------------------------------------------------------------- membership


@given(ANNOTATIONS)
def test_a_domain_contains_its_values_and_nothing_that_merely_equals_one(annotation: Any) -> None:
    domain = domain_of(annotation)
    for value in list(all_values(annotation))[:40]:
        assert domain.contains(value)
        assert not [other for other in lookalikes(value) if exact(other) != exact(value) and domain.contains(other)]


@given(ANNOTATIONS, ANNOTATIONS)
def test_what_a_domain_contains_has_an_index_and_nothing_else_has(annotation: Any, other: Any) -> None:
    domain = domain_of(annotation)
    own = {exact(value) for value in all_values(annotation)}
    for value in list(all_values(other))[:40]:
        assert domain.contains(value) == (exact(value) in own)
        if not domain.contains(value):
            with pytest.raises(OutsideDomain):
                domain.index(value)


ODD: list[Any] = [None, 0, 1.5, "", "nothing", b"", (), [], {}, set(), frozenset(), Bag(), object(), [[]], {"a": []}, ({},), {frozenset(): set()}]


@given(ANNOTATIONS)
def test_asking_for_membership_never_raises(annotation: Any) -> None:
    domain, own = domain_of(annotation), {exact(value) for value in all_values(annotation)}
    for value in ODD:
        assert domain.contains(value) == (exact(value) in own)
    assert not any(map(domain.contains, (int, RM, Node, domain, Ellipsis)))


# ---------------------------------------------------------------- forms


@given(ANNOTATIONS)
def test_freezing_and_thawing_lose_nothing(annotation: Any) -> None:
    domain, slot, journal = domain_of(annotation), Slot("x", Journal()), Journal()
    for value in list(all_values(annotation))[:40]:
        frozen = domain.freeze_any(value)
        thawed = domain.thaw(frozen, slot, journal)
        assert thawed == value
        assert exact(domain.plain(frozen)) == exact(value)
        for part in parts_in(thawed):
            object.__setattr__(part, "_part_frozen", None)
        again = domain.freeze(thawed)
        assert again == frozen and hash(again) == hash(frozen)


@given(ANNOTATIONS)
def test_different_values_freeze_differently_and_stored_ones_freeze_alike(annotation: Any) -> None:
    domain = domain_of(annotation)
    values = list(all_values(annotation))
    assert len({domain.freeze_any(value) for value in values}) == len(values)
    assert [domain.freeze(live(domain, value)) for value in values] == [domain.freeze_any(value) for value in values]


@given(ANNOTATIONS)
def test_plain_values_belong_to_nobody(annotation: Any) -> None:
    domain = domain_of(annotation)
    for frozen in frozen_values(domain)[:60]:
        plain = domain.plain(frozen)
        parts = parts_in(plain)
        assert all(part._part_journal is FREE for part in parts)
        assert isinstance(plain, Record) or not parts
        assert live(domain, plain) == live(domain, plain) == plain


@given(ANNOTATIONS)
def test_copies_of_parts_are_plain_values(annotation: Any) -> None:
    domain = domain_of(annotation)
    for value in list(all_values(annotation))[:20]:
        stored = live(domain, value)
        for made in (copy.copy(stored), copy.deepcopy(stored), pickle.loads(pickle.dumps(stored))):
            assert exact(made) == exact(value)
            assert not isinstance(made, Part) or (isinstance(made, Record) and made._part_owner is None)


@given(ANNOTATIONS)
def test_members_of_a_sort_stay_themselves_when_copied(annotation: Any) -> None:
    for value in [one for one in all_values(annotation) if isinstance(one, RM | Ring)]:
        assert copy.deepcopy(value) is copy.copy(value) is pickle.loads(pickle.dumps(value)) is value


# ---------------------------------------------------------------- neutral values


def is_data(value: Any) -> bool:
    match value:
        case None | bool() | int() | str():
            return type(value) in (type(None), bool, int, str)
        case neutral.Member():
            return (type(value.sort), type(value.index), type(value.name)) == (str, int, str)
        case neutral.Sequence(items) | neutral.Tuple(items) | neutral.Set(items):
            return type(items) is tuple and all(map(is_data, items))
        case neutral.Bag(items):
            return all(is_data(item) and type(number) is int and number > 0 for item, number in items)
        case neutral.Map(items):
            return all(is_data(key) and is_data(one) for key, one in items)
        case neutral.Record(name, parts):
            return type(name) is str and all(type(n) is str and is_data(v) for n, v in parts)
    return False


@given(ANNOTATIONS)
def test_neutral_values_are_plain_data_and_tell_all_values_apart(annotation: Any) -> None:
    domain = domain_of(annotation)
    values = [domain.neutral(frozen) for frozen in domain.all_frozen()]
    assert all(map(is_data, values))
    assert len({repr(value) for value in values}) == domain.size


@given(ANNOTATIONS, st.randoms(use_true_random=False))
def test_the_text_of_a_value_does_not_depend_on_how_it_was_built(annotation: Any, rng: random.Random) -> None:
    domain = domain_of(annotation)
    for value in list(all_values(annotation))[:40]:
        shuffled = value
        if isinstance(value, dict):
            shuffled = dict(rng.sample([*value.items()], len(value)))
        elif isinstance(value, set | frozenset):
            shuffled = type(value)(rng.sample([*value], len(value)))
        elif isinstance(value, Bag):
            shuffled = Bag(rng.sample([k for k, n in value.items() for _ in range(n)], len(value)))
        assert neutral.text(domain.neutral(domain.freeze_any(shuffled))) == neutral.text(domain.neutral(domain.freeze_any(value)))


def test_texts_look_like_python() -> None:
    rm0, rm1, _ = RM
    shown = {
        Annotated[list[tuple[bool]], MaxLen(2)]: ([(True,), (False,)], "[(True,), (False,)]"),
        frozenset[RM]: (frozenset({rm1, rm0}), "{RM0, RM1}"),
        set[RM]: (set(), "set()"),
        Annotated[Bag[RM], MaxLen(3)]: (Bag([rm1, rm0, rm1]), "Bag{RM0, RM1 (x2)}"),
        Annotated[dict[RM, Literal["b", 'q"\\']], Partial]: ({rm1: "b", rm0: 'q"\\'}, '{RM0: "q\\"\\\\", RM1: "b"}'),
        Node: (Node(up=False), "Node(up=False, seen=set())"),
    }
    for annotation, (value, text) in shown.items():
        domain = domain_of(annotation)
        assert neutral.text(domain.neutral(domain.freeze_any(value))) == text


def test_a_record_is_tagged_where_its_class_tells_it_apart() -> None:
    alone, union = domain_of(Vote), domain_of(Vote | None)
    assert not alone.neutral(alone.unrank(0)).tagged  # type: ignore[union-attr]
    assert union.neutral(union.unrank(0)).tagged  # type: ignore[union-attr]


# ---------------------------------------------------------------- symmetry


@given(ANNOTATIONS, st.sampled_from(RENAMINGS))
def test_renaming_is_a_bijection_that_commutes_with_freezing(annotation: Any, renaming: dict[Any, Any]) -> None:
    domain = domain_of(annotation)
    everything = frozen_values(domain)
    images = [domain.rename(frozen, renaming) for frozen in everything]
    assert set(images) == set(everything)
    assert images == [domain.freeze_any(renamed(value, renaming)) for value in all_values(annotation)]
    back = {b: a for a, b in renaming.items()}
    assert [domain.rename(image, back) for image in images] == everything
    assert [domain.key(image) for image in images] == [domain.key(domain.unrank(domain.rank(image))) for image in images]


@given(ANNOTATIONS, st.sampled_from(RENAMINGS))
def test_a_domain_that_mentions_no_sort_is_left_alone(annotation: Any, renaming: dict[Any, Any]) -> None:
    domain = domain_of(annotation)
    moved = any(domain.rename(frozen, renaming) != frozen for frozen in frozen_values(domain))
    assert domain.renames(frozenset({RM, Server})) or not moved
    assert not domain.renames(frozenset())
