"""A trace as a sequence diagram in Mermaid, which GitHub and GitLab draw in Markdown.

In: a Trace. Out: lines: who acts is a participant, each step an arrow into the spec, a loop a box::

    sequenceDiagram
      participant p0 as Clerk0
      participant spec
      p0->>spec: look(c=Clerk0)
      Note over spec: seen[Clerk0]: None -> 0
"""

from collections.abc import Iterator

from speccheck.domains.neutral import Member, text
from speccheck.reports.story import cut
from speccheck.trace.diff import state_changes
from speccheck.trace.formats.text import call, change_lines
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace

MOST_STEPS = 40  # a longer diagram is not readable
LONGEST = 120  # characters of a label
SOMEBODY = "somebody"


def sequence(trace: Trace) -> list[str]:
    """Return the lines of a diagram; none for a trace that is too long, or that has no step."""
    steps = [step for step in (*trace.steps, *([trace.failed_step] if trace.failed_step else [])) if step.action is not None]
    if not 0 < len(steps) <= MOST_STEPS:
        return []
    actors = {actor: f"p{number}" for number, actor in enumerate(dict.fromkeys(map(_actor, steps)))}
    head = ["sequenceDiagram", *(f"  participant {alias} as {_label(actor)}" for actor, alias in actors.items()), "  participant spec"]
    return [*head, *(f"  {one}" for one in _arrows(trace, actors))]


def _arrows(trace: Trace, actors: dict[str, str]) -> Iterator[str]:
    stutters = bool(trace.steps) and trace.steps[-1].action is None
    for number, step in enumerate(trace.steps):
        if trace.loop_start == number and not stutters:
            yield "loop for ever"
        if step.action is None:
            yield "Note over spec: nothing happens any more, for ever"
            break
        yield f"{actors[_actor(step)]}->>spec: {_label(plain_text([call(step)]))}"
        changes = plain_text(change_lines(state_changes(trace.states[number], trace.states[number + 1])))
        yield f"Note over spec: {'<br/>'.join(map(_label, changes.splitlines()))}"
    if trace.loop_start is not None and not stutters:
        yield "end"
    if trace.failed_step is not None:
        yield f"{actors[_actor(trace.failed_step)]}-xspec: fails: {_label(plain_text([call(trace.failed_step)]))}"


def _actor(step: Step) -> str:
    """Return who acts: the process, or the first parameter that is a member of a sort."""
    members = (text(value) for _, value in step.parameters if isinstance(value, Member))
    return step.process or next(members, SOMEBODY)


def _label(words: str) -> str:
    """Return a text that Mermaid takes for nothing else: `;` ends a statement, `#` begins an entity, `%%` a comment, and HTML is HTML."""
    return "".join(f"#{ord(c)};" if c in "#;<&%" else c for c in cut(" ".join(words.split()), LONGEST))
