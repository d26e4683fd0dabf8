"""From annotations to domains: what is refused, with which message and remedy; where defaults decide; names and aliases."""

import collections
import dataclasses
import sys
import types
import typing
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from enum import Enum
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, NewType, Optional, TypedDict, TypeVar, Union

import pytest
from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, MultipleOf, Unit

from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.containers import Maps
from speccheck.domains.defaults import anything, each, each_by
from speccheck.domains.records import Record, domains_of
from speccheck.domains.sorts import Sort
from speccheck.dsl.rules import init
from speccheck.dsl.spec import Spec
from speccheck.errors import (
    AmbiguousDomain,
    BadAnnotation,
    DefaultOutsideDomain,
    KeyNotFinite,
    MutableInside,
    NoDomain,
    SpeccheckError,
    UnboundedDomain,
)
from tests.unit.domains.drawn import RM, Bit, Color, Level, Node, Point, Prepared, Server, Vote, Word

T = TypeVar("T")
Big = Annotated[int, Range(0, 2000)]


class Ordinary:
    """A class that nobody can enumerate."""


class NoMembers(Enum):
    """An enum without members."""


class Unhashable(Enum):
    A = 1

    def __eq__(self, other: object) -> bool:
        return self is other


class Dictionary(TypedDict):
    x: int


@dataclass
class Thawed:
    x: bool


@dataclass(frozen=True, eq=False)
class NeverEqual:
    x: bool


@dataclass(frozen=True)
class OwnEquality:
    x: bool

    def __eq__(self, other: object) -> bool:
        return True


@dataclass(frozen=True)
class OwnHash:
    x: bool

    def __hash__(self) -> int:
        return 1


@dataclass(frozen=True)
class OfOwnEquality(OwnEquality):
    y: bool


@dataclass(frozen=True)
class HasList:
    items: list[int]


@dataclass(frozen=True)
class HasRecord:
    node: Node


@dataclass(frozen=True)
class Computed:
    x: bool = field(init=False, default=True)


@dataclass(frozen=True)
class Ignored:
    x: bool = field(compare=False)


@dataclass(frozen=True)
class Initialised:
    x: bool
    y: InitVar[int]


@dataclass(frozen=True)
class Endless:
    next: "Endless | None"


class OtherPoint(NamedTuple):
    a: Bit
    b: Color


class EqualPoint(NamedTuple):
    x: bool

    def __eq__(self, other: object) -> bool:
        return True


Untyped = collections.namedtuple("Untyped", "x y")


class EndlessRecord(Record):
    next: "EndlessRecord | None" = None


class First(Record):
    second: "Second"


class Second(Record):
    first: First


class Lost(Record):
    x: "Nowhere"  # type: ignore[name-defined]  # noqa: F821


NO_DOMAIN: list[tuple[Any, str, str]] = [
    (str, "'str' denotes no finite set of values", "Literal['a', 'b']"),
    (float, "'float' denotes no finite set of values", "bounded integers"),
    (Any, "'Any' denotes no finite set of values", "Use bool"),
    (object, "'object' denotes", "Use bool"),
    (bytes, "'bytes' denotes", "Use bool"),
    (Ordinary, "'Ordinary' denotes", "Use bool"),
    (Dictionary, "'Dictionary' denotes", "Use bool"),
    (type[int], "'type' denotes", "Use bool"),
    (Callable[[], int], "'Callable' denotes", "Use bool"),
    (T, "'T' denotes no set of values", "Use bool"),
    (5, "'5' denotes no set of values", "Use bool"),
    (list, "'list' does not say what is in it", "Write list[...]."),
    (typing.List, "'list' does not say what is in it", "Write list[...]."),  # noqa: UP006
    (dict, "'dict' does not say what is in it", "Write dict[...]."),
    (tuple, "'tuple' does not say what is in it", "Write tuple[...]."),
    (typing.Tuple, "'tuple' does not say what is in it", "Write tuple[...]."),  # noqa: UP006
    (set, "'set' does not say what is in it", "Write set[...]."),
    (frozenset, "'frozenset' does not say what is in it", "Write frozenset[...]."),
    (Bag, "'Bag' does not say what is in it", "Write Bag[...]."),
    (Sort, "'Sort' itself has no members", "class Name(Sort, size=n)"),
    (Record, "'Record' itself has no fields", "Derive a class from Record."),
    (Spec, "Spec is a Spec, not a value", "Derive nested state from Record."),
    (NoMembers, "the enum NoMembers has no members", "Use bool"),
    (Untyped, "'x' of Untyped has no annotation", "class Name(NamedTuple)"),
    (Literal[b"x"], "Literal[b'x']: a literal is", "Use bool"),
    (set[str], "'str' denotes no finite set of values", "Texts are unbounded"),
]

UNBOUNDED: list[tuple[Any, str, str]] = [
    (list[bool], "a list without a capacity", "Write Annotated[list[...], MaxLen(n)]."),
    (tuple[bool, ...], "a tuple without a capacity", "Write Annotated[tuple[..., ...], MaxLen(n)]."),
    (Bag[RM], "a bag without a capacity", "Write Annotated[Bag[...], MaxLen(n)]."),
    (set[Big], "a set over Range(0, 2000), which has 2,001 values, without a capacity", "more than 1,024 values"),
    (frozenset[Big], "a set over Range(0, 2000), which has 2,001 values, without a capacity", "Annotated[frozenset[...], MaxLen(n)]"),
    (dict[RM, list[bool]], "a list without a capacity", "MaxLen"),
    (list[bool] | None, "a list without a capacity", "MaxLen"),
    (Endless, "Endless contains itself, so its values are unbounded", "Refer to other records by a sort or a number"),
    (EndlessRecord, "EndlessRecord contains itself, so its values are unbounded", "Refer to other records by a sort or a number"),
    (First, "First contains itself, so its values are unbounded", "Refer to other records by a sort or a number"),
]

NOT_FINITE: list[tuple[Any, str, str]] = [
    (dict[int, bool], "the keys of a map: int (64 bits) has 18,446,744,073,709,551,616 values", "Use a Sort"),
    (dict[list[int], bool], "the keys of a map: 'list[int]' is mutable", "frozen dataclass"),
    (dict[Node, bool], "the keys of a map: Node is mutable", "frozen dataclass"),
    (set[Node], "the elements of a set: Node is mutable", "frozen dataclass"),
    (set[set[RM]], "the elements of a set: 'set[RM]' is mutable", "frozenset"),
    (frozenset[dict[RM, bool]], "the elements of a set: 'dict[RM, bool]' is mutable", "frozen dataclass"),
    (Annotated[Bag[Node], MaxLen(2)], "the elements of a bag: Node is mutable", "frozen dataclass"),
]

MUTABLE_INSIDE: list[tuple[Any, str, str]] = [
    (Thawed, "the dataclass Thawed is not frozen", "Write @dataclass(frozen=True) for a message or value, or class Thawed(Record) for mutable state."),
    (NeverEqual, "the dataclass NeverEqual has eq=False", "Drop eq=False."),
    (OwnEquality, "OwnEquality defines __eq__", "Drop __eq__"),
    (OwnHash, "OwnHash defines __hash__", "Drop __hash__"),
    (EqualPoint, "EqualPoint defines __eq__", "Drop __eq__"),
    (Unhashable, "the members of the enum Unhashable are not hashable", "define __hash__"),
    (HasList, "'items' of HasList: 'list[int]' is mutable", "Use a tuple, a frozenset or a frozen dataclass."),
    (HasRecord, "'node' of HasRecord: Node is mutable", "Use a tuple, a frozenset or a frozen dataclass."),
    (tuple[list[int], bool], "the elements of a tuple: 'list[int]' is mutable", "Use a tuple"),
    (Annotated[tuple[Node, ...], MaxLen(1)], "the elements of a tuple: Node is mutable", "Use a tuple"),
    (Computed, "'x' of the dataclass Computed is computed (init=False)", "Compute it in a property."),
    (Ignored, "'x' of the dataclass Ignored has compare=False", "Drop compare=False."),
    (Initialised, "the constructor of the dataclass Initialised takes something else than its fields", "write a function"),
]

AMBIGUOUS: list[tuple[Any, str, str]] = [
    (Point | OtherPoint, "Point | OtherPoint contains values that are equal to each other", "frozen dataclasses instead of NamedTuples"),
    (Point | tuple[Bit, Color], "Point | tuple[Range(0, 1), Color] contains values that are equal", "frozen dataclasses"),
    (Annotated[tuple[RM, ...], MaxLen(2)] | tuple[RM, RM], "tuple[RM, ...] of at most 2 | tuple[RM, RM] contains values", "different values"),
    (bool | Literal[0, 1], "bool | Literal[0, 1] contains values that are equal to each other", "different values"),
    (bool | int, "bool | int (64 bits) contains values that are equal to each other", "different values"),
    (Literal[True, 1], "Literal[True, 1]: the two values are equal", "different values"),
    (Word | Literal["yes"], "Word | Literal['yes'] contains values that are equal to each other", "different values"),
    (Level | Annotated[int, Range(0, 7)], "Level | Range(0, 7) contains values that are equal to each other", "different values"),
    (set[RM] | frozenset[Server], "set[RM] | frozenset[Server] contains values that are equal to each other", "different values"),
    (dict[RM, bool] | dict[Server, bool], "contains values that are equal to each other", "different values"),
    (Annotated[list[RM], MaxLen(1)] | Annotated[list[bool], MaxLen(1)], "contains values that are equal to each other", "different values"),
    (Literal["a"] | Literal["a", "b"], "Literal['a'] | Literal['a', 'b'] contains values that are equal", "different values"),
]

BAD: list[tuple[Any, str, str]] = [
    (Annotated[int, Range(3, 1)], "Range(3, 1) contains no value", ""),
    (Annotated[int, range(0)], "range(0, 0) contains no value", ""),
    (Annotated[int, range(5, 0, 2)], "contains no value", ""),
    (Annotated[int, Range(0, 2**63)], "the bound 9223372036854775808 of an int is wider than 64 bits", ""),
    (Annotated[int, Range(0.5, 3)], "the bound 0.5 of an int is no integer", ""),  # type: ignore[arg-type]
    (Annotated[int, Gt(0.5)], "the bound 0.5 of an int is no integer", ""),
    (Annotated[int, Range(True, 3)], "the bound True of an int is no integer", ""),
    (Annotated[int, MultipleOf(2)], "MultipleOf(2) says nothing about an int", "Write Annotated[int, Range(lo, hi)]."),
    (Annotated[int, MaxLen(3)], "MaxLen(3) says nothing about an int", "Write Annotated[int, Range(lo, hi)]."),
    (Annotated[bool, Range(0, 1)], "Range(0, 1) says nothing about 'bool'", "Put the mark on what it restricts"),
    (Annotated[int | None, Range(0, 3)], "Range(0, 3) says nothing about 'int | None'", "Annotated[int, Range(0, 3)] | None"),
    (Annotated[list[bool], MaxLen(-1)], "MaxLen(-1): a capacity is a natural number", ""),
    (Annotated[list[bool], MaxLen(1.5)], "MaxLen(1.5): a capacity is a natural number", ""),  # type: ignore[arg-type]
    (Annotated[list[bool], MinLen(1)], "MinLen(1) says nothing about a list", "an invariant"),
    (Annotated[list[bool], Len(1, 3)], "Len(1, 3) says nothing about a list", "an invariant"),
    (Annotated[list[bool], Range(0, 3)], "Range(0, 3) says nothing about a list", "Write MaxLen(n)"),
    (Annotated[set[RM], Total], "Total says nothing about a set", ""),
    (Annotated[tuple[bool, bool], MaxLen(2)], "MaxLen(2) says nothing about a tuple of fixed length", "Drop it."),
    (Annotated[dict[RM, bool], MaxLen(2)], "MaxLen(2) says nothing about a map", "Total or Partial"),
    (Annotated[dict[RM, bool], Total, Partial], "a map is either Total or Partial", "Drop one"),
    (Literal[()], "Literal[()] contains no value", ""),
    (Lost, "the annotation 'Nowhere' cannot be evaluated: name 'Nowhere' is not defined", "names must be importable"),
]

REFUSED = {
    NoDomain: NO_DOMAIN,
    UnboundedDomain: UNBOUNDED,
    KeyNotFinite: NOT_FINITE,
    MutableInside: MUTABLE_INSIDE,
    AmbiguousDomain: AMBIGUOUS,
    BadAnnotation: BAD,
}


def refusal(annotation: Any) -> SpeccheckError:
    """Return the one error that an annotation raises."""
    with pytest.raises(SpeccheckError) as caught:
        domain_of(annotation)
    (error,) = caught.value.errors
    return error


@pytest.mark.parametrize(
    ("error", "annotation", "message", "remedy"),
    [(error, *row) for error, rows in REFUSED.items() for row in rows],
    ids=[f"{error.code} {row[1][:50]}" for error, rows in REFUSED.items() for row in rows],
)
def test_what_denotes_no_domain_is_refused_with_a_reason_and_a_remedy(error: type[SpeccheckError], annotation: Any, message: str, remedy: str) -> None:
    refused = refusal(annotation)
    assert type(refused) is error
    assert message in refused.message
    assert remedy in refused.remedy and refused.remedy


def test_a_recursive_record_is_refused_again_after_the_first_time() -> None:
    assert [type(refusal(cls)) for cls in (First, Second, First, EndlessRecord, EndlessRecord)] == [UnboundedDomain] * 5


def test_the_field_to_change_is_the_innermost_one() -> None:
    class Outer(Record):
        lost: Lost

    class Whole(Spec):
        outer: Outer
        other: str

    with pytest.raises(SpeccheckError) as caught:
        domains_of(Whole)
    second, first = caught.value.errors
    assert (first.field, second.field) == ((Lost, "x"), (Whole, "other"))  # type: ignore[attr-defined]
    assert first.notes == ("in 'x' of Lost", "in 'lost' of Outer", "in 'outer' of Whole")


def test_dataclasses_that_inherit_only_made_methods_are_fine() -> None:
    @dataclass(frozen=True)
    class Base:
        x: bool

    @dataclass(frozen=True, order=True, slots=True, kw_only=True)
    class Derived(Base):
        y: bool = True

    assert domain_of(Derived).value(1) == Derived(x=False, y=True)


def test_a_field_with_a_list_is_refused_whatever_else_is_wrong_with_it() -> None:
    assert type(refusal(HasList)) is MutableInside  # not: a list without a capacity


def test_equal_methods_written_in_a_text_are_seen_as_ones_own() -> None:
    namespace: dict[str, Any] = {}
    exec(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Made:\n    x: bool\n    def __eq__(self, other):\n        return True\n",
        namespace,
    )
    namespace["Made"].__module__ = __name__
    assert refusal(namespace["Made"]).message == "Made defines __eq__"


# ---------------------------------------------------------------- integers


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((Range(-2, 2),), [-2, -1, 0, 1, 2]),
        ((range(3),), [0, 1, 2]),
        ((range(2, 4),), [2, 3]),
        ((range(0, 7, 3),), [0, 3, 6]),
        ((range(6, -1, -3),), [0, 3, 6]),
        ((range(0, 7, 3), Range(1, 9)), [3, 6]),
        ((Ge(1), Le(2)), [1, 2]),
        ((Gt(1), Lt(4)), [2, 3]),
        ((Interval(gt=0, le=2),), [1, 2]),
        ((Range(0, 9), Le(1)), [0, 1]),
        ((Range(5, 5), "a text", Unit("s")), [5]),
    ],
)
def test_bounds_of_integers_may_be_written_in_many_ways(marks: tuple[Any, ...], expected: list[int]) -> None:
    assert list(domain_of(Annotated[(int, *marks)])) == expected  # type: ignore[valid-type]


def test_int_is_64_bits() -> None:
    domain = domain_of(int)
    assert (domain.value(0), domain.value(domain.size - 1), domain.bits) == (-(2**63), 2**63 - 1, 64)
    assert domain.contains(2**63 - 1) and not domain.contains(2**63)


def test_a_half_bounded_int_ends_at_64_bits() -> None:
    assert domain_of(Annotated[int, Ge(0)]).size == 2**63


def test_the_tightest_capacity_counts() -> None:
    assert domain_of(Annotated[list[bool], MaxLen(3), MaxLen(1)]).size == 3


# ---------------------------------------------------------------- unions


def test_none_comes_last_wherever_it_is_written() -> None:
    assert list(domain_of(None | bool)) == list(domain_of(bool | None)) == list(domain_of(Optional[bool])) == [False, True, None]
    assert list(domain_of(Union[None, Literal["a"], bool])) == ["a", False, True, None]


def test_nested_unions_are_flat() -> None:
    domain = domain_of(Optional[Union[bool, Optional[Literal["x"]]]])
    assert list(domain) == [False, True, "x", None]


def test_a_union_of_one_is_that_one() -> None:
    assert list(domain_of(Union[bool])) == [False, True]


# ---------------------------------------------------------------- maps: total or partial


def totality(default: Any, form: Any = dict[Server, bool]) -> Any:
    """Return whether a variable of that form with that default is a total map, and its inner map if there is one."""
    holder = types.new_class("Holder", (Spec,), exec_body=lambda body: body.update({"__annotations__": {"m": form}, "__module__": __name__, "m": default}))
    domain = domains_of(holder)["m"]
    assert isinstance(domain, Maps)
    inner = domain.value_domain
    return (domain.total, inner.total) if isinstance(inner, Maps) else domain.total


SERVERS = tuple(Server)
NESTED = dict[Server, dict[RM, bool]]


@pytest.mark.parametrize(
    ("default", "total"),
    [
        (each(True), True),
        (each_by(lambda server: server is SERVERS[0]), True),
        (anything(), True),
        (dict.fromkeys(SERVERS, False), True),
        ({SERVERS[0]: True}, False),
        ({}, False),
    ],
)
def test_a_map_is_total_exactly_if_its_default_gives_every_key_a_value(default: Any, total: bool) -> None:
    assert totality(default) is total


@pytest.mark.parametrize(
    ("default", "total"),
    [
        (each(each(True)), (True, True)),
        (each({}), (True, False)),
        (each_by(lambda server: {} if server is SERVERS[0] else each(True)), (True, False)),
        (each_by(lambda server: each(True)), (True, True)),
        (anything(), (True, True)),
        ({}, (False, False)),
        (dict.fromkeys(SERVERS, each(True)), (True, True)),
        ({SERVERS[0]: each(True)}, (False, False)),
    ],
)
def test_a_nested_map_is_total_exactly_if_all_its_defaults_are(default: Any, total: Any) -> None:
    assert totality(default, NESTED) == total


def test_a_map_without_a_default_is_total_and_so_are_the_maps_in_it() -> None:
    class Late(Spec):
        m: dict[Server, dict[RM, bool]]

        @init
        def start(self) -> None:
            self.m = each(each(False))

    domain = domains_of(Late)["m"]
    assert isinstance(domain, Maps) and isinstance(domain.value_domain, Maps)
    assert domain.total and domain.value_domain.total
    assert Late().m == {server: dict.fromkeys(RM, False) for server in Server}


@pytest.mark.parametrize("form", [Annotated[list[dict[Server, bool]], MaxLen(1)], dict[Server, bool] | None])
def test_a_map_where_no_default_can_stand_is_partial(form: Any) -> None:
    assert domain_of(form).contains([{}] if "list" in str(form) else {})


def test_a_mark_says_what_the_default_does_not() -> None:
    assert totality(each(True), Annotated[dict[Server, bool], Partial]) is False
    assert totality(anything(), Annotated[dict[Server, bool], Partial()]) is False
    assert domain_of(Annotated[dict[Server, bool], Total]).size == domain_of(Annotated[dict[Server, bool], Total()]).size == 4
    assert domain_of(Annotated[dict[Server, bool], Partial]).size == domain_of(dict[Server, bool]).size == 9


def test_the_default_of_a_map_marked_total_must_have_all_keys() -> None:
    class Gap(Spec):
        m: Annotated[dict[Server, bool], Total] = {SERVERS[0]: True}

    with pytest.raises(DefaultOutsideDomain, match="the default of 'm' of Gap: the map has no value for the key Server1"):
        Gap()


def test_the_fields_of_records_decide_for_themselves() -> None:
    class Book(Record):
        open: dict[Server, bool] = {}
        known: dict[Server, bool] = each(False)
        late: dict[Server, bool]

    class Library(Spec):
        books: dict[Server, Book] = each(Book(late=each(True)))

    fields = domains_of(Book)
    assert [fields[name].total for name in ("open", "known", "late")] == [False, True, True]  # type: ignore[attr-defined]
    assert Library().books[SERVERS[1]].known == dict.fromkeys(Server, False)


# ---------------------------------------------------------------- names, texts, aliases


def test_texts_are_evaluated_where_the_class_stands() -> None:
    class Local(Sort, size=2):
        """Known to this function only."""

    @dataclass(frozen=True)
    class Letter:
        to: "Local"
        inner: "Letter2 | None" = None

    @dataclass(frozen=True)
    class Letter2:
        copy: "Local"

    class Box(Record):
        letters: "set[Letter]" = set()

    class Post(Spec):
        class Kind(Enum):
            NEAR = 1
            FAR = 2

        box: "Box" = Box()
        sent: set["Letter"] = set()
        kind: "Kind" = Kind.NEAR

        def set(self) -> None:
            """Not what the annotation `set[...]` means."""

    assert [domain.size for domain in domains_of(Post).values()] == [2**6, 2**6, 2]


def test_a_local_dataclass_that_contains_itself_is_recognised() -> None:
    @dataclass(frozen=True)
    class Chain:
        next: "Chain | None"

    assert type(refusal(Chain)) is UnboundedDomain


def test_the_future_import_changes_nothing() -> None:
    source = """
from __future__ import annotations
import typing as t
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from speccheck.dsl.spec import Spec

class Later(Spec):
    notes: set[Note] = set()
    node: Node | None = None
    LIMIT: ClassVar[int] = 3
    OTHER: t.ClassVar[int] = 4
    PLACE: t.Annotated[ClassVar[int], "a text"] = 5
    pair: Pair

class RM(Sort, size=2): ...

@dataclass(frozen=True)
class Note:
    rm: RM

class Node(Record):
    up: bool = True

class Pair(NamedTuple):
    a: RM
    b: bool
"""
    module = types.ModuleType("later")
    sys.modules["later"] = module
    try:
        exec(compile(source, "later.py", "exec"), vars(module))
        domains = domains_of(module.Later)
    finally:
        del sys.modules["later"]
    assert {name: domain.size for name, domain in domains.items()} == {"notes": 4, "node": 3, "pair": 4}
    assert (module.Later.LIMIT, module.Later.OTHER, module.Later.PLACE) == (3, 4, 5)


def test_fields_of_an_inherited_dataclass_are_evaluated_in_its_own_module() -> None:
    module = types.ModuleType("elsewhere")
    sys.modules["elsewhere"] = module
    source = "from dataclasses import dataclass\nclass Base: ...\nBit = bool\n@dataclass(frozen=True)\nclass Base:\n    x: 'Bit'\n"
    try:
        exec(source, vars(module) | {"__name__": "elsewhere"}, vars(module))
        module.Base.__module__ = "elsewhere"
        derived = dataclasses.make_dataclass("Derived", [("y", bool)], bases=(module.Base,), frozen=True)
        derived.__module__ = __name__
        assert domain_of(derived).size == 4
    finally:
        del sys.modules["elsewhere"]


def test_new_types_and_final_are_what_they_stand_for() -> None:
    assert list(domain_of(NewType("Flag", bool))) == [False, True]
    assert list(domain_of(Final[bool])) == [False, True]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement `type X = ...` is of Python 3.12")
def test_type_aliases_are_what_they_stand_for() -> None:
    namespace: dict[str, Any] = {"__name__": __name__, **globals()}
    exec(
        "type Small = Annotated[int, Range(0, 1)]\n"
        "type Maybe[T] = T | None\n"
        "type Swapped[A, B] = tuple[B, A]\n"
        "type Tree = Annotated[list[Tree], MaxLen(2)]\n"
        "type Unknown = Nowhere\n",
        namespace,
    )
    small, maybe, swapped = namespace["Small"], namespace["Maybe"], namespace["Swapped"]
    assert list(domain_of(small)) == [0, 1]
    assert list(domain_of(maybe[small])) == [0, 1, None]
    assert list(domain_of(swapped[bool, None])) == [(None, False), (None, True)]
    assert domain_of(Annotated[list[small], MaxLen(1)]).size == 3
    assert refusal(namespace["Tree"]).message == "Tree contains itself, so its values are unbounded"
    assert refusal(namespace["Unknown"]).message == "the annotation 'Unknown' cannot be evaluated: name 'Nowhere' is not defined"


# ---------------------------------------------------------------- class constants, overriding


class Base(Spec):
    LIMIT: ClassVar[int] = 2
    names = ("a", "b")
    x: Annotated[int, Range(0, 3)] = 1
    y: bool = False


def test_class_variables_and_attributes_without_annotation_are_constants() -> None:
    class Larger(Base):
        LIMIT = 5
        names = ("c",)

    assert list(domains_of(Base)) == ["x", "y"]
    assert (Base().LIMIT, Larger().LIMIT, Larger().names) == (2, 5, ("c",))


def test_a_class_whose_name_ends_in_classvar_is_no_classvar() -> None:
    class MyClassVar(Record):
        x: bool = True

    class Holder(Spec):
        one: MyClassVar = MyClassVar()

    assert list(domains_of(Holder)) == ["one"]


def test_a_subclass_may_give_another_default() -> None:
    class Other(Base):
        x = 3

    assert (Base().x, Other().x) == (1, 3)
    assert list(domains_of(Other)) == ["x", "y"]


def test_a_default_of_a_subclass_is_checked_against_the_inherited_domain() -> None:
    class Wrong(Base):
        x = 4

    with pytest.raises(DefaultOutsideDomain, match="the default of 'x' of Wrong: 4 is outside"):
        Wrong()


def test_a_subclass_may_give_another_domain_and_keep_the_default() -> None:
    class Wider(Base):
        x: Annotated[int, Range(0, 9)]

    class Both(Base):
        x: Annotated[int, Range(5, 9)] = 7

    assert (domains_of(Wider)["x"].size, Wider().x) == (10, 1)
    assert (domains_of(Both)["x"].size, Both().x) == (5, 7)
    assert (domains_of(Base)["x"].size, Base().x) == (4, 1)


def test_an_inherited_default_outside_the_new_domain_is_an_error() -> None:
    class Narrow(Base):
        x: Annotated[int, Range(5, 9)]

    with pytest.raises(DefaultOutsideDomain, match="the default of 'x' of Narrow"):
        Narrow()


# ---------------------------------------------------------------- descriptions


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (bool, "<bool>"),
        (int, "<int (64 bits)>"),
        (Bit, "<Range(0, 1)>"),
        (Annotated[int, range(0, 9, 4)], "<range(0, 9, 4)>"),
        (Literal["a", None], "<Literal['a', None]>"),
        (tuple[bool, RM], "<tuple[bool, RM]>"),
        (Annotated[tuple[RM, ...], MaxLen(2)], "<tuple[RM, ...] of at most 2>"),
        (Annotated[list[Prepared], MaxLen(2)], "<list[Prepared] of at most 2>"),
        (set[RM], "<set[RM]>"),
        (Annotated[frozenset[RM], MaxLen(2)], "<frozenset[RM] of at most 2>"),
        (Annotated[Bag[Vote | None], MaxLen(2)], "<Bag[Vote | None] of at most 2>"),
        (Annotated[dict[RM, bool], Total], "<dict[RM, bool]>"),
        (dict[RM, Node], "<dict[RM, Node] (partial)>"),
    ],
)
def test_a_domain_describes_itself_as_its_annotation(annotation: Any, text: str) -> None:
    assert repr(domain_of(annotation)) == text
