"""A run as JUnit XML, for the many servers and viewers that read it.

In: a Report. Out: a test suite for each model, a test case for each of its properties, for the counts that it expects and for its findings; what could not be
loaded is an error, what was not run is skipped::

    <testsuites name="speccheck" tests="2" failures="1" ...>
      <testsuite name="fall.py: Fall" file="fall.py" ...>
        <testcase name="safe" classname="fall.Fall" file="fall.py" line="19" time="0.001">
          <failure type="invariant" message="safe is VIOLATED after 2 steps">initial state ...</failure>

Something is red (a failure or an error) if and only if the run does not exit 0.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from speccheck.checker.result import Finding, PropertyResult, Result, Verdict
from speccheck.checker.run import Report
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.reports.errors import error_lines
from speccheck.reports.troubles import decided, mismatch
from speccheck.reports.violation import finding_line, steps_text, title, violation_lines
from speccheck.source import Span, display_path
from speccheck.trace.styled import Line, counted, line, plain_text

FORBIDDEN = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0, and CR, which a reader would change
RUN = "speccheck"  # the suite of what belongs to no file

Outcome = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True)
class Case:
    """A test case: what came out, of which type and why, and the whole story."""

    name: str
    outcome: Outcome = "passed"
    type: str = ""
    message: str = ""
    text: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Suite:
    """A test suite: a model, or what is about a file or the run."""

    name: str
    classname: str
    cases: tuple[Case, ...]
    file: str | None = None
    seconds: float = 0.0
    properties: tuple[tuple[str, str], ...] = ()

    def count(self, outcome: Outcome) -> int:
        """Return how many cases came out so."""
        return sum(case.outcome == outcome for case in self.cases)


def lines(report: Report) -> list[Line]:
    """Return the run as the lines of an XML document."""
    root = _run_element(suites_of(report))
    ET.indent(root)
    return [line(one) for one in ('<?xml version="1.0" encoding="UTF-8"?>', *ET.tostring(root, encoding="unicode").split("\n"))]


def suites_of(report: Report) -> tuple[Suite, ...]:
    """Return the suites of a run: models, models that were left out, files with errors, and the run itself."""
    suites = [_suite_of_model(result, report) for result in report.results]
    suites += [_left_out(model) for model in report.left_out]
    suites += _suites_of_errors(report)
    of_run = [_findings(report.findings, report.options.strict)] if report.findings else []
    red = any(suite.count("failure") + suite.count("error") for suite in suites) or any(case.outcome == "failure" for case in of_run)
    if report.exit_code and not red:
        of_run.append(Case("exit code", "error", "exit", f"the run ended with exit code {report.exit_code}"))
    if of_run:
        suites.append(Suite(RUN, RUN, tuple(of_run)))
    return tuple(suites)


# ---------------------------------------------------------------- suites and cases


def _suite_of_model(result: Result, report: Report) -> Suite:
    model = result.model
    cases = [_of_property(one, result, report) for one in result.properties]
    if model.expectation.distinct is not None or model.expectation.depth is not None:
        cases.append(_of_counts(result))
    if result.findings:
        cases.append(_findings(result.findings, report.options.for_file(result.model.file).strict))
    facts = {
        "model": model.name,
        **{f"constant {name}": str(value) for name, value in model.constants.items()},
        "engine": result.engine,
        "distinct states": str(result.distinct),
        "generated states": str(result.generated),
        "depth": str(result.depth),
        "complete": "yes" if result.complete else "no",
    }
    return Suite(_suite_name(model), _classname(model), tuple(cases), display_path(model.file), result.seconds, tuple(facts.items()))


def _of_property(one: PropertyResult, result: Result, report: Report) -> Case:
    name, place = title(one), one.span
    if one.verdict is Verdict.UNKNOWN:
        outcome: Outcome = "skipped" if decided(one, report.options.for_file(result.model.file)) else "error"
        return Case(name, outcome, "unknown", f"{one.name} is UNKNOWN: {one.reason or 'it was not decided'}", span=place)
    if one.as_expected:
        return Case(name, span=place)
    if one.verdict is Verdict.VIOLATED and one.expected is Verdict.HOLDS:
        length = "" if one.trace is None else f" after {steps_text(one.trace)}"
        return Case(name, "failure", one.kind, f"{one.name} is VIOLATED{length}", plain_text(violation_lines(one)), place)
    text = plain_text(violation_lines(one)) if one.verdict is Verdict.VIOLATED else ""
    return Case(name, "failure", "expectation", mismatch(one, result), text, place)


def _of_counts(result: Result) -> Case:
    place = Span(result.model.file, result.model.line)
    if result.miscounts is None:
        return Case("expected counts", "skipped", "expectation", "the counts were not compared: the search was cut, or an option changes them", span=place)
    if result.miscounts:
        return Case("expected counts", "failure", "expectation", "; ".join(result.miscounts), span=place)
    return Case("expected counts", span=place)


def _findings(found: tuple[Finding, ...], strict: bool) -> Case:
    codes = [finding.code for finding in found if finding.counts] if strict else []
    text = plain_text(map(finding_line, found))
    if codes:
        return Case("findings", "failure", ", ".join(dict.fromkeys(codes)), f"{counted(len(codes), 'finding')}, and --strict allows none", text, found[0].span)
    return Case("findings", text=text, span=found[0].span)


def _left_out(model: Model) -> Suite:
    tags = ", ".join(model.tags)
    case = Case("not run", "skipped", "tags", f"its tags ({tags}) were not asked for; --tags all runs it", span=Span(model.file, model.line))
    return Suite(_suite_name(model), _classname(model), (case,), display_path(model.file))


def _suites_of_errors(report: Report) -> Iterator[Suite]:
    by_file: dict[str | None, list[SpeccheckError]] = {}
    for error in (one for group in report.errors for one in group.errors):
        by_file.setdefault(error.span.file if error.span else None, []).append(error)
    for file, errors in by_file.items():
        cases = tuple(Case(f"{one.code} {one.title}", "error", one.code, one.message, plain_text(error_lines(one)), one.span) for one in errors)
        yield Suite(RUN, RUN, cases) if file is None else Suite(display_path(file), _dotted(file), cases, display_path(file))


def _suite_name(model: Model) -> str:
    return f"{display_path(model.file)}: {model.name}"


def _classname(model: Model) -> str:
    """Servers take what stands before the last dot for a folder of tests."""
    return f"{_dotted(model.file)}.{model.name.replace('.', '_')}"


def _dotted(file: str) -> str:
    return display_path(file).removesuffix(".py").strip("/").replace("/", ".")


# ---------------------------------------------------------------- elements


def _run_element(suites: tuple[Suite, ...]) -> ET.Element:
    root = ET.Element("testsuites", {"name": RUN, **_counts(*suites)})
    for suite in suites:
        root.append(_suite_element(suite))
    return root


def _suite_element(suite: Suite) -> ET.Element:
    file = {} if suite.file is None else {"file": _clean(suite.file)}
    element = ET.Element("testsuite", {"name": _clean(suite.name), **file, **_counts(suite)})
    if suite.properties:
        properties = ET.SubElement(element, "properties")
        for name, value in suite.properties:
            ET.SubElement(properties, "property", {"name": _clean(name), "value": _clean(value)})
    for case in suite.cases:
        element.append(_case_element(case, suite))
    return element


def _case_element(case: Case, suite: Suite) -> ET.Element:
    """One search decides all properties of a model, so each case has an equal share of its time."""
    place = {} if case.span is None else {"file": _clean(display_path(case.span.file)), **({"line": str(case.span.line)} if case.span.line else {})}
    share = f"{suite.seconds / len(suite.cases):.6f}"
    element = ET.Element("testcase", {"name": _clean(case.name), "classname": _clean(suite.classname), **place, "time": share})
    if case.outcome != "passed":
        inner = ET.SubElement(element, case.outcome, {"type": case.type, "message": _clean(case.message)})
        inner.text = _clean(case.text) or None
    elif case.text:
        ET.SubElement(element, "system-out").text = _clean(case.text)
    return element


def _counts(*suites: Suite) -> dict[str, str]:
    return {
        "tests": str(sum(len(suite.cases) for suite in suites)),
        "failures": str(sum(suite.count("failure") for suite in suites)),
        "errors": str(sum(suite.count("error") for suite in suites)),
        "skipped": str(sum(suite.count("skipped") for suite in suites)),
        "time": f"{sum(suite.seconds for suite in suites):.6f}",
    }


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)
