"""Several files, many models: what `speccheck run` does, without the terminal."""

import gc
import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from speccheck.checker.acceptance import unmatched
from speccheck.checker.check import check_model
from speccheck.checker.outcomes import Work, outcomes
from speccheck.checker.result import Finding, Result
from speccheck.checker.settings import NAMES, Override, Settings, settings_for
from speccheck.checker.unchanged import Unchanged, Watch
from speccheck.domains.overrides import Text
from speccheck.engines.machine import Budget
from speccheck.engines.native.toolchain import cores
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
from speccheck.model.acceptances import acceptances_of_run
from speccheck.model.model import Model
from speccheck.model.select import expectable, files_of, models_of_file

if TYPE_CHECKING:
    from speccheck.checker.kept import Kept

# What says which models are checked, by whom, and what their results add up to; but no result depends on it.
NO_PART = ("allow_incomplete", "budget", "cache", "changed_since", "configuration", "jobs", "model", "overrides", "spec", "strict", "tags")
SLOW, ALL = "slow", "all"  # the tag of models that run only when they are asked for, and what stands for every tag


@dataclass(frozen=True)
class RunOptions:
    """What the command line selects and limits. `defines` are the texts of `-D NAME=VALUE`; `symmetry` None leaves it to each model.

    `tags` are those of the models to run: "all" for all of them, and without any, all that are not tagged "slow". `accept` are findings that are kept on
    purpose in all specs, by code, with the reason. `overrides` say what is otherwise for some files. `jobs` is how many models are checked at once (None: one
    for each core), `cache` whether verdicts are kept and found again. With `changed_since`, a revision, what has not changed is left away; a change of the file
    `configuration` is one of everything.
    """

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
    tags: tuple[str, ...] = ()
    accept: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    jobs: int | None = 1
    cache: bool = False
    changed_since: str | None = None
    configuration: str | None = None

    def for_file(self, file: str) -> "RunOptions":
        """Return the options as they are for the models of one file."""
        return with_settings(self, settings_for(self.overrides, file)) if self.overrides else self


def with_settings(options: RunOptions, settings: Settings) -> RunOptions:
    """Return the options with what the settings say laid over them."""
    said = {name: value for name in NAMES if (value := getattr(settings, name)) is not None and name != "paths"}
    limits = {"max_states": "states", "max_memory": "memory", "timeout": "seconds", "rule_timeout": "rule_seconds"}
    budget = replace(options.budget, **{limits[name]: said.pop(name) for name in limits if name in said})
    return replace(options, budget=budget, **said)


@dataclass(frozen=True)
class Observer:
    """Who is told what happens, as it happens. A model has `ended` when its search is over; it is `finished` or `failed` when its turn has come to be shown."""

    started: Callable[[Model], None] = lambda model: None
    progressed: Callable[[Model, Any], None] = lambda model, progress: None  # a Progress, or the Moment of a simulation
    finished: Callable[[Result], None] = lambda result: None
    failed: Callable[[SpeccheckError], None] = lambda error: None
    ended: Callable[[Model], None] = lambda model: None


Check: TypeAlias = Callable[[Model, RunOptions, Observer], Result]


@dataclass(frozen=True)
class Report:
    """What came out of a run: one result per model, the errors, and the exit code that they add up to.

    `left_out` are the models not run for their tags, `findings` what is about the run and not about one model, `paths` and `options` what was asked for.
    `unchanged` is what was not even looked at with `changed_since`.
    """

    results: tuple[Result, ...]
    errors: tuple[SpeccheckError, ...]
    exit_code: int
    left_out: tuple[Model, ...] = ()
    findings: tuple[Finding, ...] = ()
    paths: tuple[str, ...] = ()
    options: RunOptions = field(default_factory=RunOptions)
    unchanged: Unchanged | None = None


def checked(model: Model, options: RunOptions, observer: Observer) -> Result:
    """Return what came out of the search of a model."""
    changed = options.property is not None or options.symmetry is not None
    return check_model(
        model,
        engine=options.engine,
        workers=options.workers,
        budget=options.budget,
        progress=lambda progress: observer.progressed(model, progress),
        stop_first=options.stop_first,
        compare_counts=not changed,
        keep_states=False,
    )


def run(paths: tuple[str, ...], options: RunOptions, observer: Observer = Observer(), check: Check = checked) -> Report:
    """Check every selected model of every file below the paths; `check` is how.

    Nothing is raised for what the user must change: it is in the report's `errors`, and the other files are checked all the same.
    """
    try:
        watch = None if options.changed_since is None else Watch(options.changed_since, options.configuration, _selects(options))
    except SpeccheckError as trouble:
        observer.failed(trouble)
        return Report((), (trouble,), trouble.exit_code, paths=paths, options=options)
    with _without_collections():
        found, errors = select(paths, options, watch)
    models, left_out = tagged(found, options)
    if found and not models and not (watch and watch.spared):
        errors.append(_nothing_tagged(found, options))
    models = [one for one in models if watch is None or watch.concerns(one.file)]
    for error in errors:
        observer.failed(error)
    results, interrupted = _results(models, options, observer, errors, check)
    unchanged = watch.unchanged() if watch else None
    outdated: tuple[Finding, ...] = ()
    if not errors and not interrupted and not unchanged and not _narrow(options):
        outdated = unmatched(found, results, gate=all(map(os.path.isdir, paths)))
    code = exit_code(results, errors, options, outdated, interrupted, spared=bool(unchanged))
    return Report(tuple(results), tuple(errors), code, tuple(left_out), outdated, paths, options, unchanged)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Leave the garbage collector off for a while: of what loading makes next to nothing is garbage, and looking for it takes a seventh of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _selects(options: RunOptions) -> bool:
    """Return whether the options name something that must exist."""
    return bool(options.defines or options.spec or options.model or options.property or options.tags)


def _results(models: list[Model], options: RunOptions, observer: Observer, errors: list[SpeccheckError], check: Check) -> tuple[list[Result], bool]:
    """Return the results, and whether the run was interrupted without one that says so; errors are added to the others."""
    results: list[Result] = []
    alone = check is not checked  # another way to get at a result: what is kept, and what a process of a job can tell, are those of a search
    kept = None if alone else _kept(options)
    work = Work(partial(_checked, check, options), 1 if alone else options.jobs, kept, observer.started, observer.progressed, observer.ended)
    try:
        for outcome in outcomes(models, work):
            if not isinstance(outcome, SpeccheckError):
                results.append(outcome)
                observer.finished(outcome)
            elif not _said(outcome, errors):  # models of one spec share their mistakes
                errors.append(outcome)
                observer.failed(outcome)
    except KeyboardInterrupt:
        return results, True
    finally:
        if kept is not None:
            kept.close()
    return results, False


def _said(error: SpeccheckError, before: list[SpeccheckError]) -> bool:
    """Return whether all that an error says has been said, of another model."""
    said = {(one.code, one.span, one.message) for group in before for one in group.errors}
    return all(one.span is not None and (one.code, one.span, one.message) in said for one in error.errors)


def _kept(options: RunOptions) -> "Kept | None":
    if not options.cache:
        return None
    from speccheck.checker.cache import users_cache
    from speccheck.checker.kept import Kept

    return Kept(users_cache(), lambda model: _asked(options.for_file(model.file)))


def tagged(models: list[Model], options: RunOptions) -> tuple[list[Model], list[Model]]:
    """Return the models to run, by their tags, and those that are left out. A model that is named is run whatever its tags are."""
    wanted = [options.model is not None or is_tagged(one, options.for_file(one.file).tags) for one in models]
    return [one for one, kept in zip(models, wanted) if kept], [one for one, kept in zip(models, wanted) if not kept]


def is_tagged(model: Model, tags: tuple[str, ...]) -> bool:
    """Return whether a model has one of the tags; without tags, whether it is not slow."""
    return ALL in tags or bool(set(tags) & set(model.tags)) or (not tags and SLOW not in model.tags)


def _nothing_tagged(models: list[Model], options: RunOptions) -> SpeccheckError:
    if not options.tags:
        return NothingSelected(f"all {len(models)} models have the tag '{SLOW}'", remedy=f"Run them with --tags {SLOW}.")
    known = sorted({tag for model in models for tag in model.tags})
    guess = did_you_mean(options.tags[0], known)
    return NothingSelected(f"no model has the tag {' or '.join(map(repr, options.tags))}.{guess}", remedy=f"There are {', '.join(known) or 'no tags'}.")


def select(paths: tuple[str, ...], options: RunOptions, watch: Watch | None = None) -> tuple[list[Model], list[SpeccheckError]]:
    """Return the models that the options select, with the options laid over them, and the errors of the files that cannot be used. What a watch spares is not
    even loaded.
    """
    try:
        for accept in (options.accept, *(one.settings.accept for one in options.overrides)):
            acceptances_of_run(accept or {})
    except SpeccheckError as error:
        return [], [error]
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
            if watch is not None and watch.spares(file):
                concerned = True
                continue
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
    laid = [one for model in models if (one := with_options(_accepting(model, options), options)) is not None]
    if models and not laid:
        names = [p.name for model in models for p in model.properties]
        errors.append(NothingSelected(f"no selected spec has a property '{options.property}'.{did_you_mean(options.property or '', names)}"))
    if not models and not errors:
        errors += missed[:1]
    return ([] if any(isinstance(e, UnknownOverride) for e in errors) else laid), errors


def _accepting(model: Model, options: RunOptions) -> Model:
    """Return the model with what the configuration accepts for its file, for which its class has the better reason."""
    of_run = acceptances_of_run(options.for_file(model.file).accept)
    return replace(model, acceptances=(*of_run, *model.acceptances)) if of_run else model


def with_options(model: Model, options: RunOptions) -> Model | None:
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


def _narrow(options: RunOptions) -> bool:
    """Whether not all models of the files are checked as they are."""
    return any((options.defines, options.spec, options.model, options.property, options.symmetry is not None, not options.deadlock, options.stop_first))


def _checked(check: Check, options: RunOptions, model: Model, among: int, progressed: Callable[[Any], None]) -> Result:
    """Check a model with the options for its file, and with its share of the memory."""
    one = options.for_file(model.file)
    if one.budget.memory is not None:
        one = replace(one, budget=replace(one.budget, memory=one.budget.memory // among))
    if one.workers is None and among > 1:  # they have to share the cores
        one = replace(one, workers=max(1, cores() // among))
    return check(model, one, Observer(progressed=lambda _, moment: progressed(moment)))


def _asked(options: RunOptions) -> Hashable:
    """Return what a complete result depends on besides its model: every option but those of which we know that they are no part of it. How long a search may
    take, and how much memory, is none.
    """
    values = {one.name: getattr(options, one.name) for one in fields(options) if one.name not in NO_PART}
    texts = (repr(sorted(value.items())) if isinstance(value, Mapping) else repr(value) for value in values.values())
    return (*texts, options.budget.states, options.budget.depth)


def exit_code(
    results: list[Result],
    errors: list[SpeccheckError],
    options: RunOptions,
    findings: tuple[Finding, ...] = (),
    interrupted: bool = False,
    spared: bool = False,
) -> int:
    """Return the code that the results and errors add up to: the first that applies of 130, 2, 3, 1, 5, 4, 6, else 0.

    `interrupted` is a run that ended early although no result says so; `spared` one that left something away because it has not changed.
    """
    codes = {one.exit_code for error in errors for one in error.errors}
    if interrupted or any(r.interrupted for r in results):
        codes.add(EXIT_INTERRUPTED)
    if any(r.mismatches for r in results):
        codes.add(EXIT_UNEXPECTED)
    if any(r.inconclusive and not options.for_file(r.model.file).allow_incomplete for r in results):
        codes.add(EXIT_INCONCLUSIVE)
    if (options.strict and any(f.counts for f in findings)) or any(f.counts and options.for_file(r.model.file).strict for r in results for f in r.findings):
        codes.add(EXIT_FINDING)
    if not results and not codes and not spared:
        codes.add(EXIT_NOTHING)
    order = (EXIT_INTERRUPTED, EXIT_USAGE, EXIT_SPEC, EXIT_UNEXPECTED, EXIT_NOTHING, EXIT_INCONCLUSIVE, EXIT_FINDING)
    return next((code for code in order if code in codes), 0)
