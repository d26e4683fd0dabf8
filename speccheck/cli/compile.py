"""`speccheck compile`: what becomes of the rules of a model, as the Program that the compiler makes of them, or as C."""

import click

from speccheck.cli.graph import selected
from speccheck.cli.parameters import define, once
from speccheck.cli.screen import Screen
from speccheck.trace.styled import line


@click.command("compile", help="Show the rules of a model as the native engine compiles them: as C, with the lines of the spec as comments.")
@click.argument("path")
@click.option("-o", "--output", metavar="FILE", help="Where to write; without it, to standard output.")
@click.option("--program", is_flag=True, help="Show the typed program that stands between Python and C.")
@click.option("--without", multiple=True, metavar="PASS", help="Leave out a pass of the compiler; may be repeated.")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", multiple=True, callback=once, metavar="NAME", help="Compile this spec.")
@click.option("--model", multiple=True, callback=once, metavar="TEXT", help="Compile the first model whose name contains TEXT.")
@click.pass_obj
def command(
    screen: Screen,
    /,
    path: str,
    output: str | None,
    program: bool,
    without: tuple[str, ...],
    defines: tuple[tuple[str, str], ...],
    spec: str | None,
    model: str | None,
) -> int:
    """Load, compile and write; nothing is searched, and no C compiler is needed."""
    from speccheck.checker.compiled import compiled
    from speccheck.cli.files import check_writable, write_whole
    from speccheck.compiler.passes import PASSES

    unknown = [name for name in without if name not in PASSES]
    if unknown:
        raise click.UsageError(f"There is no pass '{unknown[0]}'; there are {', '.join(PASSES)}.")
    if output is not None:
        check_writable(output)
    text = compiled(selected(screen, path, defines, spec, model), program=program, without=frozenset(without))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode())
        screen.show([line(("wrote", "good"), f" {output}")])
    return 0
