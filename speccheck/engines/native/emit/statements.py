"""Statements: lines of C, each after a comment with the line of the spec that it comes from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, assert_never

from speccheck.engines.native.emit import changes, choices, courses, expressions, sources
from speccheck.engines.native.emit.analysis import of_state
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function, joined
from speccheck.engines.native.emit.places import part_of, stored
from speccheck.engines.native.emit.text import bare, negated
from speccheck.program.expressions import And, Expression
from speccheck.program.statements import (
    AnyStatement,
    Assign,
    Break,
    Change,
    Choose,
    Continue,
    Fail,
    For,
    If,
    Loop,
    Require,
    Return,
    Run,
    Store,
    Touch,
)


def body(f: Function, statements: Sequence[AnyStatement], after: Sequence[Sequence[AnyStatement]] = ()) -> None:
    """Write statements; `after` are those that follow, innermost first, for a choice that has to know what it must keep."""
    for i, one in enumerate(statements):
        if f.path is None:
            return
        f.comment(one.span)
        statement(f, one, (statements[i + 1 :], *after))


def statement(f: Function, one: AnyStatement, after: Sequence[Sequence[AnyStatement]]) -> None:
    """Write one statement."""
    assert f.path is not None
    match one:
        case Assign():
            text = f.value(one.value)
            f.line(f"{f.declare(one.local)} = {bare(text)};")
        case Store():
            _store(f, one)
        case Change():
            changes.change(f, one)
        case Touch():
            f.written()
        case If():
            _if(f, one, after)
        case For():
            _for(f, one)
        case Loop():
            _loop(f, one)
        case Break() | Continue():
            f.line("break;" if isinstance(one, Break) else "continue;")
            f.jump(isinstance(one, Break))
        case Return():
            _return(f, one)
        case Require():
            require(f, one.test)
        case Fail():
            f.line(f.ends(one.failure))
            f.path = None
        case Choose():
            choices.choose(f, one, after)
        case Run():
            _run(f, one)
        case _:
            assert_never(one)


def require(f: Function, test: Expression) -> None:
    """Write a guard; the parts of a conjunction are guards of their own."""
    if isinstance(test, And):
        for one in test.values:
            require(f, one)
        return
    text = f.truth(test)
    f.line(f"if ({negated(text)}) {f.ends('disabled')}")


def _store(f: Function, one: Store) -> None:
    text = f.value(one.value)
    if not of_state(one.place):
        stored(f, part_of(f, one.place), text)
        return
    f.before_write()
    part = part_of(f, one.place)
    stored(f, part, text)
    f.written()


def _if(f: Function, one: If, after: Sequence[Sequence[AnyStatement]]) -> None:
    test = f.truth(one.test)
    path = f.path
    with f.block(f"if ({bare(test)})", "}" if not one.otherwise else "} else {"):
        body(f, one.then, after)
    then, f.path = f.path, path
    if one.otherwise:
        f.depth += 1
        body(f, one.otherwise, after)
        f.depth -= 1
        f.line("}")
    f.path = joined(then, f.path)


def _for(f: Function, one: For) -> None:
    f.steady = True
    course = sources.course(f, one.source, f"{one.targets[-1].name}_at")
    f.steady = False
    with f.looping(one.body), courses.loop(f, course) as texts:
        for target, text in zip(one.targets, texts, strict=True):
            f.line(f"{f.declare(target)} = {bare(text)};")
        body(f, one.body)


def _loop(f: Function, one: Loop) -> None:
    rounds = f.names.numbered("rounds")
    with f.looping(one.body, endless=True), f.block(f"for (u32 {rounds} = 0;; {rounds}++)"):
        f.fail_if(f"{rounds} == SC_ROUNDS", "beyond")
        body(f, one.body)


def _return(f: Function, one: Return) -> None:
    assert f.path is not None
    if f.kind == "action":
        f.complete()
    elif one.value is None:
        f.line("return;")
    else:
        f.line(f"return {bare(f.value(one.value))};")
    f.path = None


def _run(f: Function, one: Run) -> None:
    """Call a function that acts; it gets what it may write to."""
    assert f.path is not None
    analysis, of = f.unit.analysis, f.unit.program.functions[one.function]
    texts = [
        _by_reference(f, argument) if parameter.by_reference else expressions.argument(f, argument)
        for parameter, argument in zip(of.parameters, one.arguments, strict=True)
    ]
    writes = analysis.writes(one.function)
    if writes:
        f.before_write()
    given = f.handed(writes, analysis.chooses(one.function)) + texts
    if analysis.fails(one.function):
        given.append(expressions.failure_pointer(f))
    call = f"{f.unit.actor(one.function)}({', '.join(given)})"
    if of.result is None or one.local is None:
        f.line(f"{call};")
    else:
        assert ctype(of.result)
        f.line(f"{f.declare(one.local)} = {call};")
    if analysis.fails(one.function):
        f.pass_on()
    if writes:
        f.tested = True
        f.path = replace(f.path, wrote="yes" if f.path.wrote == "yes" else "maybe")


def _by_reference(f: Function, argument: Any) -> str:
    """Return the address of the local that a function may change."""
    local = argument.place.root
    name = f.declare(local)
    return f"&{name}" if not name.startswith("(*") else name[2:-1]
