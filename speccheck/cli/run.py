"""`speccheck run`: check every selected model, show what came out, end with the exit code that it adds up to."""

import contextlib
import os
import sys
from typing import Any

import click

from speccheck.checker.bundled import resolved
from speccheck.checker.result import Result
from speccheck.checker.run import Observer, Report, RunOptions, exit_code, run
from speccheck.cli.parameters import count, define, defines_of, seconds, size
from speccheck.cli.progress import Reporter
from speccheck.cli.screen import Screen
from speccheck.engines.machine import Budget
from speccheck.errors import FileMissing, OutputUnwritable, SpeccheckError


@click.command("run", help="Check every model of the given files and folders; `bundled:NAME` is a spec that ships with speccheck.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", metavar="NAME", help="Check this spec only.")
@click.option("--model", metavar="TEXT", help="Check the models whose name contains TEXT.")
@click.option("--property", "property_", metavar="NAME", help="Check this property only.")
@click.option("--engine", type=click.Choice(["auto", "python", "native"]), default="auto", show_default=True, help="Who runs the rules.")
@click.option("--workers", type=count, metavar="N", help="Processes that search.  [default: all cores]")
@click.option("--symmetry/--no-symmetry", default=None, help="Treat the members of symmetric sorts as interchangeable.")
@click.option("--no-deadlock", is_flag=True, help="Do not look for deadlocks.")
@click.option("--stop-first", is_flag=True, help="End after the level of the first unexpected violation.")
@click.option("--max-states", type=count, metavar="N", help="End the search after N distinct states.")
@click.option("--max-depth", type=count, metavar="N", help="Search N levels.")
@click.option("--max-memory", type=size, metavar="SIZE", help="End the search at this size: 500MB, 2GiB.")
@click.option("--timeout", type=seconds, metavar="SECONDS", help="End the search of each model after this time.")
@click.option("--rule-timeout", type=seconds, default="10", show_default=True, metavar="SECONDS", help="Longest evaluation of one rule.")
@click.option("--allow-incomplete", is_flag=True, help="Exit 0 although a limit left verdicts UNKNOWN.")
@click.option("--full", is_flag=True, help="Show whole states, witnesses, and how often actions were taken.")
@click.option("--strict", is_flag=True, help="Exit 6 if there are findings.")
@click.option("--json", "json_path", metavar="PATH", help="Write results as JSON; `-` is standard output, which then carries nothing else.")
@click.option("--quiet", is_flag=True, help="Show only what is not as expected.")
@click.pass_obj
def command(screen: Screen, /, paths: tuple[str, ...], json_path: str | None, full: bool, quiet: bool, **given: Any) -> int:
    """Check, show, and return the exit code."""
    options = options_of(**given)
    if json_path is not None and json_path != "-":
        _check_output(json_path, paths)
    with _silent_output(json_path == "-"):
        report = _checked(screen, paths, options, full, quiet, json_path == "-")
    if json_path is not None:
        _write_json(report, json_path)
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
    if engine == "native":
        raise click.UsageError("The native engine does not exist yet in this version; use --engine python, or leave the option away.")
    budget = Budget(max_states, max_depth, timeout, max_memory, rule_timeout)
    return RunOptions(defines=defines_of(defines), engine=engine, budget=budget, deadlock=not no_deadlock, property=property_, **others)


def _check_output(json_path: str, paths: tuple[str, ...]) -> None:
    """Refuse a file that cannot be written, or that is one of the specs, before the search."""
    from speccheck.cli.files import check_writable

    check_writable(json_path)
    if any(os.path.isfile(path) and os.path.exists(json_path) and os.path.samefile(path, json_path) for path in paths):
        raise OutputUnwritable(f"'{json_path}' is one of the specs", remedy="Write the results to another file.")


def _checked(screen: Screen, paths: tuple[str, ...], options: RunOptions, full: bool, quiet: bool, silent: bool) -> Report:
    """Run, and show each model as soon as it is finished."""
    from speccheck.reports.errors import error_lines
    from speccheck.reports.text import result_lines, summary_lines

    def finished(result: Result) -> None:
        screen.close()
        if not silent and not (quiet and _unremarkable(result, options)):
            screen.paragraph(result_lines(result, full))

    def failed(error: SpeccheckError) -> None:
        screen.complain(error_lines(error, full))

    progress = Reporter(screen)
    observer = Observer(finished=finished, failed=failed)
    if not quiet:
        observer = Observer(progress.started, progress.progressed, finished, failed)
    found, missing = _found(paths)
    for error in missing:
        failed(error)
    report = run(found, options, observer) if found else Report((), (), 0)
    if missing:
        errors = [*missing, *report.errors]
        report = Report(report.results, tuple(errors), exit_code(list(report.results), errors, options))
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
    return result.as_expected and not (options.strict and any(finding.certain for finding in result.findings))


def _write_json(report: Report, path: str) -> None:
    from speccheck.cli.files import write_whole
    from speccheck.reports.json import lines
    from speccheck.trace.styled import plain_text

    text = plain_text(lines(report))
    if path == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_whole(path, text.encode())


@contextlib.contextmanager
def _silent_output(wanted: bool) -> Any:
    """Send what spec modules print to standard error, so that standard output carries the JSON alone."""
    with contextlib.redirect_stdout(sys.stderr) if wanted else contextlib.nullcontext():
        yield
