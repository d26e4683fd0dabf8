"""The steps that a search records are those that the rules make: every changing step to a kept state, with all its actions, and what is possible besides."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from speccheck.domains.evaluation import entered
from speccheck.engines.machine import Budget
from speccheck.engines.python.search import Search
from speccheck.engines.python.step_graph import StepGraph
from speccheck.engines.python.stepping import Stepper
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.random_specs import specs

SPECS = Path(__file__).parents[1] / "specs"
SMALL = 1_000  # states


def small_models() -> list[Model]:
    files = [*sorted((SPECS / "published").glob("*.py")), *sorted((SPECS / "liveness").glob("*.py"))]
    models = [model for file in files for model in models_of_file(str(file), {})[0]]
    return [model for model in models if (model.expectation.distinct or 0) <= SMALL and not model.symmetry and not model.processes]


@pytest.mark.parametrize("model", [pytest.param(model, id=f"{Path(model.file).stem}-{model.name}") for model in small_models()])
def test_the_steps_of_a_spec_are_recorded(model: Model) -> None:
    for budget in (Budget(states=SMALL), Budget(depth=3), Budget(states=5)):
        compare(model, budget)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=specs())
def test_the_steps_of_random_specs_are_recorded(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("random") / "spec.py"
    file.write_text(text)
    try:
        (model,), _ = models_of_file(str(file), {})
    except SpeccheckError:
        return
    compare(model, Budget(states=300))


def compare(model: Model, budget: Budget) -> None:
    """Every action instance is a signal of its own, so that nothing is lost in the comparison."""
    stepper = Stepper(model)
    instances = [(n, binding) for n, rule in enumerate(model.actions) for binding in rule.bindings()]
    bit = {instance: 1 << k for k, instance in enumerate(instances)}
    graph = StepGraph(bit)
    space = Search(stepper, budget, graph=graph).run().space
    numbers = {state: number for number, state in enumerate(space.states)}
    assert graph.expanded == space.expanded
    with entered(stepper.evaluation):
        for number in range(graph.expanded):
            state = space.states[number]
            enabled, steps = 0, {}
            for step in stepper.steps(state):
                if step.target != state:
                    enabled |= bit[step.action, step.binding]
                    if step.target in numbers:
                        steps[numbers[step.target]] = steps.get(numbers[step.target], 0) | bit[step.action, step.binding]
            assert sorted(graph.steps(number)) == sorted(steps.items())
            assert graph.enabled[number] == enabled
