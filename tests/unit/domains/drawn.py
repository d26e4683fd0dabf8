"""Random annotations, and what they denote according to the language: written a second time, as simply as possible, for the domains to agree with."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, IntEnum
from itertools import chain, combinations, combinations_with_replacement, permutations, product
from math import comb, prod
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from hypothesis import strategies as st

from speccheck.domains.annotations import Partial, Range, Total
from speccheck.domains.bags import Bag
from speccheck.domains.records import Record, declared_fields
from speccheck.domains.sorts import Sort

Bit = Annotated[int, Range(0, 1)]


class RM(Sort, size=3, symmetric=True):
    """Interchangeable members."""


class Server(Sort, size=2, symmetric=True):
    """More of them."""


class Ring(Sort, size=3, ordered=True):
    """Members in an order."""


class Color(Enum):
    RED = "red"
    GREEN = "green"


class Word(str, Enum):
    YES = "yes"
    NO = "no"


class Level(IntEnum):
    LOW = 7
    HIGH = 9


@dataclass(frozen=True)
class Prepared:
    rm: RM


@dataclass(frozen=True)
class Vote:
    src: Server
    yes: bool


@dataclass(frozen=True)
class Ack:
    votes: frozenset[Server]
    level: Bit | None


class Point(NamedTuple):
    x: Bit
    y: Color


class Node(Record):
    up: bool = True
    seen: set[Server] = set()


class Pair(Record):
    left: Node = Node()
    log: Annotated[list[Bit], MaxLen(1)] = []


SCALARS: list[Any] = [
    bool, Literal["a", "b"], Literal["z", "m", "b"], Literal[5, 3], Literal["x", 1], Color, Word, Level, RM, Server, Ring, Bit, Annotated[int, Range(-2, 1)],
    Annotated[int, range(3)], Annotated[int, range(0, 9, 4)],
]  # fmt: skip
# No two alternatives of a union may hold values that are equal to each other, so each is drawn from a kind of its own.
KINDS: list[list[Any]] = [
    [NoneType], [bool, Literal[1]], [Annotated[int, Range(2, 4)]], [Level], [Literal["a", "b"], Literal["z"]], [Color], [Word], [RM], [Server], [Ring],
    [Prepared], [Vote], [Ack], [Point, Annotated[tuple[RM, ...], MaxLen(1)], tuple[bool, RM]], [frozenset[Server], Annotated[frozenset[RM], MaxLen(1)]],
]  # fmt: skip
MUTABLE_KINDS: list[list[Any]] = [
    [Annotated[list[Bit], MaxLen(2)], Annotated[list[Node], MaxLen(1)]], [dict[Server, Bit], Annotated[dict[Server, bool], Total]],
    [Annotated[Bag[Server], MaxLen(2)]], [Node], [Pair],
]  # fmt: skip


def unions(kinds: list[list[Any]]) -> st.SearchStrategy[Any]:
    """Draw `A | B | ...` of different kinds."""
    chosen = st.lists(st.sampled_from(range(len(kinds))), min_size=2, max_size=4, unique=True)
    return chosen.flatmap(lambda numbers: st.tuples(*(st.sampled_from(kinds[n]) for n in numbers))).map(lambda alternatives: Union[alternatives])


def bounded(form: Any, limit: int) -> Any:
    return Annotated[form, MaxLen(limit)]


def of_immutable(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw an immutable container of what `inner` draws."""
    limits = st.integers(0, 2)
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: tuple[tuple(parts)]),  # type: ignore[misc]
        st.builds(lambda one, limit: bounded(tuple[one, ...], limit), inner, limits),
        inner.map(lambda one: frozenset[one]),
        st.builds(lambda one, limit: bounded(frozenset[one], limit), inner, limits),
    )


IMMUTABLE = st.recursive(st.one_of(st.sampled_from([*SCALARS, Prepared, Vote, Ack, Point]), unions(KINDS)), of_immutable, max_leaves=3)
KEYS = st.sampled_from([bool, RM, Server, Word, Literal["z", "m"], Bit, Vote, tuple[bool, Server], RM | None])


def of_any(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw a mutable container of what `inner` draws."""
    limits = st.integers(0, 2)
    return st.one_of(
        st.builds(lambda one, limit: bounded(list[one], limit), inner, limits),
        st.builds(lambda key, one, mark: Annotated[dict[key, one], mark], KEYS, inner, st.sampled_from([Total, Partial])),
    )


FLAT_MUTABLE = st.one_of(
    IMMUTABLE.map(lambda one: set[one]),
    st.builds(lambda one, limit: bounded(set[one], limit), IMMUTABLE, st.integers(0, 2)),
    st.builds(lambda one, limit: bounded(Bag[one], limit), IMMUTABLE, st.integers(0, 2)),
    st.sampled_from([Node, Pair]),
    unions([*KINDS, *MUTABLE_KINDS]),
)
MUTABLE = st.recursive(st.one_of(FLAT_MUTABLE, of_any(IMMUTABLE)), of_any, max_leaves=2)
ANNOTATIONS = st.one_of(IMMUTABLE, MUTABLE).filter(lambda annotation: fits(annotation))


# ---------------------------------------------------------------- what an annotation denotes


def count(annotation: Any) -> int:
    """Return the number of values, by arithmetic; OverflowError for astronomic ones."""
    whole = annotation
    annotation, marks = unwrapped(annotation)
    origin, inside = get_origin(annotation) or annotation, get_args(annotation)
    limit = next((m.max_length for m in marks if isinstance(m, MaxLen)), None)
    if origin in (Union, UnionType):
        return sum(map(count, inside))
    if structured(annotation):
        return prod(count(one) for _, one in annotations_of(annotation))
    if not inside or origin is Literal:
        return len(list(all_values(whole)))
    n = count(inside[0])
    if n > (10 if limit is None else 1000):
        raise OverflowError
    if (origin is tuple and Ellipsis in inside) or origin is list:
        return sum(n**k for k in range(limit + 1))
    if origin is tuple:
        return prod(map(count, inside))
    if origin is Bag:
        return sum(comb(n + k - 1, k) for k in range(limit + 1))
    if origin is dict:
        return (count(inside[1]) + (Total not in marks)) ** n
    return sum(comb(n, k) for k in range((n if limit is None else limit) + 1))


def fits(annotation: Any, most: int = 300) -> bool:
    """Return whether the values are so few that a test can look at all of them."""
    try:
        return count(annotation) <= most
    except OverflowError:
        return False


def all_values(annotation: Any) -> Iterator[Any]:
    """Yield the plain values in domain order (semantics 1.1)."""
    annotation, marks = unwrapped(annotation)
    origin, inside = get_origin(annotation) or annotation, get_args(annotation)
    limit = next((m.max_length for m in marks if isinstance(m, MaxLen)), None)
    if origin in (Union, UnionType):
        for alternative in sorted(inside, key=lambda one: one is NoneType):
            yield from all_values(alternative)
    elif origin is Literal:
        yield from inside
    elif (origin is tuple and Ellipsis in inside) or origin is list:
        elements = list(all_values(inside[0]))
        yield from map(origin, chain.from_iterable(product(elements, repeat=k) for k in range(limit + 1)))
    elif origin is tuple:
        yield from product(*map(all_values, inside))
    elif origin in (set, frozenset):
        elements = list(all_values(inside[0]))
        sizes = range((len(elements) if limit is None else min(limit, len(elements))) + 1)
        yield from map(origin, chain.from_iterable(combinations(elements, k) for k in sizes))
    elif origin is Bag:
        elements = list(all_values(inside[0]))
        yield from map(Bag, chain.from_iterable(combinations_with_replacement(elements, k) for k in range(limit + 1)))
    elif origin is dict:
        yield from all_maps(list(all_values(inside[0])), list(all_values(inside[1])), Total in marks)
    elif structured(annotation):
        names, parts = zip(*annotations_of(annotation))
        for row in product(*map(all_values, parts)):
            yield annotation(**dict(zip(names, row)))
    else:
        yield from all_scalars(annotation, marks)


def all_scalars(annotation: Any, marks: list[Any]) -> Iterator[Any]:
    if annotation is bool:
        yield from (False, True)
    elif annotation is NoneType:
        yield None
    elif annotation is int:
        (mark,) = marks
        yield from range(mark.low, mark.high + 1) if isinstance(mark, Range) else mark
    else:
        yield from annotation  # enums and sorts


def all_maps(keys: list[Any], values: list[Any], total: bool) -> Iterator[dict[Any, Any]]:
    for k in [len(keys)] if total else range(len(keys) + 1):
        rows = [[*zip(chosen, row)] for chosen in combinations(range(len(keys)), k) for row in product(range(len(values)), repeat=k)]
        for row in sorted(rows):
            yield {keys[key]: values[value] for key, value in row}


def unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    if get_origin(annotation) is Annotated:
        annotation, *marks = get_args(annotation)
        return annotation, marks
    return annotation, []


def structured(annotation: Any) -> bool:
    """Return whether the annotation is a class with fields."""
    return isinstance(annotation, type) and (is_dataclass(annotation) or hasattr(annotation, "_fields") or issubclass(annotation, Record))


def annotations_of(cls: Any) -> list[tuple[str, Any]]:
    hints = get_type_hints(cls, include_extras=True)
    names = declared_fields(cls) if issubclass(cls, Record) else [f.name for f in fields(cls)] if is_dataclass(cls) else cls._fields
    return [(name, hints[name]) for name in names]


# ---------------------------------------------------------------- values, compared and changed


def exact(value: Any) -> Any:
    """Return a value as hashable data that also tells types apart: True and 1, a list and a tuple."""
    kind = frozenset if isinstance(value, frozenset) else type(value)
    match value:
        case list() | tuple():
            return (kind, *map(exact, value))
        case set() | frozenset():
            return (kind, frozenset(map(exact, value)))
        case dict():
            return (kind, frozenset((exact(k), exact(v)) for k, v in value.items()))
        case Bag():
            return (kind, frozenset((exact(k), n) for k, n in value.items()))
        case Record():
            return (kind, *((n, exact(live_as_plain(v))) for n, v in vars(value).items()))
        case _ if is_dataclass(value):
            return (kind, *(exact(getattr(value, f.name)) for f in fields(value)))
    return (kind, value)


def live_as_plain(value: Any) -> Any:
    """Return the containers of a record, which are parts, as plain ones."""
    return value._part_plain() if hasattr(value, "_part_plain") else value


def renamed(value: Any, renaming: dict[Any, Any]) -> Any:
    """Return a plain value with members of sorts replaced, everywhere in it."""

    def again(inner: Any) -> Any:
        return renamed(inner, renaming)

    match value:
        case Sort():
            return renaming.get(value, value)
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*map(again, value))
        case list() | tuple() | set() | frozenset():
            kind = next(kind for kind in (list, tuple, set, frozenset) if isinstance(value, kind))
            return kind(map(again, value))
        case dict():
            return {again(k): again(v) for k, v in value.items()}
        case Bag():
            return Bag(again(k) for k, n in value.items() for _ in range(n))
        case Record():
            return type(value)(**{n: again(live_as_plain(v)) for n, v in vars(value).items()})
        case _ if is_dataclass(value) and not isinstance(value, type):
            return type(value)(**{f.name: again(getattr(value, f.name)) for f in fields(value)})
    return value


def renamings(*sorts: Any) -> list[dict[Any, Any]]:
    """Return all permutations of the members of sorts."""
    rows = product(*(permutations(sort) for sort in sorts))
    members = [member for sort in sorts for member in sort]
    return [dict(zip(members, chain.from_iterable(row))) for row in rows]


class Text(str):
    """A text that is no literal."""

    __slots__ = ()


class Couple(NamedTuple):
    """Equal to a tuple of two."""

    a: Any
    b: Any


class ListOfMine(list[Any]):
    """A list that is no list of a spec."""


class DictOfMine(dict[Any, Any]):
    """A dict that is no dict of a spec."""


def lookalikes(value: Any) -> Iterator[Any]:
    """Yield values that equal this one under == and differ in a type somewhere."""
    match value:
        case Enum():
            if isinstance(value, str | int):
                yield value.value
        case bool():
            yield int(value)
        case int():
            yield float(value)
            if value in (0, 1):
                yield bool(value)
        case str():
            yield Text(value)
        case tuple() if hasattr(value, "_fields"):
            yield tuple(value)
            yield from (type(value)(*other) for other in lookalikes_inside(tuple(value)))
        case tuple():
            if len(value) == 2:
                yield Couple(*value)
            yield from lookalikes_inside(value)
        case list():
            yield ListOfMine(value)
            yield from map(list, lookalikes_inside(tuple(value)))
        case set() | frozenset():
            yield (frozenset if isinstance(value, set) else set)(value)
            kind = set if isinstance(value, set) else frozenset
            yield from map(kind, lookalikes_inside(tuple(value)))
        case dict():
            yield DictOfMine(value)
            for row in lookalikes_inside((*value.keys(), *value.values())):
                yield dict(zip(row[: len(value)], row[len(value) :]))
        case Bag():
            yield from (Bag(row) for row in lookalikes_inside(tuple(k for k, n in value.items() for _ in range(n))))
        case _ if is_dataclass(value) and not isinstance(value, type):
            yield from (type(value)(*row) for row in lookalikes_inside(tuple(getattr(value, f.name) for f in fields(value))))


def lookalikes_inside(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for i, item in enumerate(items):
        for other in lookalikes(item):
            try:
                hash(other)
            except TypeError:
                continue
            yield (*items[:i], other, *items[i + 1 :])
