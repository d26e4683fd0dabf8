"""Do both engines say the same of a spec? Everything that anybody can see of two Results is compared.

compared(model)       Comparison(kind="agree", ...), or "refused", "cut", "differ"
compared_text(text)   the same for the text of a module
"""

import contextlib
import itertools
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import speccheck.engines as engines
from speccheck.checker.check import check_model
from speccheck.engines.machine import Budget
from speccheck.engines.native import machine as native
from speccheck.engines.native.library import Tuning
from speccheck.engines.python.machine import PythonMachine
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import expectable, models_of_file

PLAIN = Tuning(optimisation=0)
TUNINGS = {
    "plain": PLAIN,
    "without fold": replace(PLAIN, without=frozenset({"fold"})),
    "without ranges": replace(PLAIN, without=frozenset({"ranges"})),
    "without prune": replace(PLAIN, without=frozenset({"prune"})),
    "without passes": replace(PLAIN, without=frozenset({"fold", "ranges", "prune"})),
    "small tables": replace(PLAIN, first_slots_log2=4),
    "small ring": replace(PLAIN, ring=1),
}
BUDGET = Budget(states=300, seconds=20.0)


@dataclass(frozen=True)
class Comparison:
    """What came of two checks. `differences` says where they differ; `construct` and `place` what was refused and where."""

    kind: str  # "agree", "differ", "refused", "cut", "misused", "not loaded"
    differences: tuple[str, ...] = ()
    construct: str = ""
    place: str = ""
    states: int = 0
    failing: tuple[str, ...] = ()  # the violated properties
    asked: int = 0  # what compiled rules left to CPython
    codes: tuple[str, ...] = field(default=())


@contextlib.contextmanager
def tuned(tuning: Tuning) -> Iterator[list[Any]]:
    """Let the native engine be built with a tuning; yields the machines that were made."""
    made: list[Any] = []

    def build(model: Model, workers: int | None, python: Any = None) -> Any:
        made.append(native.NativeMachine(model, python or PythonMachine(model), workers, tuning))
        return made[-1]

    before = engines.ENGINES["native"]
    engines.ENGINES["native"] = build
    try:
        yield made
    finally:
        engines.ENGINES["native"] = before


@contextlib.contextmanager
def _questions() -> Iterator[list[int]]:
    """Count what compiled rules ask CPython."""
    count = [0]
    before = native._Exploring._answered

    def answered(self: Any, *given: Any) -> int:
        count[0] += 1
        return before(self, *given)

    native._Exploring._answered = answered  # type: ignore[method-assign]
    try:
        yield count
    finally:
        native._Exploring._answered = before  # type: ignore[method-assign]


def safety(model: Model) -> Model:
    """Return the model without temporal properties, refinements and symmetry."""
    left = {p.name for p in model.properties if p.kind in ("temporal", "refinement")}
    return replace(model, selected=tuple(n for n in expectable(model) if model.checked(n) and n not in left), symmetry=False)


def visible(result: Any) -> dict[str, Any]:
    """Return all that can be seen of a Result but times, memory, and the names of engine and workers."""
    return {
        "counts": {
            "distinct": result.distinct, "generated": result.generated, "dropped": result.dropped, "depth": result.depth, "complete": result.complete,
            "stopped": result.stopped,
        },
        "taken": {name: action.taken for name, action in result.actions.items()},
        "verdicts": {p.name: p.verdict.value for p in result.properties},
        **{f"{p.name}: {part}": getattr(p, part) for p in result.properties for part in ("reason", "binding", "trace", "explanation", "possible", "error_span")},
        "findings": tuple((f.code, f.message, str(f.span), f.certain, f.accepted) for f in result.findings),
        "mismatches": result.mismatches,
        "notes": result.notes,
    }  # fmt: skip


def visible_error(error: SpeccheckError) -> dict[str, Any]:
    """Return all that can be seen of an error."""
    return {"error": (error.code, error.message, str(error.span), error.remedy, error.notes, error.trace)}


def seen_by(model: Model, engine: str, workers: int | None, budget: Budget) -> dict[str, Any]:
    """Return all that can be seen of a check."""
    try:
        return visible(check_model(model, engine=engine, workers=workers, budget=budget))
    except SpeccheckError as error:
        if error.code == "SC140":
            raise
        return visible_error(error)


def compared(
    model: Model, tuning: Tuning = PLAIN, workers: int = 1, budget: Budget = BUDGET, expected: dict[str, Any] | None = None, whole: bool = False
) -> Comparison:
    """Check a model with both engines, and compare. `expected`: what the Python engine says, if that is known already; `whole`: with its temporal properties."""
    model = model if whole else safety(model)
    python = expected if expected is not None else seen_by(model, "python", None, budget)
    with tuned(tuning), _questions() as asked:
        try:
            found = seen_by(model, "native", workers, budget)
        except SpeccheckError as refused:
            return Comparison("refused", construct=refused.message, place=str(refused.span or ""))
        except Exception as wrong:
            return Comparison("differ", (f"{type(wrong).__name__}: {wrong}", *_where(wrong)))
    if "error" in python or "error" in found:
        if python == found:
            return Comparison("misused", codes=(python["error"][0],))
        return Comparison("differ", tuple(_differences(python, found)))
    if python["counts"]["stopped"] is not None or found["counts"]["stopped"] is not None:
        if (python["counts"]["stopped"] is None) != (found["counts"]["stopped"] is None) and "--timeout" not in str((python["counts"], found["counts"])):
            return Comparison("differ", (f"stopped: {python['counts']['stopped']} | {found['counts']['stopped']}",))
        return Comparison("cut")
    differences = tuple(_differences(python, found))
    failing = tuple(name for name, verdict in python["verdicts"].items() if verdict == "VIOLATED")
    return Comparison("differ" if differences else "agree", differences, states=python["counts"]["distinct"], failing=failing, asked=asked[0])


def _where(wrong: BaseException) -> list[str]:
    import traceback

    return [f"{Path(one.filename).name}:{one.lineno} {one.line}" for one in traceback.extract_tb(wrong.__traceback__)[-4:]]


def _differences(a: dict[str, Any], b: dict[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys(itertools.chain(a, b)):
        if a.get(name) != b.get(name):
            yield f"{name}: python {_short(a.get(name))} | native {_short(b.get(name))}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 600 else f"{text[:600]}..."


def compared_text(text: str, tuning: Tuning = PLAIN, workers: int = 1, budget: Budget = BUDGET, whole: bool = False) -> Comparison:
    """Compare the engines on the text of a module with one spec."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spec.py"
        file.write_text(text, encoding="utf-8")
        try:
            (model,), _ = models_of_file(str(file), {})
        except SpeccheckError as error:
            return Comparison("not loaded", codes=tuple(sorted({one.code for one in error.errors})))
        return compared(model, tuning, workers, budget, whole=whole)


def construct_of(refusal: str) -> str:
    """Return the construct that a refusal names, without names and numbers of one spec."""
    return re.sub(r"\d+", "n", re.sub(r"'[^']*'", "'...'", refusal.removesuffix(" is not compiled")))


def variant_of(seed: int) -> tuple[str, int]:
    """Return the tuning and the number of workers with which a random spec is checked."""
    names = list(TUNINGS)
    return (names[seed // 2 % len(names)] if seed % 2 else "plain"), 1 + seed // 3 % 2
