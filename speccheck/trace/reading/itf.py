"""A trace read back from an ITF file: our own, or one of Apalache or Quint.

In: a place in a JSON. Out: a Trace. Our own files say the types and the steps in `#meta`; in another one values are read by their shape, Quint's `mbt::`
variables say the steps, and without them a step has no name.
"""

from dataclasses import replace

from speccheck.domains.neutral import Value
from speccheck.trace.declarations import Declarations
from speccheck.trace.formats.itf import ACTION, PICKS
from speccheck.trace.reading.json import checked, declarations_at, origin_at, state_at, step_at
from speccheck.trace.reading.place import At
from speccheck.trace.trace import UNNAMED, Step, Trace

NO_VARIABLES = {"#meta", ACTION, PICKS}


def trace_at(at: At) -> Trace:
    """Return the trace of an ITF object; TraceUnreadable where it is malformed."""
    meta = at.maybe("#meta")
    ours = None if meta is None else meta.maybe("speccheck")
    declared = Declarations() if ours is None else declarations_at(ours)
    failed, origin = (None, None) if ours is None else (ours.maybe("failed_step"), ours.maybe("origin"))
    variables = _variables(at)
    states_at = at.key("states").list()
    loop = at.maybe("loop")
    trace = Trace(
        variables,
        tuple(state_at(_without_extras(one, at), variables, declared) for one in states_at),
        tuple(_step_at(one, declared) for one in states_at[1:]),
        None if failed is None else step_at(failed, declared),
        None if loop is None else loop.number(0, len(states_at) - 1),
        None if origin is None else origin_at(origin, declared),
    )
    return checked(_closed(trace), at)


def _variables(at: At) -> tuple[str, ...]:
    """The variables, each once: Quint names its own twice."""
    return tuple(dict.fromkeys(name for one in at.key("vars").list() if (name := one.text()) not in NO_VARIABLES))


def _without_extras(state: At, at: At) -> At:
    """The state without what is no variable: remarks, and the constants that the first state may set."""
    params = at.maybe("params")
    extra = NO_VARIABLES | ({one.text() for one in params.list()} if params else set())
    return At(state.path, {name: one.json for name, one in state.entries().items() if name not in extra})


def _step_at(state: At, declared: Declarations) -> Step:
    """The step that led to a state."""
    meta, action = state.maybe("#meta"), state.maybe(ACTION)
    if meta is not None and "action" in meta.entries():
        return step_at(meta, declared)
    if action is None:
        return Step(UNNAMED)
    return Step(action.text(), _picks(state))


def _picks(state: At) -> tuple[tuple[str, Value], ...]:
    picks = state.maybe(PICKS)
    if picks is None:
        return ()
    return tuple((name, one.key("value").value()) for name, one in picks.entries().items() if one.key("tag").text() == "Some")


def _closed(trace: Trace) -> Trace:
    """The trace with the state that its loop comes back to at its end, where the file leaves that to the reader."""
    if trace.loop_start is None or trace.states[-1] == trace.states[trace.loop_start]:
        return trace
    return replace(trace, states=(*trace.states, trace.states[trace.loop_start]), steps=(*trace.steps, Step(UNNAMED)))
