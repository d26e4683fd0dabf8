"""Fresh values that are used after they were stored: `l = []; self.q = l; l.append(1)`, and `self.a = self.b = []`.

In: a function as an action uses it. Out: Ownership. Only what stands in one block of statements, one after the other, is looked at: there the order is certain.
"""

import ast
from collections.abc import Iterator

from speccheck.domains.containers import Container
from speccheck.domains.records import Records
from speccheck.errors import Ownership, SpeccheckError
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import element_of, item_of
from speccheck.model.syntax.kinds import FRESH, Built, Kind, Of, State, alternatives
from speccheck.model.syntax.names import Binding, body_of, evaluated_in
from speccheck.model.syntax.writes import Write, writes_of


def changed_after_storing(use: Use) -> Iterator[SpeccheckError]:
    """Return changes and second stores of a fresh value after it was moved into the state."""
    for block in _blocks(use.body):
        moved: dict[Binding, ast.stmt] = {}
        for statement in block:
            if isinstance(statement, ast.Assign):
                yield from _chained(use, statement)
            for tree in evaluated_in(statement):
                for write in writes_of(tree, use.body):
                    yield from _after(use, write, moved)
            for binding in _moved_by(statement, use.body):
                moved.setdefault(binding, statement)


def _blocks(body: Body) -> Iterator[list[ast.stmt]]:
    node = body.tree.node
    if isinstance(node, ast.FunctionDef):
        yield node.body
        for statement in body_of(node):
            for tree in evaluated_in(statement):
                for name in ("body", "orelse", "finalbody"):
                    if isinstance(block := getattr(tree, name, None), list):
                        yield block


def _after(use: Use, write: Write, moved: dict[Binding, ast.stmt]) -> Iterator[SpeccheckError]:
    binding = _binding(write.holder, use.body)
    if binding in moved:
        line = moved[binding].lineno
        message = f"'{binding.name}' is changed after it was stored in line {line}, where it became part of the state"
        yield use.error(Ownership, message, write.target, "Make the change before storing, or through self.")
    for value in write.values:
        stored = _binding(value, use.body)
        if stored in moved and _stores_container(write, use.body):
            message = f"'{stored.name}' is stored a second time; it became part of the state in line {moved[stored].lineno}"
            yield use.error(Ownership, message, value, f"Write a copy: copy({stored.name}).")


def _moved_by(statement: ast.stmt, body: Body) -> Iterator[Binding]:
    """The fresh locals that a statement moves into the state as a whole."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
        return
    tree = statement.value if isinstance(statement, ast.Expr) else statement
    for write in writes_of(tree, body) if tree is not None else ():
        if _stores_container(write, body) and len(write.values) == 1:
            binding = _binding(write.values[0], body)
            if binding is not None and _is_fresh(write.values[0], body):
                yield binding


def _binding(expression: ast.expr, body: Body) -> Binding | None:
    return body.names.of.get(expression) if isinstance(expression, ast.Name) else None


def _is_fresh(name: ast.expr, body: Body) -> bool:
    """Return whether a variable only ever holds one container or record that the rule makes."""
    made = body.only_value(name) if isinstance(name, ast.Name) else None
    if made is None or isinstance(made, ast.Name | ast.IfExp | ast.BoolOp | ast.NamedExpr):
        return False
    return _is_new(made, body)


def _is_new(made: ast.expr, body: Body) -> bool:
    match body.kind(made):
        case Built("list" | "set" | "dict" | "bag"):
            return isinstance(made, ast.List | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp) or _is_constructor(made, body)
        case Of(Records(), origin):
            return origin is FRESH and _is_constructor(made, body)
    return False


def _is_constructor(made: ast.expr, body: Body) -> bool:
    return isinstance(made, ast.Call) and isinstance(body.object_of(made.func), type)


def _stores_container(write: Write, body: Body) -> bool:
    """Return whether a write certainly puts its value, a container or record, into the state."""
    receivers = alternatives(write.receiver)
    if not write.in_state or len(receivers) != 1:
        return False
    found: Kind | None = None
    match write.how, receivers[0]:
        case "assign", (State() | Of(Records(), _)) if write.name is not None:
            found = body.member(receivers[0], write.name)
        case "assign", _ if write.index is not None and not isinstance(write.index, ast.Slice):
            found = item_of(receivers[0], body.kind(write.index))
        case "method", _ if write.name == "append":
            found = element_of(receivers[0])
    return isinstance(found, Of) and isinstance(found.domain, Container | Records)


def _chained(use: Use, statement: ast.Assign) -> Iterator[SpeccheckError]:
    """`self.a = self.b = []` stores one list twice."""
    writes = [write for write in writes_of(statement, use.body) if _stores_container(write, use.body) and statement.value in write.values]
    if len(writes) > 1 and _is_new(statement.value, use.body):
        text = ast.unparse(statement.value)
        yield use.error(Ownership, f"one object, `{text}`, is stored in {len(writes)} places", statement.value, "Write an assignment for each place.")
