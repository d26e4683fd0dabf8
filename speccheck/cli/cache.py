"""`speccheck cache`: where verdicts are kept, how many and how large; and how to be rid of them."""

import difflib

import click

from speccheck.checker.cache import MOST_BYTES, users_cache
from speccheck.checker.quantities import size_text
from speccheck.cli.screen import Screen
from speccheck.trace.styled import counted, line


@click.command("cache", help="Show where verdicts are kept (`speccheck run --cache`) and how large that is; `speccheck cache clear` removes them.")
@click.argument("what", required=False, metavar="[clear]")
@click.pass_obj
def command(screen: Screen, /, what: str | None) -> int:
    """Show the cache, or clear it."""
    cache = users_cache()
    if what == "clear":
        screen.show([line(("removed", "good"), f" {counted(cache.clear(), 'verdict')} from {cache.folder}")])
        return 0
    if what is not None:
        guess = " Did you mean 'speccheck cache clear'?" if difflib.get_close_matches(what, ["clear"]) else ""
        raise click.UsageError(f"'{what}' cannot be done to the cache; `clear` can.{guess}", click.get_current_context())
    entries = cache.entries()
    screen.show([line((cache.folder, "place"))])
    screen.show([line(f"{counted(len(entries), 'verdict')}, {size_text(sum(one.size for one in entries))} of at most {size_text(MOST_BYTES)}")])
    return 0
