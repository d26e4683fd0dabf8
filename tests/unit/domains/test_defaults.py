"""Defaults: what they denote, how they are checked, and that nobody shares them."""

from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Partial, Range, Total
from speccheck.domains.bags import Bag
from speccheck.domains.defaults import ABSENT, anything, each, each_by
from speccheck.domains.initial import initial_values
from speccheck.domains.records import Record, default_of, domains_of
from speccheck.domains.sorts import Sort
from speccheck.dsl.spec import Spec
from speccheck.errors import DefaultOutsideDomain, SpeccheckError, UnboundedDomain, UnsetVariable

Bit = Annotated[int, Range(0, 1)]


class K(Sort, size=2):
    """Keys."""


K0, K1 = K


class Leaf(Record):
    up: bool = True
    n: Bit = anything()


class Sure(Record):
    n: Bit = 1


class Branch(Record):
    leaf: Leaf = Leaf()
    by: dict[K, bool] = each(anything())
    last: bool = False


class Bare(Record):
    n: Bit


def initial(cls: type[Spec], name: str = "x") -> list[Any]:
    """Return the plain initial values of a variable."""
    domain = domains_of(cls)[name]
    return [domain.plain(frozen) for frozen in initial_values(cls, name, default_of(cls, name), domain)]


def spec(annotation: Any, default: Any) -> type[Spec]:
    """Return a spec with one variable."""
    return type(Spec)("Made", (Spec,), {"__module__": __name__, "__annotations__": {"x": annotation}, "x": default})


@pytest.mark.parametrize(
    ("annotation", "default", "expected"),
    [
        (bool, True, [True]),
        (bool, anything(), [False, True]),
        (K | None, anything(), [K0, K1, None]),
        (set[K], anything(), [set(), {K0}, {K1}, {K0, K1}]),
        (dict[K, bool], each(True), [{K0: True, K1: True}]),
        (dict[K, bool], each_by(lambda k: k is K0), [{K0: True, K1: False}]),
        (dict[K, dict[K, Bit]], each(each(0)), [{K0: {K0: 0, K1: 0}, K1: {K0: 0, K1: 0}}]),
        (dict[K, dict[K, Bit]], each_by(lambda k: each((k is not K0 and 1) or 0)), [{K0: {K0: 0, K1: 0}, K1: {K0: 1, K1: 1}}]),
        (dict[K, Bit], anything(), [{K0: a, K1: b} for a in (0, 1) for b in (0, 1)]),
        (dict[K, Bit], each(anything()), [{K0: a, K1: b} for a in (0, 1) for b in (0, 1)]),
        (dict[K, Bit], {K0: anything(), K1: 1}, [{K0: a, K1: 1} for a in (0, 1)]),
        (dict[K, Bit], {K1: anything()}, [{K1: a} for a in (0, 1)]),
        (dict[K, Bit], each_by(lambda k: anything() if k is K1 else 0), [{K0: 0, K1: a} for a in (0, 1)]),
        (Annotated[dict[K, Bit], Partial], {}, [{}]),
        (Leaf, Leaf(n=1), [Leaf(n=1)]),
        (Leaf, Leaf(), [Leaf(n=0), Leaf(n=1)]),
        (Leaf, anything(), [Leaf(up=a, n=b) for a in (False, True) for b in (0, 1)]),
        (Leaf | None, Leaf(), [Leaf(n=0), Leaf(n=1)]),
        (Leaf | None, None, [None]),
        (dict[K, Leaf], each(Leaf(up=False)), [{K0: Leaf(up=False, n=a), K1: Leaf(up=False, n=b)} for a in (0, 1) for b in (0, 1)]),
        (dict[K, Leaf | None], {K0: Leaf(), K1: None}, [{K0: Leaf(n=a), K1: None} for a in (0, 1)]),
        (
            Branch,
            Branch(),
            [Branch(leaf=Leaf(n=n), by={K0: a, K1: b}) for n in (0, 1) for a in (False, True) for b in (False, True)],
        ),
        (Branch, Branch(leaf=Leaf(n=1), by=each(False)), [Branch(leaf=Leaf(n=1), by=each(False))]),
        (Sure, Sure(), [Sure(n=1)]),
        (Annotated[list[Sure], MaxLen(2)], [Sure(n=0)], [[Sure(n=0)]]),
        (Annotated[Bag[K], MaxLen(2)], Bag([K1, K1]), [Bag([K1, K1])]),
    ],
)
def test_a_default_denotes_these_initial_values_in_domain_order(annotation: Any, default: Any, expected: list[Any]) -> None:
    assert initial(spec(annotation, default)) == expected


@pytest.mark.parametrize(
    ("annotation", "default", "message"),
    [
        (bool, 1, "1 is outside bool"),
        (Bit, True, "True is outside Range(0, 1)"),
        (Bit, 2, "2 is outside Range(0, 1)"),
        (Literal["a"], "b", "'b' is outside Literal['a']"),
        (set[Bit], {0, 5}, "5 is outside Range(0, 1)"),
        (set[Bit], [0], "[0] is outside set[Range(0, 1)]"),
        (Annotated[list[Bit], MaxLen(1)], [0, 1], "the list has 2 elements, list[Range(0, 1)] of at most 1"),
        (Annotated[list[Bit], MaxLen(3)], [0, 1, 7], "[2]: 7 is outside Range(0, 1)"),
        (Annotated[set[K], MaxLen(1)], {K0, K1}, "the set has 2 elements"),
        (Annotated[Bag[K], MaxLen(1)], Bag([K0, K0]), "the bag has 2 elements"),
        (dict[K, Bit], each(4), "[K0]: 4 is outside Range(0, 1)"),
        (dict[K, Bit], {K0: 0, K1: 9}, "[K1]: 9 is outside Range(0, 1)"),
        (dict[K, Bit], {K0: 0, "k": 1}, "the key 'k' is outside K"),
        (dict[K, Bit], {K0: anything(), "k": 1}, "the key 'k' is outside K"),
        (dict[K, dict[K, Bit]], each({K1: 7}), "[K0][K1]: 7 is outside Range(0, 1)"),
        (Annotated[dict[K, Bit], Total], {K0: anything()}, "the map has no value for the key K1; dict[K, Range(0, 1)] is total"),
        (Leaf, Sure(), "Sure(n=1) is outside Leaf"),
        (Leaf, {"up": True}, "{'up': True} is outside Leaf"),
        (Leaf | None, 5, "5 is outside Leaf | None"),
    ],
)
def test_a_default_outside_its_domain_is_an_error_that_says_where(annotation: Any, default: Any, message: str) -> None:
    cls = spec(annotation, default)
    with pytest.raises(DefaultOutsideDomain) as caught:
        cls()
    assert caught.value.message.startswith("the default of 'x' of Made: ") and message in caught.value.message


def test_a_default_of_a_record_is_checked_when_the_record_is_first_used() -> None:
    class Wrong(Record):
        n: Bit = 7

    with pytest.raises(DefaultOutsideDomain, match="the default of 'n' of Wrong: 7 is outside"):
        Wrong()


def test_a_record_without_a_value_is_no_default() -> None:
    with pytest.raises(UnsetVariable, match="'n' of Bare has no value"):
        spec(Bare, Bare())()


def test_anything_needs_a_domain_that_can_be_enumerated() -> None:
    with pytest.raises(UnboundedDomain, match=r"'x' = anything\(\) over int \(64 bits\)"):
        spec(int, anything())()


def test_defaults_are_copied_for_every_state() -> None:
    default = [0]

    class Holder(Spec):
        x: Annotated[list[Bit], MaxLen(3)] = default
        by: dict[K, Sure] = each(Sure())
        also: Annotated[list[Bit], MaxLen(3)] = default

    one, other = Holder(), Holder()
    one.x.append(1)
    one.by[K0].n = 0
    default.append(1)
    assert (other.x, other.also, one.also, one.by[K1].n, other.by[K0].n) == ([0], [0], [0], 1, 1)


def test_the_least_of_several_initial_values_is_taken_outside_an_engine() -> None:
    assert spec(dict[K, Bit], each(anything()))().x == {K0: 0, K1: 0}  # type: ignore[attr-defined]
    assert spec(Branch, Branch())().x == Branch(leaf=Leaf(n=0), by=each(False))  # type: ignore[attr-defined]


def test_a_field_with_several_initial_values_is_unset_in_a_new_record() -> None:
    leaf = Leaf()
    assert leaf.up is True
    with pytest.raises(UnsetVariable, match="'n' of Leaf is read before it has a value"):
        _ = leaf.n


def test_what_stands_for_defaults_shows_itself() -> None:
    assert (repr(each(each(0))), repr(anything()), repr(ABSENT)) == ("each(each(0))", "anything()", "absent")
    assert repr(each_by(len)) == "each_by(<built-in function len>)"


def test_errors_of_all_variables_are_reported_together() -> None:
    cls = type(Spec)("Many", (Spec,), {"__module__": __name__, "__annotations__": {"a": str, "b": list[bool], "c": bool, "d": dict[int, bool]}})
    with pytest.raises(SpeccheckError) as caught:
        domains_of(cls)
    assert [(error.code, error.field[1]) for error in caught.value.errors] == [("SC201", "a"), ("SC202", "b"), ("SC206", "d")]  # type: ignore[attr-defined]
