"""Models in processes of their own."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from speccheck.checker import child as child_module
from speccheck.checker import jobs as jobs_module
from speccheck.checker.jobs import Bug, Jobs, can_fork
from speccheck.checker.outcomes import Outcome
from speccheck.checker.result import Result
from speccheck.engines.machine import Progress
from speccheck.errors import DefaultOutsideDomain, ProcessLost
from speccheck.model.model import Model
from speccheck.source import Span
from tests.unit.reports.made import climbing, model, result, violated

# The workers of pytest-xdist have threads, of which newer versions of Python warn; what the children do here needs none of their locks.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
MODELS = [model(f"M{number}", line=number + 1) for number in range(6)]
AT = Progress(3, 10, 5, 2, 0.5, 1000)


@pytest.fixture(autouse=True)
def no_child_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever happens in a test, no process that it forked survives it; other tests may have left theirs, such as the tracker of multiprocessing."""
    forked, fork = [], os.fork

    def noted() -> int:
        pid = fork()
        forked.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    yield
    for pid in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def outcomes(check: Callable[..., Result], models: list[Model] = MODELS, most: int = 2, tell: Callable[..., None] = lambda *_: None) -> dict[int, Outcome]:
    with Jobs(check, models, most, lambda one: None, tell) as jobs:
        return dict(jobs.ended())


def found(one: Model, **changes: Any) -> Result:
    return replace(result(violated(), name=one.name), model=one, **changes)


def test_every_model_has_its_outcome_under_its_number() -> None:
    assert outcomes(lambda one, _: found(one, distinct=one.line)) == {number: found(one, distinct=number + 1) for number, one in enumerate(MODELS)}


def test_small_models_share_a_process_and_a_large_one_is_the_last_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def processes() -> list[int]:
        told = outcomes(lambda one, _: found(one, distinct=os.getpid()), most=1)
        return [one.distinct for one in told.values() if isinstance(one, Result)]

    assert len(set(processes())) == 1 and os.getpid() not in processes()
    monkeypatch.setattr(jobs_module, "LIFE", -1.0)
    assert len(set(processes())) == len(MODELS)


def test_as_many_run_at_once_as_were_asked_for() -> None:
    def check(one: Model, _: object) -> Result:
        begun = time.monotonic()
        time.sleep(0.15)
        return found(one, seconds=begun, memory_bytes=int(time.monotonic() * 1e6))

    for most in (1, 3):
        spans = [(one.seconds, one.memory_bytes / 1e6) for one in outcomes(check, most=most).values() if isinstance(one, Result)]
        at_once = max(sum(begun <= moment < ended for begun, ended in spans) for moment, _ in spans)
        assert at_once == most


def test_progress_is_told_with_its_model() -> None:
    told: list[tuple[str, Progress]] = []

    def check(one: Model, progressed: Callable[[Progress], None]) -> Result:
        for tick in range(100):
            progressed(replace(AT, seconds=tick / 100))
        return found(one)

    outcomes(check, MODELS[:2], tell=lambda one, progress: told.append((one.name, progress)))
    assert {name for name, _ in told} == {"M0", "M1"} and told[0][1] == replace(AT, seconds=0.0)
    assert 18 <= len(told) <= 22, "ten times a second of the search"


def test_an_error_comes_back_as_one() -> None:
    error = DefaultOutsideDomain("7 is none", span=Span("x.py", 3))
    error.trace = climbing(2)

    def check(one: Model, _: object) -> Result:
        raise error

    (back,) = outcomes(check, MODELS[:1]).values()
    assert isinstance(back, DefaultOutsideDomain) and vars(back) == vars(error)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "its process was killed by SIGKILL"),
        (lambda: os.kill(os.getpid(), signal.SIGUSR1), "its process was killed by SIGUSR1"),
        (lambda: os._exit(0), "its process ended with code 0"),
        (lambda: os._exit(7), "its process ended with code 7"),
    ],
)
def test_a_process_that_is_lost_is_an_error_and_the_others_go_on(end: Callable[[], None], words: str) -> None:
    def check(one: Model, _: object) -> Result:
        if one.name == "M2":
            end()
        return found(one)

    told = outcomes(check)
    lost = told.pop(2)
    assert isinstance(lost, ProcessLost) and lost.message == f"M2 was not checked: {words}" and lost.span == Span("climb.py", 3)
    assert lost.exit_code == 4 and sorted(told) == [0, 1, 3, 4, 5] and all(isinstance(one, Result) for one in told.values())


def test_a_process_that_is_killed_between_two_models_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(one: Model, _: object) -> Result:
        if one.name == "M0":  # after its result is told, before the next one begins
            monkeypatch.setattr(child_module, "_line_from", lambda tasks: os.kill(os.getpid(), signal.SIGKILL))
        return found(one)

    told = outcomes(check, MODELS[:1])
    assert isinstance(told[0], Result)


def test_where_no_process_can_be_started_the_models_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_fork)
    before = os.listdir("/dev/fd")
    told = outcomes(lambda one, _: found(one), MODELS[:2])
    words = "its process could not be started: Resource temporarily unavailable"
    assert [str(one.args[0]) for one in told.values()] == [f"M0 was not checked: {words}", f"M1 was not checked: {words}"]
    assert os.listdir("/dev/fd") == before, "no pipe is left open"


def test_where_few_processes_can_be_started_they_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = os.fork, []

    def one_fork() -> int:
        if started:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(True)
        return real()

    monkeypatch.setattr(os, "fork", one_fork)
    assert all(isinstance(one, Result) for one in outcomes(lambda one, _: found(one), most=4).values())


def test_a_process_without_memory_is_an_error() -> None:
    def check(one: Model, _: object) -> Result:
        raise MemoryError

    told = outcomes(check, MODELS[:3])
    assert {number: one.args[0] for number, one in told.items() if isinstance(one, ProcessLost)} == {
        number: f"M{number} was not checked: its process ran out of memory" for number in range(3)
    }


def test_a_bug_of_ours_is_told_with_its_traceback_and_ends_everything() -> None:
    def check(one: Model, _: object) -> Result:
        if one.name == "M1":
            raise AssertionError("a wrong assumption")
        time.sleep(30)
        return found(one)

    started = time.monotonic()
    with pytest.raises(Bug, match=r"while M1 was checked in a process of its own:\n(.*\n)*AssertionError: a wrong assumption"):
        outcomes(check)
    assert time.monotonic() - started < 25


def test_a_result_that_cannot_be_told_is_a_bug_of_ours() -> None:
    with pytest.raises(Bug, match="has no shape in JSON"):
        outcomes(lambda one, _: found(one, notes=(object(),)))


def test_a_large_result_comes_through() -> None:
    told = outcomes(lambda one, _: found(one, notes=("x" * 3_000_000,)), MODELS[:3])
    assert [len(one.notes[0]) for one in told.values() if isinstance(one, Result)] == [3_000_000] * 3


def test_what_a_rule_prints_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    def check(one: Model, _: object) -> Result:
        os.write(1, f"{one.name}\n".encode())
        return found(one)

    outcomes(check)
    assert sorted(capfd.readouterr().out.split()) == [one.name for one in MODELS]


# -------------------------------------------------- Ctrl-C


@pytest.fixture
def interrupted_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that has Ctrl-C come so many seconds later, once or again and again."""

    def interrupt(*_: object) -> None:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)  # nobody listens yet, or any more: one that came now would end the tests
        else:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda seconds, again=0.0: signal.setitimer(signal.ITIMER_REAL, seconds, again)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def interruptible(one: Model, _: object) -> Result:
    """A search that says what it has found when it is interrupted."""
    if one.name == "M0":
        return found(one)
    try:
        time.sleep(30)
    except KeyboardInterrupt:
        return found(one, interrupted=True)
    raise AssertionError


def stubborn(one: Model, _: object) -> Result:
    """A search that cannot be interrupted."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(30)
    raise AssertionError


def test_an_interrupt_ends_all_and_brings_what_they_have_found(interrupted_after: Callable[..., None]) -> None:
    started = time.monotonic()
    interrupted_after(1.5)
    with Jobs(interruptible, MODELS, 2, lambda one: None, lambda *_: None) as jobs:
        told = dict(jobs.ended())
    assert time.monotonic() - started < 20 and jobs.interrupted
    assert {number: one.interrupted for number, one in told.items() if isinstance(one, Result)} == {0: False, 1: True, 2: True}


def test_a_process_that_does_not_listen_is_killed_within_a_second(interrupted_after: Callable[..., None]) -> None:
    started = time.monotonic()
    interrupted_after(1.5)
    with Jobs(stubborn, MODELS, 2, lambda one: None, lambda *_: None) as jobs:
        assert dict(jobs.ended()) == {}
    assert time.monotonic() - started < 20 and jobs.interrupted


def test_a_second_interrupt_waits_for_nobody(interrupted_after: Callable[..., None]) -> None:
    started = time.monotonic()
    interrupted_after(1.5, 0.05)
    with Jobs(stubborn, MODELS, 2, lambda one: None, lambda *_: None) as jobs:
        assert dict(jobs.ended()) == {}
    assert time.monotonic() - started < 20


def test_one_that_has_found_nothing_yet_is_not_lost(interrupted_after: Callable[..., None]) -> None:
    def check(one: Model, _: object) -> Result:
        time.sleep(30)
        raise AssertionError

    interrupted_after(0.3)
    assert outcomes(check) == {}


def test_interrupts_are_as_before_afterwards() -> None:
    outcomes(lambda one, _: found(one))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_that_ignores_interrupts_goes_on_doing_so(interrupted_after: Callable[..., None]) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupted_after(0.1)
        assert len(outcomes(lambda one, _: (time.sleep(0.1), found(one))[1])) == len(MODELS)
    finally:
        signal.signal(signal.SIGINT, before)


def test_leaving_early_ends_all() -> None:
    with Jobs(stubborn, MODELS, 2, lambda one: None, lambda *_: None) as jobs:
        jobs._fork()
        pids = list(jobs._running)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_it_works_in_another_thread_than_the_first() -> None:
    told: list[dict[int, Outcome]] = []
    thread = threading.Thread(target=lambda: told.append(outcomes(lambda one, _: found(one))))
    thread.start()
    thread.join(20)
    assert [len(one) for one in told] == [len(MODELS)]


def test_there_is_no_forking_beside_another_thread() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert not can_fork()
    finally:
        ended.set()
        thread.join()
    if "PYTEST_XDIST_WORKER" not in os.environ:  # those have a thread of their own
        deadline = time.monotonic() + 5
        while not can_fork():  # the system may take a moment longer than Python to be rid of it
            assert time.monotonic() < deadline
