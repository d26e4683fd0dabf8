"""Results as text: one model's verdicts, each violation with its story, findings, counts; and a table over several models.

In: Results. Out: lines::

    DieHard  die_hard.py:18
      VIOLATED  not_solved  invariant  as expected, 6 steps
      HOLDS     deadlock

    VIOLATED not_solved  die_hard.py:61
    ...
    ok: as expected; 16 distinct states, 97 generated, depth 8, 0.01 s
"""

from itertools import groupby
from typing import cast

from speccheck.checker.result import PropertyResult, Result, Verdict
from speccheck.checker.run import Report
from speccheck.checker.unchanged import Unchanged
from speccheck.errors import EXIT_FINDING, EXIT_INTERRUPTED
from speccheck.reports import errors, simulation
from speccheck.reports.violation import finding_line, steps_text, title, verdict_style, violation_lines
from speccheck.source import Span, display_path
from speccheck.trace.styled import EMPTY, Line, Piece, Style, counted, indented, line, padded, width

MOST_NAMED = 3  # properties in a row of the table


def lines(report: Report) -> list[Line]:
    """Return a whole run: every model, the errors, the summary."""
    shown = [one for result in report.results for one in (*result_lines(result), EMPTY)]
    return [*shown, *errors.lines(report), *summary_lines(report)]


def result_lines(result: Result, full: bool = False, lanes: bool = False) -> list[Line]:
    """Return what came out for one model; `full` shows whole states, witnesses, and how often each action was taken."""
    shown = [_header(result), *indented(_verdict_lines(result), 2)]
    for one in result.properties:
        if one.verdict is Verdict.VIOLATED or (full and one.trace is not None):
            shown.extend([EMPTY, *violation_lines(one, full, lanes)])
    if full and result.actions:
        shown.extend([EMPTY, *_action_lines(result)])
    remarks = [finding_line(finding) for finding in result.findings]
    remarks.extend(line(("note", "faint"), f": {note}") for note in result.notes)
    if len(shown) > 1 + len(result.properties) or remarks:
        shown.append(EMPTY)
    return [*shown, *remarks, *_closing(result)]


def summary_lines(report: Report) -> list[Line]:
    """Return a table of the models, file by file, a line that adds them up, findings about the run as a whole, and why findings made it fail; nothing for a
    single model without trouble.
    """
    shown: list[Line] = [finding_line(finding) for finding in report.findings]
    if len(report.results) > 1:
        shown.extend(_table(report.results))
    if report.unchanged and not report.results and not report.errors and not report.left_out:
        shown.append(line(f"nothing to check: nothing has changed since {report.unchanged.revision} ({_spared(report.unchanged)})"))
    elif len(report.results) + len(report.errors) > 1 or report.left_out or report.unchanged:
        shown.append(_totals(report))
    if report.exit_code == EXIT_INTERRUPTED:
        shown.append(line(("interrupted", "unknown"), ": models that are not shown were not checked"))
    if report.exit_code == EXIT_FINDING:
        found = sum(finding.counts for findings in (report.findings, *(result.findings for result in report.results)) for finding in findings)
        shown.append(line(("FAILED", "bad"), f": {counted(found, 'finding')}, and --strict allows none"))
    return shown


def outcome(result: Result) -> Piece:
    """Return the word for a model: ok, FAILED, or UNKNOWN."""
    if result.as_expected:
        return ("ok", "good")
    return ("FAILED", "bad") if result.mismatches else ("UNKNOWN", "unknown")


def remarkable(result: Result) -> list[PropertyResult]:
    """Return the properties that a row of a table names: those that do not hold, or should not."""
    return [one for one in result.properties if one.verdict is not Verdict.HOLDS or not one.as_expected]


def _header(result: Result) -> Line:
    place = Span(result.model.file, result.model.line)
    return line((result.model.name, "heading"), "  ", (str(place), "place"))


def _verdict_lines(result: Result) -> list[Line]:
    rows = [(title(one), one.kind if one.kind != one.name else "", _remark(one), one) for one in result.properties]
    names = max((len(row[0]) for row in rows), default=0)
    kinds = max((len(row[1]) for row in rows), default=0)
    return [
        line((f"{one.verdict.value:<8}", verdict_style(one)), "  ", (f"{name:<{names}}", "name"), "  ", (f"{kind:<{kinds}}", "faint"), "  ", remark)
        for name, kind, remark, one in rows
    ]


def _remark(one: PropertyResult) -> str:
    """What stands behind a verdict: whether it was expected, how long the trace is, why it is unknown."""
    words = []
    if one.expected is not None and one.expected is not Verdict.HOLDS:
        words.append("as expected" if one.as_expected else f"expected {one.expected.value}")
    if one.trace is not None and one.verdict is not Verdict.UNKNOWN:
        words.append(("witness: " if one.verdict is Verdict.HOLDS else "") + steps_text(one.trace))
        if one.found_steps is not None and one.found_steps > len(one.trace.steps):
            words.append(f"shortened from {one.found_steps:,}")
    if one.verdict is Verdict.UNKNOWN and one.reason:
        words.append(one.reason)
    return ", ".join(words)


def _action_lines(result: Result) -> list[Line]:
    names = max(map(len, result.actions))
    head = line((f"{'action':<{names}}  {'taken':>12}  {'new states':>12}", "faint"))
    rows = ((name, f"{one.taken:,}", "-" if one.new_states is None else f"{one.new_states:,}") for name, one in result.actions.items())
    return [head, *(line((f"{name:<{names}}", "name"), f"  {taken:>12}  {new:>12}") for name, taken, new in rows)]


def _closing(result: Result) -> list[Line]:
    counts = [f"{counted(result.distinct, 'distinct state')}, {result.generated:,} generated, depth {result.depth}"]
    if result.simulated is not None:
        counts = simulation.counts(result, result.simulated)
    if result.dropped:
        counts.append(f"{result.dropped:,} dropped by a constraint")
    if result.symmetry:
        counts.append("reduced by symmetry")
    counts.append(_time(result) + (" (cached)" if result.cached else ""))
    shown = [line(outcome(result), f": {', '.join(counts)}")]
    if result.stopped:
        covered = f"; {result.covered}" if result.covered else ""
        shown.insert(0, line(("stopped early", "unknown"), f": {result.stopped}{covered}"))
    if result.simulated is not None:
        shown = [*simulation.never_taken(result), *shown]
    return [*shown, *(line(("  not as expected", "bad"), f": {mismatch}") for mismatch in result.mismatches)]


def _time(result: Result) -> str:
    if result.seconds < 1:
        return f"{result.seconds:.2f} s"
    rate = result.distinct / result.seconds
    return f"{result.seconds:,.1f} s ({rate:,.0f} states/s, {result.memory_bytes / 1e6:,.0f} MB)"


def _table(results: tuple[Result, ...]) -> list[Line]:
    head = (line("model"), line("states"), line("generated"), line("depth"), line("seconds"), line(""))
    rows = [_row(result) for result in results]
    widths = [max(width(cells[i]) for cells in (head, *rows)) for i in range(len(head))]
    numbers = range(1, 5)

    def joined(mark: Line, cells: tuple[Line, ...]) -> Line:
        pieces = list(padded(mark, 9))
        for i, cell in enumerate(cells):
            blanks: Line = ((" " * (widths[i] - width(cell)), "plain"),)
            pieces.extend((*blanks, *cell) if i in numbers else (*cell, *blanks))
            pieces.append(("  ", "plain"))
        return tuple(pieces)

    shown: list[Line] = [tuple((text, "faint") for text, _ in joined(EMPTY, head))]
    for file, group in groupby(zip(results, rows, strict=True), key=lambda pair: pair[0].model.file):
        if len({result.model.file for result in results}) > 1:
            shown.append(line((display_path(file), "place")))
        shown.extend(joined(line(outcome(result)), cells) for result, cells in group)
    return shown


def _row(result: Result) -> tuple[Line, ...]:
    told = remarkable(result)
    words: list[str | Piece] = []
    for one in told[:MOST_NAMED]:
        words.extend((", " if words else "", one.name, " ", (one.verdict.value, verdict_style(one))))
    if len(told) > MOST_NAMED:
        words.append(f" and {len(told) - MOST_NAMED} more")
    if result.cached:
        words.append((("  " if words else "") + "(cached)", "faint"))
    counts = (f"{result.distinct:,}", f"{result.generated:,}", str(result.depth), f"{result.seconds:.2f}")
    return (line((result.model.name, "name")), *map(line, counts), line(*words))


def _totals(report: Report) -> Line:
    """How many models are ok, failed or unknown, and how many errors there were."""
    found = [outcome(result) for result in report.results]
    words: list[str | Piece] = [f"{counted(len(found), 'model')}: "]
    for word, style in (("ok", "good"), ("FAILED", "bad"), ("UNKNOWN", "unknown")):
        number = sum(one == word for one, _ in found)
        if number or word == "ok":
            words.extend(("" if word == "ok" else ", ", (f"{number:,} {word.lower()}", cast("Style", style) if number else "plain")))
    if report.left_out:
        tags = ", ".join(sorted({tag for model in report.left_out for tag in model.tags} or {"no tag"}))
        words.append(f", {len(report.left_out):,} not run ({tags}; --tags all runs them)")
    if report.unchanged:
        words.append(f", unchanged since {report.unchanged.revision}: {_spared(report.unchanged)}")
    wrong = sum(len(error.errors) for error in report.errors)
    if wrong:
        words.extend((", ", (counted(wrong, "error"), "bad")))
    return line(*words)


def _spared(unchanged: Unchanged) -> str:
    """How many files were not looked at, and how many paths are gone."""
    words = [counted(len(unchanged.files), "file")] if unchanged.files else []
    words += [f"{display_path(path)} is deleted" for path in unchanged.deleted]
    return ", ".join(words)
