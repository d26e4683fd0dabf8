"""Every mutable part has one owner: what may be stored where, what is closed, and what a step that did not happen leaves behind."""

import functools
import sys
import types
from typing import Annotated, Any, ClassVar

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Range
from speccheck.domains.bags import Bag
from speccheck.domains.defaults import each
from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.parts import Part
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from speccheck.dsl.rules import Mark, action, invariant, marked, refines
from speccheck.dsl.spec import Spec
from speccheck.dsl.statements import copy, require
from speccheck.errors import ClosedPart, Misuse, Ownership, ReadOnlyRule, SpeccheckError, UnsetVariable

Digit = Annotated[int, Range(0, 9)]
Row = Annotated[list[Digit], MaxLen(4)]


class K(Sort, size=2):
    """Keys."""


K0, K1 = K


class Leaf(Record):
    n: Digit = 0
    row: Row = []


class Tree(Record):
    leaf: Leaf = Leaf()
    leaves: Annotated[list[Leaf], MaxLen(2)] = []


class World(Spec):
    OWN: ClassVar[list[int]] = [8]
    s: set[K] = {K0}
    t: set[K] = set()
    m: dict[K, set[K]] = {K0: set()}
    row: Row = [1, 2]
    other: Row = []
    rows: Annotated[list[Row], MaxLen(4)] = [[1], [2, 2]]
    by: dict[K, Row] = each([0])
    bag: Annotated[Bag[K], MaxLen(3)] = Bag([K0])
    bag2: Annotated[Bag[K], MaxLen(3)] = Bag()
    leaf: Leaf = Leaf(n=1)
    leafs: dict[K, Leaf] = each(Leaf())
    many: Annotated[list[Leaf], MaxLen(3)] = [Leaf(), Leaf(n=2)]
    tree: Tree = Tree(leaves=[Leaf(n=5)])
    maybe: Leaf | None = Leaf(n=7)
    either: Row | Leaf | None = [3]


LIST, SET, BAG, LEAF = [4, 4], {K1}, Bag([K1]), Leaf(n=3, row=[6])
NESTED: dict[str, Any] = {"rows": ([7], [7, 7]), "leafs": [LEAF], "each": each([5])}


@functools.cache
def remembered() -> Leaf:
    return Leaf(n=9)


@functools.cache
def remembered_list() -> list[int]:
    return [9]


NAMES = {name: value for name, value in globals().items() if not name.startswith("__")}


def function_of(body: str) -> Any:
    """Return a method with this body; its globals are those of this module."""
    namespace: dict[str, Any] = {}
    lines = "".join(f"    {line}\n" for line in body.split("; "))
    exec(f"def method(self):\n{lines}", globals(), namespace)
    return namespace["method"]


def run(body: str, state: World | None = None) -> World:
    """Run a body as an action outside an engine; return the state."""
    state = state or World()
    marked(Mark("action", function_of(body)))(state)
    return state


def refused(body: str, error: type[SpeccheckError]) -> SpeccheckError:
    """Check that a body is refused, in a step of an engine and outside of one, and has then changed nothing; return the error."""
    state = World()
    before, text = copy(state), repr(state)
    with pytest.raises(error) as caught:
        run(body, state)
    assert (state, repr(state)) == (before, text)
    with entered(object()), pytest.raises(Misuse) as inside:
        state._part_journal.record()
        try:
            function_of(body)(state)
            state._part_journal.check_moved()
        finally:
            state._part_journal.undo()
            state._part_journal.forget()
    assert type(inside.value.error) is error and (state, repr(state)) == (before, text)
    return caught.value


# ---------------------------------------------------------------- a part in a second place


@pytest.mark.parametrize(
    "body",
    [
        "self.t = self.s",
        "self.other = self.row",
        "self.bag2 = self.bag",
        "self.leaf = self.leafs[K0]",
        "self.leafs[K0] = self.leafs[K1]",
        "self.rows.append(self.row)",
        "self.rows.append(self.rows[0])",
        "self.rows.insert(0, self.row)",
        "self.rows.extend([self.row])",
        "self.rows += [self.row]",
        "self.rows[0] = self.row",
        "self.rows[0:1] = [self.row]",
        "self.rows[:] = [self.rows[0], self.rows[0]]",
        "self.rows *= 2",
        "self.rows = [self.row]",
        "self.rows = self.rows + [[1]]",
        "self.rows[0], self.rows[1] = self.rows[1], self.rows[0]",
        "self.by = {K0: self.row, K1: []}",
        "self.by = dict(self.by)",
        "self.by.update({K0: self.row})",
        "self.by |= {K0: self.row}",
        "self.m[K1] = self.s",
        "self.m.setdefault(K1, self.s)",
        "self.m = {K1: self.m[K0]}",
        "self.leaf = Leaf(row=self.row)",
        "self.leaf.row = self.row",
        "self.row = self.leaf.row",
        "self.tree = Tree(leaf=self.leaf)",
        "self.tree.leaves.append(self.tree.leaf)",
        "self.many.append(self.leaf)",
        "self.maybe = self.leaf",
        "self.either = self.row",
        "self.either = self.leaf",
        "x = self.s; self.t = x",
        "for x in self.rows: self.row = x",
        "n = Leaf(); self.leaf = n; self.row = n.row",
    ],
)
def test_a_part_cannot_be_stored_in_a_second_place(body: str) -> None:
    error = refused(body, Ownership)
    assert error.message == "a mutable part of the state is stored in a second place"
    assert error.remedy == "Write a copy: set(self.x), list(self.x), dict(self.x), copy(self.x)."


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("self.t = set(self.s)", "t", {K0}),
        ("self.t = copy(self.s)", "t", {K0}),
        ("self.other = list(self.row)", "other", [1, 2]),
        ("self.other = self.row[:]", "other", [1, 2]),
        ("self.bag2 = Bag(self.bag)", "bag2", Bag([K0])),
        ("self.leaf = copy(self.leafs[K0])", "leaf", Leaf()),
        ("self.rows = [list(x) for x in self.rows]", "rows", [[1], [2, 2]]),
        ("self.by = {k: list(v) for k, v in self.by.items()}", "by", {K0: [0], K1: [0]}),
        ("self.maybe = copy(self.leaf)", "maybe", Leaf(n=1)),
    ],
)
def test_a_copy_can_be_stored(body: str, name: str, expected: Any) -> None:
    assert getattr(run(body), name) == expected


def test_a_copy_of_a_record_is_deep() -> None:
    state = run("self.tree.leaf = copy(self.leaf); self.tree.leaf.row.append(1)")
    assert (state.tree.leaf.row, state.leaf.row) == ([1], [])


@pytest.mark.parametrize(
    "body",
    [
        "self.s = self.s",
        "self.s |= {K0}",
        "self.s -= set()",
        "self.row += []",
        "self.rows[0] = self.rows[0]",
        "self.rows[0] += []",
        "self.rows[:] = self.rows",
        "self.rows.reverse(); self.rows.reverse()",
        "self.by[K0] = self.by[K0]",
        "self.by.update(self.by)",
        "self.by |= self.by",
        "self.leafs[K0] = self.leafs[K0]",
        "x = self.leaf; self.leaf = x",
        "self.leaf.row = self.leaf.row",
        "self.maybe = self.maybe",
        "self.either = self.either",
    ],
)
def test_a_part_can_be_stored_where_it_is(body: str) -> None:
    assert run(body) == World()


def test_a_part_that_stays_is_the_same_object() -> None:
    state = World()
    row, leaf = state.rows[0], state.leafs[K0]
    run("self.rows[0] = self.rows[0]; self.rows.reverse(); self.leafs[K0] = self.leafs[K0]", state)
    assert state.rows[1] is row and state.leafs[K0] is leaf


# ---------------------------------------------------------------- fresh values


@pytest.mark.parametrize(
    "body",
    [
        "x = [1]; self.row = x; self.other = x",
        "x = [1]; self.rows = [x, x]",
        "x = [1]; self.rows.append(x); self.rows.append(x)",
        "x = [1]; self.by = {K0: x, K1: x}",
        "x = [1]; self.leaf.row = x; self.row = x",
        "x = [1]; self.leaf = Leaf(row=x); self.row = x",
        "x = [1]; n = Leaf(row=x); self.row = x",
        "x = [1]; self.many = [Leaf(row=x), Leaf(row=x)]",
        "x = set(); self.s = x; self.t = x",
        "x = Bag(); self.bag = x; self.bag2 = x",
        "x = {K0: []}; self.m = {}; self.by.update(x); self.by.update(x)",
        "x = Leaf(); self.leaf = x; self.maybe = x",
        "x = Leaf(); self.leafs = {K0: x, K1: x}",
        "x = Leaf(); self.tree = Tree(leaf=x, leaves=[x])",
        "x = Leaf(); y = Tree(leaf=x); self.leaf = x",
        "x = [1]; self.row = x; self.row = []; self.row = x",
    ],
)
def test_a_fresh_value_cannot_be_stored_twice(body: str) -> None:
    assert refused(body, Ownership).message.endswith("is stored a second time")


@pytest.mark.parametrize(
    "body",
    [
        "x = [1]; self.row = x; x.append(2)",
        "x = [1]; self.row = x; x[0] = 2",
        "x = [1]; self.rows.append(x); x.clear()",
        "x = set(); self.s = x; x.add(K1)",
        "x = {K0: set()}; self.m = x; x[K1] = set()",
        "x = {K0: set()}; self.m = x; x[K0].add(K1)",
        "x = Bag(); self.bag = x; x.add(K0)",
        "x = [[1]]; self.rows = x; x[0].append(2)",
        "x = [1]; self.leaf.row = x; x.append(2)",
        "x = [1]; self.leaf = Leaf(row=x); x.append(2)",
        "x = [1]; n = Leaf(row=x); x.append(2); self.leaf = n",
        "x = [1]; n = Leaf(); n.row = x; x.append(2); self.leaf = n",
    ],
)
def test_a_fresh_value_cannot_be_changed_after_it_was_stored(body: str) -> None:
    assert " was changed after it was stored; it was " in refused(body, Ownership).message


@pytest.mark.parametrize(
    "body",
    [
        "x = Leaf(); self.leaf = x; x.n = 2",
        "x = Leaf(); self.leaf = x; x.row = []",
        "x = Leaf(); self.leaf = x; x.row.append(1)",
        "x = Tree(); self.tree = x; x.leaf.n = 1",
        "x = Leaf(); self.many.append(x); x.n += 1",
        "x = Leaf(); y = Tree(leaf=x); x.n = 3",
    ],
)
def test_a_record_cannot_be_changed_through_the_old_local(body: str) -> None:
    error = refused(body, Ownership)
    assert error.message == "a record is changed through a local after it was stored"
    assert error.remedy == "Change it before storing it, or through self."


def test_a_record_can_be_read_through_the_old_local() -> None:
    assert run("x = Leaf(n=4, row=[5]); self.leaf = x; self.row = [x.n, *x.row]").row == [4, 5]


def test_a_fresh_value_can_be_changed_before_it_is_stored() -> None:
    state = run("x = []; x.append(1); self.row = x; n = Leaf(); n.n = 2; n.row.append(3); self.leaf = n")
    assert (state.row, state.leaf) == ([1], Leaf(n=2, row=[3]))


def test_equal_fresh_values_are_different_values() -> None:
    state = run("self.rows = [[1], [1]]; self.leafs = {k: Leaf(n=1) for k in K}; self.rows[0].append(2); self.leafs[K0].n = 2")
    assert (state.rows, state.leafs[K1].n) == ([[1, 2], [1]], 1)


def test_an_outer_value_may_be_taken_apart_and_thrown_away() -> None:
    assert run("x = [[1], [2]]; self.rows.append(x[0]); self.rows.append(x[1])").rows == [[1], [2, 2], [1], [2]]


def test_every_key_gets_a_copy_of_its_own_from_each() -> None:
    state = run("x = [1]; self.by = each(x); self.by[K0].append(2)")
    assert state.by == {K0: [1, 2], K1: [1]}


def test_a_step_that_changes_a_fresh_value_in_the_end_leaves_the_state_alone() -> None:
    state = World()
    with pytest.raises(Ownership):
        run("x = [1]; self.row = x; self.s.clear(); x.append(2)", state)
    assert state == World()


def test_what_lives_longer_than_a_step_can_be_stored_again_in_the_next() -> None:
    state = World()
    for _ in range(3):
        run("self.leaf = remembered(); self.row = remembered_list()", state)
        assert (state.leaf.n, state.row) == (9, [9])
        run("self.leaf.n = 1; self.row.clear()", state)
    with pytest.raises(Ownership):
        run("self.leaf = remembered(); self.maybe = remembered()", state)
    assert remembered().n == 9


# ---------------------------------------------------------------- constants of modules and classes


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("self.row = LIST; self.other = LIST", {"row": [4, 4], "other": [4, 4]}),
        ("self.rows = [LIST, LIST]", {"rows": [[4, 4], [4, 4]]}),
        ("self.by = {K0: LIST, K1: LIST}", {"by": {K0: [4, 4], K1: [4, 4]}}),
        ("self.s = SET; self.t = SET", {"s": {K1}, "t": {K1}}),
        ("self.bag = BAG; self.bag2 = BAG", {"bag": Bag([K1]), "bag2": Bag([K1])}),
        ("self.leaf = LEAF; self.maybe = LEAF", {"leaf": LEAF, "maybe": LEAF}),
        ("self.leafs = {k: LEAF for k in K}", {"leafs": {K0: LEAF, K1: LEAF}}),
        ("self.tree = Tree(leaf=LEAF, leaves=[LEAF, LEAF])", {"tree": Tree(leaf=LEAF, leaves=[LEAF, LEAF])}),
        ("self.leaf = Leaf(row=LIST); self.row = LIST", {"leaf": Leaf(row=[4, 4]), "row": [4, 4]}),
        ("self.row = NESTED['rows'][0]; self.other = NESTED['rows'][0]", {"row": [7], "other": [7]}),
        ("self.leaf = NESTED['leafs'][0]; self.maybe = NESTED['leafs'][0]", {"leaf": LEAF, "maybe": LEAF}),
        ("self.by = NESTED['each']; self.rows = [NESTED['each'].value] * 2", {"by": {K0: [5], K1: [5]}, "rows": [[5], [5]]}),
        ("self.row = self.OWN; self.other = self.OWN", {"row": [8], "other": [8]}),
        ("self.row = World.OWN; self.other = World.OWN", {"row": [8], "other": [8]}),
    ],
)
def test_a_constant_of_the_module_or_class_is_copied_as_often_as_it_is_stored(body: str, stored: dict[str, Any]) -> None:
    constants = repr((LIST, SET, BAG, LEAF, NESTED, World.OWN))
    state = World()
    for _ in range(2):
        run(body, state)
        assert {name: getattr(state, name) for name in stored} == stored
        run("self.row.clear(); self.s.clear(); self.leaf.row.append(9); self.leaf.n = 9; self.rows.clear(); self.by[K0].clear(); self.tree.leaf.n = 9", state)
    assert repr((LIST, SET, BAG, LEAF, NESTED, World.OWN)) == constants


@pytest.mark.parametrize("body", ["self.row = LIST; LIST.append(1); self.other = LIST", "self.leaf = LEAF; LEAF.n = 8", "self.s = SET; SET.add(K0)"])
def test_a_constant_cannot_be_changed_after_it_was_stored(body: str) -> None:
    constants = copy(LIST), copy(SET), copy(LEAF)
    try:
        with pytest.raises(Ownership):
            run(body)
    finally:
        LIST[:], LEAF.n = constants[0], constants[2].n
        SET.intersection_update(constants[1])


def test_a_constant_of_an_imported_module_is_copied_as_often_as_it_is_stored() -> None:
    tables = types.ModuleType("tables")
    tables.INIT = [1, 1]  # type: ignore[attr-defined]
    method = function_of("self.row = tables.INIT; self.other = tables.INIT")
    alone = types.FunctionType(method.__code__, {"tables": tables, "__name__": "alone"})
    state = World()
    marked(Mark("action", alone))(state)
    assert (state.row, state.other) == ([1, 1], [1, 1])


def test_a_constant_of_the_function_around_a_local_class_is_copied_as_often_as_it_is_stored() -> None:
    start = [1]

    class Local(Spec):
        OWN: ClassVar[list[int]] = [2]
        row: Row = []
        other: Row = []

        @action
        def both(self) -> None:
            self.row = start
            self.other = start

        @action
        def both_own(self) -> None:
            self.row = self.OWN
            self.other = self.OWN

        @action
        def fresh(self) -> None:
            mine = [1]
            self.row = mine
            (lambda: setattr(self, "other", mine))()

    state = Local()
    state.both()
    assert (state.row, state.other) == ([1], [1])
    state.both_own()
    assert (state.row, state.other) == ([2], [2])
    with pytest.raises(Ownership):
        state.fresh()


# ---------------------------------------------------------------- closed parts


CLOSING = [
    ("x = self.s", "self.s = set()"),
    ("x = self.row", "self.row = []"),
    ("x = self.bag", "self.bag = Bag()"),
    ("x = self.by", "self.by = each([])"),
    ("x = self.m", "self.m = {}"),
    ("x = self.leaf", "self.leaf = Leaf()"),
    ("x = self.rows[0]", "self.rows[0] = []"),
    ("x = self.rows[0]", "self.rows = []"),
    ("x = self.rows[0]", "del self.rows[0]"),
    ("x = self.rows[0]", "self.rows.remove([1])"),
    ("x = self.rows[0]", "self.rows.clear()"),
    ("x = self.rows[1]", "self.rows[1:] = []"),
    ("x = self.rows[1]", "del self.rows[1:]"),
    ("x = self.rows[1]", "self.rows *= 0"),
    ("x = self.by[K0]", "self.by[K0] = []"),
    ("x = self.by[K0]", "self.by.update({K0: []})"),
    ("x = self.by[K0]", "self.by = each([])"),
    ("x = self.m[K0]", "del self.m[K0]"),
    ("x = self.m[K0]", "self.m.clear()"),
    ("x = self.m[K0]", "self.m[K0] = set()"),
    ("x = self.leafs[K0]", "self.leafs[K0] = Leaf()"),
    ("x = self.leafs[K0].row", "self.leafs[K0] = Leaf()"),
    ("x = self.leafs[K0].row", "self.leafs = each(Leaf())"),
    ("x = self.leaf.row", "self.leaf.row = []"),
    ("x = self.tree.leaf.row", "self.tree = Tree()"),
    ("x = self.tree.leaves[0]", "self.tree = Tree()"),
    ("x = self.tree.leaves[0].row", "self.tree.leaves.clear()"),
    ("x = self.maybe", "self.maybe = None"),
    ("x = self.maybe.row", "self.maybe = Leaf()"),
    ("x = self.either", "self.either = Leaf()"),
    ("x = next(iter(self.by.values()))", "self.by[K0] = []"),
]
USES = ["bool(x)", "x == x", "x != 1", "repr(copy(x))", "self.maybe = x", "self.either = x", "[1] == x", "x is None or x != None"]
BY_KIND = {
    list: ["len(x)", "x[0]", "x[0] = 1", "x.append(1)", "list(x)", "1 in x", "x.pop()", "x + [1]", "[1] + x", "sorted(x)", "x.sort()", "x < [1]", "self.rows.append(x)", "tuple(x)"],
    set: ["len(x)", "K0 in x", "x.add(K0)", "list(x)", "x | {K0}", "{K0} | x", "x <= {K0}", "x -= {K0}", "self.s |= x", "self.s.update(x)", "self.s = x", "sorted(x, key=repr)"],
    dict: ["len(x)", "x[K0]", "x[K0] = 1", "list(x)", "x.get(K0)", "x.items()", "x.values()", "dict(x)", "{**x}", "K0 in x", "x.pop(K0)", "x | {}", "x.update({})"],
    Bag: ["len(x)", "x.add(K0)", "x.remove(K0)", "list(x)", "K0 in x", "x.count(K0)", "Bag(x)", "self.bag = x"],
    Leaf: ["x.n", "x.n = 1", "x.row", "x.row = []", "x.n += 1", "self.leaf = x", "self.many.append(x)", "self.tree = Tree(leaf=x)"],
}  # fmt: skip


def kind_of(body: str) -> Any:
    namespace = {**globals(), "self": World()}
    exec(body.replace("; ", "\n"), namespace)
    return next(kind for kind in BY_KIND if isinstance(namespace["x"], kind))


@pytest.mark.parametrize(("bind", "drop"), CLOSING)
def test_a_part_that_was_replaced_or_removed_can_no_longer_be_used(bind: str, drop: str) -> None:
    for use in [*USES, *BY_KIND[kind_of(bind)]]:
        error = refused(f"{bind}; {drop}; {use}", ClosedPart)
        assert error.message == "a local still denotes a part of the state that was replaced or removed"
        assert error.remedy == "Read the part again from self after replacing it, or copy it before."


@pytest.mark.parametrize(("bind", "drop"), CLOSING)
def test_a_part_can_be_used_until_it_is_replaced(bind: str, drop: str) -> None:
    assert isinstance(run(f"{bind}; repr(x); x == x; copy(x); {drop}"), World)


def test_a_closed_part_shows_that_it_is_one() -> None:
    state = World()
    row, leaf = state.row, state.leaf
    run("self.row = []; self.leaf = Leaf()", state)
    assert (repr(row), f"{leaf}") == ("<a part that was replaced>",) * 2
    assert isinstance(row, list) and isinstance(leaf, Leaf) and isinstance(row, Part)
    with pytest.raises(TypeError, match="unhashable"):
        hash(row)


def test_a_step_that_did_not_happen_opens_its_parts_again() -> None:
    class Undone(World):
        @action
        def replace(self, last: str) -> None:
            self.row = [9]
            self.leaf = Leaf(n=9)
            self.leafs.update({K0: Leaf(n=9)})
            self.rows.clear()
            self.tree = Tree()
            del self.m[K0]
            self.maybe = None
            require(last != "require")
            if last == "error":
                raise RuntimeError
            if last == "domain":
                self.row.append(99)

    state = Undone()
    bound = [state.row, state.leaf, state.leaf.row, state.leafs[K0], state.rows[1], state.tree.leaves[0].row, state.m[K0], state.maybe]
    for last, raised in [("require", Disabled), ("error", RuntimeError), ("domain", BaseException)]:
        with pytest.raises(raised):
            state.replace(last)
        assert [*bound] == [state.row, state.leaf, state.leaf.row, state.leafs[K0], state.rows[1], state.tree.leaves[0].row, state.m[K0], state.maybe]
        assert state == Undone()
    bound[0].append(5)  # type: ignore[union-attr]
    bound[3].row.append(6)  # type: ignore[union-attr]
    assert (state.row, state.leafs[K0].row) == ([1, 2, 5], [6])


# ---------------------------------------------------------------- pop


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("x = self.rows.pop(); x.append(3); self.rows.append(x)", "rows", [[1], [2, 2, 3]]),
        ("x = self.rows.pop(); self.rows.append(x); x.append(3)", "rows", [[1], [2, 2, 3]]),
        ("x = self.rows.pop(0); x.append(3)", "rows", [[2, 2]]),
        ("x = self.rows.pop(0); x.append(3); self.row = x", "row", [1, 3]),
        ("self.row = self.rows.pop(0)", "row", [1]),
        ("self.either = self.rows.pop(0)", "either", [1]),
        ("x = self.m.pop(K0); x.add(K1); self.m[K1] = x", "m", {K1: {K1}}),
        ("self.t = self.m.pop(K0); self.t.add(K1)", "t", {K1}),
        ("k, x = self.m.popitem(); self.m[K1] = x", "m", {K1: set()}),
        ("x = self.many.pop(); x.n = 6; x.row.append(1); self.many.insert(0, x)", "many", [Leaf(n=6, row=[1]), Leaf()]),
        ("x = self.many.pop(); self.leaf = x; x.n = 6", "leaf", Leaf(n=6)),
        ("x = self.many.pop(); x.n = 6; self.tree = Tree(leaf=x)", "tree", Tree(leaf=Leaf(n=6))),
        ("x = self.many.pop(); x.row.append(6); self.maybe = x", "maybe", Leaf(n=2, row=[6])),
        ("x = self.many.pop(); self.row = x.row[:]", "row", []),
    ],
)
def test_pop_gives_the_part_to_the_local(body: str, name: str, expected: Any) -> None:
    assert getattr(run(body), name) == expected


@pytest.mark.parametrize(
    "body",
    [
        "x = self.rows.pop(); self.rows.append(x); self.rows.append(x)",
        "x = self.rows.pop(); self.rows.append(x); self.row = x",
        "x = self.rows.pop(); self.row = x; self.other = x",
        "x = self.rows.pop(); self.row = x; self.rows.append(x)",
        "x = self.many.pop(); self.leaf = x; self.many.append(x)",
        "x = self.many.pop(); self.tree = Tree(leaf=x); self.leaf = x",
        "x = self.many.pop(); self.row = x.row",
        "x = self.rows.pop(); self.row = x; x.append(7)",
        "x = self.many.pop(); self.tree = Tree(leaf=x); x.n = 7",
    ],
)
def test_a_popped_part_can_be_stored_once(body: str) -> None:
    refused(body, Ownership)


# ---------------------------------------------------------------- reading: properties, mappings, other states


class Abstract(Spec):
    rows: Annotated[list[Row], MaxLen(4)] = []
    leaf: Leaf = Leaf()


class Concrete(World):
    @invariant
    def reads(self) -> bool:
        return Leaf(row=self.row) == Leaf(row=[1, 2]) and Tree(leaf=self.leaf).leaf.n == 1 and [self.row, self.rows[0]] == [[1, 2], [1]]

    @refines(Abstract)
    def mapped(self) -> Abstract:
        return Abstract(rows=[self.row, self.rows[0]], leaf=self.leaf)


def test_properties_and_mappings_may_share_parts() -> None:
    state = Concrete()
    state._part_journal.refuse()
    with entered(object()):
        assert state.reads() is True
        assert state.mapped() == Abstract(rows=[[1, 2], [1]], leaf=Leaf(n=1))
    state._part_journal.forget()
    assert state.mapped() == Abstract(rows=[[1, 2], [1]], leaf=Leaf(n=1))


def test_a_mapped_state_is_a_copy() -> None:
    state = Concrete()
    mapped = state.mapped()
    state.row.append(9)
    mapped.leaf.n = 8
    assert (mapped.rows, state.leaf.n) == ([[1, 2], [1]], 1)


def test_parts_of_another_state_are_copied() -> None:
    one, other = World(), World()
    other.row = one.row
    other.leaf = one.leaf
    one.row.append(5)
    one.leaf.n = 5
    assert (other.row, other.leaf.n) == ([1, 2], 1)


@pytest.mark.parametrize(
    "body",
    [
        "self.row = []", "self.row.append(1)", "self.row += []", "self.row.extend([])", "self.row.sort()", "self.s.add(K0)", "self.s.discard(K1)", "self.s |= set()", "self.s.clear()",
        "self.m.pop(K1, None)", "self.m.update({})", "self.m.clear()", "self.by[K0] = self.by[K0]", "self.bag.add(K0)", "self.leaf.n = 1", "self.leaf.n = self.leaf.n", "self.row = self.row",
        "x = self.rows[0]; x.clear()", "self.rows.pop()", "del self.rows[0]", "self.tree.leaves[0].n += 1", "self.row *= 1", "self.row[0] = 1", "self.row[:] = self.row",
    ],
)  # fmt: skip
def test_every_mutation_is_an_error_where_a_rule_may_only_read(body: str) -> None:
    state = World()
    state._part_journal.refuse()
    with pytest.raises(ReadOnlyRule) as caught, entered(None):
        function_of(body)(state)
    assert caught.value.message == "a rule that may only read changes the state"
    state._part_journal.forget()
    assert state == World()


def test_a_record_without_all_its_values_cannot_be_stored() -> None:
    class Partly(Record):
        x: bool
        y: bool = True

    class Holder(Spec):
        part: Partly | None = None
        parts: Annotated[list[Partly], MaxLen(2)] = []

    state = Holder()
    for body in ("self.part = Partly()", "self.parts.append(Partly(y=False))"):
        method = types.FunctionType(function_of(body).__code__, {"Partly": Partly, "__name__": __name__})
        with pytest.raises(UnsetVariable) as caught:
            marked(Mark("action", method))(state)
        assert (caught.value.message, caught.value.remedy) == ("'x' of Partly has no value", "Write Partly(x=...), or give the field a default.")
    assert state == Holder()


def test_an_engine_that_is_done_leaves_no_eye_on_fresh_values() -> None:
    state, row = World(), [1]
    with entered(object()):
        state._part_journal.record()
        assert Leaf(row=row).row == [1]
        with pytest.raises(Misuse):
            Leaf(row=row)
    row.append(2)
    assert [Leaf(row=row), Leaf(row=row)] == [Leaf(row=[1, 2])] * 2


def test_modules_of_tests_are_no_part_of_speccheck() -> None:
    """Otherwise constants of this module would not be found."""
    assert not sys.modules[__name__].__name__.startswith("speccheck.")
