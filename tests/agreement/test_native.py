"""The native engine says what the Python engine says: on random typed specs, on what once went wrong, and on every spec that the project has.

A long run of random specs is `native_long.py`.
"""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.engines.native.toolchain import search_toolchain
from speccheck.errors import NotCompilable
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from tests.agreement.native_agreement import PLAIN, TUNINGS, Comparison, compared, compared_text, construct_of, safety, seen_by, tuned, variant_of
from tests.agreement.typed_specs import spec_text

pytestmark = pytest.mark.skipif(search_toolchain().toolchain is None, reason="there is no C compiler here")

ROOT = Path(__file__).parents[2]
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.py"))
GOLDEN = sorted((ROOT / "tests/unit/compiler/golden").glob("*.py"))
SPECS = 140  # random ones
REFUSED = 0.15  # of the random specs, at most
SMALL = 2_000  # states of a spec that is checked in several ways
CHOSEN = 97  # the first seed
EACH = 8  # of so many specs of the project one is checked in every run, the others with -m slow


def _models() -> list[tuple[str, Model]]:
    files = [
        f
        for folder in ("tests/specs/published", "tests/specs/published/processes", "tests/specs/classics", "specs/*")
        for f in sorted(ROOT.glob(f"{folder}/*.py"))
    ]
    found = []
    for file in files:
        found += [(f"{file.parent.name}/{file.stem}: {model.name}", model) for model in models_of_file(str(file), {})[0]]
    return [(name, m) for name, m in found if "slow" not in m.tags and (m.expectation.distinct or 0) <= SMALL]


MODELS = _models()
WAYS = [(name, workers) for name in TUNINGS for workers in (1, 2)]


@pytest.fixture(scope="module", autouse=True)
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All tests here share a cache, so that the runtime is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


# ---------------------------------------------------------------- random specs


def _checked(seeds: list[int]) -> list[tuple[int, Comparison]]:
    found = []
    for seed in seeds:
        tuning, workers = variant_of(seed)
        found.append((seed, compared_text(spec_text(random.Random(seed)), TUNINGS[tuning], workers)))
    return found


@pytest.fixture(scope="module")
def random_specs(_one_cache: None) -> list[tuple[int, Comparison]]:
    """Check random specs with both engines, on two cores."""
    seeds = list(range(CHOSEN, CHOSEN + SPECS))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return [one for part in pool.map(_checked, [seeds[i : i + 10] for i in range(0, SPECS, 10)]) for one in part]


def test_no_random_spec_is_judged_differently(random_specs: list[tuple[int, Comparison]]) -> None:
    wrong = [f"seed {seed} ({', '.join(map(str, variant_of(seed)))}):\n  " + "\n  ".join(one.differences) for seed, one in random_specs if one.kind == "differ"]
    assert not wrong, "\n".join(wrong)


def test_few_random_specs_are_refused(random_specs: list[tuple[int, Comparison]]) -> None:
    refused = Counter(construct_of(one.construct) for _, one in random_specs if one.kind == "refused")
    assert refused.total() <= REFUSED * SPECS, refused.most_common()


def test_every_refusal_of_a_random_spec_names_file_line_and_construct(random_specs: list[tuple[int, Comparison]]) -> None:
    for seed, one in random_specs:
        if one.kind == "refused":
            file, line, *_ = one.place.split(":")
            assert file.endswith("spec.py") and int(line) > 1, seed
            assert one.construct.endswith(" is not compiled"), seed


def test_random_specs_are_worth_their_time(random_specs: list[tuple[int, Comparison]]) -> None:
    kinds = Counter(one.kind for _, one in random_specs)
    agreeing = [one for _, one in random_specs if one.kind == "agree"]
    assert kinds["cut"] + kinds["misused"] + kinds["not loaded"] < SPECS / 5, kinds
    assert sum(one.states > 3 for one in agreeing) > len(agreeing) / 3
    assert sum(any(name.endswith((".error", ".assert", "domain")) for name in one.failing) for one in agreeing) > len(agreeing) / 10
    assert sum(one.asked > 0 for one in agreeing) < len(agreeing) / 4  # otherwise CPython would be compared with itself


# ---------------------------------------------------------------- what once went wrong


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in REGRESSIONS])
def test_engines_agree_on_what_once_went_wrong(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = compared_text(text)
    assert found.kind in ("agree", "misused", "refused"), found.differences
    assert (found.kind == "refused") is ("refused" in text.splitlines()[0]), found.construct


# ---------------------------------------------------------------- every construct


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in GOLDEN])
def test_engines_agree_on_every_construct(file: Path) -> None:
    model, budget = models_of_file(str(file), {})[0][-1], Budget(depth=5)
    with tuned(PLAIN):
        assert seen_by(model, "native", 2, budget) == seen_by(model, "python", None, budget)


# ---------------------------------------------------------------- the specs of the project


@pytest.mark.parametrize(("number", "model"), [pytest.param(n, m, id=name, marks=pytest.mark.slow if n % EACH else ()) for n, (name, m) in enumerate(MODELS)])
def test_engines_agree_on_every_spec(number: int, model: Model) -> None:
    """Each spec in two of all ways, so that all ways come; and all of them for small ones."""
    model = safety(model)
    expected = seen_by(model, "python", None, Budget())
    few, turn = expected["counts"]["distinct"] <= 60, number // EACH
    for tuning, workers in WAYS if few and turn % 7 == 0 else [WAYS[turn * 2 % len(WAYS)], WAYS[(turn * 2 + 5) % len(WAYS)]]:
        found = compared(model, TUNINGS[tuning], workers, Budget(), expected)
        if found.kind == "refused":
            pytest.skip(found.construct)
        assert found.kind == "agree", (tuning, workers, *found.differences)


def test_most_specs_of_the_project_are_compiled() -> None:
    refused: dict[str, Any] = {}
    some = MODELS[::3]
    for name, model in some:
        try:
            with tuned(PLAIN):
                machine_of(safety(model), "native", 1)
        except NotCompilable as error:
            assert error.span is not None, name
            refused[name] = error.message
    assert len(refused) <= len(some) / 20, refused
