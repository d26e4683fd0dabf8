"""Every class of expressions, on random states, narrow and wide ones: a compiled rule and the interpreter agree."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from speccheck.program import expressions as x
from speccheck.program.types import BOOL, INT, Ref
from tests.unit.engines.native.built import (
    FALSE,
    SPAN,
    TRUE,
    Variables,
    both,
    calc,
    down,
    eq,
    get,
    lit,
    lt,
    num,
    part,
    to,
)
from tests.unit.engines.native.checking import agree_on_value, agree_on_values


class RM(Sort, size=5):
    pass


class Ring(Sort, size=3, ordered=True):
    pass


class Color(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


@dataclass(frozen=True)
class Vote:
    src: RM
    yes: bool
    level: Annotated[int, Range(-2, 4)]


class Wide(NamedTuple):
    a: int
    color: Color
    b: int


class Node(Record):
    up: bool = True
    term: Annotated[int, Range(0, 6)] = 0
    seen: set[RM] = set()
    log: Annotated[list[Annotated[int, Range(0, 5)]], MaxLen(3)] = []


Small = Annotated[int, Range(-3, 4)]
Digit = Annotated[int, Range(0, 9)]
List = Annotated[list[Digit], MaxLen(4)]
Sequence = Annotated[tuple[Small, ...], MaxLen(3)]
Message = Vote | Literal["commit", "abort"] | None

D = domain_of


def boolean(kind: Any, *values: Any, **more: Any) -> Any:
    return kind(BOOL, SPAN, *values, **more)


def integer(kind: Any, *values: Any, **more: Any) -> Any:
    return kind(INT, SPAN, *values, **more)


def local(name: str, type_: Any) -> x.Local:
    return x.Local(name, D(type_) if not hasattr(type_, "size") else type_)


def each(name: str, domain: Any) -> tuple[x.Generator, x.Load]:
    one = local(name, domain)
    return x.Generator((one,), x.ValuesSource(one.domain)), get(one)


def of(container: x.Expression, name: str, what: Any = "elements", reverse: bool = False, domain: Any = None) -> tuple[x.Generator, x.Load]:
    one = x.Local(name, domain or container.type.element)
    return x.Generator((one,), x.ContainerSource(container, what, reverse)), get(one)


def fold(kind: str, type_: Any, generators: Any, body: x.Expression, **more: Any) -> x.Comprehension:
    return x.Comprehension(type_, SPAN, kind, tuple(generators), body, **more)


Case = tuple[dict[str, Any], Callable[[Variables], x.Expression]]
CASES: dict[str, Case] = {
    "a constant": ({"a": bool}, lambda v: lit(Message, "abort")),
    "a load of an integer": ({"a": Small}, lambda v: v["a"]),
    "a load of 64 bits": ({"a": int}, lambda v: v["a"]),
    "a load of a record": ({"a": Vote}, lambda v: v["a"]),
    "a load of a wide record": ({"a": Wide}, lambda v: v["a"]),
    "a load of a list": ({"a": List}, lambda v: v["a"]),
    "a value of a total map": ({"a": Annotated[dict[RM, Small], Total], "k": RM}, lambda v: v["a", v["k"]]),
    "a value of a partial map": ({"a": Annotated[dict[RM, Small], Partial], "k": RM}, lambda v: v["a", v["k"]]),
    "a value of a partial map of records": ({"a": Annotated[dict[RM, Node], Partial], "k": RM}, lambda v: v["a", v["k"], "term"]),
    "a value of a partial map of wide records": ({"a": Annotated[dict[Ring, Wide], Partial], "k": Ring}, lambda v: v["a", v["k"]]),
    "an element of a list": ({"a": List, "i": Annotated[int, Range(-6, 6)]}, lambda v: v["a", to(int, v["i"])]),
    "an element of a list at a known index": ({"a": List}, lambda v: v["a", 1]),
    "the last element of a list": ({"a": List}, lambda v: v["a", -1]),
    "an element of a list in a record in a map": (
        {"a": Annotated[dict[RM, Node], Total], "k": RM, "i": Small},
        lambda v: v["a", v["k"], "log", to(int, v["i"])],
    ),
    "a list of lists": ({"a": Annotated[list[List], MaxLen(2)]}, lambda v: v["a", 1, 0]),
    "a table": (
        {"k": Ring},
        lambda v: x.Table(INT, SPAN, v["k"], ((5,), (-70000,), (3,))),
    ),
    "a table with missing entries": ({"k": Ring}, lambda v: x.Table(D(Color), SPAN, v["k"], ((Color.RED,), None, (Color.BLUE,)))),
    "a table that is too short": ({"k": Small}, lambda v: x.Table(BOOL, SPAN, v["k"], ((True,), (False,), (True,)))),
    "a table of wide values": ({"k": Ring}, lambda v: x.Table(D(Wide), SPAN, v["k"], ((Wide(1, Color.RED, -1),), (Wide(-(2**63), Color.GREEN, 7),), None))),
    "a record": ({"a": RM, "b": bool, "c": Annotated[int, Range(-2, 4)]}, lambda v: x.MakeRecord(D(Vote), SPAN, (v["a"], v["b"], v["c"]))),
    "a wide record": ({"a": int, "b": Color, "c": int}, lambda v: x.MakeRecord(D(Wide), SPAN, (v["a"], v["b"], v["c"]))),
    "a mutable record": (
        {"a": bool, "b": Annotated[int, Range(0, 6)], "c": set[RM], "d": Annotated[list[Annotated[int, Range(0, 5)]], MaxLen(3)]},
        lambda v: x.MakeRecord(D(Node), SPAN, (v["a"], v["b"], v["c"], v["d"])),
    ),
    "the first field": ({"a": Vote}, lambda v: x.GetField(D(RM), SPAN, v["a"], 0)),
    "the middle field": ({"a": Vote}, lambda v: x.GetField(BOOL, SPAN, v["a"], 1)),
    "the last field": ({"a": Vote}, lambda v: x.GetField(D(Vote).domains[2], SPAN, v["a"], 2)),
    "a field of a wide record": ({"a": Wide}, lambda v: x.GetField(INT, SPAN, v["a"], 2)),
    "an alternative": ({"a": Message}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({0}))),
    "the middle alternative": ({"a": Message}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({1}))),
    "two alternatives apart": ({"a": Message}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({0, 2}))),
    "all alternatives": ({"a": Message}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({0, 1, 2}))),
    "an alternative of a mutable union": ({"a": Node | List | None}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({1, 2}))),
    "an alternative of a wide union": ({"a": Wide | None}, lambda v: boolean(x.IsAlternative, v["a"], frozenset({0}))),
    "one of some values": ({"a": RM}, lambda v: boolean(x.IsOneOf, v["a"], frozenset({0, 3, 4}))),
    "one of a range of values": ({"a": RM}, lambda v: boolean(x.IsOneOf, v["a"], frozenset({1, 2, 3}))),
    "one of some integers": ({"a": Small}, lambda v: boolean(x.IsOneOf, v["a"], frozenset({1, 7}))),
    "one of none": ({"a": RM}, lambda v: boolean(x.IsOneOf, v["a"], frozenset())),
    "not": ({"a": bool}, lambda v: boolean(x.Not, v["a"])),
    "and": ({"a": bool, "b": bool, "c": bool}, lambda v: both(v["a"], v["b"], v["c"])),
    "or": ({"a": bool, "b": bool, "c": bool}, lambda v: boolean(x.Or, (v["a"], v["b"], v["c"]))),
    "and of nothing": ({"a": bool}, lambda v: both()),
    "a guard before what fails": ({"a": Annotated[dict[RM, bool], Partial], "k": RM}, lambda v: both(boolean(x.Contains, v["a"], v["k"]), v["a", v["k"]])),
    "an alternative before what fails": (
        {"a": Annotated[dict[RM, bool], Partial], "k": RM},
        lambda v: boolean(x.Or, (boolean(x.Not, boolean(x.Contains, v["a"], v["k"])), v["a", v["k"]], FALSE)),
    ),
    "what fails before a guard": ({"a": Annotated[dict[RM, bool], Partial], "k": RM}, lambda v: both(v["a", v["k"]], FALSE)),
    "if then else": ({"a": bool, "b": Small, "c": Small}, lambda v: x.IfThenElse(D(Small), SPAN, v["a"], v["b"], v["c"])),
    "if then else of wide values": ({"a": bool, "b": Wide}, lambda v: x.IfThenElse(D(Wide), SPAN, v["a"], v["b"], lit(Wide, Wide(1, Color.RED, 2)))),
    "if then else where one fails": (
        {"a": bool, "b": Annotated[dict[RM, Small], Partial], "k": RM},
        lambda v: x.IfThenElse(D(Small), SPAN, v["a"], v["b", v["k"]], lit(Small, 2)),
    ),
    "equal integers": ({"a": Small, "b": Small}, lambda v: eq(v["a"], v["b"])),
    "equal maps": ({"a": Annotated[dict[Ring, bool], Partial], "b": Annotated[dict[Ring, bool], Partial]}, lambda v: eq(v["a"], v["b"])),
    "equal wide records": ({"a": Wide, "b": Wide}, lambda v: boolean(x.Or, (eq(v["a"], v["b"]), eq(v["a"], v["a"])))),
    "less": ({"a": Small, "b": Small}, lambda v: lt(v["a"], v["b"])),
    "less or equal": ({"a": int, "b": int}, lambda v: boolean(x.Less, v["a"], v["b"], or_equal=True)),
    "less of bools": ({"a": bool, "b": bool}, lambda v: lt(v["a"], v["b"])),
    "less of an ordered sort": ({"a": Ring, "b": Ring}, lambda v: lt(v["a"], v["b"])),
    "less of literals out of order": ({"a": Literal[5, 3, 9], "b": Literal[5, 3, 9]}, lambda v: lt(v["a"], v["b"])),
    "less of tuples": ({"a": tuple[bool, Small], "b": tuple[bool, Small]}, lambda v: lt(v["a"], v["b"])),
    "less of sequences": ({"a": Sequence, "b": Sequence}, lambda v: boolean(x.Less, v["a"], v["b"], or_equal=True)),
    "less of lists": ({"a": List, "b": List}, lambda v: lt(v["a"], v["b"])),
    "the number of a bool": ({"a": bool}, lambda v: integer(x.ToInteger, v["a"])),
    "the number of a member": ({"a": Ring}, lambda v: integer(x.ToInteger, v["a"])),
    "the length of a mask": ({"a": set[RM]}, lambda v: integer(x.Length, v["a"])),
    "the length of a list": ({"a": List}, lambda v: integer(x.Length, v["a"])),
    "the length of a bag": ({"a": Annotated[Bag[RM], MaxLen(4)]}, lambda v: integer(x.Length, v["a"])),
    "the length of a total map": ({"a": Annotated[dict[RM, bool], Total]}, lambda v: integer(x.Length, v["a"])),
    "the length of a partial map": ({"a": Annotated[dict[RM, Small], Partial]}, lambda v: integer(x.Length, v["a"])),
    "the length of a set in a record": ({"a": Annotated[dict[RM, Node], Total], "k": RM}, lambda v: integer(x.Length, v["a", v["k"], "seen"])),
    "the length of a sorted set": ({"a": Annotated[set[int], MaxLen(3)]}, lambda v: integer(x.Length, v["a"])),
    "a member of a mask": ({"a": set[Message], "b": Message}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "a known member of a mask": ({"a": set[Message]}, lambda v: boolean(x.Contains, v["a"], lit(Message, None))),
    "a member of a wide mask": (
        {"a": set[Annotated[int, Range(-50, 49)]], "b": Annotated[int, Range(-50, 49)]},
        lambda v: boolean(x.Contains, v["a"], v["b"]),
    ),
    "a member of a sorted set": ({"a": Annotated[set[Digit], MaxLen(2)], "b": Digit}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "a member of a list": ({"a": List, "b": Digit}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "a member of a bag": ({"a": Annotated[Bag[RM], MaxLen(4)], "b": RM}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "a member of a list of wide values": ({"a": Annotated[list[Wide], MaxLen(3)], "b": Wide}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "the first member of a list of wide values": (
        {"a": Annotated[list[Wide], MaxLen(3)]},
        lambda v: boolean(x.Contains, v["a"], x.GetItem(D(Wide), SPAN, v["a"], num(0))),
    ),
    "a key of a partial map": ({"a": Annotated[dict[Vote, Small], Partial], "b": Vote}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "a key of a total map": ({"a": Annotated[dict[Ring, Small], Total], "b": Ring}, lambda v: boolean(x.Contains, v["a"], v["b"])),
    "an item of a partial map": ({"a": Annotated[dict[RM, Small], Partial], "k": RM}, lambda v: x.GetItem(D(Small), SPAN, v["a"], v["k"])),
    "an item or a default": ({"a": Annotated[dict[RM, Small], Partial], "k": RM}, lambda v: x.GetItem(D(Small), SPAN, v["a"], v["k"], lit(Small, -1))),
    "a wide item or a default": (
        {"a": Annotated[dict[Ring, Wide], Partial], "k": Ring, "d": Wide},
        lambda v: x.GetItem(D(Wide), SPAN, v["a"], v["k"], v["d"]),
    ),
    "an item of a list": ({"a": List, "i": Small}, lambda v: x.GetItem(D(Digit), SPAN, v["a"], to(int, v["i"]))),
    "an item of a list or a default": ({"a": List, "i": Small}, lambda v: x.GetItem(D(Digit), SPAN, v["a"], to(int, v["i"]), lit(Digit, 7))),
    "an item of a sequence in a union": (
        {"a": Annotated[dict[Ring, Sequence], Partial], "k": Ring},
        lambda v: x.GetItem(D(Small), SPAN, v["a", v["k"]], num(-2)),
    ),
    "a count in a bag": ({"a": Annotated[Bag[Ring], MaxLen(4)], "b": Ring}, lambda v: integer(x.Count, v["a"], v["b"])),
    "a count in a list": ({"a": List, "b": Digit}, lambda v: integer(x.Count, v["a"], v["b"])),
    "an index": ({"a": Annotated[list[Ring], MaxLen(4)], "b": Ring}, lambda v: integer(x.IndexOf, v["a"], v["b"])),
    "all": ({"a": Annotated[dict[RM, bool], Total]}, lambda v: quantified("all", v)),
    "any": ({"a": Annotated[dict[RM, bool], Total]}, lambda v: quantified("any", v)),
    "all values": ({"a": Annotated[dict[RM, Digit], Partial]}, lambda v: values_less(v)),
    "any of two": ({"a": set[RM], "b": set[RM]}, lambda v: two_generators(v)),
    "a sum": ({"a": List}, lambda v: folded(v, "sum", INT, checked=True)),
    "a sum beyond 64 bits": ({"a": Annotated[list[int], MaxLen(3)]}, lambda v: folded(v, "sum", INT, checked=True)),
    "a count": ({"a": List}, lambda v: folded(v, "count", INT)),
    "a minimum": ({"a": List}, lambda v: folded(v, "min", D(Digit))),
    "a maximum with a default": ({"a": Annotated[list[Small], MaxLen(3)]}, lambda v: folded(v, "max", D(Small), default=lit(Small, 4))),
    "a maximum of tuples": ({"a": Annotated[list[tuple[bool, Small]], MaxLen(3)]}, lambda v: folded(v, "max", v.domain("a").element)),
    "the first one": ({"a": Annotated[list[Ring], MaxLen(3)]}, lambda v: folded(v, "first", D(Ring))),
    "the first one or a default": ({"a": set[RM]}, lambda v: folded(v, "first", D(RM), default=lit(RM, list(RM)[2]))),
    "the first one or a value": ({"a": set[RM], "d": RM}, lambda v: folded(v, "first", D(RM), default=v["d"])),
    "a set of elements": ({"a": List}, lambda v: folded(v, "set", D(set[Digit]))),
    "a sorted set of elements": ({"a": List}, lambda v: folded(v, "set", D(Annotated[set[Digit], MaxLen(2)]))),
    "a frozenset of elements": ({"a": Annotated[list[Vote], MaxLen(2)]}, lambda v: folded(v, "set", D(frozenset[Vote]))),
    "a list of elements": ({"a": set[RM]}, lambda v: folded(v, "list", D(Annotated[list[RM], MaxLen(5)]))),
    "a list that is too short": ({"a": set[RM]}, lambda v: folded(v, "list", D(Annotated[tuple[RM, ...], MaxLen(2)]))),
    "a bag of elements": ({"a": List}, lambda v: folded(v, "bag", D(Annotated[Bag[Digit], MaxLen(4)]))),
    "a bag of wide elements": ({"a": Annotated[list[Wide], MaxLen(3)]}, lambda v: folded(v, "bag", D(Annotated[Bag[Wide], MaxLen(3)]))),
    "a map of elements": ({"a": set[RM]}, lambda v: mapped(v, Annotated[dict[RM, RM], Partial])),
    "a list of the distinct elements of a bag": ({"a": Annotated[Bag[RM], MaxLen(4)]}, lambda v: folded(v, "list", D(Annotated[list[RM], MaxLen(4)]))),
    "a list of the elements of a sorted set": (
        {"a": Annotated[set[Digit], MaxLen(3)]},
        lambda v: folded(v, "list", D(Annotated[list[Digit], MaxLen(4)])),
    ),
    "a list of the keys of a map": ({"a": Annotated[dict[RM, bool], Partial]}, lambda v: listed(v, "elements", RM)),
    "a list of the values of a map": ({"a": Annotated[dict[RM, Small], Partial]}, lambda v: listed(v, "values", Small)),
    "a list of the values of a map backwards": ({"a": Annotated[dict[RM, Small], Partial]}, lambda v: listed(v, "values", Small, True)),
    "a list of the counts of a bag": ({"a": Annotated[Bag[RM], MaxLen(4)]}, lambda v: listed(v, "values", int)),
    "a set backwards": ({"a": set[RM]}, lambda v: listed(v, "elements", RM, True)),
    "a wide set backwards": ({"a": set[Annotated[int, Range(0, 70)]]}, lambda v: first_of(v, True)),
    "a wide set": ({"a": set[Annotated[int, Range(0, 70)]]}, lambda v: first_of(v, False)),
    "a list backwards": ({"a": List}, lambda v: listed(v, "elements", Digit, True)),
    "frozensets in domain order": ({"a": set[frozenset[Ring]]}, lambda v: listed(v, "elements", frozenset[Ring])),
    "frozensets in domain order backwards": ({"a": set[frozenset[Ring]]}, lambda v: listed(v, "elements", frozenset[Ring], True)),
    "all frozensets in domain order": ({"b": bool}, lambda v: all_of(frozenset[Ring], 8)),
    "small frozensets in domain order": ({"b": bool}, lambda v: all_of(Annotated[frozenset[Ring], MaxLen(2)], 8)),
    "all records in domain order": ({"b": bool}, lambda v: all_of(tuple[frozenset[Literal["a", "b"]], bool], 8)),
    "keys that are frozensets": ({"a": Annotated[dict[frozenset[Ring], bool], Partial]}, lambda v: listed(v, "elements", frozenset[Ring])),
    "sorted sets of frozensets": ({"a": Annotated[set[frozenset[RM]], MaxLen(2)]}, lambda v: listed(v, "elements", frozenset[RM])),
    "bags of frozensets": ({"a": Annotated[Bag[frozenset[RM]], MaxLen(3)]}, lambda v: listed(v, "elements", frozenset[RM])),
    "enumerate": ({"a": Annotated[dict[RM, Small], Partial], "n": Small}, lambda v: enumerated(v)),
    "zip": ({"a": set[RM], "b": List}, lambda v: zipped(v)),
    "zip of a partial map": ({"a": Annotated[dict[RM, Small], Partial], "b": List}, lambda v: zipped(v)),
    "lets and conditions": ({"a": List, "b": Small}, lambda v: with_lets(v)),
    "a range": ({"a": Small, "b": Small}, lambda v: ranged(v, 1)),
    "a range downwards": ({"a": Small, "b": Small}, lambda v: ranged(v, -1)),
    "a range in steps": ({"a": Small, "b": Small}, lambda v: ranged(v, 3)),
    "a range downwards in steps": ({"a": Small, "b": Small}, lambda v: ranged(v, -2)),
    "a range near the end of 64 bits": ({"a": Small}, lambda v: near_the_end()),
    "references to the values of a map": ({"a": Annotated[dict[RM, Node], Total]}, lambda v: referred(v, "values")),
    "references to the items of a partial map": ({"a": Annotated[dict[RM, Node], Partial]}, lambda v: referred(v, "items")),
    "references to the elements of a list": ({"a": Annotated[list[Node], MaxLen(3)]}, lambda v: referred(v, "elements")),
}


def quantified(kind: str, v: Variables) -> x.Expression:
    generator, rm = each("rm", RM)
    return fold(kind, BOOL, [generator], v["a", rm])


def values_less(v: Variables) -> x.Expression:
    generator, one = of(v["a"], "n", "values", domain=D(Digit))
    return fold("all", BOOL, [generator], lt(to(int, one, None), num(8)))


def two_generators(v: Variables) -> x.Expression:
    (first, a), (second, b) = of(v["a"], "p"), of(v["b"], "q")
    return fold("any", BOOL, [first, second], eq(a, b))


def folded(v: Variables, kind: str, type_: Any, **more: Any) -> x.Expression:
    generator, one = of(v["a"], "n")
    body = num(1) if kind == "count" else to(INT, one, None) if type_ is INT else one
    return fold(kind, type_, [generator], body, **more)


def mapped(v: Variables, annotation: Any) -> x.Expression:
    generator, one = of(v["a"], "p")
    return fold("map", D(annotation), [generator], lit(RM, list(RM)[3]), key=one)


def listed(v: Variables, what: str, element: Any, reverse: bool = False) -> x.Expression:
    generator, one = of(v["a"], "p", what, reverse, D(element))
    return fold("list", D(Annotated[list[element], MaxLen(8)]), [generator], one)


def first_of(v: Variables, reverse: bool) -> x.Expression:
    generator, one = of(v["a"], "p", "elements", reverse)
    return fold("first", one.type, [generator], one)


def all_of(element: Any, many: int) -> x.Expression:
    generator, one = each("p", element)
    return fold("list", D(Annotated[list[element], MaxLen(many)]), [generator], one)


def enumerated(v: Variables) -> x.Expression:
    n, value = local("n", int), local("value", Small)
    source = x.EnumerateSource(x.ContainerSource(v["a"], "values"), to(int, v["n"], None))
    product = calc("*", get(n), to(int, get(value), None))
    return fold("sum", INT, [x.Generator((n, value), source)], product, checked=True)


def zipped(v: Variables) -> x.Expression:
    p, n = local("p", RM), local("n", Digit)
    row = D(tuple[RM, Digit])
    source = x.ZipSource((x.ContainerSource(v["a"]), x.ContainerSource(v["b"])))
    return fold("list", D(Annotated[list[tuple[RM, Digit]], MaxLen(5)]), [x.Generator((p, n), source)], x.MakeRecord(row, SPAN, (get(p), get(n))))


def with_lets(v: Variables) -> x.Expression:
    n, twice = local("n", Digit), local("twice", int)
    lets = ((twice, calc("*", to(int, get(n), None), num(2))),)
    generator = x.Generator((n,), x.ContainerSource(v["a"]), lets, (lt(to(int, v["b"], None), get(twice)), lt(num(2), get(twice))))
    return fold("sum", INT, [generator], get(twice), checked=True)


def ranged(v: Variables, step: int) -> x.Expression:
    n = local("n", int)
    source = x.RangeSource(to(int, v["a"], None), to(int, v["b"], None), step)
    return fold("list", D(Annotated[list[int], MaxLen(8)]), [x.Generator((n,), source)], get(n))


def near_the_end() -> x.Expression:
    n = local("n", int)
    source = x.RangeSource(num(2**63 - 5), num(2**63 - 1), 3)
    return fold("list", D(Annotated[list[int], MaxLen(8)]), [x.Generator((n,), source)], get(n))


def referred(v: Variables, what: str) -> x.Expression:
    node, key = x.Local("node", Ref(D(Node), "self")), local("key", RM)
    source = x.ReferenceSource(v.place("a"), what)
    targets = (key, node) if what == "items" else (node,)
    where = down(x.Place(node, (), D(Node)), "term")
    generator = x.Generator(targets, source, conditions=(part(node, "up"),))
    return fold("sum", INT, [generator], to(int, x.Load(where.domain, SPAN, where), None), checked=True)


@pytest.mark.parametrize("name", CASES)
def test_compiled_and_interpreted_expressions_have_the_same_value(name: str) -> None:
    domains, expression = CASES[name]
    agree_on_value(domains, expression, wide=False)


@pytest.mark.parametrize("start", range(0, len(CASES), 8))
def test_they_have_it_in_a_wide_state_too(start: int) -> None:
    agree_on_values(list(CASES.values())[start : start + 8])


@pytest.mark.parametrize("operator", ["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "**"])
def test_arithmetic_is_that_of_python(operator: Any) -> None:
    edges = [0, 1, -1, 2, -2, 3, -7, 62, 63, 64, 2**31, -(2**32), 2**62, 2**63 - 1, -(2**63)]
    states = [{"a": a, "b": b} for a in edges for b in edges]
    agree_on_value({"a": int, "b": int}, lambda v: calc(operator, v["a"], v["b"]), states=states)


@pytest.mark.parametrize("operator", ["//", "%"])
def test_division_by_a_known_number_floors(operator: Any) -> None:
    for divisor in (1, 3, -3, -1):
        agree_on_value({"a": Small}, lambda v, d=divisor: calc(operator, to(int, v["a"], None), num(d), False))


@pytest.mark.parametrize("operator", ["|", "&", "-", "^"])
@pytest.mark.parametrize(
    "domain",
    [set[RM], frozenset[Vote], set[Annotated[int, Range(0, 99)]], Annotated[set[Digit], MaxLen(2)], Annotated[set[Annotated[int, Range(0, 999)]], MaxLen(3)]],
    ids=["mask", "mask of records", "wide mask", "sorted set", "larger sorted set"],
)
def test_set_algebra_is_that_of_python(operator: Any, domain: Any) -> None:
    agree_on_value({"a": domain, "b": domain}, lambda v: x.SetOperation(v.domain("a"), SPAN, operator, v["a"], v["b"]))


@pytest.mark.parametrize("relation", ["subset", "proper", "disjoint"])
@pytest.mark.parametrize("domain", [set[Ring], set[Annotated[int, Range(0, 99)]], Annotated[set[Digit], MaxLen(2)]], ids=["mask", "wide mask", "sorted set"])
def test_sets_are_related_as_in_python(relation: Any, domain: Any) -> None:
    states = [{"a": {one}, "b": {one, other}} for one in D(domain).element for other in D(domain).element][:9] if domain != set[Ring] else []
    agree_on_value({"a": domain, "b": domain}, lambda v: boolean(x.Subset, v["a"], v["b"], relation), states=states)


@pytest.mark.parametrize("wide", [False, True])
def test_slices_are_those_of_python(wide: bool) -> None:
    bound = Annotated[int, Range(-6, 6)]
    element = Wide if wide else Digit
    domains = {"a": Annotated[list[element], MaxLen(4)], "i": bound, "j": bound, "k": bound}

    def sliced(v: Variables, *names: str | None) -> x.Expression:
        return x.Slice(v.domain("a"), SPAN, v["a"], *(None if name is None else to(int, v[name], None) for name in names))

    for names in (("i", "j", None), ("i", "j", "k"), (None, "j", None), ("i", None, "k"), (None, None, "k"), (None, None, None)):
        agree_on_value(domains, lambda v, names=names: sliced(v, *names), rounds=200)


def test_lists_are_concatenated_up_to_the_capacity_of_the_result() -> None:
    domains = {"a": List, "b": Annotated[tuple[Small, ...], MaxLen(3)]}
    target = D(Annotated[list[Annotated[int, Range(-3, 8)]], MaxLen(5)])
    agree_on_value(domains, lambda v: x.Concatenate(target, SPAN, (v["a"], v["b"])), rounds=200)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("element", [Digit, tuple[bool, Small], Ring, Literal[5, 3, 9], Wide], ids=["digits", "tuples", "members", "literals", "wide"])
def test_sorted_is_that_of_python(element: Any, reverse: bool) -> None:
    if element is Wide:
        element = tuple[int, int]
    agree_on_value({"a": Annotated[list[element], MaxLen(4)]}, lambda v: x.Sorted(v.domain("a"), SPAN, v["a"], reverse), rounds=150)


@pytest.mark.parametrize("reverse", [False, True])
def test_sorting_by_a_key_is_stable(reverse: bool) -> None:
    domains = {"a": Annotated[list[tuple[Digit, bool]], MaxLen(4)], "m": Annotated[dict[bool, Annotated[int, Range(0, 3)]], Partial]}

    def by_key(v: Variables) -> x.Expression:
        one = x.Local("one", v.domain("a").element)
        return x.Sorted(v.domain("a"), SPAN, v["a"], reverse, one, v["m", x.GetField(BOOL, SPAN, get(one), 1)])

    agree_on_value(domains, by_key, rounds=200)


CONVERSIONS: list[tuple[Any, Any]] = [
    (Literal["a", "b", "c"], Literal["b", "c", "d"]), (Literal["a", "b", "c"], Literal["c", "a", "b"]), (Literal["a"], Literal["b", "a"]),
    (Literal["a", "b"], Literal["x"]), (Small, Annotated[int, Range(0, 9)]), (Small, int), (int, Small), (Small, Literal[5, 3, 0]), (Small, Literal[0, 1, 2]),
    (Literal[5, 3, 0], Small), (Literal[1, 2, 3], int), (Literal[5, 3, "x"], int), (Literal["a", "b"], Message | Literal["a"]), (Vote, Message), (Message, Vote),
    (Literal["abort"], Message), (Message, Literal["abort", "commit"]), (Message, Literal["commit", "abort"] | None), (Message, None | Vote | Color | Literal["abort", "commit"]),
    (None | Vote | Color, Message), (Small, Literal["x"] | Literal[2, 3] | Annotated[int, Range(-5, 1)] | None), (Small | None, Annotated[int, Range(0, 2)] | None),
    (Small, Color), (Wide, Wide | None), (Wide | None, Wide), (Small | None, Wide | Small | None), (Wide | Small | None, Small | None), (Node | None, Node), (Node, Node | List | None),
    (List, Annotated[list[Digit], MaxLen(2)]), (List, Annotated[tuple[Annotated[int, Range(0, 5)], ...], MaxLen(6)]), (Sequence, Annotated[list[Small], MaxLen(3)]),
    (set[RM], frozenset[RM]), (set[Ring], set[Ring | None]), (set[Ring | None], frozenset[Ring]), (set[Digit], Annotated[set[Digit], MaxLen(2)]),
    (Annotated[set[Digit], MaxLen(2)], set[Digit]), (Annotated[Bag[Ring], MaxLen(3)], Annotated[Bag[Ring | None], MaxLen(2)]), (tuple[Digit, Ring], tuple[Small, Ring | None]),
    (tuple[Digit, Digit], Annotated[tuple[Small, ...], MaxLen(2)]), (Annotated[dict[Ring, Digit], Partial], Annotated[dict[Ring, Digit], Total]),
    (Annotated[dict[Ring, Small], Total], Annotated[dict[Ring | None, Digit], Partial]), (Annotated[dict[Ring | None, Small], Partial], Annotated[dict[Ring, Small], Partial]),
    (tuple[int, int], tuple[int, Small] | None), (Annotated[frozenset[RM], MaxLen(2)], frozenset[RM]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target"), CONVERSIONS, ids=[f"{D(a).describe()} to {D(b).describe()}" for a, b in CONVERSIONS])
def test_what_the_target_has_is_converted_and_what_it_has_not_fails(source: Any, target: Any) -> None:
    agree_on_value({"a": source}, lambda v: to(target, v["a"], "error"), rounds=80, wide=False)


@pytest.mark.parametrize("start", range(0, len(CONVERSIONS), 8))
def test_what_is_converted_may_lie_in_a_wide_state(start: int) -> None:
    agree_on_values([({"a": source}, lambda v, target=target: to(target, v["a"], "domain")) for source, target in CONVERSIONS[start : start + 8]])


def test_the_first_failure_is_the_one_that_counts() -> None:
    domains = {"a": Annotated[dict[RM, int], Partial], "k": RM, "b": int}
    agree_on_value(domains, lambda v: calc("+", v["a", v["k"]], calc("*", v["b"], v["b"])))
    agree_on_value(domains, lambda v: calc("+", calc("*", v["b"], v["b"]), v["a", v["k"]]))


def test_a_bool_of_one_value_is_a_truth() -> None:
    agree_on_value({"a": Literal[True], "b": bool}, lambda v: both(v["a"], v["b"]))
    agree_on_value({"a": Literal[True, False], "b": bool}, lambda v: boolean(x.Or, (v["a"], v["b"])))


assert TRUE.value is True
