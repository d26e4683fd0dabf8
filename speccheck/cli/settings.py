"""`speccheck config`: the settings that are in force, and where each of them comes from."""

import os
from collections.abc import Mapping
from typing import Any

import click

from speccheck.checker.configuration import FILE, TABLE, Configuration, InForce, configuration_of, in_force, key_of
from speccheck.checker.quantities import size_text
from speccheck.cli.screen import Screen
from speccheck.source import Span, display_path
from speccheck.trace.styled import EMPTY, Line, line


@click.command(
    "config", help="Show the settings that `speccheck run` takes from pyproject.toml, and where each comes from; for a file, with what overrides say of it."
)
@click.argument("path", required=False)
@click.pass_obj
def command(screen: Screen, /, path: str | None) -> int:
    """Show the settings of the current folder, or for one file."""
    configuration = configuration_of(os.curdir)
    screen.show(setting_lines(in_force(configuration, path)))
    if path is None:
        screen.show(override_lines(configuration))
    if configuration.file is None:
        screen.remark(f"There is no [{TABLE}] in a {FILE} here or above; these are the defaults.")
    return 0


def setting_lines(settings: list[InForce]) -> list[Line]:
    """Return a line for each setting: its key, its value, and who says so."""
    rows = [(key_of(one.name), shown(one.name, one.value), one.origin) for one in settings]
    keys, values = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    return [line((f"{key:<{keys}}", "name"), f"  {value:<{values}}  ", _origin(origin)) for key, value, origin in rows]


def override_lines(configuration: Configuration) -> list[Line]:
    """Return what is otherwise for which files."""
    shown_lines: list[Line] = []
    for one in configuration.overrides:
        said = [(name, value) for name in one.lines if (value := getattr(one.settings, name)) is not None]
        shown_lines += [EMPTY, line("for ", (one.pattern, "name"))]
        shown_lines += [line(f"  {key_of(name)}  {shown(name, value)}  ", _origin(Span(str(configuration.file), one.lines[name]))) for name, value in said]
    return shown_lines


def shown(name: str, value: Any) -> str:
    """Return a value as a reader wants it, with its unit."""
    match name, value:
        case (("jobs" | "workers"), None):
            return "one for each core"
        case _, None:
            return "no limit"
        case _, bool():
            return str(value).lower()
        case "max_memory", int():
            return size_text(value)
        case (("timeout" | "rule_timeout"), _):
            return f"{value:g} s"
        case "paths", tuple():
            return ", ".join(map(display_path, value)) or "(none)"
        case _, tuple():
            return ", ".join(value) or "(none)"
        case _, Mapping():
            return "; ".join(f"{code}: {reason}" for code, reason in value.items()) or "(none)"
    return str(value)


def _origin(span: Span | None) -> tuple[str, Any]:
    return ("default", "faint") if span is None else (str(span), "place")
