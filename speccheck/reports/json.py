"""A run as JSON, for programs; the shape is stable and documented as a JSON Schema (`docs/reference/results.schema.json`).

In: a Report. Out: one object::

    {"speccheck": "0.1.0", "exit_code": 0, "results": [{"file": "specs/x.py", "model": "X", "properties": [...], ...}], "errors": []}
"""

import json
from dataclasses import asdict

import speccheck
from speccheck.checker.result import Finding, PropertyResult, Result
from speccheck.checker.run import Report
from speccheck.checker.unchanged import Unchanged
from speccheck.errors import SpeccheckError
from speccheck.source import Span, display_path
from speccheck.trace.formats.json import trace_json
from speccheck.trace.styled import Line, line
from speccheck.trace.values import Json, constant_json, json_of


def lines(report: Report) -> list[Line]:
    """Return the run as the lines of a JSON text, in ASCII."""
    return [line(one) for one in json.dumps(report_json(report), indent=1, allow_nan=False).split("\n")]


def report_json(report: Report) -> dict[str, Json]:
    """Return the run as a JSON object."""
    return {
        "speccheck": speccheck.__version__,
        "exit_code": report.exit_code,
        "results": [result_json(result) for result in report.results],
        "left_out": [{"file": display_path(model.file), "line": model.line, "model": model.name, "tags": list(model.tags)} for model in report.left_out],
        "findings": [_finding_json(finding) for finding in report.findings],
        "unchanged": _unchanged_json(report.unchanged),
        "errors": [_error_json(one) for error in report.errors for one in error.errors],
    }


def result_json(result: Result) -> dict[str, Json]:
    """Return what came out for one model as a JSON object."""
    model = result.model
    return {
        "file": display_path(model.file),
        "line": model.line,
        "spec": model.spec.__name__,
        "model": model.name,
        "constants": {name: constant_json(value) for name, value in model.constants.items()},
        "overridden": list(model.overridden),
        "engine": result.engine,
        "workers": result.workers,
        "symmetry": result.symmetry,
        "as_expected": result.as_expected,
        "complete": result.complete,
        "distinct": result.distinct,
        "generated": result.generated,
        "dropped": result.dropped,
        "depth": result.depth,
        "seconds": round(result.seconds, 6),
        "cached": result.cached,
        "memory_bytes": result.memory_bytes,
        **({} if result.simulated is None else {"simulated": asdict(result.simulated)}),
        "properties": [_property_json(one) for one in result.properties],
        "actions": {name: {"taken": count.taken, "new_states": count.new_states} for name, count in result.actions.items()},
        "findings": [_finding_json(finding) for finding in result.findings],
    }


def _unchanged_json(unchanged: Unchanged | None) -> Json:
    """What was left away with `--changed-since`; null without it."""
    if unchanged is None:
        return None
    return {"since": unchanged.revision, "files": list(map(display_path, unchanged.files)), "deleted": list(map(display_path, unchanged.deleted))}


def _property_json(one: PropertyResult) -> dict[str, Json]:
    return {
        "name": one.name,
        "kind": one.kind,
        **_place(one.span),
        "verdict": one.verdict.value,
        "expected": None if one.expected is None else one.expected.value,
        "reason": one.reason,
        "binding": {name: json_of(value) for name, value in one.binding},
        **({} if one.found_steps is None else {"found_steps": one.found_steps}),
        "trace": None if one.trace is None else trace_json(one.trace),
    }


def _finding_json(finding: Finding) -> dict[str, Json]:
    return {"code": finding.code, "message": finding.message, "accepted": finding.accepted, **_place(finding.span)}


def _error_json(error: SpeccheckError) -> dict[str, Json]:
    column = (error.span.column or None) if error.span else None
    return {"code": error.code, "message": error.message, "remedy": error.remedy, **_place(error.span), "column": column}


def _place(span: Span | None) -> dict[str, Json]:
    """File and line; null where there is none."""
    return {"file": display_path(span.file) if span else None, "line": (span.line or None) if span else None}
