"""Which variables a rule reads, directly or through what it calls.

variables_read(TwoPhase, TwoPhase.consistent)  ->  {"rm_state"}
variables_read(Raft, Raft.elected)             ->  None, if it hands `self` to a function that cannot be looked into
"""

import ast
from typing import Any

from speccheck.domains.records import domains_of
from speccheck.dsl import formulas, processes
from speccheck.dsl.rules import mark_of
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.functions import MISSING, class_member
from speccheck.model.syntax.inference import Inference
from speccheck.model.syntax.kinds import Kind, Method, Object, Place, State, alternatives
from speccheck.model.syntax.names import Binding, parameters_of
from speccheck.model.syntax.trees import tree_of


def variables_read(spec: Any, function: Any) -> frozenset[str] | None:
    """Return every variable of the state (and of the state after a step) that a rule may read; None where that cannot be said."""
    tree = tree_of(function)
    if tree is None:
        return None
    names = [parameter.arg for parameter in parameters_of(tree.node)]
    mark = mark_of(function)
    states = ("self", "after") if mark is not None and mark.role == "step_invariant" else ("self",)
    arguments: dict[str, Kind] = {name: State(spec, Place(root)) for name, root in zip(names, states)}
    body = Inference(spec, domains_of(spec)).body(function, arguments)
    return None if body is None else _read(body, set())


def _read(body: Body, seen: set[Body]) -> frozenset[str] | None:
    if body in seen:
        return frozenset()
    seen.add(body)
    if any(isinstance(kind, State) and body.names.writes.get(Binding(body.tree.node, name)) for name, kind in body.arguments.items()):
        return None  # the name of the state gets another meaning
    found: set[str] = set()
    for tree in body.expressions():
        if not isinstance(tree, ast.expr):
            continue
        if isinstance(tree, ast.Call) and _asks_the_engine(tree, body):
            return None
        if _may_be_state(body.kind(tree)) and not (isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store)):
            more = _through(tree, body)
            if more is None:
                return None
            found |= more
    for callees in body.callees.values():
        for callee in callees:
            inner = _read(callee, seen)
            if inner is None:
                return None
            found |= inner
    return frozenset(found)


def _may_be_state(kind: Kind) -> bool:
    return any(isinstance(one, State) and isinstance(one.origin, Place) for one in alternatives(kind))


def _asks_the_engine(call: ast.Call, body: Body) -> bool:
    """Return whether the call asks what the text does not say: whether a step is possible, where a process is."""
    function = body.object_of(call.func)
    return any(function is one for one in (formulas.enabled, formulas.occurs, processes.at))


def _through(tree: ast.expr, body: Body) -> set[str] | None:
    """Return the variable that is read through an expression for a state; None where the state goes elsewhere."""
    parent = body.names.parents.get(tree)
    match parent:
        case ast.Attribute(value=value, attr=name) if value is tree:
            return _member(parent, name, body.kind(tree), body)
        case ast.Call() if parent.func is not tree:
            return set() if _is_followed_call(parent, body) else None
        case ast.keyword():
            call = body.names.parents.get(parent)
            return set() if isinstance(call, ast.Call) and _is_followed_call(call, body) else None
        case ast.Assign(targets=targets):
            return set() if all(_is_another_name(target, body) for target in targets) else None
        case ast.NamedExpr(target=target):
            return set() if _is_another_name(target, body) else None
    return None


def _is_followed_call(call: ast.Call, body: Body) -> bool:
    """Return whether the functions that get the state are looked at in turn."""
    exact = not any(isinstance(argument, ast.Starred) for argument in call.args) and all(keyword.arg is not None for keyword in call.keywords)
    return exact and call in body.callees


def _is_another_name(target: ast.expr, body: Body) -> bool:
    """Return whether a target of an assignment is a variable that only ever denotes a state."""
    return isinstance(target, ast.Name) and isinstance(body.kind(target), State)


def _member(attribute: ast.Attribute, name: str, kind: Kind, body: Body) -> set[str] | None:
    found: set[str] = set()
    for one in alternatives(kind):
        if not isinstance(one, State):
            return None
        if name in body.inference.fields_of(one.cls):
            found.add(name)
        elif not _is_followed(attribute, one.cls, name, body):
            return None
    return found


def _is_followed(attribute: ast.Attribute, cls: Any, name: str, body: Body) -> bool:
    """Return whether a member of the class is a plain value, or a method whose body is looked at."""
    found = class_member(cls, name)
    if found is MISSING:
        return False
    if isinstance(found, property):
        return attribute in body.callees
    kind = body.kind(attribute)
    if isinstance(kind, Method):
        call = body.names.parents.get(attribute)
        return isinstance(call, ast.Call) and call.func is attribute and call in body.callees
    return isinstance(kind, Object) and not callable(kind.value)
