"""Results as text."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.checker.result import PropertyResult, Result, Verdict
from speccheck.checker.run import Report
from speccheck.checker.unchanged import Unchanged
from speccheck.errors import FileMissing
from speccheck.model.model import Kind
from speccheck.reports.text import lines, result_lines, summary_lines
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace
from tests.unit.reports.made import C1, FINDING, SOURCE, climbing, model, prop, result, violated


@pytest.fixture(autouse=True)
def climb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "climb.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def told(one: Result, full: bool = False) -> str:
    return plain_text(result_lines(one, full))


def shown(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_a_model_that_holds_takes_a_line_for_each_property_and_one_for_the_counts() -> None:
    assert told(result(prop(), prop("deadlock", "deadlock"))) == shown("""
        Climb  climb.py:1
          HOLDS     low       invariant
          HOLDS     deadlock
        ok: 1,234 distinct states, 5,678 generated, depth 7, 0.25 s
        """)


def test_a_violation_is_told_with_its_promise_its_source_its_trace_and_why() -> None:
    assert told(result(violated(), mismatches=("low is VIOLATED, expected HOLDS",))) == shown("""
        Climb  climb.py:1
          VIOLATED  low  invariant  2 steps

        VIOLATED low  climb.py:9
            Nobody climbs high.
            9 |     def low(self) -> bool:
          initial state
                 height = 0
            1  up()  climb.py:5
                 height: 0 -> 1
            2  up()  climb.py:5
                 height: 1 -> 2
          in state 2, low is False
            self.height < 2  False
              self.height    2

        FAILED: 1,234 distinct states, 5,678 generated, depth 7, 0.25 s
          not as expected: low is VIOLATED, expected HOLDS
        """)


def test_an_expected_violation_says_that_it_was_expected() -> None:
    text = told(result(violated(expected=Verdict.VIOLATED, as_expected=True)))
    assert "VIOLATED  low  invariant  as expected, 2 steps\n" in text
    assert "VIOLATED low (as expected)  climb.py:9\n" in text and "\nok: " in text


def test_a_verdict_other_than_the_expected_one_names_both() -> None:
    assert "HOLDS     low  invariant  expected VIOLATED\n" in told(result(prop(expected=Verdict.VIOLATED, as_expected=False)))


def test_an_unknown_verdict_gives_its_reason() -> None:
    unknown = prop(verdict=Verdict.UNKNOWN, reason="the search ended at depth 3", as_expected=False)
    text = told(result(unknown, complete=False, stopped="--max-depth 3", covered="12 of 40 known states expanded"))
    assert "  UNKNOWN   low  invariant  the search ended at depth 3\n" in text
    assert "stopped early: --max-depth 3; 12 of 40 known states expanded\nUNKNOWN: " in text


def test_a_witness_is_a_remark_and_with_full_a_trace() -> None:
    witnessed = prop("high", "reachable", trace=climbing(1))
    assert "HOLDS     high  reachable  witness: 1 step\n" in told(result(witnessed))
    assert "initial state" not in told(result(witnessed))
    assert "HOLDS high  climb.py:9\n" in told(result(witnessed), full=True)
    assert "       height: 0 -> 1\n" in told(result(witnessed), full=True)


def test_full_shows_how_often_actions_were_taken() -> None:
    text = told(result(prop()), full=True)
    assert "action         taken    new states\nup            60            31\n" in text
    assert "action " not in told(result(prop()))


def test_a_failing_binding_stands_behind_the_name() -> None:
    text = told(result(violated(binding=(("c", C1), ("n", 2)))))
    assert "VIOLATED  low(c=Client1, n=2)  invariant" in text and "VIOLATED low(c=Client1, n=2)  climb.py:9" in text


def last_words(kind: Kind, trace: Trace | None, reason: str | None = None, error_span: Span | None = None) -> str:
    one = prop("p", kind, Verdict.VIOLATED, trace=trace, reason=reason, error_span=error_span, span=None)
    text = told(result(one))
    return text.split("\n\n")[1].split("initial state", 1)[-1]


@pytest.mark.parametrize(
    ("kind", "steps", "reason", "expected"),
    [
        ("invariant", 0, None, "in the initial state, p is False"),
        ("invariant", 1, "KeyError: 3", "in state 1, p raised KeyError: 3"),
        ("step_invariant", 2, None, "step 2 makes p False"),
        ("deadlock", 2, None, "in state 2 no action is possible, and it is not terminal"),
        ("domain", 1, "height = 4 is outside Range(0, 3)", "height = 4 is outside Range(0, 3)"),
        ("assert", 1, "AssertionError: too high", "AssertionError: too high"),
        ("temporal", 1, "the loop never satisfies it", "the loop never satisfies it"),
    ],
)
def test_every_kind_says_why_the_end_of_the_trace_violates_it(kind: Kind, steps: int, reason: str | None, expected: str) -> None:
    assert last_words(kind, climbing(steps), reason).splitlines()[-1] == "  " + expected


def test_a_reachable_that_no_state_satisfies_has_no_trace() -> None:
    assert last_words("reachable", None).splitlines()[-1] == "  no reachable state satisfies it"


def test_the_line_that_raised_is_shown() -> None:
    trace = replace(climbing(1), failed_step=Step("up", (), (), Span("climb.py", 5)))
    assert last_words("domain", trace, "too high", Span("climb.py", 6, 9, 6, 20)).splitlines()[-5:] == [
        "    2  fails: up()  climb.py:5",
        "  too high",
        "    --> climb.py:6:9",
        "      6 |         self.height += 1",
        "        |         ^^^^^^^^^^^",
    ]


def test_a_stuttering_end_lists_what_was_possible_but_not_demanded() -> None:
    stuttering = Trace(("height",), ({"height": 0}, {"height": 0}), (Step(None),), None, 0)
    one = prop("rises", "temporal", Verdict.VIOLATED, trace=stuttering, possible=(Step("up", (), (), Span("climb.py", 5)),))
    text = told(result(one))
    assert "  possible there, but no fairness assumption says that it must happen:\n    up()" in text and "climb.py:5\n" in text


def test_long_values_of_an_explanation_are_shortened_unless_full() -> None:
    explained = replace(violated(), explanation=(replace(violated().explanation[0], value="x" * 500),))
    assert "x" * 150 + "xxxxxx ...\n" in told(result(explained))
    assert "x" * 500 in told(result(explained), full=True)


def test_findings_and_notes_stand_above_the_counts() -> None:
    text = told(result(prop(), findings=(FINDING, replace(FINDING, certain=False, span=None)), notes=("12 states were dropped",)))
    assert text.splitlines()[2:] == [
        "",
        "finding SC501: action 'down' is never enabled  climb.py:12",
        "finding SC501: action 'down' is never enabled (so far)",
        "note: 12 states were dropped",
        "ok: 1,234 distinct states, 5,678 generated, depth 7, 0.25 s",
    ]


def test_the_counts_say_what_was_dropped_reduced_and_how_fast() -> None:
    text = told(result(prop(), dropped=12, symmetry=True, seconds=2.0, distinct=1))
    assert text.splitlines()[-1] == (
        "ok: 1 distinct state, 5,678 generated, depth 7, 12 dropped by a constraint, reduced by symmetry, 2.0 s (0 states/s, 120 MB)"
    )


# -------------------------------------------------- several models


def unknown() -> PropertyResult:
    return prop(verdict=Verdict.UNKNOWN, reason="cut", as_expected=False)


def test_a_single_model_has_no_summary() -> None:
    assert summary_lines(Report((result(prop()),), (), 0)) == []


def test_the_summary_has_a_row_for_each_model_and_adds_them_up() -> None:
    results = (
        result(prop()),
        result(violated(), mismatches=("low",), name="Climb[N=4]"),
        result(unknown(), name="Climb[N=5]"),
        result(violated(expected=Verdict.VIOLATED), name="Climb[N=6]"),
    )
    assert plain_text(summary_lines(Report(results, (FileMissing("gone"),), 1))) == shown("""
                 model       states  generated  depth  seconds
        ok       Climb        1,234      5,678      7     0.25
        FAILED   Climb[N=4]   1,234      5,678      7     0.25  low VIOLATED
        UNKNOWN  Climb[N=5]   1,234      5,678      7     0.25  low UNKNOWN
        ok       Climb[N=6]   1,234      5,678      7     0.25  low VIOLATED
        4 models: 2 ok, 1 failed, 1 unknown, 1 error
        """)


def test_models_of_several_files_are_grouped_by_file() -> None:
    other = replace(result(prop()), model=model("Other", "other.py"))
    text = plain_text(summary_lines(Report((result(prop()), other), (), 0)))
    assert text.splitlines()[1::2] == ["climb.py", "other.py", "2 models: 2 ok"]


def test_an_error_beside_a_model_is_counted_although_there_is_no_table() -> None:
    assert plain_text(summary_lines(Report((result(prop()),), (FileMissing("gone"),), 5))) == "1 model: 1 ok, 1 error\n"


def test_a_run_that_fails_because_of_findings_says_so() -> None:
    found = result(prop(), findings=(FINDING, replace(FINDING, certain=False)))
    assert plain_text(summary_lines(Report((found,), (), 6))) == "FAILED: 1 finding, and --strict allows none\n"
    assert summary_lines(Report((found,), (), 0)) == []


def test_the_whole_report_shows_models_errors_and_the_summary() -> None:
    text = plain_text(lines(Report((result(prop()),), (FileMissing("there is no file 'x.py'"),), 5)))
    assert text.index("Climb  climb.py:1") < text.index("error[SC101]: there is no file 'x.py'") < text.index("1 model: 1 ok, 1 error")


def test_an_interrupted_run_says_that_others_were_not_checked() -> None:
    words = "interrupted: models that are not shown were not checked\n"
    assert plain_text(summary_lines(Report((), (), 130))) == words
    assert plain_text(summary_lines(Report((result(prop()),), (), 130))) == words


def test_what_has_not_changed_is_said() -> None:
    unchanged = Unchanged("main", ("a.py", "b.py"), ("c.py",))
    assert plain_text(summary_lines(Report((), (), 0, unchanged=unchanged))) == "nothing to check: nothing has changed since main (2 files, c.py is deleted)\n"
    assert plain_text(summary_lines(Report((result(prop()),), (), 0, unchanged=unchanged))) == "1 model: 1 ok, unchanged since main: 2 files, c.py is deleted\n"
    assert summary_lines(Report((result(prop()),), (), 0, unchanged=Unchanged("main"))) == []


def test_a_kept_result_is_marked() -> None:
    kept = result(prop(), cached=True)
    assert plain_text(result_lines(kept)).endswith("depth 7, 0.25 s (cached)\n")
    table = plain_text(summary_lines(Report((kept, result(violated(), name="Bold", cached=True)), (), 1))).splitlines()
    assert [line.rstrip().endswith("(cached)") for line in table] == [False, True, True, False]
    assert "low VIOLATED  (cached)" in table[2]
