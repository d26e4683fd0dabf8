"""Python's order (`<`, `min`, `sorted`): generated functions that compare two values as CPython does."""

from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists
from speccheck.domains.layout import SlotsCode, code_of
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import Product, Sequences
from speccheck.engines.native.emit import containers, records
from speccheck.engines.native.emit.forms import NotEmitted, ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import element_at, length_of, loaded
from speccheck.engines.native.emit.text import bare, operand, printable


def less(f: Function, type_: Any, left: str, right: str, or_equal: bool) -> str:
    """Return the test whether a value is less than another."""
    left, right, sign = operand(left), operand(right), "<=" if or_equal else "<"
    match type_:
        case Integers():
            return f"({left} {sign} {right})"
        case Enumerated():
            return f"({ranked(f, type_, left)} {sign} {ranked(f, type_, right)})"
    c = ctype(type_)
    return f"({compared(f, type_, f.plain(c, left), f.plain(c, right))} {sign} 0)"


def ranked(f: Function, domain: Enumerated, text: str) -> str:
    """Return where a value is in Python's order."""
    values = domain.values
    if all(isinstance(one, Sort) for one in values):
        ranks = [one._index for one in values]
    else:
        try:
            ranks = [sorted(values).index(one) for one in values]
        except TypeError:
            raise NotEmitted(f"comparing values of {domain.describe()}") from None
    if ranks == sorted(ranks):
        return text
    return f"{f.unit.table('uint16_t', [str(one) for one in ranks], 'ranks')}[{bare(text)}]"


def compared(f: Function, domain: Domain, a: str, b: str) -> str:
    """Return the comparison of two values that are written as names: negative, zero or positive."""
    match domain:
        case Integers():
            return f"(({a} > {b}) - ({a} < {b}))"
        case Enumerated():
            x, y = ranked(f, domain, a), ranked(f, domain, b)
            return f"(({x} > {y}) - ({x} < {y}))"
        case Product() | Sequences() | Lists():
            name = f.unit.define(("python order", id(code_of(domain))), "python_order", lambda name: _order(f, domain, name))
            return f"{name}({a}, {b})"
    raise NotEmitted(f"comparing values of {domain.describe()}")


def _order(outer: Function, domain: Product | Sequences | Lists, name: str) -> Function:
    f = Function(outer.unit, "reads", "int")
    f.names.taken |= {"a", "b", "i"}
    f.head = f"static int {name}({ctype(domain)} a, {ctype(domain)} b)"
    f.remark = f"/* {printable(domain.describe())}, by Python's order */"
    if isinstance(domain, Product):
        for i, field in enumerate(domain.domains):
            _decide(f, field, records.taken(f, domain, "a", i), records.taken(f, domain, "b", i))
        f.line("return 0;")
        return f
    a, b = containers.held(f, domain, "a"), containers.held(f, domain, "b")
    assert isinstance(a.code, SlotsCode)
    n, m = (f.temporary("u64", length_of(one), "length") for one in (a, b))
    with f.block(f"for (u64 i = 0; i < {n} && i < {m}; i++)"):
        _decide(f, domain.element, loaded(f, element_at(f, a, "i")), loaded(f, element_at(f, b, "i")))
    f.line(f"return ({n} > {m}) - ({n} < {m});")
    return f


def _decide(f: Function, domain: Domain, x: str, y: str) -> None:
    c = ctype(domain)
    x, y = f.plain(c, x), f.plain(c, y)
    order = f.temporary("int", compared(f, domain, x, y), "order")
    f.line(f"if ({order}) return {order};")
