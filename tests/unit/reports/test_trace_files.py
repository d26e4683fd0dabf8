"""Counterexamples as files: one for each violated property and format, with names that every file system takes."""

import json

import pytest

from speccheck.checker.result import Verdict
from speccheck.checker.run import Report
from speccheck.reports.trace_files import trace_files
from tests.unit.reports.made import climbing, prop, result, violated


def names(*results: object) -> list[str]:
    return [name.removesuffix(".txt") for name, _ in trace_files(Report(results, (), 1)) if name.endswith(".txt")]  # type: ignore[arg-type]


def test_every_violated_property_has_its_files() -> None:
    expected = violated(name="other", expected=Verdict.VIOLATED, as_expected=True)
    files = dict(trace_files(Report((result(violated(), expected, prop("high", "reachable", trace=climbing(1))),), (), 1)))
    assert set(files) == {f"Climb.{name}.{ending}" for name in ("low", "other") for ending in ("txt", "json", "itf.json", "md", "html")}
    assert files["Climb.low.txt"].startswith("initial state\n       height = 0\n  1  up()")
    assert json.loads(files["Climb.low.json"])["states"] == [{"height": 0}, {"height": 1}, {"height": 2}]


def test_a_violation_without_a_trace_has_no_file() -> None:
    assert names(result(prop("high", "reachable", Verdict.VIOLATED))) == []


@pytest.mark.parametrize(
    ("model", "prop_name", "name"),
    [
        ("Climb", "low", "Climb.low"),
        ("Climb[N=3, M=2]", "low", "Climb.N=3,M=2.low"),
        ("Climb[the big one]", "up.assert", "Climb.the_big_one.up.assert"),
        ("Climb[../../x]", "low", "Climb..._.._x.low"),
        ('Climb[a\\b:c*?"<>|\n]', "low", "Climb.a_b_c_______.low"),
        ("Climb[\N{GREEK SMALL LETTER PI}]", "low", "Climb.\N{GREEK SMALL LETTER PI}.low"),
    ],
)
def test_a_name_is_made_of_the_spec_the_model_and_the_property(model: str, prop_name: str, name: str) -> None:
    assert names(result(violated(name=prop_name), name=model)) == [name]


def test_no_two_files_have_one_name() -> None:
    found = names(result(violated(), violated(name="Low")), result(violated()), result(violated(), name="Climb[a/b]"), result(violated(), name="Climb[a b]"))
    assert found == ["Climb.low", "Climb.Low-2", "Climb.low-3", "Climb.a_b.low", "Climb.a_b.low-2"]


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    found = names(*(result(violated(), name=f"Climb[{'x' * 300}{number}]") for number in range(2)))
    assert len(set(found)) == 2 and all(len(one.encode()) <= 180 for one in found)
