"""What is told of members under symmetry is true of the states that are shown: bindings of witnesses and violations, reasons, dropped states; on both engines the same."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from speccheck import Result, Verdict
from speccheck.checker import search
from speccheck.checker.check import check_model
from speccheck.engines import machine_of
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.test_symmetry import told

HEADER = """
from typing import Annotated, Literal, Self
from speccheck import *

class P(Sort, size={p}, symmetric=True): "somebody"
class Q(Sort, size={q}, symmetric=True): "something"

class Crowd(Spec, deadlock=False):
    seats: dict[P, Q | None] = each(None)
    calm: dict[P, bool] = each(False)
    last: P | None = None

    @action
    def sit(self, p: P, q: Q) -> None:
        require(self.seats[p] is None and q not in self.seats.values())
        self.seats[p] = q

    @action
    def breathe(self, p: P) -> None:
        require(self.seats[p] is not None)
        self.calm[p] = not self.calm[p]
        self.last = p
"""

Reduced = Callable[..., tuple[Model, Model]]


@pytest.fixture
def crowd(tmp_path: Path) -> Reduced:
    def models(text: str, p: int = 3, q: int = 2) -> tuple[Model, Model]:
        file = tmp_path / "crowd.py"
        file.write_text(HEADER.format(p=p, q=q) + text)
        (model,), _ = models_of_file(str(file), {})
        return model, replace(model, symmetry=True)

    return models


def both(models: tuple[Model, Model]) -> tuple[Result, Result]:
    """The result without reduction, and the one with it, which both engines give."""
    full, reduced = (check_model(model, engine="python") for model in models)
    assert told(check_model(models[1], engine="native")) == told(reduced)
    assert reduced.verdicts == full.verdicts
    for one, other in zip(full.properties, reduced.properties, strict=True):
        assert (one.trace is None) == (other.trace is None)
        assert one.trace is None or other.trace is None or len(one.trace.steps) == len(other.trace.steps)
    return full, reduced


SIZES = pytest.mark.parametrize(("p", "q"), [(2, 1), (3, 2), (1, 1), (5, 3)])


@SIZES
def test_a_witness_shows_the_binding_that_is_true_in_its_last_state(crowd: Reduced, p: int, q: int) -> None:
    text = """
    @reachable
    def sits_calmly(self, p: P, q: Q) -> bool:
        return self.seats[p] == q and self.calm[p]
"""
    _, reduced = both(crowd(text, p, q))
    found = reduced["sits_calmly"]
    assert found.verdict is Verdict.HOLDS
    assert found.trace is not None
    last = found.trace.states[-1]
    (_, who), (_, what) = found.binding
    assert dict(last["seats"].items)[who] == what  # type: ignore[union-attr]
    assert dict(last["calm"].items)[who] is True  # type: ignore[union-attr]


def test_every_binding_has_a_witness_if_one_of_its_renamings_has(crowd: Reduced) -> None:
    text = """
    @reachable
    def two(self, p: P, r: P) -> bool:
        return self.seats[p] is not None and self.seats[r] is not None

    @reachable
    def never_both(self, p: P, r: P) -> bool:
        return p != r and self.calm[p] and self.calm[r] and self.last == p
"""
    _, reduced = both(crowd(text))
    assert reduced["two"].verdict is Verdict.HOLDS
    assert reduced["never_both"].verdict is Verdict.VIOLATED
    assert [str(value) for _, value in reduced["never_both"].binding] == [str(value) for _, value in both(crowd(text))[0]["never_both"].binding]


@SIZES
def test_a_violation_shows_the_binding_that_is_false_in_its_last_state(crowd: Reduced, p: int, q: int) -> None:
    text = """
    @invariant
    def nobody_is_calm(self, p: P) -> bool:
        return not (self.calm[p] and self.last == p)

    @step_invariant
    def stays_calm(self, after: Self, p: P) -> bool:
        return not (self.calm[p] and not after.calm[p])
"""
    _, reduced = both(crowd(text, p, q))
    for name in ("nobody_is_calm", "stays_calm"):
        found = reduced[name]
        assert found.verdict is Verdict.VIOLATED
        assert found.trace is not None
        ((_, who),) = found.binding
        state = found.trace.states[-1 if name == "nobody_is_calm" else -2]
        assert dict(state["calm"].items)[who] is True  # type: ignore[union-attr]


def test_a_predicate_that_raises_says_what_it_raised_in_the_state_that_is_shown(crowd: Reduced) -> None:
    text = """
    @invariant
    def known(self) -> bool:
        names = {p: 1 for p in P if not self.calm[p]}
        return all(names[p] for p in P)
"""
    _, reduced = both(crowd(text, 5, 3))
    found = reduced["known"]
    assert found.verdict is Verdict.VIOLATED
    assert found.trace is not None
    calm = [str(who) for who, is_calm in found.trace.states[-1]["calm"].items if is_calm]  # type: ignore[union-attr]
    assert found.reason is not None
    assert any(who in found.reason for who in _names(found.trace.states[-1]["calm"]))
    assert len(calm) == 1


def _names(calm: Any) -> list[str]:
    return [who.name for who, is_calm in calm.items if is_calm]


@SIZES
def test_constraints_and_errors_are_told_of_the_canonical_state(crowd: Reduced, p: int, q: int) -> None:
    text = """
    @constraint
    def few(self) -> bool:
        return sum(self.calm.values()) < 2

    @constraint
    def lively(self) -> bool:
        names = {p: 1 for p in P if p != self.last or not self.calm[p]}
        return all(names[p] for p in P)

    @invariant
    def at_most_one(self) -> bool:
        return sum(self.calm.values()) < 2

    @reachable
    def calms(self, p: P) -> bool:
        return self.calm[p] and self.last == p
"""
    both(crowd(text, p, q))


def test_steps_that_err_are_told(crowd: Reduced) -> None:
    text = """
    @action
    def leave(self, p: P) -> None:
        require(self.calm[p])
        assert all(not self.calm[r] for r in P if r != p), p
        self.seats[p] = None
        self.calm[p] = False

    @invariant
    def one_seat_for_each(self) -> bool:
        return sum(q is not None for q in self.seats.values()) <= len(Q)
"""
    _, reduced = both(crowd(text, 4, 2))
    assert reduced.verdicts["leave.assert"] is Verdict.VIOLATED


def test_temporal_properties_are_checked_on_a_full_search(crowd: Reduced) -> None:
    text = """
    @temporal
    def sits_some_time(self, p: P) -> Formula:
        return eventually(lambda: self.seats[p] is not None)
"""
    full, reduced = (check_model(model, engine="python") for model in crowd(text))
    assert full.verdicts == reduced.verdicts
    assert full["sits_some_time"].trace == reduced["sits_some_time"].trace
    assert full["sits_some_time"].binding == reduced["sits_some_time"].binding


REFINING = """
from speccheck import *

class P(Sort, size=3, symmetric=True): "somebody"

class Calm(Spec, deadlock=False):
    calm: dict[P, bool] = each(False)

    @action(fairness="weak", per="p")
    def breathe(self, p: P) -> None:
        self.calm[p] = not self.calm[p]

class Crowd(Calm):
    breathe = unfair(Calm.breathe)

    @refines(Calm, liveness=True)
    def calms_down(self) -> Calm:
        return Calm(calm=self.calm)
"""


@pytest.mark.parametrize("engines", [["native", "native"], ["native", "python"]])
def test_what_is_compiled_for_the_reduced_search_need_not_be_for_the_full_one(engines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` chooses for each of the two: formulas matter to the full one only, and may not be compiled."""
    chosen: list[str] = []

    def compiled_where_possible(python: Any, workers: Any, budget: Any, progress: Any, expected: Any) -> Any:
        if engines[len(chosen)] == "python":
            chosen.append("python")
            return python, python.explore(budget), "a formula is not compiled"
        machine = machine_of(python.model, "native", workers, python)
        chosen.append("native")
        return machine, machine.explore(budget), None

    monkeypatch.setattr(search, "automatic", compiled_where_possible)
    (tmp_path / "refining.py").write_text(REFINING)
    model = models_of_file(str(tmp_path / "refining.py"), {})[0][-1]
    found = check_model(replace(model, symmetry=True))
    assert found.engine == "native"
    assert chosen == engines
    assert found.verdicts == check_model(model, engine="python").verdicts
    assert found.verdicts["calms_down"] is Verdict.VIOLATED
