"""What may fail, and what is pure: what passes and emitters may drop, repeat or move.

    can_fail(x + 1, program)              False where the result has 64 bits, by the types of the operands
    can_fail(votes[rm], program)          False for a total map, True for a partial one, unless the key is known to be there
    is_pure(x + 1, program)               True: the same value whenever it is evaluated, as long as x is the same
    is_pure(votes[rm], program)           False: it reads the state

To fail is to give no value: also not to end, so a function with a Loop may fail. All answers are on the safe side: False means certainly not.
"""

from typing import assert_never

from speccheck.domains.containers import Bags, Maps
from speccheck.domains.scalars import Integers
from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.intervals import in_64_bits, interval_of, interval_of_type, most_elements, most_rounds, result_of, sum_of
from speccheck.program.program import Function, Program
from speccheck.program.relations import capacity_of, converts, element_of, fits
from speccheck.program.types import Ref, Type
from speccheck.program.walk import Block, children, closed, everything_in, expressions_of, parts_of, places_of, statements_in


def can_fail(expression: ex.Expression, program: Program) -> bool:
    """Return whether the evaluation of an expression, or of a part of it, may fail."""
    return fails_itself(expression, program) or any(can_fail(child, program) for child in children(expression))


def fails_itself(expression: ex.Expression, program: Program) -> bool:
    """Return whether an expression may fail whose parts have not."""
    match e := closed(expression):
        case ex.Constant() | ex.MakeRecord() | ex.GetField() | ex.IsAlternative() | ex.IsOneOf() | ex.Not() | ex.And() | ex.Or() | ex.IfThenElse():
            return False
        case ex.Equal() | ex.Less() | ex.ToInteger() | ex.Length() | ex.Contains() | ex.Count() | ex.Subset() | ex.Sorted():
            return False
        case ex.Load() | ex.Reference():
            return place_fails(e.place)
        case ex.Table():
            return None in e.entries
        case ex.Convert():
            return e.failure is not None and conversion_fails(e)
        case ex.Arithmetic():
            return _arithmetic_fails(e)
        case ex.GetItem():
            return e.default is None and not _has_every_key(e)
        case ex.IndexOf():
            return True
        case ex.Slice():
            step = None if e.step is None else interval_of(e.step)
            return e.step is not None and (step is None or step[0] <= 0 <= step[1])
        case ex.Concatenate():
            return _concatenation_fails(e)
        case ex.SetOperation():
            return e.operator in ("|", "^") and _union_fails(e)
        case ex.Comprehension():
            return _comprehension_fails(e)
        case ex.Call():
            called = program.functions.get(e.function)
            return called is None or function_can_fail(called, program)
        case ex.Enabled() | ex.Occurs():
            return True  # an evaluation inside may need more than 64 bits
    assert_never(e)


def place_fails(place: ex.Place) -> bool:
    """Return whether a step to a place may fail, its keys and indices apart."""
    for step in place.steps:
        match step:
            case ex.FieldStep():
                pass
            case ex.KeyStep() | ex.ItemStep():
                if not step.sure:
                    return True
            case ex.AlternativeStep():
                return True
            case _:
                assert_never(step)
    return False


def conversion_fails(e: ex.Convert) -> bool:
    """Return whether the value of a conversion may be outside of its type."""
    value, target = interval_of(e.value), interval_of_type(e.type)
    if value is not None and target is not None and isinstance(e.type, Integers) and target[0] <= value[0] and value[1] <= target[1]:
        return False
    return not converts(e.value.type, e.type)


def operands_fail(e: ex.Arithmetic) -> bool:
    """Return whether a divisor may be 0, or a shift or exponent negative."""
    right = interval_of(e.right)
    if right is None:
        return True
    match e.operator:
        case "//" | "%":
            return right[0] <= 0 <= right[1]
        case "<<" | ">>" | "**":
            return right[0] < 0
        case "+" | "-" | "*" | "&" | "|" | "^":
            return False
    assert_never(e.operator)


def _arithmetic_fails(e: ex.Arithmetic) -> bool:
    result = result_of(e)
    return operands_fail(e) or result is None or (e.checked and not in_64_bits(result))


def _has_every_key(e: ex.GetItem) -> bool:
    domain = e.container.type
    return isinstance(domain, Maps) and domain.total and fits(e.key.type, domain.key_domain)


def _never_full(type_: Type) -> bool:
    """Return whether a set has room for all of its possible elements."""
    element = element_of(type_)
    return element is not None and capacity_of(type_) >= element.size


def _union_fails(e: ex.SetOperation) -> bool:
    return not _never_full(e.type) and capacity_of(e.type) < capacity_of(e.left.type) + capacity_of(e.right.type)


def _concatenation_fails(e: ex.Concatenate) -> bool:
    element = element_of(e.type)
    parts = [(element_of(part.type), capacity_of(part.type)) for part in e.parts]
    if element is None or not all(one is not None and fits(one, element) for one, _ in parts):
        return True
    return sum(capacity for _, capacity in parts) > capacity_of(e.type)


def _comprehension_fails(e: ex.Comprehension) -> bool:
    if any(source_fails(generator.source) for generator in e.generators):
        return True
    match e.fold:
        case "all" | "any" | "count":
            return False
        case "sum":
            total = sum_of(e)
            return total is None or (e.checked and not in_64_bits(total))
        case "min" | "max" | "first":
            return e.default is None
        case "list" | "bag":
            return most_rounds(e.generators) > capacity_of(e.type)
        case "set":
            return not _never_full(e.type) and most_rounds(e.generators) > capacity_of(e.type)
        case "map":
            return isinstance(e.type, Maps) and e.type.total and not _gives_every_key(e)
    assert_never(e.fold)


def _gives_every_key(e: ex.Comprehension) -> bool:
    """Return whether a map is made for each value of its keys' domain: `{key: ... for key in domain}`."""
    if len(e.generators) != 1 or e.generators[0].conditions:
        return False
    source, targets = e.generators[0].source, e.generators[0].targets
    if not isinstance(source, ex.ValuesSource) or not isinstance(e.key, ex.Load) or not isinstance(e.type, Maps):
        return False
    return e.key.place.root == targets[0] and not e.key.place.steps and fits(e.type.key_domain, source.domain)


def source_fails(source: ex.Source) -> bool:
    """Return whether going through a source may fail, its expressions apart."""
    match source:
        case ex.RangeSource() | ex.ValuesSource() | ex.ContainerSource() | ex.SubsetsSource():
            return False
        case ex.ReferenceSource():
            return place_fails(source.place)
        case ex.EnumerateSource():
            start = interval_of(source.start)
            return start is None or not in_64_bits((start[0], start[1] + most_elements(source.source))) or source_fails(source.source)
        case ex.ZipSource():
            return any(map(source_fails, source.sources))
    assert_never(source)


# ---------------------------------------------------------------- functions and statements


def function_can_fail(function: Function, program: Program) -> bool:
    """Return whether a run of a function may fail, be disabled, or never end."""
    return block_can_fail(function.body, program)


def block_can_fail(block: Block, program: Program) -> bool:
    """Return whether a run of some statements may fail, be disabled, or never end."""
    return any(
        statement_fails_itself(statement) or any(can_fail(expression, program) for expression in expressions_of(statement))
        for statement in statements_in(block)
    )


def statement_fails_itself(statement: st.AnyStatement) -> bool:
    """Return whether a statement may fail, be disabled, or never end, whose expressions and inner statements do not."""
    match statement:
        case st.Assign() | st.If() | st.Return() | st.Touch() | st.Break() | st.Continue():
            return False
        case st.Store():
            return place_fails(statement.place)
        case st.Change():
            return place_fails(statement.place) or _change_fails(statement)
        case st.For():
            return source_fails(statement.source)
        case st.Fail() | st.Require() | st.Choose() | st.Loop() | st.Run():
            return True
    assert_never(statement)


def _change_fails(statement: st.Change) -> bool:
    match statement.operation:
        case "discard" | "discard_key" | "reverse":
            return False
        case "add":
            return isinstance(statement.place.domain, Bags) or not _never_full(statement.place.domain)
        case "remove" | "append" | "insert" | "delete" | "delete_key":
            return True
    assert_never(statement.operation)


# ---------------------------------------------------------------- purity


def is_pure(expression: ex.Expression, program: Program) -> bool:
    """Return whether an expression cannot fail and reads no state: it has the same value whenever it is evaluated, as long as its locals have theirs."""
    return not can_fail(expression, program) and not reads_state(expression, program)


def reads_state(expression: ex.Expression, program: Program) -> bool:
    """Return whether the value of an expression depends on a state, directly or by a reference or a call."""
    return any(_reads_state_itself(part, program) for part in everything_in(expression))


def _reads_state_itself(part: ex.Expression | st.AnyStatement, program: Program) -> bool:
    match part:
        case ex.Enabled() | ex.Occurs():
            return True
        case ex.Call():
            called = program.functions.get(part.function)
            return called is None or any(_reads_state_itself(inner, program) for inner in parts_of(called.body))
    return any(isinstance(place.root, ex.Variable) or isinstance(place.root.type, Ref) for place in places_of(part))
