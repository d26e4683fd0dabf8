"""A run in Markdown, for the summary of a step on GitHub: a table of the models, and what is not as it should be, with the stories folded away.

In: a Report. Out: lines, at most 1 MiB of them, which is what GitHub takes for a step; what does not fit is left out, and the last line says so.
"""

import re
from collections.abc import Iterator

from speccheck.checker.result import Result, Verdict
from speccheck.checker.run import Report
from speccheck.reports.sequence import sequence
from speccheck.reports.text import outcome, remarkable
from speccheck.reports.troubles import Trouble, troubles
from speccheck.reports.violation import violation_lines
from speccheck.source import Span, display_path
from speccheck.trace.styled import Line, counted, line, plain_text

MOST_BYTES = 1024 * 1024
ICONS = {"ok": ":white_check_mark:", "FAILED": ":x:", "UNKNOWN": ":grey_question:"}


def lines(report: Report) -> list[Line]:
    """Return the run as the lines of a Markdown text."""
    return [line(one) for one in text_of(report).splitlines()]


def text_of(report: Report, most_bytes: int = MOST_BYTES) -> str:
    """Return the run as Markdown of at most so many bytes."""
    return _fitting([_head(report), *_table(report), *_diagram(report), *map(_trouble, troubles(report))], most_bytes)


def _fitting(parts: list[str], most_bytes: int) -> str:
    """Join the parts as long as they fit; of those that do not, say how many there are."""
    last = "\n_{} left out: a summary holds no more. The log has all of it._\n"
    room = most_bytes - len(last) - 20
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode("utf-8", "replace"))
        if room < 0:
            break
        kept.append(part)
    left = len(parts) - len(kept)
    return "".join(kept) + (last.format(counted(left, "part")) if left else "")


def _head(report: Report) -> str:
    words = [outcome(result)[0] for result in report.results]
    numbers = ", ".join(f"{words.count(word):,} {word.lower()}" for word in ICONS if word in words) or "no model was checked"
    wrong = sum(len(error.errors) for error in report.errors)
    icon = ICONS["ok"] if report.exit_code == 0 else ICONS["FAILED"]
    return f"## {icon} speccheck: {numbers}{', ' + counted(wrong, 'error') if wrong else ''}\n\n"


def _table(report: Report) -> Iterator[str]:
    if report.results or report.left_out:
        yield "| | model | states | depth | seconds | |\n|---|---|--:|--:|--:|---|\n"
    for result in report.results:
        yield _row(result)
    for model in report.left_out:
        yield f"| :heavy_minus_sign: | {_cell(model.name)} | | | | not run ({_cell(', '.join(model.tags))}) |\n"
    yield "\n"


def _row(result: Result) -> str:
    told = ", ".join(f"{one.name} {one.verdict.value}" + (" as expected" if one.as_expected else "") for one in remarkable(result))
    icon = ICONS[outcome(result)[0]]
    return f"| {icon} | {_cell(result.model.name)} | {result.distinct:,} | {result.depth} | {result.seconds:.2f} | {_cell(told)} |\n"


def _trouble(one: Trouble) -> str:
    place = "" if one.span is None else f" <code>{_html(str(Span(one.span.file, one.span.line)))}</code>"
    models = f"\n(in {', '.join(one.models)})" if one.models and one.property is None else ""
    with_story = one.property is not None and one.property.verdict is Verdict.VIOLATED
    body = plain_text(violation_lines(one.property)) if with_story and one.property is not None else one.message + models + "\n"
    return f"<details><summary>{one.level}: {_html(one.headline)}{place}</summary>\n\n{_fenced(body)}\n</details>\n\n"


def _diagram(report: Report) -> Iterator[str]:
    """Yield the shortest counterexample as a diagram, if there is one that can be drawn."""
    traces = [
        (len(one.trace.steps), result.model.name, one.name, display_path(result.model.file), one.trace)
        for result in report.results
        for one in result.properties
        if one.trace is not None and one.verdict is Verdict.VIOLATED and not one.as_expected
    ]
    drawn = [(name, prop, text) for _, name, prop, _, trace in sorted(traces, key=lambda row: row[:4]) if (text := sequence(trace))]
    for name, prop, text in drawn[:1]:
        yield f"The shortest counterexample, {_html(name)}: {_html(prop)}\n\n{_fenced(chr(10).join(text) + chr(10), 'mermaid')}\n"


def _fenced(text: str, language: str = "text") -> str:
    """Return a block of code; its fence is longer than any in the text."""
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{ticks}{language}\n{text.rstrip(chr(10))}\n{ticks}\n"


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cell(text: str) -> str:
    """Return a text that is no Markdown, in a table."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~-])", r"\\\1", _html(text)).replace("\n", " ")
