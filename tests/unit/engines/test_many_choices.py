"""A state with millions of steps: limits are kept while they are taken, and one of them can be found without the rest."""

import time
from pathlib import Path

import pytest

from speccheck import check
from speccheck.checker.target import model_of_target
from speccheck.engines.machine import Budget, Find
from speccheck.engines.python.machine import PythonMachine

MANY = '''
from speccheck import Spec, action, choose, invariant


class Many(Spec, deadlock=False):
    """A hundred million steps lead out of the initial state; the third one of them fails."""

    last: int = 0

    @action
    def choosing(self) -> None:
        total = 0
        for _ in range(8):
            total += choose(range(10))
        assert total != 2
        self.last = 0

    @invariant
    def begins(self) -> bool:
        return self.last == 0
'''


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.py"
    path.write_text(MANY, encoding="utf-8")
    return path


def test_a_time_limit_is_kept_within_a_state(many: Path) -> None:
    began = time.monotonic()
    result = check(many, engine="python", budget=Budget(seconds=0.5))
    assert time.monotonic() - began < 30  # all steps take many minutes
    assert (result.stopped, result.distinct, result.complete) == ("--timeout 0.5", 1, False)
    assert result.verdicts["begins"].value == "UNKNOWN"


def test_progress_is_told_within_a_state(many: Path) -> None:
    class Enough(Exception):
        pass

    seen: list[object] = []

    def enough(moment: object) -> None:
        seen.append(moment)
        if len(seen) == 3:
            raise Enough

    with pytest.raises(Enough):
        PythonMachine(model_of_target(many, None, None, {})).explore(Budget(), enough)


def test_a_step_that_fails_is_found_without_the_others(many: Path) -> None:
    machine = PythonMachine(model_of_target(many, None, None, {}))
    state = next(iter(machine.stepper.initial())).target
    assert state is not None
    seen = machine.seen(Find("failure", "choosing.assert"), state)
    assert seen.step is not None and seen.step.label.choices == (0, 0, 0, 0, 0, 0, 0, 2)
    assert machine.seen(Find("failure", "choosing.assert"), state) == seen
