"""Pruning: what never runs, or runs for nothing, is left out.

Before::                                            After::

    unused: int = x + 1                                 count := 1
    if True                                             return
        count := 1
        return
    count := 2

    if full                                             require not full
        require False

Also functions that nothing calls. A value that may fail is evaluated even if nobody reads it.
"""

from functools import partial

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.failing import can_fail, source_fails
from speccheck.program.flow import ends
from speccheck.program.program import Function, Program
from speccheck.program.walk import Block, called_by, changed, parts_of, places_of, rebuilt_program, rebuilt_statement, rules_of, source_children


def passed(program: Program) -> Program:
    """Return the Program without what never runs and what runs for nothing."""
    made = rebuilt_program(program, partial(_pruned, program=program))
    reached = _reached(made)
    kept = {name: function for name, function in made.functions.items() if name in reached}
    return made if len(kept) == len(made.functions) else changed(made, functions=kept)


def _reached(program: Program) -> set[str]:
    """Return the names of the functions that are rules, or called by one, or by one of those."""
    reached: set[str] = set()
    waiting = list(rules_of(program))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += called_by(program.functions[name])
    return reached


def _pruned(function: Function, program: Program) -> Function:
    """Return the function pruned; what is left out may have been the only reader of something else."""
    while True:
        before, function = function, changed(function, body=_block(function.body, _read(function), program))
        if function is before:
            return function


def _read(function: Function) -> frozenset[str]:
    """Return the names of the locals whose values matter: those that something reads, refers to or changes, and those that the caller sees."""
    used = {place.root.name for part in parts_of(function.body) for place in places_of(part) if isinstance(place.root, ex.Local)}
    return frozenset(used | {parameter.name for parameter in function.parameters if parameter.by_reference})


def _block(block: Block, read: frozenset[str], program: Program) -> Block:
    made: list[st.AnyStatement] = []
    for statement in block:
        made += _kept(rebuilt_statement(statement, lambda e: e, partial(_block, read=read, program=program)), read, program)
        if made and ends(made[-1]):
            break
    return block if len(made) == len(block) and all(a is b for a, b in zip(made, block)) else tuple(made)


def _kept(statement: st.AnyStatement, read: frozenset[str], program: Program) -> tuple[st.AnyStatement, ...]:
    """Return what is left of a statement whose blocks are pruned."""
    match statement:
        case st.If(test=ex.Constant(value=known)):
            return statement.then if known else statement.otherwise
        case st.If(then=(st.Require(test=ex.Constant(value=False)),), otherwise=()):
            return (st.Require(ex.Not(statement.test.type, statement.test.span, statement.test), span=statement.span),)
        case st.If(then=(), otherwise=()):
            return (statement,) if can_fail(statement.test, program) else ()
        case st.For(body=()):
            fails = source_fails(statement.source) or any(can_fail(part, program) for part in source_children(statement.source))
            return (statement,) if fails else ()
        case st.Require(test=ex.Constant(value=True)):
            return ()
        case st.Assign():
            return (statement,) if statement.local.name in read or can_fail(statement.value, program) else ()
        case st.Run(local=ex.Local() as local) if local.name not in read:
            return (changed(statement, local=None),)
    return (statement,)
