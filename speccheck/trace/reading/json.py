"""A trace read back from our own JSON: what `formats/json.py` writes, alone or within the results of a run.

In: a place in a JSON. Out: a Trace. Without `types` (a trace that was cut down by hand) values are read by their shape alone.
"""

from collections.abc import Mapping
from typing import get_args

from speccheck.domains.neutral import Value
from speccheck.source import Span, path_of
from speccheck.trace.declarations import Declarations
from speccheck.trace.origin import Explained, Kind, Origin
from speccheck.trace.reading.place import At
from speccheck.trace.trace import Choice, Step, Trace
from speccheck.trace.type_text import Sorts, type_from
from speccheck.trace.types import Type


def trace_at(at: At) -> Trace:
    """Return the trace that stands at a place; TraceUnreadable where it is malformed."""
    declared = declarations_at(at)
    states_at = at.key("states").list()
    variables = tuple(declared.variables) or (tuple(states_at[0].entries()) if states_at else ())
    states = tuple(state_at(one, variables, declared) for one in states_at)
    steps = tuple(step_at(one, declared) for one in at.key("steps").list())
    failed, loop, origin = at.maybe("failed_step"), at.maybe("loop_start"), at.maybe("origin")
    trace = Trace(
        variables,
        states,
        steps,
        None if failed is None else step_at(failed, declared),
        None if loop is None else loop.number(0, len(states) - 1),
        None if origin is None else origin_at(origin, declared),
    )
    return checked(trace, at)


def checked(trace: Trace, at: At) -> Trace:
    """Return the trace, if it is one: a step between two states, a loop that ends where it begins, and stuttering only at the end."""
    if not trace.states and trace.failed_step is None:
        at.refuse("has no states")
    if len(trace.steps) != max(0, len(trace.states) - 1):
        at.refuse(f"has {len(trace.states)} states, but {len(trace.steps)} steps between them")
    if trace.loop_start is not None and trace.states[-1] != trace.states[trace.loop_start]:
        at.refuse(f"has a loop that begins in state {trace.loop_start}, but does not end in it")
    if any(step.action is None for step in trace.taken):
        at.refuse("has a step without an action before its end")
    return trace


def state_at(at: At, variables: tuple[str, ...], declared: Declarations) -> dict[str, Value]:
    """Return a state: a value for each variable, and nothing else."""
    other = [name for name in at.entries() if name not in variables]
    if other:
        at.refuse(f"has '{other[0]}', which is no variable of the first state")
    return {name: at.key(name).value(declared.variables.get(name)) for name in variables}


def step_at(at: At, declared: Declarations) -> Step:
    """Return a step; one whose action is null stutters."""
    action_at = at.maybe("action")
    if action_at is None:
        return Step(None)
    action = action_at.text()
    types = declared.parameters.get(action, {})
    chosen = declared.choices.get(action, ())
    parameters = at.maybe("parameters")
    choices_at = at.maybe("choices")
    choices = [] if choices_at is None else choices_at.list()
    return Step(
        action,
        () if parameters is None else _named(parameters, types),
        tuple(_choice(one, chosen[number] if number < len(chosen) else None, at) for number, one in enumerate(choices)),
        _span(at),
    )


def origin_at(at: At, declared: Declarations) -> Origin:
    """Return the model and the property of a trace."""
    kind = at.key("kind")
    kinds: dict[str, Kind] = {name: name for name in get_args(Kind)}
    if kind.text() not in kinds:
        kind.refuse(f"is no kind of property; there are {', '.join(kinds)}")
    reason, binding, explanation = at.maybe("reason"), at.maybe("binding"), at.maybe("explanation")
    constants = at.maybe("constants")
    return Origin(
        path_of(at.key("file").text()),
        at.key("spec").text(),
        at.key("model").text(),
        at.key("property").text(),
        kinds[kind.text()],
        () if constants is None else tuple((name, one.text()) for name, one in constants.entries().items()),
        None if reason is None else reason.text(),
        () if binding is None else _named(binding, declared.binding),
        () if explanation is None else tuple(_explained(one) for one in explanation.list()),
    )


def declarations_at(at: At) -> Declarations:
    """Return the types that stand beside a trace; none where it says none."""
    types = at.maybe("types")
    if types is None:
        return Declarations()
    sorts_at = at.maybe("sorts")
    sorts: Sorts = {} if sorts_at is None else {name: _members(one) for name, one in sorts_at.entries().items()}
    parameters, choices, binding = types.maybe("parameters"), types.maybe("choices"), types.maybe("binding")
    return Declarations(
        _types(types.key("variables"), sorts),
        {} if parameters is None else {action: _types(one, sorts) for action, one in parameters.entries().items()},
        {} if choices is None else {action: tuple(_type(item, sorts) for item in one.list()) for action, one in choices.entries().items()},
        {} if binding is None else _types(binding, sorts),
    )


def _named(at: At, types: Mapping[str, Type]) -> tuple[tuple[str, Value], ...]:
    return tuple((name, one.value(types.get(name))) for name, one in at.entries().items())


def _choice(at: At, type_: Type | None, step: At) -> Choice:
    name = at.maybe("name")
    span = _span(step, at)
    return Choice(None if name is None else name.text(), at.key("value").value(type_), span)


def _span(at: At, line_of: At | None = None) -> Span | None:
    """The place of a step, or of a choice of it, which has a line but no file of its own."""
    file, line = at.maybe("file"), (line_of or at).maybe("line")
    return None if file is None or line is None else Span(path_of(file.text()), line.number(1))


def _explained(at: At) -> Explained:
    file, line = at.maybe("file"), at.maybe("line")
    span = None if file is None or line is None else Span(path_of(file.text()), line.number(1))
    return Explained(at.key("depth").number(), at.key("expression").text(), at.key("value").text(), span)


def _members(at: At) -> tuple[tuple[int, str], ...]:
    return tuple(sorted((one.number(), name) for name, one in at.entries().items()))


def _types(at: At, sorts: Sorts) -> dict[str, Type]:
    return {name: _type(one, sorts) for name, one in at.entries().items()}


def _type(at: At, sorts: Sorts) -> Type:
    try:
        return type_from(at.text(), sorts)
    except ValueError as error:
        at.refuse(f"is no type: {error}")
