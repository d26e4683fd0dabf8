"""A spec refines another one: what maps to what, which steps match, and what becomes of fairness and formulas of the abstract spec."""

import pytest

from speccheck import SpeccheckError, Verdict
from speccheck.checker.check import check_model
from speccheck.domains.neutral import Member
from speccheck.engines.machine import Budget

HOLDS, VIOLATED, UNKNOWN = Verdict.HOLDS, Verdict.VIOLATED, Verdict.UNKNOWN

# A place for one item.
CELL = """
class Cell(Spec):
    full: bool = False
    @action(fairness="weak")
    def put(self) -> None:
        require(not self.full)
        self.full = True
    @action(fairness="weak")
    def take(self) -> None:
        require(self.full)
        self.full = False
"""
# The same place, where putting and taking are two half steps each.
HALVES = """
class Halves(Spec):
    pc: Annotated[int, Range(0, 3)] = {initial}
    @action{fairness}
    def go(self) -> None:
        self.pc = (self.pc + {by}) % 4
    @refines(Cell{liveness})
    def cell(self) -> Cell:
        return {mapped}
"""
OPAQUE = """
import operator
def opaque(name, s):
    operator.methodcaller(name)(s)
    return False
"""
WEAK, LIVE = '(fairness="weak")', ", liveness=True"


def halves(mapped="Cell(full=self.pc >= 2)", initial=0, by=1, fairness=WEAK, liveness="", cell=CELL):
    return cell + HALVES.format(mapped=mapped, initial=initial, by=by, fairness=fairness, liveness=liveness)


def explained(result, name="cell"):
    return [(line.expression, line.value) for line in result[name].explanation]


def actions(result, name="cell"):
    return [step.action for step in result[name].trace.steps]


@pytest.fixture
def last(models):
    """Return a function that checks the last model of a spec's text."""

    def result(text, budget=Budget()):
        return check_model(models(text)[-1], budget=budget)

    return result


@pytest.fixture
def refused(last):
    """Return a function that gives the error of a spec's text."""

    def error(text, budget=Budget()):
        with pytest.raises(SpeccheckError) as caught:
            last(text, budget)
        return caught.value

    return error


# ---------------------------------------------------------------- states and steps


def test_steps_that_map_to_steps_and_steps_that_map_to_no_change_refine(last) -> None:
    result = last(halves())
    assert (result["cell"].verdict, result["cell"].kind, result["cell"].trace) == (HOLDS, "refinement", None)
    assert result.distinct == 4


def test_an_initial_state_that_maps_to_no_initial_one_is_a_violation_of_no_steps(last) -> None:
    result = last(halves(initial=2))
    assert result["cell"].verdict is VIOLATED
    assert actions(result) == []
    assert explained(result) == [("it maps to", "Cell(full=True), which is no initial state of Cell")]


def test_every_initial_state_is_mapped_and_the_least_that_violates_is_reported(last) -> None:
    result = last(halves(initial="anything()"))
    assert result["cell"].trace.states[0]["pc"] == 2


def test_any_initial_state_of_the_abstract_spec_will_do(last) -> None:
    anything = CELL.replace("full: bool = False", "full: bool = anything()")
    assert last(halves(initial=2, cell=anything))["cell"].verdict is HOLDS
    by_init = CELL.replace("full: bool = False", "full: bool\n    @init\n    def start(self) -> None:\n        self.full = choose([True])")
    assert last(halves(initial=2, cell=by_init))["cell"].verdict is HOLDS
    assert last(halves(initial=0, cell=by_init))["cell"].verdict is VIOLATED


THREE = """
class Three(Spec):
    n: Annotated[int, Range(0, 3)] = 0
    @action
    def up(self) -> None:
        require(self.n < 3)
        self.n += 1
    @action
    def jump(self, far: bool) -> None:
        require(self.n == 1)
        self.n = 3 if far else 2
"""
CLIMB = """
class Climb(Spec, deadlock=False):
    m: int = 0
    @action
    def climb(self) -> None:
        require(self.m < {top})
        self.m += {by}
    {constraint}
    @refines(Three)
    def three(self) -> Three:
        return Three(n=self.m)
"""
CONSTRAINT = "@constraint\n    def low(self) -> bool:\n        return self.m < {}"


def climb(top=3, by=1, low=None):
    return THREE + CLIMB.format(top=top, by=by, constraint="" if low is None else CONSTRAINT.format(low))


def test_a_step_that_maps_to_no_step_is_shown_with_both_mapped_states_and_what_the_abstract_spec_could_do(last) -> None:
    result = last(climb(by="1 if self.m == 0 else -1", low=2))
    trace = result["three"].trace
    assert result["three"].verdict is VIOLATED
    assert [state["m"] for state in trace.states] == [0, 1, 0]
    assert actions(result, "three") == ["climb", "climb"]
    assert explained(result, "three") == [
        ("it maps from", "Three(n=1)"),
        ("to", "Three(n=0)"),
        ("Three could", "up() to Three(n=2)"),
        ("Three could", "jump(far=False) to Three(n=2)"),
        ("Three could", "jump(far=True) to Three(n=3)"),
    ]


def test_where_the_abstract_spec_has_no_step_the_explanation_says_so(last) -> None:
    result = last(halves(cell="class Cell(Spec):\n    full: bool = False\n    @action\n    def stay(self) -> None:\n        pass\n"))
    assert explained(result)[-1] == ("Cell", "has no step there")


def test_names_of_actions_and_their_parameters_do_not_matter(last) -> None:
    assert last(climb(by="2 if self.m == 1 else 1"))["three"].verdict is HOLDS


def test_a_step_that_skips_an_abstract_state_is_no_refinement(last) -> None:
    assert last(climb(top=2, by=2))["three"].verdict is VIOLATED


def test_steps_into_dropped_states_must_refine_as_well(last) -> None:
    inside = last(climb(top=9, low=2, by="1 if self.m < 1 else 2"))
    assert (inside["three"].verdict, inside.dropped) == (HOLDS, 1)
    outside = last(climb(top=9, low=1, by=2))
    assert (outside["three"].verdict, outside.distinct, outside.dropped) == (VIOLATED, 1, 1)
    assert [state["m"] for state in outside["three"].trace.states] == [0, 2]


def test_an_initial_state_that_is_dropped_must_map_to_an_initial_one(last) -> None:
    result = last(climb(low=2).replace("m: int = 0", "m: Annotated[int, Range(0, 3)] = anything()"))
    assert result["three"].trace.states[0]["m"] == 1
    assert last(climb(low=0).replace("m: int = 0", "m: Annotated[int, Range(2, 3)] = anything()"))["three"].verdict is VIOLATED


def test_constraints_invariants_and_terminals_of_the_abstract_spec_are_no_part_of_what_is_refined(last) -> None:
    bounded = THREE + (
        "    @constraint\n    def low(self) -> bool:\n        return self.n < 1\n"
        "    @invariant\n    def wrong(self) -> bool:\n        return self.n < 2\n"
        "    @step_invariant\n    def never(self, after: Self) -> bool:\n        return False\n"
    )
    assert last(climb().replace(THREE, bounded))["three"].verdict is HOLDS


def test_an_abstract_action_that_errs_does_not_match_and_its_error_is_shown(last) -> None:
    errs = CELL.replace("self.full = True", "self.full = True\n        assert False, 'no room'")
    result = last(halves(cell=errs))
    assert result["cell"].verdict is VIOLATED
    assert explained(result)[-1] == ("Cell could", "put() err: AssertionError: no room")


def test_a_violation_of_refinement_is_the_least_one_and_ends_no_search(last) -> None:
    result = last(climb(by="1 if self.m != 1 else choose([-1, 2])"))
    assert [state["m"] for state in result["three"].trace.states] == [0, 1, 0]
    assert result.complete


def test_several_refinements_are_several_properties(last) -> None:
    both = halves() + "    @refines(Cell)\n    def wrong(self) -> Cell:\n        return Cell(full=self.pc % 2 == 0)\n"
    result = last(both)
    assert (result["cell"].verdict, result["wrong"].verdict) == (HOLDS, VIOLATED)


def test_an_expected_violation_of_a_refinement_can_be_pinned_to_an_action(models) -> None:
    text = climb(top=2, by=2).replace("class Climb", '@model(violates="three", via="climb")\nclass Climb')
    assert check_model(models(text)[-1]).as_expected


def test_a_search_that_was_cut_leaves_a_refinement_unknown_unless_it_was_refuted(last) -> None:
    assert last(climb(top=3), Budget(depth=2))["three"].verdict is UNKNOWN
    assert last(climb(top=9), Budget(depth=5))["three"].verdict is UNKNOWN
    assert last(climb(top=9, by=2), Budget(depth=2))["three"].verdict is VIOLATED


# ---------------------------------------------------------------- the mapping


def test_a_mapping_that_raises_is_a_violation_of_its_own_and_leaves_the_refinement_unknown(last) -> None:
    result = last(halves("Cell(full=6 // (2 - self.pc) > 99)", liveness=LIVE))
    assert result["cell"].verdict is UNKNOWN
    assert "raised" in result["cell"].reason
    assert result["cell.error"].verdict is VIOLATED
    assert "ZeroDivisionError" in result["cell.error"].reason
    assert [state["pc"] for state in result["cell.error"].trace.states] == [0, 1, 2]


def test_a_mapping_that_raises_in_a_dropped_state_is_a_violation(last) -> None:
    result = last(climb(low=2).replace("Three(n=self.m)", "Three(n=[0, 1][self.m])"))
    assert result["three.error"].verdict is VIOLATED
    assert len(result["three.error"].trace.steps) == 2


def test_a_value_outside_the_abstract_domain_is_an_error_of_the_mapping(last) -> None:
    result = last(climb(top=9))
    assert (result["three"].verdict, result["three.error"].verdict) == (UNKNOWN, VIOLATED)
    assert result["three.error"].reason == "n: 4 is outside Range(0, 3)"


@pytest.mark.parametrize("mapped", ["None", "True", "Sub(full=False)", "self"])
def test_a_mapping_that_returns_anything_else_than_a_state_of_the_abstract_spec_is_refused(refused, mapped) -> None:
    error = refused(halves(mapped, cell=CELL + "class Sub(Cell):\n    pass\n"))
    assert error.code == "SC208"
    assert "not a Cell" in error.message


def test_a_mapping_that_leaves_a_variable_unset_is_refused(refused) -> None:
    unset = CELL.replace("full: bool = False", "full: bool\n    more: bool = False\n    @init\n    def start(self) -> None:\n        self.full = False")
    error = refused(halves("Cell(more=False)", cell=unset))
    assert error.code == "SC204"
    assert "'full'" in error.message


@pytest.mark.parametrize("change", ["self.pc = 3", "require(self.pc == 0)", "disable()", "choose(bool)"])
def test_a_mapping_only_reads_however_it_is_hidden_what_it_does(refused, change) -> None:
    hidden = f"    def hidden(self) -> None:\n        {change}\n"
    assert refused(OPAQUE + halves("Cell(full=opaque('hidden', self))") + hidden).code == "SC301"


def test_a_mapping_may_make_the_abstract_state_step_by_step(last) -> None:
    text = halves("cell_of(self.pc)").replace("class Halves", "def cell_of(pc: int) -> Cell:\n    c = Cell()\n    c.full = pc >= 2\n    return c\nclass Halves")
    assert last(text)["cell"].verdict is HOLDS


def test_a_mapping_may_share_parts_of_the_state_and_leaves_them_where_they_are(last) -> None:
    result = last(
        """
        class Twice(Spec, deadlock=False):
            a: Annotated[list[bool], MaxLen(2)] = []
            b: Annotated[list[bool], MaxLen(2)] = []
            @action
            def put(self, x: bool) -> None:
                require(len(self.a) < 2)
                self.a.append(x)
                self.b.append(x)
        class Once(Spec, deadlock=False):
            q: Annotated[list[bool], MaxLen(2)] = []
            @action
            def put(self, x: bool) -> None:
                require(len(self.q) < 2)
                self.q.append(x)
            @refines(Twice)
            def twice(self) -> Twice:
                return Twice(a=self.q, b=self.q)
            @invariant
            def short(self) -> bool:
                return len(self.q) <= 2
        """
    )
    assert (result["twice"].verdict, result["short"].verdict, result.distinct) == (HOLDS, HOLDS, 7)


def test_a_mapping_that_does_not_end_is_refused(refused) -> None:
    text = halves().replace("        return Cell", "        while self.pc == 1:\n            pass\n        return Cell")
    assert refused(text, Budget(rule_seconds=0.3)).code == "SC305"


# ---------------------------------------------------------------- the abstract spec


def test_a_rule_of_the_abstract_spec_that_is_misused_is_told_from_the_concrete_state(refused) -> None:
    wrong = "    def hidden(self) -> None:\n        setattr(self, 'no' + 'pe', 3)\n    @action\n    def wrong(self) -> None:\n        opaque('hidden', self)\n"
    error = refused(OPAQUE + halves(cell=CELL + wrong))
    assert error.code == "SC205"
    assert [step.action for step in error.trace.steps] == ["go"]
    assert error.notes[-1] == "in Cell(full=False), to which 'cell' maps"


def test_the_time_for_one_rule_is_not_used_up_by_many_evaluations_of_the_abstract_spec(last) -> None:
    slow = """
class Cell(Spec):
    full: bool = False
    n: Annotated[int, Range(0, 199)] = 0
    @init
    def start(self) -> None:
        self.n = choose(range(200))
        sum(i for i in range(100_000))
"""
    assert last(halves(cell=slow, by=0), Budget(rule_seconds=0.15))["cell"].verdict is HOLDS


def test_a_rule_of_the_abstract_spec_that_does_not_end_is_refused(refused) -> None:
    endless = CELL.replace("self.full = True", "self.full = True\n        while self.full:\n            pass")
    error = refused(halves(cell=endless), Budget(rule_seconds=0.3))
    assert (error.code, [step.action for step in error.trace.steps]) == ("SC305", ["go"])


def test_an_abstract_spec_takes_the_constants_of_the_model(models) -> None:
    text = "N = constant('N', 1)\n" + climb(top="N").replace("Range(0, 3)", "Range(0, N)").replace("require(self.n < 3)", "require(self.n < N)")
    assert check_model(models(text, N=2)[-1])["three"].verdict is HOLDS
    assert check_model(models(text, N=2)[-1]).distinct == 3


def test_rules_that_the_abstract_spec_leaves_out_take_no_part(last) -> None:
    assert last(halves(cell=CELL.replace("class Cell(", "class Base(") + 'class Cell(Base, without=("take",)):\n    pass\n'))["cell"].verdict is VIOLATED


# ---------------------------------------------------------------- symmetry

LOCK = """
class P(Sort, size=3, symmetric=True): "somebody"
class Lock(Spec, deadlock=False):
    holder: P | None = None
    @action(fairness="weak", per=())
    def acquire(self, p: P) -> None:
        require(self.holder is None)
        self.holder = p
    @action
    def release(self) -> None:
        require(self.holder is not None)
        self.holder = None
@model(symmetry={symmetry})
class Slow(Spec, deadlock=False):
    wants: P | None = None
    has: bool = False
    @action(fairness="weak", per=())
    def ask(self, p: P) -> None:
        require(self.wants is None)
        self.wants = p
    @action(fairness="weak")
    def get(self) -> None:
        require(self.wants is not None and not self.has)
        self.has = True
    @action
    def give(self, p: P) -> None:
        require(self.has{given})
        self.wants, self.has = {gives}
    @refines(Lock{liveness})
    def lock(self) -> Lock:
        return Lock(holder=self.wants if self.has else None)
"""
RIGHT, WRONG = "None, False", "p, True"


@pytest.mark.parametrize("symmetry", [False, True])
@pytest.mark.parametrize("liveness", ["", LIVE])
@pytest.mark.parametrize(("gives", "verdict"), [(RIGHT, HOLDS), (WRONG, VIOLATED)])
def test_verdict_and_length_are_the_same_with_and_without_reduction(last, symmetry, liveness, gives, verdict) -> None:
    result = last(LOCK.format(symmetry=symmetry, liveness=liveness, gives=gives, given=""))
    assert result["lock"].verdict is verdict
    assert result.distinct == (3 if symmetry else 7)
    if verdict is VIOLATED:
        trace = result["lock"].trace
        assert actions(result, "lock") == ["ask", "get", "give"]
        assert trace.states[-2]["wants"] != trace.states[-1]["wants"]


def test_a_mapping_that_tells_members_apart_is_refused_under_reduction(refused) -> None:
    text = LOCK.format(symmetry=True, liveness="", gives=RIGHT, given="").replace("if self.has else", "if self.has and self.wants != next(iter(P)) else")
    assert {error.code for error in refused(text).errors} == {"SC401"}


# ---------------------------------------------------------------- liveness


def test_a_right_refinement_with_liveness_holds(last) -> None:
    assert last(halves(liveness=LIVE))["cell"].verdict is HOLDS


def test_without_liveness_neither_fairness_nor_formulas_are_asked_for(last) -> None:
    never = CELL + "    never = always(lambda self: not self.full)\n    @temporal\n    def now(self) -> Formula:\n        return eventually(lambda: False)\n"
    assert last(halves(fairness="", cell=never))["cell"].verdict is HOLDS


@pytest.mark.parametrize("strength", ["weak", "strong"])
def test_fairness_of_the_abstract_spec_is_refuted_by_a_tail(last, strength) -> None:
    result = last(halves(fairness="", liveness=LIVE, cell=CELL.replace("weak", strength)))
    assert result["cell"].verdict is VIOLATED
    assert result["cell"].reason == f"the mapped behavior violates the {strength} fairness of put of Cell: it stays in Cell(full=False) for ever"
    assert [state["pc"] for state in result["cell"].trace.states] == [0, 0]
    assert [step.action for step in result["cell"].trace.steps] == [None]


SPIN = """
class Spin(Spec, deadlock=False):
    pc: Annotated[int, Range(0, 2)] = 0
    @action(fairness="weak")
    def spin(self) -> None:
        require(self.pc < 2)
        self.pc = 1 - self.pc
    @action(fairness="{strength}")
    def put(self) -> None:
        require({guard})
        self.pc = 2
    @refines(Cell, liveness=True)
    def cell(self) -> Cell:
        return Cell(full=self.pc >= 2)
"""


@pytest.mark.parametrize("abstract", ["weak", "strong"])
def test_a_cycle_of_steps_that_the_mapping_does_not_see_is_a_tail_of_the_mapped_behavior(last, abstract) -> None:
    put_only = CELL[: CELL.index("    @action(fairness", CELL.index("def put"))].replace("weak", abstract)
    result = last(put_only + SPIN.format(strength="weak", guard="self.pc == 1"))
    assert result["cell"].verdict is VIOLATED
    assert [state["pc"] for state in result["cell"].trace.states] == [0, 1, 0]
    assert result["cell"].trace.loop_start == 0
    assert f"the {abstract} fairness of put" in result["cell"].reason
    assert last(put_only + SPIN.format(strength="strong", guard="self.pc == 1"))["cell"].verdict is HOLDS
    assert last(put_only + SPIN.format(strength="weak", guard="self.pc < 2"))["cell"].verdict is HOLDS


def test_a_cycle_of_steps_that_the_mapping_does_not_see_violates_nothing_that_its_one_abstract_state_keeps(last) -> None:
    full = (
        "class Cell(Spec, deadlock=False):\n    full: bool = True\n    def is_full(self) -> bool:\n        return self.full\n    once = eventually(is_full)\n"
    )
    spin = SPIN.format(strength="weak", guard="False").replace("self.pc >= 2", "{}")
    assert last(full + spin.format("True"))["cell"].verdict is HOLDS
    empty = full.replace("bool = True", "bool = False")
    assert "'once' of Cell" in last(empty + spin.format("False"))["cell"].reason


# It goes around for ever, and `ring` is possible in one of its two abstract states, or in both.
BELL = """
class Bell(Spec, deadlock=False):
    up: bool = False
    rung: bool = False
    @action
    def swing(self) -> None:
        self.up = not self.up
    @action(fairness="{strength}")
    def ring(self) -> None:
        require(not self.rung and {guard})
        self.rung = True
class Swing(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    @action(fairness="weak")
    def turn(self) -> None:
        self.n = (self.n + 1) % 4
    @refines(Bell, liveness=True)
    def bell(self) -> Bell:
        return Bell(up=self.n >= 2)
"""


@pytest.mark.parametrize(
    ("strength", "guard", "verdict"),
    [("weak", "self.up", HOLDS), ("weak", "True", VIOLATED), ("strong", "self.up", VIOLATED), ("strong", "False", HOLDS)],
)
def test_fairness_of_the_abstract_spec_is_refuted_by_a_cycle_that_never_takes_the_action(last, strength, guard, verdict) -> None:
    result = last(BELL.format(strength=strength, guard=guard))
    assert result["bell"].verdict is verdict
    if verdict is VIOLATED:
        assert result["bell"].reason == f"the mapped behavior violates the {strength} fairness of ring of Bell"
        trace = result["bell"].trace
        assert [state["n"] for state in trace.states] == [0, 1, 2, 3, 0, 1, 2]
        assert trace.loop_start == 2


def test_enabledness_is_the_abstract_actions_even_if_no_concrete_step_maps_to_it(last) -> None:
    result = last(halves("Cell(full=False)", liveness=LIVE))
    assert result["cell"].reason == "the mapped behavior violates the weak fairness of put of Cell: it stays in Cell(full=False) for ever"


def test_an_abstract_action_that_errs_is_enabled(last) -> None:
    errs = CELL.replace("class Cell(Spec):", "class Cell(Spec):\n    @action(fairness='weak')\n    def err(self) -> None:\n        assert False")
    assert "fairness of err" in last(halves(liveness=LIVE, cell=errs))["cell"].reason


def test_a_step_counts_for_every_abstract_action_that_makes_it(last) -> None:
    twice = CELL + '    @action(fairness="strong")\n    def also(self) -> None:\n        self.full = not self.full\n'
    assert last(halves(liveness=LIVE, cell=twice))["cell"].verdict is HOLDS


def test_the_value_of_per_that_is_starved_is_named(last) -> None:
    result = last(
        """
        class P(Sort, size=2): "somebody"
        class All(Spec, deadlock=False):
            done: set[P] = set()
            @action(fairness="weak", per="p")
            def do(self, p: P) -> None:
                require(p not in self.done)
                self.done.add(p)
        class One(Spec, deadlock=False):
            done: set[P] = set()
            @action(fairness="weak", per=())
            def do(self, p: P) -> None:
                require(not self.done)
                self.done.add(p)
            @refines(All, liveness=True)
            def every(self) -> All:
                return All(done=self.done)
        """
    )
    assert "the weak fairness of do(p=P0) of All" in result["every"].reason
    assert result["every"].trace.steps[0].parameters == (("p", Member("P", 1, "P1")),)


FORMULAS = """
    def is_full(self) -> bool:
        return self.full
    {name} = {formula}
"""


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("always_eventually(is_full)", HOLDS),
        ("eventually_always(is_full)", VIOLATED),
        ("always(negate(is_full))", VIOLATED),
        ("always(implies(occurs(put), until(negate(is_full), is_full)))", HOLDS),
        ("always(any_of(occurs(put), occurs(take)))", HOLDS),  # no position of the mapped behavior is a step that the mapping does not see
        ("always(implies(is_full, occurs(take)))", HOLDS),
        ("always(implies(is_full, occurs(put)))", VIOLATED),
        ("always(implies(negate(is_full), enabled(put)))", HOLDS),
        ("until(negate(is_full), all_of(is_full, occurs(put)))", VIOLATED),
        ("until(occurs(put), is_full)", HOLDS),
    ],
)
def test_formulas_of_the_abstract_spec_are_about_the_mapped_behavior(last, formula, verdict) -> None:
    result = last(halves(liveness=LIVE, cell=CELL + FORMULAS.format(name="claim", formula=formula)))
    assert result["cell"].verdict is verdict
    if verdict is VIOLATED:
        assert result["cell"].reason == "the mapped behavior violates 'claim' of Cell"
        assert result["cell"].trace.loop_start is not None


def test_occurs_is_false_while_nothing_changes_for_ever(last) -> None:
    formula = FORMULAS.format(name="claim", formula="always_eventually(occurs(put))")
    result = last(halves("Cell(full=self.pc >= 2)", by="(1 if self.pc < 2 else 0)", liveness=LIVE, cell=CELL.replace('(fairness="weak")', "") + formula))
    assert result["cell"].reason == "the mapped behavior violates 'claim' of Cell: it stays in Cell(full=True) for ever"


def test_a_formula_of_the_abstract_spec_that_raises_is_a_violation_where_it_does(last) -> None:
    raises = CELL + "    @temporal\n    def claim(self) -> Formula:\n        return always_eventually(lambda: 1 // (not self.full) > 0)\n"
    result = last(halves(liveness=LIVE, cell=raises))
    assert result["cell"].verdict is VIOLATED
    assert result["cell"].reason == "'claim' of Cell raised in Cell(full=True): ZeroDivisionError: integer division or modulo by zero"
    assert [state["pc"] for state in result["cell"].trace.states] == [0, 1, 2]


def test_a_formula_about_steps_of_the_abstract_spec_that_raises_is_a_violation(last) -> None:
    raises = CELL + "    @temporal\n    def claim(self) -> Formula:\n        return always(lambda: not occurs(self.take) or 1 // 0 > 0)\n"
    result = last(halves(liveness=LIVE, cell=raises))
    assert result["cell"].verdict is VIOLATED
    assert "raised in Cell(full=True)" in result["cell"].reason


def test_a_formula_of_the_abstract_spec_that_gives_no_bool_is_refused_in_a_concrete_state(refused) -> None:
    number = CELL + "    @temporal\n    def claim(self) -> Formula:\n        return always(lambda: {True: 1}.get(self.full, False))\n"
    error = refused(halves(liveness=LIVE, cell=number))
    assert error.code == "SC304"
    assert [step.action for step in error.trace.steps] == ["go", "go"]
    assert error.notes[-1] == "in Cell(full=True), to which 'cell' maps"


def test_what_violates_safety_is_reported_first(last) -> None:
    result = last(halves(initial=2, fairness="", liveness=LIVE))
    assert explained(result)[0][0] == "it maps to"


def test_liveness_of_a_refinement_is_unknown_as_soon_as_a_state_was_dropped(last) -> None:
    constrained = halves(liveness=LIVE) + "    @constraint\n    def low(self) -> bool:\n        return self.pc < 3\n"
    result = last(constrained)
    assert result["cell"].verdict is UNKNOWN
    assert "constraint" in result["cell"].reason
    assert last(constrained.replace('@action(fairness="weak")\n    def go', "@action\n    def go"))["cell"].verdict is VIOLATED


def test_liveness_of_a_refinement_is_unknown_after_a_search_that_was_cut(last) -> None:
    result = last(halves(liveness=LIVE), Budget(depth=3))
    assert result["cell"].verdict is UNKNOWN
    assert "--max-depth" in result["cell"].reason


def test_liveness_of_a_refinement_and_temporal_properties_do_not_disturb_each_other(last) -> None:
    text = (
        halves(liveness=LIVE)
        + "    def high(self) -> bool:\n        return self.pc == 3\n    returns = always_eventually(high)\n    stays = eventually_always(high)\n"
    )
    result = last(text)
    assert [result[name].verdict for name in ("cell", "returns", "stays")] == [HOLDS, HOLDS, VIOLATED]


def test_a_predicate_of_the_abstract_spec_that_does_not_end_is_refused(refused) -> None:
    endless = CELL + "    @temporal\n    def claim(self) -> Formula:\n        return always(lambda: not self.full or endless())\n"
    text = "def endless() -> bool:\n    while True:\n        pass\n" + halves(liveness=LIVE, cell=endless)
    error = refused(text, Budget(rule_seconds=0.3))
    assert error.code == "SC305"


def test_an_abstract_spec_that_tells_members_apart_forbids_reduction(checked) -> None:
    text = """
        class P(Sort, size=2, symmetric=True): "somebody"
        FIRST = next(iter(P))
        class Abstract(Spec, abstract=True):
            holder: P | None = None
            @action
            def take(self, p: P) -> None:
                require(p == FIRST)
                self.holder = p
        @model(symmetry={symmetry})
        class Concrete(Spec, deadlock=False):
            holder: P | None = None
            @action
            def take(self, p: P) -> None:
                self.holder = p
            @refines(Abstract)
            def abstract(self) -> Abstract:
                return Abstract(holder=self.holder)
    """
    assert checked(text.replace("{symmetry}", "False"))["abstract"].verdict is Verdict.VIOLATED
    with pytest.raises(SpeccheckError) as caught:
        checked(text.replace("{symmetry}", "True"))
    assert {error.code for error in caught.value.errors} == {"SC401"}


def test_an_abstract_spec_with_a_process_leaves_the_refinement_unknown(checked) -> None:
    result = checked(
        """
        class Abstract(Spec, abstract=True):
            on: bool = False
            @process
            def go(self) -> Steps:
                yield "flip"
                self.on = True
        class Concrete(Spec, deadlock=False):
            on: bool = False
            @action
            def flip(self) -> None:
                self.on = True
            @refines(Abstract)
            def abstract(self) -> Abstract:
                return Abstract(on=self.on)
        """
    )
    assert result["abstract"].verdict is Verdict.UNKNOWN
    assert "process" in result["abstract"].reason
