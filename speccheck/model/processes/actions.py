"""From the code of a step to a function: with its guard, with what it reads of the process's locals, and with what it leaves there.

    def writer.write_x(self, i):                  (its lines are those of the process)
        if self.writer.pc[i] != "write_x":        yield unfair("write_x")
            disable()
        require(self.requests > 0)
        v = choose(Value)
        self.requests -= 1
        self.x = v
        self.writer.v[i] = v                      yield "write_y"
        self.writer.pc[i] = "write_y"

A local that is dead at the next label is dropped. Names with a dot are ours, and stand for themselves until a spec is written out (see desugar.py).
"""

import ast
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from speccheck.dsl.processes import CRASHED, DONE, START, pc_of, restart_of
from speccheck.dsl.statements import disable
from speccheck.model.instrument import instrument
from speccheck.model.meanings import module_scope
from speccheck.model.processes.flat import Flat
from speccheck.model.processes.flow import Flow
from speccheck.model.processes.nodes import Code, Goto, at_place, copied, read, walk
from speccheck.model.processes.steps import step_from, step_from_start
from speccheck.model.syntax.trees import MADE, module_tree
from speccheck.model.unordered import ORDERED

DISABLE = "speccheck.disable"
CRASH = "crash"  # the name of the action that `crashes=True` adds, after the process's


@dataclass(frozen=True)
class Parts:
    """One process, taken apart: the flat function, what is known of its labels, and whether each of its locals needs a value when it is dropped."""

    made: Flat
    flow: Flow
    start: str | None  # the label at which it starts, where nothing but jumps is before it; "start" where a first step is; None where the start is computed

    @property
    def name(self) -> str:
        """The name of the process."""
        return self.made.function_tree.name

    @property
    def locals(self) -> tuple[str, ...]:
        """The locals that are part of the state."""
        return tuple(dict.fromkeys(name for names in self.flow.live.values() for name in names))

    def variable(self, local: str) -> str:
        """Return the name of the variable that holds a local; it is another one than that of a label or of the pc."""
        taken = {"pc", CRASH, START, *(point.label for point in self.made.points)}
        while local in taken:
            local += "_"
        return f"{self.name}.{local}"

    def live(self, label: str) -> tuple[str, ...]:
        """Return the locals that are part of the state at a label; none where the process is done, has crashed or has not started."""
        return self.flow.live.get(label, ())

    @property
    def end(self) -> ast.AST:
        """Where a process that runs out of statements is done: at its last statement."""
        return self.made.function_tree.body[-1]


def step_tree(parts: Parts, label: str) -> ast.FunctionDef:
    """Return the step from a label as a function of the state and the parameters."""
    made = parts.made
    point = next((p for p in made.points if p.label == label), made.function_tree)
    code = step_from_start(made.body, parts.end) if label == START else step_from(made.body, label, parts.end)
    guard = ast.If(ast.Compare(_pc(parts), [ast.NotEq()], [ast.Constant(label)]), [ast.Expr(ast.Call(read(DISABLE), [], []))], [])
    mentioned = {name.id for statement in code for name in ast.walk(statement) if isinstance(name, ast.Name)} | stored_in(code)
    loads = [_assign(ast.Name(local, ast.Store()), _local(parts, local)) for local in parts.live(label) if local in mentioned]
    place = _head(point)
    return _function(parts, f"{parts.name}.{label}", [*(at_place(one, place) for one in (guard, *loads)), *_Leaving(parts, label).code(code)], point)


def start_tree(parts: Parts) -> ast.FunctionDef:
    """Return the method that puts the process to its start, whatever it did before."""
    name, place = restart_of(parts.name), parts.made.function_tree
    if parts.start is not None:
        at_start = Goto()
        at_start.label = parts.start
        code: Code = [ast.copy_location(at_start, place)]
    else:
        code = step_from_start(parts.made.body, parts.end)
    return _function(parts, name, _Leaving(parts, None).code(code), place)


def crash_tree(parts: Parts, name: str, spared: Iterable[str]) -> ast.FunctionDef:
    """Return the method that stops the process for good; it is disabled at the labels that are `spared`."""
    place = parts.made.function_tree
    test = ast.Compare(_pc(parts), [ast.In()], [ast.Tuple([ast.Constant(one) for one in spared], ast.Load())])
    guard = ast.If(test, [ast.Expr(ast.Call(read(DISABLE), [], []))], [])
    gone = Goto()
    gone.label = CRASHED
    return _function(parts, name, [at_place(guard, _head(place)), *_Leaving(parts, None).code([ast.copy_location(gone, place)])], place)


def initial_tree(parts: Parts) -> ast.FunctionDef:
    """Return the code before the first labels as a function of the parameters: it returns the label and the locals that are live there."""
    code = step_from_start(parts.made.body, parts.end)
    return _function(parts, f"{parts.name}.(initial)", _Returning(parts, None).code(code), parts.made.function_tree)


def end_tree(processes: Iterable[Parts], name: str, place: ast.AST) -> ast.FunctionDef:
    """Return the predicate that every one of these processes is done or has crashed."""
    ended = ast.Tuple([ast.Constant(DONE), ast.Constant(CRASHED)], ast.Load())
    tests: list[ast.expr] = []
    for parts in processes:
        pc = ast.Attribute(read("self"), pc_of(parts.name), ast.Load())
        if not parts.made.parameters:
            tests.append(ast.Compare(pc, [ast.In()], [ended]))
            continue
        values = ast.Call(ast.Attribute(pc, "values", ast.Load()), [], [])
        each = ast.GeneratorExp(ast.Compare(read("pc"), [ast.In()], [ended]), [ast.comprehension(ast.Name("pc", ast.Store()), values, [], 0)])
        tests.append(ast.Call(read("all"), [each], []))
    answer: ast.expr = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests) if tests else ast.Constant(True)
    arguments = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
    made = ast.FunctionDef(name, arguments, [at_place(ast.Return(answer), place)], [], None)
    return ast.fix_missing_locations(ast.copy_location(made, place))


def stored_in(code: Code) -> set[str]:
    """Return the names that get a value somewhere in the code, in whatever way."""
    found: set[str] = set()
    for part in (part for statement in code for part in walk(statement)):
        match part:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case (
                ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
                | ast.MatchMapping(rest=str() as name)
                | ast.ExceptHandler(name=str() as name)
            ):
                found.add(name)
            case ast.alias():
                found.add((part.asname or part.name).partition(".")[0])
        found.update(child.name for child in ast.iter_child_nodes(part) if isinstance(child, ast.FunctionDef | ast.ClassDef))
    return found | {one.name for one in code if isinstance(one, ast.FunctionDef | ast.ClassDef)}


# ---------------------------------------------------------------- the end of a step


class _Leaving:
    """Puts, where a step ends, what it leaves: locals, and the label. `source` is the label it comes from, None where it may be any."""

    def __init__(self, parts: Parts, source: str | None) -> None:
        self.parts, self.source = parts, source

    def code(self, code: Code) -> Code:
        """Return the code of a whole function."""
        self.stored = stored_in(code)
        made = self.block(code)
        return made[:-1] if len(made) > 1 and isinstance(made[-1], ast.Return) and made[-1].value is None else made

    def block(self, code: Code) -> Code:
        """Return one block of it."""
        return [one for statement in code for one in self.statement(statement)]

    def statement(self, statement: ast.stmt) -> Code:
        """Return a statement, with what is left where the step ends."""
        match statement:
            case Goto():
                return [at_place(one, _head(statement)) for one in self.leave(statement)]
            case ast.If():
                statement.body, statement.orelse = self.block(statement.body), self.block(statement.orelse)
                if not statement.body:
                    statement.test = ast.copy_location(ast.UnaryOp(ast.Not(), statement.test), statement.test)
                    statement.body, statement.orelse = statement.orelse, []
            case ast.While() | ast.For():
                statement.body, statement.orelse = self.block(statement.body) or [_pass(statement)], self.block(statement.orelse)
            case ast.Match():
                for case in statement.cases:
                    case.body = self.block(case.body) or [_pass(statement)]
            case ast.With():
                statement.body = self.block(statement.body) or [_pass(statement)]
            case ast.Try():
                statement.body, statement.orelse = self.block(statement.body) or [_pass(statement)], self.block(statement.orelse)
                statement.finalbody = self.block(statement.finalbody) or ([] if statement.handlers else [_pass(statement)])
                for handler in statement.handlers:
                    handler.body = self.block(handler.body) or [_pass(handler)]
        return [statement]

    def leave(self, goto: Goto) -> Code:
        """Return the writes with which a step ends, and the return."""
        parts, live = self.parts, self.parts.live(goto.label)
        held = parts.live(self.source) if self.source is not None else ()
        made: Code = []
        for local in parts.locals:
            if local in live:
                if local not in held or local in self.stored:
                    made.append(_assign(_local(parts, local, ast.Store()), read(local)))
            elif self.source is None or local in held:
                made.append(self._dropped(local))
        if goto.label != self.source:
            made.append(_assign(_pc(parts, ast.Store()), ast.Constant(goto.label)))
        return [*made, ast.Return(None)]

    def _dropped(self, local: str) -> ast.stmt:
        parts = self.parts
        if not parts.made.parameters:
            return _assign(_local(parts, local, ast.Store()), ast.Constant(None))
        if self.source is not None:
            return ast.Delete([_local(parts, local, ast.Del())])
        held = _local(parts, local)
        assert isinstance(held, ast.Subscript)
        return ast.Expr(ast.Call(ast.Attribute(held.value, "pop", ast.Load()), [held.slice, ast.Constant(None)], []))


class _Returning(_Leaving):
    """Puts, where a step ends, a `return` of the label and the locals."""

    def leave(self, goto: Goto) -> Code:
        live = self.parts.live(goto.label)
        values = ast.Dict([ast.Constant(one) for one in live], [read(one) for one in live])
        return [ast.Return(ast.Tuple([ast.Constant(goto.label), values], ast.Load()))]


def _pass(place: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Pass(), place)


def _assign(target: ast.expr, value: ast.expr) -> ast.stmt:
    return ast.Assign([target], value)


def _head(place: ast.AST) -> ast.AST:
    """Return the first line of a place, for a `def` with its whole body."""
    if not isinstance(place, ast.FunctionDef):
        return place
    head = ast.Pass()
    head.lineno = head.end_lineno = place.lineno
    head.col_offset, head.end_col_offset = place.col_offset, place.col_offset + len(f"def {place.name}")
    return head


def _pc(parts: Parts, context: ast.expr_context | None = None) -> ast.expr:
    return _held(parts, pc_of(parts.name), context)


def _local(parts: Parts, local: str, context: ast.expr_context | None = None) -> ast.expr:
    return _held(parts, parts.variable(local), context)


def _held(parts: Parts, variable: str, context: ast.expr_context | None) -> ast.expr:
    """Return what a process has in a variable: `self.writer.pc[i]`."""
    made, context = parts.made, context or ast.Load()
    names = made.parameters
    if not names:
        return ast.Attribute(read(made.me), variable, context)
    key: ast.expr = read(names[0]) if len(names) == 1 else ast.Tuple([read(name) for name in names], ast.Load())
    return ast.Subscript(ast.Attribute(read(made.me), variable, ast.Load()), key, context)


# ---------------------------------------------------------------- functions


def _function(parts: Parts, name: str, body: Code, place: ast.AST) -> ast.FunctionDef:
    made = ast.FunctionDef(name, copied(parts.made.function_tree.args), body or [_pass(place)], [], None)
    return ast.fix_missing_locations(ast.copy_location(made, place))


def function_of(tree: ast.FunctionDef, made: Flat, qualname: str) -> Callable[..., Any]:
    """Return the function that a tree describes, with the globals and the names around it that the process has. Its lines are those of the process."""
    around = made.function.__globals__
    tree.args.defaults, tree.args.kw_defaults = [], [None for _ in tree.args.kwonlyargs]
    for argument in (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    runs = copied(tree)
    builtins = around.get("__builtins__", {})
    if ORDERED in (builtins if isinstance(builtins, dict) else vars(builtins)):  # only modules that we load notice what has no order
        instrument(ast.Module([runs], []), module_scope(module_tree(made.tree.file)))
    cells = {DISABLE: types.CellType(disable), **made.cells}
    outer = ast.FunctionDef("around", ast.arguments([], [ast.arg(name) for name in cells], None, [], [], None, []), [runs], [], None)
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(outer, runs)], []))
    compiled = compile(module, made.tree.file, "exec", dont_inherit=True, optimize=0)
    code = _inner(_inner(compiled, "around"), tree.name)
    function = types.FunctionType(code, around, tree.name, None, tuple(cells[name] for name in code.co_freevars))
    function.__qualname__, function.__module__ = f"{qualname}.{tree.name}", made.function.__module__
    setattr(function, MADE, tree)
    return function


def _inner(code: types.CodeType, name: str) -> types.CodeType:
    return next(one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name)
