"""`speccheck trace convert`: a trace in another format, which the ending of the file says."""

import os

import click

from speccheck.cli.screen import Screen
from speccheck.cli.traces.kept import kept_trace, model_option, property_option
from speccheck.errors import OutputUnwritable
from speccheck.trace.formats import ENDINGS, FORMATS, format_of, formatted
from speccheck.trace.styled import counted, line, plain_text


@click.command(
    "convert", help="Write a trace in another format. FILE is what `run --json` or `trace convert` has written, an ITF file of another tool, or `-`."
)
@click.argument("file")
@click.option("-o", "--output", required=True, metavar="FILE", help=f"Where to write; the ending says what: {', '.join(ENDINGS)}.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), help="The format, whatever the ending says.")
@click.option("--itf-mbt", is_flag=True, help="Add to an ITF file the variables of Quint's model-based testing.")
@property_option
@model_option
@click.pass_obj
def command(screen: Screen, /, file: str, output: str, format_: str | None, itf_mbt: bool, property_: str | None, model: str | None) -> int:
    """Read, and write."""
    from speccheck.cli.files import check_writable, write_whole

    name = _format(output, format_, itf_mbt)
    check_writable(output)
    if os.path.exists(file) and os.path.exists(output) and os.path.samefile(file, output):
        raise OutputUnwritable(f"'{output}' is the trace itself", remedy="Write to another file.")
    trace = kept_trace(screen, file, property_, model)
    write_whole(output, plain_text(formatted(trace, name)).encode(errors="backslashreplace"))
    screen.show([line(("wrote", "good"), f" {output}: {counted(len(trace.taken), 'step')}")])
    return 0


def _format(output: str, given: str | None, itf_mbt: bool) -> str:
    """The format that is wanted; a usage error where nothing says it."""
    name = given or format_of(output)
    if name is None:
        raise click.UsageError(f"'{output}' does not end in one of {', '.join(ENDINGS)}, and there is no --format.")
    if itf_mbt and name not in ("itf", "itf-mbt"):
        raise click.UsageError(f"--itf-mbt is for ITF files, and '{output}' will be one of the format {name}.")
    return "itf-mbt" if itf_mbt else name
