"""Predicates that return no bool: a forgotten `return`, a set, a number, a method that was not called.

In: a predicate as it is written. Out: NotBool, at the expression that is certainly neither True nor False.
"""

import ast
from collections.abc import Iterator

from speccheck.domains.containers import Container
from speccheck.domains.scalars import Enumerated
from speccheck.dsl.formulas import Formula
from speccheck.errors import NotBool, SpeccheckError
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.functions import ends
from speccheck.model.syntax.kinds import Built, Instance, Kind, Method, Object, Of, State, Tuple, alternatives, certain, shape_of
from speccheck.model.syntax.names import own_parts

_PREDICATES = frozenset({"invariant", "step_invariant", "reachable", "constraint", "terminal", "predicate"})


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return what a predicate returns that is no bool."""
    function = use.body.tree.node
    if not use.own or use.rule.role not in _PREDICATES or not isinstance(function, ast.FunctionDef):
        return
    parts = list(own_parts(function))
    if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in parts):
        return
    returns = [part for part in parts if isinstance(part, ast.Return)]
    values = [part.value for part in returns if part.value is not None]
    if not values and not ends(function.body):
        yield NotBool(f"'{use.rule.name}' returns nothing", span=use.body.tree.span, remedy="Return the condition.")
    for value in values:
        for expression in _answers(value):
            kind = use.body.kind(expression)
            if certain(kind, _is_no_bool):
                message = f"'{use.rule.name}' returns `{ast.unparse(expression)}`, {_what(kind)}, which is neither True nor False"
                yield use.error(NotBool, message, expression, _remedy(ast.unparse(expression), kind))


def _answers(value: ast.expr) -> Iterator[ast.expr]:
    """Return the parts of an expression that can be its value: the last operand of `and` and `or`, and both sides of a conditional expression."""
    match value:
        case ast.BoolOp(values=values):
            yield from _answers(values[-1])
        case ast.IfExp(body=yes, orelse=no):
            yield from _answers(yes)
            yield from _answers(no)
        case ast.NamedExpr(value=inner):
            yield from _answers(inner)
        case _:
            yield value


def _is_no_bool(kind: Kind) -> bool:
    match kind:
        case Of(Enumerated() as domain, _):
            return not any(isinstance(value, bool) for value in domain.values)
        case Object(value):
            return not isinstance(value, bool)
        case Instance(cls):
            return not issubclass(bool, cls)
        case Of() | Built() | Tuple() | Method() | State():
            return True
    return False


def _what(kind: Kind) -> str:
    one = alternatives(kind)[0]
    match one:
        case Object(None):
            return "None"
        case Method():
            return "a method that is not called"
        case Instance(cls) if issubclass(cls, Formula):
            return "a temporal formula"
        case _ if (shape := shape_of(one)) is not None:
            return f"a {shape}"
        case Object(value):
            return f"the value {value!r}" if isinstance(value, int | str) else "an object"
        case Of(domain, _):
            return f"a value of {domain.describe()}"
    return "a value"


def _remedy(text: str, kind: Kind) -> str:
    match alternatives(kind)[0]:
        case Method():
            return f"Call it: {text}()."
        case Instance(cls) if issubclass(cls, Formula):
            return "Make the method a @temporal property."
        case Of(Container(), _) | Built() | Tuple():
            return f"Write `not {text}` or `len({text}) > 0`, or compare it."
    return f"Return a comparison, such as {text} == ..., or bool({text})."
