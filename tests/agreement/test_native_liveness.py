"""The native engine says of temporal properties what the Python engine says: verdicts, lassos, explanations, findings; above all where predicates ask what occurs."""

import random
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from speccheck.checker.check import check_model
from speccheck.checker.result import Verdict
from speccheck.checker.search import loaded
from speccheck.engines.machine import OUT_OF_BUDGET, Budget
from speccheck.engines.native import machine as native
from speccheck.engines.native.graph import NativeGraph, Steps
from speccheck.engines.native.toolchain import search_toolchain
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.native_agreement import TUNINGS, Comparison, compared, compared_text
from tests.agreement.random_live_specs import spec_of
from tests.agreement.test_liveness_specs import random_case

pytestmark = pytest.mark.skipif(search_toolchain().toolchain is None, reason="there is no C compiler here")

ROOT = Path(__file__).parents[2]
WAYS = [(tuning, workers) for tuning in TUNINGS for workers in (1, 2)]
SEEDS = 30


@pytest.fixture(scope="module", autouse=True)
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All tests here share a cache, so that the runtime is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


# ---------------------------------------------------------------- random specs


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_random_spec_is_judged_differently(seed: int) -> None:
    rng = random.Random(seed)
    graph, _, formula, _ = random_case(rng)
    tuning, workers = WAYS[seed % len(WAYS)]
    found = compared_text(spec_of(graph, formula, rng), TUNINGS[tuning], workers, whole=True)
    assert found.kind == "agree", (found.construct, *found.differences)


# ---------------------------------------------------------------- bundled specs


def _models() -> list[Model]:
    return models_of_file(str(ROOT / "specs" / "classics" / "dining_philosophers.py"), {})[0]


@pytest.mark.parametrize(("number", "model"), [pytest.param(n, model, id=model.name) for n, model in enumerate(_models())])
def test_engines_agree_on_philosophers_who_begin_to_eat(number: int, model: Model) -> None:
    found = compared(model, workers=1 + number % 2, budget=Budget(), whole=True)
    assert found.kind == "agree", (found.construct, *found.differences)


# ---------------------------------------------------------------- predicates that ask what occurs

RING = '''\
from typing import Annotated, Literal

from speccheck import *


class Case(Spec, deadlock=False):
    """A counter that goes around, by one or two, may jump home, and may stop for ever."""

    n: Annotated[int, Range(0, 5)] = 0
    on: bool = True
    seen: Annotated[dict[Annotated[int, Range(0, 5)], bool], Partial] = {}

    @action
    def go(self, by: Annotated[int, Range(1, 2)]) -> None:
        require(self.on)
        self.n = (self.n + by) % 6

    @action
    def home(self) -> None:
        require(self.on and self.n > 3)
        self.n = 0

    @action
    def stop(self) -> None:
        self.on = False

    @action
    def idle(self) -> None:
        require(self.on)

    def moves(self, by: int) -> bool:
        return occurs(self.go, by)

    def far(self) -> bool:
        return self.n >= 4

'''


def ring(*lines: str, fairness: str = "") -> str:
    """Return the text of a spec with a property `claim`, and fairness."""
    return (
        RING
        + "".join(f"    {line}\n" for line in dedent(fairness).splitlines())
        + "\n    @temporal\n    def claim(self) -> Formula:\n        return "
        + "\n".join(lines)
        + "\n"
    )


FAIR = "f = weak(go, per=())\ng = strong(home)"
CASES = {
    "any": ring("always_eventually(lambda: any(occurs(self.go, by) for by in (1, 2)))", fairness=FAIR),
    "all": ring("always(lambda: all(not occurs(self.go, by) or self.on for by in (1, 2)))"),
    "if": ring("always(lambda: occurs(self.home) if self.n == 5 else True)"),
    "and with a variable": ring("leads_to(lambda: self.far() and occurs(self.go), lambda: self.n == 0)", fairness=FAIR),
    "not": ring("eventually_always(lambda: not occurs(self.go))", fairness="f = weak(stop)"),
    "or with enabled": ring("always_eventually(lambda: not enabled(self.home) or occurs(self.home))", fairness=FAIR),
    "enabled and occurs": ring("always(lambda: not occurs(self.home) or enabled(self.home))"),
    "an argument that depends on the state": ring("always(lambda: self.n == 0 or not occurs(self.go, 1 + self.n % 2))"),
    "in a method": ring("leads_to(lambda: self.n == 1, lambda: self.moves(2))", fairness=FAIR),
    "two": ring("leads_to(lambda: occurs(self.go, 1), lambda: occurs(self.go, 2))", fairness=FAIR),
    "two in one": ring("always(lambda: not (occurs(self.go, 2) and occurs(self.home)))"),
    "a step of two actions": ring("eventually(lambda: occurs(self.go, 2) and occurs(self.home))", fairness=FAIR),
    "beside an atom": ring("always(any_of(occurs(self.go), lambda: occurs(self.home) or occurs(self.stop) or self.n < 9))"),
    "until": ring("until(lambda: not occurs(self.home), lambda: occurs(self.stop))", fairness="f = weak(stop)"),
    "weak until": ring("weak_until(lambda: occurs(self.go, 1), lambda: self.n > 2)"),
    "of a step that changes nothing": ring("eventually(lambda: occurs(self.idle))", fairness="f = weak(idle)"),
    "fairness that does not matter": ring("always(lambda: self.on or not occurs(self.go))", fairness=FAIR),
    "strong fairness that matters": ring("always_eventually(lambda: not self.on or occurs(self.home) or occurs(self.stop))", fairness=FAIR),
    "never asked": ring("leads_to(lambda: self.n == 1, lambda: self.n == 2 or (self.n == 9 and occurs(self.go)))"),
    "asked late": ring("leads_to(lambda: self.far() and occurs(self.home), lambda: self.n == 1)", fairness=FAIR),
    "never a left side": ring("leads_to(lambda: self.n == 9 and occurs(self.home), lambda: self.n == 1)"),
    "raises at a step": ring("always(lambda: not occurs(self.home) or self.seen[self.n])"),
    "raises at one of several steps": ring("always(lambda: self.n < 2 or not occurs(self.go, 2) or 1 // (self.n - self.n) > 0)"),
    "raises before it asks": ring("always(lambda: (self.n < 3 or self.seen[self.n]) and occurs(self.go))"),
    "raises in an argument": ring("always(lambda: self.n < 3 or occurs(self.go, 1 + 1 // (self.n - 3) % 2))"),
    "raises where nothing happens": ring("always(lambda: self.on or occurs(self.go) or 1 // (self.n - self.n) > 0)"),
    "raises where nothing may happen for ever": ring("always(lambda: occurs(self.go) or occurs(self.stop) or occurs(self.home) or self.seen[9 - 4])", fairness="f = weak(stop)"),
    "two that raise": ring("all_of(always(lambda: not occurs(self.home) or self.seen[1]), always(lambda: not occurs(self.home) or self.seen[2]))"),
    "more than a word": ring("always(lambda: not occurs(self.home) or (self.n + 2) ** 62 * 0 == 0)"),
}  # fmt: skip

ALONE = '''\
from typing import Annotated

from speccheck import *


class Case(Spec, deadlock=False):
    """One state, in which nothing ever happens."""

    n: bool = False

    @action
    def never(self) -> None:
        require(self.n)
        self.n = False

    @temporal
    def rests(self) -> Formula:
        return always(lambda: not occurs(self.never))

    @temporal
    def moves(self) -> Formula:
        return always_eventually(lambda: self.n or occurs(self.never))
'''

DEADLOCK = '''\
from typing import Annotated

from speccheck import *


class Case(Spec):
    """Goes on to a state that has no step."""

    n: Annotated[int, Range(0, 3)] = 0

    @action(fairness="weak")
    def up(self) -> None:
        require(self.n < 3)
        self.n += 1

    @temporal
    def goes_on(self) -> Formula:
        return always_eventually(lambda: occurs(self.up))

    @temporal
    def comes_to_rest(self) -> Formula:
        return eventually_always(lambda: not occurs(self.up) and self.n == 3)
'''

BINDINGS = '''\
from typing import Annotated

from speccheck import *


class Node(Sort, size=3):
    pass


class Case(Spec, deadlock=False):
    """A token goes from node to node; node by node it is asked who gets it."""

    at_: Node = next(iter(Node))
    wide: dict[Node, Annotated[int, Range(0, 1 << 40)]] = each(0)

    @action(fairness="strong", per="to")
    def give(self, to: Node, loud: bool) -> None:
        require(to != self.at_ and (loud or self.at_ == next(iter(Node))))
        self.at_ = to

    @action
    def lose(self, to: Node) -> None:
        require(to != self.at_)
        self.at_ = to

    def gets(self, node: Node) -> bool:
        return occurs(self.give, node)

    @temporal
    def gets_it(self, node: Node) -> Formula:
        return always_eventually(lambda: self.at_ == node or self.gets(node))

    @temporal
    def gets_it_quietly(self, node: Node) -> Formula:
        return always_eventually(lambda: occurs(self.give, node, loud=False))

    @temporal
    def is_given(self) -> Formula:
        return always(lambda: any(occurs(self.give, node) or occurs(self.lose, node) for node in Node if node != self.at_))
'''

SPEAKING = {"ALONE": ALONE, "DEADLOCK": DEADLOCK, "BINDINGS": BINDINGS, **CASES}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", SPEAKING)
def test_engines_agree_on_predicates_that_ask_what_occurs(name: str, workers: int) -> None:
    agreed(SPEAKING[name], workers)


def agreed(text: str, workers: int) -> Comparison:
    found = compared_text(text, workers=workers, whole=True)
    assert found.kind == "agree", (found.construct, *found.differences)
    return found


def test_the_predicates_above_are_worth_asking() -> None:
    kinds = [agreed(text, 2) for text in SPEAKING.values()]
    assert 5 < sum("claim" in one.failing for one in kinds) < len(kinds) - 5
    assert sum(one.asked > 0 for one in kinds) < 3  # otherwise CPython would be compared with itself


@pytest.mark.parametrize("name", SPEAKING)
def test_steps_that_are_taken_again_say_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "NativeGraph", _Again)
    agreed(SPEAKING[name], 2)


class _Again(NativeGraph):
    """A graph that stores no steps, and remembers one row of them."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more, steps=Steps.UNSTORED, row_cache=1)


class _Tiny(NativeGraph):
    """A graph that may take 100 bytes."""

    def __init__(self, search: Any, tables: Any, memory: int, **more: Any) -> None:
        super().__init__(search, tables, 100, **more)


# ---------------------------------------------------------------- ends


def _model(folder: Path, text: str) -> Model:
    file = folder / "spec.py"
    file.write_text(text, encoding="utf-8")
    return models_of_file(str(file), {})[0][0]


@pytest.mark.parametrize(("budget", "reason"), [(Budget(), "out of memory"), (Budget(memory=1 << 40), OUT_OF_BUDGET)])
def test_without_room_for_the_steps_only_temporal_properties_are_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: Budget, reason: str) -> None:
    text = CASES["two"] + "\n    @invariant\n    def small(self) -> bool:\n        return self.n < 6\n"
    monkeypatch.setattr(native, "NativeGraph", _Tiny)
    result = check_model(_model(tmp_path, text), engine="native", budget=budget)
    verdicts = {one.name: (one.verdict, one.reason) for one in result.properties}
    assert verdicts == {"small": (Verdict.HOLDS, None), "claim": (Verdict.UNKNOWN, f"the search was cut: {reason}")}
    assert (result.complete, result.stopped, result.interrupted) == (True, reason, False)


@pytest.mark.parametrize("steps", [Steps.AT_ONCE, Steps.UNSTORED])
def test_what_cpython_raises_when_it_is_asked_comes_before_what_ends_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: Steps) -> None:
    machine: Any = loaded(_model(tmp_path, CASES["more than a word"]), "native", 2)
    if steps is Steps.UNSTORED:  # it is asked again in the hunt
        monkeypatch.setattr(native, "NativeGraph", _Again)
        found = machine.explore(Budget())
    monkeypatch.setattr(machine.python, "atom", _breaks)
    if steps is Steps.AT_ONCE:
        found = machine.explore(Budget())
        assert found.stopped is None
    with pytest.raises(_BrokenError):
        machine.find_lassos(found)


class _BrokenError(Exception):
    """What should not happen."""


def _breaks(*_: Any) -> int:
    raise _BrokenError
