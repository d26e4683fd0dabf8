"""Random runs agree with the search: what they come across is there, on the bundled specs and on random ones, and every trace is one of real steps."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from speccheck import Verdict
from speccheck.checker.check import check_model
from speccheck.checker.random_runs import Draws
from speccheck.checker.result import PropertyResult, Result
from speccheck.checker.simulate import simulate_model
from speccheck.engines.python.machine import PythonMachine
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.random_specs import specs

SPECS = Path(__file__).parents[2] / "specs"
LARGE = 10_000  # states
SOME = (
    "classics/die_hard.py",
    "classics/two_phase.py",
    "classics/peterson.py",
    "migration/dual_write.py",
    "rollout/controller_crash.py",
    "classics/token_ring.py",
)


def models(file: Path) -> list[Model]:
    return [model for model in models_of_file(str(file), {})[0] if "slow" not in model.tags and (model.expectation.distinct or 0) <= LARGE]


@pytest.mark.parametrize("file", SOME)
def test_what_runs_of_bundled_specs_come_across_is_what_the_search_finds(file: str) -> None:
    found = 0
    for model in models(SPECS / file):
        simulated = simulate_model(model, Draws(runs=100, depth=60, seed=1))
        found += _agree(simulated, check_model(model))
    assert found >= 1


def test_what_runs_of_random_specs_come_across_is_what_the_search_finds(tmp_path_factory: pytest.TempPathFactory) -> None:
    decided: list[int] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(text=specs())
    def agree(text: str) -> None:
        file = tmp_path_factory.mktemp("random") / "spec.py"
        file.write_text(text)
        try:
            (model,) = models(file)
            searched = check_model(model)
        except SpeccheckError:  # refused, or misused: the tests of the search are about that
            return
        decided.append(_agree(simulate_model(model, Draws(runs=30, depth=20, seed=1)), searched))

    agree()
    assert sum(map(bool, decided)) >= 20


def _agree(simulated: Result, searched: Result) -> int:
    """Check that whatever is decided is decided alike, with a trace that is at least as long as the shortest; return how much is."""
    decided = [one for one in simulated.properties if one.verdict is not Verdict.UNKNOWN]
    for one in decided:
        other = searched[one.name]
        assert other.verdict is one.verdict, one.name
        assert one.trace is not None and other.trace is not None
        if one.kind != "temporal" and not (one.kind == "refinement" and other.trace.loop_start is not None):
            assert len(one.trace.steps) >= len(other.trace.steps) or simulated.model.symmetric
        assert one.found_steps is not None and one.found_steps >= len(one.trace.steps)
        if not one.trace.failed_step:
            _is_behavior(simulated.model, one)
    return len(decided)


def _is_behavior(model: Model, one: PropertyResult) -> None:
    """Take each step of the trace once more."""
    assert one.trace is not None
    machine = PythonMachine(replace(model, symmetry=False))
    neutral = machine.stepper.packing.neutral
    state = next(step.target for step in machine.initial() if step.target is not None and neutral(step.target) == one.trace.states[0])
    for taken, after in zip(one.trace.steps, one.trace.states[1:]):
        (following,) = machine.expand([state])
        alike = [step.target for step in following if step.target is not None and neutral(step.target) == after]
        names = {model.actions[step.label.action].name for step in following if step.target in alike}
        assert taken.action in names
        state = alike[0]
