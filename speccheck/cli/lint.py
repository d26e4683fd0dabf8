"""`speccheck lint`: load specs, check their text and their types, and search nothing."""

import click

from speccheck.checker.bundled import resolved
from speccheck.checker.lint import Linted, lint
from speccheck.checker.run import RunOptions
from speccheck.cli.screen import Screen
from speccheck.reports.errors import error_lines
from speccheck.reports.violation import finding_line
from speccheck.trace.styled import Line, Piece, counted, line


@click.command("lint", help="Load the specs of the given files and folders, and check their text and their types, without searching.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--types/--no-types", default=None, help="Ask mypy about the types.  [default: if it is installed]")
@click.option("--strict", is_flag=True, help="Exit 6 if there are findings.")
@click.option("--quiet", is_flag=True, help="Show only what is wrong.")
@click.pass_obj
def command(screen: Screen, /, paths: tuple[str, ...], types: bool | None, strict: bool, quiet: bool) -> int:
    """Show errors and findings, and return the exit code."""
    linted = lint(tuple(map(resolved, paths)), RunOptions(strict=strict), types)
    for error in linted.report.errors:
        screen.complain(error_lines(error))
    screen.paragraph(linted_lines(linted, quiet))
    return linted.report.exit_code


def linted_lines(linted: Linted, quiet: bool) -> list[Line]:
    """Return the findings, and a line that adds up what was looked at; a quiet run says only what is wrong."""
    report = linted.report
    shown = [finding_line(finding) for finding in report.findings if not quiet or (report.options.strict and finding.counts)]
    if quiet and report.exit_code == 0:
        return shown
    files = len({model.file for model in linted.models})
    word: Piece = ("ok", "good") if report.exit_code == 0 else ("FAILED", "bad")
    wrong = f"{counted(len(report.errors), 'error')}, " if report.errors else ""
    types = "types checked by mypy" if linted.types else "types not checked"
    return [*shown, line(word, f": {wrong}{counted(files, 'file')}, {counted(len(linted.models), 'model')}, {types}")]
