"""Random programs over the containers of a state do what they do on plain Python values; undone, they have done nothing.

A program is a list of statements on `self`. It is run on a live state, and on a plain object that holds lists, sets and dicts of Python's own. Where the
language forbids what the program does (a domain, two owners, a part that was replaced), there is nothing to compare; but the state must be as before all the
same.
"""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen
from hypothesis import given
from hypothesis import strategies as st

from speccheck.domains.annotations import Range, Total
from speccheck.domains.bags import Bag
from speccheck.domains.defaults import each
from speccheck.domains.evaluation import entered
from speccheck.domains.parts import OutsideDomain, Part
from speccheck.domains.records import Record, domains_of
from speccheck.domains.sorts import Sort
from speccheck.dsl.rules import Mark, marked
from speccheck.dsl.spec import Spec
from speccheck.engines.python.live import Live
from speccheck.engines.python.packing import Packing
from speccheck.errors import ClosedPart, Misuse, Ownership, SpeccheckError
from speccheck.model.model import Variable
from speccheck.source import Span
from tests.unit.domains.drawn import exact

Digit = Annotated[int, Range(0, 3)]
Row = Annotated[list[Digit], MaxLen(3)]


class K(Sort, size=3):
    """Keys."""


K0, K1, K2 = K
Item = Literal["a", "b"] | frozenset[K]


class Leaf(Record):
    n: Digit = 0
    log: Row = []
    tags: set[K] = set()


class World(Spec):
    n: Digit = 1
    s: set[K] = {K0}
    few: Annotated[set[Item], MaxLen(3)] = {"a", frozenset({K1, K0})}
    l: Annotated[list[Digit], MaxLen(5)] = [3, 1, 2]
    ll: Annotated[list[Row], MaxLen(3)] = [[0], [2, 0]]
    d: dict[K, Digit] = each(0)
    p: dict[K, Digit] = {K2: 2, K1: 1}
    dl: Annotated[dict[K, Row], Total] = {K0: [], K1: [1], K2: [2, 2]}
    pd: dict[K, set[K]] = {K2: {K0, K1}}
    b: Annotated[Bag[K], MaxLen(4)] = Bag([K1, K1, K0])
    r: Leaf = Leaf(n=1, log=[2])
    rs: dict[K, Leaf] = each(Leaf())
    rl: Annotated[list[Leaf], MaxLen(3)] = [Leaf(), Leaf(n=3)]
    o: Leaf | None = None


class PlainLeaf:
    """What a Leaf is without speccheck."""

    def __init__(self, n: Any = 0, log: Any = None, tags: Any = None) -> None:
        self.n, self.log, self.tags = n, [] if log is None else log, set() if tags is None else tags

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlainLeaf) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class PlainWorld:
    """What a World is without speccheck."""


def plain(value: Any) -> Any:
    """Return a value of the state in terms of Python's own containers."""
    match value:
        case Record():
            return PlainLeaf(value.n, plain(value.log), plain(value.tags))
        case dict():
            return {key: plain(one) for key, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case Part():
            return value._part_plain()
    return value


def contents(value: Any) -> Any:
    """Return a plain or live value as data that also tells types apart."""
    match value:
        case PlainLeaf() | Record():
            return ("Leaf", value.n, contents(value.log), contents(value.tags))
        case dict():
            return ("dict", frozenset((key, contents(one)) for key, one in value.items()))
        case list():
            return ("list", *map(contents, value))
        case Part():
            return exact(value._part_plain())
    return exact(value)


def whole(state: Any) -> Any:
    return {name: contents(vars(state)[name]) for name in domains_of(World)}


# ---------------------------------------------------------------- programs

STATEMENTS = """
self.n = {v}
self.n += 1
self.n = self.l[{i}]
self.n = self.p[{k}]
self.n = self.p.get({k}, 0)
self.n = self.b.count({k})
self.n = len(self.b) - 1
self.n = self.l.count({v})
self.n = self.l.index({v})
self.n = self.n
self.s.add({k})
self.s.remove({k})
self.s.discard({k})
self.s.update([{k}, {k2}])
self.s.update({{{k}}}, {{{k2}}})
self.s.difference_update({{{k}, {k2}}})
self.s.intersection_update([{k}])
self.s.symmetric_difference_update([{k}, {k2}])
self.s.clear()
self.s |= {{{k}, {k2}}}
self.s -= {{{k}}}
self.s &= {{{k}, {k2}}}
self.s ^= {{{k}, {k2}}}
self.s ^= self.s
self.s |= self.pd[{k}]
self.s = self.s | {{{k}}}
self.s = {{x for x in self.s if x != {k}}}
self.s = set(self.s)
self.s = self.s.copy()
self.s |= [{k}]
self.s.remove([])
self.few.add("{a}")
self.few.add(frozenset({{{k}}}))
self.few.discard("{a}")
self.few.discard(frozenset({{{k}, {k2}}}))
self.few.remove(frozenset({{{k}, {k2}}}))
self.few.remove({{{k}, {k2}}})
self.few -= {{"{a}", frozenset({{K0, K1}})}}
self.few &= {{frozenset({{K1, K0}}), "b"}}
self.few = {{"{a}"}}
self.l.append({v})
self.l.insert({i}, {v})
self.l.pop({i})
self.l.pop()
self.l.remove({v})
self.l[{i}] = {v}
self.l["x"] = {v}
del self.l[{i}]
self.l[{i}:{j}] = [{v}, {v2}]
self.l[::2] = [{v}, {v2}]
self.l[::2] = [{v}]
del self.l[{i}:{j}]
self.l += [{v}]
self.l += ({v}, {v2})
self.l *= {t}
self.l.sort()
self.l.sort(reverse=True)
self.l.sort(key=lambda x: -x)
self.l.reverse()
self.l.clear()
self.l.extend([])
self.l.extend([{v}, {v2}])
self.l.extend(self.l)
self.l = self.l + [{v}]
self.l = sorted(self.l)
self.l = self.l[{i}:]
self.l[:] = self.l[1:]
self.l[{i}], self.l[{j}] = self.l[{j}], self.l[{i}]
self.l = list(self.r.log)
self.ll.append([{v}])
self.ll[{i}].append({v})
self.ll.pop({i})
self.ll[{i}] = [{v}]
del self.ll[{i}]
self.ll.sort()
self.ll.sort(key=len)
self.ll.reverse()
self.ll[{i}:{j}] = [[{v}]]
self.ll.insert({i}, [{v}])
self.ll.append(self.ll.pop({i}))
self.ll.append(list(self.ll[{i}]))
self.ll.append(copy(self.ll[{i}]))
self.ll.append(self.ll[{i}])
self.ll *= {t}
self.ll[:] = [self.ll[{i}]]
self.ll[:] = [self.ll[{i}], self.ll[{j}]]
self.ll.clear()
self.ll.remove([{v}])
self.ll = [[{v}], [{v2}]]
self.ll = [list(x) for x in self.ll]
self.ll[{i}] += [{v}]
self.ll[{i}][{j}] = {v}
self.ll[{i}] = self.ll[{i}]
for x in self.ll: x.append({v})
la = self.ll[{i}]
la = self.ll.pop({i})
la = [{v}]
la.append({v})
la += [{v}]
la.clear()
la.pop()
self.ll.append(la)
self.ll[{i}] = la
self.ll.remove(la)
self.d[{k}] = {v}
self.d[{k}] += 1
self.d["x"] = {v}
self.d.update({{{k}: {v}, {k2}: {v2}}})
self.d = {{**self.d, {k}: {v}}}
self.d = {{x: {v} for x in K}}
self.d = each({v})
self.d = dict(self.d)
self.d |= {{{k}: {v}}}
self.d = self.d | {{{k}: {v}}}
self.d[{k}] = self.d["x"]
self.p[{k}] = {v}
del self.p[{k}]
self.p.pop({k})
self.p.pop({k}, None)
self.p.pop("x", None)
self.p.clear()
self.p.update({{{k}: {v}}})
self.p.update({k}=1)
self.p.setdefault({k}, {v})
self.p |= {{{k}: {v}}}
self.p = {{{k}: {v}}}
self.p = {{x: y for x, y in self.p.items() if y != {v}}}
self.p = dict(self.p)
self.p = self.p.copy()
self.p = self.p | {{{k}: {v}}}
self.p = {{{k}: {v}}} | self.p
self.p = {{}}
self.dl[{k}].append({v})
self.dl[{k}].pop()
self.dl[{k}] = [{v}]
self.dl[{k}] = la
la = self.dl[{k}]
self.dl[{k}] = self.dl[{k2}]
self.dl[{k}] = list(self.dl[{k2}])
self.dl = {{x: [{v}] for x in K}}
self.dl = each([{v}])
self.dl[{k}] += [{v}]
self.dl.update({{{k}: [{v}]}})
self.dl |= {{{k}: [{v}], {k2}: [{v2}]}}
for x in self.dl.values(): x.append({v})
for x, y in self.dl.items(): y[:] = y[1:]
self.pd[{k}] = {{{k2}}}
self.pd[{k}].add({k2})
self.pd.setdefault({k}, set()).add({k2})
sa = self.pd.pop({k})
sa = self.pd[{k}]
sa = {{{k}}}
sa = self.s
sa.add({k})
sa.discard({k})
sa -= {{{k}}}
self.pd[{k}] = sa
self.s = sa
self.r.tags = sa
del self.pd[{k}]
self.pd.clear()
self.pd[{k}] |= {{{k2}}}
self.pd[{k}] -= self.s
self.pd[{k}] = set(self.s)
self.pd = {{x: set(y) for x, y in self.pd.items()}}
self.pd = dict(self.pd)
self.pd = {{}}
self.b.add({k})
self.b.remove({k})
self.b = Bag([{k}, {k2}])
self.b = Bag(self.b)
self.b = Bag()
self.r.n = {v}
self.r.n += 1
self.r.log.append({v})
self.r.log = [{v}]
self.r.tags.add({k})
self.r.tags |= {{{k}, {k2}}}
self.r = Leaf(n={v})
self.r = Leaf(n={v}, log=la)
self.r = copy(self.rs[{k}])
self.r.log = la
la = self.r.log
self.r.log = list(self.rs[{k}].log)
ra = self.r
ra = self.rs[{k}]
ra = Leaf(n={v}, log=[{v2}])
ra = Leaf(n={v}, log=la, tags=sa)
ra = copy(self.rs[{k}])
ra = self.rl.pop({i})
ra = self.rl[{i}]
ra.n = {v}
ra.log.append({v})
ra.log = la
ra.tags = {{{k}}}
self.rs[{k}] = ra
self.rs[{k}].n = {v}
self.rs[{k}].log.append({v})
self.rs[{k}] = Leaf()
self.rs = each(Leaf(n={v}))
for x in self.rs.values(): x.n = {v}
self.r = ra
self.rl.append(ra)
self.rl.append(Leaf(n={v}))
self.rl.insert(0, self.rl.pop({i}))
self.rl[{i}].n = {v}
self.rl[{i}] = Leaf(log=[{v}])
self.rl.sort(key=lambda x: x.n)
self.rl.reverse()
del self.rl[{i}]
self.o = ra
self.o = None
self.o = self.rl.pop({i})
self.o.n = {v}
if self.o is not None: self.o.log.append({v})
if {v} == 2: raise RuntimeError("on purpose")
""".strip().splitlines()

HOLES = st.fixed_dictionaries(
    {
        "v": st.integers(0, 4), "v2": st.integers(0, 3), "i": st.integers(-3, 2), "j": st.integers(-2, 3), "t": st.integers(0, 2),
        "k": st.sampled_from(["K0", "K1", "K2"]), "k2": st.sampled_from(["K0", "K1", "K2"]), "a": st.sampled_from("abc"),
    }
)  # fmt: skip
PROGRAMS = st.lists(st.builds(lambda text, holes: text.format(**holes), st.sampled_from(STATEMENTS), HOLES), min_size=1, max_size=12)


def function_of(program: list[str], leaf: type, copied: Any, every: Any) -> Any:
    """Return the program as a method."""
    names = {"K": K, "K0": K0, "K1": K1, "K2": K2, "Leaf": leaf, "copy": copied, "each": every, "Bag": Bag}
    lines = ["def program(self):", "    la, sa, ra = [0], {K0}, Leaf()", *(f"    {line}" for line in program)]
    exec("\n".join(lines), names)
    return names["program"]


def live_function(program: list[str]) -> Any:
    return function_of(program, Leaf, copy.deepcopy, each)


def plain_function(program: list[str]) -> Any:
    return function_of(program, PlainLeaf, copy.deepcopy, lambda value: {key: copy.deepcopy(value) for key in K})


# What the language forbids and Python does not.
FORBIDDEN = (OutsideDomain, Ownership, ClosedPart)


def outcome(function: Any, state: Any) -> BaseException | None:
    """Run a program; return what it raised, a misuse as the error itself."""
    try:
        function(state)
    except Misuse as misuse:
        return misuse.error
    except (Exception, OutsideDomain) as raised:
        return raised
    return None


def reference(state: Any) -> PlainWorld:
    """Return the plain object for a live state."""
    made = PlainWorld()
    for name in domains_of(World):
        setattr(made, name, plain(vars(state)[name]))
    return made


def compare(program: list[str], raised: BaseException | None, expected: PlainWorld, state: Any) -> None:
    """Check that a live run went as the same program on plain values goes."""
    if isinstance(raised, FORBIDDEN):
        return
    raised_there = outcome(plain_function(program), expected)
    assert said(raised) == said(raised_there)
    if raised is None:
        assert whole(state) == whole(expected)


def said(raised: BaseException | None) -> Any:
    if isinstance(raised, AttributeError):
        return "AttributeError"
    return raised and (type(raised).__name__, str(raised))


# ---------------------------------------------------------------- what must always be true of the parts of a state


def parts_of(value: Any, owner: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every part with the owner that it must have."""
    if isinstance(value, Part):
        yield value, owner
        for child in value._part_children():
            yield from parts_of(child, value)


def check_parts(state: Any) -> None:
    """Check that all parts are open, owned by what contains them, in one place, and that no cached frozen form is stale."""
    seen: set[int] = set()
    for name, domain in domains_of(World).items():
        value = vars(state)[name]
        for part, owner in parts_of(value, state._part_slots[name]):
            assert not part._part_closed
            assert part._part_owner is owner
            assert part._part_journal is state._part_journal
            assert id(part) not in seen
            seen.add(id(part))
            own = part._part_domain
            made_anew = own.freeze(own.store(part._part_plain(), None))
            assert part._part_frozen in (None, made_anew)
        domain.freeze_any(plain_of(domain, value))


def plain_of(domain: Any, value: Any) -> Any:
    return value._part_plain() if isinstance(value, Part) else value


# ---------------------------------------------------------------- outside an engine


@given(st.lists(PROGRAMS, min_size=1, max_size=3))
def test_actions_outside_an_engine_are_atomic_and_do_what_python_does(programs: list[list[str]]) -> None:
    state = World()
    for program in programs:
        before, text, expected = whole(state), repr(state), reference(state)
        raised = outcome(marked(Mark("action", live_function(program))), state)
        assert not isinstance(raised, SpeccheckError) or isinstance(raised, (*FORBIDDEN, AttributeError))
        compare(program, raised, expected, state)
        if raised is not None:
            assert (whole(state), repr(state)) == (before, text)
        check_parts(state)


@given(PROGRAMS)
def test_single_writes_outside_any_action_leave_no_stale_frozen_form(program: list[str]) -> None:
    state = World()
    for name, domain in domains_of(World).items():
        domain.freeze(vars(state)[name])
    raised = outcome(live_function(program), state)
    if raised is None:
        check_parts(state)


# ---------------------------------------------------------------- inside an engine


def live_world() -> Live:
    """Return a live state as the engine has it, loaded with the initial values."""
    variables = tuple(Variable(name, domain, None, Span("world.py")) for name, domain in domains_of(World).items())
    live = Live(World, Packing(variables))
    live.load(live.packing.pack(initial()))
    return live


def initial() -> tuple[Any, ...]:
    state = World()
    return tuple(domain.freeze(vars(state)[name]) for name, domain in domains_of(World).items())


def run_and_read(live: Live, program: list[str]) -> tuple[BaseException | None, Any]:
    """Run a program as a step is tried; return what it raised and the frozen target."""
    live.journal.record()
    target = None
    with entered(object()):
        raised = outcome(live_function(program), live.state)
        if raised is None:
            raised = outcome(lambda _: live.journal.check_moved(), None)
        if raised is None:
            target = live.packing.unpack(live.target())
    return raised, target


@given(st.lists(PROGRAMS, min_size=1, max_size=3))
def test_a_tried_step_ends_in_what_python_says_and_is_undone_without_a_trace(programs: list[list[str]]) -> None:
    live = live_world()
    check_parts(live.state)
    for program in programs:
        before, text, expected = whole(live.state), repr(live.state), reference(live.state)
        raised, target = run_and_read(live, program)
        compare(program, raised, expected, live.state)
        if target is not None:
            domains = domains_of(World)
            assert target == tuple(domain.freeze_any(plain_of(domain, vars(live.state)[name])) for name, domain in domains.items())
        live.undo()
        assert (whole(live.state), repr(live.state)) == (before, text)
        assert (live.journal.entries, live.journal.moved) == ([], {})
        check_parts(live.state)
        assert [domain.freeze(vars(live.state)[name]) for name, domain in domains_of(World).items()] == list(live.packing.unpack(live.loaded))
        if target is not None:
            live.load(live.packing.pack(target))
            check_parts(live.state)


@given(PROGRAMS)
def test_a_rule_that_may_only_read_changes_nothing(program: list[str]) -> None:
    live = live_world()
    live.journal.refuse()
    before, text = whole(live.state), repr(live.state)
    with entered(object()):
        outcome(live_function(program), live.state)
    assert (whole(live.state), repr(live.state)) == (before, text)
    check_parts(live.state)


# Forbidden, or an error in Python, whatever the values are (in the state that the programs begin with).
FAILING = {
    "self.l[::2] = [{v}]",     "self.s |= [{k}]", "self.s.remove([])", 'self.l["x"] = {v}', "self.l.extend(self.l)", "self.ll.append(self.ll[{i}])", 'self.d["x"] = {v}',
    'self.d[{k}] = self.d["x"]', "self.p.update({k}=1)", "self.pd = dict(self.pd)", "self.o.n = {v}",
}  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_statements_of_the_random_programs_can_complete(statement: str) -> None:
    values = {"v": (0, 1), "v2": (2,), "i": (0, -1), "j": (0, 2), "t": (0, 1), "k": ("K0", "K1", "K2"), "k2": ("K0",), "a": ("a",)}
    programs = {statement.format(**dict(zip(values, row))) for row in product(*values.values())}
    completing = [text for text in programs if outcome(live_function([text]), World()) is None]
    assert (completing == []) == (statement in FAILING)
