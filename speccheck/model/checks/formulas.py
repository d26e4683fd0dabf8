"""Formulas used as values: `a and b` on formulas, `eventually(self.p())`, a variable that is read while a formula is built.

In: a function as a rule uses it. Out: FormulaMisuse. A formula describes behaviors: there is no current state outside its closures.
"""

import ast
from collections.abc import Iterator

from speccheck.dsl.formulas import Formula
from speccheck.errors import FormulaMisuse, SpeccheckError
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.kinds import Instance, Kind, Method, Object, State, certain, is_bool
from speccheck.model.syntax.names import own_parts
from speccheck.model.syntax.results import FORMULA_OPERATORS


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the formulas that are used as values, and the values that are used as formulas."""
    for tree in use.body.expressions():
        yield from _truth_value(use, tree)
    if use.own and use.rule.role == "temporal":
        for tree in own_parts(use.body.tree.node):
            yield from _building(use, tree)


def _truth_value(use: Use, tree: ast.AST) -> Iterator[SpeccheckError]:
    match tree:
        case ast.BoolOp(op=op, values=values):
            for value in values:
                if _is_formula(use.body.kind(value)):
                    word, instead = ("and", "all_of") if isinstance(op, ast.And) else ("or", "any_of")
                    yield use.error(FormulaMisuse, f"'{word}' on the temporal formula `{ast.unparse(value)}`", tree, f"Write {instead}(...).")
                    return
        case ast.UnaryOp(op=ast.Not(), operand=operand) if _is_formula(use.body.kind(operand)):
            yield use.error(FormulaMisuse, f"'not' on the temporal formula `{ast.unparse(operand)}`", tree, f"Write negate({ast.unparse(operand)}).")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test) if _is_formula(use.body.kind(test)):
            yield use.error(FormulaMisuse, f"the temporal formula `{ast.unparse(test)}` is used as a condition", test)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            compared = [one for one in (left, *comparators) if _is_formula(use.body.kind(one))]
            if compared and all(isinstance(op, ast.Eq | ast.NotEq) for op in ops):
                yield use.error(FormulaMisuse, f"'==' on the temporal formula `{ast.unparse(compared[0])}`", tree)


def _building(use: Use, tree: ast.AST) -> Iterator[SpeccheckError]:
    """What stands in a @temporal method outside its closures is evaluated once, without a state."""
    body = use.body
    match tree:
        case ast.Attribute(value=holder, attr=name, ctx=ast.Load()):
            state = body.kind(holder)
            if isinstance(state, State) and name in body.inference.fields_of(state.cls):
                message = f"the variable '{name}' is read while the formula '{use.rule.name}' is built"
                yield use.error(FormulaMisuse, message, tree, "Read it in a closure: lambda: ...")
        case ast.Call(func=function, args=arguments) if any(body.object_of(function) is operator for operator in FORMULA_OPERATORS):
            for argument in arguments:
                if _is_called_predicate(use, argument):
                    text = ast.unparse(argument)
                    message = f"`{text}` is evaluated before the formula '{use.rule.name}' exists"
                    yield use.error(FormulaMisuse, message, argument, f"Give the predicate itself: {_uncalled(argument)}.")


def _is_called_predicate(use: Use, argument: ast.expr) -> bool:
    if not isinstance(argument, ast.Call) or not is_bool(use.body.kind(argument)):
        return False
    function = use.body.kind(argument.func)
    return isinstance(function, Method) and isinstance(function.receiver, State)


def _uncalled(call: ast.expr) -> str:
    assert isinstance(call, ast.Call)
    return f"lambda: {ast.unparse(call)}" if call.args or call.keywords else f"{ast.unparse(call.func)}, without the call"


def _is_formula(kind: Kind) -> bool:
    return certain(kind, lambda one: issubclass(one.cls, Formula) if isinstance(one, Instance) else isinstance(one, Object) and isinstance(one.value, Formula))
