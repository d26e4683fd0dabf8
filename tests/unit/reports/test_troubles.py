"""Troubles: all that is not as it should be, and nothing else."""

from dataclasses import replace

import pytest

from speccheck.checker.result import Verdict
from speccheck.checker.run import Report, RunOptions
from speccheck.errors import CATALOGUE, FINDINGS, DefaultOutsideDomain, NothingSelected, SpecErrors
from speccheck.reports.troubles import KINDS, troubles
from speccheck.source import Span
from tests.unit.reports.made import C1, FINDING, prop, result, violated

UNKNOWN = prop(verdict=Verdict.UNKNOWN, reason="the search was cut", as_expected=False)


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(one.kind, one.level, one.headline) for one in troubles(report)]


def test_what_is_as_expected_is_no_trouble() -> None:
    expected = violated(expected=Verdict.VIOLATED, as_expected=True)
    unknown = replace(UNKNOWN, expected=Verdict.UNKNOWN, as_expected=True)
    assert troubles(Report((result(prop(), expected, unknown, findings=(replace(FINDING, accepted="why"),)),), (), 0)) == []


def test_a_violation_says_what_fails_and_why() -> None:
    (one,) = troubles(Report((result(violated(binding=(("c", C1),))),), (), 1))
    assert (one.kind, one.headline, one.span) == ("invariant", "Climb: low(c=Client1) is VIOLATED after 2 steps", Span("climb.py", 9, 5))
    assert one.message == "in state 2, low is False\nself.height < 2    False\n  self.height    2"


def test_an_expectation_that_is_not_met_stands_at_the_model() -> None:
    words = ("low was expected to be VIOLATED, but is HOLDS", "distinct was expected to be 3, but is 4")
    report = Report((result(prop(expected=Verdict.VIOLATED, as_expected=False), mismatches=words, miscounts=words[1:]),), (), 1)
    assert [(one.kind, one.level, one.message, one.span) for one in troubles(report)] == [
        ("expectation", "error", words[0], Span("climb.py", 1)),
        ("expectation", "error", words[1], Span("climb.py", 1)),
    ]


def test_a_violation_by_another_way_is_an_expectation_that_is_not_met() -> None:
    words = "low is violated as expected, but not via down"
    (one,) = troubles(Report((result(violated(expected=Verdict.VIOLATED), mismatches=(words,)),), (), 1))
    assert (one.kind, one.message) == ("expectation", words) and one.property is not None


def test_a_verdict_that_is_missing_is_trouble_unless_it_may_be() -> None:
    report = Report((result(UNKNOWN),), (), 4)
    assert told(report) == [("unknown", "error", "Climb: low is UNKNOWN")]
    assert troubles(replace(report, exit_code=0, options=RunOptions(allow_incomplete=True))) == []


@pytest.mark.parametrize(("certain", "strict", "level"), [(True, False, "warning"), (True, True, "error"), (False, True, "note")])
def test_a_finding_is_as_grave_as_it_counts(certain: bool, strict: bool, level: str) -> None:
    report = Report((result(prop(), findings=(replace(FINDING, certain=certain),)),), (), 0, options=RunOptions(strict=strict))
    assert told(report) == [("SC501", level, "SC501: action never enabled")]


def test_what_several_models_have_alike_is_told_once() -> None:
    one, other = result(findings=(FINDING,)), result(name="Climb[N=2]", findings=(FINDING,))
    assert [trouble.models for trouble in troubles(Report((one, other), (), 0))] == [("Climb", "Climb[N=2]")]


def test_errors_of_a_group_and_findings_of_the_run_are_told_one_by_one() -> None:
    errors = SpecErrors([DefaultOutsideDomain("bad", span=Span("y.py", 3)), DefaultOutsideDomain("worse", span=Span("y.py", 4))])
    report = Report((), (errors, NothingSelected("no spec")), 3, findings=(replace(FINDING, code="SC509"),))
    assert [(one.kind, one.span and one.span.line) for one in troubles(report)] == [("SC203", 3), ("SC203", 4), ("SC108", None), ("SC509", 12)]
    assert troubles(report)[0].message == "bad\nChange the default, or widen the annotation."


@pytest.mark.parametrize("code", [5, 130])
def test_a_failing_run_in_which_nothing_is_wrong_is_trouble_itself(code: int) -> None:
    allowed = RunOptions(allow_incomplete=True)
    assert told(Report((result(UNKNOWN),), (), code, options=allowed)) == [("unknown", "error", f"exit code {code}")]
    assert troubles(Report((), (), 0)) == []


def test_every_kind_of_property_and_every_code_is_explained() -> None:
    from typing import get_args

    from speccheck.model.model import Kind

    assert set(KINDS) == {*get_args(Kind), "expectation", "unknown", *CATALOGUE, *FINDINGS}
    for about in KINDS.values():
        assert about.title and about.meaning.endswith((".", ")", "?")) and about.remedy.endswith((".", ")")) and len(about.meaning) < 1024
