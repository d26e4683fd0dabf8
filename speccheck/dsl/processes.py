"""What a process has in a state, by name: where it is, its locals, and how it is stopped and started again.

    writer.pc[i]     the label at which the process is
    writer.v[i]      its local v, while it may still be read

A dot cannot stand in a name that one writes, so none of these can clash with the names of a spec. `at`, `crash` and `restart` use them.
"""

from collections.abc import Callable
from typing import Any

from speccheck.domains.evaluation import misused
from speccheck.dsl.rules import Mark, mark_of
from speccheck.errors import WrongPlace

START, DONE, CRASHED = "start", "done", "crashed"
RESERVED = (START, DONE, CRASHED)


def pc_of(process: str) -> str:
    """Return the name of the variable that says where a process is. PlusCal: `pc`."""
    return f"{process}.pc"


def crash_of(process: str) -> str:
    """Return the name of the method that stops a process for good."""
    return f"{process}.(crash)"


def restart_of(process: str) -> str:
    """Return the name of the method that puts a process back to its start."""
    return f"{process}.(restart)"


def at(process: Callable[..., Any], /, *parameters: Any, **named: Any) -> str:
    """Return the label at which the process is: `at(self.writer, i)`. PlusCal: `pc[i]`."""
    state, mark, key = _asked("at", process, parameters, named)
    pc = getattr(state, pc_of(mark.function.__name__))
    return str(pc[key[0] if len(key) == 1 else key] if key else pc)


def crash(process: Callable[..., Any], /, *parameters: Any, **named: Any) -> None:
    """Stop the process for good; disabled when it is done or has crashed. Its locals are dropped."""
    state, mark, key = _asked("crash", process, parameters, named)
    getattr(state, crash_of(mark.function.__name__))(*key)


def restart(process: Callable[..., Any], /, *parameters: Any, **named: Any) -> None:
    """Put the process back to its start; always possible. Its locals are dropped."""
    state, mark, key = _asked("restart", process, parameters, named)
    getattr(state, restart_of(mark.function.__name__))(*key)


def _asked(what: str, process: Any, parameters: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Mark, tuple[Any, ...]]:
    mark, state = mark_of(process), getattr(process, "__self__", None)
    if mark is None or mark.role != "process" or state is None:
        remedy = f"Write {what}(self.writer, i), for a method `writer` that is a @process."
        raise misused(WrongPlace(f"{what}(...) was given {getattr(process, '__name__', process)!r}, which is no process of a state", remedy=remedy))
    code = mark.function.__code__
    names = code.co_varnames[1 : code.co_argcount]
    if named:
        given = dict(zip(names, parameters)) | named
        parameters = tuple(given[name] for name in names if name in given)
        if set(given) != set(names):
            parameters = ()
    if len(parameters) != len(names):
        takes = ", ".join(names) or "no parameters"
        raise misused(WrongPlace(f"{what}(...): '{mark.function.__name__}' takes {takes}, but was given other arguments", remedy="Say which process is meant."))
    pcs = vars(state).get(pc_of(mark.function.__name__))
    if pcs is None:
        message = f"{what}({mark.function.__name__}, ...): no such process runs in this state"
        remedy = "If without= drops it, drop what asks for it, too. Outside of an engine, take a state that `steps(...)` gives."
        raise misused(WrongPlace(message, remedy=remedy))
    if parameters and (parameters[0] if len(parameters) == 1 else parameters) not in pcs:
        message = f"{what}({mark.function.__name__}, {', '.join(map(repr, parameters))}): there is no such process"
        raise misused(WrongPlace(message, remedy="Give values of the process's parameters."))
    return state, mark, parameters
