"""The specs with published or independently verified counts come out as they must: see `expected.json`, whose `tlc` column says where each number comes from."""

import json
from pathlib import Path

import pytest

from speccheck import Result, Verdict
from speccheck.checker.run import Report, RunOptions, run

HERE = Path(__file__).parent
ROWS = json.loads((HERE / "expected.json").read_text())


def _name(row: dict) -> str:
    constants = ",".join(f"{k}={v}" for k, v in row["constants"].items())
    return f"{row['file']}:{row['spec']}[{constants}]" + (" symmetry" if row["options"].get("symmetry") else "")


def _run(row: dict) -> Report:
    options = RunOptions(
        defines={k: str(v) for k, v in row["constants"].items()},
        spec=row["spec"],
        symmetry=True if row["options"].get("symmetry") else None,
    )
    return run((str(HERE / "published" / row["file"]),), options)


def _only_result(report: Report) -> Result:
    assert not report.errors, report.errors
    return report.results[0]


@pytest.mark.parametrize("row", [pytest.param(r, id=_name(r)) for r in ROWS])
def test_counts_verdicts_and_trace_lengths_are_the_verified_ones(row: dict) -> None:
    result = _only_result(_run(row))
    assert result.complete
    assert (result.distinct, result.depth) == (row["distinct"], row["depth"])
    if row["generated"] is not None:
        assert result.generated == row["generated"]
    for name, verdict in row["verdicts"].items():
        found = result.verdicts.get(name, Verdict.HOLDS)  # assert, error and domain are listed only when they are violated
        assert found.value == verdict, name
    for name, length in row["trace_length"].items():
        assert len(result[name].trace.steps) == length, name
