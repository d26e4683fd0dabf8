"""Exchange: a generated function for each symmetric sort that exchanges two of its members in a state.

    static void exchange_RM(u64 *s, u64 i, u64 j)       i and j are numbers of members within the sort

Everything happens in place. Containers with places for all possible elements or keys (masks, maps) exchange bits and slots; values that are numbers (scalars,
dense records and unions) are taken apart and made again.
"""

from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.layout import MapCode, MaskCode, RecordCode, ScalarCode, SlotsCode, UnionCode, code_of
from speccheck.domains.mentions import members_in, mentions
from speccheck.domains.records import Records
from speccheck.engines.native.emit import courses, orders, records, unions
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import least_type, pack, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, at, element_at, field_of, is_there, length_of, loaded, slot_of, slot_offset, stored
from speccheck.engines.native.emit.text import bare, operand, printable


def exchange_of(unit: Any, sort: Any) -> str:
    """Return the name of the function that exchanges members of a sort."""
    return unit.define(("exchange", sort), f"exchange_{sort.__name__}", lambda name: _exchange(unit, sort, name))  # type: ignore[no-any-return]


def _function(unit: Any, head: str, result: str = "") -> Function:
    f = Function(unit, "reads", result)
    f.names.taken |= {"i", "j", "v", "made"}
    f.head = head
    return f


def _exchange(unit: Any, sort: Any, name: str) -> Function:
    f = _function(unit, f"static void {name}(u64 *s, u64 i, u64 j)")
    layout = unit.layout
    if not unit.wide:
        f.line("u64 t = *s;")
    state = Bits("s" if unit.wide else "t", unit.wide, layout.bits)
    for one, code, shift in zip(unit.program.variables, layout.codes, layout.shifts, strict=True):
        if _concerns(code.domain, sort):
            f.line(f"/* {printable(one.name)} */")
            in_place(f, Part(state.plus(shift), code.domain), sort)
    if not unit.wide:
        f.line("*s = t;")
    return f


def _concerns(domain: Domain, sort: Any) -> bool:
    return mentions(domain, frozenset((sort,))) > 0


def in_place(f: Function, part: Part, sort: Any) -> None:
    """Write the exchange of members within a part."""
    code = part.code
    match code:
        case RecordCode() if isinstance(part.domain, Records) or code.wide:
            for i, field in enumerate(code.fields):
                if _concerns(field.domain, sort):
                    in_place(f, field_of(part, i), sort)
        case UnionCode(tag_shift=int(shift)):
            which = f.temporary("u64", part.bits.plus(shift).read(code.bits - shift), "which")
            for i, one in enumerate(code.alternatives):
                if _concerns(one.domain, sort):
                    with f.block(f"if ({which} == {i})"):
                        in_place(f, Part(part.bits, one.domain), sort)
        case MaskCode() if code.wide:
            _wide_mask(f, part, sort)
        case MapCode() if part.present != 1:
            _map(f, part, sort)
        case SlotsCode() if part.present != 1:
            _slots(f, part, sort)
        case _:
            stored(f, part, exchanged(f, part.domain, loaded(f, part), sort))


def exchanged(f: Function, domain: Domain, text: str, sort: Any) -> str:
    """Return a value, of at most 64 bits, with the members exchanged."""
    if not _concerns(domain, sort):
        return text
    if isinstance(code_of(domain), ScalarCode):
        x = f.plain("u64", text)
        return f"({x} == i ? j : {x} == j ? i : {x})"
    name = f.unit.define(("exchanged", sort, id(code_of(domain))), "exchanged", lambda name: _value(f, domain, sort, name))
    return f"{name}({bare(text)}, i, j)"


def _value(outer: Function, domain: Domain, sort: Any, name: str) -> Function:
    f = _function(outer.unit, f"static u64 {name}(u64 v, u64 i, u64 j)", "u64")
    f.remark = f"/* {printable(domain.describe())} */"
    code = code_of(domain)
    match code:
        case RecordCode():
            fields = [exchanged(f, one.domain, records.taken(f, domain, "v", i), sort) for i, one in enumerate(code.fields)]
            f.line(f"return {bare(records.made(f, domain, fields))};")
        case UnionCode():
            which = unions.number_of_alternative(f, domain, "v")  # type: ignore[arg-type]
            for i, one in enumerate(code.alternatives):
                if _concerns(one.domain, sort):
                    with f.block(f"if ({which} == {i})"):
                        inner = exchanged(f, one.domain, unions.alternative_of(f, domain, i, "v"), sort)  # type: ignore[arg-type]
                        f.line(f"return {bare(unions.union_of(f, domain, i, inner))};")  # type: ignore[arg-type]
            f.line("return v;")
        case MaskCode():
            _narrow_mask(f, code, sort)
        case _:
            in_place(f, Part(Bits("v", False, code.bits), domain), sort)
            f.line("return v;")
    return f


# ---------------------------------------------------------------- what has a place for each value of a domain


def _rows(domain: Domain, sort: Any) -> list[list[int]] | None:
    """Return for each member the numbers of the values that mention it, those that correspond at the same index; None where a value may mention two."""
    members = tuple(sort)
    if mentions(domain, frozenset((sort,))) != 1:
        return None
    encode, a = code_of(domain).encode, members[0]
    firsts = [value for value in domain.all_frozen() if a in members_in(domain, value)]
    return [[encode(value if b is a else domain.rename(value, {a: b, b: a})) for value in firsts] for b in members]


def _pairs(f: Function, domain: Domain, sort: Any) -> Any:
    """Return the block in which `a` and `b` are the numbers of two values that an exchange makes of each other, once for each such pair."""
    rows = _rows(domain, sort)
    if rows is None:
        return _all_pairs(f, domain, sort)
    width = len(rows[0])
    entries = [n for row in rows for n in row]
    if entries == list(range(len(entries))) and width == 1:
        return _Pairs(f, "", ("i", "j"))
    table = f.unit.table(least_type(entries), [str(n) for n in entries], "mentions")
    if width == 1:
        return _Pairs(f, "", (f"{table}[i]", f"{table}[j]"))
    k = f.names.fresh("k")
    return _Pairs(f, f"for (u64 {k} = 0; {k} < {width}; {k}++)", (f"{table}[i * {width} + {k}]", f"{table}[j * {width} + {k}]"))


def _all_pairs(f: Function, domain: Domain, sort: Any) -> Any:
    course = courses.values_numbers(f, domain)
    (type_, name, first), value = course.counters[0], course.values[0]
    return _Pairs(
        f, f"for ({type_} {name} = {first}; {course.more}; {course.advance})", (value(), ""),
        lambda a: pack(domain, exchanged(f, domain, unpack(domain, a), sort)),
    )  # fmt: skip


class _Pairs:
    """A block that declares `a` and `b`; `other` writes what the second one is."""

    def __init__(self, f: Function, head: str, values: tuple[str, str], other: Any = None) -> None:
        self.f, self.head, self.values, self.other = f, head, values, other

    def __enter__(self) -> tuple[str, str]:
        f = self.f
        f.line(f"{self.head} {{" if self.head else "{")
        f.depth += 1
        a = f.temporary("u64", self.values[0], "a")
        if self.other is None:
            return a, f.temporary("u64", self.values[1], "b")
        b = f.temporary("u64", self.other(a), "b")
        f.line(f"if ({b} <= {a}) continue;")
        return a, b

    def __exit__(self, *_: object) -> None:
        self.f.depth -= 1
        self.f.line("}")


def _narrow_mask(f: Function, code: MaskCode, sort: Any) -> None:
    with _pairs(f, code.element.domain, sort) as (a, b):
        f.line(f"v = sc_swapped(v, {a}, {b}, 1);")
    f.line("return v;")


def _wide_mask(f: Function, part: Part, sort: Any) -> None:
    code = part.code
    assert isinstance(code, MaskCode)
    with _pairs(f, code.element.domain, sort) as (a, b):
        off = part.bits.offset
        f.line(f"sc_swap({part.bits.text}, {off} + {a}, {off} + {b}, 1);")


def _map(f: Function, part: Part, sort: Any) -> None:
    """The values first, each in its slot; then the slots."""
    code = part.code
    assert isinstance(code, MapCode)
    if _concerns(code.value.domain, sort):
        with courses.loop(f, courses.values_numbers(f, code.key.domain)) as (key,):
            slot = slot_of(f, part, key)
            if not code.total:
                f.line(f"if (!{operand(is_there(slot))}) continue;")
            in_place(f, slot, sort)
    if not _concerns(code.key.domain, sort) or not code.slot_bits:
        return
    with _pairs(f, code.key.domain, sort) as (a, b):
        x, y = (at(f, part.bits, slot_offset(code.key.count, key, code.slot_bits)) for key in (a, b))
        if part.bits.wide:
            f.line(f"sc_swap({x.text}, {x.offset}, {y.offset}, {code.slot_bits});")
        else:
            f.line(f"{x.text} = sc_swapped({x.text}, {x.offset}, {y.offset}, {code.slot_bits});")


def _slots(f: Function, part: Part, sort: Any) -> None:
    code = part.code
    assert isinstance(code, SlotsCode)
    k, n = f.names.fresh("k"), f.temporary("u64", length_of(part), "length")
    with f.block(f"for (u64 {k} = 0; {k} < {n}; {k}++)"):
        in_place(f, element_at(f, part, k), sort)
    if orders.is_sorted(part.domain):
        orders.sort(f, part, lambda x, y: f"sc_compare({x}.w, 0, {y}.w, 0, {code.slot_bits})" if code.element.wide else f"(({x} > {y}) - ({x} < {y}))")
