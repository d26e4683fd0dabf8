"""The Python engine agrees with a search that copies whole states, on all published specs and on random ones."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from speccheck.checker.replay import Replay
from speccheck.domains.evaluation import entered
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.copying_reference import Reference
from tests.agreement.random_specs import specs

PUBLISHED = Path(__file__).parent.parent / "specs" / "published"
SMALL = 2_000  # states; the reference is slow
BUDGET = Budget(states=3_000)


def _small_models() -> list[Model]:
    models = [m for file in sorted(PUBLISHED.glob("*.py")) for m in models_of_file(str(file), {})[0]]
    return [m for m in models if (m.expectation.distinct or 0) <= SMALL and not m.symmetry]


@pytest.mark.parametrize("model", [pytest.param(m, id=m.name) for m in _small_models()])
def test_both_searches_find_the_same_states_of_published_specs(model: Model) -> None:
    _agree(model)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=specs())
def test_both_searches_find_the_same_states_of_random_specs(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("random") / "spec.py"
    file.write_text(text)
    try:
        (model,), _ = models_of_file(str(file), {})
    except SpeccheckError as error:  # a combination that the checks refuse is none of this test's business, but must be a real refusal
        assert error.errors[0].code.startswith("SC")
        return
    _agree(model)


def _agree(model: Model) -> None:
    machine = machine_of(model)
    found = machine.explore(BUDGET)
    if found.stopped is not None:
        return
    reference = Reference(model)
    expected = reference.explore()
    packing = machine.stepper.packing
    assert (len(found.space), found.generated, found.space.depth, found.dropped) == tuple(expected[k] for k in ("distinct", "generated", "depth", "dropped"))
    assert {packing.unpack(state) for state in found.space.states} == expected["states"]
    invariants = {p.name for p in model.properties if p.kind == "invariant"}
    assert {n: v.level for n, v in found.violations.items() if n in invariants} == expected["violated"]
    assert bool(reference.erring) == bool({n for n in found.violations if n == "domain" or n.endswith((".assert", ".error"))})
    _traces_replay(model, machine, found)


def _traces_replay(model: Model, machine, found) -> None:
    """Every trace starts in an initial state, each of its steps leads from one state to the next, and it has the length of its level."""
    replay = Replay(machine, found.space)
    initial = {step.target for step in machine.initial()}
    for name, violation in found.violations.items():
        if violation.state is None:
            continue
        story = replay.story(violation)
        assert story.states[0] in initial, name
        assert len(story.trace.steps) == len(story.states) - 1 == violation.level - 1 + (violation.step is not None and violation.step.target is not None)
        with entered(machine.stepper.evaluation):
            for source, target, step in zip(story.states, story.states[1:], story.trace.steps):
                assert any(s.target == target and model.actions[s.action].name == step.action for s in machine.stepper.steps(source))
        assert story.trace.states[-1] == packed_neutral(machine, story.states[-1])


def packed_neutral(machine, packed):
    return machine.stepper.packing.neutral(packed)
