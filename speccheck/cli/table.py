"""A group of commands out of a table: name, module, help. Only the command that is used is imported, so that `--help` is quick."""

import difflib
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Commands = Mapping[str, tuple[str, str]]


class Table(click.Group):
    """The commands of a table. `synonyms` are words that others use, with what they are called here."""

    def __init__(self, *arguments: Any, table: Commands, synonyms: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*arguments, **{**settings, "no_args_is_help": False})
        self.table, self.synonyms = table, synonyms

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module."""
        if cmd_name not in self.table:
            return None
        command: click.Command = import_module(self.table[cmd_name][0]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options that stand before the command; no command at all is answered with help."""
        if not args:
            raise click.UsageError(f"which command?\n\n{ctx.get_help()}")
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names; a wrong word is answered with a guess."""
        word = args[0]
        if word not in self.table and not word.startswith("-"):
            raise click.UsageError(f"no such command '{word}'.{self._guess(ctx, word)}\n\n{ctx.get_help()}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their help out of the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self.table.items()])

    def _guess(self, ctx: click.Context, word: str) -> str:
        """What may be meant: the first command of the table is what one does with a file."""
        if os.path.exists(word) or word.endswith((".py", ".json")) or word.startswith("bundled:"):
            return f" Did you mean '{ctx.command_path} {next(iter(self.table))} {word}'?"
        near = difflib.get_close_matches(word.lower(), (*self.table, *self.synonyms), n=1)
        return f" Did you mean '{ctx.command_path} {self.synonyms.get(near[0], near[0])}'?" if near else ""
