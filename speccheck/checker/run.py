"""Several files, many models: what `speccheck run` does, without the terminal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from speccheck.checker.check import check_model
from speccheck.checker.result import Result
from speccheck.domains.overrides import Text
from speccheck.engines.machine import Budget, Progress
from speccheck.errors import (
    EXIT_FINDING,
    EXIT_INCONCLUSIVE,
    EXIT_INTERRUPTED,
    EXIT_NOTHING,
    EXIT_SPEC,
    EXIT_UNEXPECTED,
    EXIT_USAGE,
    NoSpec,
    NothingSelected,
    SpeccheckError,
    UnknownOverride,
    did_you_mean,
)
from speccheck.model.model import Model
from speccheck.model.select import expectable, files_of, models_of_file


@dataclass(frozen=True)
class RunOptions:
    """What the command line selects and limits. `defines` are the texts of `-D NAME=VALUE`; `symmetry` None leaves it to each model."""

    defines: Mapping[str, str] = field(default_factory=dict)
    spec: str | None = None
    model: str | None = None
    property: str | None = None
    engine: str = "auto"
    workers: int | None = None
    symmetry: bool | None = None
    deadlock: bool = True
    stop_first: bool = False
    budget: Budget = field(default_factory=Budget)
    allow_incomplete: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Observer:
    """Who is told what happens, as it happens."""

    started: Callable[[Model], None] = lambda model: None
    progressed: Callable[[Model, Progress], None] = lambda model, progress: None
    finished: Callable[[Result], None] = lambda result: None
    failed: Callable[[SpeccheckError], None] = lambda error: None


@dataclass(frozen=True)
class Report:
    """What came out of a run: one result per model, the errors, and the exit code that they add up to."""

    results: tuple[Result, ...]
    errors: tuple[SpeccheckError, ...]
    exit_code: int


def run(paths: tuple[str, ...], options: RunOptions, observer: Observer = Observer()) -> Report:
    """Check every selected model of every file below the paths.

    Nothing is raised for what the user must change: it is in the report's `errors`, and the other files are checked all the same.
    """
    models, errors = select(paths, options)
    for error in errors:
        observer.failed(error)
    results: list[Result] = []
    for model in models:
        observer.started(model)
        try:
            result = _checked(model, options, observer)
        except SpeccheckError as error:
            errors.append(error)
            observer.failed(error)
            continue
        results.append(result)
        observer.finished(result)
        if result.interrupted:
            break
    return Report(tuple(results), tuple(errors), exit_code(results, errors, options))


def select(paths: tuple[str, ...], options: RunOptions) -> tuple[list[Model], list[SpeccheckError]]:
    """Return the models that the options select, with the options laid over them, and the errors of the files that cannot be used."""
    overrides = {name: Text(text) for name, text in options.defines.items()}
    models: list[Model] = []
    errors: list[SpeccheckError] = []
    missed: list[SpeccheckError] = []  # errors only if nothing else is found
    consumed: set[str] = set()
    known: set[str] = set()
    for path in paths:
        without: list[SpeccheckError] = []  # modules that define no spec: no error in a folder that has others
        concerned = False
        for file in files_of((path,)):
            try:
                found, used = models_of_file(file, overrides, options.spec, options.model)
            except NoSpec as error:
                without.append(error)
                continue
            except NothingSelected as error:
                missed.append(error)
            except SpeccheckError as error:
                errors.append(error)
            else:
                consumed |= used
                known |= {name for model in found for name in model.constants}
                models += found
            concerned = True
        if not concerned:
            errors += without[:1] or [NoSpec(f"no spec below {path}")]
    for name in overrides:
        if name not in consumed and models:
            errors.append(UnknownOverride(f"-D {name}: no selected spec has a constant or sort of this name.{did_you_mean(name, known)}"))
    laid = [one for model in models if (one := _with_options(model, options)) is not None]
    if models and not laid:
        names = [p.name for model in models for p in model.properties]
        errors.append(NothingSelected(f"no selected spec has a property '{options.property}'.{did_you_mean(options.property or '', names)}"))
    if not models and not errors:
        errors += missed[:1]
    return ([] if any(isinstance(e, UnknownOverride) for e in errors) else laid), errors


def _with_options(model: Model, options: RunOptions) -> Model | None:
    """Return the model as the options want it; None if it does not have the property that they name."""
    if options.property is not None:
        if options.property not in expectable(model) or not model.checked(options.property):
            return None
        model = replace(model, selected=(options.property,))
    if not options.deadlock:
        model = replace(model, properties=tuple(p for p in model.properties if p.kind != "deadlock"))
        if model.selected is None and "deadlock" in model.expectation.violates:
            model = replace(model, selected=tuple(n for n in expectable(model) if n != "deadlock"))
    if options.symmetry is not None:
        model = replace(model, symmetry=options.symmetry)
    expectation = model.expectation
    violates = tuple(n for n in expectation.violates if model.checked(n))
    unknown = tuple(n for n in expectation.unknown if model.checked(n))
    return replace(model, expectation=replace(expectation, violates=violates, unknown=unknown))


def _checked(model: Model, options: RunOptions, observer: Observer) -> Result:
    changed = options.property is not None or options.symmetry is not None
    return check_model(
        model,
        engine=options.engine,
        budget=options.budget,
        progress=lambda progress: observer.progressed(model, progress),
        stop_first=options.stop_first,
        compare_counts=not changed,
        keep_states=False,
    )


def exit_code(results: list[Result], errors: list[SpeccheckError], options: RunOptions) -> int:
    """Return the code that the results and errors add up to: the first that applies of 130, 2, 3, 1, 5, 4, 6, else 0."""
    codes = {one.exit_code for error in errors for one in error.errors}
    if any(r.interrupted for r in results):
        codes.add(EXIT_INTERRUPTED)
    if any(r.mismatches for r in results):
        codes.add(EXIT_UNEXPECTED)
    if any(r.inconclusive for r in results) and not options.allow_incomplete:
        codes.add(EXIT_INCONCLUSIVE)
    if options.strict and any(f.certain for r in results for f in r.findings):
        codes.add(EXIT_FINDING)
    if not results and not codes:
        codes.add(EXIT_NOTHING)
    order = (EXIT_INTERRUPTED, EXIT_USAGE, EXIT_SPEC, EXIT_UNEXPECTED, EXIT_NOTHING, EXIT_INCONCLUSIVE, EXIT_FINDING)
    return next((code for code in order if code in codes), 0)
