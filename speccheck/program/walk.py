"""Walking through a Program: what lies inside of an expression or statement, and the same with other parts.

The one place that knows where the parts of each class are. Checks and passes say what is special, and leave the rest to these:

    children(a + len(b))                            a, len(b), in the order of evaluation
    rebuilt(a + len(b), f)                          f(a) + f(len(b)); the very same object where f changes nothing
    rebuilt_block(block, expression, statement)     every statement with its expressions and inner blocks replaced, then itself by some others

That nothing has changed can be seen: `rebuilt(e, f) is e`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, TypeVar, assert_never, cast

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.program import Function, Program

Rewriting: TypeAlias = Callable[[ex.Expression], ex.Expression]
Block: TypeAlias = tuple[st.AnyStatement, ...]

T = TypeVar("T")


def closed(expression: ex.Expression) -> ex.AnyExpression:
    """Return the expression as one of the closed set of its classes, for `match`."""
    return cast("ex.AnyExpression", expression)


def changed(part: T, **fields: Any) -> T:
    """Return a part of the Program with other fields, itself if they are what it has already."""
    if all(getattr(part, name) is value for name, value in fields.items()):
        return part
    return dataclasses.replace(part, **fields)  # type: ignore[type-var]


def each(parts: tuple[T, ...], function: Callable[[T], T]) -> tuple[T, ...]:
    """Return the tuple of what a function makes of each part, the same tuple if it changes none."""
    made = tuple(map(function, parts))
    return parts if all(a is b for a, b in zip(parts, made)) else made


def _optional(part: ex.Expression | None, function: Rewriting) -> ex.Expression | None:
    return None if part is None else function(part)


# ---------------------------------------------------------------- expressions


def rebuilt(expression: ex.Expression, function: Rewriting) -> ex.Expression:
    """Return the expression with each of its children replaced, in the order of their evaluation."""
    match e := closed(expression):
        case ex.Load() | ex.Reference():
            return changed(e, place=rebuilt_place(e.place, function))
        case ex.Constant():
            return e
        case ex.Table():
            return changed(e, key=function(e.key))
        case ex.Convert() | ex.GetField() | ex.IsAlternative() | ex.IsOneOf() | ex.Not() | ex.ToInteger() | ex.Length():
            return changed(e, value=function(e.value))
        case ex.MakeRecord():
            return changed(e, fields=each(e.fields, function))
        case ex.And() | ex.Or():
            return changed(e, values=each(e.values, function))
        case ex.IfThenElse():
            return changed(e, test=function(e.test), then=function(e.then), otherwise=function(e.otherwise))
        case ex.Equal() | ex.Less() | ex.Arithmetic() | ex.SetOperation() | ex.Subset():
            return changed(e, left=function(e.left), right=function(e.right))
        case ex.Contains() | ex.Count() | ex.IndexOf() | ex.GetItem() | ex.Slice() | ex.Concatenate() | ex.Sorted():
            return _rebuilt_container(e, function)
        case ex.Comprehension():
            generators = each(e.generators, lambda generator: rebuilt_generator(generator, function))
            key = _optional(e.key, function)
            return changed(e, generators=generators, key=key, body=function(e.body), default=_optional(e.default, function))
        case ex.Call():
            return changed(e, arguments=each(e.arguments, function))
        case ex.Enabled() | ex.Occurs():
            return changed(e, actions=each(e.actions, lambda action: _rebuilt_instance(action, function)))
    assert_never(e)


def _rebuilt_container(e: ex.Contains | ex.Count | ex.IndexOf | ex.GetItem | ex.Slice | ex.Concatenate | ex.Sorted, function: Rewriting) -> ex.Expression:
    match e:
        case ex.Contains() | ex.Count() | ex.IndexOf():
            return changed(e, container=function(e.container), element=function(e.element))
        case ex.GetItem():
            return changed(e, container=function(e.container), key=function(e.key), default=_optional(e.default, function))
        case ex.Slice():
            container = function(e.container)
            return changed(e, container=container, start=_optional(e.start, function), stop=_optional(e.stop, function), step=_optional(e.step, function))
        case ex.Concatenate():
            return changed(e, parts=each(e.parts, function))
        case ex.Sorted():
            return changed(e, value=function(e.value), key=_optional(e.key, function))
    assert_never(e)


_Instance: TypeAlias = tuple[int, tuple[tuple[int, ex.Expression], ...]]


def _rebuilt_instance(instance: _Instance, function: Rewriting) -> _Instance:
    number, arguments = instance

    def argument(pair: tuple[int, ex.Expression]) -> tuple[int, ex.Expression]:
        made = function(pair[1])
        return pair if made is pair[1] else (pair[0], made)

    made = each(arguments, argument)
    return instance if made is arguments else (number, made)


def rebuilt_place(place: ex.Place, function: Rewriting) -> ex.Place:
    """Return the place with the expressions that it is made of replaced: its root, if it is one, then the keys and indices of its steps."""
    root = function(place.root) if isinstance(place.root, ex.Expression) else place.root
    return changed(place, root=root, steps=each(place.steps, lambda step: _rebuilt_step(step, function)))


def _rebuilt_step(step: ex.PathStep, function: Rewriting) -> ex.PathStep:
    match step:
        case ex.FieldStep() | ex.AlternativeStep():
            return step
        case ex.KeyStep():
            return changed(step, key=function(step.key))
        case ex.ItemStep():
            return changed(step, index=function(step.index))
    assert_never(step)


def rebuilt_source(source: ex.Source, function: Rewriting) -> ex.Source:
    """Return the source with its expressions replaced."""
    match source:
        case ex.ValuesSource():
            return source
        case ex.RangeSource():
            return changed(source, start=function(source.start), stop=function(source.stop))
        case ex.ContainerSource():
            return changed(source, container=function(source.container))
        case ex.ReferenceSource():
            return changed(source, place=rebuilt_place(source.place, function))
        case ex.EnumerateSource():
            return changed(source, source=rebuilt_source(source.source, function), start=function(source.start))
        case ex.ZipSource():
            return changed(source, sources=each(source.sources, lambda one: rebuilt_source(one, function)))
        case ex.SubsetsSource():
            return changed(source, container=function(source.container), low=function(source.low), high=function(source.high))
    assert_never(source)


def rebuilt_generator(generator: ex.Generator, function: Rewriting) -> ex.Generator:
    """Return the generator with the expressions of its source, lets and conditions replaced."""

    def let(pair: tuple[ex.Local, ex.Expression]) -> tuple[ex.Local, ex.Expression]:
        made = function(pair[1])
        return pair if made is pair[1] else (pair[0], made)

    source = rebuilt_source(generator.source, function)
    return changed(generator, source=source, lets=each(generator.lets, let), conditions=each(generator.conditions, function))


def _gathered(walk: Callable[[Rewriting], object]) -> tuple[ex.Expression, ...]:
    found: list[ex.Expression] = []

    def gather(expression: ex.Expression) -> ex.Expression:
        found.append(expression)
        return expression

    walk(gather)
    return tuple(found)


def children(expression: ex.Expression) -> tuple[ex.Expression, ...]:
    """Return the expressions that an expression is directly made of, in the order of their evaluation."""
    return _gathered(lambda gather: rebuilt(expression, gather))


def place_children(place: ex.Place) -> tuple[ex.Expression, ...]:
    """Return the expressions that a place is directly made of."""
    return _gathered(lambda gather: rebuilt_place(place, gather))


def source_children(source: ex.Source) -> tuple[ex.Expression, ...]:
    """Return the expressions that a source is directly made of."""
    return _gathered(lambda gather: rebuilt_source(source, gather))


def everything_in(expression: ex.Expression) -> Iterator[ex.Expression]:
    """Yield the expression and all that it is made of, however deep, each before its parts."""
    yield expression
    for child in children(expression):
        yield from everything_in(child)


# ---------------------------------------------------------------- statements


def rebuilt_statement(statement: st.AnyStatement, expression: Rewriting, block: Callable[[Block], Block]) -> st.AnyStatement:
    """Return the statement with its own expressions and its inner blocks replaced."""
    match statement:
        case st.Assign():
            return changed(statement, value=expression(statement.value))
        case st.Store():
            return changed(statement, place=rebuilt_place(statement.place, expression), value=expression(statement.value))
        case st.Change():
            return changed(statement, place=rebuilt_place(statement.place, expression), arguments=each(statement.arguments, expression))
        case st.If():
            return changed(statement, test=expression(statement.test), then=block(statement.then), otherwise=block(statement.otherwise))
        case st.For():
            return changed(statement, source=rebuilt_source(statement.source, expression), body=block(statement.body))
        case st.Loop():
            return changed(statement, body=block(statement.body))
        case st.Return(value=None) | st.Touch() | st.Break() | st.Continue() | st.Fail():
            return statement
        case st.Return(value=value):
            return changed(statement, value=_optional(value, expression))
        case st.Require():
            return changed(statement, test=expression(statement.test))
        case st.Choose():
            return changed(statement, source=rebuilt_source(statement.source, expression))
        case st.Run():
            return changed(statement, arguments=each(statement.arguments, expression))
    assert_never(statement)


def rebuilt_block(block: Block, expression: Rewriting, statement: Callable[[st.AnyStatement], Iterable[st.AnyStatement]] = lambda one: (one,)) -> Block:
    """Return the block with all expressions replaced, in inner blocks too, and each statement, from the inside out, by those that `statement` makes of it."""

    def inner(one: Block) -> Block:
        return rebuilt_block(one, expression, statement)

    made = tuple(new for old in block for new in statement(rebuilt_statement(old, expression, inner)))
    return block if len(made) == len(block) and all(a is b for a, b in zip(block, made)) else made


def blocks_of(statement: st.AnyStatement) -> tuple[Block, ...]:
    """Return the blocks directly inside of a statement."""
    match statement:
        case st.If():
            return (statement.then, statement.otherwise)
        case st.For() | st.Loop():
            return (statement.body,)
    return ()


def expressions_of(statement: st.AnyStatement) -> tuple[ex.Expression, ...]:
    """Return the expressions that a statement is directly made of, without those of its inner blocks, in the order of their evaluation."""
    return _gathered(lambda gather: rebuilt_statement(statement, gather, lambda block: block))


def places_of(part: ex.Expression | st.AnyStatement) -> tuple[ex.Place, ...]:
    """Return the places that an expression or a statement itself reads, refers to or writes, without those of its parts."""
    match part:
        case ex.Load() | ex.Reference() | st.Store() | st.Change():
            return (part.place,)
        case st.For() | st.Choose():
            return source_places(part.source)
        case ex.Comprehension():
            return tuple(place for generator in part.generators for place in source_places(generator.source))
    return ()


def source_places(source: ex.Source) -> tuple[ex.Place, ...]:
    """Return the places that a source goes through by reference."""
    match source:
        case ex.ReferenceSource():
            return (source.place,)
        case ex.EnumerateSource():
            return source_places(source.source)
        case ex.ZipSource():
            return tuple(place for one in source.sources for place in source_places(one))
    return ()


def statements_in(block: Block) -> Iterator[st.AnyStatement]:
    """Yield all statements of a block and of the blocks inside, in order."""
    for statement in block:
        yield statement
        for inner in blocks_of(statement):
            yield from statements_in(inner)


def expressions_in(block: Block) -> Iterator[ex.Expression]:
    """Yield all expressions of a block, however deep, each before its parts."""
    for statement in statements_in(block):
        for expression in expressions_of(statement):
            yield from everything_in(expression)


# ---------------------------------------------------------------- functions and programs


def bound_by(part: ex.Expression | st.AnyStatement) -> tuple[ex.Local, ...]:
    """Return the locals to which an expression or a statement itself gives values; not those that it changes in place."""
    match part:
        case st.Assign() | st.Choose():
            return (part.local,)
        case st.Run():
            return () if part.local is None else (part.local,)
        case st.For():
            return part.targets
        case ex.Comprehension():
            return tuple(local for generator in part.generators for local in (*generator.targets, *(let for let, _ in generator.lets)))
        case ex.Sorted():
            return () if part.variable is None else (part.variable,)
    return ()


def parts_of(block: Block) -> Iterator[ex.Expression | st.AnyStatement]:
    """Yield all statements and expressions of a block, however deep."""
    for statement in statements_in(block):
        yield statement
        for expression in expressions_of(statement):
            yield from everything_in(expression)


def called_by(function: Function) -> tuple[str, ...]:
    """Return the names of the functions that a function calls or runs, each once, in the order of their first use."""
    return tuple(dict.fromkeys(part.function for part in parts_of(function.body) if isinstance(part, ex.Call | st.Run)))


def rules_of(program: Program) -> tuple[str, ...]:
    """Return the names of the functions that are rules, each once."""
    named = (program.invariants, program.step_invariants, program.reachables, program.mappings)
    listed = (
        *program.actions,
        *(name for group in named for name in group.values()),
        *program.constraints,
        *program.terminals,
        *program.predicates,
    )
    return tuple(dict.fromkeys(listed))


def rebuilt_program(program: Program, function: Callable[[Function], Function]) -> Program:
    """Return the Program with each of its functions replaced."""
    made = {name: function(one) for name, one in program.functions.items()}
    return program if all(made[name] is one for name, one in program.functions.items()) else changed(program, functions=made)
