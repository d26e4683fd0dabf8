"""The command line. `COMMANDS` is the table of commands; each module is loaded when its command is used, so that `--help` is quick.

Whatever happens, a process of ours ends with one of the documented exit codes: `main` is the only place that turns exceptions into them.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from speccheck.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_USAGE

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("speccheck.cli.run", "Check every model of the given files and folders."),
    "lint": ("speccheck.cli.lint", "Load and check specs, and their types, without searching."),
    "simulate": ("speccheck.cli.simulate", "Make random runs of models that are too large to be searched."),
    "list": ("speccheck.cli.list", "Show specs, models, constants and properties without checking."),
    "new": ("speccheck.cli.new", "Write a commented starter spec."),
    "explain": ("speccheck.cli.explain", "Explain an error or a finding by its code."),
    "compile": ("speccheck.cli.compile", "Show the rules of a model as C, or as the program before it."),
    "desugar": ("speccheck.cli.desugar", "Show the processes of a spec as actions."),
    "trace": ("speccheck.cli.trace", "Show, convert and replay traces that were kept."),
    "graph": ("speccheck.cli.graph", "Draw the state graph of a model."),
    "config": ("speccheck.cli.settings", "Show the settings in force and where they come from."),
    "doctor": ("speccheck.cli.doctor", "Show what there is on this machine and what is missing."),
    "cache": ("speccheck.cli.cache", "Show or clear kept verdicts and compiled libraries."),
}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    from speccheck.cli.streams import guard_streams, lost_output

    guard_streams()
    code = _final(arguments)
    trouble = lost_output()
    if trouble is not None and code not in (EXIT_BUG, EXIT_INTERRUPTED):
        print(f"error: standard output cannot be written: {trouble.strerror}", file=sys.stderr)
        code = EXIT_USAGE
    sys.exit(code)


def _final(arguments: Sequence[str] | None) -> int:
    """The exit code, also where not even the commands could be loaded: Python's own would be 1, which says that a spec was refuted."""
    try:
        return status(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BaseException:
        import traceback

        traceback.print_exc()
        return EXIT_BUG


def status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every message has been written."""
    from speccheck.cli.dispatch import dispatch

    return dispatch([*(sys.argv[1:] if arguments is None else arguments)])  # `list` is a module here
