"""Loops: `for`, also over what its body changes, and `while`."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from speccheck.compiler import comprehensions
from speccheck.compiler.coercions import true, truth, value_of
from speccheck.compiler.effects import acts
from speccheck.compiler.expressions import condition, operand
from speccheck.compiler.operands import Operand, Part, Row, State, Through, Value
from speccheck.compiler.operators import binary
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.sharing import copied
from speccheck.compiler.writer import Writer
from speccheck.compiler.writes import CHANGES
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.scalars import Integers
from speccheck.program import expressions as ex
from speccheck.program.expressions import (
    Constant,
    ContainerSource,
    EnumerateSource,
    Generator,
    ItemStep,
    KeyStep,
    Local,
    Not,
    Place,
    ReferenceSource,
    ValuesSource,
    Variable,
)
from speccheck.program.statements import AnyStatement, Assign, Break, For, If, Loop
from speccheck.program.types import BOOL, Ref, identity
from speccheck.source import Span


def write_for(w: Writer, statement: ast.For, span: Span) -> None:
    """Write a `for`."""
    from speccheck.compiler.statements import assign_to, write_block

    iterated = operand(w, statement.iter)
    going = comprehensions.through(w, iterated, span)
    if not going.ordered:
        raise NotCompiled(
            "the order of something without an order", w.span(statement.iter), "Write sorted(...), or go through the domain and ask which are in it."
        )
    if len(going.generators) != 1 or going.generators[0].lets:
        going = comprehensions.single(w, going, span)
    going = _apart_from_changes(w, statement, iterated, going, span)
    generator = going.generators[0]
    block: list[AnyStatement] = []
    closed = dict(w.closed)
    with _leaving(w, statement, span) as broken, w.into(block), w.naming({}):
        assign_to(w, statement.target, going.body, span)
        write_block(w, statement.body)
    _check_closed(w, statement, closed, span)
    body: tuple[AnyStatement, ...] = tuple(block)
    for test in reversed(generator.conditions):
        body = (If(test, body, span=span),)
    w.emit(For(generator.targets, generator.source, body, span=span))
    _otherwise(w, statement, broken, span)


@contextmanager
def _leaving(w: Writer, statement: ast.For | ast.While, span: Span) -> Iterator[Local | None]:
    """Give the variable that says whether the loop was left by `break`, where it has an `else`."""
    broken = None
    if statement.orelse:
        broken = w.fresh("broken", BOOL)
        w.emit(Assign(broken, true(False, span), span=span))
    w.breaks.append(broken)
    try:
        yield broken
    finally:
        w.breaks.pop()


def _otherwise(w: Writer, statement: ast.For | ast.While, broken: Local | None, span: Span) -> None:
    """Write the `else` of a loop."""
    from speccheck.compiler.statements import write_block

    if broken is None:
        return
    block: list[AnyStatement] = []
    with w.into(block), w.naming({}):
        write_block(w, statement.orelse)
    w.emit(If(truth(w.operand(broken, span), span), (), tuple(block), span=span))


def _check_closed(w: Writer, statement: ast.For | ast.While, before: dict[str, Span], span: Span) -> None:
    """A part that the loop replaces may not be used in its next round by a name that it has from before."""
    used = {part.id for inner in statement.body for part in ast.walk(inner) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    given = {part.id for part in ast.walk(statement) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    for version in w.closed:
        name = w.user_name(version)
        if version not in before and name in used and name not in given:
            raise NotCompiled(f"'{name}', which refers to a part that a loop may replace", span)


def _apart_from_changes(w: Writer, statement: ast.For, iterated: Operand, going: Through, span: Span) -> Through:
    """Go through a copy where the body changes what is gone through: of a set CPython makes one, too. Changes of lists and dicts are CPython's."""
    from speccheck.compiler.statements import with_held_bounds

    if not any(_may_change(w, part) for part in statement.body):
        return going
    if isinstance(iterated, Part) and isinstance(iterated.domain, Sets | Bags):
        apart = w.held(Value(copied(iterated, span)), span, "copied")
        assert isinstance(apart, Part)
        return comprehensions.through(w, Part(apart.place, True), span)
    if isinstance(iterated, Value) or (isinstance(iterated, Through) and iterated.brackets is not None):
        apart = w.held(Value(copied(iterated, span)), span, "copied")  # a container that the rule made: the loop goes through it as it was
        return comprehensions.through(w, apart, span)
    going = with_held_bounds(w, going, span)
    roots = _roots(going)
    if not roots:  # a sort, or constants
        return going
    written = _written_roots(w, statement, _whole_variables(iterated, going))
    if written is None or roots & written:
        live = None
        if written is not None and _is_plain(going):
            live = _through_keys(w, statement, going, span) or _through_places(w, statement, going, span)
        if live is not None:
            return live
        raise NotCompiled("a loop over something that its body may change", span, "Go through a copy, such as tuple(...).")
    return going


def _is_plain(going: Through) -> bool:
    """Whether what is gone through is what the source gives, and nothing that is made of that."""
    body = going.body.items if isinstance(going.body, Row) else (going.body,)
    if any(generator.lets or generator.conditions for generator in going.generators):
        return False
    targets = [target for generator in going.generators for target in generator.targets]
    found = [one.expression.place for one in body if isinstance(one, Value) and isinstance(one.expression, ex.Load)]
    return len(found) == len(body) and all(not place.steps for place in found) and [place.root for place in found] == targets


def _through_keys(w: Writer, statement: ast.For, going: Through, span: Span) -> Through | None:
    """Go through the keys of a total map, which are the same whatever the body writes, and look up the value of each when its turn comes, as CPython does; None
    if it is something else, or the map as a whole may be replaced.
    """
    match going.generators:
        case (Generator(source=ContainerSource(ex.Load(place=Place(root=Variable(), steps=()) as place), what, reverse=False)),):
            domain = place.domain
        case _:
            return None
    assert isinstance(place.root, Variable)
    name = list(w.compiler.variables)[place.root.index]
    parts = [part for inner in statement.body for part in ast.walk(inner)]
    replaced = any(isinstance(part, ast.Attribute) and part.attr == name and isinstance(part.ctx, ast.Store) for part in parts)
    if replaced or not isinstance(domain, Maps) or not domain.total:
        return None
    keys = comprehensions.one_target(w, "key", domain.key_domain, ValuesSource(domain.key_domain), span, True, domain.key_domain.size, True)
    if what == "elements":
        return keys
    value = Value(ex.Load(domain.value_domain, span, Place(place.root, (KeyStep(value_of(keys.body, span), True),), domain.value_domain)))
    return replace(keys, body=value if what == "values" else Row((keys.body, value)))


def _through_places(w: Writer, statement: ast.For, going: Through, span: Span) -> Through | None:
    """Go through the places of a list whose length the body does not change, and look up the element of each when its turn comes, as CPython does; None if
    it is something else, or its length may change.
    """
    first: Operand | None = None
    match going.generators:
        case (Generator(source=ContainerSource(ex.Load(place=Place(root=Variable(), steps=()) as place), reverse=False)),):
            pass
        case (Generator(source=EnumerateSource(ContainerSource(ex.Load(place=Place(root=Variable(), steps=()) as place), reverse=False), start)),):
            first = Value(start)
        case _:
            return None
    domain = place.domain
    assert isinstance(place.root, Variable)
    name = list(w.compiler.variables)[place.root.index]
    if not isinstance(domain, Lists) or domain.element.mutable or _changes_length(statement, name):
        return None
    length = ex.Length(Integers(0, domain.capacity), span, ex.Load(domain, span, place))
    numbers = comprehensions.range_of(w, [Value(length)], span)
    if not isinstance(numbers, Through):
        return None
    number = value_of(numbers.body, span)
    element = Value(ex.Load(domain.element, span, Place(place.root, (ItemStep(number, True),), domain.element)))
    return replace(numbers, body=element if first is None else Row((binary(w, "Add", Value(number), first, span), element)))


def _changes_length(statement: ast.For, name: str) -> bool:
    """Whether the body of a loop does anything with a variable but read it and give its items other values."""
    parts = [part for inner in statement.body for part in ast.walk(inner)]
    items = {
        id(part.value) for part in parts if isinstance(part, ast.Subscript) and not isinstance(part.ctx, ast.Del) and not isinstance(part.slice, ast.Slice)
    }
    methods = {id(part.value) for part in parts if isinstance(part, ast.Attribute) and part.attr in CHANGES}
    whole = [part for part in parts if isinstance(part, ast.Attribute) and part.attr == name]
    return any(isinstance(part.ctx, ast.Store | ast.Del) or id(part) in methods for part in whole) or any(
        isinstance(part, ast.Delete) or (isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store) and id(part.value) not in items) for part in parts
    )


def _whole_variables(iterated: Operand, going: Through) -> tuple[Domain, ...]:
    """Return the domains of what is gone through, if it is variables as a whole; nothing if it is, or may be, a part of one."""
    if isinstance(iterated, Part) and isinstance(iterated.place.root, Variable) and not iterated.place.steps:
        return (iterated.domain,)
    places = [g.source.place for g in going.generators if isinstance(g.source, ReferenceSource) and not g.source.place.steps]
    places = [place for place in places if isinstance(place.root, Variable)]  # a reference may be one into something that the body knows by another name
    return tuple(place.domain for place in places) if len(places) == len(going.generators) else ()


def _may_change(w: Writer, part: ast.AST) -> bool:
    return any(
        (isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.ctx, ast.Store | ast.Del))
        or (isinstance(one, ast.Call) and acts(w, one))
        or (isinstance(one, ast.AugAssign))
        for one in ast.walk(part)
    )


def _roots(going: Through) -> set[Any]:
    """What a source reads: numbers of variables, names of locals."""
    found: set[Any] = set()

    def look(value: Any) -> None:
        if isinstance(value, tuple | list):
            for one in value:
                look(one)
        elif isinstance(value, Local):
            found.add(value.name if not isinstance(value.type, Ref) else ("part", value.name))
        elif hasattr(value, "which") and hasattr(value, "index") and not hasattr(value, "span"):
            found.add(value.index)
        elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Span):
            for name in value.__dataclass_fields__:
                if name not in ("type", "span", "domain"):
                    look(getattr(value, name))

    look(tuple(generator.source for generator in going.generators))
    return found


def _written_roots(w: Writer, statement: ast.For, whole: tuple[Domain, ...]) -> set[Any] | None:
    """What the body of a loop may change *as a container*, by the variables and names at the root; None where that cannot be said.

    `whole`: of what domains the variables are that are gone through as a whole, so that neither a field of something that a name refers to, nor a part of
    another domain, is their structure.
    """
    found: set[Any] = set()
    variables = list(w.compiler.variables)
    elements = {part.id for part in ast.walk(statement.target) if isinstance(part, ast.Name)} & w.loop_variables
    for inner in statement.body:
        for part in ast.walk(inner):
            root: ast.expr | None = None
            if isinstance(part, ast.Call):
                if isinstance(part.func, ast.Attribute) and part.func.attr in CHANGES:
                    root = part.func.value
                elif acts(w, part) and not _only_steers(w, part) and not _of_an_element(w, part, elements):
                    return None
                else:
                    continue
            elif isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store | ast.Del):
                root = part
            else:
                continue
            while isinstance(root, ast.Attribute | ast.Subscript):
                if isinstance(root, ast.Attribute) and isinstance(root.value, ast.Name) and root.value.id == next(iter(w.given), None):
                    break
                root = root.value
            if isinstance(root, ast.Attribute) and root.attr in variables:
                found.add(variables.index(root.attr))
            elif isinstance(root, ast.Name):
                shape = w.shapes.get(w.version(root.id))
                if shape is not None and isinstance(shape.type, Ref):
                    if root.id in elements:  # what lies in an element is not what the element lies in
                        continue
                    if whole and (isinstance(part, ast.Attribute) or identity(shape.type.domain) not in map(identity, whole)):
                        continue
                    return None
                found.add(root.id)
            else:
                return None
    return found


def _of_an_element(w: Writer, call: ast.Call, elements: set[str]) -> bool:
    """Whether a call is one of a method of what a loop gives, or of a part of that, and gets nothing but values: it changes only what lies in there."""
    root = call.func
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = [part.id for one in arguments for part in ast.walk(one) if isinstance(part, ast.Name)]
    plain = all(isinstance(part, ast.Name | ast.Constant | ast.Load | ast.BinOp | ast.operator) for one in arguments for part in ast.walk(one))
    return isinstance(root, ast.Name) and root is not call.func and root.id in elements and plain and not any(_refers(w, name) for name in names)


def _refers(w: Writer, name: str) -> bool:
    known = w.names.get(name)
    shape = w.shapes.get(w.version(name))
    return isinstance(known, Part | State) or (shape is not None and isinstance(shape.type, Ref))


def _only_steers(w: Writer, call: ast.Call) -> bool:
    """Whether a call is `require`, `disable` or `choose`."""
    return isinstance(call.func, ast.Name) and call.func.id in ("require", "disable", "choose") and not any(acts(w, one) for one in call.args)


def write_while(w: Writer, statement: ast.While, span: Span) -> None:
    """Write a `while`."""
    from speccheck.compiler.statements import write_block

    block: list[AnyStatement] = []
    closed = dict(w.closed)
    with _leaving(w, statement, span) as broken, w.into(block), w.naming({}):
        test = condition(w, statement.test)
        if not (isinstance(test, Constant) and test.value):
            w.emit(If(Not(BOOL, span, test), (Break(span=span),), span=span))
        write_block(w, statement.body)
    _check_closed(w, statement, closed, span)
    w.emit(Loop(tuple(block), span=span))
    _otherwise(w, statement, broken, span)
