"""A counterexample as a list of moments, each with its place in the source: what viewers of code flows go through.

In: a Trouble. Out: the initial state, the steps with what they change, and why that is a violation; of a long story the beginning and the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from speccheck.reports.troubles import Trouble
from speccheck.reports.violation import last_word
from speccheck.source import Span
from speccheck.trace.diff import state_changes
from speccheck.trace.formats.text import call, change_lines, state_lines
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace

LONGEST = 1_000  # moments; GitHub allows 10,000 and shows so many
LONGEST_TEXT = 1_024  # characters of a moment


@dataclass(frozen=True)
class Moment:
    """Where somebody who follows the story looks, and what happens there."""

    span: Span | None
    text: str


def story(trouble: Trouble) -> list[Moment]:
    """Return the moments of a trouble's trace; none if it has no trace."""
    one = trouble.property
    if one is None or one.trace is None:
        return []
    told = list(_moments(one.trace))
    if words := last_word(one):
        told.append(Moment(one.error_span or one.span, words))
    if len(told) > LONGEST:
        half = LONGEST // 2
        told = [*told[: half - 1], Moment(None, f"... {len(told) - LONGEST + 1:,} moments are left out here ..."), *told[-half:]]
    return told


def cut(text: str, length: int) -> str:
    """Return the text, its end replaced by dots where it is too long."""
    return text if len(text) <= length else text[: length - 4] + " ..."


def _moments(trace: Trace) -> Iterator[Moment]:
    if trace.states:
        yield _moment(None, "initial state", plain_text(state_lines(trace.states[0])))
    for number, step in enumerate(trace.steps, 1):
        loop = f"the loop begins here, in state {number - 1}\n" if trace.loop_start == number - 1 else ""
        if step.action is None:
            yield _moment(None, "and then nothing happens any more, for ever (stuttering)", "")
        else:
            changes = change_lines(state_changes(trace.states[number - 1], trace.states[number]))
            yield _moment(step.span, f"{loop}{number}  {_call(step)}", plain_text(changes))
    if trace.failed_step is not None:
        yield _moment(trace.failed_step.span, f"{len(trace.steps) + 1}  fails: {_call(trace.failed_step)}", "")


def _moment(span: Span | None, what: str, then: str) -> Moment:
    return Moment(span, cut(f"{what}\n{then}".rstrip(), LONGEST_TEXT))


def _call(step: Step) -> str:
    return plain_text([call(step)]).rstrip()
