"""`speccheck run`: check every selected model, show what came out, end with the exit code that it adds up to."""

from dataclasses import replace
from typing import Any

import click

from speccheck.checker.bundled import resolved
from speccheck.checker.result import Result
from speccheck.checker.run import Check, Observer, Report, RunOptions, checked, exit_code, run
from speccheck.cli.configured import configured
from speccheck.cli.outputs import check_outputs, output_options, outputs_of, silent_output, write_outputs
from speccheck.cli.parameters import count, define, defines_of, names, once, seconds, size
from speccheck.cli.progress import Reporter
from speccheck.cli.screen import Screen
from speccheck.engines.machine import Budget
from speccheck.errors import EXIT_INTERRUPTED, FileMissing, SpeccheckError


@click.command("run", help="Check every model of the given files and folders; `bundled:NAME` is a spec that ships with speccheck.")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", multiple=True, callback=once, metavar="NAME", help="Check this spec only.")
@click.option("--model", multiple=True, callback=once, metavar="TEXT", help="Check the models whose name contains TEXT.")
@click.option("--property", "property_", multiple=True, callback=once, metavar="NAME", help="Check this property only.")
@click.option("--engine", type=click.Choice(["auto", "python", "native"]), default="auto", show_default=True, help="Who runs the rules.")
@click.option("--workers", type=count, metavar="N", help="Threads that search, on the native engine.  [default: all cores]")
@click.option("--symmetry/--no-symmetry", default=None, help="Treat the members of symmetric sorts as interchangeable.")
@click.option("--no-deadlock", is_flag=True, help="Do not look for deadlocks.")
@click.option("--stop-first", is_flag=True, help="End after the level of the first unexpected violation.")
@click.option("--max-states", type=count, metavar="N", help="End the search after N distinct states.")
@click.option("--max-depth", type=count, metavar="N", help="Search N levels.")
@click.option("--max-memory", type=size, metavar="SIZE", help="End a search at this size: 500MB, 2GiB; all jobs share it.")
@click.option("--timeout", type=seconds, metavar="SECONDS", help="End the search of each model after this time.")
@click.option("--rule-timeout", type=seconds, default="10", show_default=True, metavar="SECONDS", help="Longest evaluation of one rule.")
@click.option("--allow-incomplete/--no-allow-incomplete", default=False, help="Exit 0 although a limit left verdicts UNKNOWN.")
@click.option("--tags", type=names, default="", metavar="TAG,...", help="Run the models with these tags: `slow`, `all`. Without it: all that are not slow.")
@click.option("--lanes", is_flag=True, help="Show traces with one column for each process.")
@click.option("--full", is_flag=True, help="Show whole states, witnesses, and how often actions were taken.")
@click.option("--strict/--no-strict", default=False, help="Exit 6 if there are findings.")
@click.option("--changed-since", metavar="REV", help="Check only what has changed since a revision of git, imports included.")
@click.option("--jobs", type=count, metavar="N", help="Check N models at once.  [default: one for each core]")
@click.option("--cache/--no-cache", default=False, help="Keep verdicts, and take those that are kept.  [default: no]")
@output_options
@click.option("--brief", is_flag=True, help="Tell no stories of models that are as expected: only the table.")
@click.option("--quiet", is_flag=True, help="Show only what is not as expected.")
@click.pass_obj
def command(screen: Screen, /, paths: tuple[str, ...], full: bool, lanes: bool, brief: bool, quiet: bool, **given: Any) -> int:
    """Check, show, and return the exit code."""
    outputs = outputs_of(given)
    paths, options = configured(paths, options_of(**given), given)
    check_outputs(outputs, paths)
    with silent_output(outputs.take_stdout):
        report = checked_and_shown(screen, paths, options, full, lanes, brief, quiet, outputs.take_stdout)
    write_outputs(outputs, report, screen)
    return report.exit_code


def options_of(
    defines: tuple[tuple[str, str], ...],
    engine: str,
    max_states: int | None,
    max_depth: int | None,
    max_memory: int | None,
    timeout: float | None,
    rule_timeout: float,
    no_deadlock: bool,
    property_: str | None,
    **others: Any,
) -> RunOptions:
    """Return what the command line selects and limits; a usage error for what does not exist."""
    budget = Budget(max_states, max_depth, timeout, max_memory, rule_timeout)
    return RunOptions(defines=defines_of(defines), engine=engine, budget=budget, deadlock=not no_deadlock, property=property_, **others)


def checked_and_shown(
    screen: Screen,
    paths: tuple[str, ...],
    options: RunOptions,
    full: bool,
    lanes: bool,
    brief: bool,
    quiet: bool,
    silent: bool,
    check: Check = checked,
    progress: Reporter | None = None,
) -> Report:
    """Run, and show each model as soon as it is finished; `check` is how, and `progress` shows it meanwhile."""
    from speccheck.reports.errors import error_lines
    from speccheck.reports.text import result_lines, summary_lines

    def finished(result: Result) -> None:
        screen.close()
        if not silent and not ((quiet or brief) and _unremarkable(result, options)):
            screen.paragraph(result_lines(result, full, lanes))

    def failed(error: SpeccheckError) -> None:
        screen.complain(error_lines(error, full))

    progress = progress or Reporter(screen)
    observer = Observer(finished=finished, failed=failed)
    if not quiet:
        observer = Observer(progress.started, progress.progressed, finished, failed, progress.ended)
    found, missing = _found(paths)
    for error in missing:
        failed(error)
    report = replace(run(found, options, observer, check) if found else Report((), (), 0, options=options), paths=paths)
    if missing:
        errors = [*missing, *report.errors]
        code = exit_code(list(report.results), errors, options, report.findings, interrupted=report.exit_code == EXIT_INTERRUPTED)
        report = replace(report, errors=tuple(errors), exit_code=code)
    if not silent and not (quiet and report.exit_code == 0):
        screen.paragraph(summary_lines(report))
    return report


def _found(paths: tuple[str, ...]) -> tuple[tuple[str, ...], list[SpeccheckError]]:
    """The paths with bundled specs looked up, and an error for each of these that does not exist."""
    found: list[str] = []
    missing: list[SpeccheckError] = []
    for path in paths:
        try:
            found.append(resolved(path))
        except FileMissing as error:
            missing.append(error)
    return tuple(found), missing


def _unremarkable(result: Result, options: RunOptions) -> bool:
    """Whether a quiet run has nothing to say about a model."""
    return result.as_expected and not (options.for_file(result.model.file).strict and any(finding.counts for finding in result.findings))
