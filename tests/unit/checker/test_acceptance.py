"""Accepted findings: shown with their reason, not counted by --strict, and an acceptance that has outlived its finding is a finding itself."""

import os
from pathlib import Path

import pytest

from speccheck.checker.result import Finding, Result
from speccheck.checker.run import Observer, Report, RunOptions, run
from speccheck.checker.run import checked as checked_model
from speccheck.checker.settings import Override, Settings
from speccheck.model.model import Model
from speccheck.reports.json import report_json
from speccheck.reports.text import lines
from speccheck.trace.styled import plain_text

SPEC = '''\
from typing import Annotated
from speccheck import Range, Spec, action, constant, invariant, model, require

N = constant("N", 1, min=0)


class Base(Spec, abstract=True, deadlock=False{base}):
    on: Annotated[int, Range(0, 1)] = 0

    @action
    def up(self) -> None:
        require(self.on < N)
        self.on += 1

    @invariant
    def fine(self) -> bool:
        return self.on < 2


{lines}class Up(Base{accept}):
    """Goes up."""


class Also(Base):
    """The same again."""
'''
NEVER = 'accept={"SC501": "not built yet"}'


def checked(folder: Path, accept: str = "", base: str = "", models: str = "", **options: object) -> Report:
    """Check a spec whose action is never enabled where N is 0."""
    (folder / "up.py").write_text(SPEC.format(accept=accept and ", " + accept, base=base and ", " + base, lines=models), encoding="utf-8")
    return run((str(folder / "up.py"),), RunOptions(strict=True, **options))  # type: ignore[arg-type]


def found(report: Report) -> list[Finding]:
    return [finding for result in report.results for finding in result.findings]


ZERO = '@model(name="zero", N=0)\n'


def test_an_accepted_finding_is_shown_with_its_reason_and_not_counted(tmp_path: Path) -> None:
    accept = 'accept={"SC501": "not built yet", "SC505": "a monitor"}'
    report = checked(tmp_path, models=ZERO, accept=accept, spec="Up")
    assert report.exit_code == 0 and [one.accepted for one in found(report)] == ["not built yet"]
    assert "finding SC501: the action 'up' is never enabled (accepted: not built yet)  " in plain_text(lines(report))
    assert report_json(report)["results"][0]["findings"][0]["accepted"] == "not built yet"


def test_a_finding_of_another_code_is_counted(tmp_path: Path) -> None:
    report = checked(tmp_path, models=ZERO, accept='accept={"SC505": "a monitor"}')
    assert report.exit_code == 6 and [(one.code, one.counts) for one in found(report)] == [("SC501", True)]
    assert report_json(report)["results"][0]["findings"][0]["accepted"] is None


def test_an_acceptance_that_nothing_matches_is_a_finding(tmp_path: Path) -> None:
    report = checked(tmp_path, accept=NEVER)
    assert [(one.code, one.span and one.span.line, one.counts) for one in report.findings] == [("SC509", 20, True)]
    assert report.exit_code == 6
    text = plain_text(lines(report))
    assert "finding SC509: nothing matches the acceptance of SC501 (not built yet): no model has such a finding any more  " in text
    assert text.endswith("2 models: 2 ok\nFAILED: 1 finding, and --strict allows none\n")
    assert [one["code"] for one in report_json(report)["findings"]] == ["SC509"]


@pytest.mark.parametrize("models", [ZERO + "@model()\n", "@model()\n" + ZERO])
def test_one_model_with_the_finding_is_enough(models: str, tmp_path: Path) -> None:
    report = checked(tmp_path, accept=NEVER, models=models)
    assert (report.findings, report.exit_code) == ((), 0)


def test_an_inherited_acceptance_is_matched_by_any_subclass(tmp_path: Path) -> None:
    assert checked(tmp_path, base=NEVER, models=ZERO).findings == ()
    assert [one.code for one in checked(tmp_path, base=NEVER).findings] == ["SC509"]


def test_an_acceptance_of_the_class_does_not_speak_for_another_class(tmp_path: Path) -> None:
    """The class Also accepts nothing, so its finding counts, and does not match what Up accepts."""
    report = checked(tmp_path, accept=NEVER, defines={"N": "0"})
    assert [one.accepted for one in found(report)] == ["not built yet", None] and report.exit_code == 6


@pytest.mark.parametrize(
    "options",
    [
        {"spec": "Up"},
        {"model": "Up"},
        {"property": "fine"},
        {"defines": {"N": "1"}},
        {"symmetry": False},
        {"deadlock": False},
        {"stop_first": True},
    ],
)
def test_a_run_that_did_not_see_everything_does_not_call_an_acceptance_out_of_date(options: dict[str, object], tmp_path: Path) -> None:
    assert checked(tmp_path, accept=NEVER, **options).findings == ()


def test_a_model_left_out_for_its_tags_may_have_the_finding(tmp_path: Path) -> None:
    models = "@model()\n" + ZERO.replace(")", ', tags="slow")')
    assert checked(tmp_path, accept=NEVER, models=models).findings == ()
    assert checked(tmp_path, accept=NEVER, models=models, tags=("all",)).findings == ()
    outdated = "@model()\n" + ZERO.replace("N=0)", 'N=1, tags="slow")')
    assert checked(tmp_path, accept=NEVER, models=outdated).findings == ()
    assert [one.code for one in checked(tmp_path, accept=NEVER, models=outdated, tags=("all",)).findings] == ["SC509"]


def test_a_search_that_was_cut_may_have_missed_the_finding(tmp_path: Path) -> None:
    from speccheck.engines.machine import Budget

    assert checked(tmp_path, accept=NEVER, budget=Budget(1)).findings == ()


def test_an_error_in_another_file_leaves_the_question_open(tmp_path: Path) -> None:
    checked(tmp_path, accept=NEVER)
    (tmp_path / "broken.py").write_text("import speccheck, no_such_module\n", encoding="utf-8")
    assert run((str(tmp_path),), RunOptions(strict=True)).findings == ()


# -------------------------------------------------- the configuration of a run


def test_a_run_accepts_findings_of_all_specs_and_a_spec_has_the_better_reason(tmp_path: Path) -> None:
    checked(tmp_path, accept=NEVER, models=ZERO)
    report = run((str(tmp_path / "up.py"),), RunOptions(strict=True, defines={"N": "0"}, accept={"SC501": "see the plan"}))
    assert [one.accepted for one in found(report)] == ["not built yet", "see the plan"] and report.exit_code == 0


@pytest.mark.parametrize(("path", "code", "counts"), [("up.py", 0, False), (".", 6, True)])
def test_what_a_run_accepts_is_out_of_date_only_in_a_run_of_folders(path: str, code: int, counts: bool, tmp_path: Path) -> None:
    checked(tmp_path)
    report = run((str(tmp_path / path),), RunOptions(strict=True, accept={"SC504": "a typing aid"}))
    assert [(one.code, one.counts, one.span) for one in report.findings] == [("SC509", counts, None)] and report.exit_code == code


def test_a_code_that_does_not_exist_is_a_usage_error_of_the_run(tmp_path: Path) -> None:
    checked(tmp_path)
    report = run((str(tmp_path / "up.py"),), RunOptions(accept={"SC5O1": "why"}))
    assert (report.exit_code, report.results) == (2, ())
    assert [one.message for one in report.errors] == ["accept: there is no finding 'SC5O1'. Did you mean 'SC501'?"]


def test_what_the_configuration_accepts_for_some_files_holds_for_their_models(tmp_path: Path) -> None:
    checked(tmp_path, models=ZERO)
    override = Override(str(tmp_path), "up.py", Settings(accept={"SC501": "see the plan"}))
    report = run((str(tmp_path / "up.py"),), RunOptions(strict=True, defines={"N": "0"}, overrides=(override,)))
    assert [one.accepted for one in found(report)] == ["see the plan", "see the plan"] and report.exit_code == 0
    elsewhere = Override(str(tmp_path), "down.py", Settings(accept={"SC501": "see the plan"}))
    assert run((str(tmp_path / "up.py"),), RunOptions(strict=True, defines={"N": "0"}, overrides=(elsewhere,))).exit_code == 6


def test_another_way_to_check_makes_its_models_one_after_the_other_and_keeps_nothing(tmp_path: Path) -> None:
    checked(tmp_path)
    pids: list[int] = []

    def check(model: Model, options: RunOptions, observer: Observer) -> Result:
        pids.append(os.getpid())
        return checked_model(model, options, observer)

    report = run((str(tmp_path / "up.py"),), RunOptions(jobs=2, cache=True), check=check)
    assert pids == [os.getpid()] * 2 and len(report.results) == 2
    assert not any(one.cached or one.notes for one in report.results)
