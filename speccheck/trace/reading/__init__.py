"""Traces read back from files.

In: the text of a file. Out: the traces in it: those of all properties of a run, or one::

    speccheck run --json results.json            all traces of the run
    speccheck trace convert ... -o trace.json    the one
    *.itf.json, of whomever                      the one
"""

from json import loads

from speccheck.errors import TraceUnreadable
from speccheck.trace.reading import itf
from speccheck.trace.reading.json import trace_at
from speccheck.trace.reading.place import At
from speccheck.trace.trace import Trace


def traces_in(text: str) -> tuple[Trace, ...]:
    """Return the traces of a file's text, in its order; TraceUnreadable where it holds something else."""
    at = At("", _parsed(text))
    kinds = at.entries()
    if "results" in kinds:
        traces = (one.maybe("trace") for result in kinds["results"].list() for one in result.key("properties").list())
        return tuple(trace_at(trace) for trace in traces if trace is not None)
    if "vars" in kinds:
        return (itf.trace_at(at),)
    if "counterexample" in kinds:
        at.refuse("is a trace of TLC, which does not say whether an array is a set or a sequence, and cannot be read")
    if "states" not in kinds:
        at.refuse("is a JSON object without 'results', 'states' or 'vars', so it holds no trace")
    return (trace_at(at),)


def _parsed(text: str) -> object:
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        raise TraceUnreadable(f"the file is no JSON: {error}") from None
