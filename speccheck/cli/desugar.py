"""`speccheck desugar`: a spec with processes, written out as one with actions."""

import click

from speccheck.checker.bundled import resolved
from speccheck.cli.screen import Screen
from speccheck.errors import NoSpec
from speccheck.source import Span
from speccheck.trace.styled import line


@click.command("desugar", help="Show the processes of a spec as the actions that they become: Python that is a spec itself.")
@click.argument("path")
@click.option("-o", "--output", metavar="FILE", help="Where to write; without it, to standard output.")
@click.pass_obj
def command(screen: Screen, /, path: str, output: str | None) -> int:
    """Load, translate and write."""
    from speccheck.cli.files import check_writable, write_whole
    from speccheck.model.loading import load_module
    from speccheck.model.processes.desugar import desugared

    if output is not None:
        check_writable(output)
    loaded = load_module(resolved(path))
    if not loaded.specs:
        raise NoSpec("no class derived from Spec in this module", span=Span(loaded.file))
    text = desugared(loaded)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode())
        screen.show([line(("wrote", "good"), f" {output}")])
    return 0
