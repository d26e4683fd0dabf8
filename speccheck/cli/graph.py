"""`speccheck graph`: the state graph of a model as a picture or a file, a violation's trace in red."""

import os
from dataclasses import replace

import click

from speccheck.checker.bundled import resolved
from speccheck.cli.parameters import count, define, defines_of, once
from speccheck.cli.progress import Reporter
from speccheck.cli.screen import Screen
from speccheck.errors import MissingProgram, SpeccheckError, raise_all
from speccheck.model.model import Model
from speccheck.space.views import VIEWS, view
from speccheck.space.views.graph import StateGraph, cut
from speccheck.trace.styled import counted, line

MOST_DRAWN = 250  # states in a picture; Graphviz takes minutes for more, and nobody can read them
MOST_STATES = 100_000
PICTURES = ("svg", "png")


@click.command("graph", help="Draw the state graph of a model, the shortest violation in red.")
@click.argument("path")
@click.option("-o", "--output", required=True, metavar="FILE", help=f"Where to write; the ending says what: {', '.join(VIEWS)}.")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", multiple=True, callback=once, metavar="NAME", help="Draw this spec.")
@click.option("--model", multiple=True, callback=once, metavar="TEXT", help="Draw the first model whose name contains TEXT.")
@click.option("--max-states", type=count, default=str(MOST_STATES), show_default=True, metavar="N", help="End the search after N states.")
@click.pass_obj
def command(screen: Screen, /, path: str, output: str, defines: tuple[tuple[str, str], ...], spec: str | None, model: str | None, max_states: int) -> int:
    """Search, draw, and say what was drawn."""
    from speccheck.cli.files import check_writable

    ending = os.path.splitext(output)[1].removeprefix(".").lower()
    if ending not in VIEWS:
        raise click.UsageError(f"'{output}' does not end in one of {', '.join('.' + one for one in VIEWS)}.")
    check_writable(output)
    graph = _searched(screen, selected(screen, path, defines, spec, model), max_states)
    return _written(screen, graph, output, ending)


def selected(screen: Screen, path: str, defines: tuple[tuple[str, str], ...], spec: str | None, model: str | None) -> Model:
    """Return the first model that is selected, and say so if there are others. Raises SpeccheckError where there is none."""
    from speccheck.checker.run import RunOptions, select

    models, errors = select((resolved(path),), RunOptions(defines=defines_of(defines), spec=spec, model=model))
    if not models:
        raise_all(errors)
    if len(models) > 1:
        screen.remark(f"{models[0].name} is the first of {len(models)} models; --spec NAME and --model TEXT select another.")
    return models[0]


def _searched(screen: Screen, model: Model, max_states: int) -> StateGraph:
    from speccheck.checker.check import check_model
    from speccheck.checker.graph import state_graph
    from speccheck.engines.machine import Budget

    progress = Reporter(screen)
    result = check_model(replace(model, symmetry=False), budget=Budget(states=max_states), progress=lambda one: progress.progressed(model, one))
    screen.close()
    if result.interrupted:
        raise KeyboardInterrupt
    if result.stopped:
        screen.remark(f"The graph is incomplete: the search was stopped by {result.stopped}.")
    return state_graph(result)


def _written(screen: Screen, graph: StateGraph, output: str, ending: str) -> int:
    from speccheck.cli.files import write_whole

    drawn = cut(graph, MOST_DRAWN) if ending in PICTURES else graph
    if len(drawn.states) < len(graph.states):
        shown = f"{len(drawn.states):,} of {len(graph.states):,} states"
        screen.remark(f"The picture shows {shown}: the first ones, and all of the trace. A .dot or .graphml file holds all of them.")
    try:
        content = view(ending)(drawn)
    except MissingProgram as missing:
        raise _beside(missing, drawn, os.path.splitext(output)[0] + ".dot") from None
    write_whole(output, content)
    screen.show([line(("wrote", "good"), f" {output}: {counted(len(drawn.states), 'state')}, {counted(len(drawn.steps), 'step')}")])
    return 0


def _beside(missing: MissingProgram, graph: StateGraph, path: str) -> SpeccheckError:
    """Write the .dot file instead of the picture, and return the error that says so."""
    from speccheck.cli.files import write_whole

    if not os.path.exists(path):
        write_whole(path, view("dot")(graph))
        note = f"wrote '{path}' instead"
    else:
        note = f"'{path}' exists already and was left as it is"
    return MissingProgram(missing.message, notes=(*missing.notes, note))
