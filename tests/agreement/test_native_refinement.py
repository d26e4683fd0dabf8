"""The native engine says of the liveness of a refinement what the Python engine says: verdicts, lassos, explanations, findings."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from speccheck.engines.machine import Budget
from speccheck.engines.native import machine as native
from speccheck.engines.native.graph import NativeGraph, Steps
from speccheck.engines.native.toolchain import search_toolchain
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.native_agreement import PLAIN, Comparison, compared, seen_by, tuned
from tests.agreement.test_refinement import random_pair

pytestmark = pytest.mark.skipif(search_toolchain().toolchain is None, reason="there is no C compiler here")

ROOT = Path(__file__).parents[2]
SEEDS = 24
MOST = 60_000  # states of a bundled model that is checked by both engines


@pytest.fixture(scope="module", autouse=True)
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All tests here share a cache, so that the runtime is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture
def _steps_are_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were no room to store steps."""

    class Unstored(NativeGraph):
        def __init__(self, search: Any, tables: Any, memory: int, no_room: str) -> None:
            super().__init__(search, tables, memory, steps=Steps.UNSTORED, row_cache=2, no_room=no_room)

    monkeypatch.setattr(native, "NativeGraph", Unstored)


def agreed(text: str, folder: Path, workers: int = 1, kind: str = "agree") -> Comparison:
    """Compare the engines on the last spec of a text."""
    file = folder / "spec.py"
    file.write_text(text)
    found = compared(models_of_file(str(file), {})[0][-1], workers=workers, budget=Budget(), whole=True)
    assert found.kind == kind, (found.construct, *found.differences)
    return found


# ---------------------------------------------------------------- random specs


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_random_refinement_is_judged_differently(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    pair = random_pair(rng, rng.choice([4, 8, 12]), rng.choice([2, 3, 5]))
    agreed(pair.text(), tmp_path, 1 + seed % 2)


@pytest.mark.usefixtures("_steps_are_taken_again")
@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + 6))
def test_steps_that_are_not_stored_change_nothing(seed: int, tmp_path: Path) -> None:
    agreed(random_pair(random.Random(seed), 8).text(), tmp_path)


@pytest.mark.parametrize("seed", range(100, 106))
def test_a_search_that_is_cut_says_the_same(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    file = tmp_path / "spec.py"
    file.write_text(random_pair(rng, 12, rng.choice([2, 3, 5])).text())
    model, budget = models_of_file(str(file), {})[0][-1], Budget(depth=rng.randint(2, 4))
    with tuned(PLAIN):
        assert seen_by(model, "native", 1 + seed % 2, budget) == seen_by(model, "python", None, budget)


# ---------------------------------------------------------------- bundled specs


def _models() -> Iterator[Model]:
    for file in sorted((ROOT / "specs").rglob("*.py")):
        if "liveness=True" in file.read_text(encoding="utf-8"):
            yield from (m for m in models_of_file(str(file), {})[0] if any(p.kind == "refinement" and p.liveness and m.checked(p.name) for p in m.properties))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("model", [pytest.param(model, id=model.name) for model in _models()])
def test_engines_agree_on_bundled_refinements(model: Model, workers: int) -> None:
    found = compared(model, workers=workers, budget=Budget(states=MOST), whole=True)
    assert found.kind in ("agree", "cut"), (found.construct, *found.differences)


# ---------------------------------------------------------------- specs for one thing each

RING = """
import operator
from typing import Annotated

from speccheck import *


class Lamp(Spec, deadlock=False):
    on: bool = False
    big: Annotated[dict[Annotated[int, Range(0, 8)], Annotated[int, Range(0, 1 << 20)]], Partial] = {{}}

    @action{light}
    def light(self) -> None:
        require(not self.on)
        self.on = True

    @action{dim}
    def dim(self) -> None:
        require(self.on)
        self.on = False

    @action
    def fill(self, key: Annotated[int, Range(0, 8)]) -> None:
        require(self.on and key not in self.big)
        self.big[key] = 1000 + key

    def is_on(self) -> bool:
        return self.on

    def seen(self) -> bool:
        return self.big[0] > 0

    @temporal
    def claim(self) -> Formula:
        return {claim}


class Ring(Spec, deadlock=False):
    n: Annotated[int, Range(0, 5)] = 0
    stuck: bool = False
    table: Annotated[dict[Annotated[int, Range(0, 5)], bool], Partial] = {{0: False, 1: False, 2: False, 3: True, 4: True, 5: True}}

    @action{go}
    def go(self, by: Annotated[int, Range(1, 2)]) -> None:
        require(not self.stuck)
        self.n = (self.n + by) % 6

    @action{stop}
    def stop(self) -> None:
        require(self.n == {at})
        self.stuck = not self.stuck

    def lit(self) -> bool:
        return {lit}

    @refines(Lamp, liveness=True)
    def lamp(self) -> Lamp:
        return Lamp({mapped})
"""
WEAK, STRONG = '(fairness="weak")', '(fairness="strong")'
WEAKLY, STRONGLY = '(fairness="weak", per=())', '(fairness="strong", per=())'


def ring(**parts: str) -> str:
    """Return a pair of specs."""
    usual = {"light": "", "dim": "", "go": "", "stop": "", "at": "4", "lit": "self.n >= 3", "mapped": "on=self.lit()", "claim": "always(lambda: True)"}
    return RING.format(**{**usual, **parts})


CASES = {
    "weak, held": ring(light=WEAK, go=WEAKLY),
    "weak, violated by stuttering": ring(light=WEAK, dim=WEAK, go=WEAKLY, stop=WEAK),
    "weak, violated without fairness": ring(light=WEAK),
    "weak, violated by unseen steps": ring(dim=WEAK, go=WEAKLY, stop=STRONG),
    "strong, held": ring(light=STRONG, dim=STRONG, go=STRONGLY, at="9"),
    "strong, violated": ring(light=STRONG, dim=STRONG, stop=STRONG),
    "many states to one": ring(light=WEAK, lit="self.n > 0", go=WEAKLY),
    "all states to one": ring(light=WEAK, lit="False", go=WEAKLY),
    "nothing is demanded": ring(),
    "a property, held": ring(claim="always_eventually(lambda: not self.on)", go=STRONGLY, at="9"),
    "a property, violated": ring(claim="eventually_always(self.is_on)", go=WEAKLY),
    "a property, violated where it stops": ring(claim="leads_to(self.is_on, lambda: not self.on)", go=WEAKLY),
    "a property of steps": ring(claim="always_eventually(occurs(self.dim))", go=STRONGLY),
    "a property of enabledness": ring(claim="always_eventually(enabled(self.dim))", go=WEAKLY),
    "a predicate that asks what occurs": ring(claim="always_eventually(lambda: self.on and occurs(self.dim))", go=STRONGLY),
    "a predicate that asks what occurs, held": ring(claim="always(lambda: not occurs(self.light) or not self.on)"),
    "a predicate that raises": ring(claim="always(lambda: not self.on or self.seen())", go=WEAKLY),
    "a predicate that raises at a step": ring(claim="always(lambda: not occurs(self.dim) or self.seen())"),
    "a predicate that raises where nothing happens": ring(
        claim="always(lambda: occurs(self.light) or not self.on or occurs(self.dim) or self.seen())", go=WEAKLY
    ),
    "one raises, one is violated": ring(light=WEAK, claim="always(lambda: not occurs(self.dim) or self.seen())", go=WEAKLY),
    "a predicate that writes": ring(claim="always(lambda: operator.methodcaller('clear')(self.big) is None)"),
    "a mapping that raises": ring(lit="self.table[self.n] and 1 // (5 - self.n) > 0", light=WEAK),
    "a mapping beyond a word": ring(lit="(self.n + 2) ** 62 % ((self.n + 2) ** 61) == 0 and self.n >= 3", light=WEAK, go=WEAKLY),
    "a mapping beyond a word, held": ring(lit="(self.n + 2) ** 40 // (self.n + 2) ** 39 >= 5", light=WEAK, go=WEAKLY, at="9"),
    "a mapping beyond a word that raises": ring(lit="(self.n + 2) ** 62 > 0 and 1 // (5 - self.n) >= 0 and self.n >= 3", light=WEAK),
    "a step that does not refine": ring(lit="self.n >= 3", mapped="on=self.lit(), big={0: 1000} if self.n == 3 else {}", light=WEAK),
    "a wide abstract state": ring(light=WEAK, dim=WEAK, mapped="on=self.lit(), big={}", go=WEAKLY),
    "an initial state that maps to none": ring(lit="self.n < 3", light=WEAK),
}

MISUSED = {"a predicate that writes"}


def kind_of(name: str) -> str:
    return "misused" if name in MISUSED else "agree"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_engines_agree_on_a_refinement(name: str, workers: int, tmp_path: Path) -> None:
    agreed(CASES[name], tmp_path, workers, kind_of(name))


def test_the_refinements_above_are_of_every_kind(tmp_path: Path) -> None:
    found = {name: agreed(text, tmp_path, kind=kind_of(name)) for name, text in CASES.items()}
    failing = {name for name, one in found.items() if "lamp" in one.failing}
    assert {name for name in CASES if "violated" in name} <= failing
    assert not {name for name in CASES if "held" in name} & failing


TWO = (
    ring(light=WEAK, go=WEAKLY, stop=STRONG)
    + """
    @refines(Lamp, liveness=True)
    def other(self) -> Lamp:
        return Lamp(on=self.n in (1, 2, 3))

    @constraint
    def near(self) -> bool:
        return self.n < 5
"""
)


def test_each_refinement_has_its_own_mapping_and_dropped_states_have_none(tmp_path: Path) -> None:
    agreed(TWO, tmp_path, 2)


PER = """
from speccheck import *


class Node(Sort, size=3):
    pass


class Served(Spec, deadlock=False):
    done: set[Node] = set()

    @action(fairness="weak", per="node")
    def serve(self, node: Node) -> None:
        require(node not in self.done)
        self.done.add(node)

    @action
    def forget(self) -> None:
        self.done.clear()


class Queue(Spec, deadlock=False):
    asked: set[Node] = set()
    done: set[Node] = set()

    @action
    def ask(self, node: Node) -> None:
        require(node not in self.asked)
        self.asked.add(node)

    @action(fairness="weak", per=())
    def serve(self, node: Node) -> None:
        require(node in self.asked and node not in self.done)
        self.done.add(node)

    @action
    def forget(self) -> None:
        self.done.clear()

    @refines(Served, liveness=True)
    def served(self) -> Served:
        return Served(done=self.done)
"""


def test_the_value_of_per_that_is_starved_is_named(tmp_path: Path) -> None:
    assert agreed(PER, tmp_path).failing == ("served",)
