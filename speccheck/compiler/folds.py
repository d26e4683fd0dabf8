"""Folds: what becomes of values that are gone through: a bool, a number, one of them, or a container of all."""

import ast
from dataclasses import replace
from enum import EnumMeta
from typing import Any

from speccheck.compiler.coercions import (
    adds_as_number,
    converted,
    domain_of_operand,
    expression_in,
    integer_of,
    is_bool,
    is_numeric,
    is_value,
    joined,
    may_be_bool,
    reaching,
    true,
    truth,
    value_of,
)
from speccheck.compiler.comparisons import equal, ordered_values
from speccheck.compiler.comprehensions import ENDLESS, container_of, nested, renewed, through
from speccheck.compiler.items import item
from speccheck.compiler.joins import join_all, keys_of
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.operators import binary
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.scalars import Integers
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.program.expressions import (
    And,
    Comprehension,
    Expression,
    IfThenElse,
    Or,
)
from speccheck.program.failing import can_fail
from speccheck.program.types import BOOL
from speccheck.source import Span


def fold(w: Writer, name: Any, over: Through, body: Expression, domain: Domain, span: Span, **more: Any) -> Expression:
    """Return what becomes of values that are gone through."""
    return Comprehension(domain, span, name, over.generators, body, **more)


def all_any(w: Writer, name: str, over: Operand, span: Span) -> Operand:
    """Return what `all(...)` or `any(...)` denotes."""
    if isinstance(over, Known):
        values = list(over.value)
        if all(map(is_value, values)):
            return Known(all(values) if name == "all" else any(values))
    if isinstance(over, Row):
        tests = tuple(truth(one, span) for one in over.items)
        return Value(reaching(And(BOOL, span, tests) if name == "all" else Or(BOOL, span, tests), span, *over.items[1:]))
    going = through(w, over, span, often=True)
    return Value(fold(w, name, going, truth(going.body, span), BOOL, span))


def any_equal(w: Writer, over: Through, element: Operand, span: Span) -> Expression:
    """Return whether one of the values that are gone through equals an element."""
    return fold(w, "any", over, equal(over.body, element, span), BOOL, span)


def total(w: Writer, over: Operand, start: Operand, span: Span) -> Operand:
    """Return what `sum(...)` denotes."""
    going = through(w, over, span)
    if not adds_as_number(domain_of_operand(going.body, span)):
        raise NotCompiled(f"the sum of {domain_of_operand(going.body, span).describe()}", span)
    body = integer_of(going.body, span)
    low, high = min(0, body.type.low) * going.most, max(0, body.type.high) * going.most  # type: ignore[union-attr]
    fits64 = low >= -(2**63) and high < 2**63
    domain = Integers(max(low, -(2**63)), min(high, 2**63 - 1))
    result = Value(fold(w, "sum", going, body, domain, span, checked=not fits64))
    if isinstance(start, Known) and start.value == 0:
        return result
    return binary(w, "Add", start, result, span)


def are_bools(name: str, domains: list[Domain], span: Span) -> bool:
    """Return whether the least or greatest of values is a bool; refuses bools beside numbers, as then it depends on which one it is."""
    bools = [may_be_bool(one) for one in domains]
    if any(bools) and not all(map(is_bool, domains)):
        raise NotCompiled(f"the {name}imum of bools beside something else", span, "Write int(...).")
    return all(bools)


def extreme(w: Writer, name: str, over: Operand, default: Operand | None, span: Span) -> Operand:
    """Return what `min(...)` or `max(...)` of something that is gone through denotes."""
    going = through(w, over, span, often=True)
    domain = domain_of_operand(going.body, span)
    if are_bools(name, [domain, *([] if default is None else [domain_of_operand(default, span)])], span):
        given = None if default is None else Value(integer_of(default, span))
        return Value(truth(extreme(w, name, replace(going, body=Value(integer_of(going.body, span))), given, span), span))
    body = integer_of(going.body, span) if is_numeric(domain) else value_of(going.body, span)
    if not ordered_values(body.type):  # type: ignore[arg-type]
        raise NotCompiled(f"the {name}imum of {domain.describe()}", span)
    if default is None:
        return Value(fold(w, name, going, body, body.type, span))  # type: ignore[arg-type]
    other = value_of(default, span)
    one, other = joined([body, other])
    if not ordered_values(one.type):  # type: ignore[arg-type]  # such as None, which is compared with nothing
        if can_fail(other, w.compiler.so_far):
            raise NotCompiled(f"a default of {name} that may fail, and is not like the others", span, "Give it a name before.")
        again = renewed(w, replace(going, body=Value(body)))
        least = converted(fold(w, name, again, value_of(again.body, span), body.type, span), one.type, None)  # type: ignore[arg-type]
        return Value(IfThenElse(one.type, span, fold(w, "any", going, true(True, span), BOOL, span), least, other))
    return Value(fold(w, name, going, one, one.type, span, default=other))  # type: ignore[arg-type]


def first(w: Writer, over: Operand, default: Operand | None, span: Span) -> Operand:
    """Return what `next(iterator, default)` denotes."""
    going = through(w, over, span)
    if not going.ordered:
        raise NotCompiled("the first of something without an order", span, "Write sorted(...), or min(...).")
    if isinstance(going.body, Part) and going.body.domain.mutable:
        raise NotCompiled("a mutable part out of next(...)", span)
    body = value_of(going.body, span)
    if default is None:
        return Value(fold(w, "first", going, body, body.type, span))  # type: ignore[arg-type]
    domain = join_all((body.type, domain_of_operand(default, span)))  # type: ignore[arg-type]
    return Value(fold(w, "first", going, converted(body, domain, None), domain, span, default=expression_in(default, domain, None, span)))


def count(w: Writer, over: Through, span: Span) -> Expression:
    """Return how many values are gone through."""
    return fold(w, "count", over, true(True, span), Integers(0, min(over.most, ENDLESS)), span)


def collected(w: Writer, over: Operand, kind: type, span: Span) -> Operand:
    """Return what `list(...)`, `tuple(...)`, `set(...)` or `frozenset(...)` of something denotes."""
    if isinstance(over, Known) and isinstance(over.value, tuple | list | set | frozenset | range | dict | SortMeta | EnumMeta):
        values = list(over.value)
        if kind in (list, tuple) and isinstance(over.value, set | frozenset):
            raise NotCompiled("the order of a set", span, "Write sorted(...).")
        if all(map(is_value, values)):
            return Known(kind(values), fresh=True)
    if isinstance(over, Row) and kind is tuple:
        return over
    going = through(w, over, span, often=kind in (set, frozenset))
    if going.most > 1 << 16:
        raise NotCompiled(f"a {kind.__name__} of up to {going.most:,} values", span)
    body = value_of(going.body, span)
    element: Domain = body.type  # type: ignore[assignment]
    if element.mutable:
        raise NotCompiled(f"a {kind.__name__} of mutable values", span)
    if kind in (list, tuple):
        if not going.ordered:
            raise NotCompiled("the order of something without an order", span, "Write sorted(...).")
        listed: Domain = (Lists if kind is list else Sequences)(element, going.most)
        return Value(fold(w, "list", going, body, listed, span))
    domain = (Sets if kind is set else FrozenSets)(element, min(element.size, going.most))
    return Value(fold(w, "set", going, body, domain, span), ordered=False)


def bag_of(w: Writer, over: Operand, span: Span) -> Operand:
    """Return what `Bag(...)` denotes."""
    going = through(w, over, span)
    body = value_of(going.body, span)
    return Value(fold(w, "bag", going, body, Bags(body.type, going.most), span), ordered=False)  # type: ignore[arg-type]


def dict_comprehension(w: Writer, tree: ast.DictComp, span: Span) -> Operand:
    """Return what a dict comprehension denotes; it has no order where what it goes through has none."""
    from speccheck.compiler.expressions import operand

    going = nested(w, tree.generators, lambda: Row((operand(w, tree.key), operand(w, tree.value))), span, None)
    return mapped(w, going, span)


def mapped(w: Writer, going: Through, span: Span) -> Operand:
    """Return the dict of pairs that are gone through."""
    pair = going.body if isinstance(going.body, Row) else Row((item(w, going.body, Known(0), span), item(w, going.body, Known(1), span)))
    key, value = value_of(pair.items[0], span), value_of(pair.items[1], span)
    domain = Maps(keys_of(key.type), value.type, False)  # type: ignore[arg-type]
    return Value(fold(w, "map", going, value, domain, span, key=key), ordered=False)


def dict_display(w: Writer, tree: ast.Dict, span: Span) -> Operand:
    """Return what a dict display denotes."""
    from speccheck.compiler.expressions import several

    if any(key is None for key in tree.keys):
        raise NotCompiled("** in a dict", span)
    found = several(w, [one for key, value in zip(tree.keys, tree.values) if key is not None for one in (key, value)])
    if all(isinstance(one, Known) and is_value(one.value) for one in found):
        plain = [one.value for one in found]  # type: ignore[union-attr]
        return Known(dict(zip(plain[::2], plain[1::2])), fresh=True)
    keys, values = found[::2], found[1::2]
    key_domain, value_domain = join_all(domain_of_operand(k, span) for k in keys), join_all(domain_of_operand(v, span) for v in values)
    row = Product(tuple, ("0", "1"), (key_domain, value_domain), tuple, tuple)
    pairs = [expression_in(Row((k, v)), row, None, span) for k, v in zip(keys, values)]
    going = through(w, Value(container_of(pairs, tuple, row, span)), span)
    return mapped(w, going, span)
