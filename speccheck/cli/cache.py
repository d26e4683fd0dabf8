"""`speccheck cache`: where verdicts and compiled libraries are kept, how many and how large; and how to be rid of them."""

import difflib

import click

from speccheck.checker.cache import MOST_BYTES, users_cache
from speccheck.checker.quantities import size_text
from speccheck.cli.screen import Screen
from speccheck.engines.native import cache as native
from speccheck.trace.styled import Line, counted, line


@click.command(
    "cache",
    help="Show where verdicts (`speccheck run --cache`) and compiled libraries are kept and how large that is; `speccheck cache clear` removes them.",
)
@click.argument("what", required=False, metavar="[clear]")
@click.pass_obj
def command(screen: Screen, /, what: str | None) -> int:
    """Show the cache, or clear it."""
    cache, libraries = users_cache(), native.Libraries(native.users_folder())
    if what == "clear":
        screen.show([_removed(counted(cache.clear(), "verdict"), cache.folder), _removed(libraries_text(libraries.clear()), libraries.folder)])
        return 0
    if what is not None:
        guess = " Did you mean 'speccheck cache clear'?" if difflib.get_close_matches(what, ["clear"]) else ""
        raise click.UsageError(f"'{what}' cannot be done to the cache; `clear` can.{guess}", click.get_current_context())
    verdicts, compiled = cache.entries(), libraries.entries()
    screen.show(_kept(cache.folder, counted(len(verdicts), "verdict"), sum(one.size for one in verdicts), MOST_BYTES))
    screen.show(_kept(libraries.folder, libraries_text(len(compiled)), sum(one.size for one in compiled), native.MOST_BYTES))
    zig = native.size_of(libraries.zig)
    if zig:
        screen.show([line(f"{size_text(zig)} that zig keeps for itself")])
    return 0


def libraries_text(count: int) -> str:
    """Return a number of libraries: `1 compiled library`."""
    return f"{count:,} compiled {'library' if count == 1 else 'libraries'}"


def _kept(folder: str, what: str, size: int, most: int) -> list[Line]:
    return [line((folder, "place")), line(f"{what}, {size_text(size)} of at most {size_text(most)}")]


def _removed(what: str, folder: str) -> Line:
    return line(("removed", "good"), f" {what} from {folder}")
