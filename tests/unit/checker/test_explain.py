"""Explanations: why a predicate is false, in the words of the predicate and the values of the state."""

import ast
import functools
import itertools
import linecache
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NamedTuple, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speccheck import Bag, MaxLen, Partial, Range, Record, Sort, Spec, action, choose, each, enabled, invariant, step_invariant
from speccheck.checker import check, load
from speccheck.checker.explain import explain
from speccheck.checker.result import Explained
from speccheck.checker.wording import value_text
from speccheck.domains.evaluation import entered
from speccheck.dsl.rules import mark_of
from speccheck.errors import UnknownAttribute
from speccheck.model.model import Rule
from speccheck.source import Span

PUBLISHED = Path(__file__).parents[2] / "specs/published"


def shown(lines: tuple[Explained, ...]) -> list[str]:
    """Return the lines of an explanation as text: indented, and the value behind a bar."""
    return ["  " * one.depth + one.expression + (f" | {one.value}" if one.value else "") for one in lines]


def why(state: Any, name: str, *arguments: Any) -> list[str]:
    """Explain what a predicate of the state returns."""
    mark = mark_of(getattr(type(state), name))
    function = mark.function if mark else getattr(type(state), name)
    return shown(explain(Rule(name, function, (), Span("x")), state, arguments, wanted=function(state, *arguments)))


@functools.cache
def published(name: str) -> ModuleType:
    return load(PUBLISHED / name)


class Proc(Sort, size=3):
    """A process."""


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Msg:
    src: Proc
    n: Annotated[int, Range(0, 9)]


class Pair(NamedTuple):
    who: Proc
    n: Annotated[int, Range(0, 9)]


class Node(Record):
    up: bool = True
    term: Annotated[int, Range(0, 9)] = 0
    log: Annotated[list[Annotated[int, Range(0, 9)]], MaxLen(5)] = []

    def ready(self, least: int) -> bool:
        return self.up and self.term >= least


LIMIT = 3
A, B, C = Proc  # type: ignore[misc]


def negated(function: Any) -> Any:
    @functools.wraps(function)
    def inner(*arguments: Any) -> bool:
        return not function(*arguments)

    return inner


def again(function: Any) -> Any:
    def inner(self: Any) -> bool:
        return bool(function(self))

    return inner


def endless(n: int) -> bool:
    return n == 0 or endless(n - 1)


class Base(Spec, abstract=True):
    x: Annotated[int, Range(0, 9)] = 5

    def is_(self, k: int = 2) -> bool:
        return self.x == k


class Many(Base, deadlock=False):
    """Predicates of every shape."""

    color: Color = Color.RED
    on: bool = False
    nodes: dict[Proc, Node] = each(Node())
    sent: set[Msg] = set()
    part: Annotated[dict[Proc, Annotated[int, Range(0, 9)]], Partial] = {}
    flag: dict[Proc, bool] = each(False)
    pair: Pair | None = None
    queue: Annotated[list[Proc], MaxLen(4)] = []
    bag: Annotated[Bag[Proc], MaxLen(4)] = Bag()

    @action
    def count_up(self) -> None:
        self.x += 1

    def is_(self, k: int = 2) -> bool:
        return super().is_(k) and not any(self.flag.values())

    @invariant
    def arithmetic(self) -> bool:
        return self.x * 2 + len(self.queue) - LIMIT <= 5

    @invariant
    def chain(self) -> bool:
        return 0 <= self.x < len(self.queue) <= self.undefined  # type: ignore[attr-defined, no-any-return]

    @invariant
    def true_chain(self) -> bool:
        return 0 <= self.x <= 9

    @invariant
    def identity(self) -> bool:
        return self.color is Color.BLUE or self.pair is not None

    @invariant
    def conditional(self) -> bool:
        return self.x == 1 if self.pair is None else self.pair.n == 3

    @invariant
    def negation(self) -> bool:
        return not (self.on or not self.queue)

    @invariant
    def members(self) -> bool:
        return self.x in range(3)

    @invariant
    def equal_flags(self) -> bool:
        return self.on == (self.x in (4, 5))

    @invariant
    def texts(self) -> bool:
        return f"{self.x}-{self.color.name}" == "5-BLUE"

    # ---- sets, maps, lists

    @invariant
    def contained(self) -> bool:
        return {m.src for m in self.sent} <= {p for p in Proc if self.flag[p]}

    @invariant
    def all_sent(self) -> bool:
        return self.sent == {Msg(p, k) for p in Proc for k in range(3)}

    @invariant
    def is_subset(self) -> bool:
        return self.sent.issubset({Msg(p, 0) for p in Proc})

    @invariant
    def is_disjoint(self) -> bool:
        return self.sent.isdisjoint({Msg(p, 0) for p in Proc})

    @invariant
    def not_everybody(self) -> bool:
        return set(self.queue) < set(Proc)

    @invariant
    def maps(self) -> bool:
        return {p: [Msg(p, k) for k in range(3)] for p in Proc} == {p: [Msg(p, k + (p is B)) for k in range(3)] for p in Proc}

    @invariant
    def sequences(self) -> bool:
        return [Msg(p, 0) for p in (A, B, C, A, B)] == [Msg(p, 0) for p in (A, B, A, A, B)]

    # ---- quantifiers

    @invariant
    def every_node(self) -> bool:
        return all(n.term < 3 for n in self.nodes.values())

    @invariant
    def every_entry(self) -> bool:
        return all(v < 3 for p, v in self.part.items())

    @invariant
    def every_pair(self) -> bool:
        nodes = self.nodes
        return all(nodes[a].term == nodes[b].term for a in Proc if self.flag[a] for b in Proc if a is not b)

    @invariant
    def some(self) -> bool:
        return any(self.flag[p] and self.nodes[p].up for p in Proc)

    @invariant
    def some_pair(self) -> bool:
        return any(self.nodes[a].term > self.nodes[b].term + 5 for a in Proc for b in Proc)

    @invariant
    def some_entry(self) -> bool:
        return any(v > 2 for v in self.part.values())

    @invariant
    def not_all(self) -> bool:
        return not all(self.nodes[p].up for p in Proc)

    @invariant
    def no_flag(self) -> bool:
        return not any(self.flag.values())

    @invariant
    def no_flag_at_all(self) -> bool:
        return any(self.flag.values())

    @invariant
    def mapped(self) -> bool:
        return all(map(lambda p: self.flag[p], Proc)) or all(map(self.has_flag, Proc))  # noqa: C417

    def has_flag(self, p: Proc) -> bool:
        return self.flag[p]

    @invariant
    def in_set_order(self) -> bool:
        return all(self.flag[p] for p in set(self.queue))

    @invariant
    def listed(self) -> bool:
        return all([self.flag[p] for i, p in enumerate(self.queue) if i > 0])  # noqa: C419

    @invariant
    def several_lines(self) -> bool:
        return all(
            self.flag[p]  # a comment
            or self.nodes[p].up is False
            for p in Proc
            if p in self.queue
        )

    @invariant
    def few(self) -> bool:
        return sum(n.up for n in self.nodes.values()) < 2

    @invariant
    def few_counted(self) -> bool:
        return sum(1 for p in Proc if self.nodes[p].up) < 2

    @invariant
    def small_sum(self) -> bool:
        return sum(n.term for n in self.nodes.values()) <= 3

    @invariant
    def small_maximum(self) -> bool:
        return max(n.term for n in self.nodes.values()) < 2

    # ---- functions

    @invariant
    def inherited(self) -> bool:
        return self.is_(k=5) and self.is_()

    @invariant
    def by_record(self) -> bool:
        return all(n.ready(self.x - 5) for n in self.nodes.values())

    @invariant
    def by_lambdas(self) -> bool:
        return (lambda: self.x == 5)() and (lambda: self.x == 3)()

    @invariant
    def by_inner_function(self) -> bool:
        least = 1

        def ok(p: Proc) -> bool:
            return self.nodes[p].term >= least

        return all(ok(p) for p in Proc)

    @invariant
    def recursive(self) -> bool:
        return not endless(50)

    @invariant
    @negated
    def by_decorator(self) -> bool:
        return self.x == 5

    @invariant
    @again
    def by_wrapper(self) -> bool:
        return self.x == 4

    def total(self) -> int:
        return self.x + len(self.queue)

    @invariant
    def by_value(self) -> bool:
        return self.total() < 3

    # ---- statements

    @invariant
    def local_names(self) -> bool:
        ups = {p for p in Proc if self.nodes[p].up}
        enough = len(ups) > 2
        return enough and self.on

    @invariant
    def early(self) -> bool:
        if self.x == 0:
            return True
        for p in Proc:
            n = self.nodes[p]
            if n.up:
                continue
            for q in Proc:
                if q is not p and self.nodes[q].term > n.term:
                    return False
        return True

    @invariant
    def found(self) -> bool:
        down = False
        for p in Proc:
            if not self.nodes[p].up:
                down = True
        return not down

    @invariant
    def conjunction(self) -> bool:
        ok = True
        for p in Proc:
            ok = ok and self.flag[p]
        return ok

    @invariant
    def while_loop(self) -> bool:
        k = 0
        while k < len(self.queue):
            if self.flag[self.queue[k]]:
                return False
            k += 1
        return True

    @invariant
    def left(self) -> bool:
        for p in Proc:
            if self.flag[p]:
                break
        else:
            return self.x == 2
        return self.nodes[p].up

    @invariant
    def matched(self) -> bool:
        match self.pair:
            case None:
                return self.x == 1
            case Pair(who, n) if n > 2:
                return self.flag[who]
        return True

    @invariant
    def caught(self) -> bool:
        try:
            return self.part[A] == 1
        except KeyError:
            return self.x == 1

    @invariant
    def walrus(self) -> bool:
        return (n := len(self.queue)) > 2 and n < 3

    @invariant
    def generator(self) -> bool:
        pairs = ((a, b) for a in Proc for b in Proc if a is not b)
        return all(self.nodes[a].term == self.nodes[b].term for a, b in pairs)

    @invariant
    def consuming(self) -> bool:
        rest = list(self.queue)
        return rest.pop() is rest.pop() and not rest

    @invariant
    def several(self) -> bool:
        (a, b), *_ = [(self.x, self.on)]
        return a == 5 and b

    @invariant
    def unsupported(self) -> bool:
        if self.x == 5:
            with open(__file__):
                return False
        return True

    @step_invariant
    def monotone(self, after: Self) -> bool:
        return after.x >= self.x and all(after.nodes[p].term >= self.nodes[p].term for p in Proc)


@pytest.fixture
def state() -> Many:
    """Return a state that violates most of it."""
    state = Many(pair=Pair(A, 4), queue=[C, C, A], sent={Msg(A, 1), Msg(B, 2), Msg(C, 0)}, part={B: 3})
    state.nodes[B].up = False
    state.nodes[C].term = 4
    state.nodes[C].log.append(3)
    state.flag[C] = True
    state.bag.add(A)
    return state


# -------------------------------------------------- the published specs, broken by hand


def test_a_comparison_is_stated_as_the_fact_that_it_is() -> None:
    assert why(published("die_hard.py").DieHard(big=4), "not_solved") == ["self.big != GOAL | 4 == 4"]


def test_the_map_behind_a_set_of_values_says_whose_they_are() -> None:
    module = published("two_phase.py")
    state = module.TwoPhase()
    first, _, third = module.RM
    state.rm_state[first], state.rm_state[third] = "committed", "aborted"
    assert why(state, "consistent") == [
        '{"committed", "aborted"} <= set(self.rm_state.values()) | {"aborted", "committed"} <= {"aborted", "committed", "working"}',
        '  self.rm_state | {RM0: "committed", RM1: "working", RM2: "aborted"}',
    ]


def test_a_proper_subset_that_is_not_proper_is_called_equal() -> None:
    module = published("bounded_buffer.py")
    assert why(module.BoundedBuffer(waiting=set(module.THREADS)), "no_deadlock") == ["self.waiting < THREADS | both are {Producer0, Producer1, Consumer0}"]


def test_a_quantifier_names_the_least_binding_that_decides() -> None:
    state = published("dining_philosophers.py").Dining()
    state.pc[2] = state.pc[3] = "eat"
    assert why(state, "exclusive_access") == [
        "for p = 2",
        '  self.pc[p] == "eat" | "eat" == "eat"',
        '  self.pc[right(p)] == "eat" | "eat" == "eat"',
        "    right(p) | 3",
    ]


def test_nested_quantifiers_are_explained_one_inside_the_other() -> None:
    state = published("chang_roberts.py").ChangRoberts()
    state.state = {0: "won", 1: "lost", 2: "won"}
    state.initiator = {0: True, 1: True, 2: True}
    assert why(state, "correct") == ["for n = 0", '  self.state[n] == "won" | "won" == "won"', "  for m = 2", '    self.state[m] == "lost" | "won" != "lost"']


def test_a_sum_says_what_it_counts() -> None:
    module = published("mutex_broken.py")
    state = module.NaiveLock()
    for p in module.Proc:
        state.pc[p] = "critical"
    assert why(state, "mutual_exclusion") == [
        'sum(pc == "critical" for pc in self.pc.values()) <= 1 | 2 > 1',
        '  pc == "critical" | for pc = self.pc[Proc0], self.pc[Proc1]',
    ]


def test_a_method_is_explained_from_the_inside() -> None:
    state = published("ewd840.py").EWD840(tpos=0, tcolor="white", color=dict.fromkeys(range(3), "white"), active={0: False, 1: True, 2: False})
    assert why(state, "termination_detection") == [
        "self.detected() | True",
        "  self.tpos == 0 | 0 == 0",
        '  self.tcolor == "white" | "white" == "white"',
        '  self.color[0] == "white" | "white" == "white"',
        "  self.active[0] | False",
        "self.terminated() | False",
        "  self.active[1] | True",
    ]


def test_all_operands_of_a_false_disjunction_are_explained() -> None:
    state = published("ewd840.py").EWD840(tpos=0, tcolor="white", color=dict.fromkeys(range(3), "white"), active={0: False, 1: True, 2: False})
    assert why(state, "dijkstra") == [
        "for i = 1",
        "  i > self.tpos | 1 > 0",
        "  self.active[i] | True",
        "any(... for j in NODES if j <= self.tpos) | none of 1",
        "  for j = 0",
        "    j <= self.tpos | 0 <= 0",
        '    self.color[j] == "black" | "white" != "black"',
        'self.tcolor == "black" | "white" != "black"',
    ]


def test_records_are_named_by_their_place_in_the_state() -> None:
    module = published("raft.py")
    state, (first, second, third), (value,) = module.Raft(), module.Server, module.Value
    for server in (first, third):
        state.nodes[server].role, state.nodes[server].term = "leader", 1
    state.nodes[second].log.append(module.Entry(1, value))
    state.nodes[third].log.append(module.Entry(2, value))
    state.nodes[second].commit = state.nodes[third].commit = 1
    assert why(state, "election_safety") == [
        "len(leaders) == len(set(leaders)) | 2 != 1",
        "  leaders | [1, 1]",
        "    n.term | 1 for n = self.nodes[Server0]; 1 for n = self.nodes[Server2]",
    ]
    assert why(state, "committed_logs_agree") == [
        "for a = self.nodes[Server1], b = self.nodes[Server2], k = 0",
        "  a.log[k] == b.log[k] | Entry(term=1, value=Value0) != Entry(term=2, value=Value0)",
    ]


def test_a_verdict_comes_with_its_explanation() -> None:
    result = check(PUBLISHED / "mutex_broken.py", spec="NaiveLock", model="Proc=3")
    first, second = shown(result["mutual_exclusion"].explanation)
    assert first == 'sum(pc == "critical" for pc in self.pc.values()) <= 1 | 2 > 1'
    assert second == '  pc == "critical" | for pc = self.pc[Proc1], self.pc[Proc2]'


# -------------------------------------------------- expressions


def test_arithmetic_says_what_it_read(state: Many) -> None:
    assert why(state, "arithmetic") == ["self.x * 2 + len(self.queue) - LIMIT <= 5 | 10 > 5", "  self.x | 5", "  self.queue | [Proc2, Proc2, Proc0]"]


def test_of_a_chain_only_the_link_that_fails_is_shown_and_what_follows_is_not_evaluated(state: Many) -> None:
    assert why(state, "chain") == ["self.x < len(self.queue) | 5 >= 3", "  self.queue | [Proc2, Proc2, Proc0]"]


def test_a_true_chain_shows_each_link(state: Many) -> None:
    assert why(state, "true_chain") == ["0 <= self.x | 0 <= 5", "self.x <= 9 | 5 <= 9"]


def test_identity_is_a_fact_too(state: Many) -> None:
    state.pair = None
    assert why(state, "identity") == ["self.color is Color.BLUE | RED is not BLUE", "self.pair is not None | None is None"]


def test_a_conditional_expression_shows_its_condition_and_the_branch_that_was_taken(state: Many) -> None:
    assert why(state, "conditional") == ["self.pair is None | Pair(who=Proc0, n=4) is not None", "self.pair.n == 3 | 4 != 3"]


def test_negations_are_seen_through(state: Many) -> None:
    assert why(state, "negation") == ["self.on | False", "self.queue | [Proc2, Proc2, Proc0]"]
    state.on = True
    assert why(state, "negation") == ["self.on | True"]


def test_membership_shows_the_container(state: Many) -> None:
    assert why(state, "members") == ["self.x in range(3) | 5 not in range(0, 3)"]


def test_a_comparison_of_truths_explains_them(state: Many) -> None:
    assert why(state, "equal_flags") == ["self.on == (self.x in (4, 5)) | False != True", "  self.x in (4, 5) | 5 in (4, 5)"]


def test_a_text_shows_what_was_put_into_it(state: Many) -> None:
    assert why(state, "texts") == ['f"{self.x}-{self.color.name}" == "5-BLUE" | "5-RED" != "5-BLUE"', "  self.x | 5", '  self.color.name | "RED"']


# -------------------------------------------------- collections


def test_few_elements_are_simply_shown(state: Many) -> None:
    assert why(state, "contained")[0] == "{m.src for m in self.sent} <= {p for p in Proc if self.flag[p]} | {Proc0, Proc1, Proc2} > {Proc2}"


def test_long_sets_show_their_difference_and_then_themselves(state: Many) -> None:
    first, second, third = why(state, "all_sent")
    assert first.endswith("| right only: Msg(src=Proc0, n=0), Msg(src=Proc0, n=2), Msg(src=Proc1, n=0) and 3 more")
    assert second == "  self.sent | {Msg(src=Proc0, n=1), Msg(src=Proc1, n=2), Msg(src=Proc2, n=0)}"
    assert third.startswith("  {Msg(p, k) for p in Proc for k in range(3)} | {Msg(src=Proc0, n=0), ")


def test_the_methods_of_sets_are_comparisons(state: Many) -> None:
    assert why(state, "is_subset")[0] == "self.sent.issubset({Msg(p, 0) for p in Proc}) | left only: Msg(src=Proc0, n=1), Msg(src=Proc1, n=2)"
    assert why(state, "is_disjoint")[0] == "self.sent.isdisjoint({Msg(p, 0) for p in Proc}) | in both: Msg(src=Proc2, n=0)"


def test_a_set_that_is_a_proper_subset_is_shown_as_one(state: Many) -> None:
    assert why(state, "not_everybody") == ["set(self.queue) < set(Proc) | {Proc0, Proc2} < {Proc0, Proc1, Proc2}", "  self.queue | [Proc2, Proc2, Proc0]"]
    state.queue.append(B)
    assert why(state, "not_everybody") == ["set(self.queue) < set(Proc) | both are {Proc0, Proc1, Proc2}", "  self.queue | [Proc2, Proc2, Proc0, Proc1]"]


def test_long_maps_and_sequences_show_where_they_differ(state: Many) -> None:
    assert why(state, "maps")[0].endswith("| [Proc1][0]: Msg(src=Proc1, n=0) != Msg(src=Proc1, n=1); and 2 more")
    assert why(state, "sequences")[0].endswith("| [2]: Msg(src=Proc2, n=0) != Msg(src=Proc0, n=0)")


# -------------------------------------------------- quantifiers


def test_the_values_of_a_map_are_named_by_their_keys(state: Many) -> None:
    assert why(state, "every_node") == ["for n = self.nodes[Proc2]", "  n.term < 3 | 4 >= 3"]
    assert why(state, "some_entry") == ["for v = self.part[Proc1] | 3", "  v > 2 | 3 > 2"]
    assert why(state, "no_flag") == ["self.flag[Proc2] | True"]


def test_items_bind_two_names(state: Many) -> None:
    assert why(state, "every_entry") == ["for p = Proc1, v = 3", "  v < 3 | 3 >= 3"]


def test_conditions_are_shown_unless_they_only_speak_of_what_is_bound(state: Many) -> None:
    assert why(state, "every_pair") == ["for a = Proc2, b = Proc0", "  self.flag[a] | True", "  nodes[a].term == nodes[b].term | 4 != 0"]


def test_a_witness_is_a_binding(state: Many) -> None:
    assert why(state, "some") == ["for p = Proc2", "  self.flag[p] | True", "  self.nodes[p].up | True"]


def test_a_false_any_explains_each_of_three_and_only_counts_more(state: Many) -> None:
    state.flag[C] = False
    assert why(state, "some") == [
        "any(self.flag[p] and self.nodes[p].up for p in Proc) | none of 3",
        "  for p = Proc0",
        "    self.flag[p] | False",
        "  for p = Proc1",
        "    self.flag[p] | False",
        "  for p = Proc2",
        "    self.flag[p] | False",
    ]
    assert why(state, "some_pair") == ["any(... for a in Proc for b in Proc) | none of 9"]
    assert why(state, "no_flag_at_all") == ["any(self.flag.values()) | none of 3", "  self.flag | {Proc0: False, Proc1: False, Proc2: False}"]


def test_a_quantifier_over_nothing_shows_that_there_is_nothing(state: Many) -> None:
    state.part.clear()
    assert why(state, "some_entry") == ["any(v > 2 for v in self.part.values()) | none of 0", "  self.part | {}"]


def test_a_true_all_is_counted(state: Many) -> None:
    state.nodes[B].up = True
    assert why(state, "not_all") == ["all(self.nodes[p].up for p in Proc) | all of 3"]


def test_map_is_a_quantifier_too(state: Many) -> None:
    assert why(state, "mapped") == [
        "for p = Proc0",
        "  self.flag[p] | False",
        "for item = Proc0",
        "  self.has_flag(item) | False",
        "    self.flag[p] | False",
        "      p | Proc0",
    ]


def test_sets_are_gone_through_in_domain_order(state: Many) -> None:
    assert why(state, "in_set_order") == ["for p = Proc0", "  self.flag[p] | False"]


def test_a_list_of_several_targets_is_a_quantifier_too(state: Many) -> None:
    assert why(state, "listed") == ["for i = 2, p = Proc0", "  self.flag[p] | False"]


def test_expressions_of_several_lines_are_shown_on_one_without_their_comments(state: Many) -> None:
    assert why(state, "several_lines") == [
        "for p = Proc0",
        "  p in self.queue | Proc0 in [Proc2, Proc2, Proc0]",
        "  self.flag[p] | False",
        "  self.nodes[p].up is False | True is not False",
    ]


def test_sums_and_extremes_say_where_they_come_from(state: Many) -> None:
    assert why(state, "few")[1:] == ["  n.up | for n = self.nodes[Proc0], self.nodes[Proc2]"]
    assert why(state, "few_counted")[1:] == ["  self.nodes[p].up | for p = Proc0, Proc2"]
    assert why(state, "small_sum")[1:] == ["  n.term | 4 for n = self.nodes[Proc2]"]
    assert why(state, "small_maximum") == ["max(n.term for n in self.nodes.values()) < 2 | 4 >= 2", "  n.term | 4 for n = self.nodes[Proc2]"]


# -------------------------------------------------- functions


def test_super_and_defaults_work_as_in_the_class(state: Many) -> None:
    assert why(state, "inherited") == ["self.is_(k=5) | False", "  self.flag[Proc2] | True"]
    state.flag[C] = False
    assert why(state, "inherited") == ["self.is_() | False", "  super().is_(k) | False", "    self.x == k | 5 != 2"]


def test_a_method_of_a_record_is_explained_with_the_record_as_self(state: Many) -> None:
    assert why(state, "by_record") == ["for n = self.nodes[Proc1]", "  n.ready(self.x - 5) | False", "    self.up | False"]


def test_lambdas_on_one_line_are_told_apart(state: Many) -> None:
    assert why(state, "by_lambdas") == ["(lambda: self.x == 3)() | False", "  self.x == 3 | 5 != 3"]


def test_a_function_inside_the_predicate_is_explained(state: Many) -> None:
    assert why(state, "by_inner_function") == ["for p = Proc0", "  ok(p) | False", "    self.nodes[p].term >= least | 0 < 1"]


def test_recursion_is_followed_to_a_limited_depth(state: Many) -> None:
    lines = why(state, "recursive")
    assert len(lines) <= 15
    assert lines[0] == "endless(50) | True"
    assert max((len(line) - len(line.lstrip())) // 2 for line in lines) <= 6


def test_a_decorator_that_changes_the_answer_leaves_it_unexplained(state: Many) -> None:
    assert why(state, "by_decorator") == []


def test_a_wrapper_is_explained_as_the_function_that_it_is(state: Many) -> None:
    assert why(state, "by_wrapper") == ["function(self) | False", "  self.x == 4 | 5 != 4"]


def test_a_function_of_the_users_that_returns_a_number_shows_what_it_read(state: Many) -> None:
    assert why(state, "by_value") == ["self.total() < 3 | 8 >= 3", "  self.x | 5", "  self.queue | [Proc2, Proc2, Proc0]"]


# -------------------------------------------------- statements


def test_a_local_is_explained_by_what_it_was_assigned(state: Many) -> None:
    assert why(state, "local_names") == ["enough | False", "  len(ups) > 2 | 2 <= 2", "    ups | {Proc0, Proc2}"]


def test_early_returns_and_loops_show_the_way_to_the_return(state: Many) -> None:
    assert why(state, "early") == [
        "self.x == 0 | 5 != 0",
        "for p = Proc1",
        "  n.up | False",
        "    n | self.nodes[Proc1]",
        "  for q = Proc2",
        "    q is not p | Proc2 is not Proc1",
        "    self.nodes[q].term > n.term | 4 > 0",
    ]


def test_a_flag_shows_the_round_in_which_it_was_set(state: Many) -> None:
    assert why(state, "found") == ["down | True", "  for p = Proc1", "    self.nodes[p].up | False"]
    assert why(state, "conjunction") == ["ok | False", "  for p = Proc0", "    self.flag[p] | False"]


def test_a_while_loop_shows_its_last_round(state: Many) -> None:
    state.flag[C] = False
    state.flag[A] = True
    assert why(state, "while_loop") == ["self.flag[self.queue[k]] | True", "  self.queue[k] | Proc0", "    k | 2"]


def test_break_and_else_are_followed(state: Many) -> None:
    state.nodes[C].up = False
    assert why(state, "left") == ["for p = Proc2", "  self.flag[p] | True", "self.nodes[p].up | False"]
    state.flag[C] = False
    assert why(state, "left") == ["self.x == 2 | 5 != 2"]


def test_match_shows_the_case_that_was_taken(state: Many) -> None:
    assert why(state, "matched") == ["self.pair | Pair(who=Proc0, n=4) is case Pair(who, n)", "n > 2 | 4 > 2", "self.flag[who] | False", "  who | Proc0"]
    state.pair = None
    assert why(state, "matched") == ["self.pair | None is case None", "self.x == 1 | 5 != 1"]


def test_an_exception_that_was_caught_is_part_of_the_way(state: Many) -> None:
    assert why(state, "caught") == ["except KeyError | KeyError: Proc0", "self.x == 1 | 5 != 1"]


def test_a_walrus_binds_for_what_follows(state: Many) -> None:
    assert why(state, "walrus") == ["n < 3 | 3 >= 3"]


def test_a_local_generator_may_be_gone_through_again(state: Many) -> None:
    assert why(state, "generator") == ["for a = Proc0, b = Proc2", "  self.nodes[a].term == self.nodes[b].term | 0 != 4"]


def test_an_expression_that_consumes_is_evaluated_once(state: Many) -> None:
    assert why(state, "consuming") == ["rest.pop() is rest.pop() and not rest | False"]


def test_unpacking_is_followed(state: Many) -> None:
    assert why(state, "several") == ["b | False"]


def test_a_statement_that_is_not_followed_ends_the_explanation(state: Many) -> None:
    assert why(state, "unsupported") == []


def test_a_step_invariant_tells_both_states_apart(state: Many) -> None:
    after = Many(x=5)
    assert why(state, "monotone", after) == ["for p = Proc2", "  after.nodes[p].term >= self.nodes[p].term | 0 < 4"]
    after.x = 4
    assert why(state, "monotone", after) == ["after.x >= self.x | 4 < 5"]


def test_the_parameters_of_a_property_are_known_to_the_reader(state: Many) -> None:
    def below(self: Many, p: Proc) -> bool:
        return self.nodes[p].term < 2

    model_parameter: Any = type("Parameter", (), {"name": "p"})()
    assert shown(explain(Rule("below", below, (model_parameter,), Span("x")), state, (C,))) == ["self.nodes[p].term < 2 | 4 >= 2"]


# -------------------------------------------------- nothing is raised, nothing is changed


def test_a_function_without_source_is_not_explained(state: Many) -> None:
    names: dict[str, Any] = {}
    exec("def predicate(self): return self.x == 1", names)
    assert explain(Rule("predicate", names["predicate"], (), Span("x")), state) == ()
    assert explain(Rule("predicate", bool, (), Span("x")), state) == ()


def test_a_predicate_that_writes_is_stopped_and_the_state_stays(state: Many) -> None:
    def writing(self: Many) -> bool:
        self.nodes[A].term = 7
        self.x = 1
        return False

    before = repr(state)
    assert explain(Rule("writing", writing, (), Span("x")), state) == ()
    assert repr(state) == before
    state.x = 2  # and it may be written again
    assert state.x == 2


def test_a_predicate_that_raises_is_not_explained(state: Many) -> None:
    def raising(self: Many) -> bool:
        return self.part[A] == 1

    assert explain(Rule("raising", raising, (), Span("x")), state) == ()


def test_an_explanation_chooses_nothing_and_asks_the_engine_what_is_enabled(state: Many) -> None:
    asked: list[str] = []

    class Engine:
        def choose(self, alternatives: Any) -> Any:
            asked.append("choose")

        def enabled(self, state: Any, action: str, positional: Any, named: Any) -> bool:
            asked.append(action)
            return choose(range(2)) is None  # an engine runs actions, which choose

    def possible(self: Many) -> bool:
        return not enabled(self.count_up)

    def choosing(self: Many) -> bool:
        return bool(choose(range(2)))

    with entered(Engine()):
        assert shown(explain(Rule("possible", possible, (), Span("x")), state)) == ["enabled(self.count_up) | True"]
        assert set(asked) == {"count_up", "choose"}
        asked.clear()
        assert explain(Rule("choosing", choosing, (), Span("x")), state) == ()
        assert asked == []


def test_an_interrupt_is_not_swallowed(state: Many) -> None:
    def interrupted(self: Many) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explain(Rule("interrupted", interrupted, (), Span("x")), state)


def test_the_answer_that_is_wanted_is_the_one_that_is_explained(state: Many) -> None:
    rule = Rule("identity", mark_of(Many.identity).function, (), Span("x"))  # type: ignore[union-attr]
    assert explain(rule, state, wanted=False) == ()
    assert shown(explain(rule, state, wanted=True)) == ["self.pair is not None | Pair(who=Proc0, n=4) is not None"]


def test_every_line_has_the_place_of_its_expression(state: Many) -> None:
    lines = explain(Rule("every_node", mark_of(Many.every_node).function, (), Span("x")), state)  # type: ignore[union-attr]
    spans = [one.span for one in lines if one.span is not None]
    assert [span.file for span in spans] == [__file__] * 2
    assert linecache.getline(__file__, spans[1].line)[spans[1].column - 1 : spans[1].end_column - 1] == "n.term < 3"


# -------------------------------------------------- any expression, any state

READS = st.sampled_from(["self.x", "len(self.queue)", "self.nodes[A].term", "sum(self.flag.values())", "len(self.sent)", "self.part.get(B, 7)", "self.total()"])
NUMBERS = st.recursive(
    st.integers(0, 5).map(str) | READS,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})"),
    max_leaves=4,
)
SIMPLE = st.one_of(
    st.tuples(NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS).map(" ".join),
    st.tuples(NUMBERS, st.sampled_from(["<", "<="]), NUMBERS, st.sampled_from(["<", "=="]), NUMBERS).map(" ".join),
    st.sampled_from(["self.on", "self.queue", "self.flag[C]", "A in self.queue", "self.pair is None", "self.is_(5)", "self.nodes[B].ready(1)"]),
    st.sampled_from(["set(self.queue) <= {A, C}", "self.part == {B: 3}", "self.pair == Pair(A, 4)", "isinstance(self.pair, Pair)", "any(self.flag.values())"]),
)
PREDICATES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda one: f"(({one[0]}) {one[1]} ({one[2]}))"),
        st.tuples(inner, inner, inner).map(lambda one: f"(({one[0]}) if ({one[1]}) else ({one[2]}))"),
        st.tuples(st.sampled_from(["all", "any"]), inner).map(lambda one: f"{one[0]}(({one[1]}) or self.flag[p] for p in Proc if p is not B)"),
        st.tuples(inner, inner).map(lambda one: f"sum(bool({one[0]}) for p in Proc) == ({one[1]})"),
    ),
    max_leaves=6,
)


@st.composite
def states(draw: st.DrawFn) -> Many:
    members = st.sampled_from(list(Proc))
    state = Many(
        x=draw(st.integers(0, 9)),
        on=draw(st.booleans()),
        queue=draw(st.lists(members, max_size=4)),
        flag={p: draw(st.booleans()) for p in Proc},
        pair=draw(st.none() | st.builds(Pair, members, st.integers(0, 9))),
        part=draw(st.dictionaries(members, st.integers(0, 9))),
        sent=draw(st.sets(st.builds(Msg, members, st.integers(0, 2)))),
    )
    for p in Proc:
        state.nodes[p].term, state.nodes[p].up = draw(st.integers(0, 9)), draw(st.booleans())
    return state


numbers = itertools.count()


def made(body: str) -> Any:
    """Return a predicate with this body, with its source where Python looks for it."""
    file = f"made_{next(numbers)}.py"
    text = f"def predicate(self):\n{body}\n"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names = dict(globals())
    exec(compile(text, file, "exec"), names)
    return names["predicate"]


@settings(max_examples=150)
@given(PREDICATES, states(), st.booleans())
def test_what_is_said_of_any_predicate_is_true(predicate: str, state: Many, spelled_out: bool) -> None:
    body = f"    if not ({predicate}):\n        return False\n    return True" if spelled_out else f"    return bool({predicate})"
    function, before = made(body), repr(state)
    lines = explain(Rule("predicate", function, (), Span("x")), state, wanted=function(state))
    assert repr(state) == before
    assert len(lines) <= 15
    assert lines or not {"self", "p"} & {one.id for one in ast.walk(ast.parse(predicate)) if isinstance(one, ast.Name)}
    foreign: list[int] = []  # the depths of what stands around a line and binds other names
    for line in lines:
        foreign = [depth for depth in foreign if depth < line.depth]
        if not foreign and line.value and "..." not in line.expression:
            assert_true(line, {**globals(), **VALUES, "self": state})
        if line.expression.startswith("for ") or any(call in line.expression for call in ("is_(", "ready(", "total(")):
            foreign.append(line.depth)


VALUES: dict[str, Any] = {"Proc0": A, "Proc1": B, "Proc2": C, "Pair": Pair, "Msg": Msg}


def assert_true(line: Explained, names: dict[str, Any]) -> None:
    """Assert that the expression has the value that a line gives it, or that the comparison that it states is true."""
    fact = line.value.split("; ")[0]
    if isinstance(ast.parse(line.expression, mode="eval").body, ast.Compare) and not fact.startswith(("both are", "left only", "right only")):
        left, negated, right = fact.partition(" not <= ")
        assert not eval(f"{left} <= {right}", VALUES) if negated else eval(fact, VALUES) is True, line
    elif not fact.startswith(("none of", "all of", "it is", "both are")) and "for p = " not in fact:
        assert value_text(eval(line.expression, names)) == line.value


def test_a_predicate_that_is_misused_is_not_explained(state: Many) -> None:
    def undeclared(self: Many) -> bool:
        return self.x == 1 or self.typo == 2  # type: ignore[attr-defined, no-any-return]

    with pytest.raises(UnknownAttribute):
        undeclared(state)
    assert explain(Rule("undeclared", undeclared, (), Span("x")), state) == ()
