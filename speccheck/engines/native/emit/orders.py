"""Domain order: generated functions that compare two values, and containers whose elements lie in another order."""

from collections.abc import Callable

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Sets
from speccheck.domains.layout import MapCode, MaskCode, RecordCode, SlotsCode, UnionCode, code_of
from speccheck.domains.tuples import FrozenSets
from speccheck.engines.native.emit import containers, courses, records, unions
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, is_there, length_of, loaded, slot_of, stored
from speccheck.engines.native.emit.text import bare, printable


def is_sorted(domain: Domain) -> bool:
    """Return whether slots hold the elements in the order of their numbers."""
    return isinstance(domain, Sets | FrozenSets | Bags)


def compared(f: Function, domain: Domain, a: str, b: str) -> str:
    """Return the comparison, in domain order, of two values that are written as names: negative, zero or positive."""
    code = code_of(domain)
    if code.monotone and not code.wide:
        return f"(({a} > {b}) - ({a} < {b}))"
    if code.monotone:
        return f"sc_compare({a}.w, 0, {b}.w, 0, {code.bits})"
    return f"{order_of(f, domain)}({bare(a)}, {bare(b)})"


def order_of(f: Function, domain: Domain) -> str:
    """Return the name of the function that compares two values of a domain in its order."""
    return f.unit.define(("order", id(code_of(domain))), "order", lambda name: _order(f, domain, name))


def _order(outer: Function, domain: Domain, name: str) -> Function:
    f = Function(outer.unit, "reads", "int")
    f.names.taken |= {"a", "b", "differing"}
    f.head = f"static int {name}({ctype(domain)} a, {ctype(domain)} b)"
    f.remark = f"/* {printable(domain.describe())} */"
    code = code_of(domain)
    match code:
        case RecordCode():
            for i, field in enumerate(code.fields):
                _decide(f, field.domain, records.taken(f, domain, "a", i), records.taken(f, domain, "b", i))
            f.line("return 0;")
        case UnionCode():
            _union(f, code)
        case MaskCode():
            _mask(f, code)
        case MapCode():
            _map(f, code)
        case SlotsCode():
            _slots(f, code)
        case _:
            raise AssertionError(code)
    return f


def _decide(f: Function, domain: Domain, x: str, y: str) -> None:
    """Return from the function unless two values are equal."""
    c = ctype(domain)
    x, y = f.plain(c, x), f.plain(c, y)
    order = f.temporary("int", compared(f, domain, x, y), "order")
    f.line(f"if ({order}) return {order};")


def _union(f: Function, code: UnionCode) -> None:
    which, other = (unions.number_of_alternative(f, code.domain, one) for one in ("a", "b"))  # type: ignore[arg-type]
    f.line(f"if ({which} != {other}) return {which} < {other} ? -1 : 1;")
    for i, one in enumerate(code.alternatives):
        if one.count > 1:
            with f.block(f"if ({which} == {i})"):
                x, y = (unions.alternative_of(f, code.domain, i, text) for text in ("a", "b"))  # type: ignore[arg-type]
                _decide(f, one.domain, x, y)
    f.line("return 0;")


def _lengths(f: Function, domain: Domain) -> tuple[Part, Part]:
    """Return from the function unless two containers have the same length."""
    a, b = containers.held(f, domain, "a"), containers.held(f, domain, "b")
    n, m = (f.temporary("i64", containers.length_of_part(f, one), "length") for one in (a, b))
    f.line(f"if ({n} != {m}) return {n} < {m} ? -1 : 1;")
    return a, b


def _mask(f: Function, code: MaskCode) -> None:
    """Sets of the same size: the one that has the first element which is not in both is less."""
    a, b = _lengths(f, code.domain)
    if code.element.monotone and not code.wide:
        f.line("u64 differing = a ^ b;")
        f.line("if (!differing) return 0;")
        f.line("return a & (differing & -differing) ? -1 : 1;")
        return
    with courses.loop(f, courses.values_numbers(f, code.element.domain)) as (number,):
        x, y = (f.temporary("u64", containers.bit_of(f, one, number), "has") for one in (a, b))
        f.line(f"if ({x} != {y}) return {x} ? -1 : 1;")
    f.line("return 0;")


def _map(f: Function, code: MapCode) -> None:
    """Partial maps of the same length: the one that has the first key which is not in both is less."""
    if code.total:
        a, b = containers.held(f, code.domain, "a"), containers.held(f, code.domain, "b")
    else:
        a, b = _lengths(f, code.domain)
    with courses.loop(f, courses.values_numbers(f, code.key.domain)) as (key,):
        left, right = slot_of(f, a, key), slot_of(f, b, key)
        if not code.total:
            x, y = (f.temporary("int", is_there(one), "has") for one in (left, right))
            f.line(f"if ({x} != {y}) return {x} ? -1 : 1;")
            f.line(f"if (!{x}) continue;")
        _decide(f, code.value.domain, loaded(f, left), loaded(f, right))
    f.line("return 0;")


def _slots(f: Function, code: SlotsCode) -> None:
    a, b = _lengths(f, code.domain)
    if is_sorted(code.domain) and not code.element.monotone:
        a, b = in_domain_order(f, a), in_domain_order(f, b)
    each = courses.plain_slots(f, a)
    with courses.loop(f, each) as (x,):
        _decide(f, code.element.domain, x, loaded(f, element_at(f, b, each.counters[0][1])))
    f.line("return 0;")


def in_domain_order(f: Function, part: Part) -> Part:
    """Return a copy of the slots of a set or bag with the elements in domain order."""
    code = part.code
    assert isinstance(code, SlotsCode)
    name = f.empty(part.domain, "ordered")
    at, off = containers.words(f, part)
    f.line(f"sc_copy({name}.w, 0, {at}, {off}, {code.bits});")
    made = Part(Bits(f"{name}.w", True, code.bits), part.domain)
    sort(f, made, lambda x, y: compared(f, code.element.domain, x, y))
    return made


def sort(f: Function, part: Part, order: Callable[[str, str], str]) -> None:
    """Sort slots that lie in words of their own, by insertion; `order` writes the comparison of two values."""
    code = part.code
    assert isinstance(code, SlotsCode)
    c = ctype(code.element.domain)
    i, j, n = f.names.fresh("i"), f.names.fresh("j"), f.temporary("u64", length_of(part), "length")
    with f.block(f"for (u64 {i} = 1; {i} < {n}; {i}++)"):
        moving = f.temporary(c, loaded(f, element_at(f, part, i)), "moving")
        f.line(f"u64 {j} = {i};")
        with f.block(f"for (; {j} > 0; {j}--)"):
            before = f.plain(c, loaded(f, element_at(f, part, f"({j} - 1)")), "left")
            f.line(f"if ({order(before, moving)} <= 0) break;")
            at = element_at(f, part, j)
            stored(f, at, before)
        stored(f, element_at(f, part, j), moving)
