"""`speccheck trace show`: a trace on the terminal, as `speccheck run` shows it, or in any other format."""

import click

from speccheck.cli.screen import Screen
from speccheck.cli.traces.kept import kept_trace, model_option, property_option
from speccheck.trace.formats import FORMATS, formatted
from speccheck.trace.styled import Line
from speccheck.trace.trace import Trace


@click.command("show", help="Show a trace. FILE is what `run --json` or `trace convert` has written, an ITF file of another tool, or `-` for standard input.")
@click.argument("file")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to show it.")
@click.option("--full", is_flag=True, help="Show whole states (as text).")
@property_option
@model_option
@click.pass_obj
def command(screen: Screen, /, file: str, format_: str, full: bool, property_: str | None, model: str | None) -> int:
    """Read, and show."""
    trace = kept_trace(screen, file, property_, model)
    screen.show(_shown(trace, format_, full))
    return 0


def _shown(trace: Trace, format_: str, full: bool) -> list[Line]:
    from speccheck.reports.violation import trace_lines

    if format_ in ("text", "lanes"):
        return trace_lines(trace, full, lanes=format_ == "lanes")
    return formatted(trace, format_)
