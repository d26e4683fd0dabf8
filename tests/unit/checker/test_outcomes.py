"""What comes of each model, in the order of the source."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.checker import outcomes as outcomes_module
from speccheck.checker.outcomes import Outcome, Work, cores, cores_of_quota, outcomes
from speccheck.checker.result import Result, Verdict
from speccheck.engines.machine import OUT_OF_BUDGET, Progress
from speccheck.errors import DefaultOutsideDomain, ProcessLost
from speccheck.model.model import Model
from tests.unit.reports.made import model, prop, result

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
MODELS = [model(f"M{number}") for number in range(5)]


@pytest.fixture(autouse=True)
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.checker.jobs.can_fork", lambda: True)


def work(check: Callable[[Model, int, Callable[[Progress], None]], Result], jobs: int | None, events: list[str] | None = None) -> Work:
    noted = [] if events is None else events
    return Work(check, jobs, None, lambda one: noted.append(f"started {one.name}"), lambda *_: None, lambda one: noted.append(f"ended {one.name}"))


def found(one: Model, **changes: object) -> Result:
    return replace(result(prop(), name=one.name), model=one, **changes)  # type: ignore[arg-type]


def names(told: list[Outcome]) -> list[str]:
    return [one.model.name if isinstance(one, Result) else type(one).__name__ for one in told]


def test_the_order_is_that_of_the_source_whoever_is_first() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        time.sleep(1.5 if one.name in ("M0", "M2") else 0.0)
        return found(one)

    events: list[str] = []
    assert names(list(outcomes(MODELS, work(check, 2, events)))) == [one.name for one in MODELS]
    ended = [event for event in events if event.startswith("ended")]
    assert sorted(ended) == [f"ended {one.name}" for one in MODELS] and ended[0] == "ended M1"
    assert names(list(outcomes(MODELS, work(check, 1)))) == [one.name for one in MODELS]


def test_an_outcome_is_there_as_soon_as_those_before_it_are() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        time.sleep(30.0 if one.name == "M4" else 0.0)
        return found(one)

    started = time.monotonic()
    told = outcomes(MODELS, work(check, 2))
    assert names([next(told) for _ in range(4)]) == ["M0", "M1", "M2", "M3"] and time.monotonic() - started < 20
    told.close()  # type: ignore[attr-defined] # a generator


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_takes_the_place_of_its_result(jobs: int) -> None:
    def check(one: Model, among: int, _: object) -> Result:
        if one.name == "M1":
            raise DefaultOutsideDomain("7 is none")
        return found(one)

    assert names(list(outcomes(MODELS, work(check, jobs)))) == ["M0", "DefaultOutsideDomain", "M2", "M3", "M4"]


def test_one_job_is_this_process_and_so_is_one_model() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        return found(one, distinct=os.getpid(), generated=among)

    def processes(models: list[Model], jobs: int | None) -> set[tuple[int, int]]:
        return {(one.distinct, one.generated) for one in outcomes(models, work(check, jobs)) if isinstance(one, Result)}

    here = (os.getpid(), 1)
    assert processes(MODELS, 1) == {here} and processes(MODELS[:1], 8) == {here}
    assert here not in processes(MODELS, 2) and {among for _, among in processes(MODELS, 3)} == {3}
    assert {among for _, among in processes(MODELS, 50)} == {5}, "there are no more jobs than models"
    assert {among for _, among in processes(MODELS, None)} == {min(cores(), 5)}


def test_where_forking_is_not_safe_everything_is_checked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speccheck.checker.jobs.can_fork", lambda: False)
    told = list(outcomes(MODELS, work(lambda one, among, _: found(one, distinct=os.getpid(), generated=among), 4)))
    assert {(one.distinct, one.generated) for one in told if isinstance(one, Result)} == {(os.getpid(), 1)}


@pytest.mark.parametrize(
    ("text", "number"), [("max 100000\n", None), ("200000 100000\n", 2), ("150000 100000", 2), ("1000 100000", 1), ("", None), ("7 0", None)]
)
def test_a_container_with_a_quota_has_fewer_cores(text: str, number: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    monkeypatch.setattr(outcomes_module, "QUOTA", str(tmp_path / "cpu.max"))
    assert cores() == 64
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    assert (cores_of_quota(text), cores()) == (number, number or 64)


# -------------------------------------------------- memory


def test_one_that_used_up_its_share_is_checked_again_alone_with_all_of_it() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        if one.name == "M1" and among > 1:
            return found(one, stopped=OUT_OF_BUDGET, complete=False)
        return found(one, generated=among)

    told = list(outcomes(MODELS, work(check, 2)))
    assert names(told) == ["M0", "M1", "M2", "M3", "M4"]
    assert [(one.generated, one.stopped) for one in told if isinstance(one, Result)] == [(2, None), (1, None), (2, None), (2, None), (2, None)]


def test_one_for_which_all_of_it_is_too_little_is_unknown() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        return found(one, stopped=OUT_OF_BUDGET, generated=among, properties=(prop(verdict=Verdict.UNKNOWN),))

    told = [one for one in outcomes(MODELS, work(check, 2)) if isinstance(one, Result)]
    assert [(one.generated, one.stopped) for one in told] == [(1, OUT_OF_BUDGET)] * 5


def test_a_process_that_is_lost_alone_is_lost() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        if among == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return found(one, stopped=OUT_OF_BUDGET)

    assert all(isinstance(one, ProcessLost) for one in outcomes(MODELS[:2], work(check, 2)))


# -------------------------------------------------- interrupts


def test_an_interrupted_result_is_the_last_one_of_this_process() -> None:
    told = list(outcomes(MODELS, work(lambda one, among, _: found(one, interrupted=one.name == "M2"), 1)))
    assert names(told) == ["M0", "M1", "M2"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_that_no_result_tells_of_is_raised_after_what_was_found(jobs: int) -> None:
    def check(one: Model, among: int, _: object) -> Result:
        if one.name in ("M0", "M1"):
            return found(one)
        if jobs == 1:
            raise KeyboardInterrupt
        time.sleep(30)
        raise AssertionError

    before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 2.5 if jobs == 2 else 0)
    told: list[Outcome] = []
    try:
        with pytest.raises(KeyboardInterrupt):
            told.extend(outcomes(MODELS, work(check, jobs)))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert names(told) == ["M0", "M1"]


def test_what_was_found_behind_an_interrupted_one_is_told() -> None:
    def check(one: Model, among: int, _: object) -> Result:
        if one.name == "M0":
            time.sleep(30)
        return found(one)

    before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 2.5)
    told: list[Outcome] = []
    try:
        with pytest.raises(KeyboardInterrupt):
            told.extend(outcomes(MODELS, work(check, 2)))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert names(told) == ["M1", "M2", "M3", "M4"]
