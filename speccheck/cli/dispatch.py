"""From the words of a command line to an exit code.

In: `["run", "two_phase.py"]`. Out: 0. Commands are looked up in `COMMANDS` and loaded when they are used;
what they raise is written to standard error here and turned into an exit code.
"""

import sys
import traceback

import click

import speccheck
from speccheck.cli import COMMANDS
from speccheck.cli.screen import Screen
from speccheck.cli.table import Table
from speccheck.errors import EXIT_BUG, EXIT_INCONCLUSIVE, EXIT_INTERRUPTED, EXIT_USAGE, SpeccheckError

SYNONYMS = {
    "check": "run",
    "verify": "run",
    "test": "run",
    "ls": "list",
    "show": "list",
    "init": "new",
    "draw": "graph",
    "replay": "trace replay",
    "convert": "trace convert",
    "help": "--help",
    "version": "--version",
}


def help_text() -> str:
    """Return what `speccheck --help` says."""
    return commands.get_help(click.Context(commands, info_name="speccheck", max_content_width=110))


@click.group(
    cls=Table,
    table=COMMANDS,
    synonyms=SYNONYMS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with `speccheck new my_spec` and `speccheck run my_spec.py`.",
)
@click.version_option(speccheck.__version__, "-V", "--version", message="speccheck %(version)s")
def commands() -> None:
    """A model checker for specs that are ordinary, typed Python modules."""


def dispatch(arguments: list[str]) -> int:
    """Run a command line and return its exit code."""
    screen = Screen()
    if not arguments:
        screen.remark(help_text())
        return EXIT_USAGE
    try:
        code = commands.main(arguments, prog_name="speccheck", standalone_mode=False, obj=screen)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _usage(error, screen)
    except (KeyboardInterrupt, click.Abort):
        screen.remark("interrupted")
        return EXIT_INTERRUPTED
    except SpeccheckError as error:
        return report_error(error, screen)
    except MemoryError:
        screen.remark("error: out of memory, nothing was concluded; --max-memory ends a search before that")
        return EXIT_INCONCLUSIVE
    except (Exception, SystemExit, GeneratorExit) as bug:
        return report_bug(bug, arguments, screen)
    finally:
        screen.close()


def report_error(error: SpeccheckError, screen: Screen) -> int:
    """Write an error and return its exit code."""
    from speccheck.reports.errors import error_lines

    screen.complain(error_lines(error))
    return max(error.errors, key=lambda one: -_RANK.index(one.exit_code)).exit_code


_RANK = (2, 3, 5)  # which exit code wins among several


def report_bug(bug: BaseException, arguments: list[str], screen: Screen) -> int:
    """Write what a reader needs to report a bug of ours, and return its exit code."""
    screen.remark("".join(traceback.format_exception(bug)).rstrip("\n"))
    screen.remark(
        "\nThis is a bug of speccheck, not of your spec: nothing was concluded."
        "\nPlease report it, with the text above, the command line and, if you can, the spec that shows it."
        f"\nspeccheck {speccheck.__version__}, Python {sys.version.split()[0]}, {sys.platform}: speccheck {' '.join(arguments)}"
    )
    return EXIT_BUG


def _usage(error: click.ClickException, screen: Screen) -> int:
    ctx = getattr(error, "ctx", None)
    screen.remark(f"error: {error.format_message()}")
    if ctx is not None:
        screen.remark(f"Try '{ctx.command_path} --help'.")
    return error.exit_code
