"""`speccheck doctor`: what there is on this machine, what is missing, and what to do about it."""

import json
import sys
from dataclasses import asdict

import click

import speccheck
from speccheck.checker.diagnosis import Diagnosis, Examined, State, diagnosis
from speccheck.cli.files import check_writable, write_whole
from speccheck.cli.outputs import STDOUT
from speccheck.cli.screen import Screen
from speccheck.trace.styled import Line, Piece, line, on_one_line

WORDS: dict[State, list[Piece]] = {"ok": [], "missing": [("missing", "unknown"), (": ", "plain")], "trouble": [("TROUBLE", "bad"), (": ", "plain")]}


@click.command("doctor", help="Show what speccheck finds on this machine: a C compiler, caches, optional programs; and what to do about what is missing.")
@click.option("--json", "path", metavar="PATH", help="Write it as JSON; `-` is standard output, which then carries nothing else.")
@click.pass_obj
def command(screen: Screen, /, path: str | None) -> int:
    """Show it, and return the exit code: 2 if something does not work."""
    if path not in (None, STDOUT):
        check_writable(str(path))
    found = diagnosis()
    if path == STDOUT:
        sys.stdout.write(json_text(found))
        return found.exit_code
    screen.show(diagnosis_lines(found))
    if path is not None:
        write_whole(path, json_text(found).encode())
    return found.exit_code


def diagnosis_lines(found: Diagnosis) -> list[Line]:
    """Return a line for each thing, with what to do about it below; the last line says which engine is used."""
    width = max(len(one.name) for one in found.examined)
    shown = [one for examined in found.examined for one in _lines(examined, width)]
    return [*shown, line(("auto", "name"), f" uses the {found.engine} engine: {found.reason}")]


def json_text(found: Diagnosis) -> str:
    """Return all of it as JSON."""
    said = {"speccheck": speccheck.__version__, "exit_code": found.exit_code, "engine": found.engine, "reason": found.reason}
    return json.dumps({**said, "examined": [asdict(one) for one in found.examined]}, indent=1) + "\n"


def _lines(one: Examined, width: int) -> list[Line]:
    margin = " " * (width + 2)
    shown = [line((f"{one.name:<{width}}", "name"), "  ", *WORDS[one.state], on_one_line(one.words))]
    shown += [line(margin, (note.expandtabs(), "faint")) for note in one.notes]
    return shown + ([line(margin, ("remedy", "remedy"), f": {one.remedy}")] if one.remedy else [])
