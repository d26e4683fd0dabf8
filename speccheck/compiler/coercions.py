"""Coercions: from an operand to an expression of a certain type, to a bool, to a comparison. Python's meaning of truth and equality.

expression_in(Known("commit"), <Prepared | Literal["commit", "abort"]>, "domain")   ->  Constant
truth(Value(<T | None>))                                                            ->  IsAlternative
"""

import types
from enum import Enum
from typing import Any

from speccheck.compiler.joins import alike, domain_of_value, fits, is_scalar, join_all, record_of
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, Row, State, SubsetsOf, SuperOf, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.model.syntax.functions import class_member
from speccheck.program.expressions import (
    And,
    Comprehension,
    Constant,
    Convert,
    Equal,
    Expression,
    Failure,
    FieldStep,
    IfThenElse,
    IsAlternative,
    IsOneOf,
    Length,
    Load,
    MakeRecord,
    Not,
    Or,
    ToInteger,
)
from speccheck.program.relations import holds
from speccheck.program.types import BOOL, identity
from speccheck.source import Span

LISTED = 64  # a list of which nobody says how long it may be: more elements are CPython's business


def constant(value: Any, domain: Domain, span: Span) -> Constant:
    """Return a plain value as a constant of a domain that contains it."""
    return Constant(domain, span, domain.freeze_any(value))


def true(value: bool, span: Span) -> Constant:
    """Return a bool as a constant."""
    return Constant(BOOL, span, value)


def number(value: int, span: Span) -> Constant:
    """Return an integer as a constant."""
    return Constant(Integers(value, value), span, value)


def domain_of_operand(operand: Operand, span: Span) -> Domain:
    """Return the domain of the value that an operand is; refuses what is no value."""
    match operand:
        case Known(value):
            if not is_value(value):
                raise NotCompiled(f"{_named(value)} as a value", span)
            return domain_of_value(value)
        case Value() | Part():
            return operand.domain
        case Row(items):
            domains = tuple(domain_of_operand(item, span) for item in items)
            return record_of(tuple, tuple(map(str, range(len(items)))), domains)
        case Through(brackets="list") if operand.ordered:
            return Lists(domain_of_operand(operand.body, span), operand.most)
        case Through(brackets="set"):
            element = domain_of_operand(operand.body, span)
            return Sets(element, min(element.size, operand.most))
    raise NotCompiled(f"{described(operand)} as a value", span)


def domain_or_none(operand: Operand) -> Domain | None:
    """Return the domain of an operand that is a value; None for any other."""
    if isinstance(operand, Value | Part):
        return operand.domain
    if isinstance(operand, Known) and isinstance(operand.value, set | frozenset):
        return domain_of_value(operand.value)
    return None


def is_value(value: Any) -> bool:
    """Return whether an object known now is data, and no class or function."""
    match value:
        case tuple() | list() | set() | frozenset():
            return all(map(is_value, value))
        case dict():
            return all(map(is_value, value)) and all(map(is_value, value.values()))
        case Bag():
            return True
    return is_scalar(value) or (not isinstance(value, type) and (hasattr(value, "__dataclass_fields__") or hasattr(value, "_part_domain")))


def described(operand: Operand) -> str:
    """Return in words what an operand is."""
    match operand:
        case Known(value):
            return _named(value)
        case Through(brackets=None):
            return "an iterator"
        case Through():
            return "a list made from something without an order"
        case Method(_, name):
            return f"the method '{name}'"
        case Closure():
            return "a lambda"
        case State():
            return "the whole state"
        case SubsetsOf():
            return "subsets(...)"
        case SuperOf():
            return "super()"
        case Row():
            return "a tuple of parts"
    return operand.domain.describe()


def _named(value: Any) -> str:
    return getattr(value, "__name__", None) or repr(value)


# ---------------------------------------------------------------- values


def value_of(operand: Operand, span: Span) -> Expression:
    """Return the value that an operand is, in its own domain."""
    match operand:
        case Value(expression):
            return expression
        case Part(place):
            return Load(place.domain, span, place)
    return expression_in(operand, domain_of_operand(operand, span), None, span)


def expression_in(operand: Operand, domain: Domain, failure: Failure | None, span: Span) -> Expression:
    """Return the value of an operand as one of a domain; a value that is outside of it fails as `failure` says (None: it never is)."""
    match operand:
        case Known(value):
            return _known_in(value, domain, failure, span)
        case Value() | Part():
            return converted(value_of(operand, span), domain, failure)
        case Row(items):
            return _row_in(items, domain, failure, span)
        case Through(generators, body) if operand.brackets is not None:
            own = domain_of_operand(operand, span)
            fold: Any = operand.brackets
            made = Comprehension(own, span, fold, generators, expression_in(body, own.element, None, span))  # type: ignore[attr-defined]
            return converted(made, domain, failure)
    raise NotCompiled(f"{described(operand)} as a value", span)


def _known_in(value: Any, domain: Domain, failure: Failure | None, span: Span) -> Expression:
    if not is_value(value):
        raise NotCompiled(f"{_named(value)} as a value", span)
    if failure == "domain" and _other_kind(domain_of_value(value), domain):
        raise NotCompiled(f"{_named(value)} stored as {domain.describe()}", span, "Write set(...), frozenset(...), list(...) or tuple(...).")
    try:
        return constant(value, domain, span)
    except OutsideDomain:
        pass
    own = domain_of_value(value)
    return Convert(domain, span, constant(value, own, span), failure or "error")


def _row_in(items: tuple[Operand, ...], domain: Domain, failure: Failure | None, span: Span) -> Expression:
    if isinstance(domain, Product) and domain.cls is tuple and len(domain.domains) == len(items):
        return MakeRecord(domain, span, tuple(expression_in(item, one, failure, span) for item, one in zip(items, domain.domains)))
    own = domain_of_operand(Row(items), span)
    return converted(_row_in(items, own, None, span), domain, failure)


def converted(value: Expression, domain: Domain, failure: Failure | None) -> Expression:
    """Return a value as one of another domain."""
    assert isinstance(value.type, Domain)
    if identity(value.type) == identity(domain):
        return value
    if _equals_others(value.type) and not fits(value.type, domain):
        raise NotCompiled(f"{value.type.describe()}, whose members equal texts or numbers, as {domain.describe()}", value.span, "Write x.value.")
    if failure == "domain" and _other_kind(value.type, domain):
        raise NotCompiled(f"{value.type.describe()} stored as {domain.describe()}", value.span, "Write set(...), frozenset(...), list(...) or tuple(...).")
    if isinstance(value, Constant):
        try:
            return Constant(domain, value.span, domain.freeze_any(value.type.plain(value.value)))
        except OutsideDomain:
            pass
    if fits(value.type, domain):
        return Convert(domain, value.span, value, None)
    if isinstance(value, MakeRecord) and isinstance(domain, Product) and isinstance(value.type, Product) and alike(value.type, domain):
        return MakeRecord(domain, value.span, tuple(converted(one, to, failure) for one, to in zip(value.fields, domain.domains)))
    return Convert(domain, value.span, value, failure or "error")


def _equals_others(domain: Domain) -> bool:
    return isinstance(domain, Enumerated) and any(isinstance(value, Enum) and isinstance(value, int | str) for value in domain.values)


def _other_kind(source: Domain, target: Domain) -> bool:
    """Whether a value would have to change its type: a domain contains values of exactly its own (semantics 1.5)."""
    if isinstance(source, Union):
        return any(_other_kind(one, target) for one in source.alternatives)
    if isinstance(target, Union):
        return any(_other_kind(source, one) for one in target.alternatives) and not any(type(source) is type(one) for one in target.alternatives)
    tuples = isinstance(source, Sequences) or (isinstance(source, Product) and issubclass(source.cls, tuple))
    pairs = ((Sets, FrozenSets), (FrozenSets, Sets), (Lists, Sequences))
    return any(isinstance(source, a) and isinstance(target, b) for a, b in pairs) or (tuples and isinstance(target, Lists))


def integer_of(operand: Operand, span: Span) -> Expression:
    """Return the value of an operand as an integer: a bool counts as 0 or 1, what is no number fails as CPython does, with `error`."""
    domain = domain_of_operand(operand, span)
    if isinstance(operand, Known) and isinstance(operand.value, bool | int):
        return number(int(operand.value), span)
    if is_bool(domain):
        return ToInteger(Integers(0, 1), span, value_of(operand, span))
    if isinstance(domain, Integers):
        return value_of(operand, span)
    if isinstance(domain, Enumerated) and all(type(value) is int for value in domain.values) and domain.values:
        return Convert(Integers(min(domain.values), max(domain.values)), span, value_of(operand, span), None)
    if isinstance(domain, Union) and (numbers := [n for n, one in enumerate(domain.alternatives) if is_integral(one)]):
        return _integer_of_union(value_of(operand, span), domain, numbers, span)
    if is_none(domain):  # what a variable is before it gets a number: CPython raises
        return Convert(Integers(0, 0), span, value_of(operand, span), "error")
    raise NotCompiled(f"{domain.describe()} where a number is needed", span)


def _integer_of_union(whole: Expression, domain: Union, numbers: list[int], span: Span) -> Expression:
    result: Expression | None = None
    for n in reversed(numbers):
        one = integer_of(Value(Convert(domain.alternatives[n], span, whole, "error")), span)
        if result is None:
            result = one
        else:
            a, b = joined([one, result])
            result = IfThenElse(a.type, span, IsAlternative(BOOL, span, whole, frozenset({n})), a, b)
    assert result is not None
    return result


def is_none(domain: Domain) -> bool:
    """Return whether None is the only value."""
    return isinstance(domain, Enumerated) and domain.values == (None,)


def may_be_bool(domain: Domain) -> bool:
    """Return whether some of the values are bools."""
    if isinstance(domain, Union):
        return any(map(may_be_bool, domain.alternatives))
    return isinstance(domain, Enumerated) and any(type(value) is bool for value in domain.values)


def adds_as_number(domain: Domain) -> bool:
    """Return whether a value is a number, if it is something that can be added: not None, for instance."""
    if not isinstance(domain, Union):
        return is_integral(domain)
    return any(map(is_integral, domain.alternatives)) and not any(isinstance(one, Lists | Sequences | Product) for one in domain.alternatives)


def is_numeric(domain: Domain) -> bool:
    """Return whether the values are integers (bools included), also of several alternatives."""
    return is_integral(domain) or (isinstance(domain, Union) and all(map(is_integral, domain.alternatives)))


def is_bool(domain: Domain) -> bool:
    """Return whether the values are bools."""
    return isinstance(domain, Enumerated) and bool(domain.values) and all(type(value) is bool for value in domain.values)


def is_integral(domain: Domain) -> bool:
    """Return whether the values are integers (bools included)."""
    return isinstance(domain, Integers) or is_bool(domain) or (
        isinstance(domain, Enumerated) and bool(domain.values) and all(type(value) is int for value in domain.values)
    )  # fmt: skip


# ---------------------------------------------------------------- truth


def truth(operand: Operand, span: Span) -> Expression:
    """Return Python's truth of a value as a bool."""
    match operand:
        case Known(value):
            return true(bool(value) if is_value(value) else True, span)
        case Row(items):
            return decided(bool(items), span, operand)
        case Through(brackets=None):
            raise NotCompiled("the truth of an iterator", span)
        case Through(generators):
            return Comprehension(BOOL, span, "any", generators, true(True, span))
        case Value() | Part():
            return _truth(operand, span)
        case State() | Closure():
            return true(True, span)
    raise NotCompiled(f"the truth of {described(operand)}", span)


def _truth(operand: Value | Part, span: Span) -> Expression:
    match operand.domain:
        case Enumerated() as domain:
            if is_bool(domain):
                return converted(value_of(operand, span), BOOL, None)
            return one_of(value_of(operand, span), [value for value in domain.values if value], span)
        case Integers():
            return Not(BOOL, span, Equal(BOOL, span, *joined([value_of(operand, span), number(0, span)])))
        case Lists() | Sets() | FrozenSets() | Maps() | Bags() | Sequences():
            return Not(BOOL, span, Equal(BOOL, span, *joined([Length(_lengths(operand.domain), span, value_of(operand, span)), number(0, span)])))
        case Product() | Records() as domain if any(class_member(domain.cls, name).__class__ is types.FunctionType for name in ("__bool__", "__len__")):
            raise NotCompiled(f"the truth of a {domain.cls.__name__}, whose class says what is true", span, "Write what is meant.")
        case Product() as domain:
            return decided(not issubclass(domain.cls, tuple) or bool(domain.domains), span, operand)
        case Records():
            return decided(True, span, operand)
        case Union() as domain:
            return _truth_of_union(value_of(operand, span), domain, span)
    raise AssertionError(operand.domain)


def _lengths(domain: Domain) -> Integers:
    return Integers(0, most_elements(domain))


def most_elements(domain: Domain) -> int:
    """Return how many elements a container of this domain has at most."""
    match domain:
        case Lists() | Sequences() | Bags() | Sets() | FrozenSets():
            return domain.capacity
        case Maps():
            return domain.key_domain.size
        case Product():
            return len(domain.domains)
    return 0


def _truth_of_union(value: Expression, domain: Union, span: Span) -> Expression:
    always, scalars = set(), []
    for number_, one in enumerate(domain.alternatives):
        match one:
            case Enumerated():
                if all(map(bool, one.values)):
                    always.add(number_)
                elif any(map(bool, one.values)):
                    scalars.append(number_)
            case Records():
                always.add(number_)
            case Product():
                if not issubclass(one.cls, tuple) or one.domains:
                    always.add(number_)
            case _:
                scalars.append(number_)
    if scalars:
        parts: list[Expression] = [IsAlternative(BOOL, span, value, frozenset(always))] if always else []
        for number_ in scalars:
            inner = Convert(domain.alternatives[number_], span, value, "error")
            parts.append(And(BOOL, span, (IsAlternative(BOOL, span, value, frozenset({number_})), _truth(Value(inner), span))))
        return parts[0] if len(parts) == 1 else Or(BOOL, span, tuple(parts))
    return IsAlternative(BOOL, span, value, frozenset(always))


def one_of(value: Expression, values: list[Any], span: Span) -> Expression:
    """Return whether a scalar is one of some values of its domain."""
    assert isinstance(value.type, Enumerated)
    wanted = {(type(v), v) for v in values}
    return IsOneOf(BOOL, span, value, frozenset(i for i, v in enumerate(value.type.values) if (type(v), v) in wanted))


def joined(values: list[Expression]) -> list[Expression]:
    """Return values as ones of their common domain."""
    domain = join_all(value.type for value in values)  # type: ignore[misc]
    return [converted(value, domain, None) for value in values]


def decided(answer: bool, span: Span, *operands: Operand) -> Expression:
    """Return an answer that is known without the operands, which are evaluated all the same: they may fail."""
    tests: list[Expression] = []
    for one in operands:
        match one:
            case Row(items):
                inner = decided(True, span, *items)
                tests += [] if isinstance(inner, Constant) else [inner]
            case Value() | Part():
                whole = value_of(one, span)
                if not _is_plain(whole):
                    tests.append(Equal(BOOL, span, whole, whole))
    if not answer:
        tests.append(true(False, span))
    return true(answer, span) if len(tests) == (not answer) else tests[0] if len(tests) == 1 else And(BOOL, span, tuple(tests))


def reaching(test: Expression, span: Span, *operands: Operand) -> Expression:
    """Return a test before which operands are evaluated that it may leave out."""
    there = decided(True, span, *operands)
    return test if isinstance(there, Constant) else And(BOOL, span, (there, test))


def after(found: Operand, default: Operand | None, span: Span) -> Operand:
    """Return what a call gives that has a default, or another argument: that is evaluated also where it is not needed."""
    if default is None or isinstance(there := decided(True, span, default), Constant):
        return found
    whole = value_of(found, span)
    return Value(IfThenElse(whole.type, span, there, whole, _any_value(whole, span)), not isinstance(found, Value | Part) or found.ordered)


def _any_value(like: Expression, span: Span) -> Expression:
    """Return a constant of the type of an expression, where nobody reads it; the expression where the type has no constants that could be written."""
    domain: Any = like.type
    value = domain.unrank(0) if domain.size else None
    return Constant(domain, span, value) if domain.size and holds(domain, value) else like


def _is_plain(value: Expression) -> bool:
    """Return whether an expression certainly has a value, by its form."""
    match value:
        case Constant():
            return True
        case Load(place=place):
            return all(isinstance(step, FieldStep) for step in place.steps) and not isinstance(place.root, Expression)
        case IsOneOf(value=inner) | IsAlternative(value=inner) | Not(value=inner):
            return _is_plain(inner)
    return False
