"""A trace as a diagram in Mermaid's language, which GitHub, GitLab and many editors draw.

In: a Trace. Out: a sequence diagram over the actors (see `trace/actors.py`), or a state diagram::

    sequenceDiagram                              stateDiagram-v2
      participant p0 as Clerk0                     s0 : value = 0
      p0->>p0: look(c=Clerk0)                      s0 --> s1 : look(c=Clerk0)
      Note right of p0: seen: None -> 0            s1 : seen: None -> 0
"""

from collections.abc import Iterator

from speccheck.domains.neutral import text
from speccheck.trace.actors import actor_of, actors_of, concerned
from speccheck.trace.diff import state_changes
from speccheck.trace.formats.text import FAILS, call, change_lines
from speccheck.trace.origin import title_of
from speccheck.trace.styled import Line, line, on_one_line
from speccheck.trace.trace import Step, Trace

LONGEST = 80  # characters of a line in a note; diagrams are for the shape of a story
MOST_LINES = 12  # of one note
STUTTERS = "nothing happens any more, for ever"
SPECIAL = str.maketrans({c: f"#{ord(c)};" for c in '#;:<"%{}\\`&|'})


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a sequence diagram."""
    return [line("sequenceDiagram"), *(line("  ", one) for one in _sequence(trace))]


def state_lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a state diagram."""
    return [line("stateDiagram-v2"), *(line("  ", one) for one in _states(trace))]


def escaped(words: str) -> str:
    """Return text that Mermaid shows literally; what has a meaning in its language is written as an entity, a long text is cut."""
    flat = on_one_line(words)
    return (flat if len(flat) <= LONGEST else flat[: LONGEST - 4] + " ...").translate(SPECIAL)


def _sequence(trace: Trace) -> Iterator[str]:
    names = {name: f"p{number}" for number, name in enumerate(actors_of(trace))}
    everybody = ",".join(list(names.values())[:: max(1, len(names) - 1)]) or "p0"
    if trace.origin is not None:
        yield f"title {escaped(title_of(trace.origin))} of {escaped(trace.origin.model)}"
    for name, short in (names or {"actions": "p0"}).items():
        yield f"participant {short} as {escaped(name)}"
    if trace.states:
        yield f"Note over {everybody}: {_note(_initial(trace))}"
    yield from _loop_begins(trace, 0)
    for number, step in enumerate(trace.taken, 1):
        yield _arrow(step, names)
        yield f"Note right of {names[actor_of(step)]}: {_note(_changes(trace, number))}"
        yield from _loop_begins(trace, number)
    if trace.failed_step is not None:
        yield _arrow(trace.failed_step, names, fails=True)
    if trace.stutters:
        yield f"Note over {everybody}: {STUTTERS}"
    elif trace.loop_start is not None:
        yield "end"


def _arrow(step: Step, names: dict[str, str], fails: bool = False) -> str:
    actor, other = actor_of(step), concerned(step)
    words = ("fails: " if fails else "") + _words(step, step.point)
    return f"{names[actor]}{'-x' if fails else '->>'}{names[other or actor]}: {escaped(words)}"


def _loop_begins(trace: Trace, number: int) -> list[str]:
    return ["loop for ever"] if trace.loop_start == number and not trace.stutters else []


def _states(trace: Trace) -> Iterator[str]:
    looping = trace.loop_start is not None
    if trace.states:
        yield "[*] --> s0"
        yield f"s0 : {_note(_initial(trace))}"
    for number, step in enumerate(trace.taken, 1):
        closes = looping and not trace.stutters and number == len(trace.steps)
        target = trace.loop_start if closes else number
        yield f"s{number - 1} --> s{target} : {escaped(_words(step))}"
        if not closes:
            yield f"s{number} : {_note(_changes(trace, number))}"
    if trace.stutters:
        last = len(trace.states) - 2
        yield f"s{last} --> s{last} : {STUTTERS}"
    if trace.failed_step is not None:
        yield "failed : " + escaped("the step fails")
        yield f"{f's{len(trace.states) - 1}' if trace.states else '[*]'} --> failed : {escaped(FAILS + _words(trace.failed_step))}"


def _initial(trace: Trace) -> list[str]:
    return [f"{name} = {text(value)}" for name, value in trace.states[0].items()]


def _changes(trace: Trace, number: int) -> list[str]:
    return ["".join(words for words, _ in one) for one in change_lines(state_changes(trace.states[number - 1], trace.states[number]))]


def _note(lines: list[str]) -> str:
    shown = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"and {len(lines) - MOST_LINES + 1} more"]
    return "<br/>".join(map(escaped, shown))


def _words(step: Step, name: str | None = None) -> str:
    return "".join(words for words, _ in call(step, name))
