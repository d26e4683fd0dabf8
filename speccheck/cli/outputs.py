"""What a run writes besides its text: reports, a file for each counterexample, and what GitHub Actions shows.

In: the options `--json`, `--junit`, `--sarif`, `--trace-dir`, `--github`. Out: files, all from one run. What cannot be written is found before the search, and
what could not be written after it does not keep the rest from being written.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import click

from speccheck.checker.bundled import PREFIX
from speccheck.checker.run import Report
from speccheck.cli.files import append_whole, check_folder, check_writable, write_into, write_whole
from speccheck.cli.screen import Screen
from speccheck.errors import OutputUnwritable, SpeccheckError, raise_all
from speccheck.model.select import files_of
from speccheck.reports import reporter
from speccheck.trace.styled import plain_text

F = TypeVar("F", bound=Callable[..., Any])

STDOUT = "-"
OPTIONS = (
    click.option("--json", metavar="PATH", help="Write results as JSON; `-` is standard output, which then carries nothing else."),
    click.option("--junit", metavar="PATH", help="Write results as JUnit XML."),
    click.option("--sarif", metavar="PATH", help="Write what is wrong as SARIF, for code scanning."),
    click.option("--trace-dir", metavar="PATH", help="Write each counterexample into this folder, a file for each format."),
    click.option("--github/--no-github", default=None, help="Annotate lines and write a step summary.  [default: on GitHub Actions]"),
)
FILES = ("json", "junit", "sarif")  # options that are reports by the same name


@dataclass(frozen=True)
class Outputs:
    """What to write where: reports by their names, the folder of traces, annotations, the file of the step summary."""

    reports: tuple[tuple[str, str], ...]
    trace_dir: str | None
    annotations: bool
    summary: str | None

    @property
    def take_stdout(self) -> bool:
        """Whether standard output carries a report and nothing else."""
        return any(path == STDOUT for _, path in self.reports)


def output_options(function: F) -> F:
    """Give a command the options."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


def outputs_of(given: dict[str, Any]) -> Outputs:
    """Take the options out of what was given to a command."""
    reports = tuple((name, path) for name in FILES if (path := given.pop(name)) is not None)
    wanted = given.pop("github")
    annotations = os.environ.get("GITHUB_ACTIONS") == "true" if wanted is None else wanted
    return Outputs(reports, given.pop("trace_dir"), annotations, os.environ.get("GITHUB_STEP_SUMMARY") or None if annotations else None)


def check_outputs(outputs: Outputs, paths: tuple[str, ...]) -> None:
    """Raise OutputUnwritable for a place that cannot be written, or that is one of the specs; a usage error for two outputs in one place."""
    files = [path for _, path in outputs.reports if path != STDOUT]
    for path in (*files, *([outputs.summary] if outputs.summary else [])):
        check_writable(path)
    if outputs.trace_dir is not None:
        check_folder(outputs.trace_dir)
    _refuse_one_place(outputs)
    there = [path for path in files if os.path.exists(path)]
    for spec in files_of(path for path in paths if there and not path.startswith(PREFIX)):
        for path in there:
            if os.path.exists(spec) and os.path.samefile(path, spec):
                raise OutputUnwritable(f"'{path}' is one of the specs", remedy="Write the results to another file.")


def _refuse_one_place(outputs: Outputs) -> None:
    names: dict[str, list[str]] = {}
    for name, path in outputs.reports:
        if path == STDOUT or not os.path.exists(path) or os.path.isfile(path):  # a device takes any number
            names.setdefault("standard output" if path == STDOUT else os.path.realpath(path), []).append(f"--{name}")
    for place, options in names.items():
        if len(options) > 1:
            raise click.UsageError(f"{' and '.join(options)} would write to the same place: {place}.")


def write_outputs(outputs: Outputs, report: Report, screen: Screen) -> None:
    """Write everything that can be written, and then raise OutputUnwritable for what could not."""
    errors: list[SpeccheckError] = []
    for write in _writers(outputs, report, screen):
        try:
            write()
        except OutputUnwritable as error:
            errors.append(error)
    raise_all(errors)


@contextlib.contextmanager
def silent_output(wanted: bool) -> Iterator[None]:
    """Send what spec modules print to standard error, so that standard output carries a report alone."""
    with contextlib.redirect_stdout(sys.stderr) if wanted else contextlib.nullcontext():
        yield


def _writers(outputs: Outputs, report: Report, screen: Screen) -> Iterator[Callable[[], None]]:
    for name, path in outputs.reports:
        yield partial(_write, name, path, report)
    if outputs.trace_dir is not None:
        yield partial(_write_traces, outputs.trace_dir, report)
    if outputs.summary is not None:
        yield partial(_write_summary, outputs.summary, report)
    if outputs.annotations:
        yield partial(_annotate, report, outputs.take_stdout, screen)


def _write(name: str, path: str, report: Report) -> None:
    text = plain_text(reporter(name)(report))
    if path == STDOUT:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_whole(path, text.encode("utf-8", "replace"))


def _write_traces(folder: str, report: Report) -> None:
    from speccheck.reports.trace_files import trace_files

    write_into(folder, ((name, text.encode("utf-8", "replace")) for name, text in trace_files(report)))


def _write_summary(path: str, report: Report) -> None:
    """The size that GitHub allows is that of the step, and another command of it may have written already."""
    from speccheck.reports.summary import MOST_BYTES, text_of

    there = os.path.getsize(path) if os.path.isfile(path) else 0
    append_whole(path, text_of(report, MOST_BYTES - there).encode("utf-8", "replace"))


def _annotate(report: Report, take_stdout: bool, screen: Screen) -> None:
    """The runner reads workflow commands from either stream."""
    lines = reporter("github")(report)
    if take_stdout:
        screen.complain(lines)
    else:
        screen.paragraph(lines)
