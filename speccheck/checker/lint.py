"""Looking at specs without searching: what loading them, the checks on their text and a type checker find.

In: paths. Out: the models, and a Report without results. It takes a second where a search takes its time, so that an editor or a commit can wait for it.
"""

from dataclasses import dataclass

from speccheck.checker.acceptance import accepted
from speccheck.checker.check import raise_nothing_to_check
from speccheck.checker.findings import without_search
from speccheck.checker.result import Finding
from speccheck.checker.run import Report, RunOptions, exit_code, select
from speccheck.checker.search import loaded
from speccheck.checker.types import mypy_installed, type_errors
from speccheck.errors import EXIT_FINDING, MissingProgram, SpeccheckError
from speccheck.model.model import Model


@dataclass(frozen=True)
class Linted:
    """What a look at specs gave: the models that could be made, whether their types were checked, errors and findings in a Report."""

    models: tuple[Model, ...]
    types: bool
    report: Report


def lint(paths: tuple[str, ...], options: RunOptions, types: bool | None = None) -> Linted:
    """Look at every model of every file below the paths. `types` says whether mypy must, may not, or (None) may be asked where it is installed."""
    models, errors = select(paths, options)
    errors += [error for model in models for error in _errors(model)]
    ask = mypy_installed() if types is None else types
    if ask and not mypy_installed():
        errors.append(MissingProgram("mypy is not installed in this environment", remedy="Install it (pip install mypy), or leave it out with --no-types."))
        ask = False
    if ask:
        errors += type_errors(model.file for model in models)
    found = tuple(dict.fromkeys(finding for model in models for finding in accepted(without_search(model), model.acceptances)))
    unique = tuple({(type(one), one.span, one.message): one for group in errors for one in group.errors}.values())
    return Linted(tuple(models), ask, Report((), unique, _exit_code(models, list(unique), options, found), findings=found, paths=paths, options=options))


def _errors(model: Model) -> list[SpeccheckError]:
    """Return what is found when a model is made ready for a search."""
    try:
        raise_nothing_to_check(model)
        loaded(model, "python")
    except SpeccheckError as error:
        return [error]
    return []


def _exit_code(models: list[Model], errors: list[SpeccheckError], options: RunOptions, found: tuple[Finding, ...]) -> int:
    if errors or not models:
        return exit_code([], errors, options, found)
    return EXIT_FINDING if options.strict and any(finding.counts for finding in found) else 0
