"""The types of the values of a trace: found in the values themselves, for a trace knows nothing of the model.

In: values. Out: the least type that has all of them. It says what their JSON alone does not: which strings are members of a sort, which maps are bags, what the
class of a record is::

    Map(((RM0, 3), (RM1, None)))  ->  MapType(SortType("RM", ((0, "RM0"), (1, "RM1"))), UnionType((INT, NONE)))

Written as in an annotation: `dict[RM, int | None]` (see `type_text`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value


@dataclass(frozen=True)
class Scalar:
    """None, the booleans, the integers, or the strings."""

    name: Literal["None", "bool", "int", "str"]


@dataclass(frozen=True)
class SortType:
    """Members of a sort or an enum: number and name of those that were seen, in order."""

    name: str
    members: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ListType:
    """Lists, or tuples of any length."""

    element: "Type"
    immutable: bool = False


@dataclass(frozen=True)
class TupleType:
    """Tuples of one length."""

    items: "tuple[Type, ...]"


@dataclass(frozen=True)
class SetType:
    """Sets."""

    element: "Type"


@dataclass(frozen=True)
class BagType:
    """Bags."""

    element: "Type"


@dataclass(frozen=True)
class MapType:
    """Maps."""

    key: "Type"
    item: "Type"


@dataclass(frozen=True)
class RecordType:
    """Records of one class; `tagged` where they stand in a union, whose JSON then says the class."""

    name: str
    fields: "tuple[tuple[str, Type], ...]"
    tagged: bool = False


@dataclass(frozen=True)
class UnionType:
    """One of several types, none of which is a union; of none at all where no value was seen."""

    alternatives: "tuple[Type, ...]"


Type: TypeAlias = Scalar | SortType | ListType | TupleType | SetType | BagType | MapType | RecordType | UnionType

NONE, BOOL, INT, STR = Scalar("None"), Scalar("bool"), Scalar("int"), Scalar("str")
NEVER = UnionType(())


def type_of(value: Value) -> Type:
    """Return the least type of a value."""
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case int():
            return INT
        case str():
            return STR
        case Member(sort, index, name):
            return SortType(sort, ((index, name),))
        case Sequence(items, immutable):
            return ListType(type_of_all(items), immutable)
        case Tuple(items):
            return TupleType(tuple(map(type_of, items)))
        case Set(items):
            return SetType(type_of_all(items))
        case Bag(counted):
            return BagType(type_of_all(item for item, _ in counted))
        case Map(pairs):
            return MapType(type_of_all(key for key, _ in pairs), type_of_all(item for _, item in pairs))
        case Record(name, fields, tagged):
            return RecordType(name, tuple((field, type_of(item)) for field, item in fields), tagged)
    assert_never(value)


def type_of_all(values: Iterable[Value]) -> Type:
    """Return the least type that has all of the values."""
    found: Type = NEVER
    for value in values:
        found = joined(found, type_of(value))
    return found


def joined(one: Type, other: Type) -> Type:
    """Return the least type that has the values of both. None stands last, as one writes it."""
    alternatives: list[Type] = []
    for candidate in (*_alternatives(one), *_alternatives(other)):
        for number, known in enumerate(alternatives):
            both = _merged(known, candidate)
            if both is not None:
                alternatives[number] = both
                break
        else:
            alternatives.append(candidate)
    ordered = tuple(sorted(alternatives, key=lambda alternative: alternative == NONE))
    return ordered[0] if len(ordered) == 1 else UnionType(ordered)


def sorts_of(type_: Type) -> list[SortType]:
    """Return the sorts that a type mentions, as often as it does."""
    match type_:
        case SortType():
            return [type_]
        case Scalar():
            return []
        case ListType(element) | SetType(element) | BagType(element):
            return sorts_of(element)
        case MapType(key, item):
            return [*sorts_of(key), *sorts_of(item)]
        case TupleType(items) | UnionType(items):
            return [sort for item in items for sort in sorts_of(item)]
        case RecordType(_, fields):
            return [sort for _, item in fields for sort in sorts_of(item)]
    assert_never(type_)


def _alternatives(type_: Type) -> tuple[Type, ...]:
    return type_.alternatives if isinstance(type_, UnionType) else (type_,)


def _merged(one: Type, other: Type) -> Type | None:
    """Two types of one shape as one; None where they are alternatives."""
    match one, other:
        case (Scalar(), Scalar()) if one == other:
            return one
        case SortType(name, members), SortType(other_name, others) if name == other_name:
            return SortType(name, tuple(sorted({*members, *others})))
        case ListType(element, immutable), ListType(other_element, other_immutable) if immutable == other_immutable:
            return ListType(joined(element, other_element), immutable)
        case TupleType(items), TupleType(other_items) if len(items) == len(other_items):
            return TupleType(tuple(map(joined, items, other_items)))
        case SetType(element), SetType(other_element):
            return SetType(joined(element, other_element))
        case BagType(element), BagType(other_element):
            return BagType(joined(element, other_element))
        case MapType(key, item), MapType(other_key, other_item):
            return MapType(joined(key, other_key), joined(item, other_item))
        case RecordType(name, fields, tagged), RecordType(_, other_fields) if _shape(one) == _shape(other):
            return RecordType(name, tuple((field, joined(item, other_item)) for (field, item), (_, other_item) in zip(fields, other_fields)), tagged)
    return None


def _shape(record: RecordType) -> tuple[str, tuple[str, ...], bool]:
    return record.name, tuple(field for field, _ in record.fields), record.tagged
