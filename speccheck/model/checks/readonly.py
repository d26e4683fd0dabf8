"""Changes, `require` and `choose` in rules that may only read, and `enabled` and `occurs` where they mean nothing.

In: a function as a rule uses it. Out: ReadOnlyRule and WrongPlace. Changing what the rule made itself (`set(self.x)`, a display, a copy) is free.
"""

import ast
from collections.abc import Iterator
from typing import Any

from speccheck.dsl import formulas, processes, statements
from speccheck.errors import ReadOnlyRule, SpeccheckError, WrongPlace
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.writes import Write, writes_of

_ACTING: dict[Any, str] = {
    statements.require: "Return the condition instead: a predicate answers True or False.",
    statements.disable: "Return False instead: a predicate answers True or False.",
    statements.choose: "Say it with any(... for v in Domain) or all(... for v in Domain).",
    processes.crash: "Crash processes in actions.",
    processes.restart: "Restart processes in actions.",
}
_ENABLED_IN = frozenset({"invariant", "step_invariant", "reachable", "terminal", "refinement", "temporal", "predicate"})
_OCCURS_IN = frozenset({"step_invariant", "temporal", "predicate"})


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return what a rule that may only read does, and the atoms in the wrong place."""
    for tree in use.body.expressions():
        if use.rule.read_only:
            for write in writes_of(tree, use.body):
                if write.in_state:
                    yield use.error(ReadOnlyRule, f"{_rule(use)} changes {_what(write)}", write.target, _remedy(write))
        if isinstance(tree, ast.Call):
            yield from _call(use, tree)


def _call(use: Use, call: ast.Call) -> Iterator[SpeccheckError]:
    function = use.body.object_of(call.func)
    if use.rule.read_only and (remedy := _found(_ACTING, function)) is not None:
        yield use.error(ReadOnlyRule, f"{_rule(use)} calls {function.__name__}(...), which is for actions", call, remedy)
    elif function is formulas.enabled and use.rule.role not in _ENABLED_IN:
        yield use.error(WrongPlace, f"{_rule(use)} calls enabled(...)", call, "Write the condition itself, with require(...).")
    elif function is formulas.occurs and use.rule.role not in _OCCURS_IN:
        yield use.error(WrongPlace, f"{_rule(use)} calls occurs(...), which speaks of a step", call, "Use it in a @step_invariant or a temporal formula.")


def _found(table: dict[Any, str], function: Any) -> str | None:
    return next((remedy for one, remedy in table.items() if one is function), None)


def _rule(use: Use) -> str:
    role = use.rule.role.replace("_", " ")
    return f"the {role} '{use.rule.name}', which may only read," if use.rule.read_only else f"the {role} '{use.rule.name}'"


def _what(write: Write) -> str:
    target = write.holder if write.how == "method" else write.target
    return f"`{ast.unparse(target)}`" + (f" with {write.name}(...)" if write.how == "method" else "")


def _remedy(write: Write) -> str | None:
    if write.how in ("method", "local"):
        return f"Work on a copy: copy({ast.unparse(write.holder)})."
    return "Compute the value in a local variable, or make the change in an action."
