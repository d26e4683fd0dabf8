"""Side effects: rules that change module constants, globals or class attributes, or ask for the time, randomness or input.

In: a function as a rule uses it. Out: Impure. A rule is run any number of times, on any state: it may depend on the state only, and change nothing else.
"""

import ast
import datetime
import os
import random
import secrets
import time
import uuid
from collections.abc import Iterator
from typing import Any

from speccheck.errors import Impure, SpeccheckError
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.names import own_parts, stored_names
from speccheck.model.syntax.writes import Write, writes_of

_CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
_RANDOM = (
    os.urandom,
    uuid.uuid1,
    uuid.uuid4,
    secrets.choice,
    secrets.randbelow,
    secrets.randbits,
    secrets.token_bytes,
    secrets.token_hex,
    secrets.token_urlsafe,
)
_IMPURE: dict[int, str] = {
    **{id(function): "randomness" for function in _RANDOM},
    **{id(getattr(time, name + end)): "the time" for name in _CLOCKS for end in ("", "_ns")},
    id(input): "input",
}
_NOW = frozenset({"now", "utcnow", "today"})


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the side effects of a function."""
    yield from _rebound(use)
    for tree in use.body.expressions():
        for write in writes_of(tree, use.body):
            if write.in_constant:
                yield use.error(Impure, f"the rule '{use.rule.name}' changes {_what(write)}, which is no part of the state", write.target, _remedy(write))
        if isinstance(tree, ast.Call) and (asked := _asks_for(use.body.object_of(tree.func))) is not None:
            yield use.error(Impure, f"`{ast.unparse(tree)}` gives another answer each time: the rule '{use.rule.name}' asks for {asked}", tree, _ASKED[asked])


_ASKED = {
    "randomness": "Use choose(...): the checker then tries every value.",
    "the time": "Make time a variable of the spec, such as Annotated[int, Range(0, N)], and let an action advance it.",
    "input": "Use choose(...), or a constant that a run can override.",
}


def _rebound(use: Use) -> Iterator[SpeccheckError]:
    """Return the assignments to names that a `global` or `nonlocal` statement takes from outside the rule."""
    function = use.body.tree.node
    names = {name for part in own_parts(function) if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
    for part in own_parts(function) if names else ():
        for name in _assigned(part):
            if name.id in names:
                message = f"the rule '{use.rule.name}' assigns the variable '{name.id}' of the module, which is no part of the state"
                yield use.error(Impure, message, name)


def _assigned(part: ast.AST) -> Iterator[ast.Name]:
    match part:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from stored_names(target)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target) | ast.NamedExpr(target=target):
            yield from stored_names(target)


def _asks_for(function: Any) -> str | None:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, random.Random):
        return "randomness"
    if isinstance(owner, type) and issubclass(owner, datetime.date) and getattr(function, "__name__", "") in _NOW:
        return "the time"
    return _IMPURE.get(id(function))


def _what(write: Write) -> str:
    target = write.holder if write.how == "method" else write.target
    return f"`{ast.unparse(target)}`" + (f" with {write.name}(...)" if write.how == "method" else "")


def _remedy(write: Write) -> str:
    return f"Keep what changes in a variable of the spec, or work on a copy: copy({ast.unparse(write.holder)})."
