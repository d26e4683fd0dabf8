"""Whether the types inside of an expression agree. In: an expression. Out: nothing, or Misfit, whose message says what does not agree.

Looks at one expression, not at its parts: those are looked at by themselves.
"""

from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program.failing import conversion_fails, operands_fail
from speccheck.program.intervals import clipped, in_64_bits, interval_of_members, interval_of_type, result_of, sum_of
from speccheck.program.notation import text_of_type
from speccheck.program.places import Misfit, expect, expect_integer, fit_place, fit_targets, state_of
from speccheck.program.program import Function, Program
from speccheck.program.relations import element_of, fields_of, fits, holds, is_ordered, number_code, overlaps, same
from speccheck.program.types import BOOL, Ref, Type
from speccheck.program.walk import closed


def fit_expression(expression: ex.Expression, program: Program) -> None:
    """Raise Misfit unless the types of an expression and of its direct parts agree."""
    match e := closed(expression):
        case ex.Load():
            _load(e, program)
        case ex.Reference():
            _reference(e, program)
        case ex.Constant() | ex.Table() | ex.Convert():
            _value(e)
        case ex.MakeRecord() | ex.GetField() | ex.IsAlternative() | ex.IsOneOf():
            _part(e)
        case ex.Not() | ex.And() | ex.Or() | ex.IfThenElse() | ex.Equal() | ex.Less():
            _truth(e)
        case ex.Arithmetic() | ex.ToInteger():
            _number(e)
        case ex.Length() | ex.Contains() | ex.Count() | ex.IndexOf() | ex.GetItem():
            _looking(e)
        case ex.Slice() | ex.Concatenate() | ex.SetOperation() | ex.Subset() | ex.Sorted():
            _container(e)
        case ex.Comprehension():
            _comprehension(e, program)
        case ex.Call():
            called = function_named(e.function, program)
            if called.acts:
                raise Misfit(f"a call of '{e.function}', which acts")
            fit_arguments(called, e.arguments)
            expect("the call", e.type, called.result if called.result is not None else _nothing(e.function))
        case ex.Enabled() | ex.Occurs():
            expect("the result", e.type, BOOL)
            for number, arguments in e.actions:
                _instance(number, arguments, program)
        case _:
            assert_never(e)


def _truth_of(what: str, expression: ex.Expression) -> None:
    expect(what, expression.type, BOOL)


def _nothing(name: str) -> Type:
    raise Misfit(f"a call of '{name}', which has no result")


# ---------------------------------------------------------------- values


def _load(e: ex.Load, program: Program) -> None:
    fit_place(e.place, program)
    expect("the value", e.type, e.place.domain)


def _reference(e: ex.Reference, program: Program) -> None:
    fit_place(e.place, program)
    which = state_of(e.place)
    if which is None:
        raise Misfit("a reference to a part of a local's value")
    if not e.place.domain.mutable:
        raise Misfit(f"a reference to {text_of_type(e.place.domain)}, which is no mutable part")
    expect("the reference", e.type, Ref(e.place.domain, which))


def _value(e: ex.Constant | ex.Table | ex.Convert) -> None:
    if isinstance(e.type, Ref):
        raise Misfit("a value whose type is a reference")
    match e:
        case ex.Constant():
            if not holds(e.type, e.value):
                raise Misfit(f"the constant {e.value!r} is no frozen value of {text_of_type(e.type)}")
        case ex.Table():
            code = number_code(e.key.type) if isinstance(e.key.type, Domain) else None
            if code is None or code.count != len(e.entries):
                raise Misfit(f"a table of {len(e.entries)} entries for {text_of_type(e.key.type)}")
            for entry in e.entries:
                if entry is not None and not holds(e.type, entry[0]):
                    raise Misfit(f"the entry {entry[0]!r} is no frozen value of {text_of_type(e.type)}")
        case ex.Convert():
            if e.failure is None and conversion_fails(e):
                raise Misfit(f"a conversion of {text_of_type(e.value.type)} to {text_of_type(e.type)} that is said not to fail")
        case _:
            assert_never(e)


def _part(e: ex.MakeRecord | ex.GetField | ex.IsAlternative | ex.IsOneOf) -> None:
    match e:
        case ex.MakeRecord():
            fields = _record_fields(e.type)
            if len(fields) != len(e.fields):
                raise Misfit(f"{len(e.fields)} values for the {len(fields)} fields of {text_of_type(e.type)}")
            for (name, domain), value in zip(fields, e.fields):
                expect(f"the field '{name}'", value.type, domain)
        case ex.GetField():
            fields = _record_fields(e.value.type)
            if not 0 <= e.index < len(fields):
                raise Misfit(f"field {e.index} of {text_of_type(e.value.type)}")
            expect("the field", e.type, fields[e.index][1])
        case ex.IsAlternative():
            expect("the result", e.type, BOOL)
            if not isinstance(e.value.type, Union) or not all(0 <= number < len(e.value.type.alternatives) for number in e.alternatives):
                raise Misfit(f"alternatives {sorted(e.alternatives)} of {text_of_type(e.value.type)}")
        case ex.IsOneOf():
            expect("the result", e.type, BOOL)
            code = number_code(e.value.type) if isinstance(e.value.type, Domain) and not e.value.type.mutable else None
            if code is None or not all(0 <= number < code.count for number in e.numbers):
                raise Misfit(f"values {sorted(e.numbers)} of {text_of_type(e.value.type)}")
        case _:
            assert_never(e)


def _record_fields(type_: Type) -> tuple[tuple[str, Domain], ...]:
    if not isinstance(type_, Product | Records):
        raise Misfit(f"fields of {text_of_type(type_)}")
    return fields_of(type_)


# ---------------------------------------------------------------- truth and numbers


def _truth(e: ex.Not | ex.And | ex.Or | ex.IfThenElse | ex.Equal | ex.Less) -> None:
    match e:
        case ex.Not():
            _truth_of("the operand", e.value)
        case ex.And() | ex.Or():
            if not e.values:
                raise Misfit(f"an {type(e).__name__} of nothing")
            for value in e.values:
                _truth_of("the operand", value)
        case ex.IfThenElse():
            _truth_of("the test", e.test)
            expect("the first value", e.then.type, e.type)
            expect("the second value", e.otherwise.type, e.type)
            return
        case ex.Equal() | ex.Less():
            expect("the right operand", e.right.type, e.left.type)
            if isinstance(e.left.type, Ref):
                raise Misfit("a comparison of references")
            if isinstance(e, ex.Less) and not is_ordered(e.left.type):
                raise Misfit(f"values of {text_of_type(e.left.type)} have no order")
        case _:
            assert_never(e)
    expect("the result", e.type, BOOL)


def _number(e: ex.Arithmetic | ex.ToInteger) -> None:
    expect_integer("the result", e.type)
    match e:
        case ex.Arithmetic():
            expect_integer("the left operand", e.left.type)
            expect_integer("the right operand", e.right.type)
            found = result_of(e)
            if found is None:
                return
            if not e.checked and not in_64_bits(found):
                raise Misfit(f"the result may be beyond 64 bits, {found[0]} to {found[1]}, and is not checked")
            if not e.checked and operands_fail(e):
                raise Misfit("the divisor may be 0, or the shift or exponent negative, and this is not checked")
            if found[0] <= INT_MAX and found[1] >= INT_MIN:  # else it always fails
                _inside(clipped(found), e.type)
        case ex.ToInteger():
            members = interval_of_members(e.value.type)
            if members is None or not is_ordered(e.value.type):
                raise Misfit(f"the number of {text_of_type(e.value.type)}")
            _inside(members, e.type)
        case _:
            assert_never(e)


def _inside(found: tuple[int, int], type_: Type) -> None:
    known = interval_of_type(type_)
    if known is not None and not (known[0] <= found[0] and found[1] <= known[1]):
        raise Misfit(f"the result, {found[0]} to {found[1]}, is not always in {text_of_type(type_)}")


# ---------------------------------------------------------------- containers


def _looking(e: ex.Length | ex.Contains | ex.Count | ex.IndexOf | ex.GetItem) -> None:
    match e:
        case ex.Length():
            _element(e.value.type)
            expect_integer("the length", e.type)
        case ex.Contains():
            expect("the element", e.element.type, _element(e.container.type))
            expect("the result", e.type, BOOL)
        case ex.Count() | ex.IndexOf():
            if not isinstance(e.container.type, Lists | Sequences) and not (isinstance(e.container.type, Bags) and isinstance(e, ex.Count)):
                raise Misfit(f"{type(e).__name__} of {text_of_type(e.container.type)}")
            expect("the element", e.element.type, _element(e.container.type))
            expect_integer("the result", e.type)
        case ex.GetItem():
            match e.container.type:
                case Maps(key_domain=key, value_domain=given):
                    expect("the key", e.key.type, key)
                case Lists(element=given) | Sequences(element=given):
                    expect_integer("the index", e.key.type)
                case _:
                    raise Misfit(f"an item of {text_of_type(e.container.type)}")
            if e.default is None:
                expect("the result", e.type, given)
            else:
                expect("the default", e.default.type, e.type)
                if not fits(given, e.type):
                    raise Misfit(f"the result is of type {text_of_type(e.type)}, which does not have all of {text_of_type(given)}")
        case _:
            assert_never(e)


def _element(type_: Type) -> Domain:
    found = element_of(type_)
    if found is None:
        raise Misfit(f"{text_of_type(type_)} is no container")
    return found


def _container(e: ex.Slice | ex.Concatenate | ex.SetOperation | ex.Subset | ex.Sorted) -> None:
    match e:
        case ex.Slice():
            if type(e.type) is not type(e.container.type):
                raise Misfit(f"a slice of {text_of_type(e.container.type)} as {text_of_type(e.type)}")
            _list("the sliced value", e.container.type)
            expect("the element of the result", _element(e.type), _element(e.container.type))
            for bound in (e.start, e.stop, e.step):
                if bound is not None:
                    expect_integer("the bound", bound.type)
        case ex.Concatenate():
            _list("the result", e.type)
            for part in e.parts:
                _list("the part", part.type)
                if not overlaps(_element(part.type), _element(e.type)):
                    raise Misfit(f"the elements of {text_of_type(part.type)} are none of {text_of_type(e.type)}")
        case ex.SetOperation() | ex.Subset():
            expect("the right operand", e.right.type, e.left.type)
            if not isinstance(e.left.type, Sets | FrozenSets):
                raise Misfit(f"{text_of_type(e.left.type)} is no set")
            if isinstance(e, ex.Subset):
                expect("the result", e.type, BOOL)
            elif type(e.type) is not type(e.left.type) or not same(_element(e.type), e.left.type.element):
                raise Misfit(f"the result is of type {text_of_type(e.type)}, that of sets of {text_of_type(e.left.type)}")
        case ex.Sorted():
            _list("the sorted value", e.value.type)
            _list("the result", e.type)
            expect("the element of the result", _element(e.type), _element(e.value.type))
            _sorting(e, _element(e.value.type))
        case _:
            assert_never(e)


def _list(what: str, type_: Type) -> None:
    if not isinstance(type_, Lists | Sequences):
        raise Misfit(f"{what} is of type {text_of_type(type_)}, no list or sequence")


def _sorting(e: ex.Sorted, element: Domain) -> None:
    if (e.variable is None) != (e.key is None):
        raise Misfit("a variable without a key, or a key without a variable")
    if e.variable is not None:
        expect(f"'{e.variable.name}'", e.variable.type, element)
    by = element if e.key is None else e.key.type
    if not is_ordered(by):
        raise Misfit(f"values of {text_of_type(by)} have no order")


# ---------------------------------------------------------------- comprehensions


def _comprehension(e: ex.Comprehension, program: Program) -> None:
    for generator in e.generators:
        fit_targets(generator.targets, generator.source, program)
        for local, value in generator.lets:
            expect(f"'{local.name}'", value.type, local.type)
        for condition in generator.conditions:
            _truth_of("the condition", condition)
    if (e.key is None) == (e.fold == "map"):
        raise Misfit("a map without a key" if e.key is None else f"a key in the comprehension of a {e.fold}")
    if e.default is not None:
        if e.fold not in ("min", "max", "first"):
            raise Misfit(f"a default of {e.fold}")
        expect("the default", e.default.type, e.type)
    _folded(e)


_CONTAINERS: dict[str, tuple[type[Domain], ...]] = {"set": (Sets, FrozenSets), "list": (Lists, Sequences), "bag": (Bags,), "map": (Maps,)}


def _folded(e: ex.Comprehension) -> None:
    match e.fold:
        case "all" | "any":
            _truth_of("the body", e.body)
            expect("the result", e.type, BOOL)
        case "sum":
            expect_integer("the body", e.body.type)
            expect_integer("the result", e.type)
            total = sum_of(e)
            if not e.checked and total is not None and not in_64_bits(total):
                raise Misfit(f"the sum may be beyond 64 bits, {total[0]} to {total[1]}, and is not checked")
        case "count":
            expect_integer("the result", e.type)
        case "min" | "max" | "first":
            expect("the body", e.body.type, e.type)
            if e.fold != "first" and not is_ordered(e.type):
                raise Misfit(f"values of {text_of_type(e.type)} have no order")
        case "set" | "list" | "bag" | "map":
            if not isinstance(e.type, _CONTAINERS[e.fold]):
                raise Misfit(f"a {e.fold} of type {text_of_type(e.type)}")
            if isinstance(e.type, Maps):
                expect("the body", e.body.type, e.type.value_domain)
                expect("the key", e.key.type if e.key is not None else e.type, e.type.key_domain)
            else:
                expect("the body", e.body.type, _element(e.type))
        case _:
            assert_never(e.fold)


# ---------------------------------------------------------------- other rules


def function_named(name: str, program: Program) -> Function:
    """Return a function of the Program. Raises Misfit if there is none."""
    if name not in program.functions:
        raise Misfit(f"there is no function '{name}'")
    return program.functions[name]


def fit_arguments(called: Function, arguments: tuple[ex.Expression, ...]) -> None:
    """Raise Misfit unless the arguments are what the parameters ask for."""
    if len(arguments) != len(called.parameters):
        raise Misfit(f"{len(arguments)} arguments for the {len(called.parameters)} parameters of '{called.name}'")
    for parameter, argument in zip(called.parameters, arguments):
        expect(f"the argument for '{parameter.name}' of '{called.name}'", argument.type, parameter.type)
        if parameter.by_reference and not _is_variable(argument):
            raise Misfit(f"the argument for '{parameter.name}' of '{called.name}' is no local, which it would change")


def _is_variable(argument: ex.Expression) -> bool:
    return isinstance(argument, ex.Load) and isinstance(argument.place.root, ex.Local) and not argument.place.steps


def _instance(number: int, arguments: tuple[tuple[int, ex.Expression], ...], program: Program) -> None:
    if not 0 <= number < len(program.actions):
        raise Misfit(f"there is no action {number}")
    action = function_named(program.actions[number], program)
    for position, argument in arguments:
        if not 0 <= position < len(action.parameters):
            raise Misfit(f"'{action.name}' has no parameter {position}")
        expect(f"the argument for '{action.parameters[position].name}' of '{action.name}'", argument.type, action.parameters[position].type)
