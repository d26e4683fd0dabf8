"""Flattening: from a process's generator to one function in which every label is a `Point`, and every generator that it calls stands in place.

    yield "read"                      Point("read")
    yield from self.acquire(i)        Called("acquire", [Point("acquire.try"), ...])      acquire's local n is `acquire.n`

Everything else stays as it was written, at its place. What cannot be followed is an error with its line.
"""

import ast
import builtins
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from speccheck.dsl.processes import RESERVED
from speccheck.dsl.rules import Label, Strength, mark_of
from speccheck.errors import BadLabel, BadYield
from speccheck.model.processes.annotations import expression
from speccheck.model.processes.nodes import AS_THE_PROCESS, Called, Code, Point, called, copied, leave, point, points_in, read, walk
from speccheck.model.syntax.functions import MISSING, class_member, is_mangled, unmarked
from speccheck.model.syntax.names import Binding, names_of, parameters_of
from speccheck.model.syntax.trees import RuleTree, tree_of
from speccheck.source import Span

CLASS = "__class__"


@dataclass
class Flat:
    """One process as one function. `cells` are the names of functions and classes around it, and constants of ours; a name of ours has a dot in it."""

    function: Callable[..., Any]  # as it was written
    tree: RuleTree  # of the same, with Points; never compiled
    cells: dict[str, Any] = field(default_factory=dict)  # name -> types.CellType
    called: list[Callable[..., Any]] = field(default_factory=list)  # the generators that stand in place
    sources: dict[str, ast.expr] = field(default_factory=dict)  # constant of ours -> an expression of its value, for a spec that is written out

    @property
    def function_tree(self) -> ast.FunctionDef:
        """The tree of the function."""
        assert isinstance(self.tree.node, ast.FunctionDef)
        return self.tree.node

    @property
    def body(self) -> Code:
        """The statements of the function."""
        return self.function_tree.body

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that are local to the function as it was written, its parameters included."""
        names = names_of(self.function_tree)
        bound = {binding.name for binding in (*names.of.values(), *names.writes) if binding.scope is self.function_tree}
        return frozenset({*bound, self.me, *self.parameters})

    @property
    def points(self) -> list[Point]:
        """The labels, in the order of the source."""
        return points_in(self.body)

    @property
    def me(self) -> str:
        """The name of the first parameter, the state."""
        return positional(self.function_tree)[0].arg

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the other parameters, which say which process it is."""
        return tuple(one.arg for one in positional(self.function_tree)[1:])

    def constant(self, value: Any, source: ast.expr) -> str:
        """Return a name under which the code finds this object; `source` is an expression that gives it in the module."""
        name = f"constant.{len(self.sources)}"
        self.cells[name], self.sources[name] = types.CellType(value), source
        return name

    def span_of(self, tree: ast.AST) -> Span:
        """Return the place of a part of the process."""
        return self.tree.span_of(tree)

    def value(self, expression: ast.expr, known: dict[str, Any] | None = None) -> Any:
        """Return the value of an expression of constants; raises what it raises. `known` are the values of parameters."""
        code = compile(ast.Expression(copied(expression)), self.tree.file, "eval")
        names = {name: cell.cell_contents for name, cell in self.cells.items()}
        return eval(code, dict(self.function.__globals__), {**names, **(known or {})}) if not _scopes(expression) else self._in_scope(code, names, known)

    def _in_scope(self, code: Any, names: dict[str, Any], known: dict[str, Any] | None) -> Any:
        """As `value`, for an expression with comprehensions or lambdas, which see globals only."""
        return eval(code, {**self.function.__globals__, **names, **(known or {})})


def _scopes(expression: ast.expr) -> bool:
    return any(isinstance(part, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) for part in ast.walk(expression))


def flat(spec: type, function: Any) -> Flat:
    """Return a process as one function. Raises SpeccheckError."""
    function = inspect.unwrap(unmarked(function))
    tree = tree_of(function)
    if inspect.isasyncgenfunction(function) or inspect.iscoroutinefunction(function):
        code = function.__code__
        message = f"the process '{function.__name__}' is async, but its steps are taken one at a time"
        raise BadYield(message, span=Span(code.co_filename, code.co_firstlineno), remedy="Write def instead of async def, and drop await.")
    if tree is None or not isinstance(tree.node, ast.FunctionDef):
        raise BadYield(f"the source of the process '{function.__name__}' is not to be had", remedy="Keep the spec in a file.")
    node = ast.FunctionDef(tree.node.name, copied(tree.node.args), [copied(one) for one in tree.node.body], [], None)
    ast.copy_location(node, tree.node)
    _mangle(node, function)
    made = Flat(function, RuleTree(function, node, tree.file), cells_of(function))
    _check_parameters(made)
    _ = made.names  # as they are before anything is put in place
    node.body = _Reading(spec, made).code(node.body, made.span_of(node), (function,), "")
    _check_labels(made)
    return made


def positional(tree: ast.FunctionDef) -> list[ast.arg]:
    """Return the parameters of a function that may be given by position."""
    return [*tree.args.posonlyargs, *tree.args.args]


def cells_of(function: Any) -> dict[str, Any]:
    """Return the cells of a function's closure by name."""
    return dict(zip(function.__code__.co_freevars, function.__closure__ or ()))


def _check_parameters(made: Flat) -> None:
    for parameter in made.function_tree.args.kwonlyargs:
        message = f"the parameter '{parameter.arg}' of the process '{made.function_tree.name}' is keyword-only"
        raise BadYield(message, span=made.span_of(parameter), remedy="Drop the `*`: a process is named by its parameters in order.")
    names = names_of(made.function_tree)
    for parameter in parameters_of(made.function_tree):
        for write in names.writes.get(Binding(made.function_tree, parameter.arg), ()):
            message = f"the process '{made.function_tree.name}' assigns to its parameter '{parameter.arg}', which says which process it is"
            raise BadYield(message, span=made.span_of(write.statement), remedy="Use another name.")


def _check_labels(made: Flat) -> None:
    seen: dict[str, Point] = {}
    for one in made.points:
        first = seen.setdefault(one.label, one)
        if first is not one:
            message = f"the label '{one.label}' of '{made.function_tree.name}' stands twice, in line {first.lineno} and in line {one.lineno}"
            raise BadLabel(message, span=made.span_of(one), remedy="A label names one place: rename one of them.")
    if not seen:
        message = f"the process '{made.function_tree.name}' has no label"
        raise BadYield(message, span=made.tree.span, remedy='Write yield "label" before each step, or make it an @action.')


class _Reading:
    """Reads one process; knows the class for the generators that it calls."""

    def __init__(self, spec: type, made: Flat) -> None:
        self.spec, self.made = spec, made
        self.calls: dict[str, int] = {}  # how often a generator of this name was called so far

    def code(self, code: Code, caller: Span, stack: tuple[Any, ...], prefix: str) -> Code:
        """Return statements with points instead of yields; `stack` are the generators that are being read, `prefix` what their labels begin with."""
        return [one for statement in code for one in self._statement(statement, caller, stack, prefix)]

    def _statement(self, statement: ast.stmt, caller: Span, stack: tuple[Any, ...], prefix: str) -> Iterator[ast.stmt]:
        match statement:
            case ast.Expr(value=ast.Yield() as found):
                yield self._point(found, prefix)
                return
            case ast.Expr(value=ast.YieldFrom() as found):
                yield self._called(found, None, stack)
                return
            case ast.Return(value=ast.YieldFrom() as found) if len(stack) == 1:
                yield self._called(found, None, stack)
                yield ast.copy_location(ast.Return(None), statement)
                return
            case ast.Assign(targets=[target], value=ast.YieldFrom() as found):
                yield self._called(found, target, stack)
                return
            case ast.Return(value=ast.YieldFrom() as found):
                result = ast.copy_location(ast.Name(f"{prefix}(result)", ast.Store()), found)
                yield self._called(found, result, stack)
                yield ast.copy_location(ast.Return(ast.copy_location(read(result.id), found)), statement)
                return
            case ast.AnnAssign(target=ast.Name() as target, value=ast.YieldFrom() as found):
                yield ast.copy_location(ast.AnnAssign(target, statement.annotation, None, 1), statement)
                yield self._called(found, target, stack)
                return
            case ast.If() | ast.While() | ast.For():
                self._no_yield([statement.test] if not isinstance(statement, ast.For) else [statement.target, statement.iter])
                statement.body = self.code(statement.body, caller, stack, prefix)
                statement.orelse = self.code(statement.orelse, caller, stack, prefix)
            case ast.Match():
                self._no_yield([statement.subject, *(case.guard for case in statement.cases if case.guard)])
                for case in statement.cases:
                    case.body = self.code(case.body, caller, stack, prefix)
            case ast.Return(value=ast.expr()) if len(stack) == 1:
                self._refuse("a process returns nothing, for nobody gets it", statement, "Write return, and keep the value in a variable.")
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                pass  # what stands inside is no step of this process
            case _:
                self._no_yield([statement])
        yield statement

    def _no_yield(self, trees: list[Any]) -> None:
        for tree in trees:
            for part in walk(tree):
                if isinstance(part, ast.Yield | ast.YieldFrom | ast.Await):
                    self._refuse(*_why_not(tree, part))

    def _point(self, found: ast.Yield, prefix: str) -> Point:
        label, fairness = self._label(found)
        if label.name in RESERVED:
            message = f"'{label.name}' is a label that every process has"
            raise BadLabel(message, span=self.made.span_of(found), remedy="Choose another one; what stands before the first label is the step 'start'.")
        if label.name == "pc":
            raise BadLabel("'pc' is the variable that says where a process is", span=self.made.span_of(found), remedy="Choose another label.")
        if not label.name or "." in label.name or label.name != label.name.strip():
            raise BadLabel(f"{label.name!r} is no label: it is a word or several, without a dot", span=self.made.span_of(found))
        return point(prefix + label.name, fairness, found)

    def _label(self, found: ast.Yield) -> tuple[Label, Strength | str | None]:
        """Return the label, and its fairness: its own, or that of the process."""
        span = self.made.span_of(found)
        if found.value is None:
            raise BadLabel("yield without a label", span=span)
        try:
            value = self.made.value(found.value)
        except Exception:
            raise BadLabel(f"`yield {ast.unparse(found.value)}`: a label is a constant", span=span) from None
        if isinstance(value, Label) and isinstance(value.name, str):
            return value, value.fairness
        if not isinstance(value, str):
            raise BadLabel(f"`yield {ast.unparse(found.value)}`: {value!r} is no text", span=span)
        return Label(value, None), AS_THE_PROCESS

    # ---------------------------------------------------------------- generators that are called

    def _called(self, found: ast.YieldFrom, target: ast.expr | None, stack: tuple[Any, ...]) -> Called:
        call, span = found.value, self.made.span_of(found)
        if not isinstance(call, ast.Call):
            self._refuse("yield from is for calls of generators", found, "Write yield from self.acquire(i).")
        generator, first = self._generator(call)
        if unmarked(generator) in stack:
            chain = " -> ".join(one.__name__ for one in (*stack[stack.index(unmarked(generator)) :], generator))
            self._refuse(f"'{generator.__name__}' calls itself by yield from ({chain})", found, "Write a loop: a process has no stack.")
        tree = tree_of(generator)
        if tree is None or not isinstance(tree.node, ast.FunctionDef) or tree.file != self.made.tree.file:
            where = "is not to be had" if tree is None else "stands in another file"
            self._refuse(f"the source of '{generator.__name__}' {where}", found, "Move it to the file of the process.")
        if not inspect.isgeneratorfunction(generator):
            self._refuse(f"'{generator.__name__}' yields no label", found, "Call it without yield from: it is part of the step.")
        self.made.called.append(generator)
        inherited = mark_of(generator) is not None  # the process of a base class, whose labels are this process's own
        generator = unmarked(generator)
        name = "" if inherited else self._name_of(generator)
        prefix = name or f"super{len(stack)}"
        node = ast.FunctionDef(prefix, copied(tree.node.args), [copied(one) for one in tree.node.body], [], None)
        ast.copy_location(node, tree.node)
        _mangle(node, generator)
        given = self._renamed(node, generator, prefix, self._arguments(call, generator, first))
        body = self.code(node.body, span, (*stack, generator), f"{name}." if name else "")
        return called(name or generator.__name__, _leaving([*given, *body], target, found), found)

    def _generator(self, call: ast.Call) -> tuple[Any, ast.expr | None]:
        """Return the generator function that is called, and the state that it is called on."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=self.made.me), attr=name):
                found: Any = class_member(self.spec, name)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr=name) if CLASS in self.made.cells:
                found = class_member(self.spec, name, after=self.made.cells[CLASS].cell_contents)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[ast.Name(id=owner), _]), attr=name) if owner in self.made.sources:
                found = class_member(self.spec, name, after=self.made.cells[owner].cell_contents)  # in a generator that is put in place
            case _:
                try:
                    found = self.made.value(call.func)
                except Exception:
                    found = MISSING
                if isinstance(found, types.FunctionType) and mark_of(found) is None:
                    return found, None
                self._refuse(f"`yield from {ast.unparse(call)}`: what is called is not known", call, "Call a method of the spec: yield from self.acquire(i).")
        if isinstance(found, staticmethod):
            return found.__func__, None
        if isinstance(found, types.FunctionType) and mark_of(found) is not None and not self._is_inherited(call, found):
            self._refuse(f"'{name}' is a rule of its own, not a part of a process", call, "Call a method without a decorator.")
        if not isinstance(found, types.FunctionType):
            self._refuse(f"{self.spec.__name__} has no method '{name}'", call, "Call a generator method of the spec.")
        return found, read(self.made.me)

    def _is_inherited(self, call: ast.Call, found: Any) -> bool:
        """Return whether a call is that of the process which this one overrides: `yield from super().writer(i)`."""
        mark = mark_of(found)
        of_super = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
        return of_super and mark is not None and mark.role == "process" and found.__name__ == self.made.function.__name__

    def _name_of(self, generator: Any) -> str:
        """The first call of `acquire` has the labels `acquire.try` ..., the second one `acquire2.try` ..."""
        name: str = generator.__name__
        while True:
            self.calls[name] = self.calls.get(name, 0) + 1
            found = name if self.calls[name] == 1 else f"{name}{self.calls[name]}"
            if found == name or class_member(self.spec, found) is MISSING:
                return found

    def _arguments(self, call: ast.Call, generator: Any, first: ast.expr | None) -> dict[str, ast.expr]:
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            self._refuse(f"`{ast.unparse(call)}` does not say which arguments it gives", call, "Write them one by one.")
        signature = inspect.signature(generator)
        given = [*([first] if first is not None else []), *call.args]
        try:
            bound = signature.bind(*given, **{k.arg or "": k.value for k in call.keywords})
        except TypeError as trouble:
            self._refuse(f"`{ast.unparse(call)}`: {trouble}", call, "Give it its parameters.")
        found = {}
        for name, parameter in signature.parameters.items():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                self._refuse(f"'{generator.__name__}' takes any number of arguments", call, "Name its parameters.")
            value = bound.arguments.get(name)
            found[name] = value if value is not None else ast.copy_location(read(self.made.constant(parameter.default, _parsed(parameter.default))), call)
        return found

    def _renamed(self, node: ast.FunctionDef, generator: Any, name: str, arguments: dict[str, ast.expr]) -> Code:
        """Rename the locals of a generator that is put in place; return the assignments that give its parameters their values."""
        names = names_of(node)
        inner = {binding.name for binding in (*names.of.values(), *names.writes) if binding.scope is not node}
        moving = any(isinstance(part, ast.NamedExpr) for value in arguments.values() for part in ast.walk(value))
        annotations = {one.arg: one.annotation for one in parameters_of(node) if one.annotation is not None}
        renaming: dict[str, str] = {}
        given: Code = []
        for parameter, value in arguments.items():
            is_state = isinstance(value, ast.Name) and value.id == self.made.me
            plain = isinstance(value, ast.Name) and value.id not in inner and Binding(node, parameter) not in names.writes and not moving
            if isinstance(value, ast.Name) and (is_state or plain):
                renaming[parameter] = value.id
            else:
                renaming[parameter] = f"{name}.{parameter}"
                given.append(_parameter(f"{name}.{parameter}", annotations.get(parameter), copied(value)))
        for tree, binding in names.of.items():
            if binding.scope is node:
                _rename(tree, renaming.get(binding.name, f"{name}.{binding.name}"))
        _rename_declared(node, renaming, name)
        self._closure(node, generator, name, set(names.of))
        return given

    def _closure(self, node: ast.FunctionDef, generator: Any, name: str, local: set[ast.AST]) -> None:
        """Give the free names of a generator that is put in place what they mean there."""
        cells = cells_of(generator)
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "super" and not part.args and CLASS in cells:
                owner = self.made.constant(cells[CLASS].cell_contents, read(cells[CLASS].cell_contents.__name__))
                part.args = [ast.copy_location(read(owner), part), ast.copy_location(read(self.made.me), part)]
        taken = self.made.names
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part not in local and part.id in taken and part.id not in cells:
                value = generator.__globals__.get(part.id, getattr(builtins, part.id, MISSING))
                if value is not MISSING:  # what is global there would be a local here
                    part.id = self.made.constant(value, read(part.id))
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part not in local and part.id in cells and part.id != CLASS:
                known = self.made.cells.setdefault(part.id, cells[part.id])
                if known is not cells[part.id]:
                    self.made.cells[f"{name}.{part.id}"] = cells[part.id]
                    part.id = f"{name}.{part.id}"

    def _refuse(self, message: str, place: ast.AST, remedy: str | None = None) -> NoReturn:
        raise BadYield(message, span=self.made.span_of(place), remedy=remedy)


def _mangle(node: ast.FunctionDef, function: Any) -> None:
    """Give private names the form that they have outside of the class, where steps are compiled."""
    owner = function.__qualname__.rpartition(".")[0].rpartition(".")[2].lstrip("_")
    if not owner or owner == "<locals>":
        return
    for part in ast.walk(node):
        match part:
            case ast.Attribute(attr=name) if is_mangled(name):
                part.attr = f"_{owner}{name}"
            case ast.Name(id=name) if is_mangled(name):
                part.id = f"_{owner}{name}"


def _why_not(around: ast.AST, found: ast.AST) -> tuple[str, ast.AST, str]:
    match around, found:
        case _, ast.Await():
            return "a process awaits nothing: it is no coroutine", found, "Write require(...) for what it waits for."
        case ((ast.With() | ast.AsyncWith()), _):
            return "a step cannot end inside of `with`", found, "End the block before the label."
        case ast.Try(), _:
            return "a step cannot end inside of `try`", found, "End the block before the label."
        case _, ast.YieldFrom():
            return "a generator cannot be called in the middle of an expression", found, "Write x = yield from self.acquire(i), and use x."
        case ((ast.Assign() | ast.AnnAssign() | ast.AugAssign()), _):
            return "a label gives no value: nobody sends one", found, 'Write yield "label" as a statement of its own.'
    return "a step cannot end in the middle of an expression", found, 'Write yield "label" as a statement of its own.'


def _parsed(value: Any) -> ast.expr:
    return ast.parse(expression(value), mode="eval").body


def _parameter(name: str, annotation: ast.expr | None, value: ast.expr) -> ast.stmt:
    """Return the assignment of an argument to the parameter of a generator that is put in place."""
    target = ast.Name(name, ast.Store())
    made = ast.Assign([target], value) if annotation is None else ast.AnnAssign(target, copied(annotation), value, 1)
    return ast.fix_missing_locations(ast.copy_location(made, value))


def _rename_declared(node: ast.FunctionDef, renaming: Mapping[str, str], prefix: str) -> None:
    """Rename the locals that are no expressions: of `def`, `class`, `except ... as` and imports."""
    for part in (part for statement in node.body for part in (*walk(statement), *ast.iter_child_nodes(statement))):
        match part:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str() as name) if "." not in name:
                part.name = renaming.get(name, f"{prefix}.{name}")
            case ast.alias(name=name) if part.asname is None or "." not in part.asname:
                part.asname = f"{prefix}.{part.asname or name}"


def _rename(tree: ast.AST, name: str) -> None:
    match tree:
        case ast.Name():
            tree.id = name
        case ast.MatchAs() | ast.MatchStar():
            tree.name = name
        case ast.MatchMapping():
            tree.rest = name


def _leaving(code: Code, target: ast.expr | None, place: ast.AST) -> Code:
    """Return the body of a generator with `Leave` for its `return`, and what it returns assigned."""
    made = _returns(code, target)
    if target is not None and not _always_returns(code):
        made.append(_assigned(target, ast.Constant(None), place))
    return made


def _returns(code: Code, target: ast.expr | None) -> Code:
    made: Code = []
    for statement in code:
        if isinstance(statement, ast.Return):
            if target is not None:
                made.append(_assigned(target, statement.value or ast.Constant(None), statement))
            elif statement.value is not None and not isinstance(statement.value, ast.Constant):
                made.append(ast.copy_location(ast.Expr(statement.value), statement))
            made.append(leave(statement))
            continue
        _in_blocks(statement, target)
        made.append(statement)
    return made


def _in_blocks(statement: ast.stmt, target: ast.expr | None) -> None:
    match statement:
        case ast.If() | ast.While() | ast.For():
            statement.body, statement.orelse = _returns(statement.body, target), _returns(statement.orelse, target)
        case ast.Match():
            for case in statement.cases:
                case.body = _returns(case.body, target)
        case ast.With():
            statement.body = _returns(statement.body, target)
        case ast.Try():
            statement.body, statement.orelse = _returns(statement.body, target), _returns(statement.orelse, target)
            statement.finalbody = _returns(statement.finalbody, target)
            for handler in statement.handlers:
                handler.body = _returns(handler.body, target)


def _always_returns(code: Code) -> bool:
    return bool(code) and isinstance(code[-1], ast.Return)


def _assigned(target: ast.expr, value: ast.expr, place: ast.AST) -> ast.stmt:
    made = ast.Assign([copied(target)], value)
    ast.copy_location(made, place)
    return ast.fix_missing_locations(made)
