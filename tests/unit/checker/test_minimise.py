"""Shortening: what was found stays found, on a way of real steps that is never longer; each of its parts does its share."""

from typing import Annotated, Any

import pytest

from speccheck import Range, Spec, action, anything, constraint, invariant, require, simulate
from speccheck.checker import minimise
from speccheck.checker.random_runs import Draws, Found, RandomRuns
from speccheck.checker.result import Result
from speccheck.checker.sightings import Eye
from speccheck.domains.evaluation import entered
from speccheck.engines.machine import Budget
from speccheck.engines.python.machine import PythonMachine
from speccheck.model.select import model_of_class


class Combination(Spec, deadlock=False):
    """Three wheels of a lock, and many that mean nothing."""

    a: Annotated[int, Range(0, 2)] = 0
    b: Annotated[int, Range(0, 2)] = 0
    c: Annotated[int, Range(0, 2)] = 0
    noise: tuple[bool, bool, bool, bool, bool, bool, bool, bool] = (False,) * 8

    @action
    def turn_a(self) -> None:
        require(self.a < 2)
        self.a += 1

    @action
    def turn_b(self) -> None:
        require(self.a == 2 and self.b < 2)
        self.b += 1

    @action
    def turn_c(self) -> None:
        require(self.b == 2 and self.c < 2)
        self.c += 1

    @action
    def toggle(self, n: Annotated[int, Range(0, 7)]) -> None:
        self.noise = tuple(not on if number == n else on for number, on in enumerate(self.noise))  # type: ignore[assignment]

    @invariant
    def locked(self) -> bool:
        return self.c < 2


NEVER = ("cut_loops", "leave_out", "take_short_cuts")


def found_by(spec: type[Spec], seed: int = 0) -> tuple[PythonMachine, RandomRuns]:
    """Return a machine and the runs that it made."""
    machine = PythonMachine(model_of_class(spec))
    runs = RandomRuns(machine, Draws(runs=20, depth=300, seed=seed, uniform="steps"), Budget())
    with entered(machine.stepper.evaluation):
        runs.run()
    return machine, runs


def shortened(spec: type[Spec], without: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[Found, Found]:
    """Return what was found before and after shortening without some of its parts."""
    for name in without:
        monkeypatch.setattr(minimise._Shortening, name, lambda self: None)
    machine, runs = found_by(spec)
    (found,) = runs.found.values()
    with entered(machine.stepper.evaluation):
        return found, minimise.minimised(machine, found, runs.starts)


@pytest.mark.parametrize("part", ["leave_out", "take_short_cuts"])
def test_either_part_alone_finds_the_shortest_way_here(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = shortened(Combination, tuple(name for name in NEVER if name != part), monkeypatch)
    assert len(before.way.labels) > 30
    # A short cut looks at a thousand states, which is not enough here; leaving out needs no more than the steps of the way.
    assert len(after.way.labels) == 6 if part == "leave_out" else 6 <= len(after.way.labels) < len(before.way.labels)


def test_loops_are_cut_without_expanding_a_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimise, "MOST_EXPANDED", 0)

    class Pendulum(Spec, deadlock=False):
        at: Annotated[int, Range(-3, 3)] = 0

        @action
        def left(self) -> None:
            require(self.at > -3)
            self.at -= 1

        @action
        def right(self) -> None:
            require(self.at < 3)
            self.at += 1

        @invariant
        def inside(self) -> bool:
            return self.at < 3

    before, after = shortened(Pendulum, (), monkeypatch)
    assert len(before.way.labels) > 3 == len(after.way.labels)


def test_a_short_cut_is_taken_where_nothing_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Detour(Spec, deadlock=False):
        at: Annotated[int, Range(0, 9)] = 0

        @action
        def walk(self) -> None:
            require(self.at < 9)
            self.at += 1

        @action
        def fly(self) -> None:
            require(self.at == 1)
            self.at = 8

        @invariant
        def away(self) -> bool:
            return self.at < 9

    machine, runs = found_by(Detour)
    (found,) = runs.found.values()
    with entered(machine.stepper.evaluation):
        walked = [label for label in found.way.labels if machine.model.actions[label.action].name == "walk"]
        assert len(minimise.minimised(machine, found, runs.starts).way.labels) == 3 and len(walked) >= 2


def test_another_initial_state_may_be_nearer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slide(Spec, deadlock=False):
        at: Annotated[int, Range(0, 9)] = anything()

        @action
        def down(self) -> None:
            require(self.at > 0)
            self.at -= 1

        @constraint
        def below_the_top(self) -> bool:
            return self.at < 9

        @invariant
        def above_the_ground(self) -> bool:
            return self.at > 0

    _, after = shortened(Slide, (), monkeypatch)
    assert after.way.labels == () and len(after.way.states) == 1


def test_a_limit_ends_shortening_with_what_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimise, "MOST_EXPANDED", 3)
    before, after = shortened(Combination, (), monkeypatch)
    assert 6 < len(after.way.labels) <= len(before.way.labels)


def test_a_deadline_ends_shortening() -> None:
    machine, runs = found_by(Combination)
    (found,) = runs.found.values()
    with entered(machine.stepper.evaluation):
        assert len(minimise.minimised(machine, found, runs.starts, deadline=0.0).way.labels) > 6


def test_what_a_shortened_way_shows_is_what_was_found() -> None:
    machine, runs = found_by(Combination, seed=4)
    (found,) = runs.found.values()
    with entered(machine.stepper.evaluation):
        after = minimise.minimised(machine, found, runs.starts)
        seen = [one.key for one in Eye(machine).in_state(after.way.states[-1])]
    assert seen == [found.sighting.key] == [after.sighting.key]


def test_a_misuse_behind_the_way_of_the_runs_ends_shortening_and_nothing_else() -> None:
    class Trap(Spec, deadlock=False):
        at: Annotated[int, Range(0, 4)] = 0
        trapped: bool = False

        @action
        def walk(self) -> None:
            require(self.at < 4)
            self.at += 1

        @action
        def aside(self) -> None:
            require(self.at == 1)
            self.trapped = True

        @invariant
        def never_trapped(self) -> bool:
            return [True, "no bool"][int(self.trapped and self.at == 1)]  # type: ignore[return-value]

        @invariant
        def away(self) -> bool:
            return self.at < 4

    seed = next(seed for seed in range(100) if _survives(Trap, seed))
    result: Result = simulate(Trap, seed=seed, runs=1)
    assert result["away"].trace is not None and len(result["away"].trace.steps) == 4


def _survives(spec: Any, seed: int) -> bool:
    from speccheck import SpeccheckError

    try:
        return len(simulate(spec, seed=seed, runs=1).verdicts) > 0
    except SpeccheckError:
        return False
