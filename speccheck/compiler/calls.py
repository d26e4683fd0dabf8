"""Calls: of builtins, of what speccheck gives, of the user's functions and methods, and of the methods of containers that only read."""

import ast
import builtins
import copy as copying
import dataclasses
import inspect
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

from speccheck.compiler import changes, comprehensions
from speccheck.compiler.coercions import (
    as_frozenset,
    constant,
    converted,
    decided,
    described,
    domain_of_operand,
    equal,
    expression_in,
    integer_of,
    is_integral,
    is_value,
    joined,
    less,
    most_elements,
    number,
    one_of,
    ordered_values,
    same_sets,
    set_operation,
    smaller,
    true,
    truth,
    value_of,
)
from speccheck.compiler.joins import domain_of_value, join_all, record_of
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, Row, State, SubsetsOf, SuperOf, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.annotations import domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.base import ENUMERABLE, Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Record, Records, record_domain
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.dsl import formulas, processes, statements
from speccheck.dsl.rules import mark_of
from speccheck.dsl.spec import Spec, init_of
from speccheck.dsl.statements import is_annotation
from speccheck.errors import SpeccheckError
from speccheck.model.syntax.functions import class_member
from speccheck.program.expressions import (
    Comprehension,
    Constant,
    Convert,
    Count,
    Enabled,
    Expression,
    GetField,
    GetItem,
    IfThenElse,
    IndexOf,
    IsAlternative,
    Length,
    Load,
    MakeRecord,
    Occurs,
    Sorted,
    Source,
    Subset,
    SubsetsSource,
    ValuesSource,
)
from speccheck.program.statements import Choose, Require, Run
from speccheck.program.types import BOOL
from speccheck.source import Span


def call(w: Writer, tree: ast.Call, span: Span) -> Operand:
    """Return what a call denotes."""
    from speccheck.compiler.expressions import operand, several, starred

    function = operand(w, tree.func)
    before = len(w.replaced)
    if (isinstance(function, Known) and function.value is super) or (isinstance(tree.func, ast.Name) and tree.func.id == "super"):
        return _super(w, tree, span)
    if any(keyword.arg is None for keyword in tree.keywords):
        raise NotCompiled("** in a call", span)
    if any(isinstance(one, ast.Starred) for one in tree.args):
        positional = starred(w, tree.args, span)
        named = {keyword.arg: operand(w, keyword.value) for keyword in tree.keywords if keyword.arg}
    else:
        found = several(w, [*tree.args, *(keyword.value for keyword in tree.keywords)])
        positional = found[: len(tree.args)]
        named = {keyword.arg: one for keyword, one in zip(tree.keywords, found[len(tree.args) :]) if keyword.arg}
    if isinstance(function, Method) and isinstance(function.receiver, Part):
        receiver = function.receiver
        if receiver.place.steps and any(changes.may_contain(domain, receiver.domain) for domain in w.replaced[before:]):
            raise NotCompiled("a part that an argument of its method may replace", span, "Compute the argument before.")
    return apply(w, function, positional, named, span)


def apply(w: Writer, function: Operand, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of an operand denotes."""
    match function:
        case Method(receiver, _, user) if user is not None:
            return call_function(w, user, [receiver, *positional], named, span)
        case Method(receiver, name):
            return _container_method(w, receiver, name, positional, named, span)
        case Closure():
            return _call_closure(w, function, positional, span)
        case Known(known):
            return _known(w, known, positional, named, span)
    raise NotCompiled(f"a call of {described(function)}", span)


def _super(w: Writer, tree: ast.Call, span: Span) -> Operand:
    if tree.args:
        raise NotCompiled("super with arguments", span)
    first = next(iter(w.given), None)
    if first is None or w.owner is None:
        raise NotCompiled("super() outside a method", span)
    return SuperOf(w.owner, w.given[first])


def _call_closure(w: Writer, closure: Closure, positional: list[Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import operand

    names = [argument.arg for argument in closure.tree.args.args]
    if len(names) != len(positional):
        raise NotCompiled("this call of a lambda", span)
    with w.naming({**closure.around, **dict(zip(names, positional))}):
        return operand(w, closure.tree.body)


# ---------------------------------------------------------------- what is known by name


def _known(w: Writer, known: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    handler = _HANDLERS.get(_hashable(known))
    if handler is not None:
        return handler(w, positional, named, span)
    if known is typing.cast:
        return positional[1]
    if isinstance(known, type):
        return _construct(w, known, positional, named, span)
    if isinstance(known, types.FunctionType) or mark_of(known) is not None:
        return call_function(w, known, positional, named, span)
    if isinstance(known, types.BuiltinFunctionType) and all(isinstance(one, Known) for one in (*positional, *named.values())):
        return _computed(known, positional, named, span)
    raise NotCompiled(f"a call of {described(Known(known))}", span)


def _hashable(known: Any) -> Any:
    try:
        hash(known)
    except TypeError:
        return None
    return known


def _computed(known: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    try:
        return Known(known(*(one.value for one in positional), **{name: one.value for name, one in named.items()}))  # type: ignore[union-attr]
    except Exception as error:
        raise NotCompiled(f"a call of {described(Known(known))} that raises {type(error).__name__}", span) from None


def _construct(w: Writer, cls: type, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if issubclass(cls, Record):
        return _record(w, record_domain(cls), positional, named, span)
    if issubclass(cls, Spec):
        return _abstract_state(w, cls, positional, named, span)
    if dataclasses.is_dataclass(cls) or (issubclass(cls, tuple) and hasattr(cls, "_fields")):
        return _frozen(w, cls, positional, named, span)
    if issubclass(cls, Enum) and len(positional) == 1 and isinstance(positional[0], Known):
        return Known(cls(positional[0].value))
    raise NotCompiled(f"a call of {cls.__name__}", span)


def _frozen(w: Writer, cls: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if hasattr(cls, "__post_init__") or ("__new__" in vars(cls) and dataclasses.is_dataclass(cls)):
        raise NotCompiled(f"'{cls.__name__}', which does something when it is made", span)
    names = tuple(field.name for field in dataclasses.fields(cls)) if dataclasses.is_dataclass(cls) else tuple(cls._fields)
    arguments = _bound(cls, positional, named, span)
    values = [arguments[name] for name in names]
    if all(isinstance(one, Known) and is_value(one.value) for one in values):
        return Known(cls(*(one.value for one in values)))  # type: ignore[union-attr]
    declared = _declared(cls)
    domains = []
    for i, one in enumerate(values):
        own = domain_of_operand(one, span)
        if own.mutable:
            raise NotCompiled(f"the mutable value {described(one)} in a {cls.__name__}", span)
        from speccheck.compiler.joins import fits

        domains.append(declared.domains[i] if declared is not None and fits(own, declared.domains[i]) else own)
    made = record_of(cls, names, tuple(domains))
    return Value(MakeRecord(made, span, tuple(expression_in(one, domain, None, span) for one, domain in zip(values, domains))))


def _declared(cls: Any) -> Product | None:
    try:
        found = domain_of(cls)
    except SpeccheckError:
        return None
    return found if isinstance(found, Product) else None


def _bound(function: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> dict[str, Operand]:
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*positional, **named)
    except (TypeError, ValueError):
        raise NotCompiled(f"this call of {described(Known(function))}", span) from None
    found: dict[str, Operand] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise NotCompiled(f"'{described(Known(function))}', which takes any arguments", span)
        if name in bound.arguments:
            found[name] = bound.arguments[name]
        elif parameter.default is not parameter.empty:
            found[name] = Known(parameter.default)
    return found


def _abstract_state(w: Writer, cls: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """A state of an abstract spec, in a mapping."""
    from speccheck.compiler.compile import state_domain

    if w.compiler.phase != "mapping" or (not named and init_of(cls) is not None):
        raise NotCompiled(f"a call of {cls.__name__}", span)
    return _record(w, state_domain(cls), positional, named, span)


def _record(w: Writer, domain: Records, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    cls = domain.cls
    if positional or not set(named) <= set(domain.fields):
        raise NotCompiled(f"this call of {cls.__name__}", span)
    fields: list[Expression] = []
    for name, one in domain.fields.items():
        if name in named:
            fields.append(expression_in(named[name], one, "domain", span))
        elif name in domain.defaults:
            fields.append(Constant(one, span, domain.defaults[name]))
        else:
            raise NotCompiled(f"a {cls.__name__} without '{name}'", span)
    return Value(MakeRecord(domain, span, tuple(fields)))


# ---------------------------------------------------------------- builtins


def _len(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    if (own := user_method(of, "__len__")) is not None:
        return call_function(w, own, [of], {}, span)
    match of:
        case Known(known):
            return Known(len(known))
        case Row(items):
            return _certainly(len(items), of, span)
        case Through(brackets="set"):
            return Value(Length(Integers(0, of.most), span, value_of(of, span)))
        case Through():
            return Value(comprehensions.count(w, of, span))
        case Value() | Part():
            if isinstance(of.domain, Union):
                from speccheck.compiler.expressions import alternative

                having = [n for n, one in enumerate(of.domain.alternatives) if not isinstance(one, Enumerated | Integers)]
                if len(having) == 1:
                    return _len(w, [alternative(of, of.domain, having[0], span)], named, span)
            if isinstance(of.domain, Product) and issubclass(of.domain.cls, tuple):
                return _certainly(len(of.domain.domains), of, span)
            if isinstance(of.domain, Maps) and of.domain.total:
                return _certainly(of.domain.key_domain.size, of, span)
            if isinstance(of.domain, Lists | Sequences | Sets | FrozenSets | Bags | Maps):
                return Value(Length(Integers(0, most_elements(of.domain)), span, value_of(of, span)))
    raise NotCompiled(f"the length of {described(of)}", span)


def _certainly(answer: int, of: Operand, span: Span) -> Operand:
    """Return a number that is known without an operand, which is evaluated all the same: it may fail."""
    there = decided(True, span, of)
    if isinstance(there, Constant):
        return Known(answer)
    one = number(answer, span)
    return Value(IfThenElse(one.type, span, there, one, one))


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
                return _computed(getattr(builtins, name), positional, named, span)
            if isinstance(positional[0], Row) and len(positional[0].items) > 1:
                return handled(w, list(positional[0].items), {}, span)
            return after(comprehensions.extreme(w, name, positional[0], named.get("default"), span), named.get("default"), span)
        if all(isinstance(one, Known) for one in positional):
            return _computed(getattr(builtins, name), positional, {}, span)
        result = positional[0]
        for one in positional[1:]:
            test = less(one, result, False, span) if name == "min" else less(result, one, False, span)
            a, b = _comparable(one, span), _comparable(result, span)
            low, high = joined([a, b])
            chosen: Expression = IfThenElse(low.type, span, test, low, high)
            result = Value(_narrowed(name, chosen, a.type, b.type, span))
        return result

    return handled


def _comparable(one: Operand, span: Span) -> Expression:
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
    listed = _sorted(w, positional, {"key": named["key"], "reverse": Known(name == "max")}, span)
    whole = value_of(listed, span)
    assert isinstance(whole.type, Lists)
    going = comprehensions.through(w, listed, span)
    return after(comprehensions.first(w, going, named.get("default"), span), named.get("default"), span)


def _sum(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    start = positional[1] if len(positional) > 1 else named.get("start", Known(0))
    if isinstance(positional[0], Known) and isinstance(start, Known):
        return _computed(sum, positional, named, span)
    if not (isinstance(start, Known) and start.value == 0) and not comprehensions.through(w, positional[0], span).ordered:
        raise NotCompiled("a sum with a start, of something without an order", span, "Add the start.")  # CPython asks for an order there
    return comprehensions.total(w, positional[0], start, span)


def _abs(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import _arithmetic

    (of,) = positional
    if isinstance(of, Known):
        return _computed(abs, positional, named, span)
    one = integer_of(of, span)
    assert isinstance(one.type, Integers)
    if one.type.low >= 0:
        return Value(one)
    negative = value_of(_arithmetic("-", number(0, span), one, span), span)
    a, b = joined([negative, one])
    chosen = IfThenElse(a.type, span, smaller(one, number(0, span), False, span), a, b)
    low, high = sorted((abs(one.type.low), abs(one.type.high)))
    if one.type.low <= 0 <= one.type.high:
        low = 0
    return Value(converted_interval(chosen, Integers(low, min(high, 2**63 - 1)), span))


def _divmod(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import binary

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
        full = frozenset(n for n, one in enumerate(domain.alternatives) if _all_instances(one, classes) is True)
        if full:
            tests.append(IsAlternative(BOOL, span, whole, full))
        for n, one in enumerate(domain.alternatives):
            if n not in full and isinstance(one, Enumerated) and any(isinstance(v, classes) for v in one.values):
                from speccheck.program.expressions import And

                inner = Convert(one, span, whole, "error")
                some = one_of(inner, [v for v in one.values if isinstance(v, classes)], span)
                tests.append(And(BOOL, span, (IsAlternative(BOOL, span, whole, frozenset({n})), some)))  # type: ignore[arg-type]
        from speccheck.program.expressions import Or

        return tests[0] if len(tests) == 1 else Or(BOOL, span, tuple(tests)) if tests else decided(False, span, of)
    if isinstance(domain, Enumerated):
        return one_of(value_of(of, span), [v for v in domain.values if isinstance(v, classes)], span)
    return decided(_all_instances(domain, classes), span, of)


def _all_instances(domain: Domain, classes: tuple[type, ...]) -> bool:
    match domain:
        case Enumerated():
            return bool(domain.values) and all(isinstance(value, classes) for value in domain.values)
        case Integers():
            return any(issubclass(int, one) for one in classes)
        case Product() | Records():
            return issubclass(domain.cls, classes)
    kinds: dict[type, type] = {Lists: list, Sets: set, FrozenSets: frozenset, Maps: dict, Bags: Bag, Sequences: tuple}
    return issubclass(kinds[type(domain)], classes)


def _sorted(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
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
    if not going.ordered and key is not None and not going.distinct:
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
    compared = _comparable(by, span)
    if not ordered_values(compared.type):  # type: ignore[arg-type]
        raise NotCompiled("sorted by a key whose order in Python is not that of its domain", span)
    return Value(Sorted(listed.type, span, listed, bool(reverse.value), variable, compared))


def _bool(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    return Value(truth(positional[0], span)) if positional else Known(False)


def _int(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    return Value(integer_of(positional[0], span)) if positional else Known(0)


def as_container(w: Writer, operand: Operand, kind: type, span: Span) -> Operand:
    """Return what `list(operand)`, or another class of containers, denotes."""
    return comprehensions.collected(w, operand, kind, span)


def _container(kind: type) -> Callable[..., Operand]:
    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        if not positional:
            return Known(kind(), fresh=True)
        (of,) = positional
        if kind is set and isinstance(of, Value | Part) and isinstance(of.domain, Sets):
            return Value(value_of(of, span), ordered=False)
        if kind is frozenset and isinstance(of, Value | Part) and isinstance(of.domain, Sets):
            return as_frozenset(of, span)
        if kind is list and isinstance(of, Value | Part) and isinstance(of.domain, Lists) and not of.domain.element.mutable:
            return Value(value_of(of, span))
        return as_container(w, of, kind, span)

    return handled


def _dict(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if named:
        raise NotCompiled("dict(...) with names", span)
    if not positional:
        return Known({}, fresh=True)
    (of,) = positional
    if isinstance(of, Value | Part) and isinstance(of.domain, Maps):
        return Value(value_of(of, span), of.ordered)
    return comprehensions.mapped(w, comprehensions.through(w, of, span), span)


def _bag(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if not positional:
        return Known(Bag(), fresh=True)
    (of,) = positional
    if isinstance(of, Value | Part) and isinstance(of.domain, Bags):
        return Value(value_of(of, span), ordered=False)
    return comprehensions.bag_of(w, of, span)


def _next(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    default = positional[1] if len(positional) > 1 else None
    return after(comprehensions.first(w, positional[0], default, span), default, span)


def _copy(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    if isinstance(of, Known):
        return Known(copying.deepcopy(of.value), fresh=True)
    return Value(value_of(of, span), not isinstance(domain_of_operand(of, span), Sets | Maps | Bags))


def _replace(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    (of,) = positional
    domain = domain_of_operand(of, span)
    if isinstance(domain, Union) and len(records := [n for n, one in enumerate(domain.alternatives) if isinstance(one, Product)]) == 1:
        from speccheck.compiler.expressions import alternative

        of = alternative(of if isinstance(of, Value | Part) else Value(value_of(of, span)), domain, records[0], span)
        domain = of.domain
    if not isinstance(domain, Product) or not set(named) <= set(domain.names) or hasattr(domain.cls, "__post_init__"):
        raise NotCompiled(f"replace of {domain.describe()}", span)
    whole = value_of(of, span)
    fields = [named.get(name, Value(GetField(one, span, whole, i))) for i, (name, one) in enumerate(zip(domain.names, domain.domains))]
    made = _frozen(w, domain.cls, fields, {}, span)
    return after(made, of, span) if set(named) >= set(domain.names) else made


# ---------------------------------------------------------------- what speccheck gives


def _require(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    w.acting("require", span)
    w.emit(Require(truth(positional[0], span), span=span))
    return Known(None)


def _disable(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    w.acting("disable", span)
    w.emit(Require(true(False, span), span=span))
    return Known(None)


def _choose(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    w.acting("choose", span)
    (of,) = positional
    if isinstance(of, Known) and isinstance(of.value, tuple | list | set | frozenset | dict) and not of.value:
        return _disable(w, [], {}, span)
    source, domain = alternatives(w, of, span)
    if domain.mutable:
        raise NotCompiled("choose of mutable values", span)
    local = w.fresh("choice", domain)
    w.emit(Choose(local, source, span=span))
    return w.operand(local, span)


def alternatives(w: Writer, of: Operand, span: Span) -> tuple[Source, Domain]:
    """Return what `choose` picks from, and the domain of what it picks."""
    if isinstance(of, Known) and not isinstance(of.value, SortMeta) and is_annotation(of.value):
        try:
            domain = domain_of(of.value)
        except SpeccheckError as error:
            raise NotCompiled(f"choose over something of which there is no domain ({error})", span) from None
        if domain.size > ENUMERABLE:
            raise NotCompiled(f"choose over {domain.describe()}, which has {domain.size:,} values", span)
        return ValuesSource(domain), domain
    if isinstance(of, SubsetsOf):
        inner = comprehensions.collected(w, of.container, frozenset, of.span)
        domain = domain_of_operand(inner, span)
        assert isinstance(domain, FrozenSets)
        whole = expression_in(inner, domain, None, span)
        high = number(domain.capacity, span) if of.high is None else integer_of(of.high, span)
        return SubsetsSource(whole, integer_of(of.low, span), high), domain
    if isinstance(of, Known) and not isinstance(of.value, SortMeta | range):
        values = list(of.value)
        if not all(map(is_value, values)):
            raise NotCompiled("choose of things that are no values", span)
        domain = join_all(map(domain_of_value, values))
        listed = Constant(FrozenSets(domain, len(values)), span, FrozenSets(domain, len(values)).freeze_any(frozenset(values)))
        from speccheck.program.expressions import ContainerSource

        return ContainerSource(listed), domain
    going = comprehensions.through(w, of, span)
    generator = going.generators[0]
    plain = len(going.generators) == 1 and not generator.conditions and len(generator.targets) == 1
    if plain and isinstance(going.body, Value) and isinstance(going.body.expression, Load) and going.body.expression.place.root is generator.targets[0]:
        return generator.source, generator.targets[0].domain
    from speccheck.program.expressions import ContainerSource

    body = value_of(going.body, span)
    element: Any = body.type
    if element.mutable:
        raise NotCompiled("choose of mutable parts", span, "Choose the key.")
    gathered = FrozenSets(element, min(element.size, going.most))
    return ContainerSource(Comprehension(gathered, span, "set", going.generators, body)), element


def _subsets(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    low = positional[1] if len(positional) > 1 else Known(0)
    high = positional[2] if len(positional) > 2 else None
    return SubsetsOf(positional[0], low, None if isinstance(high, Known) and high.value is None else high, span)


def _process_of(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> tuple[State, str, list[Operand]]:
    process = positional[0]
    if not isinstance(process, Method) or process.function is None or not isinstance(process.receiver, State):
        raise NotCompiled("a process that is not named as self.process", span)
    arguments = _bound(process.function, [process.receiver, *positional[1:]], named, span)
    names = list(inspect.signature(process.function).parameters)[1:]
    return process.receiver, process.function.__name__, [arguments[name] for name in names]


def _at(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import attribute, item

    state, name, key = _process_of(w, positional, named, span)
    pc = attribute(w, state, processes.pc_of(name), span)
    if not key:
        return pc
    return item(w, pc, key[0] if len(key) == 1 else Row(tuple(key)), span)


def _moved(name_of: Callable[[str], str]) -> Callable[..., Operand]:
    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        from speccheck.compiler.expressions import attribute

        state, name, key = _process_of(w, positional, named, span)
        return apply(w, attribute(w, state, name_of(name), span), key, {}, span)

    return handled


def _atom(kind: str) -> Callable[..., Operand]:
    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        action = positional[0]
        if not isinstance(action, Method) or not isinstance(action.receiver, State):
            raise NotCompiled(f"{kind}(...) of something that is not named as self.action", span)
        w.compiler.note_action_atom()
        instances = w.compiler.instances_of(action.name, positional[1:], named, span)
        cls: Any = Enabled if kind == "enabled" else Occurs
        phase = w.compiler.phase
        if phase == "action" or action.receiver.which != "self" or (kind == "occurs" and phase != "step"):
            raise NotCompiled(f"{kind}(...) here", span)
        return Value(cls(BOOL, span, instances))

    return handled


_HANDLERS: dict[Any, Callable[..., Operand]] = {
    len: _len,
    min: _extreme("min"),
    max: _extreme("max"),
    sum: _sum,
    abs: _abs,
    divmod: _divmod,
    isinstance: _isinstance,
    sorted: _sorted,
    bool: _bool,
    int: _int,
    list: _container(list),
    tuple: _container(tuple),
    set: _container(set),
    frozenset: _container(frozenset),
    dict: _dict,
    Bag: _bag,
    next: _next,
    iter: lambda w, positional, named, span: comprehensions.through(w, positional[0], span),
    all: lambda w, positional, named, span: comprehensions.all_any(w, "all", positional[0], span),
    any: lambda w, positional, named, span: comprehensions.all_any(w, "any", positional[0], span),
    range: lambda w, positional, named, span: comprehensions.range_of(w, positional, span),
    enumerate: lambda w, positional, named, span: comprehensions.enumerated(
        w, positional[0], positional[1] if len(positional) > 1 else named.get("start", Known(0)), span
    ),
    zip: lambda w, positional, named, span: comprehensions.zipped(w, positional, span),
    reversed: lambda w, positional, named, span: comprehensions.reversed_(w, positional[0], span),
    statements.require: _require,
    statements.disable: _disable,
    statements.choose: _choose,
    statements.copy: _copy,
    statements.subsets: _subsets,
    copying.copy: _copy,
    copying.deepcopy: _copy,
    dataclasses.replace: _replace,
    processes.at: _at,
    processes.crash: _moved(processes.crash_of),
    processes.restart: _moved(processes.restart_of),
    formulas.enabled: _atom("enabled"),
    formulas.occurs: _atom("occurs"),
}


# ---------------------------------------------------------------- the user's functions


def call_function(w: Writer, function: Any, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of a function or method of the user denotes."""
    from speccheck.model.syntax.functions import unmarked

    function = unmarked(function)
    arguments = _bound(function, positional, named, span)
    return w.compiler.called(w, function, arguments, span)


def run(w: Writer, name: str, result: Domain | Any, arguments: tuple[Expression, ...], ordered: bool, span: Span) -> Operand:
    """Call a function that acts, and return its result."""
    w.acting("a call that acts", span)
    if result is None:
        w.emit(Run(None, name, arguments, span=span))
        return Known(None)
    local = w.fresh("result", result)
    w.emit(Run(local, name, arguments, span=span))
    return w.operand(local, span, ordered)


# ---------------------------------------------------------------- methods of containers


def _container_method(w: Writer, receiver: Operand, name: str, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    if changes.is_change(receiver, name, span):
        return changes.change(w, receiver, name, positional, named, span)
    if isinstance(receiver, Known):
        if all(isinstance(one, Known) for one in positional) and not named:
            return _computed(getattr(receiver.value, name), positional, named, span)
        if isinstance(receiver.value, dict) and name == "get":
            return _known_get(w, receiver.value, positional, span)
        receiver = Value(value_of(receiver, span), not isinstance(receiver.value, set | frozenset))
    if isinstance(receiver, Row | Through):
        receiver = Value(value_of(receiver, span), not isinstance(receiver, Through) or receiver.ordered)
    if not isinstance(receiver, Value | Part):
        raise NotCompiled(f"the method '{name}' of {described(receiver)}", span)
    match receiver.domain:
        case Union() as domain:
            from speccheck.compiler.expressions import _has, alternative

            having = [n for n, one in enumerate(domain.alternatives) if _has(one, name)]
            if len(having) == 1:
                return _container_method(w, alternative(receiver, domain, having[0], span), name, positional, named, span)
        case Maps():
            return _map_method(w, receiver, name, positional, span)
        case Sets() | FrozenSets():
            return _set_method(w, receiver, name, positional, span)
        case Lists() | Sequences() | Product():
            return _list_method(w, receiver, name, positional, span)
        case Bags():
            return _bag_method(w, receiver, name, positional, span)
        case Enumerated() as domain if name in ("next", "prev") and all(isinstance(v, Sort) for v in domain.values):
            from speccheck.compiler.expressions import table

            return table(value_of(receiver, span), [(getattr(v, name)(),) for v in domain.values], span)
        case Enumerated() as domain if domain.values and all(isinstance(v, str) for v in domain.values) and all(isinstance(one, Known) for one in positional):
            from speccheck.compiler.expressions import table

            given = [one.value for one in positional if isinstance(one, Known)]
            return table(value_of(receiver, span), [(getattr(v, name)(*given),) for v in domain.values], span)
    raise NotCompiled(f"the method '{name}' of {receiver.domain.describe()}", span)


def _known_get(w: Writer, known: dict[Any, Any], positional: list[Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import _in_known, choice, item

    default = positional[1] if len(positional) > 1 else Known(None)
    if not known:
        return default
    return after(choice(_in_known(w, known, positional[0], span), item(w, Known(known), positional[0], span), default, span), default, span)


def _any_value(like: Expression, span: Span) -> Expression:
    """Return a constant of the type of an expression, where nobody reads it."""
    domain: Any = like.type
    return Constant(domain, span, domain.unrank(0)) if domain.size else like


def after(found: Operand, default: Operand | None, span: Span) -> Operand:
    """Return what a call gives that has a default, or another argument: that is evaluated also where it is not needed."""
    if default is None or isinstance(there := decided(True, span, default), Constant):
        return found
    whole = value_of(found, span)
    return Value(IfThenElse(whole.type, span, there, whole, _any_value(whole, span)), not isinstance(found, Value | Part) or found.ordered)


def _map_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import choice, contains, item

    domain = of.domain
    assert isinstance(domain, Maps)
    match name:
        case "keys":
            return comprehensions.through(w, of, span)
        case "values" | "items":
            return comprehensions.map_view(w, of, name, span)
        case "get":
            default = positional[1] if len(positional) > 1 else Known(None)
            found = item(w, of, positional[0], span)
            if isinstance(found, Part) and found.domain.mutable:
                raise NotCompiled("get of a mutable part", span, "Write d[k] if k in d else ...")
            if isinstance(positional[0], Value) and not domain.total and domain_of_operand(positional[0], span) is domain.key_domain:
                both = join_all((domain.value_domain, domain_of_operand(default, span)))
                got = GetItem(both, span, value_of(of, span), value_of(positional[0], span), expression_in(default, both, None, span))
                return after(Value(got), default, span)
            return after(choice(contains(w, of, positional[0], span), found, default, span), default, span)
        case "copy":
            return Value(value_of(of, span), of.ordered)
    raise NotCompiled(f"the method '{name}' of a dict", span)


def _set_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    match name:
        case "union" | "intersection" | "difference" | "symmetric_difference":
            operator: Any = {"union": "|", "intersection": "&", "difference": "-", "symmetric_difference": "^"}[name]
            result: Operand = of
            for one in positional:
                other = one if isinstance(domain_or_none(one), Sets | FrozenSets) else as_container(w, one, set, span)
                result = Value(set_operation(operator, result, other, span), ordered=False)
            return result
        case "issubset" | "issuperset" | "isdisjoint":
            other = positional[0] if isinstance(domain_or_none(positional[0]), Sets | FrozenSets) else as_container(w, positional[0], set, span)
            a, b = same_sets(of, other, span)
            if name == "issuperset":
                a, b = b, a
            return Value(Subset(BOOL, span, a, b, "disjoint" if name == "isdisjoint" else "subset"))
        case "copy":
            return Value(value_of(of, span), ordered=False)
    raise NotCompiled(f"the method '{name}' of a set", span)


def domain_or_none(operand: Operand) -> Domain | None:
    """Return the domain of an operand that is a value; None for any other."""
    if isinstance(operand, Value | Part):
        return operand.domain
    if isinstance(operand, Known) and isinstance(operand.value, set | frozenset):
        return domain_of_value(operand.value)
    return None


def _list_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    from speccheck.compiler.expressions import as_list

    whole = as_list(of, span)
    assert isinstance(whole.type, Lists | Sequences)
    match name:
        case "count" | "index":
            (element,) = positional
            inner = whole.type.element
            going = comprehensions.through(w, Value(whole), span)
            if name == "count":
                test = equal(going.body, element, span)
                counted = comprehensions.fold(w, "sum", going, integer_of(Value(test), span), Integers(0, whole.type.capacity), span)
                return after(Value(counted), element, span)
            return Value(IndexOf(Integers(0, max(0, whole.type.capacity - 1)), span, whole, expression_in(element, inner, "error", span)))
        case "copy":
            return Value(whole)
    raise NotCompiled(f"the method '{name}' of a list", span)


def _bag_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    domain = of.domain
    assert isinstance(domain, Bags)
    match name:
        case "count":
            from speccheck.compiler.expressions import is_in_domain
            from speccheck.compiler.joins import fits

            given = value_of(positional[0], span)
            counts = Integers(0, domain.capacity)
            if isinstance(positional[0], Known):
                return Value(Count(counts, span, value_of(of, span), expression_in(positional[0], domain.element, "error", span)))
            if fits(given.type, domain.element):  # type: ignore[arg-type]
                return Value(Count(counts, span, value_of(of, span), converted(given, domain.element, None)))
            inner = Count(counts, span, value_of(of, span), Convert(domain.element, span, given, "error"))
            none: Expression = constant(0, counts, span)
            return Value(IfThenElse(counts, span, is_in_domain(given, domain.element, span), inner, none))
        case "items":
            return comprehensions.map_view(w, of, "items", span)
    raise NotCompiled(f"the method '{name}' of a Bag", span)
