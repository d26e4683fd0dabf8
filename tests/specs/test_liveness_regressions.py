"""The specs of `liveness/`, each of them about something that model checkers have got wrong, come out as their `@model` lines say; their lassos are behaviors."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from speccheck import Result, Verdict
from speccheck.checker.check import check_model
from speccheck.checker.result import PropertyResult
from speccheck.checker.run import Report, RunOptions, run
from speccheck.domains.neutral import text
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.engines.python.machine import PythonMachine
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from speccheck.space.space import Packed
from speccheck.temporal.assumptions import FairSet, fair_sets
from speccheck.trace.trace import Trace
from tests.agreement.lasso_judge import is_fair

HERE = Path(__file__).parent
LIVENESS = sorted((HERE / "liveness").glob("*.py"))
OTHERS = [HERE / "published" / name for name in ("stutter.py", "dual_write.py", "dining_philosophers.py", "peterson.py")]


@cache
def report_of(file: Path) -> Report:
    return run((str(file),), RunOptions())


def result_of(file: str, model: str) -> Result:
    return next(result for result in report_of(HERE / "liveness" / file).results if result.model.name == model)


def model_of(file: str, name: str) -> Model:
    return next(model for model in models_of_file(str(HERE / "liveness" / file), {})[0] if model.name == name)


def lasso_of(result: PropertyResult) -> Trace:
    assert result.verdict is Verdict.VIOLATED and result.trace is not None and result.trace.loop_start is not None
    return result.trace


def actions_of(trace: Trace) -> list[str | None]:
    return [step.action for step in trace.steps]


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize("file", LIVENESS, ids=lambda file: file.stem)
def test_every_model_comes_out_as_its_line_says(file: Path) -> None:
    report = report_of(file)
    assert [str(error) for error in report.errors] == []
    assert [(r.model.name, r.mismatches) for r in report.results if not r.as_expected] == []
    assert report.results and report.exit_code == 0


def test_there_are_specs() -> None:
    assert len(LIVENESS) >= 10


# ---------------------------------------------------------------- lassos


@pytest.mark.parametrize("file", [*LIVENESS, *OTHERS], ids=lambda file: file.stem)
def test_every_lasso_is_a_fair_behavior_made_of_real_steps(file: Path) -> None:
    """A whole component printed as if it were a cycle, or a loop that leaves an assumption out, is not one."""
    lassos = [(result, one) for result in report_of(file).results for one in result.properties if one.kind == "temporal" and one.verdict is Verdict.VIOLATED]
    for result, one in lassos:
        if one.trace is not None and one.trace.loop_start is not None:
            walk(machine_of(result.model), one.trace)


def walk(machine: PythonMachine, trace: Trace) -> None:
    """Follow a trace on the spec's own rules, and judge its loop."""
    assert trace.loop_start is not None
    stutters = trace.steps[-1].action is None
    assert trace.states[-1] == trace.states[trace.loop_start]
    assert [step.action is None for step in trace.steps] == [False] * (len(trace.steps) - stutters) + [True] * stutters
    if stutters:
        assert trace.loop_start == len(trace.steps) - 1
    neutral = machine.stepper.packing.neutral
    states = [next(step.target for step in machine.initial() if step.target is not None and neutral(step.target) == trace.states[0])]
    for step, shown in zip(trace.steps, trace.states[1:]):
        if step.action is not None:
            states.append(next(t for name, t in possible(machine, states[-1]) if name == step.action and t not in (None, states[-1]) and neutral(t) == shown))
    around = states[trace.loop_start :]
    for assumption in fair_sets(machine.model):
        enabled = [bool(steps_of(machine, state, assumption)) for state in (around if stutters else around[:-1])]
        taken = [False] if stutters else [target in steps_of(machine, source, assumption) for source, target in zip(around, around[1:])]
        assert is_fair(assumption.strength, enabled, taken), assumption


def possible(machine: PythonMachine, state: Packed) -> Iterator[tuple[str, Packed | None]]:
    for step in machine.expand([state])[0]:
        yield machine.model.actions[step.label.action].name, step.target


def steps_of(machine: PythonMachine, state: Packed, assumption: FairSet) -> list[Packed | None]:
    """Return the targets of the changing steps that are steps of an assumption, None for one that errs."""
    steps = machine.expand([state])[0]
    return [step.target for step in steps if (step.label.action, step.label.parameters) in assumption.instances and step.target != state]


def test_a_loop_of_a_component_takes_what_it_owes_and_nothing_else() -> None:
    trace = lasso_of(result_of("inner_components.py", "Sleepless")["rests"])
    assert actions_of(trace) == ["enter", "climb", "descend", "leave"] and trace.loop_start == 0


def test_the_prefix_of_a_violated_eventually_avoids_its_goal_although_that_is_longer() -> None:
    trace = lasso_of(result_of("eventually_missed.py", "Detour")["paid"])
    assert [state["at"] for state in trace.states] == ["start", "back door", "yard", "street", "street"]


def test_where_ways_join_the_one_without_the_goal_is_found() -> None:
    trace = lasso_of(result_of("eventually_missed.py", "Join")["signed"])
    assert [state["at"] for state in trace.states] == ["desk", "shortcut", "filed", "filed"]


def test_equal_specs_have_equal_lassos() -> None:
    lassos = set()
    for result in report_of(HERE / "liveness" / "same_spec.py").results:
        for one in result.properties:
            if one.name == "goes" and result.model.name != "InARecord":
                trace = lasso_of(one)
                lassos.add((tuple(str(state["light"]) for state in trace.states), trace.loop_start))
    assert lassos == {(("red", "broken", "broken"), 1)}


# ---------------------------------------------------------------- bindings and reasons


def test_the_least_failing_binding_is_reported() -> None:
    chain = result_of("parameters.py", "Chain[Node=3]")
    assert [[(name, text(value)) for name, value in chain[prop].binding] for prop in ("hears", "tells", "both")] == [
        [("n", "Node2")],
        [("a", "Node0"), ("b", "Node2")],
        [("b", "Node2"), ("a", "Node0")],
    ]


@pytest.mark.parametrize(
    ("name", "steps"), [("divides", 3), ("divides_at_last", 2), ("by_action", 1), ("by_step", 2), ("while_stuttering", 3), ("with_parameter", 3)]
)
def test_a_closure_that_raises_is_violated_where_it_does_first(name: str, steps: int) -> None:
    one = result_of("raising.py", "Countdown")[name]
    assert one.reason == "ZeroDivisionError: integer division or modulo by zero"
    assert one.trace is not None and len(one.trace.steps) == steps and one.trace.loop_start is None


def test_a_closure_that_raises_does_so_for_the_binding_for_which_it_does() -> None:
    assert [(name, value) for name, value in result_of("raising.py", "Countdown")["with_parameter"].binding] == [("k", 1)]


# ---------------------------------------------------------------- bounds


def bounded(file: str, model: str, budget: Budget) -> Result:
    return check_model(model_of(file, model), budget=budget)


@pytest.mark.parametrize("budget", [Budget(depth=2), Budget(states=2), Budget(depth=1), Budget(states=1)], ids=str)
def test_what_a_bounded_search_did_not_refute_is_unknown(budget: Budget) -> None:
    result = bounded("inner_components.py", "Patrol", budget)
    assert result["rests"].verdict is Verdict.UNKNOWN and result["rests"].reason and "cut" in result["rests"].reason


@pytest.mark.parametrize("budget", [Budget(depth=2), Budget(states=2)], ids=str)
def test_a_bounded_search_without_a_lasso_is_inconclusive(budget: Budget) -> None:
    report = run((str(HERE / "liveness" / "inner_components.py"),), RunOptions(model="Patrol", budget=budget))
    assert report.exit_code == 4


def test_a_lasso_within_the_bound_is_a_violation() -> None:
    result = bounded("inner_components.py", "Afraid", Budget(depth=3))
    assert not result.complete
    trace = lasso_of(result["rests"])
    assert actions_of(trace) == ["enter", "leave"]


def test_closures_see_the_right_states_after_a_search_was_cut() -> None:
    """A search that is cut half way through a step goes on with fresh states; formulas were built on those before."""
    whole, cut = result_of("atoms.py", "House"), bounded("atoms.py", "House", Budget(depth=4))
    assert not cut.complete
    violated = ("never_in", "never_in_closure", "never_in_mixed", "only_door", "in_before_knock", "each_door")
    assert {name: cut[name].trace for name in violated} == {name: whole[name].trace for name in violated}
    unknown = ("in_means_knocked", "always_knocks_closure", "locked_for_ever", "same_occurs", "all_doors")
    assert {cut[name].verdict for name in unknown} == {Verdict.UNKNOWN}


def test_a_property_that_is_selected_alone_has_the_same_lasso() -> None:
    file = HERE / "liveness" / "atoms.py"
    for name in ("never_in_mixed", "only_door", "in_before_knock"):
        (result,) = run((str(file),), RunOptions(model="House", property=name)).results
        assert result[name].trace == result_of("atoms.py", "House")[name].trace is not None
