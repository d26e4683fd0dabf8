"""A run as SARIF: valid by the published schema, within the limits of GitHub's code scanning, with the counterexample as a code flow."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker.result import Verdict
from speccheck.checker.run import Report, RunOptions
from speccheck.errors import DefaultOutsideDomain, NothingSelected
from speccheck.reports import sarif, story
from speccheck.reports.fingerprints import line_hashes
from speccheck.reports.sarif import lines, sarif_json
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace
from tests.published import SARIF, faults, validator
from tests.unit.reports.made import FINDING, SOURCE, climbing, prop, result, violated


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder below a checkout, in which the spec stands, as the current one."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/climb.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "specs")
    return tmp_path


def run_of(report: Report) -> Any:
    log = json.loads(plain_text(lines(report)))
    assert faults(SARIF, log) == []
    (run,) = log["runs"]
    return run


def everything() -> Report:
    unknown = prop("other", verdict=Verdict.UNKNOWN, reason="cut", as_expected=False)
    lasso = Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 1}), (Step("up", (), (), Span("climb.py", 5, 5)), Step(None)), None, 1)
    failing = Trace(("height",), ({"height": 0},), (), Step("up", (), (), Span("climb.py", 5, 5)))
    none = Trace(("height",), (), (), Step("begin", (), (), Span("climb.py", 5)))
    return Report(
        (
            result(
                violated(),
                prop("rises", "temporal", Verdict.VIOLATED, trace=lasso, reason="it never rises", as_expected=False),
                prop("up.assert", "assert", Verdict.VIOLATED, trace=failing, reason="no", error_span=Span("climb.py", 6, 9, 6, 25), as_expected=False),
                prop("begin.error", "error", Verdict.VIOLATED, trace=none, reason="no", as_expected=False),
                prop("high", "reachable", Verdict.VIOLATED, as_expected=False),
                unknown,
                findings=(FINDING, replace(FINDING, code="SC505", span=None)),
                miscounts=("distinct was expected to be 3, but is 4",),
            ),
        ),
        (DefaultOutsideDomain("bad default", span=Span("climb.py", 2, 5)), NothingSelected("no spec 'X'."), DefaultOutsideDomain("bad", span=Span("gone.py"))),
        3,
    )


def test_everything_that_can_go_wrong_is_valid_by_the_published_schema() -> None:
    run = run_of(everything())
    kinds = [one["ruleId"] for one in run["results"]]
    assert kinds == ["SC203", "invariant", "temporal", "assert", "error", "reachable", "unknown", "expectation", "SC501"]
    assert [one["descriptor"]["id"] for one in run["invocations"][0]["toolExecutionNotifications"]] == ["SC108", "SC203", "SC505"]
    assert run_of(Report((), (), 5))["results"] == []


def test_the_schema_refuses_another_shape() -> None:
    log = sarif_json(everything())
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert faults(SARIF, log) and validator(SARIF).is_valid(sarif_json(everything()))


def test_what_is_as_expected_or_accepted_is_no_result() -> None:
    expected = violated(expected=Verdict.VIOLATED, as_expected=True)
    assert run_of(Report((result(prop(), expected, findings=(replace(FINDING, accepted="why"),)),), (), 0))["results"] == []


def test_every_rule_has_short_and_full_texts_and_help_within_the_limits() -> None:
    rules = run_of(Report((), (), 0))["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids)) and {"invariant", "deadlock", "SC203", "SC501"} <= set(ids)
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024 and 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"] and rule["help"]["markdown"] and 0 < len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["precision"] in ("very-high", "high") and rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_a_result_names_its_rule_its_place_and_what_it_is_recognised_by() -> None:
    run = run_of(Report((result(violated()),), (), 1))
    (found,) = run["results"]
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == found["ruleId"] == "invariant" and found["level"] == "error"
    assert found["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "specs/climb.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 9, "startColumn": 5}}}
    ]
    assert found["message"]["text"].startswith("Climb: low is VIOLATED after 2 steps\nin state 2, low is False\nself.height < 2    False")
    assert found["partialFingerprints"]["primaryLocationLineHash"] == line_hashes(SOURCE)[8]


def fingerprint(report: Report) -> str:
    (found,) = run_of(report)["results"]
    return str(found["partialFingerprints"]["speccheck/v1"])


def test_a_result_is_recognised_when_it_has_moved_or_its_story_has_changed(checkout: Path) -> None:
    before = fingerprint(Report((result(violated()),), (), 1))
    moved = violated(span=Span("climb.py", 10, 5), trace=climbing(3), explanation=())
    assert fingerprint(Report((result(moved),), (), 1)) == before
    others = (result(violated(name="other")), result(violated(), name="Climb[N=2]"), result(violated(kind="step_invariant")))
    assert len({before, *(fingerprint(Report((one,), (), 1)) for one in others)}) == 4
    elsewhere = violated(span=Span("../climb.py", 9, 5))
    (checkout / "climb.py").write_text(SOURCE, encoding="utf-8")
    assert fingerprint(Report((result(elsewhere),), (), 1)) != before


def test_a_finding_is_recognised_although_other_models_have_it() -> None:
    alone, together = result(findings=(FINDING,)), (result(findings=(FINDING,)), result(name="Climb[N=2]", findings=(FINDING,)))
    assert fingerprint(Report((alone,), (), 0)) == fingerprint(Report(together, (), 0))
    assert fingerprint(Report((result(findings=(replace(FINDING, message="action 'up' is never enabled"),)),), (), 0)) != fingerprint(Report((alone,), (), 0))


def flow(one: Any) -> list[tuple[str, int]]:
    (found,) = run_of(Report((result(one),), (), 1))["results"]
    locations = found["codeFlows"][0]["threadFlows"][0]["locations"]
    return [(at["location"]["message"]["text"], at["location"]["physicalLocation"]["region"]["startLine"]) for at in locations]


def test_the_counterexample_is_a_code_flow_on_the_lines_of_the_spec() -> None:
    assert flow(violated()) == [
        ("initial state\nheight = 0", 9),
        ("1  up()\nheight: 0 -> 1", 5),
        ("2  up()\nheight: 1 -> 2", 5),
        ("in state 2, low is False", 9),
    ]


def test_a_lasso_says_where_it_goes_round() -> None:
    step = Step("up", (), (), Span("climb.py", 5, 5))
    lasso = Trace(("x",), ({"x": 0}, {"x": 1}, {"x": 0}), (step, step), None, 0)
    one = prop("rises", "temporal", Verdict.VIOLATED, trace=lasso, reason="it never rises", as_expected=False)
    assert [text for text, _ in flow(one)][1:] == ["the loop begins here, in state 0\n1  up()\nx: 0 -> 1", "2  up()\nx: 1 -> 0", "it never rises"]
    ends = replace(one, trace=Trace(("x",), ({"x": 0}, {"x": 0}), (Step(None),), None, 0))
    assert flow(ends)[1] == ("and then nothing happens any more, for ever (stuttering)", 9)


def test_a_step_that_fails_ends_at_the_line_that_raised() -> None:
    failing = Trace(("height",), ({"height": 0},), (), Step("up", (), (), Span("climb.py", 5, 5)))
    one = prop("up.assert", "assert", Verdict.VIOLATED, trace=failing, reason="no", error_span=Span("climb.py", 6, 9), as_expected=False)
    assert flow(one)[1:] == [("1  fails: up()", 5), ("no", 6)]


def test_a_flow_that_is_too_long_keeps_its_beginning_and_its_end() -> None:
    told = flow(violated(trace=climbing(5000)))
    assert len(told) == story.LONGEST == 1000
    assert told[0][0].startswith("initial") and told[-2][0].startswith("5000  up()") and told[499][0] == "... 4,003 moments are left out here ..."


def test_a_file_stays_within_the_limits_of_code_scanning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 40)
    wide = {f"variable_{number}": "x" * 100 for number in range(12)}
    states = tuple({**wide, "height": height} for height in range(1001))
    trace = replace(climbing(1000), states=states)
    report = Report(tuple(result(violated(trace=trace), name=f"Climb[N={number}]") for number in range(60)), (), 1)
    text = plain_text(lines(report))
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == 40 and len(gzip.compress(text.encode())) < 10_000_000
    assert "20 results are left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    with_flow = [one for one in run["results"] if "codeFlows" in one]
    assert len(with_flow) == sarif.ALL_FLOWS // 1000
    longest = max(len(at["location"]["message"]["text"]) for at in with_flow[0]["codeFlows"][0]["threadFlows"][0]["locations"])
    assert longest == story.LONGEST_TEXT


def test_the_analysis_is_called_after_what_was_checked() -> None:
    """GitHub replaces the results of an analysis by those of the next one of the same name, which ends at the last slash."""

    def name(*paths: str, **options: Any) -> str:
        return str(run_of(Report((), (), 0, paths=paths, options=RunOptions(**options)))["automationDetails"]["id"])

    assert name("specs/a b", "x.py") == "speccheck/specs%2Fa b x.py/"
    assert name("specs", defines={"N": "3"}, spec="X", tags=("slow", "all")) == "speccheck/specs -D N=3 --spec X --tags slow,all/"
    assert name() == "speccheck/all/"


@pytest.mark.parametrize(("code", "successful"), [(0, True), (1, True), (4, True), (5, True), (6, True), (2, False), (3, False), (130, False)])
def test_an_invocation_is_successful_if_it_could_check(code: int, successful: bool) -> None:
    (invocation,) = run_of(Report((), (), code))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (successful, code)


def test_a_spec_outside_of_the_repository_has_an_absolute_uri(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "climb.py"
    other.write_text(SOURCE, encoding="utf-8")
    (found,) = run_of(Report((result(violated(span=Span(str(other), 9, 5))),), (), 1))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": other.as_uri()}


def test_columns_count_characters(checkout: Path) -> None:
    (checkout / "specs/snow.py").write_text('x = "\N{SNOWMAN}" + y\n', encoding="utf-8")
    error = DefaultOutsideDomain("bad", span=Span("snow.py", 1, 13, 1, 14))
    (found,) = run_of(Report((), (error,), 3))["results"]
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 11, "endColumn": 12}


def test_the_text_is_ascii_and_the_same_every_time() -> None:
    text = plain_text(lines(everything()))
    assert text.isascii() and text == plain_text(lines(everything()))
