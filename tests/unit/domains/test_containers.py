"""Containers of a state behave as Python's own, in domain order, and never lose the exact form of an element."""

from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Partial, Range, Total
from speccheck.domains.bags import Bag
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Record, domains_of, record_domain
from speccheck.dsl.spec import Spec
from speccheck.dsl.statements import copy
from tests.unit.domains.drawn import exact

Bit = Annotated[int, Range(0, 1)]
Letter = Literal["z", "m", "a"]
Group = frozenset[Letter]


class Leaf(Record):
    n: Bit = 0


class World(Spec):
    bits: set[Bit] = {0, 1}
    letters: set[Letter] = {"a", "m", "z"}
    groups: set[Group] = {frozenset({"a", "z"})}
    few: Annotated[set[Bit], MaxLen(1)] = set()
    total: Annotated[dict[Letter, Bit], Total] = {"a": 0, "z": 1, "m": 0}
    partial: Annotated[dict[Letter, Bit], Partial] = {"a": 0, "z": 1}
    keyed: dict[Group, Bit] = {frozenset({"a", "z"}): 1}
    by_bit: Annotated[dict[Bit, Bit], Partial] = {1: 1}
    bag: Annotated[Bag[Bit], MaxLen(3)] = Bag([1, 0, 1])
    bunch: Annotated[Bag[Group], MaxLen(3)] = Bag([frozenset({"a", "z"})])
    frozen: Group = frozenset({"a", "z"})
    row: Annotated[list[Bit], MaxLen(3)] = [0, 1]
    leafs: Annotated[list[Leaf], MaxLen(3)] = [Leaf(), Leaf(n=1)]
    maybe: dict[Letter, Bit] | None = None


def everything(state: World) -> list[Any]:
    """Return the state as data that also tells types apart, and the order of every container."""
    values = [vars(state)[name] for name in domains_of(World)]
    return [exact(copy(value)) for value in values] + [repr(value) for value in values]


# ---------------------------------------------------------------- equal is not the same


@pytest.mark.parametrize(
    "body",
    [
        "self.bits.discard(True)",
        "self.bits.remove(False)",
        "self.bits -= {True}",
        "self.bits &= {True}",
        "self.bits.intersection_update([True, 5])",
        "self.bits ^= {True}",
        "self.bits.pop()",
        "self.groups.remove(frozenset({'z', 'a'}))",
        "self.groups.remove({'a', 'z'})",
        "self.groups &= {frozenset({'z', 'a'})}",
        "self.by_bit.pop(True)",
        "del self.by_bit[True]",
        "self.by_bit[True] = 0",
        "self.by_bit.popitem()",
        "self.keyed.pop(frozenset({'z', 'a'}))",
        "self.keyed[frozenset({'z', 'a'})] = 0",
        "self.bag.remove(True); self.bag.remove(True)",
        "self.bag.remove(False)",
        "self.bunch.remove(frozenset({'z', 'a'}))",
    ],
)
def test_what_is_removed_by_an_equal_value_comes_back_as_it_was(body: str) -> None:
    state = World()
    before = everything(state)
    state._part_journal.record()
    exec(body, {"self": state})
    assert everything(state) != before or "&=" in body
    left = [domain.freeze(domain.store(copy(vars(state)[name]), None)) for name, domain in domains_of(World).items()]
    assert len(left) == len(domains_of(World))  # what is left belongs to the domains, by exact type
    state._part_journal.undo()
    state._part_journal.forget()
    assert everything(state) == before


def test_an_intersection_keeps_the_elements_of_the_state() -> None:
    state = World()
    state.bits &= {True}
    assert exact(copy(state.bits)) == exact({1})


def test_an_equal_key_leaves_the_key_as_it_is() -> None:
    state = World()
    state.by_bit[True] = 0
    assert exact(copy(state.by_bit)) == exact({1: 0})


def test_a_value_that_merely_equals_an_element_cannot_be_added() -> None:
    for body in ("self.few.add(True)", "self.row.append(True)", "self.bag.add(True)", "self.by_bit[0] = True", "self.few |= {1.0}"):
        with pytest.raises(OutsideDomain):
            exec(body, {"self": World()})


# ---------------------------------------------------------------- domain order


ITERATIONS = {
    "letters": ["list(x)", "[*x]", "sorted(x, key=lambda _: 0)", "[y for y in x]", "list(iter(x))", "list(enumerate(x))", "tuple(x)", "list(map(str, x))", "repr(x)"],
    "frozen": ["list(x)", "[*x]", "[y for y in x]", "tuple(x)", "repr(x)"],
    "partial": [
        "list(x)", "list(x.keys())", "list(x.values())", "list(x.items())", "[*x]", "list(dict(x).items())", "list({**x}.items())", "list(x.copy().items())",
        "list((x | {}).items())", "list(({} | x).items())", "list(reversed(x))", "repr(x)", "x.popitem()", "list(zip(x, x.values()))",
    ],
    "total": ["list(x)", "list(x.keys())", "list(x.values())", "list(x.items())", "list({**x}.items())", "list(x.copy())", "list((x | {}).items())", "repr(x)"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "expression"), [(name, one) for name, some in ITERATIONS.items() for one in some])
def test_whatever_way_it_is_read_a_container_is_in_domain_order(name: str, expression: str) -> None:
    """However it came about: elements are put in in all orders."""
    orders = [["z", "m", "a"], ["a", "m", "z"], ["m", "a", "z"]]
    seen = []
    for order in orders:
        state = World()
        if name == "letters":
            state.letters.clear()
            for letter in order:
                state.letters.add(letter)  # type: ignore[arg-type]
        elif name == "frozen":
            state.frozen = frozenset(order)  # type: ignore[arg-type]
        elif name == "partial":
            state.partial.clear()
            for letter in order:
                state.partial[letter] = 1 if letter == "m" else 0  # type: ignore[index]
        else:
            state.total = {letter: 1 if letter == "m" else 0 for letter in order}  # type: ignore[misc]
        seen.append(eval(expression, {"x": getattr(state, name)}))
    assert seen[0] == seen[1] == seen[2]
    if isinstance(seen[0], list) and seen[0][0] in ("z", "a"):
        assert seen[0] == (["a", "m", "z"] if "reversed" in expression else ["z", "m", "a"])


def test_order_survives_every_way_back() -> None:
    state = World()
    state._part_journal.record()
    del state.partial["z"]
    state.partial["m"] = 1
    state.partial["z"] = 0
    state.letters.discard("z")
    state.letters.add("z")
    assert (list(state.partial), list(state.letters)) == (["z", "m", "a"], ["z", "m", "a"])
    state._part_journal.undo()
    state._part_journal.forget()
    assert (list(state.partial), list(state.letters)) == (["z", "a"], ["z", "m", "a"])


def test_pop_takes_the_first_of_a_set_and_popitem_the_last_of_a_map() -> None:
    state = World()
    assert (state.letters.pop(), state.partial.popitem(), state.by_bit.popitem()) == ("z", ("a", 0), (1, 1))
    assert (state.letters, state.partial) == ({"a", "m"}, {"z": 1})
    for body, message in (("self.by_bit.popitem()", "popitem"), ("self.few.pop()", "pop from an empty set")):
        with pytest.raises(KeyError, match=message):
            exec(body, {"self": state})


# ---------------------------------------------------------------- Python's own types, messages and results


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("self.letters | {'a'}", set), ("self.letters & {'a'}", set), ("self.letters - {'a'}", set), ("self.letters ^ {'a'}", set), ("self.letters.copy()", set),
        ("self.letters.union('z')", set), ("self.frozen | {'a'}", frozenset), ("self.frozen - {'a'}", frozenset), ("self.row + [1]", list), ("self.row * 2", list),
        ("self.row[:1]", list), ("self.row.copy()", list), ("self.partial.copy()", dict), ("self.partial | {}", dict), ("self.total.copy()", dict), ("self.total | {}", dict),
        ("{} | self.total", dict),
    ],
)  # fmt: skip
def test_operations_return_values_that_belong_to_nobody(expression: str, kind: type) -> None:
    assert type(eval(expression, {"self": World()})) is kind


@pytest.mark.parametrize(
    ("body", "raised", "message"),
    [
        ("self.letters |= ['a']", TypeError, "unsupported operand type(s) for |=: 'set' and 'list'"),
        ("self.letters.remove('q')", KeyError, "'q'"),
        ("self.row.append(1); self.row.remove(7)", ValueError, "list.remove(x): x not in list"),
        ("self.row.pop(9)", IndexError, "pop index out of range"),
        ("self.row.clear(); self.row.pop()", IndexError, "pop from empty list"),
        ("self.row[9]", IndexError, "list index out of range"),
        ("self.row[9] = 1", IndexError, "list assignment index out of range"),
        ("del self.row[9]", IndexError, "list assignment index out of range"),
        ("self.row['a']", TypeError, "list indices must be integers or slices, not str"),
        ("self.row['a'] = 1", TypeError, "list indices must be integers or slices, not str"),
        ("self.partial['q']", KeyError, "'q'"),
        ("del self.partial['m']", KeyError, "'m'"),
        ("self.partial.pop('m')", KeyError, "'m'"),
        ("self.total['q']", KeyError, "'q'"),
        ("self.bag.remove(7)", KeyError, "7"),
        ("self.row.nothing", AttributeError, "'list' object has no attribute 'nothing'"),
        ("self.row < 5", TypeError, "'<' not supported between instances of 'list' and 'int'"),
        ("del self.total['a']", TypeError, "del on a total map: dict[Literal['z', 'm', 'a'], Range(0, 1)] has a value for every key; annotate it with Partial"),
        ("self.total.pop('a')", TypeError, "pop from a total map: dict[Literal['z', 'm', 'a'], Range(0, 1)] has a value for every key"),
        ("self.total.popitem()", TypeError, "pop from a total map"),
        ("self.total.clear()", TypeError, "pop from a total map"),
    ],
)
def test_errors_are_those_of_python_and_change_nothing(body: str, raised: type[Exception], message: str) -> None:
    state = World()
    with pytest.raises(raised) as caught:
        exec(body, {"self": state})
    assert str(caught.value).startswith(message)


def test_an_element_can_be_asked_for_by_anything_hashable() -> None:
    state = World()
    assert "q" not in state.letters and 5 not in state.partial and state.partial.get(5) is None  # type: ignore[comparison-overlap,call-overload]
    with pytest.raises(TypeError, match="unhashable"):
        _ = [] in state.letters  # type: ignore[comparison-overlap]


def test_a_total_map_of_another_state_may_be_stored_as_a_partial_one() -> None:
    one, other = World(), World()
    other.maybe = one.total
    other.partial = one.total
    assert other.maybe == other.partial == one.total
    del other.partial["a"]
    assert other.maybe == one.total != other.partial


# ---------------------------------------------------------------- values that are being changed


def test_a_record_is_looked_at_as_it_is_now() -> None:
    """In the middle of a step its cached frozen form is out of date."""
    state = World()
    domain = record_domain(Leaf)
    assert [domain.index(leaf) for leaf in state.leafs] == [0, 1]
    state._part_journal.record()
    state.leafs[0].n = 1
    assert domain.index(state.leafs[0]) == 1 and domain.contains(state.leafs[0])
    taken = state.leafs.pop()
    taken.n = 0
    assert domain.index(taken) == 0
    state._part_journal.undo()
    state._part_journal.forget()
    assert [domain.index(leaf) for leaf in state.leafs] == [0, 1]


@pytest.mark.parametrize("name", [name for name in domains_of(World) if name != "maybe"])
def test_a_live_value_has_the_index_of_its_plain_form(name: str) -> None:
    domain, value = domains_of(World)[name], getattr(World(), name)
    assert domain.index(value) == domain.index(copy(value))
