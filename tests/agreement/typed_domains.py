"""The types of random typed specs: every kind of annotation, drawn at random, with its text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

X = TypeVar("X")
MOST_KEYS, MOST_ELEMENTS = 6, 12


@dataclass(frozen=True)
class Bool:
    """`bool`."""


@dataclass(frozen=True)
class Int:
    """`Annotated[int, Range(low, high)]`, or a plain `int`, then both are None. `by_range` writes it as `range(n)`."""

    low: int | None = None
    high: int | None = None
    by_range: bool = False


@dataclass(frozen=True)
class Named:
    """A Literal alias, an Enum or a Sort: its name, how rules write its members, and of which kind it is."""

    name: str
    members: tuple[str, ...]
    kind: str  # "literal", "number", "enum", "sort", "ordered"


@dataclass(frozen=True)
class Opt:
    """`T | None`."""

    inner: "Type"


@dataclass(frozen=True)
class Alt:
    """A union of frozen records and literals."""

    name: str
    parts: tuple["Frozen", ...]
    literals: tuple[str, ...]


@dataclass(frozen=True)
class Tup:
    """`tuple[A, B]`."""

    items: tuple["Type", ...]


@dataclass(frozen=True)
class Frozen:
    """A frozen dataclass or NamedTuple."""

    name: str
    fields: tuple[tuple[str, "Type"], ...]
    named_tuple: bool = False


@dataclass(frozen=True)
class Seq:
    """`Annotated[tuple[T, ...], MaxLen(n)]`."""

    inner: "Type"
    most: int


@dataclass(frozen=True)
class FSet:
    """`frozenset[T]`."""

    inner: "Type"


@dataclass(frozen=True)
class Lst:
    """`Annotated[list[T], MaxLen(n)]`."""

    inner: "Type"
    most: int


@dataclass(frozen=True)
class St:
    """`set[T]`, with a capacity if there is one."""

    inner: "Type"
    most: int | None = None


@dataclass(frozen=True)
class Map:
    """`dict[K, V]`."""

    key: "Type"
    value: "Type"
    total: bool


@dataclass(frozen=True)
class Bg:
    """`Annotated[Bag[T], MaxLen(n)]`."""

    inner: "Type"
    most: int


@dataclass(frozen=True)
class Rec:
    """A class derived from Record."""

    name: str
    fields: tuple[tuple[str, "Type"], ...] = field(hash=False)


Type = Bool | Int | Named | Opt | Alt | Tup | Frozen | Seq | FSet | Lst | St | Map | Bg | Rec
MUTABLE = Lst | St | Map | Bg | Rec
NUMBER = Int()
BOOL = Bool()


def is_mutable(t: Type) -> bool:
    """Return whether values of a type can be changed in place."""
    return isinstance(t, MUTABLE) or (isinstance(t, Opt) and is_mutable(t.inner))


def size(t: Type) -> int:
    """Return about how many values a type has."""
    match t:
        case Bool():
            return 2
        case Int(low, high):
            return 1 << 64 if low is None or high is None else high - low + 1
        case Named(members=members):
            return len(members)
        case Opt(inner):
            return size(inner) + 1
        case Alt(parts=parts, literals=literals):
            return sum(map(size, parts)) + len(literals)
        case Tup(items):
            return product(map(size, items))
        case Frozen(fields=fields) | Rec(fields=fields):
            return product(size(one) for _, one in fields)
        case Seq(inner, most) | Lst(inner, most) | Bg(inner, most):
            return (size(inner) + 1) ** most
        case FSet(inner):
            return 2 ** min(size(inner), 64)
        case St(inner, most):
            return 2 ** min(size(inner), 64) if most is None else (size(inner) + 1) ** most
        case Map(key, value, _):
            return (size(value) + 1) ** size(key)


def product(numbers: "Sequence[int] | object") -> int:
    """Return the product of numbers."""
    result = 1
    for one in numbers:  # type: ignore[attr-defined]
        result *= one
    return result


def text(t: Type) -> str:
    """Return the annotation of a type."""
    match t:
        case Bool():
            return "bool"
        case Int(None, _):
            return "int"
        case Int(low, high, by_range):
            return f"Annotated[int, range({high + 1})]" if by_range and low == 0 else f"Annotated[int, Range({low}, {high})]"
        case Named(name=name) | Alt(name=name) | Frozen(name=name) | Rec(name=name):
            return name
        case Opt(inner):
            return f"{text(inner)} | None"
        case Tup(items):
            return f"tuple[{', '.join(map(text, items))}]"
        case Seq(inner, most):
            return f"Annotated[tuple[{text(inner)}, ...], MaxLen({most})]"
        case FSet(inner):
            return f"frozenset[{text(inner)}]"
        case Lst(inner, most):
            return f"Annotated[list[{text(inner)}], MaxLen({most})]"
        case St(inner, most):
            return f"set[{text(inner)}]" if most is None else f"Annotated[set[{text(inner)}], MaxLen({most})]"
        case Map(key, value, _):
            return f"dict[{text(key)}, {text(value)}]"
        case Bg(inner, most):
            return f"Annotated[Bag[{text(inner)}], MaxLen({most})]"


def loose(t: Type) -> str:
    """Return the annotation of a type for a parameter of a function that is no rule, where bounds say nothing."""
    match t:
        case Int():
            return "int"
        case Seq(inner):
            return f"tuple[{loose(inner)}, ...]"
        case Lst(inner):
            return f"list[{loose(inner)}]"
        case St(inner):
            return f"set[{loose(inner)}]"
        case Bg(inner):
            return f"Bag[{loose(inner)}]"
        case Opt(inner):
            return f"{loose(inner)} | None"
        case Map(key, value, _):
            return f"dict[{loose(key)}, {loose(value)}]"
    return text(t)


class World:
    """The named types of one spec."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.p = Named("P", ("P0", "P1"), "sort")
        self.q = Named("Q", ("Q[0]", "Q[1]", "Q[2]"), "ordered")
        self.color = Named("Color", ("Color.RED", "Color.BLUE"), "enum")
        self.letter = Named("Letter", ('"b"', '"a"', '"c"'), "literal")
        self.digit = Named("Digit", ("3", "-1"), "number")
        self.note = Frozen("Note", self.fields(("who", "n"), 1))
        self.ping = Frozen("Ping", self.fields(("to",), 0))
        self.pair = Frozen("Pair", self.fields(("left", "right"), 0), True)
        self.message = Alt("Message", (self.note, self.ping), ('"stop"', '"go"'))
        self.inner = Rec("Inner", (("n", self.small()), ("s", St(self.key()))))
        self.record = Rec("Box", tuple((name, t) for (name, _), t in zip(self.fields(("k", "f", "more"), 0), (Int(0, 2), self.scalar(), self.part()))))

    # ---------------------------------------------------------------- drawn types

    def fields(self, names: Sequence[str], depth: int) -> tuple[tuple[str, Type], ...]:
        """Draw fields of immutable types."""
        return tuple((name, self.scalar() if depth == 0 or self.random.random() < 0.7 else self.immutable(0)) for name in names)

    def pick(self, options: Sequence[X]) -> X:
        """Draw one of several things."""
        return options[self.random.randrange(len(options))]

    def small(self) -> Int:
        """Draw a small interval."""
        return self.pick((Int(0, 1), Int(0, 2), Int(0, 2, True), Int(-1, 1), Int(1, 3)))

    def key(self) -> Type:
        """Draw a type of few values."""
        return self.pick((self.p, self.p, self.q, self.color, self.letter, self.small(), BOOL, Tup((self.p, BOOL))))

    def scalar(self) -> Type:
        """Draw a type of single values."""
        return self.pick((BOOL, self.small(), self.small(), self.p, self.p, self.q, self.color, self.letter, self.digit))

    def immutable(self, depth: int) -> Type:
        """Draw an immutable type."""
        options: list[Type] = [
            self.scalar(), self.scalar(), Opt(self.scalar()), Opt(self.p), Tup((self.scalar(), self.scalar())), FSet(self.key()), Seq(self.scalar(), 2), NUMBER,
        ]  # fmt: skip
        if hasattr(self, "message"):
            options += [self.note, self.pair, self.message, Opt(self.note), Opt(self.message)]
        if depth:
            options += [Tup((self.immutable(depth - 1), self.scalar())), Seq(self.immutable(depth - 1), 2), Opt(Tup((self.scalar(), self.scalar())))]
        return self.pick(options)

    def element(self) -> Type:
        """Draw a type of elements: immutable and not too large."""
        for _ in range(10):
            drawn = self.immutable(0)
            if size(drawn) <= 40:
                return drawn
        return self.p

    def part(self, depth: int = 0) -> Type:
        """Draw a mutable type, without records."""
        kind = self.pick(("list", "list", "set", "set", "map", "map", "partial", "bag"))
        if kind == "list":
            return Lst(self.element(), self.pick((1, 2, 2, 3)))
        if kind == "set":
            drawn = self.element()
            return St(self.key()) if size(drawn) > MOST_ELEMENTS and self.random.random() < 0.5 else St(drawn, self.pick((1, 2)))
        if kind == "bag":
            return Bg(self.element(), self.pick((1, 2, 3)))
        return Map(self.key(), self.element(), kind == "map")

    def variable(self) -> Type:
        """Draw the type of a variable."""
        kind = self.random.random()
        if kind < 0.4:
            return self.immutable(1)
        if kind < 0.72:
            return self.part()
        record = self.pick((self.record, self.record, self.inner))
        few = self.pick((self.p, self.color, BOOL, self.small()))
        return self.pick((
            record, Map(self.p, record, True), Map(few, record, False), Lst(record, 2), Map(few, Lst(self.element(), 2), True),
            Map(few, St(self.key()), True), Map(few, Map(self.pick((self.p, BOOL)), self.scalar(), True), True), Map(few, Lst(record, 2), True),
            Lst(Lst(self.scalar(), 2), 2), Map(few, Bg(self.p, 2), True), Opt(record), Lst(St(self.key()), 2), Map(few, Map(self.p, self.scalar(), False), False),
        ))  # fmt: skip

    def parameter(self) -> Type:
        """Draw the type of a parameter: few values."""
        options = (
            self.p,
            self.p,
            self.p,
            self.q,
            self.color,
            self.letter,
            BOOL,
            Int(0, 2),
            Int(0, 2, True),
            self.ping,
            Tup((self.p, BOOL)),
            Opt(self.p),
            self.digit,
        )
        while True:
            drawn = self.pick(options)
            if size(drawn) <= 4:
                return drawn

    def header(self) -> str:
        """Return the text of the imports and of the named types. Some tell nothing of themselves: values must not be told apart by their texts."""
        text_ = HEADER
        if self.random.random() < 0.2:
            text_ = text_.replace("    BLUE = 2\n", '    BLUE = 2\n\n    def __repr__(self) -> str:\n        return "a color"\n')
        for one in (self.note, self.ping):
            declared = _declared(one.fields)
            if self.random.random() < 0.2:
                declared = declared.rstrip("\n") + " = field(repr=False)\n"
            text_ += f"\n\n@dataclass(frozen=True)\nclass {one.name}:\n" + declared
        text_ += "\n\nclass Pair(NamedTuple):\n" + _declared(self.pair.fields)
        text_ += '\n\nMessage = Note | Ping | Literal["stop", "go"]\n'
        return text_


def _declared(fields: Sequence[tuple[str, Type]]) -> str:
    return "".join(f"    {name}: {text(t)}\n" for name, t in fields)


HEADER = '''
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Annotated, Literal, NamedTuple, Self

from speccheck import (
    Bag, MaxLen, Partial, Range, Record, Sort, Spec, Steps, Total, action, anything, at, choose, constraint, copy, crash, disable, each, enabled, init, invariant,
    occurs, process, reachable, require, restart, step_invariant, subsets, terminal,
)


class P(Sort, size=2):
    """Somebody."""


class Q(Sort, size=3, ordered=True):
    """A place on a ring."""


class Color(Enum):
    RED = 1
    BLUE = 2


P0, P1 = P
Letter = Literal["b", "a", "c"]
Digit = Literal[3, -1]
'''
