"""The native engine as a whole: what it refuses, and how it runs levels."""

import threading
from collections.abc import Callable

import pytest

from speccheck.engines import machine_of
from speccheck.engines.machine import Budget, Failed
from speccheck.errors import NotCompilable
from speccheck.model.model import Model

DEEP = """
from typing import Annotated
from speccheck import Range, Spec, action, invariant

class Deep(Spec, deadlock=False):
    n: Annotated[int, Range(0, 300)] = 0

    @action
    def step(self) -> None:
        self.n = min(self.n + 1, 300)

    @invariant
    def small(self) -> bool:
        return self.n < 301
"""

REFINES = """
from typing import Annotated
from speccheck import Range, Spec, action, refines, require

class Abstract(Spec, abstract=True):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def up(self) -> None:
        try:
            self.n += 1
        finally:
            require(self.n < 4)

class Concrete(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def up(self) -> None:
        require(self.n < 3)
        self.n += 1

    @refines(Abstract)
    def abstract(self) -> Abstract:
        return Abstract(n=self.n)
"""


def test_a_deep_search_does_not_take_a_thread_for_each_level(models: Callable[..., list[Model]], monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_of(models(DEEP)[0], "native", 1)
    machine.compile()
    started: list[str] = []
    start = threading.Thread.start

    def counted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", counted)
    found = machine.explore(Budget())
    assert (len(found.space), found.space.depth, started) == (301, 301, ["speccheck-watchdog", "speccheck search"])


def test_an_abstract_spec_that_is_not_compiled_is_said_with_its_place(models: Callable[..., list[Model]]) -> None:
    model = next(one for one in models(REFINES) if one.name == "Concrete")
    with pytest.raises(NotCompilable) as refused:
        machine_of(model, "native", 1)
    assert refused.value.span is not None
    assert refused.value.span.line == 16  # that of `try`


ENDLESS = """
from typing import Annotated
from speccheck import Range, Spec, action, invariant

class Endless(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0

    @action
    def step(self) -> None:
        self.n = (self.n + 1) % 4

    @invariant
    def small(self) -> bool:
        i = 0
        while i < 3 or self.n == 2:
            i = (i + 1) % 5
        return True
"""


def test_a_rule_that_does_not_end_is_an_error_as_on_the_python_engine(models: Callable[..., list[Model]]) -> None:
    machine = machine_of(models(ENDLESS)[0], "native", 1)
    with pytest.raises(Failed) as failed:
        machine.explore(Budget(rule_seconds=0.3))
    assert failed.value.misused.error.code == "SC305"


def test_a_rule_that_does_not_end_keeps_no_limit_from_being_kept(models: Callable[..., list[Model]]) -> None:
    found = machine_of(models(ENDLESS)[0], "native", 2).explore(Budget(seconds=0.3, rule_seconds=60.0))
    assert (found.stopped, found.space.complete) == ("--timeout 0.3", False)
