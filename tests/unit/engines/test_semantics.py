"""Steps, states, constraints, deadlock and limits mean what the reference says, one test for each rule."""

import pytest

from speccheck import SpeccheckError, Verdict
from speccheck.domains.neutral import Member, text
from speccheck.engines.machine import Budget
from tests.agreement.orbits import orbits

HOLDS, VIOLATED, UNKNOWN = Verdict.HOLDS, Verdict.VIOLATED, Verdict.UNKNOWN


def picked(result, name="picked"):
    """The values of the choices in the order in which a chain of states was made from them."""
    return [text(c.value) for s in result[name].trace.steps for c in s.choices]


# ---------------------------------------------------------------- steps and states


def offered(checked, domain: str, prelude: str = "") -> list[str]:
    """The alternatives of a choose in the order in which they are offered: each is tried once, so the k-th step of a state is the k-th alternative."""
    from speccheck.checker.stepping import steps

    result = checked(
        f"""
        {prelude}
        class P(Sort, size=3): "somebody"
        class Offered(Spec):
            n: Annotated[int, Range(0, 99)] = 0
            s: set[P] = set()
            m: dict[Literal["z", "a"], bool] = each(False)
            @action
            def pick(self) -> None:
                choose({domain})
        """
    )
    state = result.model.spec()
    return [text(step.choices[0].value) for step, _, _ in steps(state)]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("bool", ["False", "True"]),
        ("[2, 1, 2, 3, 1]", ["1", "2", "3"]),
        ("range(3)", ["0", "1", "2"]),
        ("P", ["P0", "P1", "P2"]),
        ('Literal["b", "a"]', ['"b"', '"a"']),
        ("P | None", ["P0", "P1", "P2", "None"]),
        ("Annotated[int, Range(-1, 1)]", ["-1", "0", "1"]),
        ("[None, 'b', 'a', True, 0]", ["None", "True", "0", '"a"', '"b"']),
        ("{3, 1, 2}", ["1", "2", "3"]),
        ("self.m", ['"z"', '"a"']),
        ("subsets([2, 1])", ["{}", "{1}", "{2}", "{1, 2}"]),
        ("[(1, 1), (2,), (0, 5)]", ["(2,)", "(0, 5)", "(1, 1)"]),
    ],
)
def test_choose_merges_equal_alternatives_and_offers_them_in_domain_order(checked, domain, expected) -> None:
    found = offered(checked, domain)
    assert [f.replace("set()", "{}") for f in found] == expected


def test_a_disabled_evaluation_yields_nothing_and_a_completed_one_may_leave_the_state_unchanged(checked) -> None:
    result = checked(
        """
        class A(Spec):
            on: bool = False
            @action
            def stay(self) -> None:
                self.on = self.on
            @action
            def never(self) -> None:
                self.on = True
                disable()
        """
    )
    assert (result.distinct, result.generated) == (1, 2)
    assert result.actions["stay"].taken == 1
    assert result.actions["never"].taken == 0


def test_an_empty_choose_disables_the_step(checked) -> None:
    result = checked(
        """
        class A(Spec):
            s: set[bool] = set()
            @action
            def pick(self) -> None:
                choose(self.s)
        """
    )
    assert result.generated == 1
    assert result["deadlock"].verdict is VIOLATED


def test_leaving_a_domain_errs_at_the_write_and_a_later_require_does_not_undo_it(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 1)] = 1
            @action
            def up(self) -> None:
                self.n += 1
                require(False)
        """
    )
    assert result["domain"].verdict is VIOLATED
    assert result["domain"].trace.failed_step.action == "up"
    assert (result.distinct, result.generated) == (1, 1)


def test_an_erring_step_has_no_successor_and_its_state_is_no_deadlock(checked) -> None:
    result = checked(
        """
        class A(Spec):
            d: dict[bool, bool] = {}
            @action
            def look(self) -> None:
                self.d[True] = self.d[False]
        """
    )
    assert result["look.error"].verdict is VIOLATED
    assert "KeyError" in result["look.error"].reason
    assert result["deadlock"].verdict is HOLDS


def test_a_failing_assert_is_a_violation_of_its_own_and_adds_no_step(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 3)] = 0
            @action
            def up(self) -> None:
                assert self.n < 2, "too far"
                self.n += 1
        """
    )
    assert result["up.assert"].verdict is VIOLATED
    assert len(result["up.assert"].trace.steps) == 2
    assert "too far" in result["up.assert"].reason


def test_an_exception_in_init_a_constraint_or_terminal_is_a_violation_named_after_the_rule(checked) -> None:
    rules = {
        "init": ("@init\n            def rule(self) -> None:\n                self.n = [][0]", "rule.error"),
        "constraint": ("@constraint\n            def rule(self) -> bool:\n                return [][self.n]", "rule.error"),
        "terminal": ("@terminal\n            def rule(self) -> bool:\n                return [][self.n]", "rule.error"),
    }
    for body, name in rules.values():
        result = checked(f"class A(Spec):\n            n: Annotated[int, Range(0, 3)] = 0\n            {body}\n")
        assert result[name].verdict is VIOLATED
        assert "IndexError" in result[name].reason


def test_a_property_that_raises_is_violated_in_that_state_with_the_exception_as_reason(checked) -> None:
    result = checked(
        """
        class A(Spec, deadlock=False):
            n: Annotated[int, Range(0, 3)] = 0
            @action
            def up(self) -> None:
                require(self.n < 3)
                self.n += 1
            @invariant
            def inverse(self) -> bool:
                return 6 // (2 - self.n) > 0
        """
    )
    assert result["inverse"].verdict is VIOLATED
    assert len(result["inverse"].trace.steps) == 2
    assert "ZeroDivisionError" in result["inverse"].reason


def test_membership_is_by_exact_type(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 1)] = 0
            @action
            def wrong(self) -> None:
                self.n = True
        """
    )
    assert result["domain"].verdict is VIOLATED


def test_containers_of_the_state_iterate_in_domain_order_whatever_the_order_of_insertion(checked) -> None:
    result = checked(
        """
        Letter = Literal["z", "m", "a"]
        class A(Spec, deadlock=False):
            s: set[Letter] = {"a", "z", "m"}
            d: dict[Letter, bool] = {"a": True, "z": False}
            @invariant
            def ordered(self) -> bool:
                return list(self.s) == ["z", "m", "a"] and list(self.d) == ["z", "a"] and list(self.d.items()) == [("z", False), ("a", True)]
        """
    )
    assert result["ordered"].verdict is HOLDS


def test_init_may_change_a_default_in_place(checked) -> None:
    text = """
        class P(Sort, size=2):
            pass
        class Node(Record):
            seen: set[P] = set()
        class S(Spec, deadlock=False):
            chosen: dict[P, bool] = each(False)
            those: set[P] = set()
            nodes: dict[P, Node] = each(Node())
            @init
            def begin(self) -> None:
                for p in P:
                    self.chosen[p] = choose(bool)
                    if self.chosen[p]:
                        self.those.add(p)
                        self.nodes[p].seen.add(p)
            @invariant
            def as_chosen(self) -> bool:
                return all((p in self.those) == (p in self.nodes[p].seen) == self.chosen[p] for p in P)
            @invariant
            def nobody(self) -> bool:
                return not self.those
    """
    result = checked(text)
    assert (result.distinct, result.generated) == (4, 4)
    assert (result["as_chosen"].verdict, result["nobody"].verdict) == (Verdict.HOLDS, Verdict.VIOLATED)


def test_generated_counts_every_initial_evaluation_before_merging(checked) -> None:
    result = checked(
        """
        class A(Spec, deadlock=False):
            a: bool = anything()
            n: Annotated[int, Range(0, 1)]
            @init
            def start(self) -> None:
                x = choose(range(3))
                require(x < 2)
                self.n = 0
            @invariant
            def fine(self) -> bool:
                return self.n == 0
        """
    )
    assert (result.distinct, result.generated, result.depth) == (2, 4, 1)


# ---------------------------------------------------------------- constraint, deadlock, limits

COUNTER = """
    class Counter(Spec, deadlock=False):
        n: int = 0
        @action
        def up(self) -> None:
            self.n += 1
        @constraint
        def low(self) -> bool:
            return self.n <= 3
        @invariant
        def small(self) -> bool:
            return self.n < {limit}
        @step_invariant
        def slow(self, after: Self) -> bool:
            return after.n < {limit}
        @reachable
        def four(self) -> bool:
            return self.n == {goal}
"""


def test_a_dropped_state_is_checked_but_neither_counted_nor_expanded(checked) -> None:
    result = checked(COUNTER.format(limit=4, goal=4))
    assert (result.distinct, result.generated, result.depth, result.dropped) == (4, 5, 4, 1)
    assert result["small"].verdict is VIOLATED
    assert len(result["small"].trace.steps) == 4
    assert result["slow"].verdict is VIOLATED
    assert result["four"].verdict is HOLDS


def test_safety_holds_within_a_constraint_but_an_unreached_witness_is_unknown(checked) -> None:
    result = checked(COUNTER.format(limit=99, goal=5))
    assert result["small"].verdict is HOLDS
    assert result["four"].verdict is UNKNOWN
    assert "constraint" in result["four"].reason
    assert any("dropped 1" in note for note in result.notes)


def test_an_initial_state_outside_a_constraint_is_dropped(checked) -> None:
    result = checked(
        """
        class A(Spec, deadlock=False):
            n: Annotated[int, Range(0, 3)] = anything()
            @constraint
            def low(self) -> bool:
                return self.n < 2
            @invariant
            def small(self) -> bool:
                return self.n < 3
        """
    )
    assert (result.distinct, result.generated, result.dropped) == (2, 4, 2)
    assert result["small"].verdict is VIOLATED
    assert len(result["small"].trace.steps) == 0


def test_all_constraints_must_hold_and_any_terminal_suffices(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 9)] = 0
            @action
            def up(self) -> None:
                require(self.n < 9)
                self.n += 1
            @constraint
            def one(self) -> bool:
                return self.n < 7
            @constraint
            def two(self) -> bool:
                return self.n < 5
            @terminal
            def no(self) -> bool:
                return False
            @terminal
            def end(self) -> bool:
                return self.n == 4
        """
    )
    assert result.distinct == 5
    assert result["deadlock"].verdict is HOLDS


def test_a_self_loop_and_a_step_to_a_dropped_state_count_as_successors(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 9)] = 0
            @action
            def up(self) -> None:
                require(self.n < 3)
                self.n += 1
            @constraint
            def low(self) -> bool:
                return self.n < 3
        """
    )
    assert result["deadlock"].verdict is HOLDS


def test_a_state_without_successor_that_is_not_terminal_is_a_deadlock(checked) -> None:
    result = checked(
        """
        class A(Spec):
            n: Annotated[int, Range(0, 9)] = 0
            @action
            def up(self) -> None:
                require(self.n < 3)
                self.n += 1
        """
    )
    assert result["deadlock"].verdict is VIOLATED
    assert len(result["deadlock"].trace.steps) == 3


ENDLESS = """
    class A(Spec):
        n: int = 0
        @action
        def up(self) -> None:
            self.n += 1
        @invariant
        def small(self) -> bool:
            return self.n < 5
        @invariant
        def fine(self) -> bool:
            return self.n >= 0
        @reachable
        def two(self) -> bool:
            return self.n == 2
        @reachable
        def never(self) -> bool:
            return self.n < 0
"""


@pytest.mark.parametrize("budget", [Budget(states=8), Budget(depth=8), Budget(seconds=0.2), Budget(memory=1)])
def test_a_limit_leaves_unknown_what_was_not_refuted_and_never_holds(checked, budget) -> None:
    result = checked(ENDLESS, budget)
    assert not result.complete
    assert result["fine"].verdict is UNKNOWN
    assert result["deadlock"].verdict is UNKNOWN
    assert result["never"].verdict is UNKNOWN
    if budget.memory is None:
        assert result["small"].verdict is VIOLATED
        assert result["two"].verdict is HOLDS


def test_a_state_that_was_not_expanded_is_no_deadlock(checked) -> None:
    text = """
    class A(Spec):
        n: Annotated[int, Range(0, 2)] = 0
        @action
        def up(self) -> None:
            require(self.n < 2)
            self.n += 1
    """
    assert checked(text, Budget(depth=3))["deadlock"].verdict is UNKNOWN
    assert checked(text, Budget(depth=4))["deadlock"].verdict is VIOLATED


def test_max_states_keeps_exactly_that_many_and_checks_all_of_them(checked) -> None:
    result = checked(ENDLESS, Budget(states=6))
    assert result.distinct == 6
    assert result["small"].verdict is VIOLATED  # n == 5 is the sixth state, found but not expanded


def test_a_violation_does_not_stop_the_search(checked) -> None:
    result = checked(
        """
        class A(Spec, deadlock=False):
            n: Annotated[int, Range(0, 9)] = 0
            @action
            def up(self) -> None:
                require(self.n < 9)
                self.n += 1
            @invariant
            def small(self) -> bool:
                return self.n < 2
        """
    )
    assert result.complete
    assert result.distinct == 10


def test_stop_first_ends_after_the_level_of_the_first_unexpected_violation(checked) -> None:
    result = checked(ENDLESS, Budget(states=1000), stop_first=True)
    assert result["small"].verdict is VIOLATED
    assert result["fine"].verdict is UNKNOWN
    assert result.depth <= 7


# ---------------------------------------------------------------- which counterexample

GRID = """
    class Grid(Spec, deadlock=False):
        x: Annotated[int, Range(0, 3)] = 0
        y: Annotated[int, Range(0, 3)] = 0
        @action
        def right(self) -> None:
            require(self.x < 3)
            self.x += 1
        @action
        def up(self) -> None:
            require(self.y < 3)
            self.y += 1
        @invariant
        def near(self) -> bool:
            return self.x + self.y < 3
"""


def test_the_least_violating_state_of_the_least_level_is_reported_with_the_least_way_to_it(checked) -> None:
    trace = checked(GRID)["near"].trace
    assert [(s["x"], s["y"]) for s in trace.states] == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_between_two_states_the_first_action_in_declaration_order_is_shown(checked) -> None:
    trace = checked(
        """
        class A(Spec, deadlock=False):
            on: bool = False
            @action
            def second(self) -> None:
                self.on = True
            @action
            def first(self) -> None:
                self.on = True
            @invariant
            def off(self) -> bool:
                return not self.on
        """
    )["off"].trace
    assert [step.action for step in trace.steps] == ["second"]


def test_of_erring_steps_the_least_by_source_action_parameters_and_choices_is_reported(checked) -> None:
    failed = checked(
        """
        class P(Sort, size=3): "somebody"
        class A(Spec):
            n: Annotated[int, Range(0, 1)] = 0
            @action
            def act(self, p: P) -> None:
                x = choose(range(3))
                assert x == 0 or p in (next(iter(P)),)
        """
    )["act.assert"].trace.failed_step
    assert failed.parameters == (("p", Member("P", 1, "P1")),)
    assert [(c.name, c.value) for c in failed.choices] == [("x", 1)]


def test_parameters_of_a_property_are_universal_and_the_least_failing_binding_is_named(checked) -> None:
    result = checked(
        """
        class P(Sort, size=3): "somebody"
        class A(Spec, deadlock=False):
            s: set[P] = set()
            @action
            def add(self, p: P) -> None:
                self.s.add(p)
            @invariant
            def out(self, p: P) -> bool:
                return p not in self.s
            @reachable
            def inside(self, p: P) -> bool:
                return p in self.s
        """
    )
    assert result["out"].binding == (("p", Member("P", 0, "P0")),)
    assert result["inside"].verdict is HOLDS


def test_a_step_invariant_looks_at_changing_steps_only(checked) -> None:
    result = checked(
        """
        class A(Spec, deadlock=False):
            n: Annotated[int, Range(0, 2)] = 0
            @action
            def stay(self) -> None:
                self.n = self.n
            @action
            def up(self) -> None:
                require(self.n < 2)
                self.n += 1
            @step_invariant
            def changes(self, after: Self) -> bool:
                return self.n != after.n
            @step_invariant
            def by_up(self, after: Self) -> bool:
                return occurs(self.up) and not occurs(self.stay)
            @step_invariant
            def at_once(self, after: Self) -> bool:
                return not (self.n == 1 and after.n == 2)
        """
    )
    assert result["changes"].verdict is HOLDS
    assert result["by_up"].verdict is HOLDS
    assert result["at_once"].verdict is VIOLATED
    assert len(result["at_once"].trace.steps) == 2


def test_enabled_is_about_steps_that_change_the_state_or_err(checked) -> None:
    result = checked(
        """
        class P(Sort, size=2): "somebody"
        class A(Spec, deadlock=False):
            n: Annotated[int, Range(0, 2)] = 0
            @action
            def stay(self) -> None:
                self.n = self.n
            @action
            def jump(self, p: P) -> None:
                require(self.n == 1)
                self.n = choose(range(3))
            @action
            def err(self) -> None:
                require(self.n == 2)
                assert False
            @action
            def up(self) -> None:
                require(self.n < 2)
                self.n += 1
            @invariant
            def claims(self) -> bool:
                return (
                    not enabled(self.stay)
                    and enabled(self.up) == (self.n < 2)
                    and all(enabled(self.jump, p) == (self.n == 1) for p in P)
                    and enabled(self.jump) == (self.n == 1)
                    and enabled(self.err) == (self.n == 2)
                )
        """
    )
    assert result["claims"].verdict is HOLDS


# ---------------------------------------------------------------- misuse


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("@invariant\n    def p(self) -> bool:\n        return helper(self)\n", "SC301"),
        ("@invariant\n    def p(self) -> bool:\n        return self.n or 1\n", "SC304"),
    ],
)
def test_misuse_is_an_error_and_no_verdict(checked, body, code) -> None:
    spec = (
        "def helper(s):\n    require(s.n)\n    return True\nclass A(Spec, deadlock=False):\n    n: bool = False\n    @action\n    def go(self) -> None:\n        self.n = not self.n\n    "
        + body
    )
    with pytest.raises(SpeccheckError) as caught:
        checked(spec)
    assert code in {e.code for e in caught.value.errors}


# ---------------------------------------------------------------- symmetry

SYMMETRIC = """
    class P(Sort, size={size}, symmetric=True): "somebody"
    class Q(Sort, size=2, symmetric=True): "something"
    @model(symmetry={symmetry})
    class Crowd(Spec, deadlock=False):
        seats: dict[P, Q | None] = each(None)
        queue: Annotated[list[P], MaxLen(2)] = []
        held: set[Q] = set()
        @action
        def join(self, p: P) -> None:
            require(p not in self.queue)
            require(len(self.queue) < 2)
            self.queue.append(p)
        @action
        def sit(self, q: Q) -> None:
            require(self.queue)
            p = self.queue.pop(0)
            require(q not in self.held)
            self.seats[p] = q
            self.held.add(q)
        @action
        def leave(self, p: P) -> None:
            q = self.seats[p]
            if q is None:
                disable()
            self.held.discard(q)
            self.seats[p] = None
        @invariant
        def few(self) -> bool:
            return sum(q is not None for q in self.seats.values()) < 2
"""


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_reduced_search_counts_orbits_and_keeps_verdicts_and_lengths(models, size) -> None:
    from speccheck.checker.check import check_model

    (full,) = models(SYMMETRIC.format(size=size, symmetry=False))
    (reduced,) = models(SYMMETRIC.format(size=size, symmetry=True))
    a, b = check_model(full), check_model(reduced)
    assert b.distinct == orbits(full)
    assert a.depth == b.depth
    assert a["few"].verdict is b["few"].verdict
    if a["few"].trace is not None:
        assert len(a["few"].trace.steps) == len(b["few"].trace.steps)
