"""`speccheck simulate`: random runs of every selected model, shown like the results of a search.

In: paths and how much to draw. Out: what the runs came across, and the exit code that it adds up to: 1 for a violation, else 4, for nothing is proved.
"""

from typing import Any, cast

import click

from speccheck.checker.random_runs import DEPTH, RUNS, Draws, Moment, Uniform
from speccheck.checker.result import Result
from speccheck.checker.run import Check, Observer, RunOptions
from speccheck.checker.simulate import LAST_SEED, fresh_seed, simulate_model
from speccheck.cli.outputs import check_outputs, output_options, outputs_of, silent_output, write_outputs
from speccheck.cli.parameters import count, define, defines_of, names, once, seconds, size
from speccheck.cli.progress import Reporter
from speccheck.cli.run import checked_and_shown
from speccheck.cli.screen import Screen
from speccheck.engines.machine import Budget
from speccheck.model.model import Model


@click.command("simulate", help="Make random runs of every model of the given files and folders; nothing is proved, but what is found is real.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--runs", type=count, default=str(RUNS), show_default=True, metavar="N", help="Random runs of each model.")
@click.option("--depth", type=count, default=str(DEPTH), show_default=True, metavar="N", help="Longest run, in steps.")
@click.option("--seed", type=click.IntRange(0, LAST_SEED), metavar="N", help="Make the runs of this seed.  [default: another one each time]")
@click.option("--uniform", type=click.Choice(["actions", "steps"]), default="actions", show_default=True, help="Draw an action and then its step, or a step.")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", multiple=True, callback=once, metavar="NAME", help="Simulate this spec only.")
@click.option("--model", multiple=True, callback=once, metavar="TEXT", help="Simulate the models whose name contains TEXT.")
@click.option("--property", "property_", multiple=True, callback=once, metavar="NAME", help="Look for violations of this property only.")
@click.option("--no-deadlock", is_flag=True, help="Do not look for deadlocks.")
@click.option("--stop-first", is_flag=True, help="End with the run of the first unexpected violation.")
@click.option("--timeout", type=seconds, metavar="SECONDS", help="End the runs of each model after this time.")
@click.option("--max-memory", type=size, metavar="SIZE", help="End the runs at this size: 500MB, 2GiB.")
@click.option("--rule-timeout", type=seconds, default="10", show_default=True, metavar="SECONDS", help="Longest evaluation of one rule.")
@click.option("--allow-incomplete", is_flag=True, help="Exit 0 if nothing unexpected was found.")
@click.option("--tags", type=names, default="", metavar="TAG,...", help="Simulate the models with these tags. Without it: all that are not slow.")
@click.option("--lanes", is_flag=True, help="Show traces with one column for each process.")
@click.option("--full", is_flag=True, help="Show whole states, witnesses, and how often actions were taken.")
@output_options
@click.option("--quiet", is_flag=True, help="Show only what is not as expected.")
@click.pass_obj
def command(screen: Screen, /, paths: tuple[str, ...], full: bool, lanes: bool, quiet: bool, **given: Any) -> int:
    """Simulate, show, and return the exit code."""
    outputs = outputs_of(given)
    draws, options = draws_of(**given), options_of(**given)
    check_outputs(outputs, paths)
    reporter = Reporter(screen, plain_line, live_line, "simulating")
    with silent_output(outputs.take_stdout):
        report = checked_and_shown(screen, paths, options, full, lanes, False, quiet, outputs.take_stdout, _simulated(draws), reporter)
    write_outputs(outputs, report, screen)
    return report.exit_code


def draws_of(runs: int, depth: int, seed: int | None, uniform: str, **others: Any) -> Draws:
    """Return how much is drawn; the seed is one that nobody chose, if none is given."""
    return Draws(runs, depth, fresh_seed() if seed is None else seed, cast("Uniform", uniform))


def options_of(
    defines: tuple[tuple[str, str], ...],
    spec: str | None,
    model: str | None,
    property_: str | None,
    no_deadlock: bool,
    stop_first: bool,
    timeout: float | None,
    max_memory: int | None,
    rule_timeout: float,
    allow_incomplete: bool,
    tags: tuple[str, ...],
    **others: Any,
) -> RunOptions:
    """Return what the command line selects and limits."""
    return RunOptions(
        defines=defines_of(defines),
        spec=spec,
        model=model,
        property=property_,
        deadlock=not no_deadlock,
        stop_first=stop_first,
        budget=Budget(seconds=timeout, memory=max_memory, rule_seconds=rule_timeout),
        allow_incomplete=allow_incomplete,
        tags=tags,
    )


def plain_line(moment: Moment) -> str:
    """Return the progress of a simulation for a pipe, with digits that a program can read."""
    counts = f"{moment.runs} of {moment.planned} runs, {moment.steps} steps, {moment.distinct} distinct"
    return f"Progress: {counts}; {_rate(moment):.0f} steps/s, {moment.memory_bytes / 1e6:.0f} MB, {moment.seconds:.0f} s"


def live_line(model: Model, moment: Moment) -> str:
    """Return the progress of a simulation as a person reads it."""
    counts = f"{moment.steps:,} steps ({_rate(moment):,.0f}/s)  {moment.distinct:,} states"
    return f"{model.name}  run {moment.runs:,} of {moment.planned:,}  {counts}  {moment.memory_bytes / 1e6:,.0f} MB  {moment.seconds:.0f} s"


def _simulated(draws: Draws) -> Check:
    def check(model: Model, options: RunOptions, observer: Observer) -> Result:
        return simulate_model(model, draws, budget=options.budget, progress=lambda moment: observer.progressed(model, moment), stop_first=options.stop_first)

    return check


def _rate(moment: Moment) -> float:
    return moment.steps / moment.seconds if moment.seconds > 0 else 0.0
