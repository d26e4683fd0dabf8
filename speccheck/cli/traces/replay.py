"""`speccheck trace replay`: the steps of a trace, taken on a spec as it is now."""

import click

from speccheck.checker.bundled import resolved
from speccheck.cli.parameters import define, defines_of
from speccheck.cli.screen import Screen
from speccheck.cli.traces.kept import kept_trace, model_option, property_option
from speccheck.errors import EXIT_UNEXPECTED

Defines = tuple[tuple[str, str], ...]


@click.command("replay", help="Take the steps of a trace on SPEC as it is now, and say where they are not possible any more.")
@click.argument("file")
@click.argument("spec_path", metavar="SPEC")
@click.option("--spec", metavar="NAME", help="Replay on this spec of the module.  [default: the one that the trace is of]")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant another value than in the trace's model.")
@property_option
@model_option
@click.pass_obj
def command(
    screen: Screen, /, file: str, spec_path: str, spec: str | None, defines: tuple[tuple[str, str], ...], property_: str | None, model: str | None
) -> int:
    """Read, replay, and say what came out."""
    from speccheck.checker.fit import fit
    from speccheck.checker.target import model_of_trace
    from speccheck.reports.fit import fit_lines

    trace = kept_trace(screen, file, property_, model)
    found = fit(trace, model_of_trace(trace, resolved(spec_path), spec, defines_of(defines)))
    screen.show(fit_lines(found))
    return 0 if found.misfit is None else EXIT_UNEXPECTED
