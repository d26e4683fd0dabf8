"""A run as workflow commands of GitHub Actions, which annotate the lines of a pull request.

In: a Report. Out: lines that the runner takes out of the log::

    ::error file=fall.py,line=19,title=Fall%3A safe is VIOLATED after 2 steps::in state 2, safe is False
    ::notice file=fall.py,line=14,title=Fall%3A the last step::2  down()

GitHub shows ten annotations of each level for a step, so the tenth one of many says how many there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from speccheck.checker.run import Report
from speccheck.reports.places import in_characters, repository_path, repository_root
from speccheck.reports.story import cut
from speccheck.reports.troubles import Trouble, troubles
from speccheck.source import Span
from speccheck.trace.formats.text import call
from speccheck.trace.styled import Line, line, plain_text

MOST = 10  # annotations of one level that GitHub shows for a step
LONGEST = 4_000  # characters of a message

Command = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Annotation:
    """A message at a line of the repository, or at none."""

    command: Command
    title: str
    message: str
    span: Span | None


def lines(report: Report) -> list[Line]:
    """Return the annotations of a run as workflow commands, at most ten of each level."""
    root = repository_root()
    found = [annotation for trouble in troubles(report) for annotation in _annotations(trouble)]
    shown: list[Line] = []
    for command in ("error", "warning", "notice"):
        of_command = [one for one in found if one.command == command]
        if len(of_command) > MOST:
            rest = len(of_command) - MOST + 1
            more = Annotation(of_command[0].command, f"and {rest:,} more", f"GitHub shows no more than {MOST}; the log and the step summary have all.", None)
            of_command = [*of_command[: MOST - 1], more]
        shown += [line(command_text(one, root)) for one in of_command]
    return shown


def command_text(one: Annotation, root: str) -> str:
    """Return a workflow command; its values are escaped, so that whatever a spec says stays a message."""
    properties = [*_place(one.span, root), ("title", one.title)]
    written = ",".join(f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties)
    return f"::{one.command} {written}::{_escaped(cut(one.message, LONGEST))}"


def _annotations(trouble: Trouble) -> Iterator[Annotation]:
    """Yield one at the place of the trouble, and one at the action whose step completes a counterexample."""
    command: Command = "notice" if trouble.level == "note" else trouble.level
    models = f"\n(in {', '.join(trouble.models)})" if trouble.models and trouble.property is None else ""
    yield Annotation(command, trouble.headline, trouble.message + models, trouble.span)
    trace = trouble.property.trace if trouble.property is not None else None
    if trace is not None:
        taken = [step for step in (*trace.steps, *([trace.failed_step] if trace.failed_step else [])) if step.action is not None]
        if taken and taken[-1].span is not None and taken[-1].span.line:
            text = plain_text([call(taken[-1])]).rstrip()
            yield Annotation(
                "notice", trouble.headline, f"the last step of the counterexample: {len(taken)}  {text}", Span(taken[-1].span.file, taken[-1].span.line)
            )


def _place(span: Span | None, root: str) -> list[tuple[str, str]]:
    """The columns are only for a place on one line; a file outside of the repository is none."""
    path = None if span is None else repository_path(span.file, root)
    if span is None or path is None:
        return []
    place = [("file", path)]
    if span.line:
        place.append(("line", str(span.line)))
        at = in_characters(span)
        if at.end_line > at.line:
            place.append(("endLine", str(at.end_line)))
        elif at.column:
            place.append(("col", str(at.column)))
            if at.end_line == at.line and at.end_column > at.column:
                place.append(("endColumn", str(at.end_column)))
    return place


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
