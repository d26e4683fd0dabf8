"""Rules that are written like something else: `yield` outside a process, a value returned from an action; and two members of one name.

In: a function as a rule uses it, or the subject. Out: BadSignature and DuplicateName. Parameters are checked where rules are collected.
"""

import ast
import inspect
from collections.abc import Iterator

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Fields, Record, Records
from speccheck.domains.unions import Union
from speccheck.dsl.formulas import Fairness, Formula
from speccheck.dsl.spec import Spec
from speccheck.errors import BadSignature, DuplicateName, SpeccheckError
from speccheck.model.checks.subject import Subject, Use
from speccheck.model.syntax.functions import unmarked
from speccheck.model.syntax.kinds import Method, Object, alternatives
from speccheck.model.syntax.names import own_parts
from speccheck.model.syntax.trees import class_tree, source_file
from speccheck.source import Span, span_of


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return what shows that a rule is meant to be something else."""
    yield from _thrown_away(use)
    rule, function = use.rule, use.body.tree.node
    if not use.own or rule.role == "process" or not isinstance(function, ast.FunctionDef):
        return
    for part in own_parts(function):
        if isinstance(part, ast.Yield | ast.YieldFrom):
            remedy = 'Make it a @process: there `yield "label"` ends a step.' if rule.role == "action" else "Return the answer."
            yield use.error(BadSignature, f"'{rule.name}' yields, but is no process", part, remedy)
            return
    if rule.role in ("action", "init"):
        answers = [part for part in own_parts(function) if isinstance(part, ast.Return) and part.value is not None]
        if answers and all(isinstance(part.value, ast.Constant) and part.value.value is False for part in answers):
            message = f"the {rule.role} '{rule.name}' returns False, but its step counts whatever it returns"
            yield use.error(BadSignature, message, answers[0], "Write disable() or require(condition) where no step is possible.")


def _thrown_away(use: Use) -> Iterator[SpeccheckError]:
    """Return the calls of generators whose steps nobody runs."""
    for part in use.body.expressions():
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            for kind in alternatives(use.body.kind(part.value.func)):
                function = kind.function if isinstance(kind, Method) else kind.value if isinstance(kind, Object) else None
                if inspect.isgeneratorfunction(unmarked(function)):
                    call = ast.unparse(part.value)
                    remedy = f"Write yield from {call} in a process; an action has no labels." if use.rule.role == "action" else "Call something that returns."
                    yield use.error(BadSignature, f"`{call}` runs nothing: it makes a generator, and throws it away", part.value, remedy)


def duplicates(subject: Subject) -> Iterator[SpeccheckError]:
    """Return the members of one name in one class body, and the rules that are coroutines."""
    for rule in subject.rules:
        if inspect.iscoroutinefunction(rule.function) or inspect.isasyncgenfunction(rule.function):
            yield BadSignature(f"'{rule.name}' is async, but a rule is one atomic step", span=rule.span, remedy="Write def instead of async def.")
    for cls in (*subject.spec.__mro__, *_records(subject)):
        if issubclass(cls, Fields) and cls not in (Spec, Record, Fields):
            yield from _in_class(cls)


def _in_class(cls: type) -> Iterator[SpeccheckError]:
    tree, file = class_tree(cls), source_file(cls)
    first: dict[str, tuple[ast.stmt, str]] = {}
    for statement in tree.body if tree is not None and file is not None else ():
        for name, what in _declared(statement, cls):
            before = first.setdefault(name, (statement, what))
            if before[0] is not statement and not _gives_default(before, what):
                message = f"'{name}' of {cls.__name__} is declared twice: {before[1]} in line {before[0].lineno} and {what} in line {statement.lineno}"
                yield DuplicateName(message, span=_head(file or "", statement))


def _declared(statement: ast.stmt, cls: type) -> Iterator[tuple[str, str]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if not any(_overloads(decorator) for decorator in statement.decorator_list):
                yield statement.name, "a method"
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name, "a variable"
        case ast.Assign(targets=targets):
            for target in targets:
                again = any(isinstance(part, ast.Name) and isinstance(target, ast.Name) and part.id == target.id for part in ast.walk(statement.value))
                if isinstance(target, ast.Name) and not again:  # `a = action(a)` is another way to decorate
                    found = inspect.getattr_static(cls, target.id, None)
                    yield target.id, "a property" if isinstance(found, Formula | Fairness) else "a value"


def _overloads(decorator: ast.expr) -> bool:
    """Return whether a decorator is one of those that give several functions one name on purpose."""
    match decorator:
        case ast.Name(id="overload") | ast.Attribute(attr="overload" | "setter" | "getter" | "deleter" | "register"):
            return True
        case ast.Call(func=function):
            return _overloads(function)
    return False


def _gives_default(before: tuple[ast.stmt, str], what: str) -> bool:
    """Return whether the second statement is a default for the variable that the first one declares, or a value computed in several steps."""
    if what != "a value":
        return before[1] == "a value" and what == "a variable"
    return before[1] == "a value" or (isinstance(before[0], ast.AnnAssign) and before[0].value is None)


def _head(file: str, statement: ast.stmt) -> Span:
    whole = span_of(file, statement)
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return whole
    start = whole.column + (len("async def ") if isinstance(statement, ast.AsyncFunctionDef) else len("def "))
    return Span(file, whole.line, start, whole.line, start + len(statement.name))


def _records(subject: Subject) -> list[type]:
    """Return the record classes inside the variables of a spec."""
    found: dict[type, None] = {}
    pending: list[Domain] = list(subject.domains.values())
    while pending:
        match pending.pop():
            case Records() as domain if domain.cls not in found:
                found[domain.cls] = None
                pending.extend(domain.fields.values())
            case Lists() | Sets() | Bags() as domain:
                pending.append(domain.element)
            case Maps() as domain:
                pending.append(domain.value_domain)
            case Union() as domain:
                pending.extend(domain.alternatives)
    return list(found)
