"""Random runs: what they come across is real and told like the result of a search, what they do not is UNKNOWN, and a seed says which runs they are."""

from typing import Annotated, Any, Literal, cast

import pytest

from speccheck import (
    Formula,
    Range,
    Sort,
    Spec,
    SpeccheckError,
    Verdict,
    action,
    anything,
    check,
    choose,
    constraint,
    eventually,
    init,
    invariant,
    reachable,
    refines,
    require,
    simulate,
    step_invariant,
    temporal,
    terminal,
)
from speccheck.checker.random_runs import Draws
from speccheck.checker.result import Result
from speccheck.checker.simulate import simulate_model
from speccheck.engines.machine import Budget
from speccheck.model.select import model_of_class

HOLDS, VIOLATED, UNKNOWN = Verdict.HOLDS, Verdict.VIOLATED, Verdict.UNKNOWN


class Ball(Sort, size=2):
    """Something to be thrown."""


class Ladder(Spec):
    """Somebody climbs, slips, and rests."""

    rung: Annotated[int, Range(0, 9)] = 0
    rested: bool = False

    @action
    def climb(self) -> None:
        require(self.rung < 9)
        self.rung += 1

    @action
    def slip(self) -> None:
        require(0 < self.rung < 9)
        self.rung -= 1

    @action
    def rest(self) -> None:
        require(self.rung < 9)
        self.rested = not self.rested

    @invariant
    def below_five(self) -> bool:
        return self.rung < 5

    @step_invariant
    def never_down_from_four(self, after: "Ladder") -> bool:
        return not (self.rung == 4 and after.rung == 3)

    @reachable
    def half_way(self) -> bool:
        return self.rung == 4 and self.rested

    @reachable
    def on_the_moon(self) -> bool:
        return self.rung > 9

    @temporal
    def arrives(self) -> Formula:
        return eventually(lambda: self.rung == 9)


def verdicts(result: Result) -> dict[str, str]:
    return {name: verdict.value for name, verdict in result.verdicts.items()}


def heights(result: Result, name: str) -> list[Any]:
    trace = result[name].trace
    assert trace is not None
    return [state["rung"] for state in trace.states]


@pytest.fixture(scope="module")
def climbed() -> Result:
    return simulate(Ladder, seed=5, runs=200)


def test_what_was_come_across_is_decided_and_everything_else_is_unknown(climbed: Result) -> None:
    expected = {"below_five": "VIOLATED", "never_down_from_four": "VIOLATED", "half_way": "HOLDS", "on_the_moon": "UNKNOWN", "arrives": "UNKNOWN"}
    assert verdicts(climbed) == {**expected, "deadlock": "VIOLATED"}
    assert not climbed.complete and not climbed.as_expected and climbed.inconclusive


def test_an_unknown_verdict_says_what_was_done(climbed: Result) -> None:
    assert climbed["on_the_moon"].reason == "no witness in 200 random runs of at most 100 steps"
    assert climbed["arrives"].reason == "random runs are finite, and no finite run refutes a property of whole behaviors"
    assert simulate(Ladder, seed=5, runs=1, depth=1)["deadlock"].reason == "not refuted by 1 random run of at most 1 step"


def test_traces_are_as_short_as_those_of_the_search(climbed: Result) -> None:
    searched = check(Ladder)
    for name in ("below_five", "never_down_from_four", "half_way", "deadlock"):
        short, shortest = climbed[name].trace, searched[name].trace
        assert short is not None and shortest is not None and len(short.steps) == len(shortest.steps)
    assert heights(climbed, "below_five") == [0, 1, 2, 3, 4, 5]
    assert heights(climbed, "never_down_from_four") == [0, 1, 2, 3, 4, 3]


def test_the_length_of_the_run_is_remembered_beside_that_of_the_trace(climbed: Result) -> None:
    assert climbed["below_five"].found_steps is not None and climbed["below_five"].found_steps > 5
    assert climbed["on_the_moon"].found_steps is None


def test_the_explanation_is_that_of_a_search(climbed: Result) -> None:
    assert climbed["below_five"].explanation == check(Ladder)["below_five"].explanation != ()


def test_counts_are_those_of_the_runs(climbed: Result) -> None:
    simulated = climbed.simulated
    assert simulated is not None and simulated.exact
    assert (simulated.seed, simulated.uniform, simulated.planned, simulated.runs, simulated.depth) == (5, "actions", 200, 200, 100)
    assert simulated.steps == climbed.generated == sum(one.taken for one in climbed.actions.values())
    assert simulated.longest <= 100 and climbed.depth == simulated.longest + 1
    assert climbed.distinct <= check(Ladder).distinct == 20


def test_the_same_seed_gives_the_same_runs_and_another_one_others() -> None:
    def told(seed: int) -> Any:
        result = simulate(Ladder, seed=seed, runs=20)
        return result.generated, result.actions, [(one.name, one.verdict, one.trace, one.found_steps) for one in result.properties]

    assert told(1) == told(1) != told(2)


def test_a_seed_that_is_not_given_is_a_new_one_and_is_said() -> None:
    seeds = {cast("Any", simulate(Ladder, runs=1).simulated).seed for _ in range(5)}
    assert len(seeds) == 5
    assert check(Ladder).simulated is None


def test_run_number_three_is_the_same_however_many_runs_there_are() -> None:
    short, long = simulate(Ladder, seed=3, runs=3), simulate(Ladder, seed=3, runs=300)
    for one in short.properties:
        if one.trace is not None:
            assert long[one.name].found_steps == one.found_steps


# -------------------------------------------------- drawing


class Uneven(Spec, deadlock=False):
    """One action has one step, the other one ninety-nine."""

    shown: Annotated[int, Range(0, 100)] = 0

    @action
    def reset(self) -> None:
        require(self.shown == 0)
        self.shown = 100

    @action
    def show(self) -> None:
        require(self.shown == 0)
        self.shown = choose(range(1, 100))


def share(uniform: Literal["actions", "steps"]) -> float:
    taken = simulate(Uneven, seed=0, runs=1000, uniform=uniform).actions
    return taken["reset"].taken / (taken["reset"].taken + taken["show"].taken)


def test_actions_are_drawn_all_alike_or_steps_are() -> None:
    assert 0.45 < share("actions") < 0.55
    assert 0 < share("steps") < 0.03


def test_every_initial_state_may_be_drawn() -> None:
    class Start(Spec, deadlock=False):
        x: Annotated[int, Range(0, 4)] = anything()

        @reachable
        def begins_with_each(self, n: Annotated[int, Range(0, 4)]) -> bool:
            return self.x == n

    assert simulate(Start, seed=0, runs=50)["begins_with_each"].verdict is HOLDS


def test_a_step_that_changes_nothing_is_never_drawn() -> None:
    class Idle(Spec):
        x: Annotated[int, Range(0, 3)] = 0

        @action
        def look(self) -> None:
            require(self.x >= 0)

        @action
        def count(self) -> None:
            require(self.x < 3)
            self.x += 1

    result = simulate(Idle, seed=0, runs=10)
    assert result.simulated is not None and result.simulated.longest == 3
    assert result.actions["look"].taken == 0 and result["deadlock"].verdict is UNKNOWN  # one may look for ever


# -------------------------------------------------- what can be come across


def test_steps_that_err_are_violations_of_their_kind() -> None:
    class Errs(Spec, deadlock=False):
        x: Annotated[int, Range(0, 3)] = 0

        @action
        def up(self) -> None:
            self.x += 1

        @action
        def doubt(self) -> None:
            assert self.x < 3, "three is too much"

        @action
        def divide(self) -> None:
            self.x = 6 // (2 - self.x)

    result = simulate(Errs, seed=0, runs=50)
    assert verdicts(result) == {"domain": "VIOLATED", "doubt.assert": "VIOLATED", "divide.error": "VIOLATED"}
    failed = result["divide.error"]
    assert failed.trace is not None and failed.trace.failed_step is not None and failed.trace.failed_step.action == "divide"
    assert len(failed.trace.steps) == 2 and failed.reason == "ZeroDivisionError: integer division or modulo by zero"


def test_states_outside_a_constraint_are_looked_at_and_not_left() -> None:
    class Bounded(Spec, deadlock=False):
        x: Annotated[int, Range(0, 9)] = 0

        @action
        def up(self) -> None:
            self.x += 1

        @constraint
        def small(self) -> bool:
            return self.x < 3

        @invariant
        def below_three(self) -> bool:
            return self.x < 3

        @invariant
        def below_four(self) -> bool:
            return self.x < 4

    result = simulate(Bounded, seed=0, runs=5)
    assert verdicts(result) == {"below_three": "VIOLATED", "below_four": "UNKNOWN"}
    assert (result.distinct, result.dropped) == (3, 1)


def test_a_constraint_or_terminal_that_raises_is_a_violation_of_its_own() -> None:
    class Raises(Spec):
        x: Annotated[int, Range(0, 2)] = 0

        @action
        def up(self) -> None:
            require(self.x < 2)
            self.x += 1

        @constraint
        def odd(self) -> bool:
            return 1 // (self.x - 1) < 5

        @terminal
        def done(self) -> bool:
            return 1 // (self.x - 2) < 5

    result = simulate(Raises, seed=0, runs=5)
    assert (result["odd.error"].verdict, result["done.error"].verdict) == (VIOLATED, VIOLATED)
    assert verdicts(result) == verdicts(check(Raises)) | {"deadlock": "UNKNOWN"}


def test_an_init_that_errs_is_a_violation_without_a_state() -> None:
    class Begins(Spec, deadlock=False):
        x: Annotated[int, Range(0, 2)] = 0

        @init
        def begin(self) -> None:
            self.x = choose([1, 2])
            assert self.x < 2

    result = simulate(Begins, seed=0, runs=5)
    failed = result["begin.assert"]
    assert failed.verdict is VIOLATED and failed.trace is not None and failed.trace.states == ()
    assert failed.trace.failed_step is not None and failed.trace.failed_step.action == "begin"


class Door(Spec, deadlock=False):
    """The abstract spec: a door opens once."""

    open: bool = False

    @action
    def swing(self) -> None:
        require(not self.open)
        self.open = True


def test_a_step_that_the_abstract_spec_does_not_have_refutes_the_refinement() -> None:
    class Gate(Spec, deadlock=False):
        height: Annotated[int, Range(0, 2)] = 0

        @action
        def lift(self) -> None:
            require(self.height < 2)
            self.height += 1

        @action
        def fall(self) -> None:
            require(self.height == 2)
            self.height = 0

        @refines(Door)
        def door(self) -> Door:
            return Door(open=self.height > 0)

    result = simulate(Gate, seed=0, runs=5)
    assert result["door"].verdict is VIOLATED and len(cast("Any", result["door"].trace).steps) == 3


def test_an_initial_state_that_maps_to_none_refutes_the_refinement() -> None:
    class Ajar(Spec, deadlock=False):
        gap: Annotated[int, Range(0, 1)] = 1

        @refines(Door)
        def door(self) -> Door:
            return Door(open=self.gap > 0)

    result = simulate(Ajar, seed=0, runs=5)
    assert result["door"].verdict is VIOLATED and cast("Any", result["door"].trace).steps == ()


def test_a_witness_for_each_binding_is_needed() -> None:
    class Throws(Spec, deadlock=False):
        thrown: set[Ball] = set()

        @action
        def throw(self, b: Ball) -> None:
            require(not self.thrown)
            self.thrown.add(b)

        @reachable
        def thrown_alone(self, b: Ball) -> bool:
            return self.thrown == {b}

        @reachable
        def thrown_together(self, b: Ball) -> bool:
            return len(self.thrown) == 2 and b in self.thrown

    result = simulate(Throws, seed=0, runs=50)
    assert verdicts(result) == {"thrown_alone": "HOLDS", "thrown_together": "UNKNOWN"}


def test_a_reachable_that_raises_is_judged_as_a_search_would() -> None:
    class Late(Spec, deadlock=False):
        x: Annotated[int, Range(0, 4)] = 0

        @action
        def up(self) -> None:
            require(self.x < 4)
            self.x += 1

        @action
        def jump(self) -> None:
            require(self.x == 0)
            self.x = 4

        @reachable
        def witnessed_first(self) -> bool:
            return self.x == 2 or (self.x == 3 and 1 // (self.x - 3) > 0)

        @reachable
        def raises_first(self) -> bool:
            return self.x == 3 or (self.x == 2 and 1 // (self.x - 2) > 0)

    assert verdicts(check(Late)) == verdicts(simulate(Late, seed=0, runs=50)) == {"witnessed_first": "HOLDS", "raises_first": "VIOLATED"}


# -------------------------------------------------- limits and trouble


def test_a_limit_of_time_ends_the_runs_and_is_said() -> None:
    result = simulate(Ladder, seed=0, runs=10**9, budget=Budget(seconds=0.05))
    assert result.stopped == "--timeout 0.05" and result.simulated is not None and 0 < result.simulated.runs < 10**9


def test_a_limit_of_memory_ends_the_runs_and_is_said() -> None:
    result = simulate(Ladder, seed=0, budget=Budget(memory=1))
    assert result.stopped == "--max-memory" and set(result.verdicts.values()) == {UNKNOWN}


def test_the_runs_end_with_the_first_unexpected_violation_if_that_is_wanted() -> None:
    result = simulate_model(model_of_class(Ladder), Draws(runs=500, seed=0), stop_first=True)
    assert result.stopped == "--stop-first" and VIOLATED in result.verdicts.values()
    assert result.simulated is not None and result.simulated.runs < 500


def test_an_interrupt_keeps_what_was_found() -> None:
    def interrupt(moment: Any) -> None:
        if moment.steps > 1000:
            raise KeyboardInterrupt

    result = simulate(Ladder, seed=5, runs=200, progress=interrupt)
    assert result.interrupted and result.stopped == "interrupted" and result["below_five"].verdict is VIOLATED


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, MemoryError])
def test_what_ends_shortening_leaves_the_traces_as_they_were_found(trouble: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("speccheck.checker.simulate.minimised", end)
    result = simulate(Ladder, seed=5, runs=200)
    assert result.interrupted == (trouble is KeyboardInterrupt)
    one = result["below_five"]
    assert one.verdict is VIOLATED and one.trace is not None and len(one.trace.steps) == one.found_steps


def test_running_out_of_memory_keeps_what_was_found() -> None:
    def run_out(moment: Any) -> None:
        if moment.steps > 1000:
            raise MemoryError

    result = simulate(Ladder, seed=5, runs=200, progress=run_out)
    assert result.stopped == "out of memory" and not result.interrupted and result["below_five"].verdict is VIOLATED


def test_a_rule_that_is_misused_is_an_error_with_the_way_there() -> None:
    class Misuses(Spec, deadlock=False):
        x: Annotated[int, Range(0, 3)] = 0

        @action
        def up(self) -> None:
            require(self.x < 3)
            self.x += 1

        @invariant
        def counted(self) -> bool:
            return cast("bool", [True, True, "two", True][self.x])

    with pytest.raises(SpeccheckError, match="'counted' returned 'two' of type str, not a bool") as raised:
        simulate(Misuses, seed=0)
    with pytest.raises(SpeccheckError) as searched:
        check(Misuses)
    assert raised.value.trace == searched.value.trace
    assert [step.action for step in raised.value.trace.steps] == ["up", "up"]


def test_a_rule_that_does_not_end_is_an_error() -> None:
    class Endless(Spec, deadlock=False):
        x: bool = False

        @action
        def wait(self) -> None:
            while not self.x:
                pass

    with pytest.raises(SpeccheckError, match="did not end"):
        simulate(Endless, seed=0, budget=Budget(rule_seconds=0.2))


def test_long_runs_through_few_states_are_no_rule_that_does_not_end() -> None:
    result = simulate(Ladder, seed=0, runs=10**9, budget=Budget(seconds=1, rule_seconds=0.2))
    assert result.stopped == "--timeout 1"


def test_a_spec_without_initial_states_is_an_error() -> None:
    class Never(Spec, deadlock=False):
        x: bool = False

        @init
        def begin(self) -> None:
            require(self.x)

        @invariant
        def off(self) -> bool:
            return not self.x

    with pytest.raises(SpeccheckError, match="Never has no initial state"):
        simulate(Never, seed=0)


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"depth": 0}, {"seed": -1}, {"seed": 2**60}, {"uniform": "dice"}, {"stpes": 3}])
def test_what_makes_no_sense_is_a_usage_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(SpeccheckError) as raised:
        simulate(Ladder, **wrong)
    assert raised.value.code == "SC113" and next(iter(wrong)) in raised.value.message


def test_progress_is_told_as_the_runs_go_on() -> None:
    moments: list[Any] = []
    simulate(Ladder, seed=0, runs=30, progress=moments.append)
    assert moments[-1].runs == moments[-1].planned == 30
    assert [one.steps for one in moments] == sorted(one.steps for one in moments)
