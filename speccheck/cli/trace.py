"""`speccheck trace`: what can be done with traces that were kept in files. Its commands lie in `traces/`."""

import click

from speccheck.cli.table import Table
from speccheck.cli.traces import COMMANDS

SYNONYMS = {"view": "show", "print": "show", "cat": "show", "export": "convert", "write": "convert", "check": "replay", "run": "replay"}


@click.group(
    "trace",
    cls=Table,
    table=COMMANDS,
    synonyms=SYNONYMS,
    help="Show, convert and replay traces: those of `speccheck run --json`, of `speccheck trace convert`, and ITF files of other tools.",
)
def command() -> None:
    """Do something with a trace."""
