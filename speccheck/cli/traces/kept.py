"""Traces that were kept in a file, and the one of them that is meant.

In: a path, `-` for standard input, and what selects: a property, a part of a model's name. Out: one trace. The first counterexample is meant where nothing else
is said; the others are mentioned.
"""

import os
import sys

import click

from speccheck.cli.screen import Screen
from speccheck.errors import FileMissing, NothingSelected, TraceUnreadable, did_you_mean
from speccheck.trace.origin import Origin, title_of
from speccheck.trace.reading import traces_in
from speccheck.trace.styled import counted
from speccheck.trace.trace import Trace

property_option = click.option("--property", "property_", metavar="NAME", help="Take the trace of this property.")
model_option = click.option("--model", metavar="TEXT", help="Take the first trace of a model whose name contains TEXT.")


def kept_trace(screen: Screen, path: str, property_: str | None, model: str | None) -> Trace:
    """Return the trace of a file that is meant. FileMissing, TraceUnreadable, or NothingSelected where there is none."""
    traces = kept_traces(path)
    if not traces:
        raise NothingSelected(f"'{path}' holds no trace: nothing was violated, and nothing reached", remedy="Look at the results; `speccheck run` shows them.")
    found = [trace for trace in traces if _selected(trace, property_, model)]
    if not found:
        known = [trace.origin.property for trace in traces if trace.origin is not None]
        wanted = f"the property '{property_}'" if property_ is not None else f"a model whose name contains '{model}'"
        raise NothingSelected(f"'{path}' has no trace of {wanted}.{did_you_mean(property_ or '', known)}", remedy=f"It has traces of {_listed(traces)}.")
    first = next((trace for trace in found if trace.origin is None or trace.origin.kind != "reachable"), found[0])
    if len(found) > 1 and first.origin is not None:
        words = f"{_named(first.origin)} is one of {counted(len(found), 'trace')} in '{path}'; --property NAME and --model TEXT select another."
        screen.remark(words)
    return first


def kept_traces(path: str) -> tuple[Trace, ...]:
    """Return all traces of a file. FileMissing, or TraceUnreadable with the name of the file."""
    try:
        return traces_in(_text(path))
    except TraceUnreadable as error:
        raise TraceUnreadable(f"'{path}': {error.message}") from None


def _text(path: str) -> str:
    try:
        if path == "-":
            return sys.stdin.buffer.read().decode()
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise TraceUnreadable(f"the file is no text: {error.reason} at byte {error.start}") from None
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble)
        raise FileMissing(f"'{path}' cannot be read: {reason}.{_guess(path)}", remedy="Check the path.") from None


def _guess(path: str) -> str:
    folder = os.path.dirname(path) or "."
    beside = [name for name in os.listdir(folder) if name.endswith(".json")] if os.path.isdir(folder) else []
    return did_you_mean(os.path.basename(path), beside)


def _selected(trace: Trace, property_: str | None, model: str | None) -> bool:
    if trace.origin is None:
        return property_ is None and model is None
    return property_ in (None, trace.origin.property) and (model is None or model in trace.origin.model)


def _listed(traces: tuple[Trace, ...]) -> str:
    return ", ".join(_named(trace.origin) for trace in traces if trace.origin is not None) or "only traces that do not say what they belong to"


def _named(origin: Origin) -> str:
    return f"{title_of(origin)} of {origin.model}"
