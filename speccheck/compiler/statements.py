"""Statements: from the statements of a function to those of the Program."""

import ast
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from speccheck.compiler.attributes import attribute
from speccheck.compiler.builtin_calls import length_of
from speccheck.compiler.changes import change, delete_item, set_attribute, set_item
from speccheck.compiler.coercions import domain_of_operand, is_bool, true, truth, value_of
from speccheck.compiler.comparisons import equal
from speccheck.compiler.comprehensions import evaluated
from speccheck.compiler.effects import acts
from speccheck.compiler.expressions import condition, operand, several
from speccheck.compiler.items import item
from speccheck.compiler.loops import write_for, write_while
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.operators import binary
from speccheck.compiler.patterns import matched, narrowed
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer, is_simple
from speccheck.compiler.writes import refuse_replaced
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.model.syntax.names import captures
from speccheck.program.expressions import And, Constant, Expression, Generator, Local, RangeSource
from speccheck.program.statements import AnyStatement, Assign, Break, Continue, Fail, If, Loop, Return
from speccheck.program.types import BOOL, identity
from speccheck.source import Span


def write_body(w: Writer, tree: ast.FunctionDef | ast.Lambda) -> None:
    """Write the body of a function."""
    if isinstance(tree, ast.Lambda):
        found = operand(w, tree.body)
        if w.predicate:
            w.emit(Return(_bool(w, found, w.span(tree.body)), span=w.span(tree.body)))
        else:
            w.return_(found, w.span(tree.body))
        return
    write_block(w, tree.body)
    if not ended(w.body):
        w.returns_nothing = True
        if w.result is not None:
            w.return_(Known(None), w.span(tree))


def write_block(w: Writer, statements: list[ast.stmt]) -> None:
    """Write statements one after the other; those behind one that does not end are left away."""
    for statement in statements:
        assert w.block is not None
        if ended(w.block):
            return
        with w.at(statement):
            write(w, statement)


def ended(block: list[AnyStatement]) -> bool:
    """Return whether control does not come to the end of a block."""
    if not block:
        return False
    match block[-1]:
        case Return() | Break() | Continue() | Fail():
            return True
        case If(then=then, otherwise=otherwise):
            return ended(list(then)) and ended(list(otherwise))
        case Loop(body=body):
            return not _breaks(body)
    return False


def _breaks(body: tuple[AnyStatement, ...]) -> bool:
    for one in body:
        match one:
            case Break():
                return True
            case If(then=then, otherwise=otherwise) if _breaks(then) or _breaks(otherwise):
                return True
    return False


def write(w: Writer, statement: ast.stmt) -> None:
    """Write one statement."""
    span = w.span(statement)
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return
        case ast.Expr(value=value):
            _for_effect(w, value, span)
        case ast.Assign(targets=targets, value=value):
            _assign(w, targets, value, span)
        case ast.AnnAssign(target=target, value=value):
            if value is not None:
                _assign(w, [target], value, span)
        case ast.AugAssign():
            _augmented(w, statement, span)
        case ast.If():
            _if(w, statement, span)
        case ast.For():
            write_for(w, statement, span)
        case ast.While():
            write_while(w, statement, span)
        case ast.Break():
            if (broken := w.breaks[-1]) is not None:
                w.emit(Assign(broken, true(True, span), span=span))
            w.emit(Break(span=span))
        case ast.Continue():
            w.emit(Continue(span=span))
        case ast.Return(value=value):
            _return(w, value, span)
        case ast.Assert(test=test):
            _assert(w, test, span)
        case ast.Delete(targets=targets):
            for one in targets:
                _delete(w, one, span)
        case ast.Match():
            _match(w, statement, span)
        case ast.Raise():
            _raise(w, statement, span)
        case ast.Global() | ast.Nonlocal():
            raise NotCompiled(f"'{type(statement).__name__.lower()}'", span)
        case _:
            raise NotCompiled(f"this kind of statement ({type(statement).__name__})", span)


def _for_effect(w: Writer, value: ast.expr, span: Span) -> None:
    found = evaluated(w, operand(w, value), span)
    if isinstance(found, Part) and found.place.steps:
        w.held(found, span, "ignored")
    if isinstance(found, Value) and not is_simple(found.expression):  # it may fail
        local = w.fresh("ignored", found.domain)
        w.emit(Assign(local, found.expression, span=span))


def _assign(w: Writer, targets: list[ast.expr], value: ast.expr, span: Span) -> None:
    found = evaluated(w, operand(w, value), span)
    if isinstance(found, Row) and (len(targets) > 1 or isinstance(targets[0], ast.Tuple | ast.List)):
        found = w.apart(found, span)
    elif len(targets) > 1:
        found = w.held(found, span) if not isinstance(found, Known) else found
        if isinstance(found, Known) and isinstance(found.value, list | set | dict):
            raise NotCompiled("one mutable value for several targets", span)
    for target in targets:
        assign_to(w, target, found, span)


def assign_to(w: Writer, target: ast.expr, found: Operand, span: Span) -> None:
    """Give a target a value."""
    match target:
        case ast.Name(id=name):
            w.assign(name, found, span)
        case ast.Attribute(value=inner, attr=attr):
            if acts(w, inner):
                found = w.held(found, span)
            set_attribute(w, operand(w, inner), attr, found, span)
        case ast.Subscript(value=inner, slice=index):
            if isinstance(index, ast.Slice):
                raise NotCompiled("an assignment to a slice", span)
            if acts(w, inner) or acts(w, index):
                found = w.held(found, span)
            of, key = several(w, [inner, index])
            set_item(w, of, key, found, span)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            _unpack(w, parts, found, span)
        case _:
            raise NotCompiled("this target", span)


def _unpack(w: Writer, parts: list[ast.expr], found: Operand, span: Span) -> None:
    if any(isinstance(one, ast.Starred) for one in parts):
        raise NotCompiled("a starred target", span)
    if isinstance(found, Known):
        found = Row(tuple(map(Known, found.value)))
    if isinstance(found, Row):
        items = found.items
    else:
        whole = w.held(found, span)
        length = length_of(w, [whole], {}, span)
        test = equal(length, Known(len(parts)), span)
        if not (isinstance(test, Constant) and test.value):
            w.emit(If(test, (), (Fail("error", span=span),), span=span))
        items = tuple(item(w, whole, Known(i), span) for i in range(len(parts)))
        if len(parts) > 1:
            items = tuple(w.held(one, span) for one in items)
    if len(items) != len(parts):
        raise NotCompiled(f"{len(items)} values for {len(parts)} targets", span)
    for part, one in zip(parts, items):
        assign_to(w, part, one, span)


def _augmented(w: Writer, statement: ast.AugAssign, span: Span) -> None:
    target, name = statement.target, type(statement.op).__name__
    of: Operand | None
    key: Operand | None
    if isinstance(target, ast.Subscript):
        of, key = several(w, [target.value, target.slice])
        of = w.held(of, span, "of") if acts(w, statement.value) else of
        key = w.held(key, span, "key")
        before = item(w, of, key, span)
    else:
        of, key = operand(w, target.value) if isinstance(target, ast.Attribute) else None, None
        if of is not None and isinstance(target, ast.Attribute):
            before = attribute(w, of, target.attr, span)
        else:
            before = operand(w, _loaded(target))
    in_place, replaced = isinstance(before, Part) and before.domain.mutable, len(w.replaced)
    if not in_place and acts(w, statement.value):
        before = w.held(before, span)
    value = operand(w, statement.value)
    for part in (of, before):
        if part is not None:
            refuse_replaced(w, part, replaced, span)
    if in_place:
        assert isinstance(before, Part)
        _changed_in_place(w, before, name, value, span)
        return
    after = binary(w, name, before, value, span)
    match target:
        case ast.Name(id=one):
            w.assign(one, after, span)
        case ast.Attribute(attr=attr):
            assert of is not None
            set_attribute(w, of, attr, after, span)
        case ast.Subscript():
            assert of is not None and key is not None
            set_item(w, of, key, after, span)


def _loaded(target: ast.expr) -> ast.expr:
    """Return the target as an expression that reads it."""
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
    return target


def _changed_in_place(w: Writer, part: Part, name: str, value: Operand, span: Span) -> None:
    match part.domain:
        case Sets() if name in ("BitOr", "BitAnd", "Sub", "BitXor"):
            method = {"BitOr": "update", "BitAnd": "intersection_update", "Sub": "difference_update", "BitXor": "symmetric_difference_update"}[name]
            change(w, part, method, [value], {}, span)
        case Lists() if name == "Add":
            change(w, part, "extend", [value], {}, span)
        case Maps() if name == "BitOr":
            change(w, part, "update", [value], {}, span)
        case Bags():
            raise NotCompiled("an augmented assignment of a Bag", span)
        case _:
            raise NotCompiled(f"this augmented assignment of {part.domain.describe()}", span)


def _delete(w: Writer, target: ast.expr, span: Span) -> None:
    match target:
        case ast.Subscript(value=inner, slice=index) if not isinstance(index, ast.Slice):
            of, key = several(w, [inner, index])
            delete_item(w, of, key, span)
        case _:
            raise NotCompiled("this 'del'", span)


def _if(w: Writer, statement: ast.If, span: Span) -> None:
    test = condition(w, statement.test)
    if isinstance(test, Constant):
        write_block(w, statement.body if test.value else statement.orelse)
        return
    w.emit(If(test, _block(w, statement.body), _block(w, statement.orelse), span=w.span(statement.test)))


def _block(w: Writer, statements: list[ast.stmt]) -> tuple[AnyStatement, ...]:
    block: list[AnyStatement] = []
    with w.into(block), w.naming({}):
        write_block(w, statements)
    return tuple(block)


def with_held_bounds(w: Writer, going: Through, span: Span) -> Through:
    """A range is what it was when the loop began."""
    match going.generators:
        case (Generator(source=RangeSource(start, stop, step)) as generator,):
            start, stop = (value_of(w.held(Value(one), span, "bound"), span) for one in (start, stop))
            return replace(going, generators=(replace(generator, source=RangeSource(start, stop, step)),))
    return going


def _return(w: Writer, value: ast.expr | None, span: Span) -> None:
    found: Operand = Known(None) if value is None else operand(w, value)
    if w.is_rule and w.mode == "acts":
        w.emit(Return(None, span=span))
        return
    if w.predicate:
        w.emit(Return(_bool(w, found, span), span=span))
        return
    if w.returns is not None:
        if identity(domain_of_operand(found, span)) != identity(w.returns):
            raise NotCompiled(f"a mapping that returns {domain_of_operand(found, span).describe()}", span)
        w.emit(Return(value_of(found, span), span=span))
        return
    if value is None and w.result is None:
        w.returns_nothing = True
        w.emit(Return(None, span=span))
        return
    w.return_(found, span)


def _bool(w: Writer, found: Operand, span: Span) -> Expression:
    """The answer of a predicate: CPython takes nothing but True and False."""
    if isinstance(found, Known) and isinstance(found.value, bool):
        return true(found.value, span)
    if not is_bool(domain_of_operand(found, span)):
        raise NotCompiled("a predicate that returns something else than a bool", span)
    return truth(found, span)


def _assert(w: Writer, test: ast.expr, span: Span) -> None:
    found = condition(w, test)
    w.emit(If(found, (), (Fail("assert", span=span),), span=span))


def _raise(w: Writer, statement: ast.Raise, span: Span) -> None:
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    cls = operand(w, raised) if raised is not None else None
    if not (isinstance(cls, Known) and isinstance(cls.value, type) and issubclass(cls.value, Exception)):
        raise NotCompiled("this 'raise'", span)
    w.emit(Fail("assert" if issubclass(cls.value, AssertionError) else "error", span=span))


def _match(w: Writer, statement: ast.Match, span: Span) -> None:
    subject = w.held(operand(w, statement.subject), w.span(statement.subject), "subject")
    name = statement.subject.id if isinstance(statement.subject, ast.Name) else None
    _cases(w, statement.cases, subject, name)


def _as_matched(w: Writer, case: ast.match_case, subject: Operand, name: str | None) -> dict[str, Operand]:
    """Return what the name of the subject denotes in a case that matches a class: an instance of it, which saves asking again."""
    if name is None or not isinstance(case.pattern, ast.MatchClass):
        return {}
    if any(isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load) for one in case.body for part in ast.walk(one)):
        return {}
    cls = operand(w, case.pattern.cls)
    assert isinstance(cls, Known)
    return {name: narrowed(subject, cls.value, w.span(case.pattern))}


def _used_elsewhere(w: Writer, case: ast.match_case, names: Iterable[str]) -> bool:
    """Return whether a name that a case captures is read where no case captures it anew: then it matters that it has its value although the guard is false."""
    for name in names:
        capturing = [one for one in ast.walk(w.tree.node) if isinstance(one, ast.match_case) and name in {captured for _, captured in captures(one.pattern)}]
        capturing = [one for one in capturing if one is case or all(part is not case for part in ast.walk(one))]  # behind a case inside of one it is read, too
        known = {id(part) for one in capturing for part in ast.walk(one)}
        if any(isinstance(part, ast.Name) and part.id == name and id(part) not in known for part in ast.walk(w.tree.node)):
            return True
    return False


def _cases(w: Writer, cases: list[ast.match_case], subject: Operand, name: str | None) -> None:
    """Write cases as one If inside the other. A guard is a part of the test; where that cannot be, a flag says whether the case was taken, unless it leaves."""
    if not cases:
        return
    case, *rest = cases
    span = w.span(case.pattern)
    with w.at(case.pattern):
        test, names = matched(w, case.pattern, subject)
    if isinstance(test, Constant) and not test.value:
        _cases(w, rest, subject, name)
        return
    asked = case.guard
    if asked is not None and rest and not acts(w, asked) and not _used_elsewhere(w, case, names):
        with suppress(NotCompiled), w.into(None), w.naming(_as_matched(w, case, subject, name) | names):
            also = condition(w, asked)
            asked, test = None, also if isinstance(test, Constant) else And(BOOL, span, (test, also))
    then: list[AnyStatement] = []
    taken: Local | None = None
    with w.into(then), w.naming(_as_matched(w, case, subject, name)):
        for captured, one in names.items():
            w.assign(captured, one, span)
        guard = None if asked is None else condition(w, asked)
        body = then if guard is None else list[AnyStatement]()
        with w.into(body), w.naming({}):
            write_block(w, case.body)
        if guard is not None:
            if rest and not ended(body):
                taken = w.fresh("taken", BOOL)
                body.insert(0, Assign(taken, true(True, span), span=span))
            w.emit(If(guard, tuple(body), (), span=span))
    if taken is not None:
        w.emit(Assign(taken, true(False, span), span=span))
    otherwise: list[AnyStatement] = []
    with w.into(otherwise), w.naming({}):
        _cases(w, rest, subject, name)
    assert w.block is not None
    certain = isinstance(test, Constant) and bool(test.value)  # the test may have become a guard that is false
    if guard is None:
        w.block.extend(then if certain else [If(test, tuple(then), tuple(otherwise), span=span)])
        return
    w.block.extend(then if certain else [If(test, tuple(then), (), span=span)])
    w.block.extend(otherwise if taken is None else [If(truth(w.operand(taken, span), span), (), tuple(otherwise), span=span)])
