"""What a violation of a domain says: where the value should have gone, which value, and which domain."""

from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Range
from speccheck.domains.bags import Bag
from speccheck.domains.defaults import each
from speccheck.domains.evaluation import entered
from speccheck.domains.parts import OutsideDomain, path_of, shown
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from speccheck.dsl.rules import Mark, marked
from speccheck.dsl.spec import Spec

Bit = Annotated[int, Range(0, 1)]
Row = Annotated[list[Bit], MaxLen(2)]


class K(Sort, size=2):
    """Keys."""


K0, K1 = K


@dataclass(frozen=True)
class Note:
    who: K
    n: Bit


class Leaf(Record):
    n: Bit = 0
    row: Row = [0]


class World(Spec):
    n: Bit = 0
    s: Annotated[set[Bit], MaxLen(1)] = {0}
    row: Row = [0]
    rows: Annotated[list[Row], MaxLen(2)] = [[0], [1]]
    by: dict[K, Row] = each([0])
    part: dict[K, dict[K, Bit]] = {K1: {K0: 0}}
    notes: set[Note] = set()
    pair: tuple[Bit, K] = (0, K0)
    bag: Annotated[Bag[Bit], MaxLen(1)] = Bag([1])
    leafs: dict[K, Leaf] = each(Leaf())
    maybe: Leaf | None = Leaf()
    words: frozenset[Bit] = frozenset()
    seq: Annotated[tuple[Bit, ...], MaxLen(1)] = ()


WRITES = [
    ("self.n = 5", "n: 5 is outside Range(0, 1)"),
    ("self.n += 7", "n: 7 is outside Range(0, 1)"),
    ("self.n = True", "n: True is outside Range(0, 1)"),
    ("self.n = 'x' * 100", f"n: '{'x' * 76}... is outside Range(0, 1)"),
    ("self.s.add(5)", "s: 5 is outside Range(0, 1)"),
    ("self.s.add(1)", "s: the set would hold 2 elements, set[Range(0, 1)] of at most 1"),
    ("self.s |= {9, 8, 7}", "s: 7 is outside Range(0, 1)"),
    ("self.s = {9, 8}", "s: the set has 2 elements, set[Range(0, 1)] of at most 1"),
    ("self.row.append(5)", "row[1]: 5 is outside Range(0, 1)"),
    ("self.row[0] = 5", "row[0]: 5 is outside Range(0, 1)"),
    ("self.row[-1] = 5", "row[-1]: 5 is outside Range(0, 1)"),
    ("self.row += [1, 1]", "row: the list would hold 3 elements, list[Range(0, 1)] of at most 2"),
    ("self.row = [0, 5]", "row[1]: 5 is outside Range(0, 1)"),
    ("self.row = (0,)", "row: (0,) is outside list[Range(0, 1)] of at most 2"),
    ("self.rows[1].append(5)", "rows[1][1]: 5 is outside Range(0, 1)"),
    ("self.rows[0] = [0, 5]", "rows[0][1]: 5 is outside Range(0, 1)"),
    ("self.rows = [[0], [5]]", "rows[1][0]: 5 is outside Range(0, 1)"),
    ("self.by[K1].append(5)", "by[K1][1]: 5 is outside Range(0, 1)"),
    ("self.by[K1] = [5]", "by[K1][0]: 5 is outside Range(0, 1)"),
    ("self.by = each([5])", "by[K0][0]: 5 is outside Range(0, 1)"),
    ("self.by = {K0: []}", "by: the map has no value for the key K1; dict[K, list[Range(0, 1)] of at most 2] is total"),
    ("self.by['x'] = []", "by: the key 'x' is outside K"),
    ("self.part[K1][K0] = 5", "part[K1][K0]: 5 is outside Range(0, 1)"),
    ("self.part[K0] = {K1: 5}", "part[K0][K1]: 5 is outside Range(0, 1)"),
    ("self.part[K0] = {}; self.part[K0][K0] = 5", "part[K0][K0]: 5 is outside Range(0, 1)"),
    ("self.part[3] = {}", "part: the key 3 is outside K"),
    ("self.part[K0] = {'x': 0}", "part[K0]: the key 'x' is outside K"),
    ("self.notes.add(Note(K0, 5))", "notes: 'n' of Note(who=K0, n=5): 5 is outside Range(0, 1)"),
    ("self.notes.add(K0)", "notes: K0 is outside Note"),
    ("self.pair = (0, 0)", "pair: element 1 of (0, 0): 0 is outside K"),
    ("self.pair = (0, K0, K0)", "pair: (0, K0, K0) has 3 elements, tuple[Range(0, 1), K] has 2"),
    ("self.bag.add(0)", "bag: the bag would hold 2 elements, Bag[Range(0, 1)] of at most 1"),
    ("self.bag.remove(1); self.bag.add(5)", "bag: 5 is outside Range(0, 1)"),
    ("self.leafs[K1].n = 5", "leafs[K1].n: 5 is outside Range(0, 1)"),
    ("self.leafs[K1].row.append(5)", "leafs[K1].row[1]: 5 is outside Range(0, 1)"),
    ("self.leafs[K1].row = [5]", "leafs[K1].row[0]: 5 is outside Range(0, 1)"),
    ("self.leafs[K1] = K1", "leafs[K1]: K1 is outside Leaf"),
    ("self.leafs[K1] = Leaf(n=5)", "Leaf.n: 5 is outside Range(0, 1)"),
    ("self.leafs[K1] = Leaf(row=[0, 5])", "Leaf.row[1]: 5 is outside Range(0, 1)"),
    ("x = Leaf(); x.row.append(5)", "Leaf.row[1]: 5 is outside Range(0, 1)"),
    ("self.maybe = 5", "maybe: 5 is outside Leaf | None"),
    ("self.maybe.n = 5", "maybe.n: 5 is outside Range(0, 1)"),
    ("self.words = frozenset({7, 8})", "words: 7 is outside Range(0, 1)"),
    ("self.words = frozenset({'a', 'b', 'c'})", "words: the set has 3 elements, frozenset[Range(0, 1)]"),
    ("self.seq = (0, 1)", "seq: (0, 1) has 2 elements, tuple[Range(0, 1), ...] of at most 1"),
    ("self.seq = (5,)", "seq: 5 is outside Range(0, 1)"),
    ("self.n = {'b', 'a'}", "n: {'a', 'b'} is outside Range(0, 1)"),
    ("self.n = object()", "n: <object object> is outside Range(0, 1)"),
]


@pytest.mark.parametrize(("body", "message"), WRITES)
def test_a_violation_names_the_place_the_value_and_the_domain(body: str, message: str) -> None:
    namespace: dict[str, Any] = {}
    exec("def method(self):\n    " + body, globals(), namespace)
    for inside in (None, object()):
        state = World()
        with entered(inside), pytest.raises(OutsideDomain) as caught:
            marked(Mark("action", namespace["method"]))(state)
        assert str(caught.value) == message
    with pytest.raises(OutsideDomain) as caught:
        namespace["method"](World())
    assert str(caught.value) == message  # also when the step is not undone, as with a single assignment


def test_the_message_stays_the_same_when_the_step_has_been_undone() -> None:
    state = World()
    state._part_journal.record()
    with pytest.raises(OutsideDomain) as caught:
        state.part[K0] = {}
        state.part[K0][K0] = 5
    state._part_journal.undo()
    state._part_journal.forget()
    assert str(caught.value) == "part[K0][K0]: 5 is outside Range(0, 1)"


def test_a_constructor_names_the_variable() -> None:
    with pytest.raises(OutsideDomain, match=r"rows\[0\]\[0\]: 5 is outside Range\(0, 1\)"):
        World(rows=[[5]])


def test_a_part_knows_where_it_lies() -> None:
    state = World()
    assert path_of(state.rows[1]) == "rows[1]"
    assert path_of(state.leafs[K1].row) == "leafs[K1].row"
    assert path_of(state.part[K1]) == "part[K1]"
    assert path_of(state.maybe) == "maybe"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b", "a"}, "{'a', 'b'}"),
        (frozenset({"b", "a"}), "frozenset({'a', 'b'})"),
        ([{"b", "a"}, (frozenset({"y", "x"}), 1)], "[{'a', 'b'}, (frozenset({'x', 'y'}), 1)]"),
        ({"k": {2, 1}}, "{'k': {1, 2}}"),
        ((), "()"),
        ((1,), "(1,)"),
        (set(), "set()"),
        ("x" * 200, "'" + "x" * 76 + "..."),
    ],
)
def test_shown_values_are_short_and_the_same_in_every_run(value: Any, text: str) -> None:
    assert shown(value) == text


def test_addresses_are_not_shown() -> None:
    assert " at 0x" not in shown(object()) + shown(lambda: None) + shown([object()])
