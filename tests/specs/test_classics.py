"""Classic specs of tlaplus/Examples, written in the language of speccheck, have the numbers of states and the depths that are published for TLC."""

from pathlib import Path

import pytest

from speccheck.checker.run import RunOptions, run
from speccheck.model.model import Model
from speccheck.model.select import models_of_file

CLASSICS = Path(__file__).parent / "classics"
MODELS = [(path.name, model) for path in sorted(CLASSICS.glob("*.py")) for model in models_of_file(str(path), {})[0]]


def _parameter(file: str, model: Model) -> object:
    marks = [pytest.mark.slow] if "slow" in model.tags else []
    return pytest.param(file, model.spec.__name__, model.name, id=f"{file}:{model.name}", marks=marks)


@pytest.mark.parametrize(("file", "spec", "name"), [_parameter(file, model) for file, model in MODELS])
def test_a_classic_has_the_published_number_of_states_and_depth(file: str, spec: str, name: str) -> None:
    report = run((str(CLASSICS / file),), RunOptions(spec=spec, model=name))
    assert [str(error) for error in report.errors] == []
    assert [mismatch for result in report.results for mismatch in result.mismatches] == []
    assert [finding.message for result in report.results for finding in result.findings] == []
    assert name in {result.model.name for result in report.results}
    assert report.exit_code == 0


def test_every_classic_states_its_counts() -> None:
    assert len({file for file, _ in MODELS}) >= 20
    stated = {(file, model.name): (model.expectation.distinct, model.expectation.depth) for file, model in MODELS if not model.symmetry}
    assert {model: counts for model, counts in stated.items() if None in counts} == {}


def test_large_classics_are_slow_and_others_are_not() -> None:
    slow = {(file, model.name) for file, model in MODELS if "slow" in model.tags}
    assert slow == {(file, model.name) for file, model in MODELS if (model.expectation.distinct or 0) > 30_000}
