"""The summary of a step: a table, what is wrong with its stories, never more than GitHub takes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.checker.result import Verdict
from speccheck.checker.run import Report
from speccheck.errors import DefaultOutsideDomain
from speccheck.reports.summary import lines, text_of
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from tests.unit.reports.made import FINDING, SOURCE, climbing, model, prop, result, violated


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "climb.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_a_run_that_is_as_expected_is_a_table() -> None:
    expected = violated(expected=Verdict.VIOLATED, as_expected=True)
    report = replace(Report((result(prop(), expected),), (), 0), left_out=(model("Climb[big]", tags=("slow",)),))
    assert plain_text(lines(report)) == (
        "## :white_check_mark: speccheck: 1 ok\n\n"
        "| | model | states | depth | seconds | |\n|---|---|--:|--:|--:|---|\n"
        "| :white_check_mark: | Climb | 1,234 | 7 | 0.25 | low VIOLATED as expected |\n"
        "| :heavy\\_minus\\_sign: | Climb\\[big\\] | | | | not run (slow) |\n\n".replace("heavy\\_minus\\_sign", "heavy_minus_sign")
    )


def test_a_violation_is_drawn_and_told() -> None:
    longer = violated(name="lower", trace=climbing(3))
    text = text_of(Report((result(longer, violated(), mismatches=("low was expected to hold, but is VIOLATED",)),), (), 1))
    assert text.startswith("## :x: speccheck: 1 failed\n")
    assert "The shortest counterexample, Climb: low\n\n```mermaid\nsequenceDiagram\n" in text and text.count("```mermaid") == 1
    assert "<details><summary>error: Climb: low is VIOLATED after 2 steps <code>climb.py:9</code></summary>\n\n```text\nVIOLATED low  climb.py:9\n" in text
    assert "    1  up()  climb.py:5\n         height: 0 -> 1\n" in text
    assert text.count("<details>") == text.count("</details>") == 2


def test_errors_and_findings_are_told_without_a_story() -> None:
    error = DefaultOutsideDomain("bad <default>", span=Span("y.py", 3, 5))
    text = text_of(Report((result(prop(), findings=(FINDING,)),), (error,), 3))
    assert "## :x: speccheck: 1 ok, 1 error\n" in text
    assert "<summary>error: SC203: default outside its domain <code>y.py:3</code></summary>\n\n```text\nbad <default>\nChange the default" in text
    assert (
        "<summary>warning: SC501: action never enabled <code>climb.py:12</code></summary>\n\n```text\naction 'down' is never enabled\n(in Climb)\n```" in text
    )


def test_nothing_at_all_says_so() -> None:
    assert text_of(Report((), (), 5)).startswith("## :x: speccheck: no model was checked\n\n\n<details><summary>error: exit code 5</summary>")


def test_names_are_no_markdown_and_a_fence_is_longer_than_those_inside() -> None:
    odd = result(violated(name="a|b*_<x>", doc="```\n"), name="Climb[`N`=1|2]")
    text = text_of(Report((odd,), (), 1))
    row = next(line for line in text.splitlines() if line.startswith("| :x:") or ("Climb" in line and line.startswith("|")))
    assert "Climb\\[\\`N\\`=1\\|2\\]" in row and "a\\|b\\*\\_&lt;x&gt; VIOLATED" in row and len(re.findall(r"(?<!\\)\|", row)) == 7
    assert "````text\n" in text and "\n````\n" in text and "&lt;x&gt; is VIOLATED" in text


@pytest.mark.parametrize("limit", [1_000, 50_000, 1024 * 1024])
def test_a_summary_is_never_longer_than_its_limit(limit: int) -> None:
    results = tuple(result(violated(trace=climbing(50)), name=f"Climb[\N{SNOWMAN}={number}]", mismatches=("x",)) for number in range(400))
    text = text_of(Report(results, (), 1), limit)
    assert limit * 0.5 < len(text.encode()) <= limit
    assert re.search(r"\n_[\d,]+ parts left out: a summary holds no more. The log has all of it._\n$", text)
    assert text.count("<details>") == text.count("</details>")


def test_no_room_at_all_is_survived() -> None:
    assert "left out" in text_of(Report((result(violated()),), (), 1), 0) and len(text_of(Report((result(violated()),), (), 1), -5)) < 100
