"""Every trace of the published specs agrees with itself: it is read back as it was written, fits the spec that it was found on, and passes as a test."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from speccheck.checker.check import check_model
from speccheck.checker.fit import fit
from speccheck.engines.machine import Budget
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from speccheck.trace.formats import formatted
from speccheck.trace.reading import traces_in
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Trace

SPECS = Path(__file__).parents[1] / "specs"
FILES = sorted([*(SPECS / "published").rglob("*.py"), *(SPECS / "liveness").glob("*.py")])


@cache
def found(file: Path) -> list[tuple[Model, Trace]]:
    """Return the traces of all models of a file that are found within seconds."""
    models = [model for model in models_of_file(str(file), {})[0] if "slow" not in model.tags]
    results = [(model, check_model(model, budget=Budget(states=5_000))) for model in models]
    return [(model, one.trace) for model, result in results for one in result.properties if one.trace is not None]


def name_of(file: Path) -> str:
    return file.relative_to(SPECS).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_trace_is_read_back_and_fits_the_spec_that_it_was_found_on(file: Path) -> None:
    for model, trace in found(file):
        for name in ("json", "itf", "itf-mbt"):
            text = plain_text(formatted(trace, name))
            (back,) = traces_in(text)
            assert (back.states, plain_text(formatted(back, name))) == (trace.states, text)
            one = fit(back, model)
            assert one.misfit is None and one.outcome is not False, (model.name, trace.origin)


def functions_of(text: str) -> Iterator[Callable[[], None]]:
    names: dict[str, object] = {"__file__": str(SPECS / "test_made.py"), "__name__": "test_made"}
    exec(compile(text, "test_made.py", "exec"), names)
    return (value for name, value in names.items() if name.startswith("test_") and callable(value))


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_trace_passes_as_a_test(file: Path) -> None:
    for _, trace in found(file):
        for made in functions_of(plain_text(formatted(trace, "pytest"))):
            made()


def test_there_are_traces_of_several_kinds() -> None:
    """tests/unit/checker/kept.py has one of every kind."""
    kinds = Counter(trace.origin.kind for file in FILES for _, trace in found(file) if trace.origin is not None)
    assert {"temporal", "reachable", "invariant", "deadlock", "error"} <= set(kinds) and kinds.total() > 100
