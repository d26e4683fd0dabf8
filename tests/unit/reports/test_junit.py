"""A run as JUnit XML: its shape, read by a reader that is not ours, and red exactly when the run fails."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import junitparser
import pytest

from speccheck.checker.result import Finding, Result, Verdict
from speccheck.checker.run import Report, RunOptions
from speccheck.domains.neutral import Member
from speccheck.errors import DefaultOutsideDomain, NothingSelected, SpecErrors
from speccheck.model.model import Expectation
from speccheck.reports.junit import lines
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from tests.unit.reports.made import FINDING, climbing, model, prop, result, violated

# The shape that the published schemas have in common (JUnit.xsd of the Ant tasks, junit-10.xsd of Jenkins), with `file` and `line`, which readers know beside them:
# for each element its children in their order, and its attributes, those in capitals being required.
SHAPE: dict[str, tuple[str, str]] = {
    "testsuites": ("(testsuite )*", "name tests failures errors skipped time"),
    "testsuite": ("(properties )?(testcase )*(system-out )?(system-err )?", "NAME TESTS FAILURES ERRORS skipped TIME file"),
    "properties": ("(property )*", ""),
    "property": ("", "NAME VALUE"),
    "testcase": ("((skipped |error |failure )?|system-out )", "NAME CLASSNAME TIME file line"),
    "failure": ("", "TYPE message"),
    "error": ("", "TYPE message"),
    "skipped": ("", "type message"),
    "system-out": ("", ""),
}
NUMBERS = {"tests", "failures", "errors", "skipped", "line"}


def misshapen(element: ET.Element) -> list[str]:
    """Return what is wrong with an element and all below it."""
    children, attributes = SHAPE[element.tag]
    wrong = []
    if not re.fullmatch(children, "".join(f"{child.tag} " for child in element)):
        wrong.append(f"{element.tag}: children {[child.tag for child in element]}")
    known = {name.lower(): name.isupper() for name in attributes.split()}
    wrong += [f"{element.tag}: unknown {name}" for name in element.attrib if name not in known]
    wrong += [f"{element.tag}: no {name}" for name, required in known.items() if required and not element.get(name)]
    wrong += [f"{element.tag}: {name}={text}" for name, text in element.attrib.items() if name in NUMBERS and not re.fullmatch("[0-9]+", text)]
    wrong += [f"{element.tag}: time={text}" for text in [element.get("time", "0.0")] if not re.fullmatch(r"[0-9]+\.[0-9]+", text)]
    return wrong + [one for child in element for one in misshapen(child)]


def tree(report: Report) -> ET.Element:
    root = ET.fromstring(plain_text(lines(report)).encode())
    assert misshapen(root) == []
    return root


def read(report: Report) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromstring(plain_text(lines(report)).encode())


def case(report: Report, name: str) -> ET.Element:
    (found,) = (one for one in tree(report).iter("testcase") if one.get("name") == name)
    return found


def one(report: Report, name: str) -> tuple[str, str | None, str | None]:
    """Return what came out for a test case: passed or what is inside, its type and its message."""
    inner = next((inner for inner in case(report, name) if inner.tag != "system-out"), None)
    return ("passed", None, None) if inner is None else (inner.tag, inner.get("type"), inner.get("message"))


def reported(*results: Result, exit_code: int = 0, **changes: Any) -> Report:
    return Report(results, (), exit_code, **changes)


UNKNOWN = prop(verdict=Verdict.UNKNOWN, reason="the search was cut: --max-states 1", as_expected=False)


def test_a_run_is_read_by_another_reader() -> None:
    counts = model("Climb[N=2]", expectation=Expectation(distinct=3))
    first = result(violated(), prop("other"), model=counts, miscounts=(), findings=(FINDING,))
    report = replace(reported(first, result(UNKNOWN), exit_code=1), left_out=(model("Big", tags=("slow",)),), errors=(NothingSelected("no spec 'X'."),))
    found = read(report)
    assert (found.tests, found.failures, found.errors, found.skipped) == (7, 1, 2, 1)
    assert [(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in found] == [
        ("climb.py: Climb[N=2]", 4, 1, 0, 0),
        ("climb.py: Climb", 1, 0, 1, 0),
        ("climb.py: Big", 1, 0, 0, 1),
        ("speccheck", 1, 0, 1, 0),
    ]
    assert [case.name for case in next(iter(found))] == ["low", "other", "expected counts", "findings"]
    assert {p.name: p.value for p in next(iter(found)).properties()}["constant N"] == "3"


def test_a_violation_is_a_failure_with_the_story_that_a_terminal_shows() -> None:
    low = case(reported(result(violated()), exit_code=1), "low")
    assert (low.get("classname"), low.get("file"), low.get("line")) == ("climb.Climb", "climb.py", "9")
    (failure,) = low
    assert (failure.get("type"), failure.get("message")) == ("invariant", "low is VIOLATED after 2 steps")
    assert "  initial state\n         height = 0\n    1  up()  climb.py:5\n         height: 0 -> 1\n" in str(failure.text)
    assert "in state 2, low is False\n    self.height < 2  False\n" in str(failure.text)


@pytest.mark.parametrize(
    ("found", "exit_code", "outcome"),
    [
        (prop("low"), 0, ("passed", None, None)),
        (violated(expected=Verdict.VIOLATED, as_expected=True), 0, ("passed", None, None)),
        (prop("low", expected=Verdict.VIOLATED, as_expected=False), 1, ("failure", "expectation", "low was expected to be VIOLATED, but is HOLDS")),
        (violated(expected=Verdict.VIOLATED), 1, ("failure", "expectation", "low was expected to be VIOLATED, but is HOLDS")),
        (UNKNOWN, 4, ("error", "unknown", "low is UNKNOWN: the search was cut: --max-states 1")),
        (replace(UNKNOWN, expected=Verdict.UNKNOWN, as_expected=True), 0, ("skipped", "unknown", "low is UNKNOWN: the search was cut: --max-states 1")),
    ],
)
def test_what_comes_out_for_a_property(found: Any, exit_code: int, outcome: tuple[str, str | None, str | None]) -> None:
    words = "low was expected to be VIOLATED, but is HOLDS"
    assert one(reported(result(found, mismatches=(words,)), exit_code=exit_code), "low") == outcome


def test_an_unknown_verdict_that_is_allowed_is_skipped() -> None:
    report = reported(result(UNKNOWN), options=RunOptions(allow_incomplete=True))
    assert one(report, "low")[0] == "skipped" and read(report).errors == 0


@pytest.mark.parametrize(
    ("miscounts", "exit_code", "tag"), [((), 0, "passed"), (("distinct was expected to be 3, but is 4",), 1, "failure"), (None, 0, "skipped")]
)
def test_expected_counts_are_a_case_of_their_own(miscounts: tuple[str, ...] | None, exit_code: int, tag: str) -> None:
    expecting = model(expectation=Expectation(distinct=3))
    report = reported(result(prop(), model=expecting, miscounts=miscounts, mismatches=miscounts or ()), exit_code=exit_code)
    assert one(report, "expected counts")[0] == tag
    assert "expected counts" not in plain_text(lines(reported(result(prop()))))


@pytest.mark.parametrize(
    ("finding", "strict", "tag"),
    [
        (FINDING, False, "passed"),
        (FINDING, True, "failure"),
        (replace(FINDING, certain=False), True, "passed"),
        (replace(FINDING, accepted="not built yet"), True, "passed"),
    ],
)
def test_findings_are_red_only_if_strict_counts_them(finding: Finding, strict: bool, tag: str) -> None:
    report = reported(result(prop(), findings=(finding,)), exit_code=6 if tag == "failure" else 0, options=RunOptions(strict=strict))
    assert one(report, "findings")[0] == tag
    (inner,) = case(report, "findings")
    assert str(inner.text).startswith("finding SC501: action 'down' is never enabled")
    of_run = Report((), (), report.exit_code, findings=(finding,), options=report.options)
    assert one(of_run, "findings")[0] == tag


def test_what_cannot_be_loaded_is_an_error_of_its_file() -> None:
    errors = SpecErrors([DefaultOutsideDomain("bad default", span=Span("a/y.py", 3, 5)), DefaultOutsideDomain("worse", span=Span("a/y.py"))])
    report = Report((), (errors, NothingSelected("no spec 'X'.")), 3)
    suites = list(tree(report))
    assert [(suite.get("name"), suite.get("errors")) for suite in suites] == [("a/y.py", "2"), ("speccheck", "1")]
    bad = next(one for one in suites[0] if one.get("line") == "3")
    assert (bad.get("name"), bad.get("classname")) == ("SC203 default outside its domain", "a.y")
    assert bad[0].get("type") == "SC203" and "remedy: Change the default" in str(bad[0].text)


def test_a_failing_run_without_a_failing_case_gets_one() -> None:
    for report in (Report((), (), 5), reported(result(replace(UNKNOWN, as_expected=True)), exit_code=130)):
        assert one(report, "exit code") == ("error", "exit", f"the run ended with exit code {report.exit_code}")


def test_characters_that_xml_forbids_are_removed_and_others_survive() -> None:
    odd = "\x00\x08\x0b\x1b[31m\ud800\ufffe\uffff < & \" ' \N{SNOWMAN}\N{GRINNING FACE} ]]>\r"
    trace = replace(climbing(2), states=({"height": Member("C", 0, odd)},) * 3)
    report = reported(result(violated(trace=trace, binding=(("c", Member("C", 0, odd)),))), exit_code=1)
    found = tree(report).find(".//testcase")
    assert found is not None and found.get("name") == "low(c=[31m < & \" ' \N{SNOWMAN}\N{GRINNING FACE} ]]>)"
    assert "height = [31m < & \" ' \N{SNOWMAN}\N{GRINNING FACE} ]]>" in str(found[0].text)


def test_times_add_up_to_those_of_the_suites() -> None:
    root = tree(reported(result(prop("a"), prop("b"), seconds=3.0), result(prop("c"), seconds=0.5)))
    assert [one.get("time") for one in root.iter("testcase")] == ["1.500000", "1.500000", "0.500000"]
    assert root.get("time") == "3.500000"
