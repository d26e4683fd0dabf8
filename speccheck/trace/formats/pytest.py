"""A trace as a test for pytest, which takes the steps again on the spec and asserts what they lead to.

In: a Trace that knows its spec. Out: the text of a module::

    def test_low_is_violated_after_2_steps() -> None:
        spec = load(found(SPEC))
        state = start(spec.Climb, {"height": "0"})
        state = after(state, "up()", {"height": "1"})
        state = after(state, "up()", {"height": "2"})
        assert not holds(state, "low")

The test passes as long as the spec has the behavior: it keeps a counterexample (of a variant that must fail, say), or fails as soon as the spec is corrected.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping

from speccheck.domains.neutral import Value, text
from speccheck.errors import BadUsage
from speccheck.source import display_path
from speccheck.trace.origin import Origin, ending, title_of
from speccheck.trace.styled import Line, line
from speccheck.trace.trace import UNNAMED, Trace

WIDEST = 110  # a call that is longer has a line for each variable
FUNCTIONS = {
    "found": '''
def found(name: str) -> Path:
    """Return the path of the spec, looked for from the folder of this test upwards."""
    here = Path(__file__).resolve()
    return next((folder / name for folder in here.parents if (folder / name).is_file()), Path(name))
''',
    "start": '''
def start(spec: Any, values: dict[str, str]) -> Any:
    """Return the initial state with these values."""
    states = [state for state, _ in initial_states(spec) if state is not None]
    known = [texts(state) for state in states]
    assert values in known, f"{values} is no initial state any more; there are {known}"
    return states[known.index(values)]
''',
    "after": '''
def after(state: Any, call: str, changed: dict[str, str]) -> Any:
    """Return the state after a step, which must be possible and change this."""
    wanted = (call, texts(state) | changed)
    taken = [(step.label, then) for step, then, _ in steps(state) if then is not None]
    known = [(label, texts(then)) for label, then in taken]
    assert wanted in known, f"{wanted} is not possible any more in {texts(state)}; possible are {known}"
    return taken[known.index(wanted)][1]
''',
    "errors": '''
def errors(state: Any, call: str) -> list[str]:
    """Return how a step fails, once for each sequence of choices for which it does."""
    return [error for step, _, error in steps(state) if step.label == call and error is not None]
''',
}


def lines(trace: Trace) -> list[Line]:
    """Return the trace as the lines of a test module; BadUsage where the trace does not say its spec or its steps."""
    origin = trace.origin
    if origin is None:
        raise BadUsage("the trace does not say which spec it belongs to, so no test can be made of it", remedy="Make it of a trace that speccheck has found.")
    if any(step.action == UNNAMED for step in trace.steps):
        raise BadUsage("the trace does not name its steps, so no test can be made of it", remedy="Make it of a trace that speccheck has found.")
    for name, value in origin.constants:
        if not _is_literal(value):
            raise BadUsage(f"the trace's model has {name}={value}, which cannot be written into a test", remedy="Give the constant a plain value.")
    body = [f"    {one}" for one in _body(trace, origin)]
    test = [f"def test_{_name(trace, origin)}() -> None:", *body]
    functions = [text for name, text in FUNCTIONS.items() if any(f"{name}(" in one for one in body)]
    return [line(one) for one in [*_head(trace, origin, "\n".join([*body, *functions])), "", "", *test, *"\n".join(["", *functions]).rstrip("\n").split("\n")]]


def _head(trace: Trace, origin: Origin, code: str) -> Iterator[str]:
    """Yield the docstring and the imports: of what the code uses, and of nothing else."""
    words = ending(origin.kind, origin.property, origin.reason, len(trace.taken))
    shows = words or f"{title_of(origin)} is violated"
    title = f"A behavior of {origin.model}, as a test: {shows}."
    yield '"""' + _remark(title).replace("\\", "\\\\").replace('"', '\\"')
    yield ""
    yield "Written by speccheck. It fails as soon as the spec does not have this behavior any more."
    yield '"""'
    yield ""
    yield "from pathlib import Path"
    if ": Any" in code:
        yield "from typing import Any"
    yield ""
    if "pytest." in code:
        yield "import pytest"
        yield ""
    yield "from speccheck import load" + (", steps" if "steps(" in code else "")
    yield "from speccheck.checker.stepping import " + ", ".join(name for name in ("holds", "initial_states", "texts") if f"{name}(" in code)
    yield ""
    yield f"SPEC = {_quoted(display_path(origin.file))}"


def _name(trace: Trace, origin: Origin) -> str:
    what = "is_reached" if origin.kind == "reachable" else "is_violated"
    count = len(trace.taken) + (trace.failed_step is not None)
    name = re.sub(r"\W+", "_", origin.property)
    return f"{name}_{what}_after_{count}_step{'' if count == 1 else 's'}"


def _body(trace: Trace, origin: Origin) -> Iterator[str]:
    constants = "".join(f", {name}={value}" for name, value in origin.constants)
    yield f"spec = load(found(SPEC){constants})"
    if not trace.states:
        yield f"assert {_quoted(origin.reason or '')} in [error for _, error in initial_states(spec.{origin.spec})]"
        return
    yield from _call(f"state = start(spec.{origin.spec}, ", trace.states[0])
    for number, step in enumerate(trace.taken, 1):
        if trace.loop_start == number - 1:
            yield "loop = state"
        if origin.kind == "step_invariant" and number == len(trace.taken):
            yield "before = state"
        changed = {name: value for name, value in trace.states[number].items() if value != trace.states[number - 1][name]}
        yield from _call(f"state = after(state, {_quoted(step.label)}, ", changed)
    yield from _outcome(trace, origin)


def _call(beginning: str, values: Mapping[str, Value]) -> list[str]:
    items = [f"{_quoted(name)}: {_quoted(text(value))}" for name, value in values.items()]
    short = f"{beginning}{{{', '.join(items)}}})"
    if len(short) <= WIDEST:
        return [short]
    return [f"{beginning}{{", *(f"    {item}," for item in items), "})"]


def _outcome(trace: Trace, origin: Origin) -> Iterator[str]:
    """Yield the assertions about the end of the trace."""
    binding = "".join(f", {name}={_quoted(text(value))}" for name, value in origin.binding)
    if trace.failed_step is not None:
        yield f"assert {_quoted(origin.reason or '')} in errors(state, {_quoted(trace.failed_step.label)})"
        return
    match origin.kind:
        case "invariant" | "step_invariant":
            asked = f"before, {_quoted(origin.property)}, state" if origin.kind == "step_invariant" and trace.taken else f"state, {_quoted(origin.property)}"
            if origin.reason is None:
                yield f"assert not holds({asked}{binding})"
            else:
                yield f"with pytest.raises(BaseException):  # {_remark(origin.reason)}"
                yield f"    holds({asked}{binding})"
        case "reachable":
            yield f"assert holds(state, {_quoted(origin.property)}{binding})"
        case "deadlock":
            yield "assert steps(state) == []"
        case "temporal" | "refinement" | "domain" | "assert" | "error":
            if trace.loop_start is not None and not trace.stutters:
                yield "assert texts(state) == texts(loop)  # from here on the steps of the loop repeat for ever"
            words = "nothing happens any more, for ever" if trace.stutters else _remark(origin.reason or "")
            yield f"# {_remark(title_of(origin))} is violated" + (f": {words}" if words else "")


def _is_literal(words: str) -> bool:
    try:
        ast.literal_eval(words)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _remark(words: str) -> str:
    return " ".join(words.split())


def _quoted(words: str) -> str:
    """Text as a literal of Python, between the quotes that need no backslashes."""
    simple = '"' in words and "'" not in words and "\\" not in words
    return f"'{words}'" if simple else json.dumps(words, ensure_ascii=False)
