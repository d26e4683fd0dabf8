"""A run as SARIF 2.1.0, for code scanning on GitHub and other viewers.

In: a Report. Out: one run with a rule for every kind of trouble and a result for every Trouble that has a place; the steps of a counterexample are the code
flow. What is as expected, and what is accepted, is no result. An error without a place is a notification of the invocation, because a result must have one.

The limits are those of "SARIF support for code scanning" in GitHub's documentation: what is beyond them would be refused, or not shown.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import speccheck
from speccheck.checker.run import Report, RunOptions
from speccheck.reports.fingerprints import line_hashes
from speccheck.reports.places import in_characters, repository_root, uri_of
from speccheck.reports.story import cut, story
from speccheck.reports.troubles import KINDS, Level, Trouble, TroubleKind, troubles
from speccheck.source import Span
from speccheck.trace.styled import Line, line
from speccheck.trace.values import Json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 5_000  # are shown; 25,000 are allowed
ALL_FLOWS = 20_000  # locations in one file, which keep it well below the 10 MB (compressed) that are allowed
LONGEST_TEXT = 1_024  # characters of a description
LONGEST_MESSAGE = 4_096  # characters of a result's message
SEVERITY: dict[Level, str] = {"error": "error", "warning": "warning", "note": "recommendation"}


def lines(report: Report) -> list[Line]:
    """Return the run as the lines of a JSON text, in ASCII."""
    return [line(one) for one in json.dumps(sarif_json(report), indent=1, allow_nan=False).split("\n")]


def sarif_json(report: Report) -> dict[str, Json]:
    """Return the run as a SARIF log."""
    found = sorted(troubles(report), key=lambda one: ("error", "warning", "note").index(one.level))
    placed = [one for one in found if one.span is not None and one.span.line]
    notes = [_notification(one) for one in found if one not in placed]
    if len(placed) > MOST_RESULTS:
        notes.append({"level": "warning", "message": {"text": f"{len(placed) - MOST_RESULTS:,} results are left out: a server shows no more"}})
    driver = {
        "name": "speccheck",
        "version": speccheck.__version__,
        "semanticVersion": speccheck.__version__,
        "rules": [_rule(kind, about) for kind, about in KINDS.items()],
    }
    invocation = {"executionSuccessful": report.exit_code in (0, 1, 4, 5, 6), "exitCode": report.exit_code, "toolExecutionNotifications": notes}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"speccheck/{_selection(report.paths, report.options)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": list(_results(placed[:MOST_RESULTS])),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: str, about: TroubleKind) -> dict[str, Json]:
    explained = f"\n\n`speccheck explain {kind}` says the same." if kind.startswith("SC") else ""
    certain = about.level == "error"
    return {
        "id": kind,
        "name": "".join(word.capitalize() for word in "".join(c if c.isalnum() else " " for c in about.title).split()),
        "shortDescription": {"text": cut(about.title, LONGEST_TEXT)},
        "fullDescription": {"text": cut(about.meaning, LONGEST_TEXT)},
        "help": {"text": f"{about.meaning}\n\n{about.remedy}{explained}", "markdown": f"{about.meaning}\n\n**Remedy:** {about.remedy}{explained}"},
        "defaultConfiguration": {"level": about.level},
        "properties": {
            "tags": ["model-checking", "correctness" if certain else "maintainability"],
            "precision": "very-high" if certain else "high",
            "problem.severity": SEVERITY[about.level],
        },
    }


def _results(found: list[Trouble]) -> Iterator[dict[str, Json]]:
    numbers = {kind: number for number, kind in enumerate(KINDS)}
    root, hashes, left = repository_root(), _Hashes(), ALL_FLOWS
    for one in found:
        assert one.span is not None
        models = f"\n\nIn {', '.join(one.models)}." if one.models and one.property is None else ""
        result: dict[str, Json] = {
            "ruleId": one.kind,
            "ruleIndex": numbers[one.kind],
            "level": one.level,
            "message": {"text": cut(f"{one.headline}\n{one.message}{models}", LONGEST_MESSAGE)},
            "locations": [{"physicalLocation": _physical(one.span, root)}],
            "partialFingerprints": _fingerprints(one, uri_of(one.span.file, root), hashes),
        }
        flow = story(one) if left else []
        if flow and len(flow) <= left:
            left -= len(flow)
            steps = [{"location": {"physicalLocation": _physical(at.span or one.span, root), "message": {"text": at.text}}} for at in flow]
            result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        yield result


def _physical(span: Span, root: str) -> dict[str, Json]:
    uri = uri_of(span.file, root)
    base = {} if ":" in uri.partition("/")[0] else {"uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": {"uri": uri, **base}, "region": _region(in_characters(span))}


def _region(span: Span) -> dict[str, Json]:
    region = {"startLine": span.line}
    if span.column:
        region["startColumn"] = span.column
    if span.end_line > span.line:
        region["endLine"] = span.end_line
    if span.column and span.end_column and (span.end_line > span.line or span.end_column > span.column):
        region["endColumn"] = span.end_column
    return region


def _notification(one: Trouble) -> dict[str, Json]:
    return {"descriptor": {"id": one.kind}, "level": one.level, "message": {"text": cut(f"{one.headline}\n{one.message}", LONGEST_MESSAGE)}}


# ---------------------------------------------------------------- what a result is recognised by


class _Hashes:
    """The line hashes of the files that results stand in; each file is read once."""

    def __init__(self) -> None:
        self._of_file: dict[str, list[str]] = {}

    def at(self, span: Span) -> str | None:
        """Return the hash of a line; None where the file cannot be read."""
        if span.file not in self._of_file:
            try:
                self._of_file[span.file] = line_hashes(Path(span.file).read_bytes().decode("utf-8", "replace"))
            except OSError:
                self._of_file[span.file] = []
        hashes = self._of_file[span.file]
        return hashes[span.line - 1] if 0 < span.line <= len(hashes) else None


def _fingerprints(one: Trouble, uri: str, hashes: _Hashes) -> dict[str, str]:
    """Return GitHub's hash of the line, and one of what the result says, which tells results on one line apart."""
    assert one.span is not None
    what = f"{one.models[0]} {one.property.name}" if one.property is not None else one.message if one.kind.startswith("SC") else one.headline
    about = "\0".join((one.kind, uri, what))
    found = {"speccheck/v1": hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()}
    line_hash = hashes.at(one.span)
    return found if line_hash is None else {"primaryLocationLineHash": line_hash, **found}


def _selection(paths: tuple[str, ...], options: RunOptions) -> str:
    """Return what was checked as a word: two runs of different specs or options are two analyses, and the later does not replace the earlier."""
    words = [*paths, *(f"-D {name}={value}" for name, value in options.defines.items())]
    words += [f"--{name} {value}" for name in ("spec", "model", "property") if (value := getattr(options, name))]
    if options.tags:
        words.append(f"--tags {','.join(options.tags)}")
    return quote(" ".join(words), safe=" =,-._") or "all"
