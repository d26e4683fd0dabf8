"""A reduced search finds the orbits of the full one, and the same verdicts with traces of the same length, on all specs that allow reduction and on random ones."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speccheck.checker.check import check_model
from speccheck.checker.result import Result
from speccheck.checker.symmetry import generators
from speccheck.domains import mentions
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.errors import Asymmetric, NotCompilable, SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.orbits import orbits
from tests.agreement.random_specs import specs

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/specs/published", "tests/specs/published/processes", "tests/specs/classics", "specs/*")
LARGE = 2_000  # states


def _models() -> list[Model]:
    """Models without reduction, so small that all of their states can be looked at again and again."""
    files = [file for folder in FOLDERS for file in sorted(ROOT.glob(f"{folder}/*.py"))]
    models = [m for file in files for m in models_of_file(str(file), {})[0]]
    return [m for m in models if m.symmetric and not m.symmetry and (m.expectation.distinct or 0) <= LARGE and "slow" not in m.tags]


def _steps_only(model: Model) -> Model:
    """The model without what needs a second, full search."""
    created = (f"{action.name}.{kind}" for action in model.actions for kind in ("assert", "error"))
    names = [p.name for p in model.properties if p.kind not in ("temporal", "refinement")]
    return replace(model, selected=(*names, "domain", *created))


MODELS = [pytest.param(m, id=m.name) for m in _models()]


@pytest.mark.parametrize("model", MODELS)
def test_specs_reduce_to_their_orbits(model: Model) -> None:
    _agree(model)


@pytest.mark.parametrize("model", MODELS)
def test_both_engines_tell_the_same_of_a_reduced_search(model: Model) -> None:
    """Counts, verdicts, traces, bindings, explanations."""
    try:
        _engines_agree(replace(_steps_only(model), symmetry=True))
    except NotCompilable as refusal:
        pytest.skip(refusal.message)


@pytest.mark.parametrize("model", MODELS)
def test_steps_commute_with_permutations(model: Model) -> None:
    """next(π s) = π next(s)."""
    machine = machine_of(model)
    packing, chance = machine.stepper.packing, Random(0)
    states = machine.explore(Budget(states=300)).space.states
    renamings = [renaming for sort in model.symmetric if len(sort) > 1 for renaming in generators(sort)]
    for state in chance.sample(states, min(10, len(states))):
        for renaming in renamings:
            here, there = (machine.expand([one])[0] for one in (state, _renamed(packing, state, renaming)))
            assert Counter(told_of(packing, step, renaming) for step in here) == Counter(told_of(packing, step, {}) for step in there)


def _renamed(packing: Any, state: Any, renaming: Any) -> Any:
    return packing.pack(tuple(d.rename(v, renaming) for d, v in zip(packing.domains, packing.unpack(state))))


def told_of(packing: Any, step: Any, renaming: Any) -> Any:
    """What a step is, with members renamed: its action, and where it leads or what it violates."""
    return step.label.action, step.target and _renamed(packing, step.target, renaming), step.failure and step.failure.property


def _engines_agree(model: Model) -> None:
    assert told(check_model(model, engine="native")) == told(check_model(model, engine="python"))


def told(result: Result) -> Any:
    """All that a result tells but for how it was found."""
    counts = (result.distinct, result.generated, result.depth, result.dropped, result.complete)
    return counts, result.properties


@pytest.mark.parametrize("few", [mentions.FEW, 1], ids=["in full", "by colours"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=specs(), size=st.sampled_from([2, 2, 3]), compiled=st.sampled_from([False, False, True]))
def test_random_specs_reduce_to_their_orbits_or_are_refused(few: int, text: str, size: int, compiled: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("symmetric") / "spec.py"
    file.write_text(text.replace("size=2", f"size={size}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mentions, "FEW", few)
        try:
            (model,), _ = models_of_file(str(file), {})
            if check_model(model, budget=Budget(states=1_500)).complete:
                _agree(model)
                if compiled:
                    _engines_agree(replace(model, symmetry=True))
        except SpeccheckError as error:
            assert all(isinstance(one, Asymmetric | NotCompilable) or one.code.startswith("SC") for one in error.errors)


def _agree(model: Model) -> None:
    full = check_model(model)
    reduced = check_model(replace(model, symmetry=True))
    assert reduced.distinct == orbits(model)
    assert reduced.depth == full.depth
    assert reduced.verdicts == full.verdicts
    for one, other in zip(full.properties, reduced.properties, strict=True):
        if one.trace is not None and one.kind != "temporal":
            assert other.trace is not None
            assert len(one.trace.steps) == len(other.trace.steps), one.name
