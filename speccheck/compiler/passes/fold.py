"""Folding: what is known now is computed now.

Before::                                            After::

    require 1 + 1 < limit[RM0] and True                 require 2 < 5
    if not not ready and (x as int as Range(0, 9)) ...  if ready and x ...
    return rm in {RM0, RM1}                             return rm in {RM0, RM1}, by their numbers
    seen := {rm for rm in here}                         seen := here

What may fail is not dropped, and nothing is evaluated that was not evaluated before.
"""

from functools import partial
from typing import Any

from speccheck.compiler.passes.computed import computed, elements
from speccheck.domains.base import Domain
from speccheck.domains.containers import Maps
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program.failing import can_fail
from speccheck.program.program import Program
from speccheck.program.relations import capacity_of, converts, fits, number_code, overlaps, same
from speccheck.program.walk import changed, closed, each, rebuilt, rebuilt_block, rebuilt_program


def passed(program: Program) -> Program:
    """Return the Program with all expressions folded."""
    return rebuilt_program(program, lambda function: changed(function, body=rebuilt_block(function.body, partial(folded, program=program))))


def folded(expression: ex.Expression, program: Program) -> ex.Expression:
    """Return the expression, from the inside out, as simple as this pass makes it."""
    made = rebuilt(expression, partial(folded, program=program))
    while (simpler := computed(made) or _simpler(made, program)) is not made:
        made = simpler
    return made


def _simpler(expression: ex.Expression, program: Program) -> ex.Expression:
    """Return something simpler than an expression whose parts are as simple as can be, itself if there is nothing."""
    match e := closed(expression):
        case ex.Not(value=ex.Not() as inner):
            return inner.value
        case ex.And() | ex.Or():
            return _junction(e, program)
        case ex.IfThenElse():
            return _choice(e, program)
        case ex.Equal():
            return _equality(e)
        case ex.IsAlternative() | ex.IsOneOf():
            return _membership(e, program)
        case ex.Convert():
            return _conversion(e)
        case ex.Arithmetic():
            return _neutral(e)
        case ex.GetField(value=ex.MakeRecord() as made):
            others = (field for number, field in enumerate(made.fields) if number != e.index)
            return e if any(can_fail(other, program) for other in others) else made.fields[e.index]
        case ex.Length():
            total = isinstance(e.value.type, Maps) and e.value.type.total and not can_fail(e.value, program)
            return _constant(e, capacity_of(e.value.type)) if total else e
        case ex.Contains():
            return _containment(e, program)
        case ex.Comprehension():
            return _container_itself(changed(e, generators=each(e.generators, _without_true)))
    return expression


def _constant(e: ex.Expression, value: Any) -> ex.Constant:
    return ex.Constant(e.type, e.span, value)


def _known(expression: ex.Expression, value: bool) -> bool:
    return isinstance(expression, ex.Constant) and expression.value is value


# ---------------------------------------------------------------- truth


def _junction(e: ex.And | ex.Or, program: Program) -> ex.Expression:
    neutral = isinstance(e, ex.And)
    values: list[ex.Expression] = []
    for value in e.values:
        values += value.values if isinstance(value, type(e)) else [value]
    kept: list[ex.Expression] = []
    for value in values:
        if not _known(value, neutral):
            kept.append(value)
        if _known(value, not neutral):  # what follows is never evaluated
            break
    # What comes just before a constant that decides has no influence. Something further before has: it may keep the next one from failing.
    while len(kept) > 1 and _known(kept[-1], not neutral) and not can_fail(kept[-2], program):
        del kept[-2]
    if len(kept) < 2:
        return kept[0] if kept else _constant(e, neutral)
    return e if len(kept) == len(e.values) and all(a is b for a, b in zip(kept, e.values)) else changed(e, values=tuple(kept))


def _choice(e: ex.IfThenElse, program: Program) -> ex.Expression:
    if isinstance(e.test, ex.Constant):
        return e.then if e.test.value else e.otherwise
    if isinstance(e.then, ex.Constant) and isinstance(e.otherwise, ex.Constant):
        if e.then.value == e.otherwise.value and not can_fail(e.test, program):
            return e.then
        if _known(e.then, True) and _known(e.otherwise, False):
            return e.test
        if _known(e.then, False) and _known(e.otherwise, True):
            return ex.Not(e.type, e.span, e.test)
    return e


def _equality(e: ex.Equal) -> ex.Expression:
    """A bool that is compared with a constant is the bool itself, or its negation; the numbers of two bools are equal as these are."""
    match e.left, e.right:
        case (ex.ToInteger(value=one), ex.ToInteger(value=other)) if same(one.type, e.type) and same(other.type, e.type):
            return changed(e, left=one, right=other)
        case (ex.ToInteger(value=one), ex.Constant(value=0 | 1 as number)) | (ex.Constant(value=0 | 1 as number), ex.ToInteger(value=one)) if same(
            one.type, e.type
        ):
            return one if number else ex.Not(e.type, e.span, one)
    for one, other in ((e.left, e.right), (e.right, e.left)):
        if isinstance(other, ex.Constant) and same(other.type, e.type):
            return one if other.value else ex.Not(e.type, e.span, one)
    return e


def _membership(e: ex.IsAlternative | ex.IsOneOf, program: Program) -> ex.Expression:
    """None of the possible values, or all of them."""
    if isinstance(e, ex.IsAlternative):
        given = len(e.alternatives)
        possible = len(e.value.type.alternatives) if isinstance(e.value.type, Union) else -1
    else:
        code = number_code(e.value.type) if isinstance(e.value.type, Domain) else None
        given, possible = len(e.numbers), -1 if code is None else code.count
    if given in (0, possible) and not can_fail(e.value, program):
        return _constant(e, given > 0)
    return e


def _containment(e: ex.Contains, program: Program) -> ex.Expression:
    """A scalar in a constant container is one of its elements; every key is in a total map."""
    if isinstance(e.container.type, Maps) and e.container.type.total and not can_fail(e.container, program) and not can_fail(e.element, program):
        return _constant(e, True)
    if isinstance(e.container, ex.Constant) and isinstance(e.element.type, Enumerated | Integers):
        numbers = frozenset(e.element.type.rank(value) for value in elements(e.container.type, e.container.value))
        return ex.IsOneOf(e.type, e.span, e.element, numbers)
    return e


def _without_true(generator: ex.Generator) -> ex.Generator:
    kept = tuple(condition for condition in generator.conditions if not _known(condition, True))
    return generator if len(kept) == len(generator.conditions) else changed(generator, conditions=kept)


# ---------------------------------------------------------------- values


def _container_itself(e: ex.Comprehension) -> ex.Expression:
    """A container of all elements of another one, as they are, is that one."""
    match e:
        case ex.Comprehension(
            fold="set" | "list",
            generators=(ex.Generator(targets=(target,), source=ex.ContainerSource(container, "elements", False), lets=(), conditions=()),),
            body=ex.Load(place=ex.Place(root=ex.Local(name=name), steps=())),
        ) if name == target.name and converts(container.type, e.type):
            return container if same(container.type, e.type) else ex.Convert(e.type, e.span, container, None)
    return e


def _conversion(e: ex.Convert) -> ex.Expression:
    if same(e.value.type, e.type):
        return e.value
    if e.failure is not None and converts(e.value.type, e.type):
        return changed(e, failure=None)
    match e.value:
        # The value of a conversion to a larger type is the value itself; where the two together are said not to fail, types must still say so.
        case ex.Convert(value=inner, failure=None) if fits(inner.type, e.value.type) and overlaps(inner.type, e.type):
            return changed(e, value=inner) if e.failure is not None or converts(inner.type, e.type) else e
    return e


_NEUTRAL_RIGHT: dict[ex.Operator, int] = {"+": 0, "-": 0, "*": 1, "//": 1, "|": 0, "^": 0, "<<": 0, ">>": 0, "**": 1}
_NEUTRAL_LEFT: dict[ex.Operator, int] = {"+": 0, "*": 1, "|": 0, "^": 0}


def _neutral(e: ex.Arithmetic) -> ex.Expression:
    """An operation with what changes nothing is the other operand."""
    for one, other, table in ((e.left, e.right, _NEUTRAL_RIGHT), (e.right, e.left, _NEUTRAL_LEFT)):
        if isinstance(other, ex.Constant) and table.get(e.operator) == other.value and fits(one.type, e.type):
            return one if same(one.type, e.type) else ex.Convert(e.type, e.span, one, None)
    return e
