"""`speccheck explain`: what an error or a finding means and what to do about it, from the catalogue."""

import textwrap

import click

from speccheck.cli.screen import Screen
from speccheck.errors import CATALOGUE, FINDINGS, UnknownCode, did_you_mean
from speccheck.trace.styled import EMPTY, Line, line

COLUMNS = 100
CHAPTERS = {"1": "files, selection, overrides", "2": "declarations", "3": "rules", "4": "symmetry", "5": "findings"}


@click.command("explain", help="Explain an error or a finding by its code, such as SC203; without a code, list all of them.")
@click.argument("code", required=False)
@click.pass_obj
def command(screen: Screen, /, code: str | None) -> int:
    """Show one entry of the catalogue, or all titles."""
    screen.show(all_codes() if code is None else explanation(code))
    return 0


def explanation(code: str) -> list[Line]:
    """Return the explanation of a code; `203` and `sc203` mean SC203. UnknownCode if there is none."""
    wanted = code.strip().upper()
    wanted = "SC" + wanted if wanted.isdigit() else wanted
    if wanted in FINDINGS:
        title, meaning = FINDINGS[wanted]
        return _entry(wanted, title, meaning, "", "A finding is no error: the run exits 6 with --strict, else it only says so.")
    if wanted not in CATALOGUE:
        raise UnknownCode(f"there is no code '{code}'.{did_you_mean(wanted, (*CATALOGUE, *FINDINGS))}")
    error = CATALOGUE[wanted]
    return _entry(wanted, error.title, error.__doc__ or "", error.advice, f"Exit code {error.exit_code}.")


def all_codes() -> list[Line]:
    """Return every code with its title, chapter by chapter."""
    titles = {code: error.title for code, error in CATALOGUE.items()} | {code: title for code, (title, _) in FINDINGS.items()}
    shown: list[Line] = []
    chapter = ""
    for code in sorted(titles):
        if code[2] != chapter:
            chapter = code[2]
            shown.extend([*([EMPTY] if shown else []), line((f"{chapter}xx  {CHAPTERS.get(chapter, '')}", "heading"))])
        shown.append(line("  ", (code, "name"), f"  {titles[code]}"))
    return shown


def _entry(code: str, title: str, meaning: str, advice: str, end: str) -> list[Line]:
    shown = [line((f"{code}: {title}", "heading")), EMPTY, *_wrapped(meaning)]
    if advice:
        shown.extend([EMPTY, *_wrapped("Remedy: " + advice)])
    return [*shown, EMPTY, line((end, "faint"))]


def _wrapped(text: str) -> list[Line]:
    return [line(one) for one in textwrap.wrap(" ".join(text.split()), COLUMNS, break_long_words=False, break_on_hyphens=False)]
