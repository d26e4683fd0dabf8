"""Compiling a Model: its rules, written as functions of a Program.

program_of(model)  ->  Program; raises NotCompiled for the first rule with something that is not compiled
"""

import ast
import inspect
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any, Literal

from speccheck.compiler.calls import run
from speccheck.compiler.coercions import after, decided, domain_of_operand, expression_in
from speccheck.compiler.comprehensions import evaluated
from speccheck.compiler.expressions import operand
from speccheck.compiler.joins import fits
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, Row, State, SubsetsOf, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.sharing import refuse_shared, without_copied
from speccheck.compiler.writer import Mode, Writer
from speccheck.compiler.writes import closed, own_variable
from speccheck.compiler.written import Argument, Written, always_returns, returning_true, with_parameters
from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists, Maps
from speccheck.domains.defaults import ABSENT
from speccheck.domains.initial import initial_values
from speccheck.domains.layout import NoLayout, layout_of
from speccheck.domains.records import Records, default_of, domains_of
from speccheck.domains.tuples import Product, Sequences
from speccheck.domains.unions import Union
from speccheck.dsl.formulas import ActionAtom, Atom
from speccheck.model.model import Model, Rule
from speccheck.model.syntax.functions import unmarked
from speccheck.model.syntax.trees import RuleTree, tree_of
from speccheck.program.expressions import Call, Constant, Expression, Load, Local, Place
from speccheck.program.flow import unassigned
from speccheck.program.program import Function, Program, VariableDeclaration
from speccheck.program.statements import AnyStatement, Assign, Store
from speccheck.program.types import BOOL, Ref
from speccheck.source import Span

Phase = Literal["action", "property", "step", "mapping", "formula"]


SMALL = 80  # syntax nodes of a function that is a single expression and is written where it is called


def program_of(model: Model, atoms: Sequence[Atom | ActionAtom] = ()) -> Program:
    """Return the Program of a model's rules, and of the atoms of its formulas. Raises NotCompiled with the construct, its place and a way out."""
    return Compiler(model).program(atoms)


class Compiler:
    """Compiles one model. Functions are written once for all calls with arguments of the same types."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.variables: dict[str, Domain] = {v.name: v.domain for v in model.variables}
        self.functions: dict[str, Function] = {}
        self.acting: dict[Any, bool] = {}  # code -> whether it acts
        self.phase: Phase = "action"
        self.asks_about_actions = False
        self.placed: dict[int, Store] = {}  # by id, the stores that put another value at a place
        self._written: dict[Any, Written] = {}
        self._running: list[Any] = []
        self._free: dict[Any, Mapping[str, Any]] = {}
        self._methods: dict[str, list[Any]] | None = None

    @property
    def so_far(self) -> Program:
        """The variables, and the functions that were written so far: what it takes to ask of an expression whether it may fail."""
        variables = tuple(VariableDeclaration(name, domain) for name, domain in self.variables.items())
        return Program(self.model.name, variables, self.functions, (), {}, {}, {}, (), ())

    def program(self, atoms: Sequence[Atom | ActionAtom]) -> Program:
        """Compile all rules."""
        try:
            layout_of(tuple(self.variables.values()))
        except NoLayout as error:
            raise NotCompiled(str(error)) from None
        model = self.model
        checked = [p for p in model.properties if model.checked(p.name) and p.rule is not None]

        def of_kind(kind: str, phase: Phase) -> dict[str, str]:
            return {p.name: self._predicate(p.rule, phase) for p in checked if p.kind == kind and p.rule is not None}

        made = Program(
            model.name,
            self.so_far.variables,
            self.functions,
            tuple(self._action(rule) for rule in model.actions),
            of_kind("invariant", "property"),
            of_kind("step_invariant", "step"),
            of_kind("reachable", "property"),
            tuple(self._predicate(rule, "action") for rule in model.constraints),
            tuple(self._predicate(rule, "property") for rule in model.terminals),
            tuple(self._atom(number, atom) for number, atom in enumerate(atoms) if isinstance(atom, Atom)),
            {p.name: self._mapping(p.rule, p.refined) for p in checked if p.kind == "refinement" and p.rule is not None and p.refined is not None},
        )
        for function in made.functions.values():
            for span, name in unassigned(function):
                raise NotCompiled(f"'{name}', which may have no value here,", span, "Give it a value before.")
        refuse_shared(made, self.placed)
        return replace(made, functions={name: replace(function, body=without_copied(function.body)) for name, function in made.functions.items()})

    # ---------------------------------------------------------------- rules

    def _action(self, rule: Rule) -> str:
        self.phase = "action"
        return self._rule(rule, "acts")

    def _predicate(self, rule: Rule, phase: Phase) -> str:
        self.phase = phase
        return self._rule(rule, "reads")

    def _mapping(self, rule: Rule, refined: type) -> str:
        """Compile the mapping of a refinement: a function that gives a state of the abstract spec."""
        self.phase = "mapping"
        tree = self._tree(rule.function, rule.span)
        first = tree.node.args.args[0].arg
        w = self._writer(tree, rule.function, "reads", {first: State("self", self.model.spec)}, (), rule.span)
        w.returns = state_domain(refined)
        body = self._body(w, rule.span)
        if not always_returns(body):
            raise NotCompiled(f"'{rule.name}', which may end without a state", rule.span)
        name = self._name(rule.name)
        self.functions[name] = Function(name, (), w.returns, body, False, rule.span, rule.name)
        return name

    def _atom(self, number: int, atom: Atom) -> str:
        """Compile a predicate of a formula: a method of the state, or a closure around it."""
        self.phase = "formula"
        predicate = atom.predicate
        name = getattr(predicate, "__name__", "predicate")
        if any(vars(base).get(name) is predicate for base in self.model.spec.__mro__):  # taken by name from the class that is checked (semantics 4.5)
            predicate = getattr(self.model.spec, name)
        function = unmarked(getattr(predicate, "__func__", predicate))
        tree = self._tree(function, Span(self.model.file, self.model.line))
        given: dict[str, Operand] = {}
        for parameter in inspect.signature(function).parameters.values():
            given[parameter.name] = State("self", self.model.spec) if parameter.default is parameter.empty else Known(parameter.default)
        w = Writer(self, tree, "reads", given, self.free(function).get("__class__"))
        return self._answering(w, f"atom.{number}", (), tree.span, name)

    def _answering(self, w: Writer, wanted: str, parameters: tuple[Local, ...], span: Span, title: str) -> str:
        """Write a rule, or a predicate of a formula; return the name of its function."""
        w.is_rule, w.predicate = True, w.mode == "reads"
        body = self._body(w, span)
        if w.predicate and not always_returns(body):
            raise NotCompiled(f"'{title}', which may end without an answer", span)
        name = self._name(wanted)
        self.functions[name] = Function(name, parameters, BOOL if w.predicate else None, body, w.mode == "acts", span, title)
        return name

    def _rule(self, rule: Rule, mode: Mode) -> str:
        tree = self._tree(rule.function, rule.span)
        names = [argument.arg for argument in (*tree.node.args.posonlyargs, *tree.node.args.args)]
        given: dict[str, Operand] = {names[0]: State("self", self.model.spec)}
        rest = names[1:]
        if self.phase == "step":
            given[rest.pop(0)] = State("after", self.model.spec)
        parameters = tuple(Local(name, parameter.domain) for name, parameter in zip(rest, rule.parameters, strict=True))
        w = self._writer(tree, rule.function, mode, given, parameters, rule.span)
        return self._answering(w, rule.name, parameters, rule.span, rule.name)

    def _writer(self, tree: RuleTree, function: Any, mode: Mode, given: Mapping[str, Operand], parameters: Iterable[Local], span: Span) -> Writer:
        operands = dict(given)
        for local in parameters:
            place = Place(local, (), local.domain)
            if isinstance(local.type, Ref) or local.domain.mutable:
                operands[local.name] = Part(place)
            else:
                operands[local.name] = Value(Load(local.domain, span, place))
        return Writer(self, tree, mode, operands, self.free(function).get("__class__"))

    def _body(self, w: Writer, span: Span) -> tuple[AnyStatement, ...]:
        self._running.append(w.tree.function.__code__)
        try:
            return w.written()
        except NotCompiled as refusal:
            refusal.span = refusal.span if refusal.span is not None and refusal.span.line else span
            raise
        except RecursionError:
            raise NotCompiled("an expression that is nested too deeply", span) from None
        finally:
            self._running.pop()

    def _tree(self, function: Any, span: Span) -> RuleTree:
        found = tree_of(function)
        if found is None:
            raise NotCompiled(f"'{getattr(function, '__name__', function)}', whose source cannot be found", span)
        node = found.node.args
        if node.vararg or node.kwarg:
            raise NotCompiled("a function that takes any arguments", found.span)
        if isinstance(found.node, ast.FunctionDef):
            for part in ast.walk(found.node):
                if isinstance(part, ast.Yield | ast.YieldFrom | ast.Await | ast.AsyncFunctionDef | ast.ClassDef | ast.NamedExpr):
                    raise NotCompiled(f"this construct ({type(part).__name__})", Span(found.file, getattr(part, "lineno", 0)))
                if isinstance(part, ast.FunctionDef) and part is not found.node:
                    raise NotCompiled("a function inside a rule", Span(found.file, part.lineno), "Move it to the class or the module.")
        return found

    def _name(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.functions or any(one.name == name for one in self._written.values()):
            count += 1
            name = f"{wanted}.{count}"
        return name

    # ---------------------------------------------------------------- what names denote

    def free(self, function: Any) -> Mapping[str, Any]:
        """Return what the free names of a function denote: cells of its closure, then globals."""
        function = inspect.unwrap(getattr(function, "__func__", function)) if function is not None else None
        code = getattr(function, "__code__", None)
        if code is None:
            return {}
        key = id(function)
        found = self._free.get(key)
        if found is None:
            cells: dict[str, Any] = {}
            for name, cell in zip(code.co_freevars, function.__closure__ or ()):
                try:
                    cells[name] = cell.cell_contents
                except ValueError:  # not filled yet
                    continue
            found = self._free[key] = ChainMap(cells, function.__globals__)
        return found

    def methods_called(self, name: str) -> list[Any]:
        """Return the functions that a call `something.name(...)` may mean: methods of the spec, of its records and of its messages, on whatever."""
        if self._methods is None:
            self._methods = {}
            for cls in self._classes():
                for base in cls.__mro__:
                    for attribute, member in vars(base).items():
                        function = member.fget if isinstance(member, property) else member
                        if callable(function) and not isinstance(function, type):
                            self._methods.setdefault(attribute, []).append(function)
        return self._methods.get(name, [])

    def _classes(self) -> list[Any]:
        found: list[Any] = [self.model.spec]
        domains = [*self.variables.values(), *(p.domain for rule in self.model.rules.values() for p in rule.parameters)]
        while domains:
            match domains.pop():
                case Records() as domain:
                    if domain.cls not in found:
                        found.append(domain.cls)
                        domains += domain.fields.values()
                case Product() as domain:
                    if domain.cls not in found:
                        found.append(domain.cls)
                    domains += domain.domains
                case Maps() as domain:
                    domains += [domain.key_domain, domain.value_domain]
                case Lists() | Sequences() as domain:
                    domains.append(domain.element)
                case Union() as domain:
                    domains += domain.alternatives
                case domain if hasattr(domain, "element"):
                    domains.append(domain.element)
        return found

    # ---------------------------------------------------------------- questions about actions

    def note_action_atom(self) -> None:
        """Note that a predicate asks what is enabled or occurs."""
        self.asks_about_actions = True

    def instances_of(self, action: str, positional: list[Operand], named: Mapping[str, Operand], span: Span) -> tuple[Any, ...]:
        """Return the action instances that `enabled(self.action, ...)` speaks of: numbers of actions, each with the arguments that are given."""
        found = []
        for rule in self.model.actions_of(action):
            names = [p.name for p in rule.parameters]
            if len(positional) > len(names) or not set(named) <= set(names):
                raise NotCompiled(f"'{action}' with other arguments than it takes", span)
            given = dict(zip(names, positional)) | dict(named)
            arguments = []
            for number, parameter in enumerate(rule.parameters):
                if parameter.name in given:
                    one = given[parameter.name]
                    if not isinstance(one, Known) and not fits(domain_of_operand(one, span), parameter.domain):
                        raise NotCompiled(f"an argument of '{action}' that may be outside the domain of '{parameter.name}'", span)
                    if isinstance(one, Known) and not parameter.domain.contains(one.value):
                        raise NotCompiled(f"an argument of '{action}' that is outside the domain of '{parameter.name}'", span)
                    arguments.append((number, expression_in(one, parameter.domain, None, span)))
            found.append((self.model.actions.index(rule), tuple(arguments)))
        if not found:
            raise NotCompiled(f"'{action}', which is no action of the spec", span)
        return tuple(found)

    # ---------------------------------------------------------------- calls

    def called(self, w: Writer, function: Any, arguments: dict[str, Operand], span: Span) -> Operand:
        """Return what a call of a user's function denotes."""
        tree = self._tree(function, span)
        if function.__code__ in self._running:
            raise NotCompiled(f"'{function.__name__}', which calls itself", span, "Write a loop.")
        single = _single_expression(tree)
        if single is not None and (_count(single) <= SMALL or not all(map(_passable, arguments.values()))):
            return self._inlined(w, tree, function, single, arguments, span)
        return self._call(w, tree, function, arguments, span)

    def _inlined(self, w: Writer, tree: RuleTree, function: Any, single: ast.expr, arguments: dict[str, Operand], span: Span) -> Operand:
        uses = {name: sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(single)) for name in arguments}
        lazy = any(isinstance(part, ast.BoolOp | ast.IfExp | ast.comprehension | ast.Call | ast.Compare) for part in ast.walk(single))
        arguments = {name: evaluated(w, one, span) for name, one in arguments.items()}
        early = {name: one for name, one in arguments.items() if (uses[name] != 1 or lazy) and not isinstance(decided(True, span, one), Constant)}
        if w.block is not None:
            arguments = {name: w.held(one, span, name) if uses[name] > 1 or name in early else one for name, one in arguments.items()}
        inner = Writer(self, tree, w.mode, arguments, self.free(function).get("__class__"))
        inner.block, inner._fresh, inner.replaced, inner.closed = w.block, w._fresh, w.replaced, w.closed
        inner.shapes, inner.locals = {}, {}
        self._running.append(function.__code__)
        try:
            found = operand(inner, single)
        finally:
            self._running.pop()
        w.acts |= inner.acts
        w.changes_parameters |= inner.changes_parameters
        if w.block is None and isinstance(found, Value | Known | Row):  # CPython evaluates the arguments first, whatever becomes of them
            for one in reversed(early.values()):
                found = after(found, one, span)
        return found

    def _call(self, w: Writer, tree: RuleTree, function: Any, arguments: dict[str, Operand], span: Span) -> Operand:
        passed = [Argument(w, name, one, span) for name, one in arguments.items()]
        written = self._specialised(tree, function, w.mode, passed, span)
        values: list[Expression] = [one.value for one in passed if one.value is not None]
        for one in passed:
            if one.name in written.changes:
                assert isinstance(one.operand, Part)
                own_variable(w, one.operand.place)
                w.acts = True
        for domain in written.replaces:
            closed(w, domain, span)
        if written.acts:
            return run(w, written.name, written.result, tuple(values), written.ordered, span)
        assert written.result is not None
        called = Call(written.result, span, written.name, tuple(values))
        if written.returns_nothing:
            if w.block is None:
                return after(Known(None), Value(called), span)
            w.emit(Assign(w.fresh("called", BOOL), called, span=span))
            return Known(None)
        if isinstance(written.result, Ref):
            return Part(Place(called, (), written.result.domain))
        return Value(called, written.ordered)

    def _specialised(self, tree: RuleTree, function: Any, mode: Mode, passed: "list[Argument]", span: Span) -> "Written":
        key = (function.__code__, id(function), mode, self.phase, tuple(one.key for one in passed))
        found = self._written.get(key)
        if found is None:
            found = self._write(tree, function, mode, passed, span)
            self._written[key] = found
        return found

    def _write(self, tree: RuleTree, function: Any, mode: Mode, passed: "list[Argument]", span: Span) -> "Written":
        parameters = tuple(one.parameter for one in passed if one.parameter is not None)
        given = {one.name: one.operand for one in passed if one.parameter is None}
        w = self._writer(tree, function, mode, given, parameters, span)
        for one in passed:
            if one.parameter is not None and isinstance(inner := w.given[one.name], Value | Part):
                w.given[one.name] = type(inner)(inner.expression if isinstance(inner, Value) else inner.place, one.ordered)  # type: ignore[arg-type]
        w.given = {name: w.given[name] for name in (one.name for one in passed)}
        w.borrowed = frozenset(one.name for one in passed if one.borrowed)
        body = self._body(w, tree.span)
        result = None if w.result is None else w.result.type
        returns_nothing = result is None
        if returns_nothing and not w.acts:  # it is called for what may fail in it
            result, body = BOOL, returning_true(body, tree.span)
        name = self._name(_title(function))
        by_reference = w.changes_parameters
        parameters = tuple(Local(p.name, p.type, True) if p.name in by_reference else p for p in parameters)
        if by_reference:
            body = with_parameters(body, {p.name: p for p in parameters})
        self.functions[name] = Function(name, parameters, result, body, w.acts, tree.span, _title(function))
        ordered = w.result.ordered if w.result is not None else True
        return Written(name, result, returns_nothing, ordered, w.acts, frozenset(by_reference), tuple(w.replaced))


def state_domain(spec: Any) -> Records:
    """Return the states of a spec as the domain of a record: its variables side by side, as in `StateLayout`."""
    found = vars(spec).get("_part_state_domain")
    if found is None:
        found = Records(spec)
        found.fields = domains_of(spec)
        found.size = prod(domain.size for domain in found.fields.values())
        for name, domain in found.fields.items():
            if (default := default_of(spec, name)) is not ABSENT:
                found.defaults[name] = next(initial_values(spec, name, default, domain))
        type.__setattr__(spec, "_part_state_domain", found)
    return found  # type: ignore[no-any-return]


def _passable(operand: Operand) -> bool:
    match operand:
        case Known() | State() | Value() | Part():
            return True
        case Row(items):
            return all(isinstance(one, Value | Known) for one in items)
        case Through():
            return operand.brackets is not None
        case Method() | Closure() | SubsetsOf():
            return False
    return False


def _title(function: Any) -> str:
    name = getattr(function, "__qualname__", "function")
    return str(name).rpartition("<locals>.")[2].replace("<lambda>", "lambda")


def _single_expression(tree: RuleTree) -> ast.expr | None:
    """Return the expression that a function is, if it is nothing else."""
    if isinstance(tree.node, ast.Lambda):
        return tree.node.body
    body = [one for one in tree.node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    match body:
        case [ast.Return(value=value)]:
            return value
    return None


def _count(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))
