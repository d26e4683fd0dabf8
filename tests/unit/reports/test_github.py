"""Workflow commands: escaped as the runner wants them, at most ten of each level, on lines of the repository."""

import re
from pathlib import Path

import pytest

from speccheck.checker.result import Verdict
from speccheck.checker.run import Report, RunOptions
from speccheck.domains.neutral import Member
from speccheck.errors import DefaultOutsideDomain, NothingSelected
from speccheck.reports.github import lines
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace
from tests.unit.reports.made import FINDING, SOURCE, prop, result, violated


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, a checkout with the spec."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "climb.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(report: Report) -> list[str]:
    return plain_text(lines(report)).splitlines()


def parsed(command: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does: up to `::`, properties at commas, then the escapes."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", command)
    assert match is not None, command

    def read(text: str) -> str:
        for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(escape, character)
        return text

    pairs = [pair.split("=", 1) for pair in match[2].split(",")]
    return match[1], {name: read(value) for name, value in pairs}, read(match[3])


def test_a_violation_is_an_error_at_the_property_and_a_notice_at_the_action() -> None:
    assert commands(Report((result(violated()),), (), 1)) == [
        "::error file=climb.py,line=9,col=5,title=Climb%3A low is VIOLATED after 2 steps::in state 2, low is False%0Aself.height < 2    False%0A  self.height    2",
        "::notice file=climb.py,line=5,title=Climb%3A low is VIOLATED after 2 steps::the last step of the counterexample: 2  up()",
    ]


def test_the_step_that_fails_is_the_last_one() -> None:
    failing = Trace(("height",), ({"height": 0},), (), Step("up", (), (), Span("climb.py", 5)))
    one = prop("up.assert", "assert", Verdict.VIOLATED, trace=failing, reason="no", as_expected=False)
    assert "::the last step of the counterexample: 1  up()" in commands(Report((result(one),), (), 1))[1]


def test_a_violation_without_a_step_has_no_notice() -> None:
    still = Trace(("height",), ({"height": 5}, {"height": 5}), (Step(None),), None, 0)
    assert [one[:7] for one in commands(Report((result(violated(trace=still), violated(trace=None)),), (), 1))] == ["::error", "::error"]


def test_what_is_as_expected_is_not_annotated() -> None:
    assert commands(Report((result(prop(), violated(expected=Verdict.VIOLATED, as_expected=True)),), (), 0)) == []


@pytest.mark.parametrize(("strict", "command"), [(False, "warning"), (True, "error")])
def test_a_finding_is_a_warning_and_with_strict_an_error(strict: bool, command: str) -> None:
    report = Report((result(findings=(FINDING,)), result(findings=(FINDING,), name="Climb[N=2]")), (), 0, options=RunOptions(strict=strict))
    (found,) = commands(report)
    assert parsed(found) == (
        command,
        {"file": "climb.py", "line": "12", "title": "SC501: action never enabled"},
        "action 'down' is never enabled\n(in Climb, Climb[N=2])",
    )


def test_whatever_a_spec_says_stays_a_message() -> None:
    odd = "100%0A, a:b::error file=x::\r\n::set-env name=PATH::/tmp"
    error = DefaultOutsideDomain(odd, span=Span("a,b:c%.py", 3, 5, 3, 9))
    one = violated(binding=(("c", Member("C", 0, odd)),))
    found = commands(Report((result(one),), (error,), 3))
    assert len(found) == 3 and all(command.startswith(("::error ", "::notice ")) for command in found)
    assert parsed(found[0]) == (
        "error",
        {"file": "a,b:c%.py", "line": "3", "col": "5", "endColumn": "9", "title": "SC203: default outside its domain"},
        f"{odd}\nChange the default, or widen the annotation.",
    )
    assert parsed(found[1])[1]["title"] == f"Climb: low(c={odd}) is VIOLATED after 2 steps"


def test_columns_are_given_for_one_line_only() -> None:
    error = DefaultOutsideDomain("bad", span=Span("y.py", 3, 5, 4, 9))
    assert parsed(commands(Report((), (error,), 3))[0])[1] == {"file": "y.py", "line": "3", "endLine": "4", "title": "SC203: default outside its domain"}


def test_an_error_without_a_place_and_a_file_elsewhere_have_no_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = str(tmp_path_factory.mktemp("other") / "y.py")
    found = commands(Report((), (NothingSelected("no spec 'X'."), DefaultOutsideDomain("bad", span=Span(other, 3))), 3))
    assert [set(parsed(one)[1]) for one in found] == [{"title"}, {"title"}]


@pytest.mark.parametrize(
    ("number", "shown", "last"), [(10, 10, "Climb[N=9]: low is VIOLATED after 2 steps"), (11, 10, "and 2 more"), (500, 10, "and 491 more")]
)
def test_the_tenth_of_many_says_how_many_there_are(number: int, shown: int, last: str) -> None:
    report = Report(tuple(result(violated(), name=f"Climb[N={one}]") for one in range(number)), (), 1)
    errors = [parsed(one) for one in commands(report) if one.startswith("::error ")]
    notices = [one for one in commands(report) if one.startswith("::notice ")]
    assert (len(errors), len(notices), errors[-1][1]["title"]) == (shown, shown, last)


def test_paths_are_those_of_the_repository(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "specs").mkdir()
    monkeypatch.chdir(checkout / "specs")
    assert parsed(commands(Report((result(violated(span=Span("x.py", 9))),), (), 1))[0])[1]["file"] == "specs/x.py"


def test_a_message_is_cut_where_nobody_reads_on() -> None:
    (found,) = commands(Report((), (NothingSelected("x" * 100_000),), 5))
    assert len(found) < 4_200 and found.endswith("x ...")
