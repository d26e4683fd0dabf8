"""A trace as one self-contained page: steps to walk through, the whole state after each, what is new in it, and the code of the step.

In: a Trace. Out: the text of an HTML file, which loads nothing and works from a disk; style and script lie in `page/`. The script gets the trace as JSON::

    {"title": "low", "steps": [{"label": "up()", "lane": 0, "changes": [...], "state": [3], "code": 0, ...}], "lines": [...], "codes": [...]}

The value of a variable in a state is the number of the lines that show it, so that what stays the same is written once.
"""

import html
import json
from collections.abc import Mapping
from textwrap import dedent

from speccheck.domains.neutral import Value
from speccheck.source import Span, display_path
from speccheck.trace.actors import actor_of, actors_of
from speccheck.trace.code import code_lines
from speccheck.trace.diff import state_changes
from speccheck.trace.formats import text
from speccheck.trace.marked import marked_lines
from speccheck.trace.origin import ending, title_of
from speccheck.trace.styled import Line, line, plain_text
from speccheck.trace.trace import Step, Trace
from speccheck.trace.values import Json

COLUMNS = 84  # of a value; a page beside its list of steps is not as wide as a terminal may be


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a page."""
    return [line(one) for one in page(trace).split("\n")]


def page(trace: Trace) -> str:
    """Return the page."""
    origin = trace.origin
    title = "A trace" if origin is None else f"{title_of(origin)} of {origin.model}"
    data = json.dumps(_Page(trace).data(), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    parts = {
        "TITLE": html.escape(title),
        "STYLE": _asset("page.css"),
        "DATA": data,
        "TEXT": html.escape(plain_text(text.lines(trace))),
        "SCRIPT": _asset("page.js"),
    }
    made = _asset("page.html")
    for name, part in parts.items():
        before, mark, after = made.partition(f"%{name}%")
        assert mark, name
        made = before + part + after
    return made


def _asset(name: str) -> str:
    from importlib.resources import files  # as slow to import as all formats together

    return (files("speccheck.trace.formats") / "page" / name).read_text(encoding="utf-8").rstrip("\n")


class _Page:
    """Collects what the page shows, each text once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.actors = actors_of(trace)
        self._lines: dict[str, int] = {}  # the JSON of the lines of a value -> number
        self._codes: dict[str, int] = {}

    def data(self) -> dict[str, Json]:
        """Return what the script of the page reads."""
        trace, origin = self.trace, self.trace.origin
        steps = self._steps()
        words = "" if origin is None else ending(origin.kind, origin.property, origin.reason, len(trace.taken))
        return {
            "title": "" if origin is None else title_of(origin),
            "model": "" if origin is None else origin.model,
            "witness": origin is not None and origin.kind == "reachable",
            "ending": words,
            "temporal": origin is not None and origin.kind in ("temporal", "refinement"),
            "explanation": [] if origin is None else [[one.depth, one.expression, one.value] for one in origin.explanation],
            "actors": self.actors,
            "variables": list(trace.variables),
            "steps": steps,
            "loop": trace.loop_start,
            "stutters": trace.stutters,
            "lines": [json.loads(one) for one in self._lines],
            "codes": [json.loads(one) for one in self._codes],
        }

    def _steps(self) -> list[Json]:
        """Everything that can be selected: the initial state, the steps, and the one that fails."""
        trace = self.trace
        found: list[Json] = []
        if trace.states:
            found.append({"label": "initial state", "kind": "start", "changes": [], "changed": [], "state": self._state(trace.states[0], trace.states[0])})
        for number, step in enumerate(trace.taken, 1):
            before, after = trace.states[number - 1], trace.states[number]
            changed = [name for name in trace.variables if before[name] != after[name]]
            changes = [_pieces(one) for one in text.change_lines(state_changes(before, after))]
            found.append(self._step(step, "step") | {"changes": changes, "changed": changed, "state": self._state(before, after)})
        if trace.failed_step is not None:
            last = self._state(trace.states[-1], trace.states[-1]) if trace.states else []
            found.append(self._step(trace.failed_step, "failed") | {"changes": [], "changed": [], "state": last})
        return found

    def _step(self, step: Step, kind: str) -> dict[str, Json]:
        place = "" if step.span is None else str(Span(display_path(step.span.file), step.span.line))
        chosen = "".join(words for words, _ in text.call(step, " ")).strip()
        code = self._code(step)
        return {"label": step.label, "kind": kind, "chosen": chosen, "lane": self.actors.index(actor_of(step)), "place": place, "code": code}

    def _state(self, before: Mapping[str, Value], after: Mapping[str, Value]) -> list[int]:
        shown = ([_pieces(one) for one in marked_lines(before[name], after[name], COLUMNS)] for name in self.trace.variables)
        return [self._lines.setdefault(json.dumps(one), len(self._lines)) for one in shown]

    def _code(self, step: Step) -> int | None:
        """The number of the code of a step: its lines, and which of them the step is and chooses at."""
        if step.span is None or not (numbered := code_lines(step.span)):
            return None
        places = {step.span.line, *(choice.span.line for choice in step.choices if choice.span is not None and choice.span.file == step.span.file)}
        words = dedent("\n".join(words for _, words in numbered)).split("\n")
        shown = [[number, one, number in places] for (number, _), one in zip(numbered, words)]
        return self._codes.setdefault(json.dumps(shown), len(self._codes))


def _pieces(one: Line) -> list[list[str]]:
    """A line as the page reads it: text and style by turns."""
    return [[words, style] for words, style in one]
