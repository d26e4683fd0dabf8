"""Rules that may only read are refused when they change, require or choose; and `enabled` and `occurs` have their places."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]

VARIABLES = """
class T(Spec):
    x: bool = False
    s: set[P] = set()
    q: Annotated[list[int], MaxLen(3)] = []
    d: Annotated[dict[P, int], Partial] = {}
    b: Annotated[Bag[P], MaxLen(2)] = Bag()
    nodes: dict[P, Node] = each(Node())

    @action
    def flip(self) -> None:
        self.x = not self.x

    def drain(self) -> int:
        return self.q.pop()
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.x = True", "self.x"),
        ("self.x, y = True, 1", "self.x"),
        ("self.x |= True", "self.x"),
        ("del self.d[p]", "self.d[p]"),
        ("self.d[p] = 1", "self.d[p]"),
        ("self.nodes[p].term += 1", "self.nodes[p].term"),
        ("n = self.nodes[p]; n.term = 1", "n.term"),
        ("for n in self.nodes.values(): n.log.append(1)", "n.log.append(1)"),
        ("self.s.add(p)", "self.s.add(p)"),
        ("s = self.s; s |= {p}", "s"),
        ("self.q.sort()", "self.q.sort()"),
        ("self.b.remove(p)", "self.b.remove(p)"),
        ("self.d.setdefault(p, 1)", "self.d.setdefault(p, 1)"),
        ("self.nodes[p].bump()", "self.term"),
        ("self.drain()", "self.q.pop()"),
        ("self.flip()", "self.x"),
        ("v = choose(P)", "choose(P)"),
        ("require(self.x)", "require(self.x)"),
        ("disable()", "disable()"),
        ("for self.x in (True, False): pass", "self.x"),
        ("[self.q.pop() for _ in range(2)]", "self.q.pop()"),
        ("x = lambda: self.s.clear()", "self.s.clear()"),
        ("match self.nodes[p]:\n            case Node(log=log): log.append(1)", "log.append(1)"),
    ],
)
def test_a_read_only_rule_that_changes_something_is_refused(statement: str, expected: str, found_in: Found) -> None:
    rule = f"\n    @invariant\n    def rule(self, p: P) -> bool:\n        {statement}\n        return True\n"
    assert found_in(VARIABLES + rule) == [f"SC301 {expected}"]


@pytest.mark.parametrize("decorator", ["@invariant", "@reachable", "@constraint", "@terminal"])
def test_every_predicate_may_only_read(decorator: str, found_in: Found) -> None:
    assert found_in(VARIABLES + f"\n    {decorator}\n    def rule(self) -> bool:\n        self.x = True\n        return True\n") == ["SC301 self.x"]


def test_both_states_of_a_step_invariant_are_only_read(found_in: Found) -> None:
    rule = """
    @step_invariant
    def rule(self, after: Self, p: P) -> bool:
        after.q.append(1)
        self.s.add(p)
        return after.x
    """
    assert found_in(VARIABLES + rule) == ["SC301 after.q.append(1)", "SC301 self.s.add(p)"]


def test_closures_of_formulas_and_methods_that_formulas_name_only_read(found_in: Found) -> None:
    rule = """
    @temporal
    def rule(self, p: P) -> Formula:
        return leads_to(lambda: self.q.pop() == 1, lambda: self.x)
    def settled(self) -> bool:
        self.x = True
        return True
    settles = eventually(settled)
    """
    assert found_in(VARIABLES + rule) == ["SC301 self.q.pop()", "SC301 self.x"]


def test_mappings_only_read_but_may_change_the_abstract_state_that_they_make(found_in: Found) -> None:
    rule = """
    @refines(Lamp)
    def lamp(self) -> Lamp:
        lamp = Lamp()
        lamp.on = self.x
        self.x = True
        return lamp
    """
    assert found_in("class Lamp(Spec, abstract=True):\n    on: bool = False\n" + VARIABLES + rule) == ["SC301 self.x"]


@pytest.mark.parametrize(
    "statement",
    [
        "s = set(self.s); s.add(p); s |= {p}",
        "q = list(self.q); q.append(1); q.sort()",
        "q = self.q[1:]; q.append(1)",
        "d = dict(self.d); d[p] = 1; del d[p]; d.pop(p)",
        "n = copy(self.nodes[p]); n.term += 1; n.votes.add(p); n.bump()",
        "n = Node(); n.term = 1",
        "found = []; [found.append(v) for v in self.s]",
        "counts = {}; counts[p] = counts.get(p, 0) + 1",
        "total = 0\n        for n in self.nodes.values(): total += n.term",
        "s = self.s | {p}; s.discard(p)",
        "s = self.s; s = set(s); s.add(p)",  # the variable denotes a copy by then
        "push(list(self.q), 1)",
        "x = enabled(self.flip)",
        "def inner(q): q.append(1)\n        inner([])",
    ],
)
def test_a_read_only_rule_may_change_what_it_made_itself(statement: str, found_in: Found) -> None:
    rule = f"\n    @invariant\n    def rule(self, p: P) -> bool:\n        {statement}\n        return True\n"
    assert found_in("def push(q: list[int], v: int) -> None:\n    q.append(v)\n" + VARIABLES + rule) == []


def test_a_function_is_refused_where_a_read_only_rule_hands_it_a_part_of_the_state(subject_of: Callable[[str], Subject]) -> None:
    text = "def push(q: list[int], v: int) -> None:\n    q.append(v)\n" + VARIABLES
    rules = """
    @action
    def put(self) -> None:
        push(self.q, 1)
    @invariant
    def rule(self) -> bool:
        push(self.q, 1)
        return True
    """
    (error,) = problems(subject_of(text + rules))
    assert error.code == "SC301" and error.notes == ("in push, which the invariant 'rule' calls",)


def test_actions_and_their_methods_may_change_require_and_choose(found_in: Found) -> None:
    rules = """
    def pick(self) -> P:
        require(self.s)
        return choose(self.s)
    @action
    def take(self) -> None:
        self.s.remove(self.pick())
        self.q.append(self.drain())
    @init
    def start(self) -> None:
        self.x = choose(bool)
    """
    assert found_in(VARIABLES + rules) == []


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("@action", ["SC315 enabled(self.flip)"]),
        ("@init", ["SC315 enabled(self.flip)"]),
        ("@constraint", ["SC315 enabled(self.flip)"]),
        ("@terminal", []),
        ("@reachable", []),
    ],
)
def test_enabled_belongs_into_predicates_of_properties(decorator: str, expected: list[str], found_in: Found) -> None:
    assert found_in(VARIABLES + f"\n    {decorator}\n    def rule(self) -> Any:\n        if enabled(self.flip): pass\n        return self.x\n") == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [("@action", ["SC315 occurs(self.flip)"]), ("@invariant", ["SC315 occurs(self.flip)"]), ("@temporal", [])],
)
def test_occurs_belongs_into_step_invariants_and_formulas(decorator: str, expected: list[str], found_in: Found) -> None:
    result = "always(lambda: occurs(self.flip))" if decorator == "@temporal" else "self.x"
    first = "" if decorator == "@temporal" else "x = occurs(self.flip)"
    assert found_in(VARIABLES + f"\n    {decorator}\n    def rule(self) -> Any:\n        {first or 'pass'}\n        return {result}\n") == expected


def test_occurs_is_at_home_in_step_invariants(found_in: Found) -> None:
    assert found_in(VARIABLES + "\n    @step_invariant\n    def rule(self, after: Self) -> bool:\n        return occurs(self.flip) or after.x\n") == []
