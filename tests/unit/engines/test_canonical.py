"""Canonical states against brute force over all permutations, on random domains and states."""

from collections.abc import Iterator
from math import factorial
from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speccheck.domains import mentions
from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.mentions import divided
from speccheck.domains.sorts import Sort
from speccheck.engines.python.canonical import Canonical
from speccheck.engines.python.packing import Packing
from speccheck.model.model import Variable
from speccheck.source import Span
from tests.unit.domains.drawn import ANNOTATIONS, RM, Server, Vote, renamings


class Four(Sort, size=4, symmetric=True):
    """So many that the order of exchanges matters."""


ALL = renamings(RM, Server)


def total(key: Any, value: Any) -> Any:
    """The annotation of a map that has all keys."""
    return Annotated[dict[key, value], Total]


# Each with the sorts that it links.
SHAPES: list[tuple[Any, str]] = [
    (RM, ""),
    (RM | None, ""),
    (total(RM, bool), ""),
    (Annotated[dict[RM, Literal["a", "b"]], Partial], ""),
    (set[RM], ""),
    (Annotated[Bag[RM], MaxLen(4)], ""),
    (Annotated[list[RM], MaxLen(3)], ""),
    (Annotated[list[set[RM]], MaxLen(2)], ""),
    (total(bool, RM | None), ""),
    (Annotated[dict[bool, RM], Partial], ""),
    (set[tuple[bool, RM]], ""),
    (set[tuple[RM, bool]], ""),
    (set[RM | Literal["x"] | Server], ""),
    (Annotated[Bag[tuple[RM, bool]], MaxLen(3)], ""),
    (total(tuple[RM, bool], bool), ""),
    (total(tuple[bool, RM], bool), ""),
    (Annotated[dict[tuple[bool, RM], bool], Partial], ""),
    (tuple[RM, RM, Server], ""),
    (set[tuple[RM, bool] | tuple[Server, bool, bool]], ""),
    (total(RM, RM | None), "RM"),
    (Annotated[dict[RM, RM], Partial], "RM"),
    (total(RM, set[RM]), "RM"),
    (total(RM, Annotated[list[RM], MaxLen(1)]), "RM"),
    (set[tuple[RM, RM]], "RM"),
    (set[frozenset[RM]], "RM"),
    (total(RM, Server), "RM Server"),
    (set[tuple[RM, Server]], "RM Server"),
    (total(Server, set[RM]), "RM Server"),
    (Annotated[Bag[tuple[RM, RM]], MaxLen(2)], "RM"),
    (total(RM, total(RM, bool)), "RM"),
    (total(RM, Annotated[dict[RM, bool], Partial]), "RM"),
    (Annotated[set[Vote | frozenset[RM]], MaxLen(2)], "RM Server"),
]


@pytest.mark.parametrize(("annotation", "linked"), SHAPES, ids=[str(shape) for shape, _ in SHAPES])
def test_sorts_are_linked_where_an_item_mentions_two_members(annotation: Any, linked: str) -> None:
    assert {sort.__name__ for sort in divided([domain_of(annotation)], [RM, Server]).linked} == set(linked.split())


def test_a_sort_of_one_member_is_no_matter() -> None:
    class One(Sort, size=1, symmetric=True):
        """Alone."""

    division = divided([domain_of(dict[RM, One])], [RM, One])
    assert (division.linked, division.separate) == ((), (RM,))


@pytest.mark.parametrize("sizes", [(1,), (2,), (3,), (4,), (2, 2), (3, 2), (2, 3), (2, 2, 2), (3, 1, 2)])
def test_the_walk_leads_through_all_permutations_once(sizes: tuple[int, ...]) -> None:
    sorts = [type(Sort)(f"S{i}", (Sort,), {}, size=size, symmetric=True) for i, size in enumerate(sizes)]
    division = mentions.Division(tuple(sorts), ())
    names = list(range(sum(sizes)))
    found = {tuple(names)}
    for i, j in division.walk:
        assert type(division.members[i]) is type(division.members[j])
        names = [j if name == i else i if name == j else name for name in names]
        assert tuple(names) not in found
        found.add(tuple(names))
    assert len(found) == _product(factorial(size) for size in sizes)


def _product(numbers: Iterator[int]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


def packing_of(*annotations: Any) -> Packing:
    return Packing(tuple(Variable(f"v{i}", domain_of(one), None, Span("spec.py")) for i, one in enumerate(annotations)))


@pytest.fixture(params=[mentions.FEW, 1], ids=["in full", "by colours"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(mentions, "FEW", request.param)
    return int(request.param)


@pytest.mark.parametrize("annotation", [shape for shape, _ in SHAPES], ids=str)
def test_shapes_have_one_canonical_state_for_each_orbit(annotation: Any, few: int) -> None:
    packing = packing_of(annotation, set[RM])
    for number in range(60):
        values = tuple(domain.unrank(number * 7919 % domain.size) for domain in packing.domains)
        _canonical(packing, values, [RM, Server], ALL)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_states_have_one_canonical_state_for_each_orbit(few: int, data: st.DataObject) -> None:
    packing = packing_of(*data.draw(st.lists(ANNOTATIONS, min_size=1, max_size=3)))
    for _ in range(4):
        values = tuple(domain.unrank(data.draw(st.integers(0, domain.size - 1))) for domain in packing.domains)
        _canonical(packing, values, [RM, Server], ALL)


FOURS = [
    total(Four, Four), total(Four, set[Four]), set[tuple[Four, Four]], Annotated[list[Four], MaxLen(4)], total(Four, Annotated[int, Range(0, 2)]), Annotated[Bag[Four], MaxLen(5)],
    set[frozenset[Four]], set[tuple[Four, bool]], total(Four, RM), dict[Four, bool],
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(annotations=st.lists(st.sampled_from(FOURS), min_size=1, max_size=3), random=st.randoms(use_true_random=False))
def test_states_of_four_members_too(few: int, annotations: list[Any], random: Any) -> None:
    packing = packing_of(*annotations)
    values = tuple(domain.unrank(random.randrange(domain.size)) for domain in packing.domains)
    _canonical(packing, values, [RM, Four], renamings(Four, RM))


def _canonical(packing: Packing, values: tuple[Any, ...], sorts: list[Any], permutations: list[dict[Any, Any]]) -> None:
    canonical = Canonical(packing, tuple(sorts))
    images = [packing.pack(tuple(d.rename(v, renaming) for d, v in zip(packing.domains, values))) for renaming in permutations]
    found = {canonical(image) for image in images}
    assert len(found) == 1
    assert found <= set(images)
    if canonical.division.few:
        assert found == {min(images, key=packing.key)}
