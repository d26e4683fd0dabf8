"""Colour on terminals, plain text elsewhere."""

import io
import sys
from typing import get_args

import pytest

from speccheck.cli.screen import PAINT, Screen
from speccheck.trace.styled import Line, Style, line

LINES: list[Line] = [line(("VIOLATED", "bad"), " [not] :markup: x", "   "), (), line("y" * 300)]
PLAIN = "VIOLATED [not] :markup: x\n\n" + "y" * 300 + "\n"


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **environment: str) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "80", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    Screen().show(LINES)
    return stream.getvalue()


def test_every_style_has_a_colour() -> None:
    assert set(PAINT) == set(get_args(Style))


def test_a_pipe_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == PLAIN


def test_a_terminal_gets_colour_and_no_words_of_ours_are_taken_for_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Terminal())
    assert "\x1b[1;31mVIOLATED\x1b[0m [not] :markup: x\n" in text
    assert "y" * 300 in text, "the terminal wraps lines, we do not"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), **environment) == PLAIN
