"""`auto`: who begins, when the native engine takes over, and what is said where it cannot."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from speccheck import Result, check
from speccheck.checker import auto
from speccheck.engines.machine import Budget
from speccheck.engines.native.toolchain import search_toolchain
from speccheck.errors import NoCompiler

TWO_PHASE = Path(__file__).parents[2] / "specs/published/two_phase.py"
needs_compiler = pytest.mark.skipif(search_toolchain().toolchain is None, reason="there is no C compiler here")

UNCOMPILED = """\
from speccheck import Sort, Spec, action, each, invariant


class P(Sort, size=9):
    pass


class S(Spec, deadlock=False):
    x: dict[P, bool] = each(False)

    @action
    def flip(self, p: P) -> None:
        self.x[p] = not self.x[p]

    @invariant
    def shown(self) -> bool:
        return f"{self.x[min(P, key=repr)]}" in ("True", "False")
"""


@pytest.fixture(scope="module", autouse=True)
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling begins with the search."""
    monkeypatch.setattr(auto, "PATIENCE", 0.0)


def _two_phase(managers: int, **options: Any) -> Result:
    return check(TWO_PHASE, spec="TwoPhase", RM=managers, **options)


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "speccheck compiler"]


def test_a_small_model_never_meets_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "PATIENCE", 60.0)  # on a machine that has other things to do, even a small model takes its time
    monkeypatch.setattr(auto, "machine_of", lambda *_: pytest.fail("compiled"))
    result = _two_phase(3)
    assert (result.engine, result.distinct) == ("python", 288)
    assert _threads() == []


@needs_compiler
def test_a_large_model_is_handed_over(at_once: None) -> None:
    there = _two_phase(6, engine="native", workers=1)
    result = _two_phase(6, workers=1)
    assert result.engine == "native"
    assert (result.distinct, result.generated, result.depth, result.verdicts) == (50_816, there.generated, 20, there.verdicts)
    assert not any("CPython" in note for note in result.notes)


@needs_compiler
def test_the_seconds_in_cpython_count(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _two_phase(6, engine="native")
    real = auto.machine_of

    def late(*given: Any) -> Any:
        time.sleep(0.5)
        return real(*given)

    monkeypatch.setattr(auto, "machine_of", late)
    result = _two_phase(6)
    assert (result.engine, result.complete) == ("native", True)
    assert result.seconds > 0.5


def test_a_search_of_few_states_stays_in_cpython_whatever_is_compiled_by_then(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "machine_of", lambda *_: pytest.fail("compiled"))
    result = _two_phase(6, budget=Budget(states=20_000))
    assert (result.engine, result.distinct, result.stopped) == ("python", 20_000, "--max-states 20000")


@needs_compiler
def test_a_limit_of_states_cuts_a_search_at_the_same_state_however_long_compiling_takes(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(states=30_000)
    monkeypatch.setattr(auto, "FEW", 10_000)
    there, early = _two_phase(6, engine="native", budget=budget), _two_phase(6, budget=budget)
    real, cut = auto.machine_of, threading.Event()

    def late(*given: Any) -> Any:
        assert cut.wait(60)
        return real(*given)

    def joined(self: Any, seconds: float | None) -> bool:
        cut.set()
        return waited(self, seconds)

    waited = auto._Compiling.succeeds
    monkeypatch.setattr(auto, "machine_of", late)
    monkeypatch.setattr(auto._Compiling, "succeeds", joined)
    late_result = _two_phase(6, budget=budget)
    assert cut.is_set()
    for result in (early, late_result):
        assert (result.engine, result.distinct, result.generated, result.stopped) == ("native", there.distinct, there.generated, "--max-states 30000")


@needs_compiler
def test_a_time_limit_is_one_for_both_engines(at_once: None) -> None:
    _two_phase(10, engine="native", budget=Budget(states=100))  # compiled
    result = _two_phase(10, budget=Budget(seconds=0.8))
    assert result.stopped == "--timeout 0.8"
    assert result.seconds < 10


@needs_compiler
def test_what_is_not_compiled_stays_in_cpython_and_the_report_says_so(at_once: None, tmp_path: Path) -> None:
    (tmp_path / "uncompiled.py").write_text(UNCOMPILED, encoding="utf-8")
    result = check(tmp_path / "uncompiled.py")
    assert (result.engine, result.distinct, result.as_expected) == ("python", 512, True)
    (note,) = [note for note in result.notes if "CPython" in note]
    assert note.startswith("the rules are run by CPython: ") and "is not compiled" in note and "uncompiled.py:17" in note


def test_who_waits_for_the_compiler_keeps_the_time_limit(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "FEW", 100)
    ended = threading.Event()
    monkeypatch.setattr(auto, "machine_of", lambda *_: ended.wait(60))
    try:
        began = time.monotonic()
        result = _two_phase(6, budget=Budget(states=200, seconds=1.0))
        assert (result.engine, result.distinct, result.stopped) == ("python", 200, "--max-states 200")
        assert time.monotonic() - began < 30
    finally:
        ended.set()


def test_a_limit_of_states_cuts_what_is_not_compiled_in_cpython(at_once: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(auto, "FEW", 10)
    (tmp_path / "uncompiled.py").write_text(UNCOMPILED, encoding="utf-8")
    result = check(tmp_path / "uncompiled.py", budget=Budget(states=100))
    assert (result.engine, result.distinct, result.stopped) == ("python", 100, "--max-states 100")
    assert any("is not compiled" in note for note in result.notes)


def test_without_a_compiler_the_report_says_so(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> Any:
        raise NoCompiler("there is no C compiler")

    monkeypatch.setattr(auto, "machine_of", none)
    result = _two_phase(5)
    assert (result.engine, result.distinct) == ("python", 8832)
    assert "the rules are run by CPython: there is no C compiler" in result.notes


def test_a_compiler_that_breaks_takes_no_verdict_with_it(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise AssertionError("The Program is not well-formed after lowering:\nrm_prepare: an And of nothing")

    monkeypatch.setattr(auto, "machine_of", broken)
    result = _two_phase(5)
    assert (result.engine, result.distinct) == ("python", 8832)
    (note,) = [note for note in result.notes if "CPython" in note]
    assert (
        "which is a bug of speccheck; please report it (AssertionError: The Program is not well-formed after lowering: rm_prepare: an And of nothing)" in note
    )
