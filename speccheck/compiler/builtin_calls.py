"""Calls of builtins, and of what the standard library has for values."""

import builtins
import copy as copying
import dataclasses
import types
import typing
from collections.abc import Callable
from typing import Any

from speccheck.compiler import comprehensions, folds
from speccheck.compiler.attributes import alternative
from speccheck.compiler.coercions import (
    after,
    decided,
    described,
    domain_of_operand,
    integer_of,
    is_integral,
    joined,
    most_elements,
    number,
    one_of,
    truth,
    value_of,
)
from speccheck.compiler.comparisons import as_frozenset, less, ordered_values, smaller
from speccheck.compiler.constructors import computed, frozen_record
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.operators import arithmetic, binary
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.sharing import copied
from speccheck.compiler.writer import Writer
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.dsl import statements as dsl_statements
from speccheck.model.syntax.functions import class_member
from speccheck.program.expressions import And, Comprehension, Constant, Convert, Expression, GetField, IfThenElse, IsAlternative, Length, Or, Sorted
from speccheck.program.types import BOOL
from speccheck.source import Span


def length_of(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what `len(...)` denotes."""
    from speccheck.compiler.calls import call_function

    (of,) = positional
    if (own := user_method(of, "__len__")) is not None:
        return call_function(w, own, [of], {}, span)
    match of:
        case Known():
            return computed(len, [of], {}, span)
        case Row(items):
            return _known_in_advance(len(items), of, span)
        case Through(iterator=True):
            raise NotCompiled("the length of an iterator", span, "Write sum(1 for ...).")
        case Through(brackets="set"):
            return Value(Length(Integers(0, of.most), span, value_of(of, span)))
        case Through():
            return Value(folds.count(w, of, span))
        case Value() | Part():
            if isinstance(of.domain, Union):
                having = [n for n, one in enumerate(of.domain.alternatives) if not isinstance(one, Enumerated | Integers)]
                if len(having) == 1:
                    return length_of(w, [alternative(of, of.domain, having[0], span)], named, span)
            if isinstance(of.domain, Product) and issubclass(of.domain.cls, tuple):
                return _known_in_advance(len(of.domain.domains), of, span)
            if isinstance(of.domain, Maps) and of.domain.total:
                return _known_in_advance(of.domain.key_domain.size, of, span)
            if isinstance(of.domain, Lists | Sequences | Sets | FrozenSets | Bags | Maps):
                return Value(Length(Integers(0, most_elements(of.domain)), span, value_of(of, span)))
    raise NotCompiled(f"the length of {described(of)}", span)


def user_method(of: Operand, name: str) -> Any:
    """Return the special method that the user gave the class of a record; None if it is Python's own."""
    if not isinstance(of, Value | Part) or not isinstance(of.domain, Product | Records):
        return None
    found = class_member(of.domain.cls, name)
    return found if isinstance(found, types.FunctionType) and found.__module__ == of.domain.cls.__module__ else None


def _extreme(name: str) -> Callable[..., Operand]:
    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        if "key" in named:
            return _extreme_by_key(w, name, positional, named, span)
        if len(positional) == 1:
            if isinstance(positional[0], Known) and not isinstance(positional[0].value, SortMeta):
                known = list(positional[0].value)
                if "default" in named and (not known or not isinstance(named["default"], Known)):
                    return after(Known(getattr(builtins, name)(known)), named["default"], span) if known else named["default"]
                return computed(getattr(builtins, name), positional, named, span)
            if isinstance(positional[0], Row) and len(positional[0].items) > 1:
                return handled(w, list(positional[0].items), {}, span)
            return after(folds.extreme(w, name, positional[0], named.get("default"), span), named.get("default"), span)
        if all(isinstance(one, Known) for one in positional):
            return computed(getattr(builtins, name), positional, {}, span)
        bools = folds.are_bools(name, [domain_of_operand(one, span) for one in positional], span)
        result = positional[0]
        for one in positional[1:]:
            test = less(one, result, False, span) if name == "min" else less(result, one, False, span)
            a, b = comparable(one, span), comparable(result, span)
            low, high = joined([a, b])
            chosen: Expression = IfThenElse(low.type, span, test, low, high)
            result = Value(_narrowed(name, chosen, a.type, b.type, span))
        return Value(truth(result, span)) if bools else result

    return handled


def comparable(one: Operand, span: Span) -> Expression:
    """Return a value as what Python compares: a bool as an integer."""
    return integer_of(one, span) if is_integral(domain_of_operand(one, span)) else value_of(one, span)


def _narrowed(name: str, chosen: Expression, a: Any, b: Any, span: Span) -> Expression:
    """The extreme of two intervals lies in a smaller one than they span."""
    if isinstance(a, Integers) and isinstance(b, Integers):
        pick = min if name == "min" else max
        return converted_interval(chosen, Integers(pick(a.low, b.low), pick(a.high, b.high)), span)
    return chosen


def converted_interval(value: Expression, domain: Integers, span: Span) -> Expression:
    """Return an integer as one of an interval that certainly contains it."""
    assert isinstance(value.type, Integers)
    return (
        value if (value.type.low, value.type.high) == (domain.low, domain.high) else Convert(domain, span, value, "beyond")
    )  # certain, but not for whoever only reads types


def _extreme_by_key(w: Writer, name: str, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if len(positional) != 1:
        raise NotCompiled(f"{name}(...) of several values with a key", span)
    listed = sorted_of(w, positional, {"key": named["key"], "reverse": Known(name == "max")}, span)
    whole = value_of(listed, span)
    assert isinstance(whole.type, Lists)
    going = comprehensions.through(w, listed, span)
    return after(folds.first(w, going, named.get("default"), span), named.get("default"), span)


def _sum(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    start = positional[1] if len(positional) > 1 else named.get("start", Known(0))
    if isinstance(positional[0], Known) and isinstance(start, Known):
        return computed(sum, positional, named, span)
    if (len(positional) > 1 or "start" in named) and not comprehensions.through(w, positional[0], span).ordered:
        raise NotCompiled("a sum with a start, of something without an order", span, "Add the start.")  # CPython asks for an order there
    return folds.total(w, positional[0], start, span)


def _abs(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    if isinstance(of, Known):
        return computed(abs, positional, named, span)
    one = integer_of(of, span)
    assert isinstance(one.type, Integers)
    if one.type.low >= 0:
        return Value(one)
    negative = value_of(arithmetic("-", number(0, span), one, span), span)
    a, b = joined([negative, one])
    chosen = IfThenElse(a.type, span, smaller(one, number(0, span), False, span), a, b)
    low, high = sorted((abs(one.type.low), abs(one.type.high)))
    if one.type.low <= 0 <= one.type.high:
        low = 0
    return Value(converted_interval(chosen, Integers(low, min(high, 2**63 - 1)), span))


def _divmod(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    a, b = positional
    return Row((binary(w, "FloorDiv", a, b, span), binary(w, "Mod", a, b, span)))


def _isinstance(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    of, classes = positional
    if isinstance(classes, Row) and all(isinstance(one, Known) for one in classes.items):
        classes = Known(tuple(one.value for one in classes.items if isinstance(one, Known)))
    if not isinstance(classes, Known):
        raise NotCompiled("isinstance with a class that is not known", span)
    return Value(is_instance(of, classes.value, span)) if not isinstance(of, Known) else Known(isinstance(of.value, classes.value))


def is_instance(of: Operand, classes: Any, span: Span) -> Expression:
    """Return whether a value is an instance of a class (or of one of several)."""
    if isinstance(classes, types.UnionType):
        classes = typing.get_args(classes)
    classes = tuple(classes) if isinstance(classes, tuple) else (classes,)
    domain = domain_of_operand(of, span)
    if isinstance(domain, Union):
        whole, tests = value_of(of, span), []
        full = frozenset(n for n, one in enumerate(domain.alternatives) if all_instances(one, classes) is True)
        if full:
            tests.append(IsAlternative(BOOL, span, whole, full))
        for n, one in enumerate(domain.alternatives):
            if n not in full and isinstance(one, Enumerated) and any(isinstance(v, classes) for v in one.values):
                inner = Convert(one, span, whole, "error")
                some = one_of(inner, [v for v in one.values if isinstance(v, classes)], span)
                tests.append(And(BOOL, span, (IsAlternative(BOOL, span, whole, frozenset({n})), some)))  # type: ignore[arg-type]
        return tests[0] if len(tests) == 1 else Or(BOOL, span, tuple(tests)) if tests else decided(False, span, of)
    if isinstance(domain, Enumerated):
        return one_of(value_of(of, span), [v for v in domain.values if isinstance(v, classes)], span)
    return decided(all_instances(domain, classes), span, of)


def all_instances(domain: Domain, classes: tuple[type, ...]) -> bool:
    """Return whether all values of a domain are instances of one of the classes."""
    match domain:
        case Enumerated():
            return bool(domain.values) and all(isinstance(value, classes) for value in domain.values)
        case Integers():
            return any(issubclass(int, one) for one in classes)
        case Product() | Records():
            return issubclass(domain.cls, classes)
    kinds: dict[type, type] = {Lists: list, Sets: set, FrozenSets: frozenset, Maps: dict, Bags: Bag, Sequences: tuple}
    return issubclass(kinds[type(domain)], classes)


def sorted_of(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what `sorted(...)` denotes."""
    from speccheck.compiler.calls import apply

    reverse = named.get("reverse", Known(False))
    if not isinstance(reverse, Known):
        raise NotCompiled("sorted with a 'reverse' that is not a constant", span)
    if isinstance(positional[0], Known) and not isinstance(positional[0].value, type) and not list(positional[0].value):
        return Known([], fresh=True)
    going = comprehensions.through(w, positional[0], span)
    body = value_of(going.body, span)
    key = named.get("key")
    if isinstance(key, Known) and key.value is None:
        key = None
    if not going.ordered and key is not None:
        raise NotCompiled("sorted with a key, of something without an order", span)
    element: Any = body.type
    if element.mutable or going.most > 1 << 14:
        raise NotCompiled(f"sorted of {element.describe()}", span)
    listed = Comprehension(Lists(element, going.most), span, "list", going.generators, body)
    if key is None:
        if not ordered_values(element):
            raise NotCompiled(f"sorted of {element.describe()}, whose order in Python is not that of its domain", span)
        return Value(Sorted(listed.type, span, listed, bool(reverse.value)))
    variable = w.fresh("each", element)
    with w.into(None):
        by = apply(w, key, [w.operand(variable, span)], {}, span)
    compared = comparable(by, span)
    if not ordered_values(compared.type):  # type: ignore[arg-type]
        raise NotCompiled("sorted by a key whose order in Python is not that of its domain", span)
    return Value(Sorted(listed.type, span, listed, bool(reverse.value), variable, compared))


def _bool(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    return Value(truth(positional[0], span)) if positional else Known(False)


def _int(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    return Value(integer_of(positional[0], span)) if positional else Known(0)


def as_container(w: Writer, operand: Operand, kind: type, span: Span) -> Operand:
    """Return what `list(operand)`, or another class of containers, denotes."""
    return folds.collected(w, operand, kind, span)


def _container(kind: type) -> Callable[..., Operand]:
    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        if not positional:
            return Known(kind(), fresh=True)
        (of,) = positional
        if kind is set and isinstance(of, Value | Part) and isinstance(of.domain, Sets):
            return Value(copied(of, span), ordered=False)
        if kind is frozenset and isinstance(of, Value | Part) and isinstance(of.domain, Sets):
            return as_frozenset(of, span)
        if kind is list and isinstance(of, Value | Part) and isinstance(of.domain, Lists) and not of.domain.element.mutable:
            return Value(copied(of, span))
        return as_container(w, of, kind, span)

    return handled


def dict_of(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what `dict(...)` denotes."""
    if named:
        raise NotCompiled("dict(...) with names", span)
    if not positional:
        return Known({}, fresh=True)
    (of,) = positional
    if isinstance(of, Value | Part) and isinstance(of.domain, Maps):
        return Value(copied(of, span), of.ordered)
    return folds.mapped(w, comprehensions.through(w, of, span), span)


def _bag(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if not positional:
        return Known(Bag(), fresh=True)
    (of,) = positional
    if isinstance(of, Value | Part) and isinstance(of.domain, Bags):
        return Value(copied(of, span), ordered=False)
    return folds.bag_of(w, of, span)


def _iter(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    going = comprehensions.through(w, positional[0], span)
    if not going.ordered:
        raise NotCompiled("iter of something without an order", span, "Write sorted(...).")
    return dataclasses.replace(going, iterator=True)


def _next(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if not (isinstance(positional[0], Through) and positional[0].iterator):
        raise NotCompiled(f"next of {described(positional[0])}, which is no iterator", span, "Write iter(...).")
    default = positional[1] if len(positional) > 1 else None
    return after(folds.first(w, positional[0], default, span), default, span)


def _copy(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    if isinstance(of, Known):
        return Known(copying.deepcopy(of.value), fresh=True)
    return Value(copied(of, span, deep=True), not isinstance(domain_of_operand(of, span), Sets | Maps | Bags))


def _replace(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    domain = domain_of_operand(of, span)
    if isinstance(domain, Union) and len(records := [n for n, one in enumerate(domain.alternatives) if isinstance(one, Product)]) == 1:
        of = alternative(of if isinstance(of, Value | Part) else Value(value_of(of, span)), domain, records[0], span)
        domain = of.domain
    if (
        not isinstance(domain, Product)
        or not dataclasses.is_dataclass(domain.cls)
        or not set(named) <= set(domain.names)
        or hasattr(domain.cls, "__post_init__")
    ):
        raise NotCompiled(f"replace of {domain.describe()}", span)
    whole = value_of(of, span)
    fields = [named.get(name, Value(GetField(one, span, whole, i))) for i, (name, one) in enumerate(zip(domain.names, domain.domains))]
    made = frozen_record(w, domain.cls, [], dict(zip(domain.names, fields)), span)
    return after(made, of, span) if set(named) >= set(domain.names) else made


MANY = 1 << 16
# How many positional arguments a builtin takes, at least and at most, and which names: whatever else it is given CPython reports, or does something else with
TAKES: dict[Any, tuple[int, int, frozenset[str]]] = {
    len: (1, 1, frozenset()), min: (1, MANY, frozenset({"key", "default"})), max: (1, MANY, frozenset({"key", "default"})), sum: (1, 2, frozenset({"start"})),
    abs: (1, 1, frozenset()), divmod: (2, 2, frozenset()), isinstance: (2, 2, frozenset()), sorted: (1, 1, frozenset({"key", "reverse"})),
    bool: (0, 1, frozenset()), int: (0, 1, frozenset()), list: (0, 1, frozenset()), tuple: (0, 1, frozenset()), set: (0, 1, frozenset()),
    frozenset: (0, 1, frozenset()), dict: (0, 1, frozenset()), Bag: (0, 1, frozenset()), next: (1, 2, frozenset()), iter: (1, 1, frozenset()),
    all: (1, 1, frozenset()), any: (1, 1, frozenset()), range: (1, 3, frozenset()), enumerate: (1, 2, frozenset({"start"})),
    zip: (1, MANY, frozenset({"strict"})),
    reversed: (1, 1, frozenset()), dsl_statements.copy: (1, 1, frozenset()), copying.copy: (1, 1, frozenset()), copying.deepcopy: (1, 1, frozenset()),
}  # fmt: skip


def _is_false(given: Operand | None) -> bool:
    return given is None or (isinstance(given, Known) and given.value is False)


def refuse_other_arguments(function: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> None:
    """Refuse a call of a builtin with arguments that it does not take, or that are not compiled."""
    if function not in TAKES:
        return
    least, most, names = TAKES[function]
    if not least <= len(positional) <= most or not set(named) <= names or ("default" in named and len(positional) > 1) or not _is_false(named.get("strict")):
        raise NotCompiled(f"this call of {function.__name__}", span)


HANDLERS: dict[Any, Callable[..., Operand]] = {
    len: length_of,
    min: _extreme("min"),
    max: _extreme("max"),
    sum: _sum,
    abs: _abs,
    divmod: _divmod,
    isinstance: _isinstance,
    sorted: sorted_of,
    bool: _bool,
    int: _int,
    list: _container(list),
    tuple: _container(tuple),
    set: _container(set),
    frozenset: _container(frozenset),
    dict: dict_of,
    Bag: _bag,
    next: _next,
    iter: _iter,
    all: lambda w, positional, named, span: folds.all_any(w, "all", positional[0], span),
    any: lambda w, positional, named, span: folds.all_any(w, "any", positional[0], span),
    range: lambda w, positional, named, span: comprehensions.range_of(w, positional, span),
    enumerate: lambda w, positional, named, span: comprehensions.enumerated(
        w, positional[0], positional[1] if len(positional) > 1 else named.get("start", Known(0)), span
    ),
    zip: lambda w, positional, named, span: comprehensions.zipped(w, positional, span),
    reversed: lambda w, positional, named, span: comprehensions.reversed_(w, positional[0], span),
    dsl_statements.copy: _copy,
    copying.copy: _copy,
    copying.deepcopy: _copy,
    dataclasses.replace: _replace,
}


def _known_in_advance(answer: int, of: Operand, span: Span) -> Operand:
    """Return a number that is known without an operand, which is evaluated all the same: it may fail."""
    there = decided(True, span, of)
    if isinstance(there, Constant):
        return Known(answer)
    one = number(answer, span)
    return Value(IfThenElse(one.type, span, there, one, one))
