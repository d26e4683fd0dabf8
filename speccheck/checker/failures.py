"""What was at hand where a step failed or was disabled: the operands of the very expression that raised, with the values that they had.

In: an exception with its traceback. Out: lines::

    require(n.role != "leader")                ->   n.role != "leader"    "leader" == "leader"
    assert n.role != "leader", "two leaders"   ->   n.role != "leader"    "leader" == "leader"
                                                      n                   self.nodes[Server1]
    self.sent[self.next]                       ->   self.sent             {0: Value0}
                                                    self.next             1
"""

import ast
from types import TracebackType

from speccheck.checker.reasons import Reasons
from speccheck.domains.evaluation import Disabled
from speccheck.domains.parts import OutsideDomain
from speccheck.model.syntax.evaluate import scope_of_frame
from speccheck.model.syntax.trees import module_tree
from speccheck.model.syntax.users import is_users

Place = tuple[int | None, int | None, int | None, int | None]  # first line, last line, first column, end column, as in `ast`


def users_traceback(raised: BaseException) -> list[TracebackType]:
    """Return the entries of the traceback that lie in files of the user's, the outermost first."""
    found, trace = [], raised.__traceback__
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            found.append(trace)
        trace = trace.tb_next
    return found


def why_raised(reasons: Reasons, raised: BaseException, traces: list[TracebackType]) -> None:
    """Collect what explains the exception at the innermost place of the user's."""
    if not traces:
        return
    trace = traces[-1]
    scope = scope_of_frame(trace.tb_frame)
    if trace is traces[0]:  # the action itself: its parameters stand in the trace
        scope.known |= set(trace.tb_frame.f_code.co_varnames[: trace.tb_frame.f_code.co_argcount])
    statement = _statement(trace)
    if isinstance(raised, AssertionError):
        if isinstance(statement, ast.Assert) and not scope.value(statement.test):
            reasons.why(scope, statement.test, 0)
        return
    if isinstance(raised, Disabled):
        condition = _required(statement)
        if condition is not None and not scope.value(condition):
            reasons.why(scope, condition, 0)
        return
    for operand in _written(statement) if isinstance(raised, OutsideDomain) else _operands(_failed(trace), statement):
        reasons.operand(scope, operand)


def _statement(trace: TracebackType) -> ast.stmt | None:
    """Return the innermost statement on the line that raised."""
    file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
    around = [one for one in ast.walk(module_tree(file)) if isinstance(one, ast.stmt) and one.lineno <= line <= (one.end_lineno or one.lineno)]
    return min(around, key=lambda one: (one.end_lineno or one.lineno) - one.lineno, default=None)


def _failed(trace: TracebackType) -> ast.AST | None:
    """Return what stands exactly where the failing instruction does: an expression, or a statement such as `del`."""
    code = trace.tb_frame.f_code
    place: Place = list(code.co_positions())[trace.tb_lasti // 2]
    found = [one for one in ast.walk(module_tree(code.co_filename)) if isinstance(one, ast.expr | ast.stmt) and _place(one) == place]
    return next((one for one in found if not isinstance(one, ast.Expr)), None)


def _place(tree: ast.expr | ast.stmt) -> Place:
    return tree.lineno, tree.end_lineno, tree.col_offset, tree.end_col_offset


def _written(statement: ast.stmt | None) -> list[ast.expr]:
    """Return what a value outside its domain was computed from."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return [value]
        case ast.AugAssign(target=target, value=value):
            return [_read(target), value]
        case ast.Expr(value=ast.Call() as call):
            return _given(call)
    return []


def _required(statement: ast.stmt | None) -> ast.expr | None:
    """Return the condition of a `require`."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="require") | ast.Attribute(attr="require"), args=[condition, *_])):
            return condition
    return None


def _operands(failed: ast.AST | None, statement: ast.stmt | None) -> list[ast.expr]:
    """Return what the operation that raised worked on."""
    match failed, statement:
        case ((ast.Subscript(value=container, slice=index) | ast.Delete(targets=[ast.Subscript(value=container, slice=index)])), _):
            return [container, index]
        case ast.Attribute(value=base), _:
            return [base]
        case ast.BinOp(left=left, right=right), _:
            return [left, right]
        case ast.AugAssign(target=target, value=value), _:
            return [_read(target), value]
        case ast.Compare(left=left, comparators=others), _:
            return [left, *others]
        case ((ast.Tuple() | ast.List()), (ast.Assign(value=value) | ast.For(iter=value))):  # unpacking
            return [value]
        case ast.Call() as call, _:
            return _given(call)
    return []


def _given(call: ast.Call) -> list[ast.expr]:
    """Return what a call works on: the object whose method it is, and its arguments."""
    return [*([call.func.value] if isinstance(call.func, ast.Attribute) else []), *call.args, *(keyword.value for keyword in call.keywords)]


def _read(target: ast.expr) -> ast.expr:
    """Return the target of an assignment as an expression that reads it."""
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(value=value, attr=attribute):
            return ast.copy_location(ast.Attribute(value, attribute, ast.Load()), target)
        case ast.Subscript(value=value, slice=index):
            return ast.copy_location(ast.Subscript(value, index, ast.Load()), target)
    return target
