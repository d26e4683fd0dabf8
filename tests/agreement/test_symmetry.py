"""A reduced search finds the orbits of the full one, and the same verdicts with traces of the same length, on all published specs that allow reduction and on random ones."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from speccheck.checker.check import check_model
from speccheck.engines.machine import Budget
from speccheck.errors import Asymmetric, SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.orbits import orbits
from tests.agreement.random_specs import specs

PUBLISHED = Path(__file__).parent.parent / "specs" / "published"


def _models() -> list[Model]:
    models = [m for file in sorted(PUBLISHED.glob("*.py")) for m in models_of_file(str(file), {})[0]]
    return [m for m in models if m.symmetric and not m.symmetry and (m.expectation.distinct or 0) <= 4_000]


@pytest.mark.parametrize("model", [pytest.param(m, id=m.name) for m in _models()])
def test_published_specs_reduce_to_their_orbits(model: Model) -> None:
    _agree(model)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(text=specs())
def test_random_specs_reduce_to_their_orbits_or_are_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("symmetric") / "spec.py"
    file.write_text(text)
    try:
        (model,), _ = models_of_file(str(file), {})
        if check_model(model, budget=Budget(states=1_500)).complete:
            _agree(model)
    except SpeccheckError as error:
        assert all(isinstance(one, Asymmetric) or one.code.startswith("SC") for one in error.errors)


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
