"""Errors as text."""

from pathlib import Path

import pytest

from speccheck.errors import DefaultOutsideDomain, FileMissing, SpeccheckError, SpecErrors
from speccheck.reports.errors import error_lines, frame_lines
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from tests.unit.reports.made import SOURCE, climbing


@pytest.fixture(autouse=True)
def climb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "climb.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def told(error: SpeccheckError) -> list[str]:
    return plain_text(error_lines(error)).splitlines()


def test_an_error_has_its_code_place_source_remedy_and_notes() -> None:
    error = DefaultOutsideDomain("7 is not in Range(0, 5)", span=Span("climb.py", 2, 19, 2, 20), notes=("first here", "then there"))
    assert told(error) == [
        "error[SC203]: 7 is not in Range(0, 5)",
        "  --> climb.py:2:19",
        "    2 |     height: int = 0",
        "      |                   ^",
        "  remedy: Change the default, or widen the annotation.",
        "  note: first here",
        "  note: then there",
    ]


def test_an_error_without_a_place_has_no_frame() -> None:
    assert told(FileMissing("there is no file 'x.py'", remedy="Look again.")) == ["error[SC101]: there is no file 'x.py'", "  remedy: Look again."]


def test_the_errors_of_a_group_are_shown_one_after_another() -> None:
    group = SpecErrors([FileMissing("b", span=Span("b.py")), FileMissing("a", span=Span("a.py"))])
    assert [one for one in told(group) if not one.startswith("  ")] == ["error[SC101]: a", "", "error[SC101]: b"]


def test_an_error_of_a_rule_shows_the_way_to_the_state() -> None:
    error = DefaultOutsideDomain("no bool", remedy="")
    error.trace = climbing(1)
    assert told(error)[1:] == [
        "  the way to the state where it happened:",
        "    initial state",
        "           height = 0",
        "      1  up()  climb.py:5",
        "           height: 0 -> 1",
    ]


def test_a_message_of_several_lines_stays_several_lines() -> None:
    assert told(FileMissing("first\nsecond", remedy=""))[:2] == ["error[SC101]: first", "  second"]


def test_a_place_that_cannot_be_read_has_no_frame() -> None:
    assert frame_lines(Span("nowhere.py", 3, 1)) == [] and frame_lines(None) == []
